// @ts-check
/**
 * Taking N numbers out of a window and marking them sold, beside others who do the same with the same candidates and sales.
 * What is compared is the part from opening the database until what was sold is safe; start-up and delivery are not in it.
 */
import { rmSync } from "node:fs";
import * as clickhouse from "../clickhouse.js";
import { reserveByCoreutils } from "../coreutils.js";
import { megabytes } from "../lab.js";
import { market, provider, takeByTheBook, takeOrder } from "../market.js";
import { count } from "../measure.js";
import { reserveByPostgres } from "../postgres-reserve.js";
import { writeTables } from "../tables.js";

const ours =
  "`seconds.reserve` of `numbers order`: selection, ledger, and a synced copy beside the database";
const step = { of: "ours", ours, figure: /** @type {const} */ ("stepSeconds") };

/** @type {import("../lab.js").Case} */
export const reserve = {
  name: "reserve",
  lines: [
    {
      ...step,
      title: "reserve",
      peer: "textbook: `LEFT JOIN … IS NULL`, distinct, the row's place carried along, `LIMIT`, insert",
      against: "distinct",
      goal: 0.4,
    },
    {
      ...step,
      title: "reserve, newest first",
      peer: "the same with the newest day first",
      against: "newest",
      goal: 0.3,
    },
    {
      ...step,
      title: "reserve, rows carried",
      peer: "the textbook query with the row's columns carried along, as one writes it first",
      against: "carried",
    },
    {
      ...step,
      title: "reserve, phones only",
      peer: "the textbook query of phones alone: what it takes can be marked, and not be delivered",
      against: "narrow",
    },
    {
      ...step,
      title: "reserve, by an expert",
      peer: "phones alone, against the sales of that provider alone",
      against: "lean",
    },
    {
      ...step,
      title: "reserve, not distinct",
      peer: "the textbook query without distinct: a phone may be sold twice in it",
      against: "plain",
    },
    {
      ...step,
      title: "reserve, coreutils",
      peer: "`sort -u | comm -23 | head` of the phones as text, and `sort -m` into the sorted sales",
      against: "coreutils",
    },
    {
      ...step,
      title: "reserve, ClickHouse",
      peer: "ClickHouse in a process: `LEFT ANTI JOIN` of the phones, distinct, `LIMIT`, insert",
      against: "clickhouse",
    },
    {
      ...step,
      title: "reserve, PostgreSQL",
      peer: "PostgreSQL: `NOT EXISTS` of the phones, distinct, `LIMIT`, insert",
      against: "postgres",
    },
    {
      title: "reserve, peak memory",
      ours: "the whole process of that order",
      of: "ours",
      figure: "peakBytes",
      goal: 1e9,
    },
  ],
  checked:
    "as many sales as asked for, of different phones, each in the pool, none sold before; the delivered file has the same",
  async prepare(lab) {
    const { sold, paths, columns, candidates, bytes } = await market(lab);
    const { order: rows, sales } = lab.sizes;
    const book = { from: sold, rows, paths };
    const placed = { ...book, columns: [], hasPlaces: true };
    const tables = await writeTables(lab, sold, { paths, rows, candidates, sales });
    const guests = {
      ...(await clickhouse.reserve(lab, tables)),
      ...(await reserveByPostgres(lab, tables)),
    };
    // Gigabytes at full size; whoever needed it has read it by now.
    rmSync(tables.salesFile);
    return {
      contestants: {
        ours: () => takeOrder(lab, { from: sold, rows, paths, options: ["--columns", "phone"] }),
        distinct: () => takeByTheBook(lab, { ...placed, variant: "distinct" }),
        newest: () => takeByTheBook(lab, { ...placed, variant: "newest" }),
        carried: () => takeByTheBook(lab, { ...book, columns, variant: "distinct" }),
        narrow: () => takeByTheBook(lab, { ...book, columns: [], variant: "distinct" }),
        lean: () => takeByTheBook(lab, { ...book, columns: [], variant: "lean" }),
        plain: () => takeByTheBook(lab, { ...placed, variant: "plain" }),
        ...reserveByCoreutils(lab, tables),
        ...guests,
      },
      facts: () => [
        `Market: ${count(candidates)} candidates of ${provider} on ${lab.sizes.market.files} days (${megabytes(bytes)}, ingested by the program), ${count(sales)} sales, three tenths of them of ${provider}, a fifth of the candidates among them; orders of ${count(rows)} numbers`,
        "The sales were laid into the ledger by SQL, order after order as time went, each sorted by phone: selling them one order at a time takes hours",
      ],
    };
  },
};
