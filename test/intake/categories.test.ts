/** Categories: by option or by column, counted to the number, spelled as they were the first time. */
import { expect, test } from "vitest";
import { createWorkdir, list, type Workdir } from "../workdir.ts";

const recorded = (dir: Workdir) =>
  dir.query(
    "select category, numbers::integer as numbers from import_categories order by lower(category), numbers",
  );

const byOption = ["--category", "Loans"];
const byColumn = ["--category-column", "kind"];

/** A list of one row for each category. */
function rows(categories: readonly string[]): string {
  const lines = categories.map(
    (category, index) => `0812${String(index + 1).padStart(8, "0")},${category}`,
  );
  return `phone,kind\n${lines.join("\n")}\n`;
}

test("by option: one row with all numbers, and none for a list without", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 5));
  dir.write("b.csv", list("813", 3));
  dir.write("none.csv", "phone,name\n");
  await dir.ok(["ingest", "none.csv", "--category", "Nothing"]);
  await dir.ok(["ingest", "b.csv"]);
  expect(await recorded(dir)).toEqual([]);
  expect((await dir.ok(["stats"])).stdout).not.toContain("category");
  expect(await dir.json(["stats"])).toMatchObject({ categories: [] });
  await dir.ok(["ingest", "a.csv", ...byOption]);
  expect(await recorded(dir)).toEqual([{ category: "Loans", numbers: 5 }]);
  expect((await dir.ok(["stats"])).stdout).toMatch(/category +numbers +imports\nLoans +5 +1\n/);
  await dir.checkPromises();
});

test("by column: odd cells, several phones in one, empty cells and the default add up to the numbers", async () => {
  const dir = createWorkdir();
  const text = [
    "phone,kind",
    "081200000001,Loans",
    "081200000002, loans ",
    "'081200000003,LOANS",
    "081200000004 / 081200000005,Cars",
    "081500000006,",
    "081200000007,  ",
    "nobody,Lost",
    "081200000008,loans",
  ].join("\n");
  dir.write("a.csv", `${text}\n`);
  const report = await dir.json(["ingest", "a.csv", ...byColumn, "--category", "Rest"]);
  expect(report).toMatchObject({ accepted: 7, rejected: 1, numbers: 8 });
  expect(await recorded(dir)).toEqual([
    { category: "Cars", numbers: 2 },
    { category: "loans", numbers: 4 },
    { category: "Rest", numbers: 2 },
  ]);
  // The same text without a default: who has no category is in none.
  await dir.ok(["ingest", "a.csv", ...byColumn, "--force"]);
  expect((await dir.json(["stats"])).categories).toEqual([
    { category: "loans", numbers: 8, imports: 2 },
    { category: "Cars", numbers: 4, imports: 2 },
    { category: "Rest", numbers: 2, imports: 1 },
  ]);
  // As the view has it, whatever the case.
  expect(
    await dir.query(
      "select lower(category) as category, count(*)::integer as n from raw_numbers group by 1 order by 1 nulls last",
    ),
  ).toEqual([
    { category: "cars", n: 4 },
    { category: "loans", n: 8 },
    { category: "rest", n: 2 },
    { category: null, n: 2 },
  ]);
  await dir.checkPromises();
});

test("a known category is spelled as it was the first time, by option and by column", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 5));
  dir.write("b.csv", list("813", 3));
  dir.write("c.csv", rows(["LOANS", "Cars", "cARS"]));
  await dir.ok(["ingest", "a.csv", ...byOption]);
  await dir.ok(["ingest", "b.csv", "--category", "loans"]);
  await dir.ok(["ingest", "c.csv", ...byColumn, "--category", "lOANS"]);
  expect(await dir.query("select category from imports order by sequence")).toEqual([
    { category: "Loans" },
    { category: "Loans" },
    { category: "Loans" },
  ]);
  expect(await recorded(dir)).toEqual([
    { category: "Cars", numbers: 2 },
    { category: "Loans", numbers: 1 },
    { category: "Loans", numbers: 3 },
    { category: "Loans", numbers: 5 },
  ]);
  await dir.checkPromises();
});

