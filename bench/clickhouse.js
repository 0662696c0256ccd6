// @ts-check
/** ClickHouse as a peer, through the package chdb. */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { expectSame } from "./answers.js";
import { run } from "./measure.js";
import { text } from "./peers/peer.js";

/** The version whose figures are compared; it has ClickHouse 26.7. */
const wanted = "chdb@3.4.0";

/** By itself it leaves to the system when to write what is committed. */
const synced = "settings fsync_after_insert = 1, fsync_part_directory = 1";

/** @param {import("./lab.js").Lab} lab */
export function isHere(lab) {
  if (!lab.hasGuests) return false;
  if (!isInstalled()) lab.skip("ClickHouse", `not installed: npm install ${wanted}`);
  return isInstalled();
}

function isInstalled() {
  return existsSync(resolve(import.meta.dirname, "../node_modules/chdb"));
}

/** @param {string} folder */
function bytesBelow(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.reduce(
    (sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size,
    0,
  );
}

/** For the page: none where it is not installed. */
export async function clickhouseVersion() {
  if (!isInstalled()) return [];
  const script = resolve(import.meta.dirname, "peers/clickhouse.js");
  const task = JSON.stringify({ statements: [], question: "select version()", threads: 1 });
  const { stdout } = await run([process.execPath, script, task]);
  return [`ClickHouse ${String(JSON.parse(stdout).answer).replaceAll('"', "")} (${wanted})`];
}

/**
 * The list into a table by day and provider, the phone normalised, everything else as text.
 * @param {import("./lab.js").Lab} lab
 * @param {{ source: string, rows: number, columns: readonly string[] }} list the phone is its first column
 * @returns {import("./lab.js").Contestant}
 */
export function ingest(lab, { source, rows, columns }) {
  const quoted = (/** @type {string} */ column) => `\`${column}\``;
  const texts = columns.map((column) => `${quoted(column)} String`);
  const stored = columns.map((column) => `${quoted(column)} String codec(ZSTD(1))`);
  const digits = `replaceRegexpAll(${quoted(String(columns[0]))}, '[^0-9]', '')`;
  return async () => {
    const folder = lab.at("clickhouse");
    rmSync(folder, { recursive: true, force: true });
    const taken = await lab.peer("clickhouse.js", {
      folder,
      statements: [
        "create database bench engine = Atomic",
        `create table bench.pool (
          phone UInt64 codec(ZSTD(1)), provider LowCardinality(String), day Date, ${stored.join(", ")}
        ) engine = MergeTree partition by (day, provider) order by tuple() ${synced}`,
        `insert into bench.pool
        select
          toUInt64OrZero(concat('62', replaceRegexpOne(${digits}, '^(0|62)', ''))) as phone,
          ${providerOf("substring(toString(phone), 3, 3)")} as provider,
          today(),
          ${columns.map(quoted).join(", ")}
        from file(${text(source)}, 'CSVWithNames', ${text(texts.join(", "))})`,
      ],
      question: "select count() from bench.pool",
    });
    expectSame(JSON.parse(taken.stdout).answer, rows, "rows in ClickHouse");
    const storedBytes = bytesBelow(join(folder, "store"));
    rmSync(folder, { recursive: true });
    return { ...taken, storedBytes };
  };
}

/** @param {import("./lab.js").Lab} lab @param {import("./tables.js").Tables} needed @returns {Promise<Record<string, import("./lab.js").Contestant>>} */
export async function reserve(lab, { rows, candidatesFile, salesFile }) {
  if (!isHere(lab)) return {};
  const folder = lab.at("clickhouse");
  await lab.peer("clickhouse.js", {
    folder,
    statements: [
      "create database bench engine = Atomic",
      "create table bench.candidate (phone UInt64) engine = MergeTree order by tuple()",
      `create table bench.ledger (phone UInt64, sold_at DateTime, order_id LowCardinality(String))
        engine = MergeTree partition by order_id = 'bench' order by phone ${synced}`,
      `insert into bench.candidate select * from file(${text(candidatesFile)}, 'CSV', 'phone UInt64')`,
      `insert into bench.ledger
        select phone, parseDateTimeBestEffort(sold_at), 'laid' from file(${text(salesFile)}, 'CSV', 'phone UInt64, sold_at String')`,
      "optimize table bench.ledger",
    ],
  });
  return {
    clickhouse: async () => {
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

/** The provider by the three digits behind 62, as a `case` that both engines read. @param {string} digits */
export function providerOf(digits) {
  return `case
    when ${digits} in ('811','812','813','821','822','823','851','852','853') then 'tsel'
    when ${digits} in ('814','815','816','855','856','857','858') then 'isat'
    when ${digits} in ('895','896','897','898','899') then 'tri'
    when ${digits} in ('817','818','819','859','877','878','879') then 'xl'
    when ${digits} in ('831','832','833','838') then 'axis'
    when ${digits} like '88_' then 'sf'
    else 'other' end`;
}
