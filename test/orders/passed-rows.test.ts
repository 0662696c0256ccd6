/**
 * Rows that orders took of a large file are passed over: what an order gives must not depend on it. As large as it has to be for
 * that to happen; `set_passed_rows` in the profile tells that it did.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { createWorkdir, type RunOptions, type Workdir } from "../workdir.ts";

const rows = 330_000;

/** A list in which each twentieth row has the number of the row before it. */
async function ingestLarge(work: Workdir): Promise<void> {
  const path = work.path("large.csv");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`copy (
    select '0812' || (n - (n % 20 = 1)::integer) as phone, n as place
    from range(10000010, 10000010 + ${rows}) r(n)) to '${path}' (format csv)`);
  connection.closeSync();
  instance.closeSync();
  await work.ok(["ingest", path]);
}

const command = (count: number, more: readonly string[]) => [
  ...["order", "--provider", "tsel", "--columns", "phone", "--count", String(count), ...more],
];

/** Sells and gives the numbers that were delivered. */
async function order(work: Workdir, count: number, options: RunOptions & { more?: string[] } = {}) {
  const { more = [], ...run } = options;
  const { stdout, stderr } = await work.ok(command(count, [...more, "--profile", "-o", "-"]), run);
  const phones = stdout.trim().split("\n").slice(1);
  expect(phones).toHaveLength(count);
  expect(new Set(phones).size).toBe(count);
  return { phones, passes: /set_passed_rows/.test(stderr) };
}

test("nothing is sold twice, nothing is left behind, and the counts add up", async () => {
  const work = createWorkdir();
  await ingestLarge(work);
  let sold: string[] = [];
  const passes: boolean[] = [];
  // 313,500 numbers in all, in orders that are cut anywhere.
  for (const count of [120_000, 90_007, 5_000, 60_001, 20_000]) {
    const taken = await order(work, count);
    sold = sold.concat(taken.phones);
    passes.push(taken.passes);
  }
  expect(passes).toEqual([false, false, true, true, true]);
  expect(new Set(sold).size).toBe(sold.length);
  await work.checkPromises();

  const left = rows - rows / 20 - sold.length;
  const target = ["--json", "-o", work.path("o")];
  const short = await work.run(command(left + 1, target));
  expect(short.code).toBe(4);
  expect(short.stderr).toContain(left.toLocaleString("en"));
  // Of two rows with a number that was sold the other one counts as sold too where one of them is passed over.
  const [, ...counts] =
    /left out: ([\d,]+) sold, 0 suppressed, ([\d,]+) dup/.exec(short.stderr) ?? [];
  const leftOut = counts.map((text) => Number(text.replaceAll(",", "")));
  expect(leftOut[0]).toBeGreaterThanOrEqual(sold.length);
  expect(leftOut.reduce((sum, rows) => sum + rows, left)).toBe(rows);
  const last = await work.json(command(left, target));
  expect(last.numbers).toBe(left);
  await work.checkPromises();
});

test("what an order gave back, and what has run out, is there again", async () => {
  const work = createWorkdir();
  await ingestLarge(work);
  // Reserved, and not delivered.
  expect((await work.run(command(120_000, ["-o", "/dev/full"]))).code).toBe(7);
  const [reserved] = (await work.json(["order", "list"])).orders;
  const given = await work.query("select phone from ledger order by phone");
  const second = await order(work, 120_000);
  const third = await order(work, 1_000);
  expect(third.passes).toBe(true);
  await work.ok(["order", "cancel", reserved.order_id]);
  // Those that came back are the newest, and the second order's rows alone are too few to be passed over.
  const again = await order(work, 120_000);
  expect(again.passes).toBe(false);
  expect(again.phones.map(Number).sort()).toEqual(given.map(({ phone }) => Number(phone)));
  await work.checkPromises();

  const later = { now: "2026-12-25T09:00:00+07:00" };
  const all = await order(work, 300_000, { ...later, more: ["--within", "60d"] });
  expect(all.passes).toBe(false);
  expect(all.phones).toEqual(expect.arrayContaining(second.phones.slice(0, 100)));
  await work.checkPromises();
});

test("an order whose own cooldown was shorter is looked up", async () => {
  const work = createWorkdir();
  await ingestLarge(work);
  const short = ["--cooldown", "1d"];
  const first = await order(work, 210_000, { more: short });
  // Sold again two days later: rows that two orders took.
  const later = { now: "2026-11-22T10:00:00+07:00" };
  const second = await order(work, 210_000, { ...later, more: short });
  expect(second.phones).toEqual(first.phones);
  const third = await order(work, 50_000, later);
  expect(third.passes).toBe(false);
  const fourth = await order(work, 50_000, { ...later, more: short });
  expect(fourth.passes).toBe(true);
  expect(new Set([...second.phones, ...third.phones, ...fourth.phones]).size).toBe(310_000);
});

test("a file that was joined with others is known by its old name", async () => {
  const work = createWorkdir();
  work.write("small.csv", "phone,place\n081300000001,1\n081300000002,2\n");
  await work.ok(["ingest", work.path("small.csv")]);
  await ingestLarge(work);
  const first = await order(work, 210_000);
  const day = { now: "2026-11-22T10:00:00+07:00" };
  await work.ok(["compact"], day);
  expect(
    await work.query("select path from pool_files where file <> path and first_row > 0"),
  ).not.toEqual([]);
  const second = await order(work, 100_000, day);
  expect(second.passes).toBe(true);
  expect(new Set([...first.phones, ...second.phones]).size).toBe(310_000);
  await work.checkPromises();
});

test("a copy that is not what the catalog says, or cannot be read, is not believed", async () => {
  const work = createWorkdir();
  await ingestLarge(work);
  const { order_id: id } = await work.json(command(210_000, ["-o", work.path("first.csv")]));
  const copy = join(work.home, "ledger", "date=2026-11-20", `${id}.parquet`);
  const whole = readFileSync(copy);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`create table whole as from '${copy}'`);
  const older = "from whole offset 1";
  const twice = "(from whole offset 1) union all (from whole limit 1 offset 1)";
  // The first is seen by its count; the second has the right one, and less in its bitmap.
  for (const [rows, isRead] of [
    [older, false],
    [twice, true],
  ] as const) {
    await connection.run(`copy (${rows}) to '${copy}' (format parquet)`);
    expect((await order(work, 1_000)).passes).toBe(isRead);
  }
  writeFileSync(copy, whole.subarray(0, 1_000));
  await order(work, 1_000);
  writeFileSync(copy, whole);
  expect((await order(work, 1_000)).passes).toBe(true);
  connection.closeSync();
  instance.closeSync();
  await work.checkPromises();
});
