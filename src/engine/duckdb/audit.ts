/** The audit log in the catalog: written in the transaction of what it tells of, so that neither is there alone. */
import { type AuditEntry, type Deed, entryOf, follows } from "../audit.ts";
import type { Row, Session } from "./session.ts";

/** Appends a deed; call it inside the deed's own transaction. */
export type Log = (session: Session, deed: Deed) => Promise<void>;

/** Entries walked at a time when the chain is verified. */
const pageEntries = 10_000;

export function createLog(actor: string): Log {
  return async (session, deed) => {
    const [last] = await readAudit(session, 1, undefined);
    const entry = entryOf(deed, actor, last);
    await session.run("insert_audit", { ...entry, at: entry.at.toISOString() });
  };
}

export async function readAudit(
  session: Session,
  limit: number,
  action: string | undefined,
  before?: number,
): Promise<AuditEntry[]> {
  const rows = await session.rows("select_audit", {
    limit,
    action: action ?? null,
    before: before ?? null,
  });
  return rows.map(entryIn);
}

/** Whether the log knows that this was done to this subject. */
export async function hasDeed(session: Session, action: string, subject: string): Promise<boolean> {
  return (await session.rows("find_deed", { action, subject })).length > 0;
}

/** From the newest entry back; `brokenAt` is the oldest entry that is not as it was written. */
export async function verifyAudit(
  session: Session,
): Promise<{ entries: number; brokenAt: number | undefined }> {
  let entries = 0;
  let brokenAt: number | undefined;
  let later: AuditEntry | undefined;
  for (let before: number | undefined; ; ) {
    const page = await readAudit(session, pageEntries, undefined, before);
    for (const entry of page) {
      if (later && !follows(later, entry)) brokenAt = later.sequence;
      later = entry;
    }
    entries += page.length;
    before = page.at(-1)?.sequence;
    if (page.length < pageEntries || before === undefined) break;
  }
  if (later && !follows(later, undefined)) brokenAt = later.sequence;
  return { entries, brokenAt };
}

function entryIn(row: Row): AuditEntry {
  return {
    sequence: Number(row.sequence),
    at: row.done_at as Date,
    actor: String(row.actor),
    action: String(row.action),
    subject: String(row.subject),
    details: String(row.details),
    previous: String(row.previous),
    hash: String(row.hash),
  };
}
