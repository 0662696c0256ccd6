/** The demonstration and the benchmark run, on little data; they check their own answers, nothing here is timed. */
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkDelivery, checkSales, query } from "../bench/answers.js";
import { run } from "../bench/measure.js";
import { createWorkdir } from "./workdir.ts";

const bench = resolve(import.meta.dirname, "../bench");

const script = (name: string, ...args: string[]) =>
  run([process.execPath, resolve(bench, name), ...args]);

const filesWithTimes = () =>
  readdirSync(bench, { recursive: true })
    .map(String)
    .map((name) => [name, statSync(resolve(bench, name)).mtimeMs]);

test("the demonstration shows two orders that share no number", async () => {
  const { code, stdout, stderr } = await script("demo.js", "--rows", "30000");
  expect(stderr).toBe("");
  expect(stdout).toContain("$ numbers generate --rows 20000 --seed 1 -o first.csv\n");
  expect(stdout).toContain("alfa.csv: 2,000 rows, 2,000 different phones\n");
  expect(stdout).toContain("beta.csv: 2,000 rows, 2,000 different phones\n");
  expect(stdout).toContain("\nin both: 0\n");
  expect(stdout).toContain("left out: 4,000 sold");
  expect(stdout).toContain("all promises hold");
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^As promised: 4,000 numbers sold in two/);
  expect(code).toBe(0);
});

// Some sixty processes, 30 s on two idle cores.
test("the smoke benchmark checks its answers and writes no file", {
  timeout: 600_000,
}, async () => {
  const before = filesWithTimes();
  const { code, stdout, stderr } = await script("run.js", "--smoke");
  expect(stderr).not.toContain("wrong answer");
  for (const name of [
    "ingest",
    "ingest, three times the rows",
    "dirty",
    "phone cells, left over",
    "generate",
    "reserve",
    "reserve, newest first",
    "order",
    "order, to a pipe",
    "growth, gone",
    "filters",
    "order, chosen",
    "order during an ingest",
    "start-up",
  ]) {
    expect(stdout).toMatch(new RegExp(`^\\| ${name} +\\| \\d+\\.\\d\\d `, "m"));
  }
  expect(stdout).toContain("Every answer was checked.");
  expect(code).toBe(0);
  expect(filesWithTimes()).toEqual(before);
});

test.each([
  ["demo.js", "--rows", "many"],
  ["run.js", "--rows", "1.5"],
  ["run.js", "--fast"],
  ["run.js", "--full", "--smoke"],
  ["run.js", "--only", "order,orders"],
])("%s %s is refused with its usage", async (name, ...args) => {
  const { code, stderr } = await script(name, ...args);
  expect(stderr).toContain(`Usage: node bench/${name}`);
  expect(code).toBe(2);
});

describe("a wrong answer is noticed", () => {
  const dir = createWorkdir(afterAll);
  const pool = dir.path("pool.parquet");
  beforeAll(async () => {
    await query(`
      copy (select 6281100000000 + range as phone, {name: 'n' || range} as raw_data from range(9))
      to '${pool}' (format parquet)`);
  });
  const row = (n: number, name = `n${n}`) => `628110000000${n},${name}\n`;

  test.each([
    ["right", row(1) + row(2), undefined],
    ["a row too few", row(1), "rows of"],
    ["a phone twice", row(1) + row(1), "different phones"],
    ["somebody else's name", row(1) + row(2, "n3"), "rows of"],
    ["a phone of nobody", `${row(1)}6289900000000,n2\n`, "rows of"],
  ])("in a delivery: %s", async (_, rows, wrong) => {
    const path = dir.path("delivery.csv");
    writeFileSync(path, `phone,name\n${rows}`);
    const checked = checkDelivery({ path, rows: 2, columns: ["name"], paths: [pool] });
    if (wrong === undefined) await expect(checked).resolves.toBeUndefined();
    else await expect(checked).rejects.toThrow(`wrong answer: ${wrong}`);
  });

  test.each([
    ["right", [1, 2], undefined],
    ["a sale too few", [1], "sales of"],
    ["a phone twice", [1, 1], "different phones"],
    ["not of the pool", [1, 9], "sales of ours that are not of the pool"],
    ["sold before", [1, 5], "sales of ours of phones that were sold before"],
  ])("in a ledger: %s", async (name, phones, wrong) => {
    const database = dir.path(`${name}.duckdb`);
    const sales = phones.map((n) => `(6281100000000 + ${n}, 'ours')`);
    await query(`
      attach '${database}' as books;
      create table books.ledger as
      select * from (values (6281100000005, null), ${sales.join(", ")}) l(phone, order_id)`);
    const checked = checkSales({ database, orderId: "ours", rows: 2, paths: [pool] });
    if (wrong === undefined) await expect(checked).resolves.toBeUndefined();
    else await expect(checked).rejects.toThrow(`wrong answer: ${wrong}`);
  });
});
