import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createDuckdbEngine } from "../../../src/engine/duckdb/engine.ts";
import type { Home } from "../../../src/home.ts";
import { createWorkdir, filesBelow, list, type Workdir } from "../../workdir.ts";
import { accessTo } from "../access.ts";
import { describeEngine } from "../contract.ts";

const create = (home: Home) => createDuckdbEngine(accessTo(home, 2));

describeEngine("on DuckDB", create);

test.each([
  ["the next order", (dir: Workdir) => dir.ok(["order", "--provider", "tsel", "--count", "5"])],
  ["the doctor", (dir: Workdir) => dir.ok(["doctor"])],
])("a ledger copy that a crash left pending is settled by %s", async (_, settle) => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 50));
  await dir.ok(["ingest", "a.csv"]);
  const order = await dir.json(["order", "--provider", "tsel", "--count", "5", "-o", "o.csv"]);
  const copy = filesBelow(`${dir.home}/ledger`)[0] as string;
  // As if killed after the commit, before the copy got its name; and, beside it, before another commit.
  const unsold = copy.replace(order.order_id, "20261120-neversold");
  copyFileSync(copy, `${unsold}.pending`);
  renameSync(copy, `${copy}.pending`);
  await settle(dir);
  expect(existsSync(copy)).toBe(true);
  expect(existsSync(`${unsold}.pending`)).toBe(false);
  await dir.ok(["order", "export", order.order_id]);
  await dir.checkPromises();
});

test("a copy that was cut off while it was written is removed, and stops nobody", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 50));
  await dir.ok(["ingest", "a.csv"]);
  const order = await dir.json(["order", "--provider", "tsel", "--count", "5", "-o", "o.csv"]);
  const copy = filesBelow(`${dir.home}/ledger`)[0] as string;
  for (const start of [0, 4, 200]) {
    const torn = readFileSync(copy).subarray(0, start);
    writeFileSync(`${copy}.pending`, torn);
    writeFileSync(`${copy.replace(order.order_id, "20261120-neversold")}.pending`, torn);
    await dir.ok(["order", "--provider", "tsel", "--count", "5", "-o", "-"]);
    await dir.checkPromises();
  }
});

test("a withdrawal that a crash cut off is finished, or never was", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 20));
  await dir.ok(["ingest", "a.csv"]);
  const failed = await dir.run(["order", "--provider", "tsel", "--count", "10", "-o", "/dev/full"]);
  expect(failed.code).toBe(7);
  const copy = filesBelow(`${dir.home}/ledger`)[0] as string;
  const id = /([^/]+)\.parquet$/.exec(copy)?.[1] as string;
  copyFileSync(copy, dir.path("before.parquet"));
  await suppressNewest(dir, 3);
  await dir.ok(["order", "export", id, "-o", "o.csv"]);
  copyFileSync(copy, dir.path("after.parquet"));
  // Killed after the commit: the new copy has no name yet, the old one has.
  renameSync(copy, `${copy}.pending`);
  copyFileSync(dir.path("before.parquet"), copy);
  await dir.ok(["order", "export", id, "-o", "p.csv"]);
  expect(readFileSync(copy).equals(readFileSync(dir.path("after.parquet")))).toBe(true);
  // Killed before it: the copy beside it is not the one that the catalog knows.
  copyFileSync(dir.path("before.parquet"), `${copy}.pending`);
  await dir.ok(["order", "export", id, "-o", "q.csv"]);
  expect(existsSync(`${copy}.pending`)).toBe(false);
  for (const name of ["p.csv", "q.csv"]) {
    expect(readFileSync(dir.path(name)).equals(readFileSync(dir.path("o.csv")))).toBe(true);
  }
  await dir.checkPromises();
});

/** Suppresses the newest of the reserved numbers. */
async function suppressNewest(dir: Workdir, numbers: number): Promise<void> {
  const rows = await dir.query(`select phone from ledger order by phone desc limit ${numbers}`);
  const phones = rows.map(({ phone }) => `+${phone}`);
  await dir.ok(["blacklist", "add", ...phones, "--kind", "dnc", "--reason", "test"]);
}

test("pool files that a crash left without a registration are part of nothing", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 50));
  await dir.ok(["ingest", "a.csv"]);
  const file = filesBelow(`${dir.home}/pool`)[0] as string;
  copyFileSync(file, file.replace("-1.parquet", "-9.parquet"));
  expect((await dir.json(["stats", "--available"])).providers).toMatchObject([
    { pool: 50, available: 50 },
  ]);
  expect(await dir.query("select count(*)::int as n from raw_numbers")).toEqual([{ n: 50 }]);
  await dir.checkPromises();
});
