/** Values on their way into a statement and out of a result, also through ClickHouse itself. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Connection, connect } from "../../../src/engine/clickhouse/connection.ts";
import { bound, rowsOf, withoutLong } from "../../../src/engine/clickhouse/values.ts";
import type { Parameters } from "../../../src/engine/session.ts";
import { connectionTo, freshDatabase } from "./access.ts";

describe("parameters", () => {
  test("a statement gets exactly what it wants", () => {
    const sql = "select {a:String}, {b:Nullable(Int64)}, {a:String} from {{slot}}";
    expect(bound("s", sql, { a: "x", b: null })).toEqual({ a: "x", b: null });
    expect(() => bound("s", sql, { a: "x" })).toThrow("s.sql wants {b}, which was not given");
    expect(() => bound("s", sql, { a: "x", b: 1, c: 2 })).toThrow("s.sql does not want {c}");
    expect(() => bound("s", "select 1", { constructor: 2 })).toThrow("does not want {constructor}");
  });

  test("instants are written as the server reads them, whatever zone they are told in", () => {
    const sql = "select {a:DateTime64(3, 'UTC')}, {b:Nullable(DateTime64(3, 'UTC'))}, {c:String}";
    const at = "2026-11-20T09:00:00.120+07:00";
    expect(bound("s", sql, { a: at, b: null, c: at })).toEqual({
      ...{ a: "2026-11-20 02:00:00.120", b: null, c: at },
    });
  });
});

test("rows become what the other engine's rows hold", () => {
  const text = [
    '["n","at","day","list","none","ok","many"]',
    '["UInt64","Nullable(DateTime64(3, \'UTC\'))","Date","Array(Nullable(Int64))","Nullable(Nothing)","Bool","LowCardinality(Nullable(String))"]',
    '["9007199254740993","2026-11-20 02:00:00.120","2026-11-20",["1",null],null,true,"x\\ny"]',
    '["0",null,"1970-01-01",[],null,false,null]',
    "",
  ].join("\n");
  expect(rowsOf(text)).toStrictEqual([
    {
      ...{ n: 9007199254740993n, at: new Date("2026-11-20T02:00:00.120Z"), day: "2026-11-20" },
      ...{ list: [1n, null], none: null, ok: true, many: "x\ny" },
    },
    { n: 0n, at: null, day: "1970-01-01", list: [], none: null, ok: false, many: null },
  ]);
  expect(rowsOf('["n"]\n["UInt64"]\n')).toEqual([]);
});

describe("through the engine", () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect(connectionTo(freshDatabase()));
  });

  afterAll(() => connection.close());

  async function back(sql: string, parameters: Parameters) {
    return rowsOf(await connection.read({ sql, parameters: bound("test", sql, parameters) }))[0];
  }

  test.each([
    "",
    "plain",
    'it\'s "quoted"',
    "back\\slash \\n \\N \\0",
    "\\N",
    "NULL",
    "tab\tand\nline\r\nand\u0000nothing",
    "Ünïcode 🐘 {name:String} {{slot}} ' or 1=1 --",
  ])("text comes back as it went: %j", async (text) => {
    const sql =
      "select {text:String} as text, {maybe:Nullable(String)} as maybe, {list:Array(String)} as list";
    const list = [text, "other", text];
    const row = await back(sql, { text, maybe: text, list });
    expect(row).toStrictEqual({ text, maybe: text, list });
  });

  test("numbers, instants, switches and nothing too", async () => {
    const sql =
      "select {least:Int64} as least, {most:UInt64} as most, {at:DateTime64(3, 'UTC')} as at, {yes:Bool} as yes, " +
      "{none:Nullable(Int64)} as none, {never:Nullable(DateTime64(3, 'UTC'))} as never, {phones:Array(Int64)} as phones, " +
      "{empty:Array(String)} as empty, toDecimalString({price:Nullable(Decimal(18, 2))}, 2) as price";
    const values = {
      least: -(2n ** 63n),
      most: 2n ** 64n - 1n,
      yes: true,
      none: null,
      never: null,
    };
    const phones = [6281200000001n, -1n];
    const at = new Date("2026-11-20T02:00:00.007Z");
    const given = { ...values, at: at.toISOString(), phones, empty: [], price: "1000.5" };
    expect(await back(sql, given)).toStrictEqual({
      ...{ ...values, at, phones, empty: [], price: "1000.50" },
    });
  });

  test("what failed leaves nothing behind for the next", async () => {
    const sql = "select toInt64(number) as n from numbers({rows:UInt64})";
    await expect(
      back(`${sql} where throwIf(number = 90000) = 0`, { rows: 100_000 }),
    ).rejects.toThrow();
    expect(await back(sql, { rows: 1 })).toEqual({ n: 0n });
  });
});

test("parameters that are too long for an address stand in the statement, whatever is in them", async () => {
  const names = Array.from({ length: 4_000 }, (_, n) => `pool/it's ${n}\\n\\, "a"\n'`);
  const given = { names, short: "kept", at: "2026-11-20 02:00:00.000" };
  const asked =
    "select {names:Array(String)} as names, {short:String} as short, {at:DateTime64(3, 'UTC')} as at";
  const { sql, parameters } = withoutLong(asked, given);
  expect(Object.keys(parameters)).toEqual(["short", "at"]);
  const connection = await connect(connectionTo(freshDatabase()));
  try {
    const [row] = rowsOf(await connection.read({ sql, parameters }));
    expect(row).toEqual({ names, short: "kept", at: new Date("2026-11-20T02:00:00Z") });
  } finally {
    await connection.close();
  }
  expect(withoutLong(asked, { ...given, names: ["few"] })).toEqual({
    sql: asked,
    parameters: { ...given, names: ["few"] },
  });
});
