/**
 * Preloaded into the real program: the first COMMIT of a run that comes with NUMBERS_TEST_COMMIT says that it failed,
 * `late` after it has reached the disk, `early` in its place. Which of the two it was is not to be seen from the error.
 */
import { DuckDBConnection } from "@duckdb/node-api";

const { run } = DuckDBConnection.prototype;
let left = 1;

DuckDBConnection.prototype.run = async function (sql, ...rest) {
  if (sql !== "commit" || left === 0) return run.call(this, sql, ...rest);
  left -= 1;
  if (process.env.NUMBERS_TEST_COMMIT === "late") await run.call(this, sql, ...rest);
  throw new Error('IO Error: Could not write file "/nowhere/x.wal": No space left on device');
};
