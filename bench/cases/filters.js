// @ts-check
/** An order that wants one row in a hundred: what it reads, and how long it takes. */
import { existsSync } from "node:fs";
import { columnsOf, expectSame, query } from "../answers.js";
import { megabytes } from "../lab.js";
import { market, takeOrder } from "../market.js";
import { count } from "../measure.js";
import { name, pool, text } from "../peers/peer.js";

const column = "postal_code";
const ours =
  "`numbers order --columns phone --filter …` of nine tenths of the rows that one postal code in a hundred has";

/** @type {import("../lab.js").Case} */
export const filters = {
  name: "filters",
  lines: [
    {
      title: "filters",
      ours,
      peer: "bare DuckDB `COPY` of as many phones `WHERE` that column has those values",
      of: "ours",
      against: "bare",
    },
    {
      title: "filters, bytes read",
      ours: "what that process read, less what an order of a single number reads in the same home",
      peer: "what it needs, as it is stored: that column once, phones three times (to reserve, to compare with what was sold, to deliver)",
      of: "ours",
      against: "columns",
      figure: "readBytes",
      goal: 1.1,
      isForAnySize: true,
    },
  ],
  checked: "as many sales as asked for, of different phones, each of a row with a wanted value",
  async prepare(lab) {
    const { fresh, paths, candidates, bytes } = await market(lab);
    const { values, rows } = await oneInAHundred(paths, candidates);
    const wanted = values.flatMap((value) => ["--filter", `${column}=${value}`]);
    const countsReads = existsSync("/proc/self/io");
    if (!countsReads) lab.skip("bytes read", "only Linux counts them (/proc/self/io)");
    const stored = await storedBytes(paths);
    // The program's text, and the database, which it opens several times.
    const { readBytes: besides = 0 } = await takeOrder(lab, {
      ...{ from: fresh, rows: 1, paths, countsReads },
      options: ["--columns", "phone"],
    });
    return {
      contestants: {
        ours: async () => {
          const taken = await takeOrder(lab, {
            ...{ from: fresh, rows, paths, countsReads },
            options: ["--columns", "phone", ...wanted],
            check: (path) => checkWanted(path, paths, values),
          });
          if (taken.readBytes === undefined) return taken;
          return { ...taken, readBytes: taken.readBytes - besides };
        },
        columns: async () => ({ seconds: 0, readBytes: stored }),
        bare: async () => {
          const target = lab.at("bare.csv");
          const task = { paths, column, values, rows, target };
          const taken = await lab.peer("bare-filter.js", task);
          expectSame(JSON.parse(taken.stdout).rows, rows, "rows of the bare copy");
          expectSame(columnsOf(target), ["phone"], "columns of the bare copy");
          return taken;
        },
      },
      facts: () => [
        `Filters: ${values.length} values of ${column}, ${count(rows)} numbers of a pool of ${megabytes(bytes)}`,
      ],
    };
  },
};

/**
 * Values that about a hundredth of the rows have together, and nine tenths of the different phones of these.
 * @param {readonly string[]} paths
 * @param {number} candidates
 */
async function oneInAHundred(paths, candidates) {
  const cell = `raw_data.${name(column)}`;
  const found = await query(`
    select ${cell} as value, count(distinct phone)::integer as phones
    from ${pool(paths)}
    where ${cell} <> ''
    group by value
    order by hash(value)`);
  /** @type {string[]} */
  const values = [];
  let phones = 0;
  for (const row of found) {
    if (phones >= candidates / 100) break;
    values.push(String(row.value));
    phones += Number(row.phones);
  }
  const [exact] = await query(`
    select count(distinct phone)::integer as phones
    from ${pool(paths)}
    where ${cell} in (${values.map(text).join(", ")})`);
  return { values, rows: Math.floor(Number(exact?.phones) * 0.9) };
}

/** Of the column, and of the phones as often as an order reads them, compressed. @param {readonly string[]} paths */
async function storedBytes(paths) {
  const [found] = await query(`
    select sum(total_compressed_size * if(path_in_schema = 'phone', 3, 1))::bigint as bytes
    from parquet_metadata([${paths.map(text).join(", ")}])
    where path_in_schema in ('phone', ${text(`raw_data, ${column}`)})`);
  return Number(found?.bytes);
}

/** @param {string} path @param {readonly string[]} paths @param {readonly string[]} values */
async function checkWanted(path, paths, values) {
  const [found] = await query(`
    select count(*) as unwanted
    from read_csv(${text(path)}, header = true, columns = {phone: 'BIGINT'})
    where phone not in (
      select phone from ${pool(paths)}
      where raw_data.${name(column)} in (${values.map(text).join(", ")})
    )`);
  expectSame(found?.unwanted, 0, "numbers that were not asked for");
}
