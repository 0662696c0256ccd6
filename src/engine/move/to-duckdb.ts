/** Bringing the numbers of a server into a home: the tables, pool files, the ledger, and the copies of it beside the database. */
import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { sumOfFile } from "../../checksum.ts";
import { exitCode, UserError } from "../../errors.ts";
import { makeFolder, syncNamed } from "../../home.ts";
import { dayOfOrder } from "../clickhouse/orders.ts";
import { ledgerCopyPath, pending, publishLedgerCopy } from "../duckdb/ledger-copies.ts";
import { identifier } from "../duckdb/statements.ts";
import type { Row } from "../session.ts";
import { fragment, joined } from "../statements.ts";
import { columnsBack, orderBack, sourceIn, type Table, tables } from "./tables.ts";
import { type Carrying, type PoolFile, readPoolFiles } from "./to-clickhouse.ts";

/** Sales that are read at one go, unless a single day has more. */
const spanRows = 2_000_000;

/** The log and its head get an entry when all is there: until then they are read again each time. */
const readAgain = new Set(["audit", "meta"]);

/** `catalog` is a new database with its tables, which gets its name when all is verified. */
export async function carryToDuckdb(carrying: Carrying): Promise<void> {
  for (const table of tables) await carryTable(carrying, table);
  await carryPool(carrying);
  await carrySales(carrying);
  await carryCopies(carrying);
  await carryHistories(carrying);
}

async function carryTable(
  { home, carried, progress, catalog, server }: Carrying,
  table: Table,
): Promise<void> {
  if (carried.has(table.name) && !readAgain.has(table.name)) return;
  progress.begin(`bringing ${table.name}`);
  const path = join(home.temporary, "rows.parquet");
  await server.fetch(
    "fetch_moved_rows",
    path,
    {},
    {
      columns: columnsBack(table),
      table: sourceIn("clickhouse", table),
      order: orderBack(table),
    },
  );
  const named = { table: identifier(table.name) };
  await catalog.transaction(async () => {
    if (table.name === "meta") {
      await catalog.run("delete_moved_meta");
      await catalog.run("load_journal_meta", { path });
      return;
    }
    await catalog.run("delete_moved_rows", {}, named);
    await catalog.run("load_journal_table", { path }, named);
  });
  if (!readAgain.has(table.name)) await carried.add(table.name);
}

async function carryPool(carrying: Carrying): Promise<void> {
  const { carried, progress, catalog } = carrying;
  const pool = await readPoolFiles(catalog);
  progress.begin("bringing the pool", { rows: pool.reduce((sum, one) => sum + one.numbers, 0) });
  let rows = 0;
  for (const one of pool) {
    if (!carried.has(one.path)) {
      await writePoolFile(carrying, one);
      await carried.add(one.path);
    }
    rows += one.numbers;
    progress.at({ rows });
  }
}

/** A file as an import writes it, with an empty row in the place of each that was erased. */
async function writePoolFile(carrying: Carrying, file: PoolFile): Promise<void> {
  const { home, catalog, files, server } = carrying;
  const source = join(home.temporary, "rows.parquet");
  const fresh = join(home.temporary, "pool.parquet");
  const { path, date, provider } = file;
  await server.fetch("fetch_moved_pool", source, { path, date, provider });
  const cells = joined(
    file.columns.map((name, n) => fragment`${identifier(name)} := cells[${n + 1}]`),
    ", ",
  );
  const isWhole = file.rows === file.numbers;
  const written = await files.run(
    isWhole ? "write_moved_pool" : "write_moved_gaps",
    { source, target: fresh, ...(isWhole ? {} : { rows: file.rows }) },
    { cells },
  );
  if (written !== file.rows) {
    throw new UserError(
      exitCode.integrity,
      `${path} should have ${file.rows} rows, the server has ${written}: numbers doctor on the server says more; numbers move ` +
        "--cancel gives the move up",
    );
  }
  const target = join(home.folder, path);
  makeFolder(dirname(target), home.pool);
  renameSync(fresh, target);
  syncNamed(target, home.pool);
  await catalog.run("update_moved_file", {
    path,
    bytes: statSync(target).size,
    sum: await sumOfFile(target, carrying.signal),
  });
}

async function carrySales({ home, carried, progress, catalog, server }: Carrying): Promise<void> {
  const days = await server.rows("count_moved_sales");
  let rows = 0;
  progress.begin("bringing the ledger", {
    rows: days.reduce((sum, { numbers }) => sum + Number(numbers), 0),
  });
  const path = join(home.temporary, "sales.parquet");
  for (const { from, until, numbers } of spansOf(days)) {
    const name = `sales ${from} ${until}`;
    if (!carried.has(name)) {
      await server.fetch("fetch_moved_sales", path, { from, until });
      await catalog.transaction(async () => {
        // Those of a process that was killed before it could note that they are here.
        await catalog.run("delete_moved_sales", { from, until });
        await catalog.run("load_sales", { paths: [path] });
      });
      await carried.add(name);
    }
    rows += numbers;
    progress.at({ rows });
  }
}

