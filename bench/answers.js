// @ts-check
/** Checks of what was measured: a time counts only for a right answer. They read the files, not what the program says. */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { name, pool, text } from "./peers/peer.js";

/**
 * @param {unknown} found
 * @param {unknown} expected
 * @param {string} what
 */
export function expectSame(found, expected, what) {
  if (String(found) !== String(expected)) {
    throw new Error(`wrong answer: ${what}: ${found} instead of ${expected}`);
  }
}

/** @param {string} path */
export async function sha256(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/**
 * The header of a CSV file whose header needs no quotes.
 * @param {string} path
 */
export function columnsOf(path) {
  const block = Buffer.alloc(8192);
  const file = openSync(path, "r");
  const length = readSync(file, block);
  closeSync(file);
  const [header] = block.toString("utf8", 0, length).split("\n", 1);
  return (header ?? "").split(",");
}

/**
 * The rows of a query, in a DuckDB that is closed again before anything is measured.
 * @param {string} sql
 * @param {string} [home] a home whose database is `home` in the query
 * @param {"read_only" | "read_write"} [access]
 * @returns {Promise<Record<string, unknown>[]>}
 */
export async function query(sql, home, access = "read_only") {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    if (home) {
      await connection.run(`attach ${text(join(home, "numbers.duckdb"))} as home (${access})`);
    }
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * @param {string} home
 * @param {string} [provider]
 */
export function poolOf(home, provider = "*") {
  const files = join(home, "pool", "*", `provider=${provider}`, "*.parquet");
  return `read_parquet(${text(files)}, union_by_name = true, hive_partitioning = false)`;
}

/**
 * Ingest: the lines add up, the pool holds as many rows as were reported, and every row of the source is in it, cell by
 * cell, but for the rejected ones. The bare copy of the same file says what the source's rows are.
 * @param {{ lines: number, accepted: number, rejected: number, numbers: number }} report
 * @param {{ rows: number, home: string, bareCopy: string }} expected
 */
export async function checkIngest(report, { rows, home, bareCopy }) {
  expectSame(report.lines, rows, "lines of the import");
  expectSame(report.accepted + report.rejected, rows, "accepted + rejected");
  const [found] = await query(`
    with pool as (select hash(raw_data) as row, phone from ${poolOf(home)}),
    source as (select hash(s) as row from read_parquet(${text(bareCopy)}) s)
    select
      (select count(*) from pool) as numbers,
      (select count(*) from pool where phone is null or not starts_with(phone::varchar, '628')) as odd,
      (select count(*) from pool where row not in (select row from source)) as strange,
      (select count(*) from source where row not in (select row from pool)) as absent`);
  expectSame(found?.numbers, report.numbers, "rows of the pool");
  expectSame(found?.odd, 0, "rows of the pool without a mobile number");
  expectSame(found?.strange, 0, "rows of the pool that the source does not have");
  expectSame(found?.absent, report.rejected, "rows of the source that the pool does not have");
}

/**
 * A delivered file: as many rows as asked for, as many phones, each row one of the pool's.
 * @param {{ path: string, rows: number, columns: readonly string[], paths: readonly string[] }} delivery
 *   `columns` besides the phone; `paths` of the pool files
 */
export async function checkDelivery({ path, rows, columns, paths }) {
  const delivered = columns.map((column) => `coalesce(${name(column)}, '')`);
  const kept = columns.map((column) => `coalesce(raw_data.${name(column)}, '')`);
  expectSame(columnsOf(path), ["phone", ...columns], `columns of ${path}`);
  const [found] = await query(`
    with delivery as (
      select phone, hash(phone, ${["''", ...delivered].join(", ")}) as row
      from read_csv(${text(path)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')
    ),
    kept as (select hash(phone::varchar, ${["''", ...kept].join(", ")}) as row from ${pool(paths)})
    select
      (select count(*) from delivery) as rows,
      (select count(distinct phone) from delivery) as phones,
      (select count(*) from delivery where row not in (select row from kept)) as strange`);
  expectSame(found?.rows, rows, `rows of ${path}`);
  expectSame(found?.phones, rows, `different phones in ${path}`);
  expectSame(found?.strange, 0, `rows of ${path} that the pool does not have`);
}

/**
 * The sales of an order in a ledger: as many as asked for, all of different phones, each a phone of the pool that no other
 * sale of the ledger has; those of a delivered file, if it is given.
 * @param {{ database: string, orderId: string, rows: number, paths: readonly string[], mayRepeat?: boolean, delivery?: string }} sale
 */
export async function checkSales({ database, orderId, rows, paths, mayRepeat = false, delivery }) {
  const csv = `select phone::bigint as phone from read_csv(${text(delivery ?? "")}, header = true, all_varchar = true)`;
  const [found] = await query(`
    attach ${text(database)} as books (read_only);
    with sold as (select phone from books.ledger where order_id = ${text(orderId)})
    select
      (select count(*) from sold) as rows,
      (select count(distinct phone) from sold) as phones,
      (select count(*) from sold where phone not in (select phone from ${pool(paths)} where phone is not null)) as strange,
      (select count(*) from books.ledger where order_id is distinct from ${text(orderId)} and phone in (select phone from sold)) as again,
      (select count(*) from sold where ${delivery ? `phone not in (${csv})` : "false"}) as undelivered`);
  expectSame(found?.rows, rows, `sales of ${orderId}`);
  if (!mayRepeat) expectSame(found?.phones, rows, `different phones sold by ${orderId}`);
  expectSame(found?.strange, 0, `sales of ${orderId} that are not of the pool`);
  expectSame(found?.again, 0, `sales of ${orderId} of phones that were sold before`);
  expectSame(found?.undelivered, 0, `sales of ${orderId} that were not delivered`);
}
