/**
 * A look at the names in the catalog, for the Tab key: it writes nothing, stands in no line for the lock and gives up soon,
 * because it may be another one's home, a broken one, or one of another version. What it misses, somebody types.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../errors.ts";
import type { Row } from "../session.ts";
import { openSession, type Resources, type Session } from "./session.ts";

export type NamedRow = Row & { readonly value: string };

const statements = {
  order: "name_orders",
  customer: "name_customers",
  source: "name_sources",
  category: "name_categories",
} as const;

/** More than anybody reads in a list; who types a letter or two sees the rest. */
const namesMost = 100;
const retryMs = 20;

/** Names that begin with `typed`. Throws whatever the engine says of a database that cannot be read within `patienceMs`. */
export async function glance(
  database: string,
  kind: keyof typeof statements,
  typed: string,
  resources: Resources,
  patienceMs: number,
): Promise<readonly NamedRow[]> {
  const session = await openSoon(database, resources, patienceMs);
  try {
    return (await session.rows(statements[kind], { typed, limit: namesMost })) as NamedRow[];
  } finally {
    session.close();
  }
}

async function openSoon(
  database: string,
  resources: Resources,
  patienceMs: number,
): Promise<Session> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await openSession(database, "read", resources);
    } catch (error) {
      const isHeld = messageOf(error).includes("Could not set lock on file");
      if (!isHeld || performance.now() >= until) throw error;
      await sleep(retryMs);
    }
  }
}
