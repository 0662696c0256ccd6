/** Which of the numbers an order takes: by prefix, category, filter, direction and draw, and what each rule leaves out. */
import { describe, expect, test } from "vitest";
import { createWorkdir, phonesOf, type Workdir } from "../workdir.ts";

const phone = (n: number) => `0812${String(n).padStart(8, "0")}`;
const digits = (n: number) => `62812${String(n).padStart(8, "0")}`;
/** Rows of `n,city`; the phones follow each other from `first` on. */
const rows = (first: number, cities: readonly string[], columns = "phone,city") =>
  `${columns}\n${cities.map((city, n) => `${phone(first + n)},${city}\n`).join("")}`;

async function ordered(dir: Workdir, ...args: string[]): Promise<string[]> {
  const { stdout } = await dir.ok(["order", "--provider", "tsel", "-o", "-", ...args]);
  await dir.checkPromises();
  return phonesOf(stdout).sort();
}

describe("filters", () => {
  async function home(): Promise<Workdir> {
    const dir = createWorkdir();
    dir.write("a.csv", rows(1, ["Bandung", "Jakarta", "Bandung", "", "bandung"]));
    dir.write("b.csv", rows(11, ["Bandung", "Medan"], "Phone,CITY"));
    dir.write("c.csv", "msisdn,name\n081200000021,Budi\n");
    await dir.ok(["ingest", "a.csv", "b.csv", "c.csv"]);
    return dir;
  }

  test("a column has a value, whatever its case in each list; the value is exact", async () => {
    const dir = await home();
    const args = ["--count", "9", "--allow-partial", "--filter", "City=Bandung"];
    expect(await ordered(dir, ...args)).toEqual([1, 3, 11].map(digits));
  });

  test("one column or the other value; two columns both; nothing for an empty cell", async () => {
    const dir = await home();
    const count = async (...filters: string[]) => {
      const args = filters.flatMap((filter) => ["--filter", filter]);
      return (await dir.json(["order", "--provider", "tsel", "--dry-run", ...args])).available;
    };
    expect(await count("city=Bandung", "city=Medan")).toBe(4);
    expect(await count("city=Bandung", "name=Budi")).toBe(0);
    expect(await count("city=")).toBe(1);
    expect(await count("name=Budi")).toBe(1);
    // The phone cell may hold somebody else's number: it is no column.
    expect(
      (await dir.run(["order", "--provider", "tsel", "--dry-run", "--filter", "msisdn=1"])).code,
    ).toBe(2);
  });

  test("what looks like SQL is a value, and a column that no list has is named", async () => {
    const dir = await home();
    dir.write("d.csv", `phone,"a""b'c"\n081200000031,"x' or '1'='1"\n`);
    await dir.ok(["ingest", "d.csv"]);
    const filter = `a"b'c=x' or '1'='1`;
    expect(await ordered(dir, "--count", "1", "--filter", filter)).toEqual([digits(31)]);
    const unknown = await dir.run([
      "order",
      "--provider",
      "tsel",
      "--count",
      "1",
      "--filter",
      "town=x",
    ]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('no list in the window has a column "town"; there are');
    for (const wrong of ["city", "=x", ""]) {
      const refused = await dir.run([
        "order",
        "--provider",
        "tsel",
        "--count",
        "1",
        "--filter",
        wrong,
      ]);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain("write COLUMN=VALUE");
    }
  });

  test("of a phone that stands in several rows, the newest that meets the filter is taken", async () => {
    const dir = createWorkdir();
    dir.write("old.csv", "phone,city\n081200000001,Bandung\n");
    dir.write("new.csv", "phone,city\n081200000001,Medan\n");
    await dir.ok(["ingest", "old.csv"], { now: "2026-11-19T09:00:00+07:00" });
    await dir.ok(["ingest", "new.csv"]);
    const { stdout } = await dir.ok([
      "order",
      "--provider",
      "tsel",
      "--count",
      "1",
      "-o",
      "-",
      "--filter",
      "city=Bandung",
    ]);
    expect(stdout).toBe("phone,city\n6281200000001,Bandung\n");
    await dir.checkPromises();
  });
});

describe("prefixes", () => {
  test.each([
    ["08120000000", [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ["+62 812-0000-0000-7", []],
    ["081200000010,62812000000-11", [10, 11]],
  ])("%s", async (prefix, expected) => {
    const dir = createWorkdir();
    dir.write("a.csv", rows(1, Array(12).fill("Bandung")));
    await dir.ok(["ingest", "a.csv"]);
    const { available } = await dir.json([
      "order",
      "--provider",
      "tsel",
      "--dry-run",
      "--prefix",
      prefix,
    ]);
    expect(available).toBe(expected.length);
  });

  test.each(["0212", "x", "", "0812,", "0"])("%j is refused", async (prefix) => {
    const dir = createWorkdir();
    const { code, stderr } = await dir.run([
      "order",
      "--provider",
      "tsel",
      "--count",
      "1",
      "--prefix",
      prefix,
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain("--prefix:");
  });
});

describe("which first", () => {
  async function home(): Promise<Workdir> {
    const dir = createWorkdir();
    dir.write("old.csv", rows(1, Array(20).fill("old")));
    dir.write("new.csv", rows(11, Array(20).fill("new")));
    await dir.ok(["ingest", "old.csv"], { now: "2026-11-19T09:00:00+07:00" });
    await dir.ok(["ingest", "new.csv"]);
    return dir;
  }

  test("newest begins at the last row of the newest file, oldest at the first of the oldest", async () => {
    const dir = await home();
    expect(await ordered(dir, "--count", "2")).toEqual([29, 30].map(digits));
    expect(await ordered(dir, "--count", "3", "--pick", "oldest")).toEqual([1, 2, 3].map(digits));
    const oldest = await dir.ok([
      "order",
      "--provider",
      "tsel",
      "--count",
      "9",
      "--pick",
      "oldest",
      "-o",
      "-",
    ]);
    // Delivered in the order of picking; a phone of both files at its older row.
    expect(oldest.stdout).toBe(
      `phone,city\n${[4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `${digits(n)},old\n`).join("")}`,
    );
    await dir.checkPromises();
  });

  test("random: the same seed draws the same, another one others, and the window is drawn from as a whole", async () => {
    const [a, b, c] = [await home(), await home(), await home()];
    const draw = (dir: Workdir, seed: string) =>
      ordered(dir, "--count", "10", "--pick", "random", "--seed", seed);
    const first = await draw(a, "7");
    expect(await draw(b, "7")).toEqual(first);
    expect(await draw(c, "8")).not.toEqual(first);
    expect(new Set(first).size).toBe(10);
    expect(first.some((one) => one < digits(11))).toBe(true);
    const rest = await ordered(a, "--count", "20", "--pick", "random");
    expect(new Set([...first, ...rest]).size).toBe(30);
    expect(
      (await a.run(["order", "--provider", "tsel", "--count", "1", "--pick", "random"])).code,
    ).toBe(4);
  });

  test("a seed needs a draw; a direction must be known", async () => {
    const dir = createWorkdir();
    for (const args of [
      ["--seed", "1"],
      ["--pick", "best"],
      ["--pick", "random", "--seed", "-1"],
    ]) {
      expect((await dir.run(["order", "--provider", "tsel", "--count", "1", ...args])).code).toBe(
        2,
      );
    }
  });
});

describe("categories", () => {
  test("of an import or of a row, whatever the case", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", rows(1, ["x", "x"]));
    dir.write("b.csv", "phone,kind\n081200000011,Gold\n081200000012,\n081200000013,silver\n");
    await dir.ok(["ingest", "a.csv", "--category", "gold"]);
    await dir.ok(["ingest", "b.csv", "--category", "gold", "--category-column", "kind"]);
    const args = ["--count", "9", "--allow-partial", "--category", "GOLD"];
    expect(await ordered(dir, ...args)).toEqual([1, 2, 11, 12].map(digits));
    expect(await ordered(dir, "--count", "1", "--category", "silver")).toEqual([digits(13)]);
  });
});

test("everything at once, with what each rule left out", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", rows(1, Array(30).fill("Bandung")));
  dir.write("b.csv", rows(25, Array(30).fill("Medan")));
  await dir.ok(["ingest", "a.csv", "--category", "gold"]);
  await dir.ok(["ingest", "b.csv", "--category", "gold"]);
  await dir.ok(["order", "--provider", "tsel", "--count", "5", "--filter", "city=Bandung"]);
  const wish = ["--filter", "city=Bandung", "--prefix", "08120000000", "--category", "gold"];
  const dry = await dir.json(["order", "--provider", "tsel", "--count", "1", "--dry-run", ...wish]);
  // 0812 0000 0001 to 0009 of Bandung; the five newest, 26 to 30, are sold and have another prefix.
  expect(dry).toEqual({
    provider: "tsel",
    requested: 1,
    available: 9,
    excluded: { sold: 0, suppressed: 0, duplicate: 0 },
  });
  expect(
    await ordered(dir, "--count", "9", "--pick", "random", "--max-sales", "1", ...wish),
  ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map(digits));
});

test("a number is sold at most --max-sales times in its life", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", rows(1, Array(3).fill("x")));
  for (const [day, left] of [
    ["2026-09-01", 3],
    ["2026-10-10", 3],
    ["2026-11-20", 0],
  ] as const) {
    const now = `${day}T09:00:00+07:00`;
    await dir.ok(["ingest", "a.csv", "--force"], { now });
    const args = ["order", "--provider", "tsel", "--count", "3", "--max-sales", "2"];
    const dry = await dir.json([...args, "--dry-run"], { now });
    expect(dry.available).toBe(left);
    if (left > 0) await dir.ok([...args, "-o", "-"], { now });
    else expect(dry.excluded).toMatchObject({ max_sales: 3 });
  }
  await dir.checkPromises();
});

test("order show tells what was asked for", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", rows(1, Array(3).fill("Bandung")));
  await dir.ok(["ingest", "a.csv"]);
  const args = ["--count", "1", "--filter", "city=Bandung", "--pick", "random", "--seed", "5"];
  const order = await dir.json(["order", "--provider", "tsel", ...args, "-o", "x.csv"]);
  expect((await dir.json(["order", "show", order.order_id])).criteria).toMatchObject({
    filters: [{ column: "city", values: ["Bandung"] }],
    pick: "random",
    seed: 5,
  });
  const { stdout } = await dir.ok(["order", "show", order.order_id]);
  expect(stdout).toContain("city = Bandung, pick random, seed 5");
});

test("a customer who never takes a number twice is not sold it again, however long ago; others are", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", rows(1, Array(5).fill("x")));
  dir.write("b.csv", rows(4, Array(5).fill("x")));
  await dir.ok(["customer", "add", "Acme", "--never-twice", "on"]);
  await dir.ok(["customer", "add", "Other"]);
  const early = { now: "2026-03-01T09:00:00+07:00" };
  await dir.ok(["ingest", "a.csv"], early);
  await dir.ok(
    ["order", "--provider", "tsel", "--count", "5", "--customer", "ACME", "-o", "-"],
    early,
  );
  await dir.ok(["ingest", "b.csv"]);
  const dry = (customer: string) =>
    dir.json(["order", "--provider", "tsel", "--count", "1", "--dry-run", "--customer", customer]);
  expect(await dry("acme")).toMatchObject({ available: 3, excluded: { sold: 0, had_before: 2 } });
  expect(await dry("other")).toMatchObject({ available: 5 });
  expect(await ordered(dir, "--count", "5", "--allow-partial", "--customer", "acme")).toEqual(
    [6, 7, 8].map(digits),
  );
  const shown = await dir.json(["order", "list", "--customer", "acme"]);
  expect(shown.orders[0]).toMatchObject({ customer: "Acme", excluded: { had_before: 2 } });
});

test("a category that no import has is a mistake, and the nearest are named", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", rows(1, ["x"]));
  await dir.ok(["ingest", "a.csv", "--category", "Loans"]);
  for (const more of [[], ["--dry-run"]]) {
    const args = ["order", "--provider", "tsel", "--count", "1", "--category", "Loan", ...more];
    const { code, stderr } = await dir.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no category "Loan". Did you mean "Loans"?');
  }
});
