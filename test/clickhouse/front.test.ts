import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type ClickHouseClient, createClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quiet, rowsOf } from "./client.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let client: ClickHouseClient;
const folder = mkdtempSync(join(tmpdir(), "numbers-front-test-"));

beforeAll(async () => {
  server = await startServer({ password: "right & secret" });
  client = createClient({ url: server.url, password: "right & secret", log: quiet });
});
afterAll(async () => {
  await client.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("ping, create, insert, read back", async () => {
  expect(await client.ping()).toEqual({ success: true });
  await client.command({
    query: "create table phones (phone UInt64, raw String) engine = MergeTree order by phone",
  });
  const rows = [
    { phone: 1, raw: "a'b\\c\td" },
    { phone: 2, raw: "ü\n" },
  ];
  const { summary } = await client.insert({
    table: "phones",
    values: rows,
    format: "JSONEachRow",
    columns: ["phone", "raw"],
  });
  expect(summary?.written_rows).toBe("2");
  expect(await rowsOf(client, "select * from phones order by phone")).toEqual(rows);
  // Rows in the text, and in a body for a text without them.
  await client.command({ query: "insert into phones values (3, 'x;y'), (4, 'format CSV')" });
  await client.command({ query: "insert into phones format CSV\n5,five\n" });
  await client.command({ query: "insert into phones select phone + 10, raw from phones;" });
  expect(await rowsOf(client, "select count() as n from phones")).toEqual([{ n: 10 }]);
  const copied = await client.command({
    query: "insert into phones select number + 100, '' from numbers(50)",
  });
  expect(copied.summary?.written_rows).toBe("50");
});

test("insert from a select over the body", async () => {
  await client.command({ query: "create table lengths (n UInt64) engine = Memory" });
  const { stream } = await client.exec({
    query: "insert into lengths select length(line) from input('line String') format LineAsString",
    values: (await import("node:stream")).Readable.from(["abc\n", "abcde\n"]),
  });
  for await (const _ of stream);
  expect(await rowsOf(client, "select n from lengths order by n")).toEqual([{ n: 3 }, { n: 5 }]);
});

test("parameters of several types, none in the text", async () => {
  const query_params = { text: "it's\t\\ü\n{x}", n: 7, list: ["a'", "b"], none: null };
  const rows = await rowsOf(
    client,
    "select {text:String} as text, {n:UInt32} as n, {list:Array(String)} as list, {none:Nullable(String)} as none",
    { query_params },
  );
  expect(rows).toEqual([query_params]);
  const long = Array.from({ length: 5000 }, (_, i) => i);
  expect(
    await rowsOf(client, "select length({list:Array(UInt32)}) as n", {
      query_params: { list: long },
    }),
  ).toEqual([{ n: 5000 }]);
  await expect(rowsOf(client, "select {gone:String} as x")).rejects.toMatchObject({ code: "456" });
});

test("settings end with their query, and so does the database", async () => {
  const query = "select getSetting('max_block_size') as n, currentDatabase() as d";
  const [usual] = await rowsOf(client, query);
  expect(await rowsOf(client, query, { clickhouse_settings: { max_block_size: "17" } })).toEqual([
    { n: 17, d: "default" },
  ]);
  expect(await rowsOf(client, query)).toEqual([usual]);
  await client.command({ query: "create database other" });
  const other = createClient({
    url: server.url,
    password: "right & secret",
    database: "other",
    log: quiet,
  });
  expect(await rowsOf(other, "select currentDatabase() as d")).toEqual([{ d: "other" }]);
  expect(await rowsOf(client, "select currentDatabase() as d")).toEqual([{ d: "default" }]);
  await other.close();
});

test("the query's id comes back", async () => {
  const { query_id, response_headers } = await client.query({
    query: "select 1",
    query_id: "mine",
    format: "CSV",
  });
  expect(query_id).toBe("mine");
  expect(response_headers["x-clickhouse-query-id"]).toBe("mine");
});

describe("errors before any output", () => {
  const cases: [string, number, string, string, object?][] = [
    ["unknown table", 404, "60", "select * from nope"],
    ["syntax", 400, "62", "selec 1"],
    ["setting", 404, "115", "select 1", { nope: "1" }],
    ["while it runs", 500, "395", "select throwIf(number = 3) from numbers(10)"],
  ];
  test.each(cases)("%s", async (_, status, code, query, settings = {}) => {
    await expect(
      client.query({ query, clickhouse_settings: settings as Record<string, string> }),
    ).rejects.toMatchObject({ code });
    const entry = (await server.log()).at(-1);
    expect(entry).toMatchObject({ status, code: Number(code) });
    // The next query is not touched by what went wrong.
    expect(await rowsOf(client, "select 1 as x")).toEqual([{ x: 1 }]);
  });

  test("rows that do not fit", async () => {
    const insert = client.insert({
      table: "phones",
      values: [{ phone: "foo" }],
      format: "JSONEachRow",
    });
    await expect(insert).rejects.toMatchObject({ code: "27" });
    await expect(insert).rejects.not.toThrow(/numbers-front|\.xml|in file/);
  });

  test("wrong password, as a server says it", async () => {
    const wrong = createClient({ url: server.url, password: "wrong", log: quiet });
    await expect(rowsOf(wrong, "select 1 as x")).rejects.toMatchObject({
      code: "516",
      type: "AUTHENTICATION_FAILED",
    });
    await wrong.close();
    const answer = await fetch(`${server.url}/?query=select+1`, {
      headers: { "X-ClickHouse-User": "default", "X-ClickHouse-Key": "right & secret" },
    });
    expect([answer.status, await answer.text()]).toEqual([200, "1\n"]);
    const refused = await fetch(`${server.url}/?query=select+1`);
    expect(refused.status).toBe(403);
    expect(refused.headers.get("x-clickhouse-exception-code")).toBe("516");
    expect(await refused.text()).toMatch(/^Code: 516\. DB::Exception: default: .*\(version /);
  });
});

test("an error late in the output comes after HTTP 200", async () => {
  const query =
    "select number, throwIf(number = 1_000_000) as x from numbers(2_000_000) settings max_block_size = 65000";
  // The server breaks the connection behind the exception, whose frame may come in two pieces: whether the client sees all of
  // it, a part of it or only that the connection is gone is chance.
  await expect(rowsOf(client, query)).rejects.toThrow(/throwIf|error in the stream|aborted/);
  expect((await server.log()).at(-1)).toMatchObject({ status: 200, code: 395 });
  await expect(
    client.query({ query, clickhouse_settings: { wait_end_of_query: 1 } }),
  ).rejects.toMatchObject({ code: "395" });
  expect((await server.log()).at(-1)).toMatchObject({ status: 500 });
});

describe.each([false, true])("Parquet, compressed: %s", (compression) => {
  test("200,000 rows out and in", async () => {
    const one = createClient({
      url: server.url,
      password: "right & secret",
      compression: { request: compression, response: compression },
      log: quiet,
    });
    const path = join(folder, "rows.parquet");
    const { stream } = await one.exec({
      query:
        "select number as phone, toString(number) as raw from numbers(200000) format Parquet settings max_threads = 1",
    });
    await pipeline(stream, createWriteStream(path));
    expect(statSync(path).size).toBeGreaterThan(500_000);
    const table = `parquet_${Number(compression)}`;
    await one.command({
      query: `create table ${table} (raw String, phone UInt64) engine = MergeTree order by phone`,
    });
    const into = await one.exec({
      query: `insert into ${table} (phone, raw) format Parquet`,
      values: createReadStream(path),
      clickhouse_settings: { async_insert: 0, insert_deduplication_token: "a" },
    });
    for await (const _ of into.stream);
    expect(into.summary?.written_rows).toBe("200000");
    expect(
      await rowsOf(
        one,
        `select count() as n, countIf(raw = toString(phone)) as same from ${table}`,
      ),
    ).toEqual([{ n: 200000, same: 200000 }]);
    await one.close();
  });
});

test("a result of 300 MB is never held in memory, nor is an insert of it", async () => {
  await rowsOf(client, "select 1 as x");
  const before = await server.memory();
  let peak = before;
  const watch = setInterval(async () => {
    peak = Math.max(peak, await server.memory().catch(() => 0));
  }, 100);
  const path = join(folder, "big.csv");
  const { stream } = await client.exec({
    query: "select number, repeat('x', 90) as x from numbers(3_000_000) format CSV",
  });
  await pipeline(stream, createWriteStream(path));
  const size = statSync(path).size;
  await client.command({ query: "create table big (n UInt64, x String) engine = Null" });
  const into = await client.exec({
    query: "insert into big format CSV",
    values: createReadStream(path),
    // The engine makes blocks of 256 MB out of the rows if it may.
    clickhouse_settings: { min_insert_block_size_bytes: "10000000" },
  });
  for await (const _ of into.stream);
  clearInterval(watch);
  expect(size).toBeGreaterThan(290e6);
  expect(into.summary?.written_rows).toBe("3000000");
  expect(peak - before).toBeLessThan(250e6);
});

test("eight clients at once", async () => {
  await client.command({
    query: "create table many (who UInt8, n UInt32) engine = MergeTree order by (who, n)",
  });
  const work = Array.from({ length: 8 }, async (_, who) => {
    const one = createClient({ url: server.url, password: "right & secret", log: quiet });
    for (let round = 0; round < 5; round++) {
      await one.insert({
        table: "many",
        values: Array.from({ length: 100 }, (_, i) => ({ who, n: round * 100 + i })),
        format: "JSONEachRow",
      });
      const [row] = await rowsOf(
        one,
        "select count() as n, getSetting('max_block_size') as size from many where who = {who:UInt8}",
        { query_params: { who }, clickhouse_settings: { max_block_size: String(1000 + who) } },
      );
      expect(row).toEqual({ n: (round + 1) * 100, size: 1000 + who });
      await expect(rowsOf(one, `select * from nope_${who}`)).rejects.toThrow(`nope_${who}`);
    }
    await one.close();
  });
  await Promise.all(work);
});

test("a query that runs is known by its id, and can be killed", async () => {
  const query = "select count() from numbers(1000000000000) where not ignore(sipHash64(number))";
  const long = client.query({ query, query_id: "long", clickhouse_settings: { max_threads: 1 } });
  const outcome = long.then(
    () => undefined,
    (error) => error,
  );
  const runs = () =>
    rowsOf(client, "select query_id from system.processes where query_id = {id:String}", {
      query_params: { id: "long" },
    });
  await expect.poll(runs).toEqual([{ query_id: "long" }]);
  expect(await server.running()).toEqual(["long"]);
  await expect(client.query({ query: "select 1", query_id: "long" })).rejects.toMatchObject({
    code: "216",
  });
  await client.command({ query: "kill query where query_id = 'long' sync" });
  expect(await outcome).toMatchObject({ code: "394" });
  expect(await runs()).toEqual([]);
});
