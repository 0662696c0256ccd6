// @ts-check
/**
 * An order as a textbook has it, on the same pool files and the same sales: LEFT JOIN … IS NULL, distinct, LIMIT, insert
 * what was taken, write it out. Neither newest first nor durable beside the database.
 * Task: `{ database, paths, columns, rows, target, threads, soldAt, soldSince }`; the database has the table `ledger`.
 */
import { deliveredColumns, pool, readTask, runPeer, text } from "./peer.js";

const { database, paths, columns, rows, target, threads, soldAt, soldSince } = readTask();

await runPeer(database, threads, async (run) => {
  await run("begin");
  await run(`
    create temp table picks as
    with candidate as (
      select ${deliveredColumns(columns).join(", ")}
      from ${pool(paths)}
    )
    select distinct on (candidate.phone) candidate.*
    from candidate
    left join ledger on ledger.phone = candidate.phone
      and ledger.sold_at >= ${text(soldSince)}::timestamptz
    where ledger.phone is null
    limit ${rows}`);
  await run(`insert into ledger select phone, 'textbook', ${text(soldAt)}::timestamptz from picks`);
  await run("commit");
  return run(`copy picks to ${text(target)} (format csv, header true)`);
});
