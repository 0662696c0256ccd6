// @ts-check
/** What the peers share: a DuckDB of their own with the threads they are given, and their task as one JSON argument. */
import { DuckDBInstance } from "@duckdb/node-api";

/** The task of this process. */
export function readTask() {
  return JSON.parse(process.argv[2] ?? "{}");
}

/**
 * @param {string} database a file, or `:memory:`
 * @param {number} threads
 * @param {(run: (sql: string) => Promise<number>) => Promise<number>} work resolves to the rows it wrote
 */
export async function runPeer(database, threads, work) {
  const instance = await DuckDBInstance.create(database, { threads: String(threads) });
  const connection = await instance.connect();
  const rows = await work(async (sql) => (await connection.run(sql)).rowsChanged);
  connection.closeSync();
  instance.closeSync();
  process.stdout.write(`${JSON.stringify({ rows })}\n`);
}

/** @param {string} value */
export function text(value) {
  return `'${value.replaceAll("'", "''")}'`;
}

/** @param {string} value */
export function name(value) {
  return `"${value.replaceAll('"', '""')}"`;
}

/** @param {readonly string[]} paths */
export function pool(paths) {
  return `read_parquet([${paths.map(text).join(", ")}], hive_partitioning = false)`;
}

/**
 * The columns of a delivery out of the pool: the phone, then the source's columns.
 * @param {readonly string[]} columns
 */
export function deliveredColumns(columns) {
  return ["phone", ...columns.map((column) => `raw_data.${name(column)} as ${name(column)}`)];
}
