import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  type ClickHouseClient,
  createClient,
  EXCEPTION_TAG_HEADER_NAME,
  extractErrorAtTheEndOfChunk,
} from "@clickhouse/client";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { quiet, rowsOf } from "./client.ts";
import { type Server, startServer } from "./server.ts";

let server: Server;
let client: ClickHouseClient;

beforeAll(async () => {
  server = await startServer();
  client = createClient({ url: server.url, log: quiet });
  await client.command({
    query: "create table sold (n UInt64) engine = MergeTree order by n",
  });
});
beforeEach(() => server.reset());
afterAll(async () => {
  await client.close();
  await server.stop();
});

const insert = (n: number) =>
  client.command({
    query: "insert into sold select {n:UInt64}",
    query_params: { n },
    query_id: `insert-${n}`,
  });
const count = (n: number) =>
  rowsOf(client, "select count() as rows from sold where n = {n:UInt64}", { query_params: { n } });

test("refuse: the query did not run", async () => {
  await server.fault({ kind: "refuse", match: /insert into sold/ });
  await expect(insert(1)).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(await count(1)).toEqual([{ rows: 0 }]);
});

test("lose: the query ran and nobody says so; a retry has the same id, and the log no value", async () => {
  await server.fault({ kind: "lose", match: /insert into sold/ });
  await expect(insert(987654321)).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(await count(987654321)).toEqual([{ rows: 1 }]);
  await insert(987654321);
  const log = (await server.log()).filter((one) => one.query.startsWith("insert"));
  expect(log.map((one) => [one.query_id, one.fault])).toEqual([
    ["insert-987654321", "lose"],
    ["insert-987654321", undefined],
  ]);
  expect(log.map((one) => one.query).join()).not.toContain("987654321");
  expect(log[0]?.params).toEqual({ n: "987654321" });
});

test("lose, and a retry with the same token writes nothing twice", async () => {
  await client.command({
    query:
      "create table once (n UInt64) engine = MergeTree order by n settings non_replicated_deduplication_window = 1000",
  });
  const rows = [{ n: 1 }, { n: 2 }];
  const write = (token: string) =>
    client.insert({
      table: "once",
      values: rows,
      format: "JSONEachRow",
      clickhouse_settings: { insert_deduplication_token: token, async_insert: 0 },
    });
  await server.fault({ kind: "lose", match: "insert into once" });
  await expect(write("a")).rejects.toMatchObject({ code: "ECONNRESET" });
  await write("a");
  await write("b");
  expect(await rowsOf(client, "select count() as rows from once")).toEqual([{ rows: 4 }]);
});

test("stall: the client loses patience, the query has run", async () => {
  const hasty = createClient({ url: server.url, request_timeout: 200, log: quiet });
  await server.fault({ kind: "stall", match: /insert/, ms: 600 });
  await expect(
    hasty.command({ query: "insert into sold select 3", query_id: "late" }),
  ).rejects.toThrow(/timeout/i);
  await expect.poll(() => count(3)).toEqual([{ rows: 1 }]);
  await hasty.close();
});

test("slow: the client loses patience, asks, and kills what still runs", async () => {
  const hasty = createClient({ url: server.url, request_timeout: 200, log: quiet });
  await server.fault({ kind: "slow", match: /insert/, ms: 60_000 });
  await expect(
    hasty.command({ query: "insert into sold select 6", query_id: "slow" }),
  ).rejects.toThrow(/timeout/i);
  const runs = "select query_id from system.processes where query_id = 'slow'";
  await expect.poll(() => rowsOf(client, runs)).toEqual([{ query_id: "slow" }]);
  await client.command({ query: "kill query where query_id = 'slow' sync" });
  expect(await rowsOf(client, runs)).toEqual([]);
  expect(await count(6)).toEqual([{ rows: 0 }]);
  await hasty.close();
});

test.each([
  [243, "NOT_ENOUGH_SPACE", 500],
  [252, "TOO_MANY_PARTS", 500],
  [202, "TOO_MANY_SIMULTANEOUS_QUERIES", 500],
  [241, "MEMORY_LIMIT_EXCEEDED", 500],
  [745, "SERVER_OVERLOADED", 503],
])("fail: %s %s", async (code, type, status) => {
  await server.fault({ kind: "fail", match: /insert/i, nth: 2, code, type, status });
  await insert(4);
  await expect(insert(5)).rejects.toMatchObject({ code: String(code), type });
  expect((await server.log()).at(-1)).toMatchObject({ code, status });
  expect(await count(5)).toEqual([{ rows: 0 }]);
});

