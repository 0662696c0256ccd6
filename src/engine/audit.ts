/**
 * The audit log's entries and how they are chained: each one carries the hash of the one before, and beside the log
 * stands which one is the last. Pure.
 */
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

/** The last entry, as it is noted beside the log. */
export type AuditHead = Pick<AuditEntry, "sequence" | "hash">;

/**
 * Where the log is not as it was written. `changed`: the entry, or the one before it; `missing`: it is not there;
 * `repeated`: it is there more than once; `added`: it comes after the last one; `unmarked`: which one is the last is not
 * noted any more.
 */
export type Breach = {
  readonly sequence: number;
  readonly kind: "changed" | "missing" | "repeated" | "added" | "unmarked";
};

export type AuditVerdict = {
  /** Entries that are as they were written, from the first one on. */
  readonly entries: number;
  readonly head: AuditHead | undefined;
  readonly breach: Breach | undefined;
};

/** What stands in place of a hash before the first entry. */
const beginning = "0".repeat(64);

/** The next entry of the log behind `last`. */
export function entryOf(deed: Deed, actor: string, last: AuditHead | undefined): AuditEntry {
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

/** What is wrong with an entry that was found behind `last`, if anything is. */
export function breachAt(
  entry: AuditEntry,
  last: AuditHead | undefined,
  head: AuditHead | undefined,
): Breach | undefined {
  const expected = (last?.sequence ?? 0) + 1;
  const { sequence } = entry;
  if (sequence > expected) return { sequence: expected, kind: "missing" };
  if (sequence < expected) return { sequence, kind: "repeated" };
  if (head && sequence > head.sequence) return { sequence, kind: "added" };
  const isWhole = entry.previous === (last?.hash ?? beginning) && entry.hash === hashOf(entry);
  return isWhole ? undefined : { sequence, kind: "changed" };
}

/** What is wrong with the end of the log, `last` being the last entry that was found. */
export function breachAfter(
  last: AuditHead | undefined,
  head: AuditHead | undefined,
): Breach | undefined {
  const sequence = last?.sequence ?? 0;
  if (!head) return last && { sequence, kind: "unmarked" };
  if (sequence < head.sequence) return { sequence: sequence + 1, kind: "missing" };
  return last?.hash === head.hash ? undefined : { sequence, kind: "changed" };
}

/** A breach in a sentence. */
export function wordsOfBreach({ sequence, kind }: Breach): string {
  const words: Readonly<Record<Breach["kind"], string>> = {
    changed: "is not as it was written",
    missing: "is missing",
    repeated: "is there more than once",
    added: "was added behind the last one",
    unmarked: "may not be the last: the note of which one is was taken away",
  };
  return `entry ${sequence} of the audit log ${words[kind]}`;
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
  /** Walks the chain from the first entry to the first breach. */
  verifyAudit(): Promise<AuditVerdict>;
};
