/** The audit log's entries and how they are chained: each one carries the hash of the one before. Pure. */
import { createHash } from "node:crypto";

/** What was done, before it is in the log. No phone number may stand in it. */
export type Deed = {
  readonly at: Date;
  /** Such as `order.reserve`. */
  readonly action: string;
  /** The id or name that it was done to. */
  readonly subject: string;
  readonly details: Readonly<Record<string, unknown>>;
};

export type AuditEntry = {
  readonly sequence: number;
  readonly at: Date;
  /** The user of the operating system. */
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** JSON, byte for byte as it was hashed. */
  readonly details: string;
  readonly previous: string;
  readonly hash: string;
};

/** What stands in place of a hash before the first entry. */
const beginning = "0".repeat(64);

/** The next entry of the log behind `last`. */
export function entryOf(deed: Deed, actor: string, last: AuditEntry | undefined): AuditEntry {
  const entry = {
    sequence: (last?.sequence ?? 0) + 1,
    at: deed.at,
    actor,
    action: deed.action,
    subject: deed.subject,
    details: JSON.stringify(deed.details),
    previous: last?.hash ?? beginning,
  };
  return { ...entry, hash: hashOf(entry) };
}

/** Whether an entry is what it was when it was written, and follows `last`. */
export function follows(entry: AuditEntry, last: AuditEntry | undefined): boolean {
  return (
    entry.sequence === (last?.sequence ?? 0) + 1 &&
    entry.previous === (last?.hash ?? beginning) &&
    entry.hash === hashOf(entry)
  );
}

/** SHA-256, in hexadecimal, of all fields but the hash itself, as a JSON array. */
function hashOf(entry: Omit<AuditEntry, "hash">): string {
  const { sequence, at, actor, action, subject, details, previous } = entry;
  const fields = [sequence, at.toISOString(), actor, action, subject, details, previous];
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}

export type AuditVerbs = {
  /** The newest entries, newest first; `action` is a prefix such as `order`. */
  readAudit(limit: number, action: string | undefined): Promise<readonly AuditEntry[]>;
  /** Walks the whole chain. `brokenAt` is the sequence of the first entry that is not as it was written. */
  verifyAudit(): Promise<{ readonly entries: number; readonly brokenAt: number | undefined }>;
};
