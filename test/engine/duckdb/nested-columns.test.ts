/** A footer that is written anew: the same values, under other names, and nothing that another reader would trip over. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nestColumns } from "../../../src/engine/duckdb/nested-columns.ts";
import { createWorkdir } from "../../workdir.ts";

const work = createWorkdir(afterAll);
const flat = work.path("flat.parquet");
/** Twenty: lists of more than 14 have a longer head. Names of all kinds, one of more than 127 bytes. */
const odd = ["raw_data", "phone", "c1", "a.b", 'quo"te', "日本", " ", "n".repeat(200), "2024"];
const names = new Map(
  Array.from({ length: 20 }, (_, i) => [`c${i}`, odd[i] ?? `column ${i}`] as const),
);
const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
const packed = `struct_pack(${[...names].map(([c, name]) => `${identifier(name)} := ${c}`).join(", ")})`;

let instance: DuckDBInstance;
async function rows(sql: string): Promise<unknown[][]> {
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
  }
}

beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  // Columns of few values and of many, of nothing but nulls, long cells, empty ones; five row groups.
  const columns = [...names.keys()].map((column, i) =>
    i === 19
      ? `null::varchar as ${column}`
      : `case when hash(n, ${i}) % ${i + 2} = 0 then null when n % 7 = 0 then '' else repeat('x', n % 50) || (n % ${10 ** (i % 6)})::varchar end as ${column}`,
  );
  await rows(`copy (select 6281200000000 + n as phone, ${columns.join(", ")} from range(10000) r(n))
    to '${flat}' (format parquet, compression zstd, row_group_size 2048)`);
});

afterAll(() => instance.closeSync());

test("flat columns become the fields of a struct, value by value", async () => {
  const nested = work.path("nested.parquet");
  copyFileSync(flat, nested);
  const bytes = nestColumns(nested, "raw_data", names);
  expect(bytes).toBe(readFileSync(nested).length);
  const differing = await rows(`
    select count(*)
    from (select phone, ${packed} as raw_data, file_row_number from read_parquet('${flat}', file_row_number = true)) a
    full join (select phone, raw_data, file_row_number from read_parquet('${nested}', file_row_number = true)) b
      using (file_row_number)
    where a.phone is distinct from b.phone or a.raw_data is distinct from b.raw_data`);
  expect(differing).toEqual([["0"]]);
  expect(await rows(`select count(*) from '${nested}'`)).toEqual([["10000"]]);
  const schema = await rows(
    `select name, repetition_type, num_children from parquet_schema('${nested}')`,
  );
  expect(schema).toEqual([
    ["duckdb_schema", "REQUIRED", "2"],
    ["phone", "OPTIONAL", null],
    ["raw_data", "REQUIRED", "20"],
    ...[...names.values()].map((name) => [name, "OPTIONAL", null]),
  ]);
});

test("statistics and filters by bloom go with the columns, pages stay where they are", async () => {
  const nested = work.path("statistics.parquet");
  copyFileSync(flat, nested);
  nestColumns(nested, "raw_data", names);
  const footers = await Promise.all(
    [flat, nested].map((path) =>
      rows(`select * exclude (file_name, path_in_schema) from parquet_metadata('${path}')`),
    ),
  );
  expect(footers[1]).toEqual(footers[0]);
  const paths = await rows(`select distinct path_in_schema from parquet_metadata('${nested}')`);
  expect(paths.flat().sort()).toEqual(
    ["phone", ...[...names.values()].map((name) => `raw_data, ${name}`)].sort(),
  );
  const size = (path: string) =>
    readFileSync(path).length - readFileSync(path).readUInt32LE(readFileSync(path).length - 8);
  expect(readFileSync(nested).subarray(0, size(nested) - 8)).toEqual(
    readFileSync(flat).subarray(0, size(flat) - 8),
  );
  const found = await rows(
    `select count(*) from '${nested}' where raw_data."column 12" = 'xxxxx0'`,
  );
  expect(found).toEqual(await rows(`select count(*) from '${flat}' where c12 = 'xxxxx0'`));
  expect(Number(found[0]?.[0])).toBeGreaterThan(0);
});

test("files of a struct by its footer and of one that was written as such are read together", async () => {
  const nested = work.path("one.parquet");
  const written = work.path("other.parquet");
  copyFileSync(flat, nested);
  nestColumns(nested, "raw_data", names);
  await rows(
    `copy (select phone, ${packed} as raw_data from '${flat}') to '${written}' (format parquet)`,
  );
  expect(
    await rows(`
      select count(*), count(distinct (phone, raw_data)) from read_parquet(['${nested}', '${written}'])`),
  ).toEqual([["20000", "10000"]]);
});

test.each([
  ["a column that is not there", new Map([["c99", "x"]]), "0 of 1 columns are in the file"],
  [
    "one that stays behind one that goes",
    new Map([["c3", "x"]]),
    "a column that stays stands behind",
  ],
])("%s is refused, and nothing is written", (_what, wrong, message) => {
  const path = work.path("wrong.parquet");
  copyFileSync(flat, path);
  expect(() => nestColumns(path, "raw_data", wrong)).toThrow(message);
  expect(readFileSync(path).equals(readFileSync(flat))).toBe(true);
});

test("a column that every row has is of another make, and refused", async () => {
  const path = work.path("required.parquet");
  // What this file has is not optional: a group that is required already.
  copyFileSync(flat, path);
  nestColumns(path, "raw_data", names);
  const before = readFileSync(path);
  expect(() => nestColumns(path, "row", new Map([["raw_data", "x"]]))).toThrow("is not optional");
  expect(readFileSync(path).equals(before)).toBe(true);
});

test.each([
  ["no Parquet file", Buffer.from("phone,name\n6281200000001,Budi\n")],
  [
    "a footer longer than the file",
    Buffer.concat([Buffer.from("PAR1"), Buffer.from([255, 0, 0, 0]), Buffer.from("PAR1")]),
  ],
])("%s is refused", (_what, bytes) => {
  const path = work.path("none.parquet");
  writeFileSync(path, bytes);
  expect(() => nestColumns(path, "raw_data", names)).toThrow("does not end as a Parquet file does");
});
