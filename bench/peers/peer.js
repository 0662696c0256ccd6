// @ts-check
/** What the peers share: their task as one JSON argument, a DuckDB of their own with the threads they are given, SQL texts. */

/** The task of this process. With `keepsMemory` the engine's allocator is set as `bin/numbers.js` sets it. */
export function readTask() {
  const task = JSON.parse(process.argv[2] ?? "{}");
  if (task.keepsMemory) process.env.DUCKDB_JE_MALLOC_CONF = "dirty_decay_ms:10000";
  return task;
}

/**
 * Prints the rows written and the seconds of the work: from before the engine is loaded until its database is closed, as
 * the program counts its own steps.
 * @param {string} database a file, or `:memory:`
 * @param {number} threads
 * @param {(run: (sql: string) => Promise<number>, all: (sql: string) => Promise<readonly Record<string, unknown>[]>) => Promise<number>} work
 *   resolves to the rows it wrote
 */
export async function runPeer(database, threads, work) {
  const started = performance.now();
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(database, { threads: String(threads) });
  const connection = await instance.connect();
  const rows = await work(
    async (sql) => (await connection.run(sql)).rowsChanged,
    async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
  );
  connection.closeSync();
  instance.closeSync();
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${JSON.stringify({ rows, seconds })}\n`);
}

/** @param {string} value */
export function text(value) {
  return `'${value.replaceAll("'", "''")}'`;
}

/** @param {string} value */
export function name(value) {
  return `"${value.replaceAll('"', '""')}"`;
}

/**
 * @param {readonly string[]} paths
 * @param {{ hasDays?: boolean, hasPlaces?: boolean }} [options] `hasDays`: with the column `date` out of the paths;
 *   `hasPlaces`: with `filename` and `file_row_number`
 */
export function pool(paths, { hasDays = false, hasPlaces = false } = {}) {
  const places = hasPlaces ? ", filename = true, file_row_number = true" : "";
  return `read_parquet([${paths.map(text).join(", ")}], hive_partitioning = ${hasDays}${places})`;
}

/**
 * The columns of a delivery out of the pool: the phone, then the source's columns.
 * @param {readonly string[]} columns
 */
export function deliveredColumns(columns) {
  return ["phone", ...columns.map((column) => `raw_data.${name(column)} as ${name(column)}`)];
}
