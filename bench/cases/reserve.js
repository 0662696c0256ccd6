// @ts-check
/**
 * Taking N numbers out of a window and marking them sold, beside others who do the same with the same candidates and sales.
 * What is compared is the part from opening the database until what was sold is safe; start-up and delivery are not in it.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { expectSame, query } from "../answers.js";
import * as clickhouse from "../clickhouse.js";
import { megabytes } from "../lab.js";
import { market, provider, takeByTheBook, takeOrder } from "../market.js";
import { count, measureProgram } from "../measure.js";
import { pool, text } from "../peers/peer.js";
import { startPostgres } from "../postgres.js";

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
      peer: "textbook: `LEFT JOIN … IS NULL`, distinct, the row's columns carried along, `LIMIT`, insert",
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
      title: "reserve, phones only",
      peer: "the same textbook query of phones alone, carrying nothing along",
      against: "narrow",
      goal: 0.4,
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
    const table = await writeTables(lab, sold, paths);
    const needed = { rows, candidates, sales, ...table };
    return {
      contestants: {
        ours: () => takeOrder(lab, { from: sold, rows, paths, options: ["--columns", "phone"] }),
        distinct: () => takeByTheBook(lab, { ...book, columns, variant: "distinct" }),
        newest: () => takeByTheBook(lab, { ...book, columns, variant: "newest" }),
        narrow: () => takeByTheBook(lab, { ...book, columns: [], variant: "distinct" }),
        lean: () => takeByTheBook(lab, { ...book, columns: [], variant: "lean" }),
        plain: () => takeByTheBook(lab, { ...book, columns, variant: "plain" }),
        ...byCoreutils(lab, needed),
        ...byClickhouse(lab, needed),
        ...(await byPostgres(lab, needed)),
      },
      facts: () => [
        `Market: ${count(candidates)} candidates of ${provider} on ${lab.sizes.market.files} days (${megabytes(bytes)}, ingested by the program), ${count(sales)} sales, three tenths of them of ${provider}, a fifth of the candidates among them; orders of ${count(rows)} numbers`,
        "The sales were laid into the ledger by SQL, order after order as time went, each sorted by phone: selling them one order at a time takes hours",
      ],
    };
  },
};

/**
 * The candidates and the sales as others read them.
 * @param {import("../lab.js").Lab} lab
 * @param {string} home
 * @param {readonly string[]} paths
 */
async function writeTables(lab, home, paths) {
  const candidates = lab.at("candidates.csv");
  const sales = lab.at("sales.csv");
  const sorted = lab.at("sorted.csv");
  await query(
    `copy (select phone from ${pool(paths)}) to ${text(candidates)} (format csv, header false);
    copy (select phone, sold_at from home.ledger) to ${text(sales)} (format csv, header false);
    copy (select phone from home.ledger order by phone::varchar) to ${text(sorted)} (format csv, header false)`,
    home,
  );
  return { candidatesFile: candidates, salesFile: sales, sortedFile: sorted };
}

/**
 * @typedef {{ rows: number, candidates: number, sales: number, candidatesFile: string, salesFile: string, sortedFile: string }} Needed
 * @typedef {Record<string, import("../lab.js").Contestant>} Contestants
 */

/** @param {import("../lab.js").Lab} lab @param {Needed} needed @returns {Contestants} */
function byCoreutils(lab, { rows, sales, candidatesFile, sortedFile }) {
  const tools = ["bash", "sort", "comm", "head"];
  if (tools.some((tool) => spawnSync(tool, ["--version"]).status !== 0)) {
    lab.skip("coreutils", `one of ${tools.join(", ")} is missing or is not GNU's`);
    return {};
  }
  const [picks, after] = [lab.at("picks.csv"), lab.at("after.csv")];
  const script = `set -e; export LC_ALL=C
    sort -u -S 25% --parallel=${lab.threads} "$1" | comm -23 - "$2" | head -n ${rows} > "$3"
    sort -m "$2" "$3" > "$4"; sync "$4"`;
  return {
    coreutils: async () => {
      const taken = await measureProgram(
        ["bash", "-c", script, "bash", candidatesFile, sortedFile, picks, after],
        { folder: lab.folder },
      );
      const csv = (/** @type {string} */ path) =>
        `read_csv(${text(path)}, header = false, columns = {phone: 'BIGINT'})`;
      const [found] = await query(`select
        (select count(*) from ${csv(picks)}) as rows,
        (select count(distinct phone) from ${csv(picks)}) as phones,
        (select count(*) from ${csv(picks)} where phone in (select phone from ${csv(sortedFile)})) as again,
        (select count(*) from ${csv(after)}) as sales`);
      expectSame(found?.rows, rows, "numbers taken by coreutils");
      expectSame(found?.phones, rows, "different numbers taken by coreutils");
      expectSame(found?.again, 0, "numbers taken by coreutils that were sold before");
      expectSame(found?.sales, sales + rows, "sales after coreutils");
      rmSync(after);
      return { ...taken, stepSeconds: taken.seconds };
    },
  };
}

