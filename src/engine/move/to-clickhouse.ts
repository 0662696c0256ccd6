/** Carrying an embedded home over: pool files, sales, what orders picked, and the tables, in blocks that arrive whole. */
import { join } from "node:path";
import { sumOfFile } from "../../checksum.ts";
import { exitCode, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import type { Progress } from "../../progress.ts";
import { blockRows, writeBlocks } from "../clickhouse/pool-blocks.ts";
import type { Session as ServerSession } from "../clickhouse/session.ts";
import type { Session } from "../duckdb/session.ts";
import { statement } from "../duckdb/statements.ts";
import type { Parameters, Row } from "../session.ts";
import type { Carried } from "./carried.ts";
import { type Copies, readCopies } from "./histories.ts";
import { columnsOut, columnsThere, sourceIn, type Table, tables, tableThere } from "./tables.ts";

/** Days of one insert: each is a partition of its own. */
const blockDays = 80;

export type Carrying = {
  readonly home: Home;
  /** Of the move: part of every token. */
  readonly id: string;
  readonly carried: Carried;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  /** The home's catalog, which nobody changes any more. */
  readonly catalog: Session;
  /** For work on files. */
  readonly files: Session;
  readonly server: ServerSession;
};

export async function carryToClickhouse(carrying: Carrying): Promise<void> {
  await carryPool(carrying);
  const copies = await readCopies(carrying.catalog, carrying.home);
  await carrySales(carrying, copies);
  await carryPicks(carrying, copies);
  for (const table of tables) await carryTable(carrying, table);
}

/** A row of `pool_files`. */
export type PoolFile = {
  readonly path: string;
  /** Where its rows lie, in the home. */
  readonly file: string;
  readonly firstRow: number;
  readonly rows: number;
  readonly numbers: number;
  readonly date: string;
  readonly provider: string;
  readonly columns: readonly string[];
  readonly sum: string | undefined;
};

export async function readPoolFiles(catalog: Session): Promise<PoolFile[]> {
  return (await catalog.rows("select_moved_files")).map(poolFileOf);
}

function poolFileOf(row: Row): PoolFile {
  return {
    path: String(row.path),
    file: String(row.file),
    firstRow: Number(row.first_row),
    rows: Number(row.rows),
    numbers: Number(row.numbers),
    date: String(row.date),
    provider: String(row.provider),
    columns: row.columns as string[],
    sum: row.sum === null ? undefined : String(row.sum),
  };
}

async function carryPool(carrying: Carrying): Promise<void> {
  const { home, id, carried, progress, signal, catalog, files, server } = carrying;
  const pool = await readPoolFiles(catalog);
  const checked = new Set<string>();
  let rows = 0;
  progress.begin("carrying the pool", { rows: pool.reduce((sum, one) => sum + one.numbers, 0) });
  for (const one of pool) {
    if (!carried.has(one.path)) {
      const path = join(home.folder, one.file);
      if (one.sum !== undefined && !checked.has(one.file)) {
        await requireUnchanged(path, one.sum, signal);
        checked.add(one.file);
      }
      const found = { ...one, path, poolPath: one.path };
      for await (const block of writeBlocks(files, [found], home.temporary)) {
        await server.send("insert_pool", block.path, `${id} ${block.token}`);
        rows += block.rows;
        progress.at({ rows });
      }
      await carried.add(one.path);
    } else rows += one.numbers;
    progress.at({ rows });
  }
}

/** Parquet has no checksums: what is damaged would be carried as if it were whole. */
async function requireUnchanged(
  path: string,
  sum: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const now = await sumOfFile(path, signal).catch((error: NodeJS.ErrnoException) => {
    signal?.throwIfAborted();
    return error.code;
  });
  if (now === sum) return;
  throw new UserError(
    exitCode.integrity,
    `${path} is missing or does not hold what was written, so the home cannot be moved: put it back from a backup, then ` +
      "go on; numbers move --cancel gives the move up",
  );
}

async function carrySales(carrying: Carrying, { histories }: Copies): Promise<void> {
  const { carried, progress } = carrying;
  progress.begin("carrying the ledger");
  const orders = { sql: statement("moved_order_sales") };
  if (!carried.has("sales of orders")) {
    await carryDays(carrying, "sales of orders", orders, {});
    await carried.add("sales of orders");
  }
  const history = { sql: statement("moved_history_sales") };
  for (const { importId, copy, since } of histories) {
    const name = `sales of ${importId}`;
    if (carried.has(name)) continue;
    await carryDays(carrying, name, history, { import_id: importId, copy, since });
    await carried.add(name);
  }
}

type Span = { from: string; until: string; days: number; numbers: number };

/** Days that follow each other, as many as one insert takes; one that is too large by itself stands alone. */
function spansOf(days: readonly Row[]): Span[] {
  const spans: Span[] = [];
  for (const row of days) {
    const [day, numbers] = [String(row.day), Number(row.numbers)];
    const last = spans.at(-1);
    if (last && last.days < blockDays && last.numbers + numbers <= blockRows) {
      Object.assign(last, { until: day, days: last.days + 1, numbers: last.numbers + numbers });
    } else spans.push({ from: day, until: day, days: 1, numbers });
  }
  return spans;
}

async function carryDays(
  { home, id, carried, catalog, server }: Carrying,
  name: string,
  sales: { readonly sql: string },
  parameters: Parameters,
): Promise<void> {
  const target = join(home.temporary, "sales.parquet");
  for (const { from, until, numbers } of spansOf(
    await catalog.rows("count_moved_sales", parameters, { sales }),
  )) {
    const parts = Math.ceil(numbers / blockRows);
    for (let part = 0; part < parts; part += 1) {
      const token = `${name} ${from} ${until} ${part}`;
      if (carried.has(token)) continue;
      const span = { from, until, part, parts, target };
      await catalog.run("write_moved_sales", { ...parameters, ...span }, { sales });
      await server.send("insert_moved_sales", target, `${id} ${token}`);
      await carried.add(token);
    }
  }
}

async function carryPicks(
  { home, id, carried, progress, files, server }: Carrying,
  { ofOrders }: Copies,
): Promise<void> {
  progress.begin("carrying what orders took");
  const target = join(home.temporary, "picks.parquet");
  for (const [day, copies] of ofOrders) {
    if (carried.has(`picks of ${day}`)) continue;
    for (const { some, first, last } of await batchesOf(files, copies)) {
      const token = `picks of ${day} ${some[0]?.slice(home.ledger.length)} ${first}`;
      if (carried.has(token)) continue;
      await files.run("write_moved_picks", { copies: some, first, last, target });
      await server.send("insert_moved_picks", target, `${id} ${token}`);
      await carried.add(token);
    }
    await carried.add(`picks of ${day}`);
  }
}

type Batch = { some: string[]; first: number; last: number };

/** Copies of a day that fit into one insert together, or parts of one that does not fit alone. */
async function batchesOf(files: Session, copies: readonly string[]): Promise<Batch[]> {
  const rows = await files.rows("count_copies", { copies });
  const numbersOf = new Map(rows.map((row) => [String(row.copy), Number(row.numbers)]));
  const batches: Batch[] = [];
  let room = 0;
  for (const copy of copies) {
    const numbers = numbersOf.get(copy) ?? 0;
    const last = batches.at(-1);
    if (last && numbers <= room) {
      last.some.push(copy);
      room -= numbers;
      continue;
    }
    for (let first = 0; first < numbers; first += blockRows) {
      batches.push({ some: [copy], first, last: first + blockRows - 1 });
    }
    room = blockRows - numbers;
  }
  return batches;
}

async function carryTable(
  { home, id, carried, progress, catalog, server }: Carrying,
  table: Table,
): Promise<void> {
  const source = sourceIn("duckdb", table);
  const [measure] = await catalog.rows("measure_moved_rows", {}, { table: source });
  const last = Number(measure?.last ?? -1);
  const rows = Number(measure?.rows);
  progress.begin(`carrying ${table.name}`, { rows });
  const target = join(home.temporary, "rows.parquet");
  const there = { table: tableThere(table), columns: columnsThere(table) };
  for (let first = 0; first <= last; first += blockRows) {
    const token = `${table.name} ${first}`;
    if (!carried.has(token)) {
      const written = await catalog.run(
        "write_moved_rows",
        { first, last: first + blockRows - 1, target },
        { table: source, columns: columnsOut(table) },
      );
      // Rows of that place were all deleted.
      if (written > 0) await server.send("insert_moved_rows", target, `${id} ${token}`, {}, there);
      await carried.add(token);
    }
    progress.at({ rows: Math.min(first + blockRows, rows) });
  }
}
