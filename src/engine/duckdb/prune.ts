/**
 * Dropping what is too old, in one transaction under the lock: from its commit on the catalog knows nothing of what goes.
 * Then the files, which the catalog remembers as doomed until they are gone, and at last the room that they had in the
 * database itself.
 */

import { statSync } from "node:fs";
import { relative } from "node:path";
import { exitCode, messageOf, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import {
  decideLedger,
  decidePool,
  isWorthRenewing,
  type LedgerDecision,
  type LedgerRules,
  ledgerSince,
  type PoolDecision,
  type PoolWindow,
  poolWindow,
} from "../../pool/retention.ts";
import {
  oldRejects,
  pruneDeed,
  prunedOf,
  readLedgerFacts,
  readPrunable,
  weigh,
} from "../catalog/prunable.ts";
import type { Pruned, PruneRequest, Shrinking } from "../keeping.ts";
import type { Access } from "./access.ts";
import { removeDoomedFiles } from "./doomed.ts";
import { ledgerCopyPath, settleLedgerCopies } from "./ledger-copies.ts";
import { renewCatalog } from "./renewal.ts";
import type { Session } from "./session.ts";

/** Paths are below the home. */
type PoolPlan = PoolDecision & {
  readonly window: PoolWindow;
  readonly files: readonly string[];
  readonly rejects: readonly string[];
};

type LedgerPlan = LedgerDecision & {
  readonly maxSalesOrders: number;
  readonly files: readonly string[];
  /** Histories that lose sales, and since when theirs are kept: `infinity` when their file goes. */
  readonly histories: readonly { readonly importId: string; readonly since: string }[];
};

type Plan = { readonly pool: PoolPlan | undefined; readonly ledger: LedgerPlan | undefined };

export async function prune(access: Access, request: PruneRequest): Promise<Pruned> {
  const { home, read, write } = access;
  if (request.isDryRun) {
    return read(async (session) => reportOf(home, await planOf(session, access, request)));
  }
  const pruned = await write(async (session) => {
    await settleLedgerCopies(session, home);
    await removeDoomedFiles(session, home);
    const plan = await planOf(session, access, request);
    // Weighed while the files are there.
    const report = reportOf(home, plan);
    await session.transaction(() => drop(session, access, request, plan));
    return report;
  });
  try {
    // When the journal knows it too: until then a database made anew needs them.
    await write((session) => removeDoomedFiles(session, home));
    return { ...pruned, database: await shrink(access) };
  } catch (error) {
    throw new UserError(
      error instanceof UserError ? error.exitCode : exitCode.unexpected,
      `what was too old is dropped, but not all of its room is given back: ${messageOf(error)}; the next numbers prune does that`,
      { cause: error },
    );
  }
}

async function planOf(session: Session, access: Access, request: PruneRequest): Promise<Plan> {
  const ledger =
    request.ledger && (await planLedger(session, access.home, request.ledger, request));
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
  await session.run("create_dropped_partitions", {
    dates: decision.dropped.map(({ date }) => date),
    providers: decision.dropped.map(({ provider }) => provider),
  });
  const files = (await session.rows("select_dropped_files")).map(({ path }) => String(path));
  const rejects = oldRejects(home, window, timeZone);
  return { ...decision, window, files, rejects };
}

async function planLedger(
  session: Session,
  home: Home,
  rules: LedgerRules,
  { at }: PruneRequest,
): Promise<LedgerPlan> {
  const before = ledgerSince(at, rules.windowMs).toISOString();
  const facts = await readLedgerFacts(session, before, at);
  const decision = decideLedger(facts, rules, at);
  const copies = decision.dropped
    .map(({ orderId, reservedAt }) => ledgerCopyPath(home, orderId, reservedAt))
    .filter((copy) => bytesOf(copy) !== undefined);
  const histories: { importId: string; since: string }[] = [];
  if (decision.dropsHistories && facts.histories.some(({ sales }) => sales > 0)) {
    for (const row of await session.rows("select_history_imports")) {
      const importId = String(row.import_id);
      const path = ledgerCopyPath(home, importId, row.done_at as Date);
      if (bytesOf(path) === undefined) continue;
      const since = decision.since.toISOString();
      const [counted] = await session.rows("count_old_sales", { path, before: since });
      if (Number(counted?.old) === 0) continue;
      const isGone = counted?.old === counted?.sales;
      if (isGone) copies.push(path);
      histories.push({ importId, since: isGone ? "infinity" : since });
    }
  }
  await session.run("create_dropped_orders", {
    order_ids: decision.dropped.map(({ orderId }) => orderId),
  });
  const files = copies.map((path) => relative(home.folder, path));
  return { ...decision, maxSalesOrders: facts.maxSalesOrders, files, histories };
}

/** Inside a transaction, after the plan was made in the same session. Where nothing goes nothing is logged. */
async function drop(
  session: Session,
  { log }: Access,
  request: PruneRequest,
  plan: Plan,
): Promise<void> {
  const { pool, ledger } = plan;
  const doomed = [...(pool?.files ?? []), ...(pool?.rejects ?? []), ...(ledger?.files ?? [])];
  const orders = ledger?.dropped.length ?? 0;
  const sales = ledger?.sales ?? 0;
  const partitions = pool?.dropped.length ?? 0;
  if (doomed.length + partitions + orders + sales === 0) return;
  if (partitions > 0) {
    await session.run("mark_imports_pruned");
    await session.run("delete_dropped_files");
    await session.run("subtract_pruned_categories");
  }
  if (ledger && (orders > 0 || sales > 0)) await dropSales(session, ledger, request.at);
  if (doomed.length > 0) await session.run("insert_doomed_files", { paths: doomed });
  await log(session, pruneDeed(request, plan), "everything");
}

async function dropSales(session: Session, ledger: LedgerPlan, at: Date): Promise<void> {
  // Where sales from elsewhere are needed, none of them is before the beginning of time.
  const before = (ledger.dropsHistories ? ledger.since : new Date(0)).toISOString();
  const deleted = await session.run("delete_dropped_sales", { before });
  if (deleted !== ledger.sales) {
    throw new UserError(
      exitCode.integrity,
      `${ledger.sales} sales were to be dropped, the ledger has ${deleted} of them; nothing was changed: run numbers doctor`,
    );
  }
  await session.run("delete_dropped_returned");
  await session.run("mark_orders_pruned", { at: at.toISOString() });
  for (const { importId, since } of ledger.histories) {
    await session.run("write_kept_since", { key: `history_kept_since ${importId}`, value: since });
  }
  const [known] = await session.rows("read_kept_since");
  const { droppedUntil } = ledger;
  if (droppedUntil && !(known && (known.since as Date) >= droppedUntil)) {
    const value = droppedUntil.toISOString();
    await session.run("write_kept_since", { key: "ledger_kept_since", value });
  }
}

/** Writes the database anew when what was deleted from it left enough room; who deleted it does not matter. */
async function shrink(access: Access): Promise<Shrinking> {
  const { bytes, free } = await measure(access);
  if (!isWorthRenewing(bytes, free)) {
    return { bytesBefore: bytes, bytesAfter: bytes, isRenewed: false };
  }
  await renewCatalog(access);
  return { bytesBefore: bytes, bytesAfter: (await measure(access)).bytes, isRenewed: true };
}

/** Asked of the engine: opening the file ourselves would let go of the lock. */
async function measure({ read }: Access): Promise<{ bytes: number; free: number }> {
  const [size] = await read((session) => session.rows("read_database_size"));
  return { bytes: Number(size?.bytes), free: Number(size?.free_bytes) };
}

function reportOf(home: Home, plan: Plan): Pruned {
  return prunedOf(home, plan, {
    pool: weigh(home, plan.pool?.files ?? []),
    ledger: weigh(home, plan.ledger?.files ?? []),
  });
}

function bytesOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
