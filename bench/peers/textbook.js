// @ts-check
/**
 * An order as a textbook has it, on the same pool files and in a copy of the same database: LEFT JOIN … IS NULL, LIMIT,
 * insert what was taken, write it out if a target is given. Nothing is durable beside the database.
 * Task: `{ database, paths, columns, hasPlaces, rows, variant, provider, target, threads, soldAt, soldSince }`. `columns` and
 * `hasPlaces`: what is carried along of a row, its cells, or in which file and where it lies. Variants:
 * `plain` (a phone may come twice), `distinct`, `newest` (distinct, newest day first), `lean` (distinct, and reads no sales
 * of other providers: what an expert would make of it).
 */
import { deliveredColumns, pool, readTask, runPeer, text } from "./peer.js";

const task = readTask();
const { database, paths, columns, hasPlaces, rows, variant, provider, target, threads } = task;
const isNewest = variant === "newest";
const carried = [
  ...deliveredColumns(columns),
  ...(hasPlaces ? ["filename", "file_row_number"] : []),
  ...(isNewest ? ["date"] : []),
];

await runPeer(database, threads, async (run) => {
  await run("begin");
  await run(`
    create temp table picks as
    with candidate as (
      select ${carried.join(", ")}
      from ${pool(paths, { hasDays: isNewest, hasPlaces })}
    )
    select ${variant === "plain" ? "" : "distinct on (candidate.phone)"} candidate.*
    from candidate
    left join ledger on ledger.phone = candidate.phone
      and ledger.sold_at >= ${text(task.soldSince)}::timestamptz
      ${variant === "lean" ? `and ledger.provider = ${text(provider)}` : ""}
    where ledger.phone is null
    ${isNewest ? "order by candidate.date desc" : ""}
    limit ${rows}`);
  const sold = await run(`
    insert into ledger (phone, provider, order_id, sold_at)
    select phone, ${text(provider)}, 'textbook', ${text(task.soldAt)}::timestamptz from picks`);
  await run("commit");
  return target ? run(`copy picks to ${text(target)} (format csv, header true)`) : sold;
});
