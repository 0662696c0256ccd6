// @ts-check
/**
 * The floor for ingest: DuckDB copies the file to one Parquet file and does nothing else. No sniffing, columns named, any
 * order, the same compression. Task: `{ source, columns, target, threads }`.
 */
import { name, readTask, runPeer, text } from "./peer.js";

const { source, columns, target, threads } = readTask();
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
    ) to ${text(target)} (format parquet, compression zstd, compression_level 1)`);
});
