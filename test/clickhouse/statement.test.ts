import { expect, test } from "vitest";
import { analyse, fromFile, intoFile } from "./statement.js";

test.each([
  ["select 1", "select 1\ninto outfile 'f' truncate "],
  ["select 1 as format;", "select 1 as format\ninto outfile 'f' truncate "],
  ["select ')format x' -- format y", "select ')format x' -- format y\ninto outfile 'f' truncate "],
  [
    "(select 1) union all (select 2)",
    "(select 1) union all (select 2)\ninto outfile 'f' truncate ",
  ],
  ["/* a */ (select 1)\nFORMAT CSV", "/* a */ (select 1)\n\ninto outfile 'f' truncate FORMAT CSV"],
  [
    "select 1 settings a = 1 format CSV settings b = 2",
    "select 1 settings a = 1 \ninto outfile 'f' truncate format CSV settings b = 2",
  ],
])("result of %j", (sql, out) => {
  const statement = analyse(sql);
  expect(statement.kind).toBe("read");
  expect(intoFile(statement as { sql: string; at: number }, "f")).toBe(out);
});

test.each([
  ["insert into t format Parquet", "insert into t \nfrom infile 'f' format Parquet"],
  [
    "insert into t (a, format) settings a = 1 format CSV\n",
    "insert into t (a, format) \nfrom infile 'f' settings a = 1 format CSV",
  ],
  ["insert into t values", "insert into t \nfrom infile 'f'  format Values"],
  [
    "insert into t select a from input('a String') format CSV",
    "insert into t select a from file('f', 'CSV', 'a String') ",
  ],
])("rows for %j", (sql, out) => {
  const statement = analyse(sql);
  expect(statement).toMatchObject({ kind: "insert", inline: false });
  expect(fromFile(statement, "f")).toBe(out);
});

test.each([
  "insert into t values (1)",
  "insert into t (a) format CSV\n1 settings",
  "insert into t format JSONEachRow {}",
])("rows in the text of %j", (sql) => {
  expect(analyse(sql)).toMatchObject({ kind: "insert", inline: true, sql });
});

test.each(["create table t as select 1", "with 1 as x insert into t select x", "set a = 1"])(
  "no result of its own: %j",
  (sql) => {
    expect(analyse(sql)).toEqual({ kind: "other", sql });
  },
);
