/** Pruning, as far as it is the same on both engines: what may be too old, and what is told of what goes. */
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { Home } from "../../home.ts";
import {
  type Hold,
  isOldRejects,
  type LedgerDecision,
  type LedgerFacts,
  type OldOrder,
  type Partition,
  type PoolDecision,
  type PoolWindow,
  partitionName,
} from "../../pool/retention.ts";
import type { Deed } from "../audit.ts";
import type { Freed, Pruned, PruneRequest } from "../keeping.ts";
import type { Session } from "../session.ts";

/** Days of a provider before the window, and the orders that may still need them. */
export async function readPrunable(
  session: Session,
  { since }: PoolWindow,
): Promise<{ partitions: Partition[]; holds: Hold[] }> {
  const before = { before: since };
  const partitions = (await session.rows("select_old_partitions", before)).map((row) => ({
    date: String(row.date),
    provider: String(row.provider),
    numbers: Number(row.numbers),
    newest: row.newest as Date,
  }));
  const holds = (await session.rows("select_holding_orders", before)).map(
    (row): Hold => ({
      orderId: String(row.order_id),
      state: row.state === "reserved" ? "reserved" : "delivered",
      date: String(row.date),
      provider: String(row.provider),
    }),
  );
  return { partitions, holds };
}

/** Rejects of lists that came in before the window, relative to the home. */
export function oldRejects(home: Home, window: PoolWindow, timeZone: string): string[] {
  return readdirSync(home.rejects)
    .filter((name) => isOldRejects(name, window, timeZone))
    .map((name) => relative(home.folder, join(home.rejects, name)));
}

/** What of the ledger is before an instant, and what of it is needed still. */
export async function readLedgerFacts(
  session: Session,
  before: string,
  at: Date,
): Promise<LedgerFacts> {
  const orders = (await session.rows("select_old_orders", { before })).map(
    (row): OldOrder => ({
      orderId: String(row.order_id),
      state: String(row.state) as OldOrder["state"],
      sales: Number(row.sales),
      reservedAt: row.reserved_at as Date,
      deliveredAt: (row.delivered_at as Date | null) ?? undefined,
      neverTwice: row.never_twice === true,
      exportable: row.exportable === true,
    }),
  );
  const histories = (await session.rows("select_old_histories", { before })).map((row) => ({
    date: String(row.date),
    sales: Number(row.sales),
  }));
  const [needs] = await session.rows("read_ledger_needs", { at: at.toISOString(), since: before });
  return {
    orders,
    histories,
    runningCooldownMs: Number(needs?.cooldown_ms),
    maxSalesOrders: Number(needs?.max_sales_orders),
  };
}

/** What both engines plan of the pool, and of the ledger. */
type Planned = {
  readonly pool:
    | (PoolDecision & { readonly window: PoolWindow; readonly rejects: readonly string[] })
    | undefined;
  readonly ledger: (LedgerDecision & { readonly maxSalesOrders: number }) | undefined;
};

/** The entry of the audit log for what is dropped. */
export function pruneDeed({ at, dropsExports }: PruneRequest, { pool, ledger }: Planned): Deed {
  return {
    at,
    action: "prune",
    subject: [pool && "pool", ledger && "ledger"].filter(Boolean).join(", "),
    details: {
      ...(pool && {
        pool_since: pool.window.since,
        partitions: pool.dropped.map(partitionName),
        numbers: sumOf(pool.dropped),
        rejects: pool.rejects.length,
        drop_exports: dropsExports,
      }),
      ...(ledger && {
        ledger_since: ledger.since.toISOString(),
        sales: ledger.sales,
        orders: ledger.dropped.length,
      }),
    },
  };
}

/** What a plan drops, and the room that it frees, which each engine weighs itself. */
export function prunedOf(
  home: Home,
  { pool, ledger }: Planned,
  freed: { readonly pool: Freed; readonly ledger: Freed },
): Pruned {
  const lost = ledger?.dropped.filter(({ exportable }) => exportable) ?? [];
  return {
    pool: pool && {
      since: pool.window.since,
      partitions: pool.dropped,
      numbers: sumOf(pool.dropped),
      kept: pool.kept,
      ...freed.pool,
      rejects: weigh(home, pool.rejects),
    },
    ledger: ledger && {
      asked: ledger.asked,
      since: ledger.since,
      cooldownMs: ledger.cooldownMs,
      days: ledger.days,
      sales: ledger.sales,
      orders: ledger.dropped.length,
      kept: ledger.kept,
      maxSalesOrders: ledger.maxSalesOrders,
      ...freed.ledger,
    },
    unexportable: [...lost.map(({ orderId }) => orderId), ...(pool?.unexportable ?? [])],
    database: undefined,
  };
}

/** Files below the home; one that is gone already weighs nothing. */
export function weigh(home: Home, paths: readonly string[]): Freed {
  const sizes = paths.map(
    (path) => statSync(join(home.folder, path), { throwIfNoEntry: false })?.size ?? 0,
  );
  return { files: paths.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

function sumOf(partitions: PoolDecision["dropped"]): number {
  return partitions.reduce((sum, { numbers }) => sum + numbers, 0);
}
