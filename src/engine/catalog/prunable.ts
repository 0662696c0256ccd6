/** What the catalog tells of days that may be too old, before it is decided what goes. */
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Home } from "../../home.ts";
import { type Hold, isOldRejects, type Partition, type PoolWindow } from "../../pool/retention.ts";
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
