import { copyFileSync, existsSync, renameSync } from "node:fs";
import { expect, test } from "vitest";
import { createDuckdbEngine } from "../../../src/engine/duckdb/engine.ts";
import type { Home } from "../../../src/home.ts";
import { createWorkdir, filesBelow, list } from "../../workdir.ts";
import { describeEngine } from "../contract.ts";

const create = (home: Home) =>
  createDuckdbEngine({
    home,
    actor: "tester",
    resources: {
      temporary: home.temporary,
      threads: 2,
      memory: undefined,
      signal: undefined,
    },
    lockTimeoutMs: 10_000,
    onWait: () => undefined,
  });

describeEngine("on DuckDB", create);

test("a ledger copy that a crash left pending is settled by the next order", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 50));
  await dir.ok(["ingest", "a.csv"]);
  const order = await dir.json(["order", "--provider", "tsel", "--count", "5", "-o", "o.csv"]);
  const copy = filesBelow(`${dir.home}/ledger`)[0] as string;
  // As if killed after the commit, before the copy got its name; and, beside it, before another commit.
  const unsold = copy.replace(order.order_id, "20261120-neversold");
  copyFileSync(copy, `${unsold}.pending`);
  renameSync(copy, `${copy}.pending`);
  expect((await dir.run(["doctor"])).code).toBe(5);
  await dir.ok(["order", "--provider", "tsel", "--count", "5"]);
  expect(existsSync(copy)).toBe(true);
  expect(existsSync(`${unsold}.pending`)).toBe(false);
  await dir.ok(["order", "export", order.order_id]);
  await dir.checkPromises();
});

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
