// @ts-check
/**
 * The floor for an order of few rows: DuckDB copies the phones of the rows whose column has one of the values.
 * Task: `{ paths, column, values, rows, target, threads }`.
 */
import { name, pool, readTask, runPeer, text } from "./peer.js";

const { paths, column, values, rows, target, threads } = readTask();

await runPeer(":memory:", threads, (run) =>
  run(`
    copy (
      select phone
      from ${pool(paths)}
      where raw_data.${name(column)} in (${values.map(text).join(", ")})
      limit ${rows}
    ) to ${text(target)} (format csv, header true)`),
);
