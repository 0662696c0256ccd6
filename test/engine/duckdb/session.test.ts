/** What the session does because the engine does something else. */
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";

/** Why `session.ts` gives some inserts one thread. When this fails, the engine was mended, and that may go. */
test("the engine still loses rows that are inserted after an insert of none", async () => {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const run = async (...statements: string[]) => {
    let changed = 0;
    for (const one of statements) changed = (await connection.run(one)).rowsChanged;
    return changed;
  };
  const count = async (table: string) => {
    const reader = await connection.runAndReadAll(`select count(*)::integer from ${table}`);
    return reader.getRows()[0]?.[0];
  };
  const none = (table: string) =>
    `insert into ${table} select a from source where a % 7 = 8 order by a`;
  const many = (table: string) =>
    `insert into ${table} select a from source order by a limit 200000`;
  await run("create table source as select range as a from range(1500000)");
  await run("create table lost (a bigint)", "create table kept (a bigint)");
  expect(await run("begin", none("lost"), many("lost"))).toBe(200_000);
  expect(await count("lost")).toBe(0);
  await run("commit");
  expect(await count("lost")).toBe(0);

  await run(
    "begin",
    none("kept"),
    "set threads = 1",
    many("kept"),
    "set threads = 2",
    many("kept"),
  );
  await run("commit");
  expect(await count("kept")).toBe(400_000);
  connection.closeSync();
  instance.closeSync();
});
