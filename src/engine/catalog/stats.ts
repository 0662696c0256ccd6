/** Counting: reads that change nothing. */
import type { Stats } from "../engine.ts";
import type { Session } from "../session.ts";
import { readAudit } from "./audit.ts";
import { readCategories } from "./categories.ts";

/** From the catalog alone: no pool file is opened. */
export async function readStats(
  session: Session,
  importedSince: Date,
  soldSince: Date,
): Promise<Stats> {
  const pool = await session.rows("count_pool", { since: importedSince.toISOString() });
  const sold = await session.rows("count_sold", { since: soldSince.toISOString() });
  const suppressed = await session.rows("count_suppressed");
  const [ledger] = await session.rows("count_ledger");
  const orders = await session.rows("count_orders");
  const [lastIngest] = await readAudit(session, 1, "import.publish");
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
      recent: Number(row.recent),
      first: row.first as Date,
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
    lastIngest: lastIngest?.at,
    categories: await readCategories(session),
  };
}
