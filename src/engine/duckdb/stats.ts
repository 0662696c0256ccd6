/** Counting and checking: reads that change nothing. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { readErasureKey } from "../../erasure-key.ts";
import { messageOf } from "../../errors.ts";
import { filesIn, type Home } from "../../home.ts";
import { wordsOfBreach } from "../audit.ts";
import type { Stats, Violation } from "../engine.ts";
import { verifyAudit } from "./audit.ts";
import { countErasures } from "./erasures.ts";
import { ledgerCopyPath } from "./orders.ts";
import type { Session } from "./session.ts";

/** From the catalog alone: no pool file is opened. `since` bounds what counts as recent. */
export async function readStats(session: Session, since: Date): Promise<Stats> {
  const pool = await session.rows("count_pool", { since: since.toISOString() });
  const sold = await session.rows("count_sold");
  const suppressed = await session.rows("count_suppressed");
  const [ledger] = await session.rows("count_ledger");
  const orders = await session.rows("count_orders");
  const byState = { reserved: 0, delivered: 0, cancelled: 0 };
  for (const row of orders) {
    byState[String(row.state) as keyof typeof byState] = Number(row.orders);
  }
  return {
    pool: pool.map((row) => ({
      date: String(row.date),
      provider: String(row.provider),
      synthetic: row.synthetic === true,
      numbers: Number(row.numbers),
      imports: Number(row.imports),
      bytes: Number(row.bytes),
      taken: Number(row.taken),
      recent: Number(row.recent),
      recentTaken: Number(row.recent_taken),
    })),
    sold: sold.map((row) => ({
      provider: String(row.provider),
      synthetic: row.synthetic === true,
      numbers: Number(row.numbers),
    })),
    suppressed: suppressed.map((row) => ({
      phonePrefix: String(row.phone_prefix),
      numbers: Number(row.numbers),
    })),
    ledger: {
      numbers: Number(ledger?.numbers ?? 0),
      oldest: (ledger?.oldest as Date | null) ?? undefined,
      newest: (ledger?.newest as Date | null) ?? undefined,
    },
    orders: byState,
  };
}

/** The promises that the catalog can prove by itself: one statement each, a row for every breach. */
const catalogChecks = [
  { promise: 1, check: "check_sold_twice" },
  { promise: 2, check: "check_erasures" },
  { promise: 3, check: "check_order_counts" },
  { promise: 4, check: "check_import_counts" },
  { promise: 6, check: "check_content_twice" },
  { promise: 6, check: "check_key_twice" },
] as const;

/** Runs every check; files are looked at in `files`, an in-memory session, so that the catalog stays free. */
export async function checkPromises(
  catalog: Session,
  files: Session,
  home: Home,
): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const { promise, check } of catalogChecks) {
    for (const row of await catalog.rows(check)) {
      found.push({ promise, check, found: String(row.found) });
    }
  }

  const { breach } = await verifyAudit(catalog);
  if (breach) found.push({ promise: 9, check: "audit_chain", found: wordsOfBreach(breach) });
  if ((await countErasures(catalog)) > 0) {
    try {
      readErasureKey(home);
    } catch (error) {
      found.push({ promise: 2, check: "erasure_key", found: messageOf(error) });
    }
  }

  try {
    for (const folder of [home.pool, home.ledger, home.rejects]) filesIn(folder);
  } catch (error) {
    found.push({ promise: 8, check: "links", found: messageOf(error) });
  }

  for (const row of await catalog.rows("select_pool_files")) {
    const path = String(row.path);
    const broken = (what: string) =>
      found.push({ promise: 4, check: "pool_file", found: `${path} ${what}` });
    if (!existsSync(join(home.folder, path))) broken("is missing");
    else if (statSync(join(home.folder, path)).size !== Number(row.bytes)) {
      broken(`has another size than the ${row.bytes} bytes in the catalog`);
    } else {
      const [counted] = await files.rows("count_rows", {
        path: join(home.folder, path),
      });
      if (counted?.numbers !== row.rows) {
        broken(`has ${counted?.numbers} rows, the catalog says ${row.rows}`);
      }
    }
  }

  for (const row of await catalog.rows("select_live_orders")) {
    const orderId = String(row.order_id);
    const copy = ledgerCopyPath(home, orderId, row.reserved_at as Date);
    const broken = (what: string) =>
      found.push({
        promise: 8,
        check: "ledger_copy",
        found: `order ${orderId}: its copy ${what}`,
      });
    if (!existsSync(copy)) broken("is missing");
    else {
      const [counted] = await files.rows("count_rows", { path: copy });
      if (counted?.numbers !== row.numbers) {
        broken(`has ${counted?.numbers} rows, the order ${row.numbers}`);
      }
    }
  }
  return found;
}
