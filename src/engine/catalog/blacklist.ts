/** What the catalog tells of the blacklist. */
import type { Deed } from "../audit.ts";
import type {
  Addition,
  BlacklistCount,
  BlacklistEntry,
  BlacklistQuery,
  Listing,
} from "../blacklist.ts";
import type { Parameters, Row, Session } from "../session.ts";

/** When somebody was last suppressed. */
export async function readSuppressionAge(session: Session): Promise<Date | undefined> {
  const [row] = await session.rows("read_suppression_age");
  return (row?.newest as Date | null | undefined) ?? undefined;
}

/** The parameters by which statements know a list. */
export function scopeOf({
  kind,
  customer,
}: Pick<Listing | BlacklistQuery, "kind" | "customer">): Parameters {
  return { kind: kind ?? null, customer: customer ?? null };
}

/** The entry of the audit log for phones that are put on a list by hand. */
export function additionDeed({ kind, customer }: Listing, addition: Addition, at: Date): Deed {
  const details = { customer: customer ?? null, ...addition };
  return { at, action: "blacklist.add", subject: kind, details };
}

/** The same for phones that are taken off one. */
export function removalDeed(
  { kind, customer }: Listing,
  counts: { readonly removed: number; readonly unknown: number },
  at: Date,
): Deed {
  const details = { customer: customer ?? null, ...counts };
  return { at, action: "blacklist.remove", subject: kind, details };
}

/** What of the ledger counts as blacklisted. */
export function cooldownOf({ at, cooldownMs }: BlacklistQuery): Parameters {
  return {
    sold_since: new Date(at.getTime() - cooldownMs).toISOString(),
    cooldown_ms: cooldownMs,
  };
}

/** Whose lists there are or can be. */
export async function readListOwners(
  session: Session,
): Promise<{ name: string; registered: boolean }[]> {
  const rows = await session.rows("select_list_owners");
  return rows.map((row) => ({ name: String(row.name), registered: row.registered === true }));
}

export async function countBlacklist(
  session: Session,
  query: BlacklistQuery,
): Promise<BlacklistCount[]> {
  const { sold_since = null } = cooldownOf(query);
  const rows = await session.rows("count_blacklist", {
    ...scopeOf(query),
    at: query.at.toISOString(),
    sold_since,
  });
  return rows.map((row) => ({
    kind: String(row.kind),
    customer: text(row.customer),
    numbers: Number(row.numbers),
    digests: Number(row.digests),
    newest: row.newest as Date,
  }));
}

export async function readBlacklist(
  session: Session,
  query: BlacklistQuery,
  limit: number,
): Promise<BlacklistEntry[]> {
  const rows =
    query.kind === "sold"
      ? await session.rows("select_sold", { ...cooldownOf(query), limit })
      : await session.rows("select_suppressed", {
          ...scopeOf(query),
          at: query.at.toISOString(),
          limit,
        });
  return rows.map(entryOf);
}

function entryOf(row: Row): BlacklistEntry {
  return {
    phone: String(row.phone),
    kind: String(row.kind),
    customer: text(row.customer),
    reason: text(row.reason),
    addedAt: row.added_at as Date,
    until: row.until instanceof Date ? row.until : undefined,
  };
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
