/** What the session does because the engine does something else. */
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { openSession } from "../../../src/engine/duckdb/session.ts";
import { createWorkdir } from "../../workdir.ts";

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

test("blocks of the database that were read are given back, and its temporary tables stay", async () => {
  const dir = createWorkdir();
  const path = dir.path("large.duckdb");
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(`
    create table ledger as
    select (hash(range) >> 1)::bigint as phone, 'all' as order_id from range(10000000)`);
  connection.closeSync();
  instance.closeSync();

  const memory = "500MB";
  const resources = { temporary: dir.folder, threads: 2, memory, signal: undefined };
  const session = await openSession(path, "read", resources);
  const held = async () => {
    const [now] = await session.rows("read_memory");
    const [blocks, all] = [Number(now?.blocks), Number(now?.held)];
    return { blocks, temporary: all - blocks };
  };
  await session.run("create_unsold");
  expect(await session.run("insert_order_phones", { order_id: "all" })).toBe(10_000_000);
  const before = await held();
  expect(before.blocks).toBeGreaterThan(64e6);
  await session.forgetBlocks(128e6);
  expect(await held()).toEqual(before);
  await session.forgetBlocks(48e6);
  const after = await held();
  expect(after.blocks).toBeLessThan(32e6);
  expect(after.temporary).toBe(before.temporary);
  expect(after.temporary).toBeGreaterThan(150e6);
  session.close();
});

test.each([
  { name: "so much for each thread", memory: "900MB", threads: 2, told: false, holds: 512e6 },
  { name: "for more threads more", memory: "900MB", threads: 3, told: false, holds: 768e6 },
  { name: "never more than before", memory: "300MB", threads: 2, told: false, holds: 300e6 },
  { name: "what somebody said stays", memory: "900MB", threads: 2, told: true, holds: 900e6 },
])("a session holds less from now on: $name", async ({ memory, threads, told, holds }) => {
  const dir = createWorkdir();
  const resources = { temporary: dir.folder, threads, memory, isMemoryTold: told };
  const session = await openSession(":memory:", "write", { ...resources, signal: undefined });
  await session.limitMemory(256e6);
  // In MiB, of which it shows one digit.
  const [now] = await session.rows("read_limits");
  expect(Number.parseFloat(String(now?.memory)) * (1 << 20)).toBeCloseTo(holds, -5.5);
  session.close();
});

/** Leaves a table of texts in the log beside the database: who closes the database next writes it into the file. */
async function leaveTexts(path: string): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("pragma disable_checkpoint_on_shutdown");
  await connection.run(
    "create table texts as select 'user' || range || '@mail.example' as text from range(50000)",
  );
  connection.closeSync();
  instance.closeSync();
}

test.each([
  {
    who: "the engine by itself",
    close: async (path: string) => (await DuckDBInstance.create(path)).closeSync(),
    isFsst: true,
  },
  {
    who: "a session",
    close: async (path: string) => {
      const resources = { temporary: path, threads: 2, memory: undefined, signal: undefined };
      (await openSession(path, "write", resources)).close();
    },
    isFsst: false,
  },
])("$who: texts are packed by symbol tables: $isFsst", async ({ close, isFsst }) => {
  const path = createWorkdir().path("texts.duckdb");
  await leaveTexts(path);
  await close(path);
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRows().flat();
  const kinds = await read(
    "select distinct compression from pragma_storage_info('texts') where segment_type = 'VARCHAR'",
  );
  expect(kinds.includes("FSST")).toBe(isFsst);
  expect(await read("select count(distinct text)::integer from texts")).toEqual([50_000]);
  connection.closeSync();
  instance.closeSync();
});
