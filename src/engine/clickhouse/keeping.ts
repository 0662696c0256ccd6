/**
 * Dropping what is too old, as one change under the lock: first the catalog forgets it, then the rows go, so that nothing looks
 * as if it were there still. Days are partitions and dropped as a whole where nothing of them stays; the others are written anew.
 *
 * Days of the pool are those of the home's calendar, as on the other engine. Days of the ledger are those of UTC on both: a
 * window ends at a UTC midnight, so that an order goes or stays with its day, and what may not go with it keeps the partition.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { exitCode, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, requireWay, syncPath } from "../../home.ts";
import { pruneDeed, prunedOf } from "../catalog/prunable.ts";
import type { Freed, KeepingVerbs, Pruned, PruneRequest } from "../keeping.ts";
import type { Row } from "../session.ts";
import type { Access } from "./access.ts";
import { compact } from "./compact.ts";
import { type LedgerPlan, type Plan, type PoolPlan, planOf } from "./prune-plan.ts";
import type { Session } from "./session.ts";
import { identifier, text } from "./statements.ts";

/** Ids that one statement of a change is told. */
const idsMost = 2_000;

export function keepingVerbs(access: Access): Omit<KeepingVerbs, "readLedgerStart"> {
  return {
    prune: (request) => prune(access, request),
    compact: (options) => compact(access, options),
  };
}

async function prune(access: Access, request: PruneRequest): Promise<Pruned> {
  const { home, read, write } = access;
  if (request.isDryRun) {
    return read(async (session) => {
      const plan = await planOf(session, access, request);
      return reportOf(home, plan, await session.rows("select_parts"));
    });
  }
  return write(async (session) => {
    const plan = await planOf(session, access, request);
    const before = await session.rows("select_parts");
    // Weighed while it is there.
    const report = reportOf(home, plan, before);
    await session.transaction(() => drop(session, access, request, plan));
    await removeRejects(home, plan.pool?.rejects ?? []);
    const after = await session.rows("select_parts");
    // What the server has freed is free at once: no file is written anew for it.
    const database = {
      bytesBefore: bytesOf(before),
      bytesAfter: bytesOf(after),
      isRenewed: false,
    };
    return { ...report, database };
  });
}

/** Where nothing goes nothing is logged. */
async function drop(
  session: Session,
  { log }: Access,
  request: PruneRequest,
  plan: Plan,
): Promise<void> {
  const { pool, ledger } = plan;
  const orders = ledger?.dropped.length ?? 0;
  const sales = ledger?.sales ?? 0;
  const rejects = pool?.rejects.length ?? 0;
  if ((pool?.names.length ?? 0) + rejects + orders + sales === 0) return;
  const [known] = await session.rows("read_kept_since");
  if (pool && pool.names.length > 0) await dropPool(session, pool);
  if (ledger && orders + sales > 0) {
    await dropSales(session, ledger, known?.since as Date | undefined, request.at);
  }
  await log(session, pruneDeed(request, plan), "everything");
}

async function dropPool(session: Session, { names, files, wholeDays }: PoolPlan): Promise<void> {
  const pruned = new Map<string, number>();
  for (const row of files) {
    const id = String(row.import_id);
    pruned.set(id, (pruned.get(id) ?? Number(row.pruned)) + Number(row.numbers));
  }
  for (const [import_id, numbers] of pruned) {
    await session.run("mark_import_pruned", { import_id, pruned: numbers });
  }
  await session.run("delete_dropped_files", { partitions: names });
  await session.run("subtract_pruned_categories");
  await dropDays(session, "pool", wholeDays);
  const partly = names.filter((name) => !wholeDays.includes(dayOfName(name)));
  if (partly.length === 0) return;
  const dates = [...new Set(partly.map(dayOfName))];
  await session.run("delete_dropped_rows", { partitions: partly, dates });
}

async function dropSales(
  session: Session,
  ledger: LedgerPlan,
  keptSince: Date | undefined,
  at: Date,
): Promise<void> {
  if (ledger.found !== ledger.sales) {
    throw new UserError(
      exitCode.integrity,
      `${ledger.sales} sales were to be dropped, the ledger has ${ledger.found} of them; nothing was changed: run numbers doctor`,
    );
  }
  const ids = ledger.dropped.map(({ orderId }) => orderId);
  for (let from = 0; from < ids.length; from += idsMost) {
    const order_ids = ids.slice(from, from + idsMost);
    await session.run("mark_orders_pruned", { order_ids, at: at.toISOString() });
  }
  // Noted before they go: a cooldown that reaches back further is refused from then on.
  const { droppedUntil } = ledger;
  if (droppedUntil && !(keptSince && keptSince >= droppedUntil)) {
    const value = droppedUntil.toISOString();
    await session.run("write_kept_since", { key: "ledger_kept_since", value });
  }
  await session.run("delete_dropped_returned");
  await dropDays(session, "ledger", ledger.ledgerDays.whole);
  if (ledger.ledgerDays.partly.length > 0) {
    // Where sales from elsewhere are needed, none of them is before the beginning of time.
    const before_ms = ledger.dropsHistories ? ledger.since.getTime() : 0;
    await session.run("delete_dropped_sales", { days: ledger.ledgerDays.partly, before_ms });
  }
  await dropDays(session, "picks", ledger.pickDays.whole);
  if (ledger.pickDays.partly.length > 0) {
    await session.run("delete_dropped_picks", { days: ledger.pickDays.partly });
  }
}

async function dropDays(session: Session, table: string, days: readonly string[]): Promise<void> {
  for (const day of days) {
    await session.run("drop_partition", {}, { table: identifier(table), day: text(day) });
  }
}

/** After the change: those that a crash leaves are as old the next time. */
async function removeRejects(home: Home, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    requireWay(join(home.folder, path), home.folder);
    rmSync(join(home.folder, path), { force: true });
    await failpoint("doomed.file-removed");
  }
  if (paths.length > 0) syncPath(home.rejects);
}

/** Files of the pool are those that were sent, with their bytes; of the ledger, what lies on the disk of the server. */
function reportOf(home: Home, plan: Plan, parts: readonly Row[]): Pruned {
  const files = plan.pool?.files ?? [];
  return prunedOf(home, plan, {
    pool: { files: files.length, bytes: bytesOf(files) },
    ledger: plan.ledger ? freedBy(plan.ledger, parts) : { files: 0, bytes: 0 },
  });
}

function freedBy({ ledgerDays, pickDays }: LedgerPlan, parts: readonly Row[]): Freed {
  const gone = parts.filter(
    ({ table, partition }) =>
      (table === "ledger" && ledgerDays.whole.includes(String(partition))) ||
      (table === "picks" && pickDays.whole.includes(String(partition))),
  );
  return {
    files: gone.reduce((sum, row) => sum + Number(row.parts), 0),
    bytes: bytesOf(gone),
  };
}

function bytesOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { bytes }) => sum + Number(bytes), 0);
}

/** The day of `2026-11-20/tsel`. */
function dayOfName(name: string): string {
  return name.slice(0, name.indexOf("/"));
}
