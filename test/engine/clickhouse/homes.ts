/** Two homes with the same facts, one on each engine, made by the verbs themselves; and the tables of ClickHouse, to damage them. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { onTestFinished } from "vitest";
import { sumOfFile } from "../../../src/checksum.ts";
import { connect } from "../../../src/engine/clickhouse/connection.ts";
import { createClickhouseEngine } from "../../../src/engine/clickhouse/engine.ts";
import { rowsOf } from "../../../src/engine/clickhouse/values.ts";
import { createDuckdbEngine } from "../../../src/engine/duckdb/engine.ts";
import type {
  Criteria,
  Engine,
  Import,
  Order,
  OrderRequest,
  SummedFile,
} from "../../../src/engine/engine.ts";
import type { Row } from "../../../src/engine/session.ts";
import { closeHome, type Home, openHome } from "../../../src/home.ts";
import { anyNumber } from "../../../src/orders/criteria.ts";
import { accessTo } from "../access.ts";
import { clickhouseAccessTo, freshDatabase } from "./access.ts";

const hour = 3_600_000;
export const day = 24 * hour;
export const now = new Date("2026-11-20T02:00:00Z");
/** So many days before now. */
export const ago = (days: number) => new Date(now.getTime() - days * day);

export type Engined = { readonly home: Home; readonly engine: Engine };
export type Clickhouse = Engined & {
  readonly database: string;
  /** A statement on the tables, as somebody would give it by hand. */
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<Row[]>;
};

export function createDuckdb(): Engined {
  const home = freshHome();
  return { home, engine: createDuckdbEngine(accessTo(home)) };
}

/** As where a Keeper lets several homes write: for the database, the other is the same one. */
export function share(one: Clickhouse, other: Clickhouse): void {
  copyFileSync(join(one.home.folder, "engine.json"), join(other.home.folder, "engine.json"));
}

/** On a database of its own, unless one is named. */
export function createClickhouse(database = freshDatabase()): Clickhouse {
  const home = freshHome();
  const options = clickhouseAccessTo(home, database);
  const connected = async <T>(
    work: (connection: Awaited<ReturnType<typeof connect>>) => Promise<T>,
  ) => {
    const connection = await connect({
      ...options,
      signal: undefined,
      patienceMs: 0,
    });
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  };
  const run = (sql: string) => connected((connection) => connection.run({ sql, parameters: {} }));
  // Each opening of the folder opens all that is in it.
  onTestFinished(() => run(`drop database if exists ${database} sync`));
  return {
    home,
    database,
    engine: createClickhouseEngine(options),
    run,
    rows: (sql) =>
      connected(async (connection) => rowsOf(await connection.read({ sql, parameters: {} }))),
  };
}

function freshHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), "numbers-homes-"));
  const home = openHome(join(folder, "home"), "test");
  onTestFinished(() => {
    closeHome(home);
    rmSync(folder, { recursive: true, force: true });
  });
  return home;
}

/** A number of the test: 62812 0000 0000 and so many. */
export const phone = (n: number | bigint) => 6281200000000n + BigInt(n);

export type Line = { readonly n: number; readonly cell?: string; readonly city?: string };
export const lines = (first: number, last: number): Line[] =>
  Array.from({ length: last - first + 1 }, (_, index) => ({ n: first + index }));

/** Publishes a list with the columns `phone` and `city`: rows by provider. */
export async function publish(
  { home, engine }: Engined,
  importId: string,
  rows: Readonly<Record<string, readonly Line[]>>,
  overrides: Partial<Import> = {},
): Promise<void> {
  const files: SummedFile[] = [];
  for (const [provider, some] of Object.entries(rows)) {
    files.push(await stage(home, `${importId}-${provider}`, provider, some));
  }
  const numbers = files.reduce((sum, file) => sum + file.numbers, 0);
  const importedAt = overrides.importedAt ?? ago(0.1);
  const publication = await engine.publishImport(
    {
      importId,
      contentHash: `hash of ${importId}`,
      contentBytes: 1,
      fileBytes: 1,
      path: `${importId}.csv`,
      source: undefined,
      category: undefined,
      categoryColumn: undefined,
      categories: [],
      // Jakarta is seven hours ahead.
      date: new Date(importedAt.getTime() + 7 * hour).toISOString().slice(0, 10),
      importedAt,
      recordedAt: importedAt,
      lines: numbers,
      accepted: numbers,
      rejected: 0,
      numbers,
      mismatched: 0,
      reasons: {},
      columns: ["phone", "city"],
      phoneColumn: "phone",
      forced: false,
      erasedPersons: 0,
      ...overrides,
    },
    files,
  );
  if (publication.status !== "published") throw new Error(`${importId}: ${publication.status}`);
}

async function stage(
  home: Home,
  name: string,
  provider: string,
  rows: readonly Line[],
): Promise<SummedFile> {
  const path = join(home.temporary, `${name}.parquet`);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const values = rows.map(
    ({ n, cell = `0${String(phone(n)).slice(2)}`, city = "Bandung" }) =>
      `(${phone(n)}::bigint, {'phone': '${cell}', 'city': '${city}'})`,
  );
  await connection.run(
    `copy (select * from (values ${values.join(", ")}) rows(phone, raw_data)) to '${path}' (format parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  const { length: bytes } = readFileSync(path);
  const sum = await sumOfFile(path);
  return { path, provider, synthetic: false, numbers: rows.length, bytes, sum };
}

const usual: Omit<Criteria, "importedSince" | "soldSince" | "day"> = {
  providers: ["tsel"],
  synthetic: false,
  customer: undefined,
  neverTwice: false,
  ...anyNumber,
};

/** Reserves so many numbers at an instant. */
export async function reserve(
  { engine }: Engined,
  orderId: string,
  count: number,
  at = now,
  criteria: Partial<Criteria> = {},
  overrides: Partial<OrderRequest> = {},
): Promise<Order> {
  const filling = await engine.fillOrder({
    orderId,
    key: undefined,
    count,
    allowPartial: false,
    criteria: {
      ...usual,
      importedSince: new Date(at.getTime() - 3 * day),
      soldSince: new Date(at.getTime() - 30 * day),
      day: at.toISOString().slice(0, 10),
      ...criteria,
    },
    layout: { format: "csv", phoneFormat: "digits", columns: "all" },
    within: "3d",
    cooldown: "30d",
    at,
    ...overrides,
  });
  if (filling.outcome !== "filled") throw new Error(`${orderId}: ${filling.outcome}`);
  return filling.order;
}

/** Reserves and delivers. */
export async function deliver(
  engined: Engined,
  orderId: string,
  count: number,
  at = now,
  criteria: Partial<Criteria> = {},
  overrides: Partial<OrderRequest> = {},
): Promise<Order> {
  const order = await reserve(engined, orderId, count, at, criteria, overrides);
  await engined.engine.markDisclosed(order, at);
  const delivery = { output: "-", bytes: 1, sha256: "0", parts: undefined, at };
  return engined.engine.markDelivered(orderId, delivery);
}

/** The text of an order's delivery. */
export async function exported({ home, engine }: Engined, orderId: string): Promise<string> {
  const order = await engine.findOrder(orderId);
  if (!order) throw new Error(`no order ${orderId}`);
  const path = join(home.temporary, `${orderId}.csv`);
  await engine.exportOrder(order, path, "none");
  return readFileSync(path, "utf8");
}
