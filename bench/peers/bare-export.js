// @ts-check
/**
 * The floor for an order: DuckDB copies as many rows of the same pool files to CSV, the newest files' first ones. Nothing is
 * distinct, nothing is taken away, nothing is marked. By row numbers: a `LIMIT` took half as long again.
 * Task: `{ paths, columns, rows, target, threads }`.
 */
import { deliveredColumns, readTask, runPeer, text } from "./peer.js";

const { paths, columns, rows, target, threads } = readTask();

await runPeer(":memory:", threads, async (run, all) => {
  const branches = [];
  let missing = rows;
  for (const path of paths) {
    if (missing === 0) break;
    const [metadata] = await all(
      `select num_rows::integer as rows from parquet_file_metadata(${text(path)})`,
    );
    const taken = Math.min(missing, Number(metadata?.rows));
    missing -= taken;
    branches.push(`
      select ${deliveredColumns(columns).join(", ")}
      from read_parquet(${text(path)}, file_row_number = true, hive_partitioning = false)
      where file_row_number < ${taken}`);
  }
  return run(`copy (${branches.join(" union all ")}) to ${text(target)} (format csv, header true)`);
});
