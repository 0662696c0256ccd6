/** What prune would drop, by the rules of both engines (`pool/retention.ts`), and which days of the tables that empties. */

import { utcDay } from "../../days.ts";
import {
  decideLedger,
  decidePool,
  type LedgerDecision,
  type LedgerRules,
  ledgerSince,
  type PoolDecision,
  type PoolWindow,
  partitionName,
  poolWindow,
} from "../../pool/retention.ts";
import { oldRejects, readLedgerFacts, readPrunable } from "../catalog/prunable.ts";
import type { PruneRequest } from "../keeping.ts";
import type { Row, Session } from "../session.ts";
import { fragment } from "../statements.ts";
import type { Access } from "./access.ts";
import { identifier } from "./statements.ts";

export type PoolPlan = PoolDecision & {
  readonly window: PoolWindow;
  /** Of the dropped partitions: such as `2026-11-20/tsel`. */
  readonly names: readonly string[];
  /** Rows of `select_dropped_files`. */
  readonly files: readonly Row[];
  /** Days of which nothing stays. */
  readonly wholeDays: readonly string[];
  /** Below the home. */
  readonly rejects: readonly string[];
};

/** Days in UTC, as the tables are cut. */
type Days = {
  /** All that they have goes: they are dropped. */
  readonly whole: readonly string[];
  /** Something of them stays: they are written anew without what goes. */
  readonly partly: readonly string[];
};

export type LedgerPlan = LedgerDecision & {
  readonly maxSalesOrders: number;
  readonly ledgerDays: Days;
  readonly pickDays: Days;
  /** Sales in the ledger of what is dropped: as many as `sales`, or something is wrong. */
  readonly found: number;
};

export type Plan = {
  readonly pool: PoolPlan | undefined;
  readonly ledger: LedgerPlan | undefined;
};

export async function planOf(
  session: Session,
  access: Access,
  request: PruneRequest,
): Promise<Plan> {
  const ledger = request.ledger && (await planLedger(session, request.ledger, request.at));
  const gone = new Set(ledger?.dropped.map(({ orderId }) => orderId));
  const pool =
    request.poolMs === undefined
      ? undefined
      : await planPool(session, access, request.poolMs, request, gone);
  return { pool, ledger };
}

async function planPool(
  session: Session,
  { home, timeZone }: Access,
  windowMs: number,
  { at, dropsExports }: PruneRequest,
  gone: ReadonlySet<string>,
): Promise<PoolPlan> {
  const window = poolWindow(at, windowMs, timeZone);
  const { partitions, holds } = await readPrunable(session, window);
  const decision = decidePool(partitions, holds, window, dropsExports, gone);
  const names = decision.dropped.map(partitionName);
  const stays = new Set(
    partitions.filter((one) => !names.includes(partitionName(one))).map(({ date }) => date),
  );
  const days = [...new Set(decision.dropped.map(({ date }) => date))];
  const files =
    names.length === 0 ? [] : await session.rows("select_dropped_files", { partitions: names });
  const rejects = oldRejects(home, window, timeZone);
  const wholeDays = days.filter((date) => !stays.has(date));
  return { ...decision, window, names, files, wholeDays, rejects };
}

async function planLedger(session: Session, rules: LedgerRules, at: Date): Promise<LedgerPlan> {
  const asked = ledgerSince(at, rules.windowMs);
  const facts = await readLedgerFacts(session, asked.toISOString(), at);
  const decision = decideLedger(facts, rules, at);
  const dropped = new Map(decision.dropped.map((order) => [order.orderId, order]));
  const firstDay = utcDay(decision.since);
  const goes = ({ order_id, day }: Row) =>
    order_id === null
      ? decision.dropsHistories && String(day) < firstDay
      : dropped.has(String(order_id));
  const before = { before: utcDay(asked) };
  const inLedger = await session.rows("select_orders_by_day", before, {
    table: identifier("ledger"),
    day: fragment`toDate(sold_at)`,
  });
  const picked = await session.rows("select_orders_by_day", before, {
    table: identifier("picks"),
    day: identifier("day"),
  });
  // Sales of cancelled orders lie in the ledger still, and count for nothing.
  const found = inLedger
    .filter((row) => goes(row) && dropped.get(String(row.order_id))?.sales !== 0)
    .reduce((sum, { numbers }) => sum + Number(numbers), 0);
  return {
    ...decision,
    maxSalesOrders: facts.maxSalesOrders,
    ledgerDays: daysOf(inLedger, goes),
    pickDays: daysOf(picked, goes),
    found,
  };
}

function daysOf(rows: readonly Row[], goes: (row: Row) => boolean): Days {
  const going = new Set(rows.filter(goes).map(({ day }) => String(day)));
  const staying = new Set(rows.filter((row) => !goes(row)).map(({ day }) => String(day)));
  return {
    whole: [...going].filter((day) => !staying.has(day)).sort(),
    partly: [...going].filter((day) => staying.has(day)).sort(),
  };
}
