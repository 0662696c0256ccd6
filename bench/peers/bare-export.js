// @ts-check
/**
 * The floor for an order: DuckDB copies as many rows of the same pool files to CSV. Whatever rows come first: nothing is
 * distinct, nothing is taken away, nothing is marked. Task: `{ paths, columns, rows, target, threads }`.
 */
import { deliveredColumns, pool, readTask, runPeer, text } from "./peer.js";

const { paths, columns, rows, target, threads } = readTask();

await runPeer(":memory:", threads, (run) =>
  run(`
    copy (
      select ${deliveredColumns(columns).join(", ")}
      from ${pool(paths)}
      limit ${rows}
    ) to ${text(target)} (format csv, header true)`),
);