test("two who bring a new one at once agree on its spelling", async () => {
  const dir = createWorkdir();
  await dir.ok(["stats"]);
  dir.write("a.csv", list("812", 5));
  dir.write("b.csv", list("813", 5));
  await Promise.all([
    dir.ok(["ingest", "a.csv", "--category", "Loans"]),
    dir.ok(["ingest", "b.csv", "--category", "LOANS"]),
  ]);
  expect(await dir.query("select distinct category from imports")).toHaveLength(1);
  expect(await dir.query("select distinct category from import_categories")).toHaveLength(1);
  await dir.checkPromises();
});

test("a thousand different categories are taken, one more is no column of categories", async () => {
  const dir = createWorkdir();
  const many = Array.from({ length: 1_001 }, (_, index) => `kind ${index}`);
  // The case of a name makes no other category.
  dir.write("thousand.csv", rows([...many.slice(0, 1_000), "KIND 7"]));
  dir.write("more.csv", rows(many));
  dir.write("good.csv", rows(["a"]));
  for (const option of [[], ["--dry-run"]]) {
    const outcome = await dir.run(["ingest", "more.csv", "good.csv", ...byColumn, ...option]);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toMatch(/more\.csv: failed: .*"kind" has more than 1,000.*no column of/);
    expect(outcome.stderr).not.toContain("kind 1");
  }
  expect(await dir.query("select path from imports")).toHaveLength(1);
  await dir.ok(["ingest", "thousand.csv", ...byColumn]);
  // People see the largest, scripts all of them.
  expect((await dir.json(["stats"])).categories).toHaveLength(1_001);
  const { stdout } = await dir.ok(["stats"]);
  expect(stdout).toMatch(/\nKIND 7 +2 +1\n/);
  expect(stdout.split("\n").length).toBeLessThan(40);
  expect(stdout).toContain("\nand 981 more: --json has them all\n");
  const [sums] = await dir.query(
    "select count(*)::integer as rows, sum(numbers)::integer as numbers from import_categories where category ilike 'kind%'",
  );
  expect(sums).toEqual({ rows: 1_000, numbers: 1_001 });
  await dir.checkPromises();
});

test("a value of over a hundred characters is no category", async () => {
  const dir = createWorkdir();
  dir.write("hundred.csv", rows(["é".repeat(100), "b"]));
  dir.write("more.csv", rows(["é".repeat(101), "b"]));
  dir.write("whole.csv", rows(["b".repeat(100_000), "b"]));
  await dir.ok(["ingest", "hundred.csv", ...byColumn]);
  for (const file of ["more.csv", "whole.csv"]) {
    const outcome = await dir.run(["ingest", file, ...byColumn]);
    expect(outcome).toMatchObject({ code: 3 });
    expect(outcome.stderr).toMatch(/failed: .*over 100 characters.*no column of categories/);
    expect(outcome.stderr.length).toBeLessThan(500);
  }
  expect(await recorded(dir)).toHaveLength(2);
  await dir.checkPromises();
});

test("columns with any name, and the column of reasons, which is not kept", async () => {
  const dir = createWorkdir();
  dir.write("odd.csv", 'phone,"a ""b"".c; drop"\n081200000001,x\n');
  await dir.ok(["ingest", "odd.csv", "--category-column", "2"]);
  expect(await recorded(dir)).toEqual([{ category: "x", numbers: 1 }]);
  dir.write("rejects.csv", "reason,phone\nempty,081200000002\n");
  const outcome = await dir.run(["ingest", "rejects.csv", "--category-column", "reason"]);
  expect(outcome).toMatchObject({ code: 3 });
  expect(outcome.stderr).toMatch(/rejects\.csv: failed: .*reasons of rejects, which are not kept/);
  await dir.checkPromises();
});
