/** What a move carries is all there is: a column that is added to either engine has to be told to it. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { tables } from "../../../src/engine/move/tables.ts";
import { createWorkdir } from "../../workdir.ts";

const schema = resolve(import.meta.dirname, "../../../sql/clickhouse/schema");

/** Carried by statements of their own, or of one engine alone, most of them for work that is under way. */
const others = {
  duckdb: new Set(["ledger", "doomed_files"]),
  clickhouse: new Set([
    ...["changes", "pool", "picks", "ledger", "sales"],
    ...["candidates", "blocked", "erasing", "listed"],
  ]),
};
/**
 * How rows lie in files, which are written anew; whose erasure is not finished, with which nothing is moved; and versions of
 * rows, which begin anew.
 */
const own = {
  duckdb: new Set(["pool_files.file", "pool_files.first_row", "erasures.phone"]),
  clickhouse: new Set(["row_version", "gone"]),
};

const carried = new Map(
  tables.map(({ name, columns }) => [
    name,
    new Map(columns.map(([column, kind]) => [column, kind])),
  ]),
);

test("every table and column of an embedded home", async () => {
  const dir = createWorkdir();
  await dir.ok(["stats"]);
  const found = (
    await dir.query(
      "select table_name, column_name from duckdb_columns() where not internal and table_name in (select table_name from duckdb_tables())",
    )
  ).map((row) => [String(row.table_name), String(row.column_name)] as const);
  const missed = found
    .filter(([table, column]) => !others.duckdb.has(table) && !carried.get(table)?.has(column))
    .map((pair) => pair.join("."))
    .filter((name) => !own.duckdb.has(name));
  expect(missed).toEqual([]);
  // And none that is not there.
  for (const { name, columns } of tables) {
    const there = new Set(found.filter(([table]) => table === name).map(([, column]) => column));
    const strange = columns.filter(([column, kind]) => kind !== "place" && !there.has(column));
    expect(strange).toEqual([]);
  }
});

test("every table and column on the server", () => {
  const found = readdirSync(schema).flatMap((file) => {
    const text = readFileSync(join(schema, file), "utf8");
    const [, table = "", body = ""] =
      /create table if not exists (\w+) \(\n(.*?)\n\)/s.exec(text) ?? [];
    return [...body.matchAll(/^ {2}(\w+) /gm)].map(([, column = ""]) => [table, column] as const);
  });
  expect(found.length).toBeGreaterThan(100);
  const missed = found.filter(
    ([table, column]) =>
      !others.clickhouse.has(table) &&
      !own.clickhouse.has(column) &&
      !carried.get(table)?.has(column),
  );
  expect(missed).toEqual([]);
  // By write_pool_block, write_moved_picks and write_moved_sales.
  const columnsOf = (name: string) =>
    found.filter(([table]) => table === name).map(([, column]) => column);
  expect(columnsOf("pool")).toEqual(["date", "provider", "phone", "path", "row", "cells"]);
  expect(columnsOf("picks").join()).toBe("day,order_id,rank,phone,provider,date,path,row");
  expect(columnsOf("ledger").join()).toBe("phone,provider,order_id,import_id,sold_at");
  for (const { name, columns } of tables) {
    const there = new Set(columnsOf(name));
    expect(columns.filter(([column]) => !there.has(column))).toEqual([]);
  }
});
