// @ts-check
/**
 * Where orders are taken from: a home with lists of one provider on several days, ingested by the program, before and after
 * sales were laid into its ledger.
 */
import { constants, copyFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { checkSales, columnsOf, expectSame, query, sha256 } from "./answers.js";
import { cloneHome, dayBefore, laySales } from "./homes.js";
import { makeList, seed } from "./lists.js";
import { count } from "./measure.js";
import { pool, text } from "./peers/peer.js";

export const provider = "tsel";
/** A fifth of the pool's phones are among the sales, scattered over all files. */
const soldOnes = "hash(phone) % 5 = 0";

/**
 * @typedef {object} Market
 * @property {string} fresh a home without any sale
 * @property {string} sold the same home with the sales
 * @property {readonly string[]} paths of the pool files, newest day first
 * @property {readonly string[]} columns of the delivery besides the phone
 * @property {number} candidates rows of the pool
 * @property {number} bytes of the pool
 */

/** @param {import("./lab.js").Lab} lab @returns {Promise<Market>} */
export function market(lab) {
  return lab.scene("market", async (folder) => {
    const { files, rows } = lab.sizes.market;
    lab.say(
      `making a market: ${files} days of ${count(rows)} rows, ${count(lab.sizes.sales)} sales`,
    );
    const fresh = join(folder, "fresh");
    const list = join(folder, "list.csv");
    let candidates = 0;
    for (let age = files - 1; age >= 0; age -= 1) {
      await makeList(lab, list, { rows, provider, seed: seed + 1 + age });
      const day = age === 0 ? [] : ["--date", dayBefore(age)];
      const taken = await lab.ours(["ingest", list, "--json", ...day], fresh);
      candidates += JSON.parse(taken.stdout).numbers;
    }
    const [phoneColumn, ...columns] = columnsOf(list);
    expectSame(phoneColumn, "msisdn", "first column of a list");
    rmSync(list);
    const paths = pathsOf(fresh);
    const sold = join(folder, "sold");
    cloneHome(fresh, sold);
    await laySales(sold, {
      sales: lab.sizes.sales,
      perOrder: lab.sizes.order,
      sold: `select distinct phone from ${pool(paths)} where ${soldOnes}`,
    });
    await checkLedger(sold, lab.sizes.sales, paths);
    const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
    return { fresh, sold, paths, columns, candidates, bytes };
  });
}

/** The pool files of a home, newest day first. @param {string} home */
export function pathsOf(home) {
  return readdirSync(join(home, "pool"), { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".parquet"))
    .sort()
    .reverse()
    .map((path) => join(home, "pool", path));
}

/** @param {string} home @param {number} sales @param {readonly string[]} paths */
async function checkLedger(home, sales, paths) {
  const [found] = await query(
    `select
      count(*) as sales,
      count(*) filter (where provider = ${text(provider)}) as own,
      count(*) filter (where sold_at < now() - interval 30 days) as late,
      count(*) filter (where phone in (select phone from ${pool(paths)} where phone is not null)) as of_pool,
      (select count(distinct phone) from ${pool(paths)} where ${soldOnes}) as wanted
    from home.ledger`,
    home,
  );
  expectSame(found?.sales, sales, "sales that were laid");
  expectSame(found?.own, (sales * 3) / 10, "sales of the provider");
  expectSame(found?.late, 0, "sales that were laid too far back");
  expectSame(found?.of_pool, found?.wanted, "sales that were laid of the pool's phones");
}

/**
 * An order in a clone of a home; resolves once its answer is checked: the report against the file, and the ledger against
 * both. What it took stands beside the seconds of its reservation, as the program reports them.
 * @param {import("./lab.js").Lab} lab
 * @param {object} order
 * @param {string} order.from the home that is cloned
 * @param {number} order.rows
 * @param {readonly string[]} order.paths
 * @param {readonly string[]} [order.options]
 * @param {boolean} [order.countsReads]
 * @param {(path: string) => Promise<void>} [order.check] what else the file must be
 * @param {(home: string) => Promise<() => Promise<void>>} [order.beside] begins other work in the home; what it gives ends that
 */
export async function takeOrder(lab, order) {
  const { from, rows, paths, options = [], countsReads, check, beside } = order;
  const home = lab.at("home");
  cloneHome(from, home);
  const path = lab.at("order.csv");
  const command = [...ordering(rows), "--json", "-o", path, ...options];
  const end = await beside?.(home);
  const taken = await lab.ours(command, home, { countsReads });
  await end?.();
  const report = JSON.parse(taken.stdout);
  expectSame(report.numbers, rows, "numbers of the order");
  expectSame(report.bytes, statSync(path).size, "bytes of the order");
  expectSame(report.sha256, await sha256(path), "sha256 of the order");
  await checkSales({
    database: join(home, "numbers.duckdb"),
    orderId: report.order_id,
    rows,
    paths,
    delivery: path,
  });
  await check?.(path);
  return { ...taken, stepSeconds: report.seconds.reserve, storedBytes: report.bytes };
}

/** The window is wider than the days of the pool, so that it does not matter when the bench runs. @param {number} rows */
export function ordering(rows) {
  return [
    "order",
    "--provider",
    provider,
    "--synthetic",
    "--within",
    "7d",
    "--count",
    String(rows),
  ];
}

/**
 * The textbook's order in a copy of a home's database.
 * @param {import("./lab.js").Lab} lab
 * @param {object} order
 * @param {string} order.from the home whose database is copied
 * @param {number} order.rows
 * @param {readonly string[]} order.paths
 * @param {readonly string[]} order.columns of the payload
 * @param {boolean} [order.hasPlaces] the place of each row is carried along
 * @param {"plain" | "distinct" | "newest" | "lean"} order.variant
 * @param {string} [order.target] a CSV file
 */
export async function takeByTheBook(lab, order) {
  const { from, rows, paths, columns, hasPlaces = false, variant, target } = order;
  const database = lab.at("book.duckdb");
  copyFileSync(join(from, "numbers.duckdb"), database, constants.COPYFILE_FICLONE);
  const now = Date.now();
  const taken = await lab.peer("textbook.js", {
    ...{ database, paths, columns, hasPlaces, rows, variant, provider, target },
    soldAt: new Date(now).toISOString(),
    soldSince: new Date(now - 30 * 86_400_000).toISOString(),
  });
  const mayRepeat = variant === "plain";
  await checkSales({ database, orderId: "textbook", rows, paths, mayRepeat });
  return { ...taken, stepSeconds: JSON.parse(taken.stdout).seconds };
}
