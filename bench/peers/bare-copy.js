// @ts-check
/**
 * The floor for ingest: DuckDB copies the file to one Parquet file and does nothing else. No sniffing, columns named, any
 * order. Task: `{ source, columns, target, threads, level }`; `level` is of zstd, DuckDB's own (3) if it is not given.
 */
import { name, readTask, runPeer, text } from "./peer.js";

const { source, columns, target, threads, level } = readTask();
const compression = level === undefined ? "zstd" : `zstd, compression_level ${Number(level)}`;
const types = columns.map((/** @type {string} */ column) => `${name(column)}: 'VARCHAR'`);

await runPeer(":memory:", threads, async (run) => {
  await run("set preserve_insertion_order = false");
  return run(`
    copy (
      from read_csv(
        ${text(source)},
        columns = {${types.join(", ")}},
        delim = ',', quote = '"', escape = '"', new_line = '\\n', header = true, auto_detect = false
      )
    ) to ${text(target)} (format parquet, compression ${compression})`);
});