/** @param {import("../lab.js").Lab} lab @param {Needed} needed @returns {Contestants} */
function byClickhouse(lab, { rows, candidatesFile, salesFile }) {
  if (!clickhouse.isHere(lab)) return {};
  const folder = lab.at("clickhouse");
  let isFilled = false;
  const fill = async () => {
    await lab.peer("clickhouse.js", {
      folder,
      statements: [
        "create database bench engine = Atomic",
        "create table bench.candidate (phone UInt64) engine = MergeTree order by tuple()",
        `create table bench.ledger (phone UInt64, sold_at DateTime, order_id LowCardinality(String))
        engine = MergeTree partition by order_id = 'bench' order by phone`,
        `insert into bench.candidate select * from file(${text(candidatesFile)}, 'CSV', 'phone UInt64')`,
        `insert into bench.ledger
        select phone, parseDateTimeBestEffort(sold_at), 'laid' from file(${text(salesFile)}, 'CSV', 'phone UInt64, sold_at String')`,
        "optimize table bench.ledger",
      ],
    });
    isFilled = true;
  };
  return {
    clickhouse: async () => {
      if (!isFilled) await fill();
      const taken = await lab.peer("clickhouse.js", {
        folder,
        statements: [
          `insert into bench.ledger
          select distinct phone, now(), 'bench'
          from bench.candidate c
          left anti join (select phone from bench.ledger where sold_at > now() - interval 30 day) l on l.phone = c.phone
          limit ${rows}`,
        ],
        question: `select
          count(), uniqExact(phone),
          (select count() from bench.ledger where order_id = 'laid' and phone in (select phone from bench.ledger where order_id = 'bench'))
        from bench.ledger where order_id = 'bench'`,
      });
      const { seconds, answer } = JSON.parse(taken.stdout);
      expectSame(
        answer,
        `${rows},${rows},0`,
        "numbers, different ones, and sold before, in ClickHouse",
      );
      await lab.peer("clickhouse.js", {
        folder,
        statements: ["alter table bench.ledger drop partition 1"],
      });
      return { ...taken, stepSeconds: seconds };
    },
  };
}

/** @param {import("../lab.js").Lab} lab @param {Needed} needed @returns {Promise<Contestants>} */
async function byPostgres(lab, { rows, candidates, sales, candidatesFile, salesFile }) {
  const server = await startPostgres(lab);
  if (!server) return {};
  await server.ask("create unlogged table candidate (phone bigint)");
  // Without an index: for a set as large as this the planner reads all of it anyway, and the insert would pay for it.
  await server.ask("create table ledger (phone bigint not null, sold_at timestamptz not null)");
  await server.ask(`copy candidate from ${text(candidatesFile)} (format csv)`);
  await server.ask(`copy ledger from ${text(salesFile)} (format csv)`);
  await server.ask("vacuum analyze");
  expectSame(
    await server.ask("select count(*) from candidate"),
    candidates,
    "candidates in PostgreSQL",
  );
  return {
    postgres: async () => {
      await server.ask("checkpoint");
      const taken = await server.measure(`
        insert into ledger
        select distinct c.phone, timestamptz 'infinity'
        from candidate c
        where not exists (
          select from ledger l where l.phone = c.phone and l.sold_at > now() - interval '30 days'
        )
        limit ${rows};`);
      const found = await server.ask(`
        select
          count(*) || ',' || count(distinct phone) || ','
            || (select count(*) from ledger where sold_at < 'infinity' and phone in (select phone from ledger where sold_at = 'infinity'))
        from ledger where sold_at = 'infinity'`);
      expectSame(
        found,
        `${rows},${rows},0`,
        "numbers, different ones, and sold before, in PostgreSQL",
      );
      await server.ask("delete from ledger where sold_at = 'infinity'");
      await server.ask("vacuum ledger");
      expectSame(await server.ask("select count(*) from ledger"), sales, "sales in PostgreSQL");
      return { ...taken, stepSeconds: taken.seconds };
    },
  };
}
