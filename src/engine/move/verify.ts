/**
 * Whether both sides hold the same: counts, sums of phones, and sums of what each row hashes to, which both engines work out by
 * themselves from what they have. The pool is compared file by file, sales by the day, the rest table by table.
 */
import { join } from "node:path";
import { exitCode, UserError } from "../../errors.ts";
import { identifier } from "../duckdb/statements.ts";
import type { Row } from "../session.ts";
import { fragment, joined } from "../statements.ts";
import { readCopies } from "./histories.ts";
import { rowIn, sourceIn, tables } from "./tables.ts";
import { type Carrying, type PoolFile, readPoolFiles } from "./to-clickhouse.ts";

/** What was compared, and found to be the same. */
export type Verified = {
  readonly poolFiles: number;
  readonly numbers: number;
  readonly sales: number;
  readonly picks: number;
  readonly rows: Readonly<Record<string, number>>;
};

/** Throws `integrity` at the first difference, naming it. */
export async function verify(carrying: Carrying): Promise<Verified> {
  const { numbers, files: poolFiles } = await verifyPool(carrying);
  carrying.progress.begin("comparing the ledger");
  const sales = await verifySales(carrying);
  const picks = await verifyPicks(carrying);
  const rows: Record<string, number> = {};
  for (const table of tables) {
    carrying.progress.begin(`comparing ${table.name}`);
    const [here] = await carrying.catalog.rows(
      "sum_moved_rows",
      {},
      { row: rowIn("duckdb", table), table: sourceIn("duckdb", table) },
    );
    const [there] = await carrying.server.rows(
      "sum_moved_rows",
      {},
      { row: rowIn("clickhouse", table), table: sourceIn("clickhouse", table) },
    );
    requireSame(`the table ${table.name}`, here, there);
    rows[table.name] = Number(here?.numbers);
  }
  return { poolFiles, numbers, sales, picks, rows };
}

async function verifyPool({ home, progress, catalog, files, server }: Carrying) {
  const pool = await readPoolFiles(catalog);
  progress.begin("comparing the pool", { rows: pool.reduce((sum, one) => sum + one.numbers, 0) });
  const there = new Map<string, Row>();
  for (const date of new Set(pool.map((one) => one.date))) {
    for (const row of await server.rows("sum_moved_pool", { date })) {
      there.set(String(row.path), row);
    }
  }
  let numbers = 0;
  for (const one of pool) {
    const [here] = await files.rows(
      "sum_moved_pool",
      {
        file: join(home.folder, one.file),
        before: one.firstRow,
        first: one.firstRow,
        last: one.firstRow + one.rows - 1,
      },
      { cells: cellsOf(one) },
    );
    // The catalog says how many there are, whatever the file holds.
    requireSame(one.path, here, { numbers: one.numbers });
    requireSame(one.path, here, there.get(one.path) ?? nothing);
    numbers += one.numbers;
    progress.at({ rows: numbers });
  }
  return { files: pool.length, numbers };
}

/** All of them were erased: the server has no row to add up. */
const nothing: Row = { numbers: 0, phones: "0", least: "0", most: "0", sum: "0" };

function cellsOf({ columns }: PoolFile) {
  return joined(
    columns.map((column) => {
      const cell = fragment`raw_data.${identifier(column)}`;
      return fragment`coalesce(strlen(${cell}) || ':' || ${cell}, '-')`;
    }),
    " || ",
  );
}

async function verifySales({ home, catalog, files, server }: Carrying): Promise<number> {
  const byDay = (rows: readonly Row[]) => new Map(rows.map((row) => [String(row.day), row]));
  const here = byDay(await catalog.rows("sum_moved_sales"));
  const there = byDay(await server.rows("sum_moved_sales"));
  for (const day of new Set([...here.keys(), ...there.keys()])) {
    requireSame(`the sales of ${day}`, here.get(day) ?? none, there.get(day) ?? none);
  }
  const { histories } = await readCopies(catalog, home);
  const rows = await server.rows("sum_moved_histories");
  const lists = new Map(rows.map((row) => [String(row.import_id), row]));
  for (const { importId, copy, since } of histories) {
    const [sum] = await files.rows("sum_moved_history", { copy, since });
    requireSame(`the history ${importId}`, sum, lists.get(importId) ?? none);
    lists.delete(importId);
  }
  for (const [importId, row] of lists) requireSame(`the history ${importId}`, none, row);
  return [...here.values()].reduce((sum, row) => sum + Number(row.numbers), 0);
}

const none: Row = { numbers: 0, phones: "0", sum: "0" };

async function verifyPicks({ home, progress, catalog, files, server }: Carrying): Promise<number> {
  progress.begin("comparing what orders took");
  const { ofOrders } = await readCopies(catalog, home);
  let numbers = 0;
  for (const [day, copies] of ofOrders) {
    const [here] = await files.rows("sum_moved_picks", { copies });
    const [there] = await server.rows("sum_moved_picks", { day });
    requireSame(`what orders of ${day} took`, here, there);
    numbers += Number(here?.numbers);
  }
  const [all] = await server.rows("count_moved_picks");
  requireSame("what orders took", { numbers }, all);
  return numbers;
}

/** What both say is compared; that something is said at all is certain, as neither statement gives no row. */
function requireSame(what: string, here: Row | undefined, there: Row | undefined): void {
  if (here === undefined || there === undefined) throw new Error(`${what} was not added up`);
  for (const [key, value] of Object.entries(here)) {
    const other = there[key];
    if (key === "day" || other === undefined || String(other) === String(value)) continue;
    throw new UserError(
      exitCode.integrity,
      `${what} is not the same on both sides: ${key} ${value} in the home, ${other} on the server. Nothing may be sold from ` +
        "where the numbers were to go: numbers move --cancel gives the move up, and numbers doctor looks the home through",
    );
  }
}