test.each([false, true])("fail while rows are on their way, gzip: %s", async (request) => {
  const one = createClient({ url: server.url, compression: { request }, log: quiet });
  await server.fault({ kind: "fail", match: "insert into sold" });
  const values = Array.from({ length: 300_000 }, (_, n) => ({ n }));
  await expect(one.insert({ table: "sold", values, format: "JSONEachRow" })).rejects.toMatchObject({
    code: "241",
  });
  await one.close();
});

const query = "select number as n from numbers(100000)";

const timeout = { code: 159, type: "TIMEOUT_EXCEEDED", message: "Timeout" };

test("cut: rows, then the exception of a server since 25.11", async () => {
  await server.fault({ kind: "cut", match: "numbers", ...timeout, breaks: false, times: 2 });
  await expect(rowsOf(client, query)).rejects.toMatchObject({ code: "159" });
  const { stream, response_headers } = await client.exec({ query: `${query} format CSV` });
  const tag = String(response_headers[EXCEPTION_TAG_HEADER_NAME]);
  const whole = Buffer.from(await text(stream));
  expect(extractErrorAtTheEndOfChunk(whole, tag)).toMatchObject({
    code: "159",
    type: "TIMEOUT_EXCEEDED",
  });
  expect(whole.toString()).toMatch(/^0\n1\n2\n/);
});

test("cut as a server does, which breaks the connection behind the exception", async () => {
  await server.fault({ kind: "cut", match: "numbers", ...timeout });
  const { stream } = await client.exec({ query: `${query} format CSV` });
  let seen = "";
  const read = async () => {
    for await (const part of stream) seen += part;
  };
  await expect(read()).rejects.toThrow("aborted");
  expect(seen).toMatch(/^0\n1\n2\n/);
});

test("cut by a server before 25.11: no tag, only the text", async () => {
  await server.setExceptionTag(false);
  await server.fault({ kind: "cut", match: "numbers", bytes: 1000, breaks: false });
  const { stream, response_headers } = await client.exec({ query: `${query} format CSV` });
  expect(response_headers[EXCEPTION_TAG_HEADER_NAME]).toBeUndefined();
  const whole = await text(stream);
  expect(whole).toMatch(
    /__exception__\r\nCode: 241\. DB::Exception: .*\(MEMORY_LIMIT_EXCEEDED\) \(version .*\)\n$/,
  );
  expect(whole.indexOf("__exception__")).toBe(1000);
});

test.each([false, true])("truncate and cut, gzip: %s", async (gzip) => {
  const one = createClient({ url: server.url, compression: { response: gzip }, log: quiet });
  for (const kind of ["truncate", "cut"] as const) {
    await server.fault({ kind, match: "numbers" });
    const { stream } = await one.exec({ query: `${query} format CSV` });
    await expect(text(stream)).rejects.toThrow(/aborted|unexpected end/);
  }
  await one.close();
});

test("an error after headers of progress comes with HTTP 200", async () => {
  await server.fault({ kind: "slow", match: "throwIf", ms: 200 });
  const late = client.query({
    query: "select throwIf(1)",
    clickhouse_settings: { send_progress_in_http_headers: 1 },
  });
  await expect(late).rejects.toMatchObject({ code: "395" });
  expect((await server.log()).at(-1)).toMatchObject({ status: 200, code: 395 });
});

test("a version that is not the engine's", async () => {
  const ask = () => rowsOf(client, "select version() as v");
  expect(await ask()).toEqual([{ v: server.version }]);
  await server.setVersion("24.8.4.13");
  expect(await ask()).toEqual([{ v: "24.8.4.13" }]);
  expect(await rowsOf(client, "select version()")).toEqual([{ "version()": "24.8.4.13" }]);
});

test("a crash, and another front on the same folder and port", async () => {
  const data = mkdtempSync(join(tmpdir(), "numbers-crash-"));
  const one = await startServer({ data });
  const before = createClient({ url: one.url, log: quiet });
  await before.command({ query: "create table t (n UInt8) engine = MergeTree order by n" });
  await before.command({ query: "insert into t values (1)" });
  const asleep = before.command({ query: "select sleep(3)" });
  const outcome = expect(asleep).rejects.toThrow();
  await expect.poll(() => one.running()).toHaveLength(1);
  await one.crash();
  await outcome;
  await expect(rowsOf(before, "select * from t")).rejects.toThrow(
    /ECONNREFUSED|ECONNRESET|hang up/,
  );
  const two = await startServer({ data, port: one.port });
  expect(await rowsOf(before, "select n from t")).toEqual([{ n: 1 }]);
  await before.close();
  await two.stop();
  rmSync(data, { recursive: true });
});
