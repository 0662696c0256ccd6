// @ts-check
/** Candidates and sales as text, for those who cannot read Parquet files or a database of DuckDB. */
import { query } from "./answers.js";
import { pool, text } from "./peers/peer.js";

/**
 * @typedef {object} Tables
 * @property {number} rows wanted
 * @property {number} candidates
 * @property {number} sales
 * @property {string} candidatesFile a phone in each line
 * @property {string} salesFile a phone and when it was sold
 * @property {string} sortedFile the phones of the sales, sorted as text
 */

/**
 * @param {import("./lab.js").Lab} lab
 * @param {string} home
 * @param {{ paths: readonly string[], rows: number, candidates: number, sales: number }} numbers
 * @returns {Promise<Tables>}
 */
export async function writeTables(lab, home, { paths, ...numbers }) {
  const candidatesFile = lab.at("candidates.csv");
  const salesFile = lab.at("sales.csv");
  const sortedFile = lab.at("sorted.csv");
  const csv = "(format csv, header false)";
  await query(
    `copy (select phone from ${pool(paths)}) to ${text(candidatesFile)} ${csv};
    copy (select phone, strftime(sold_at, '%Y-%m-%dT%H:%M:%SZ') from home.ledger) to ${text(salesFile)} ${csv};
    copy (select phone from home.ledger order by phone::varchar) to ${text(sortedFile)} ${csv}`,
    home,
  );
  return { ...numbers, candidatesFile, salesFile, sortedFile };
}
