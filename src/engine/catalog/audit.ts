/** The audit log in the catalog: written in the transaction of what it tells of, so that neither is there alone. */
import {
  type AuditEntry,
  type AuditHead,
  type AuditVerdict,
  breachAfter,
  breachAt,
  type Deed,
  entryOf,
} from "../audit.ts";
import type { Changed } from "../changed.ts";
import type { Row, Session } from "../session.ts";

/**
 * Appends a deed, or several that are one step, and notes what changed for the journal; call it inside their own transaction,
 * and once.
 */
export type Log = (
  session: Session,
  deeds: Deed | readonly Deed[],
  changed: Changed,
) => Promise<void>;

/** Entries walked at a time when the chain is verified. */
const pageEntries = 10_000;

export function createLog(
  actor: string,
  note: (session: Session, entry: AuditEntry, changed: Changed) => void,
): Log {
  return async (session, deeds, changed) => {
    // Behind the noted end, not behind what is there: else the next deed would hide that entries were cut off.
    let last: AuditHead | undefined =
      (await readAuditHead(session)) ?? (await readAudit(session, 1, undefined))[0];
    for (const deed of [deeds].flat()) {
      const entry = entryOf(deed, actor, last);
      await session.run("insert_audit", { ...entry, at: entry.at.toISOString() });
      note(session, entry, changed);
      last = entry;
    }
    if (last) await writeAuditHead(session, last);
  };
}

export async function readAudit(
  session: Session,
  limit: number,
  action: string | undefined,
): Promise<AuditEntry[]> {
  const rows = await session.rows("select_audit", { limit, action: action ?? null });
  return rows.map(entryIn);
}

/** Whether the log knows that this was done to this subject. */
export async function hasDeed(session: Session, action: string, subject: string): Promise<boolean> {
  return (await session.rows("find_deed", { action, subject })).length > 0;
}

/** From the first entry to the first breach, a page at a time. */
export async function verifyAudit(session: Session): Promise<AuditVerdict> {
  const head = await readAuditHead(session);
  let entries = 0;
  let last: AuditEntry | undefined;
  for (let from: { sequence: bigint; place: bigint } = beforeAll; ; ) {
    const page = await session.rows("walk_audit", { ...from, limit: pageEntries });
    for (const row of page) {
      const entry = entryIn(row);
      const breach = breachAt(entry, last, head);
      if (breach) return { entries, head, breach };
      entries += 1;
      last = entry;
      from = { sequence: row.sequence as bigint, place: row.place as bigint };
    }
    if (page.length < pageEntries) return { entries, head, breach: breachAfter(last, head) };
  }
}

/** Sequences that are no sequences, should somebody have written one, are walked too. */
const beforeAll = { sequence: -(2n ** 63n), place: -1n } as const;

/** Notes which entry is the last. */
export async function writeAuditHead(session: Session, head: AuditHead): Promise<void> {
  await session.run("write_audit_head", { value: `${head.sequence} ${head.hash}` });
}

export async function readAuditHead(session: Session): Promise<AuditHead | undefined> {
  const [row] = await session.rows("read_audit_head");
  if (!row) return undefined;
  const [sequence, hash = ""] = String(row.value).split(" ");
  return { sequence: Number(sequence), hash };
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