function spansOf(days: readonly Row[]) {
  const spans: { from: string; until: string; numbers: number }[] = [];
  for (const row of days) {
    const [day, numbers] = [String(row.day), Number(row.numbers)];
    const last = spans.at(-1);
    if (last && last.numbers + numbers <= spanRows) {
      Object.assign(last, { until: day, numbers: last.numbers + numbers });
    } else spans.push({ from: day, until: day, numbers });
  }
  return spans;
}

/** Each order's copy of its sales, with the rows of the pool that it took. */
async function carryCopies(carrying: Carrying): Promise<void> {
  const { home, carried, progress, catalog, files, server } = carrying;
  const byDay = new Map<string, Row[]>();
  for (const row of await catalog.rows("select_moved_orders")) {
    if (row.is_pruned === true) continue;
    const day = dayOfOrder(row.reserved_at as Date);
    byDay.set(day, [...(byDay.get(day) ?? []), row]);
  }
  progress.begin("bringing what orders took");
  const source = join(home.temporary, "picks.parquet");
  for (const [day, orders] of byDay) {
    if (carried.has(`copies of ${day}`)) continue;
    await server.fetch("fetch_moved_picks", source, { day });
    const counted = await files.rows("count_moved_picks", { source });
    const numbersOf = new Map(counted.map((row) => [String(row.order_id), Number(row.numbers)]));
    for (const order of orders) {
      const id = String(order.order_id);
      const numbers = numbersOf.get(id) ?? 0;
      if (numbers > 0) await writeCopy(carrying, order, source);
      if (order.is_live !== true || numbers === Number(order.numbers)) continue;
      throw new UserError(
        exitCode.integrity,
        `order ${id} has ${order.numbers} numbers, of ${numbers} the server knows the rows: numbers doctor on the server says ` +
          "more; numbers move --cancel gives the move up",
      );
    }
    await carried.add(`copies of ${day}`);
  }
}

async function writeCopy({ home, catalog, files }: Carrying, order: Row, source: string) {
  const id = String(order.order_id);
  const at = order.reserved_at as Date;
  const copy = ledgerCopyPath(home, id, at);
  const [known] = await catalog.rows("read_order_record", { order_id: id });
  makeFolder(dirname(copy), home.ledger);
  await files.run("write_moved_copy", {
    source,
    order_id: id,
    at: at.toISOString(),
    order: String(known?.record),
    path: copy + pending,
  });
  syncNamed(copy + pending, home.ledger);
  publishLedgerCopy(copy);
}

/** Sales from another system, as the files that their lists left. */
async function carryHistories({ home, carried, catalog, files, server }: Carrying): Promise<void> {
  const path = join(home.temporary, "history.parquet");
  for (const { import_id, numbers } of await server.rows("sum_moved_histories")) {
    const id = String(import_id);
    if (carried.has(`history ${id}`)) continue;
    const [entry] = await catalog.rows("find_history", { import_id: id });
    if (!entry) {
      throw new UserError(
        exitCode.integrity,
        `${numbers} sales belong to no order and to no list that the audit log knows ("${id}"): numbers doctor on the server ` +
          "says more; numbers move --cancel gives the move up",
      );
    }
    await server.fetch("fetch_moved_history", path, { import_id: id });
    const copy = ledgerCopyPath(home, id, entry.done_at as Date);
    makeFolder(dirname(copy), home.ledger);
    const { lines, accepted, rejected } = JSON.parse(String(entry.details));
    const at = (entry.done_at as Date).toISOString();
    await files.run("write_history_copy", {
      paths: [path],
      path: copy + pending,
      history: JSON.stringify({ import_id: id, at, lines, accepted, rejected }),
    });
    syncNamed(copy + pending, home.ledger);
    publishLedgerCopy(copy);
    await carried.add(`history ${id}`);
  }
}

/** Takes away what a move brought, when it is given up: the home had nothing of the kind before. */
export function removeBrought({ database, pool, ledger, folder }: Carrying["home"]): void {
  for (const path of [
    database,
    `${database}.wal`,
    join(folder, "journal"),
    join(folder, "views"),
  ]) {
    rmSync(path, { recursive: true, force: true });
  }
  for (const path of [pool, ledger]) {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path, { mode: 0o700 });
  }
}
