/** What the imports of lists have in common, whatever is in them. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Addition, BlacklistQuery, Listing, ReadList } from "../blacklist.ts";
import type { Access } from "./access.ts";
import type { Parameters, Session } from "./session.ts";
import type { Fragment } from "./statements.ts";

/** The parameters by which statements know a list. */
export function scopeOf({
  kind,
  customer,
}: Pick<Listing | BlacklistQuery, "kind" | "customer">): Parameters {
  return { kind: kind ?? null, customer: customer ?? null };
}

/** A select that stands inside another statement, and what it binds. */
export type Select = { readonly sql: Fragment; readonly parameters: Parameters };

/** What an import leaves in the audit log: counts, and no number. */
export async function logImport(
  session: Session,
  { log }: Access,
  list: ReadList,
  addition: Addition,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { importId, at, lines, accepted, rejected } = list;
  const { added, known } = addition;
  await log(session, {
    at,
    action: "blacklist.import",
    subject: importId,
    details: { ...details, lines, accepted, rejected, added, known },
  });
}

/** How many rows of a list would be new. */
export async function countFresh(session: Session, fresh: Select): Promise<number> {
  const [row] = await session.rows("count_fresh", fresh.parameters, { fresh: fresh.sql });
  return Number(row?.numbers);
}

/** A file of this process for the time of `work`. */
export async function withScratch<T>(
  { home }: Access,
  name: string,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const path = join(home.temporary, `${name}-${randomBytes(4).toString("hex")}.parquet`);
  try {
    return await work(path);
  } finally {
    rmSync(path, { force: true });
  }
}
