/**
 * Preloaded into the real program: the first COMMIT of a run that comes with NUMBERS_TEST_COMMIT says that it failed,
 * `late` after it has reached the disk, `early` in its place. Which of the two it was is not to be seen from the error.
 * The binding is what is replaced: the package above it is in the bundle.
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const path = require.resolve("@duckdb/node-bindings");
const bindings = require(path);
let left = 1;

const query = async (connection, sql) => {
  if (sql !== "commit" || left === 0) return bindings.query(connection, sql);
  left -= 1;
  if (process.env.NUMBERS_TEST_COMMIT === "late") await bindings.query(connection, sql);
  throw new Error('IO Error: Could not write file "/nowhere/x.wal": No space left on device');
};
require.cache[path].exports = Object.create(bindings, { query: { value: query } });
