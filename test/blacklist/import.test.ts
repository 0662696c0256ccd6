/** Whole lists onto the blacklist, through the real binary: what they leave out of orders, and what they refuse. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createWorkdir, filesBelow, list, phonesOf, type Workdir } from "../workdir.ts";

const national = (n: number) => `0812${String(n).padStart(8, "0")}`;
const digits = (n: number) => `62812${String(n).padStart(8, "0")}`;
const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const hashed = (algorithm: string, text: string) =>
  createHash(algorithm).update(text).digest("hex");

async function pool(count = 100): Promise<Workdir> {
  const dir = createWorkdir();
  dir.write("pool.csv", list("812", count));
  await dir.ok(["ingest", "pool.csv"]);
  return dir;
}

const available = async (dir: Workdir, more: string[] = [], now?: string) =>
  (await dir.json(["order", "--provider", "tsel", "--dry-run", ...more], { now })).available;

describe("a list of numbers", () => {
  test("is accounted for to the line, and the same file twice adds nothing", async () => {
    const dir = await pool();
    dir.write("dnc.csv", `no hp;nama\n${national(1)};A\nabc;B\n${national(2)}/${national(3)};C\n`);
    const first = await dir.json(["blacklist", "import", "dnc.csv", "--kind", "dnc"]);
    expect(first).toMatchObject({
      ...{ kind: "dnc", customer: null, lines: 3, accepted: 2, rejected: 1, added: 3, known: 0 },
      reasons: { no_digits: 1 },
    });
    expect(first.seconds).toBeGreaterThan(0);
    const second = await dir.json(["blacklist", "import", "dnc.csv", "--kind", "dnc"]);
    expect(second).toMatchObject({ added: 0, known: 3 });
    expect(await dir.query("select phone, kind, until from blacklist order by phone")).toEqual(
      [1, 2, 3].map((n) => ({ phone: digits(n), kind: "dnc", until: null })),
    );
    const audit = await dir.query("select action, details from audit order by sequence");
    expect(audit.slice(1).map(({ action }) => action)).toEqual([
      "blacklist.import",
      "blacklist.import",
    ]);
    expect(JSON.stringify(audit)).not.toContain(digits(1).slice(2));
    await dir.checkPromises();
  });

  test("packed, from standard input, in another column: the same numbers", async () => {
    const dir = await pool();
    const rows = range(1, 5).map((n) => `${national(n)},x`);
    dir.write("a.csv.gz", gzipSync(`phone,other\n${rows.join("\n")}\n`));
    dir.write("c.csv", `phone,other\nx,${national(3)}\nx,${national(6)}\n`);
    const dnc = ["--kind", "dnc"];
    expect(await dir.json(["blacklist", "import", "a.csv.gz", ...dnc])).toMatchObject({ added: 5 });
    const stdin = await dir.json(["blacklist", "import", "-", ...dnc], { input: rows.join("\n") });
    expect(stdin).toMatchObject({ lines: 5, added: 0, known: 5 });
    const named = await dir.json(["blacklist", "import", "c.csv", ...dnc, "--column", "other"]);
    expect(named).toMatchObject({ added: 1, known: 1 });
    await dir.checkPromises();
  });

  test("dnc and invalid outlive every window and every re-ingest", async () => {
    const dir = await pool(10);
    dir.write("dnc.csv", `${national(1)}\n${national(2)}\n`);
    dir.write("dead.csv", `${national(3)}\n`);
    await dir.ok(["blacklist", "import", "dnc.csv", "--kind", "dnc"]);
    await dir.ok(["blacklist", "import", "dead.csv", "--kind", "invalid"]);
    expect(await available(dir)).toBe(7);
    dir.write("again.csv", list("812", 10, { name: "Siti" }));
    const later = "2036-11-20T09:00:00+07:00";
    await dir.ok(["ingest", "again.csv"], { now: later });
    expect(await available(dir, [], later)).toBe(7);
    const { stdout } = await dir.ok(
      ["order", "--provider", "tsel", "--count", "10", "--allow-partial", "-o", "-"],
      { now: later },
    );
    expect(phonesOf(stdout).sort()).toEqual(range(4, 10).map(digits));
    await dir.checkPromises();
  });

  test("a customer's own list holds for that customer, whatever the case of the name", async () => {
    const dir = await pool(10);
    dir.write("own.csv", range(1, 4).map(national).join("\n"));
    const own = ["blacklist", "import", "own.csv", "--kind", "customer", "--customer"];
    await dir.ok([...own, "Acme"]);
    expect(await dir.json([...own, "ACME"])).toMatchObject({
      customer: "Acme",
      added: 0,
      known: 4,
    });
    expect(await dir.json([...own, "Beta"])).toMatchObject({ added: 4 });
    expect(await available(dir)).toBe(10);
    expect(await available(dir, ["--customer", "Acme"])).toBe(6);
    await dir.checkPromises();
  });

  test("two processes at once add each number once", async () => {
    const dir = await pool(1);
    dir.write("dnc.csv", range(1, 2000).map(national).join("\n"));
    const both = await Promise.all(
      [1, 2].map(() => dir.json(["blacklist", "import", "dnc.csv", "--kind", "dnc"])),
    );
    expect(both.map(({ added }) => added).sort()).toEqual([0, 2000]);
    expect(await dir.query("select count(*)::int as n from suppression")).toEqual([{ n: 2000 }]);
    await dir.checkPromises();
  });

  test("a dry run counts and changes nothing", async () => {
    const dir = await pool();
    dir.write("dnc.csv", range(1, 5).map(national).join("\n"));
    dir.write("more.csv", range(4, 9).map(national).join("\n"));
    await dir.ok(["blacklist", "import", "dnc.csv", "--kind", "dnc"]);
    const dry = await dir.json(["blacklist", "import", "more.csv", "--kind", "dnc", "--dry-run"]);
    expect(dry).toMatchObject({ lines: 6, added: 4, known: 2 });
    expect((await dir.json(["blacklist", "list"])).kinds).toMatchObject([{ numbers: 5 }]);
    await dir.checkPromises();
  });

  test("over the reject ceiling, empty, missing, no table: exit 3 and nothing done", async () => {
    const dir = await pool();
    dir.write("bad.csv", `phone\n${national(1)}\nx\ny\n`);
    dir.write("empty.csv", "");
    dir.write("words.csv", "a,b\nx,y\nz,w\n");
    dir.write("half.csv", `phone\n${national(1)}\nx\n`);
    for (const [file, message] of [
      ["bad.csv", /66\.7 %.*ceiling is 50 %.*--column/],
      ["empty.csv", /no rows/],
      ["nowhere.csv", /no such file/],
      ["words.csv", /no column holds phones.*--column/],
    ] as const) {
      const outcome = await dir.run(["blacklist", "import", file, "--kind", "dnc"]);
      expect(outcome.stderr).toMatch(message);
      expect(outcome.stderr).toContain("nothing was imported");
      expect(outcome).toMatchObject({ code: 3, stdout: "" });
    }
    expect((await dir.json(["blacklist", "list"])).kinds).toEqual([]);
    dir.write("header.csv", "phone\n");
    const none = await dir.json(["blacklist", "import", "header.csv", "--kind", "dnc"]);
    expect(none).toMatchObject({ lines: 0, added: 0, known: 0 });
    await dir.ok(["blacklist", "import", "half.csv", "--kind", "dnc"]);
    await dir.checkPromises();
  });
});

describe("a history of sales", () => {
  const sold = ["blacklist", "import", "sold.csv", "--kind", "sold"];

  test("with a date a row: local time, no date in the future, each sale once", async () => {
    const dir = await pool();
    const dates = [
      "2026-11-19",
      "19/11/2026 10:00",
      "2026-11-19T10:00:00Z",
      "2026-10-20", // 31 days ago
      "2026-11-21", // to come
      "soon",
      "",
      "11/19/2026",
    ];
    const rows = dates.map((date, index) => `${national(index + 1)},${date}`);
    dir.write("sold.csv", `phone,tanggal\n${rows.join("\n")}\n`);
    expect(await dir.json(sold)).toMatchObject({
      ...{ kind: "sold", lines: 8, accepted: 4, rejected: 4, added: 4, known: 0 },
      reasons: { bad_date: 4 },
    });
    expect(await dir.json(sold)).toMatchObject({ added: 0, known: 4 });
    const ledger = await dir.query(
      "select phone, provider, order_id, strftime(sold_at at time zone 'UTC', '%d %H:%M') as at from ledger order by phone",
    );
    expect(ledger).toEqual([
      { phone: digits(1), provider: "tsel", order_id: null, at: "18 17:00" },
      { phone: digits(2), provider: "tsel", order_id: null, at: "19 03:00" },
      { phone: digits(3), provider: "tsel", order_id: null, at: "19 10:00" },
      { phone: digits(4), provider: "tsel", order_id: null, at: "19 17:00" },
    ]);
    expect(await available(dir)).toBe(97);
    const { kinds } = await dir.json(["blacklist", "list"]);
    expect(kinds).toMatchObject([{ kind: "sold", customer: null, numbers: 3, digests: 0 }]);
    await dir.checkPromises();
  });

  test("lines with several numbers and a bad date are counted as lines", async () => {
    const dir = await pool();
    const rows = [
      `${national(1)}/${national(2)},2026-11-19`,
      `${national(3)}/${national(4)},never`,
      `${national(3)}/${national(4)},never`,
      `${national(5)},2026-11-18`,
    ];
    dir.write("sold.csv", `phone,date\n${rows.join("\n")}\n`);
    expect(await dir.json(sold)).toMatchObject({
      ...{ lines: 4, accepted: 2, rejected: 2, added: 3, reasons: { bad_date: 2 } },
    });
    await dir.checkPromises();
  });

  test("without a column of dates: --at, a day of the time zone or an instant, or now", async () => {
    const dir = await pool();
    dir.write("sold.csv", `${national(1)}\n${national(2)}\n`);
    await dir.ok([...sold, "--at", "2026-10-21"]);
    await dir.ok([...sold, "--at", "2026-10-22T00:00:00+07:00"]);
    await dir.ok([...sold]);
    const instants = await dir.query(
      "select distinct epoch_ms(sold_at) as ms from ledger order by ms",
    );
    expect(instants.map(({ ms }) => new Date(Number(ms)).toISOString())).toEqual([
      "2026-10-20T17:00:00.000Z",
      "2026-10-21T17:00:00.000Z",
      "2026-11-20T02:00:00.000Z",
    ]);
    await dir.checkPromises();
  });

  test("counts from its date: day 29 and 30 no, day 31 yes", async () => {
    const dir = createWorkdir();
    dir.write("pool.csv", list("812", 1));
    dir.write("sold.csv", `phone,sold_at\n${national(1)},2026-11-20 09:00:00\n`);
    await dir.ok(sold);
    for (const [now, expected] of [
      ["2026-12-19T09:00:00+07:00", 0],
      ["2026-12-20T09:00:00+07:00", 0],
      ["2026-12-20T09:00:01+07:00", 1],
    ] as const) {
      await dir.ok(["ingest", "pool.csv", "--force"], { now });
      expect(await available(dir, [], now)).toBe(expected);
    }
    await dir.checkPromises();
  });

  test("has a file in ledger/ with the columns of an order's", async () => {
    const dir = await pool();
    dir.write("sold.csv", `phone,date\n${national(1)},2026-11-19\n`);
    await dir.ok(["order", "--provider", "tsel", "--count", "1", "-o", "o.csv"]);
    const [order] = filesBelow(`${dir.home}/ledger`);
    const { import_id } = await dir.json(sold);
    const copy = `${dir.home}/ledger/date=2026-11-20/${import_id}.parquet`;
    expect(filesBelow(`${dir.home}/ledger`)).toContain(copy);
    const columns = (path: string) =>
      dir.query(`select name, type from parquet_schema('${path}') where type is not null`);
    expect(await columns(copy)).toEqual(await columns(order as string));
    await dir.ok(sold);
    expect(filesBelow(`${dir.home}/ledger`)).toHaveLength(2);
    await dir.checkPromises();
  });
});

describe("a hashed list", () => {
  const imports = (file: string, algorithm: string, form: string) => [
    "blacklist",
    "import",
    file,
    "--kind",
    "dnc",
    "--hash",
    algorithm,
    "--hash-of",
    form,
  ];
  const digests = (dir: Workdir) =>
    dir.query(
      "select algorithm, form, kind, count(*)::int as n from suppressed_digests group by all",
    );

  test.each([
    ["md5", "digits", digits],
    ["md5", "national", national],
    ["sha256", "e164", (n: number) => `+${digits(n)}`],
  ] as const)(
    "%s of %s: every digest, any case, quotes and blanks around",
    async (algorithm, form, write) => {
      const dir = await pool();
      const cells = range(1, 9).map((n) => hashed(algorithm, write(n)));
      cells[1] = (cells[1] as string).toUpperCase();
      cells[2] = `  ${cells[2]} `;
      cells[3] = `"${cells[3]}"`;
      dir.write("h.txt", `${cells.join("\n")}\n\nnothing\n`);
      const first = await dir.json(imports("h.txt", algorithm, form));
      expect(first).toMatchObject({
        ...{ lines: 10, accepted: 9, rejected: 1, reasons: { no_digest: 1 } },
        ...{ added: 9, known: 0, matched: 9 },
      });
      expect(await dir.json(imports("h.txt", algorithm, form))).toMatchObject({
        added: 0,
        known: 9,
      });
      expect(await digests(dir)).toEqual([{ algorithm, form, kind: "dnc", n: 9 }]);
      const [one] = await dir.query(
        `select count(*)::int as n from suppressed_digests where digest = md5_number('${hashed(algorithm, write(2))}')`,
      );
      expect(one).toEqual({ n: 1 });
      await dir.checkPromises();
    },
  );

  test("finds its column by a sample, with and without a header", async () => {
    const dir = await pool();
    const rows = range(1, 3).map((n) => `Budi,${hashed("md5", digits(n))},${n}`);
    dir.write("with.csv", `name,hash,no\n${rows.join("\n")}\n`);
    dir.write("without.csv", rows.join("\n"));
    expect(await dir.json(imports("with.csv", "md5", "digits"))).toMatchObject({
      lines: 3,
      added: 3,
    });
    expect(await dir.json(imports("without.csv", "md5", "digits"))).toMatchObject({
      lines: 3,
      known: 3,
    });
    const wrong = await dir.run([...imports("with.csv", "md5", "digits"), "--column", "nope"]);
    expect(wrong).toMatchObject({ code: 3 });
    expect(wrong.stderr).toMatch(/--column: there is no column "nope"/);
    await dir.checkPromises();
  });

  test("in the wrong form: says which one, and importing it again in that one corrects it", async () => {
    const dir = await pool();
    dir.write(
      "h.txt",
      range(1, 5)
        .map((n) => hashed("md5", national(n)))
        .join("\n"),
    );
    const wrong = await dir.ok(imports("h.txt", "md5", "digits"));
    expect(wrong.stderr).toMatch(/none of the 100 newest.*--hash-of national.*5 of them/);
    await dir.ok(imports("h.txt", "md5", "national"));
    expect(await digests(dir)).toEqual([{ algorithm: "md5", form: "national", kind: "dnc", n: 5 }]);
    dir.write("strange.txt", hashed("md5", "x"));
    const strange = await dir.ok(imports("strange.txt", "md5", "digits"));
    expect(strange.stderr).toMatch(/none of the 100 newest numbers of the pool, in no form/);
    await dir.checkPromises();
  });

  test("of the other algorithm, or of phones: exit 3 and nothing done", async () => {
    const dir = await pool();
    dir.write(
      "sha.txt",
      range(1, 5)
        .map((n) => hashed("sha256", national(n)))
        .join("\n"),
    );
    dir.write("phones.txt", range(1, 5).map(national).join("\n"));
    const other = await dir.run(imports("sha.txt", "md5", "national"));
    expect(other.stderr).toMatch(/other_algorithm 5.*64 are --hash sha256/);
    const phones = await dir.run(imports("phones.txt", "md5", "national"));
    expect(phones.stderr).toMatch(/no column holds digests/);
    expect([other.code, phones.code]).toEqual([3, 3]);
    const plain = await dir.run(["blacklist", "import", "sha.txt", "--kind", "dnc"]);
    expect(plain.code).toBe(3);
    expect(await digests(dir)).toEqual([]);
    await dir.checkPromises();
  });

  test("a dry run says what it means", async () => {
    const dir = await pool();
    dir.write(
      "h.txt",
      range(99, 105)
        .map((n) => hashed("md5", digits(n)))
        .join("\n"),
    );
    const dry = await dir.json([...imports("h.txt", "md5", "digits"), "--dry-run"]);
    expect(dry).toMatchObject({ added: 7, known: 0, matched: 2 });
    expect(await digests(dir)).toEqual([]);
  });
});
