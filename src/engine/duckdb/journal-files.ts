/**
 * The journal beside the database, as files: a generation is a folder with all tables but the ledger, and a log of what
 * changed since. Each line of the log carries a checksum and ends with the head of the audit log as it was then.
 *
 *     journal/000000000042/imports.parquet …   the tables when the audit log had 42 entries
 *     journal/000000000042/changes.log         first what the tables are, then a line for each change
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { exitCode, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, syncPath } from "../../home.ts";
import type { AuditHead } from "../audit.ts";

/** The first line of a log. */
export type Opening = AuditHead & {
  /** Of the home's schema. */
  readonly version: number;
  /** SHA-256 of each table's file, by the name of the table. */
  readonly tables: Readonly<Record<string, string>>;
};

/** What a row belongs to; its rows change together. */
export type Kind = "import" | "order" | "customer" | "source" | "phone" | "return" | "entry";

/** A line: whatever is `touched` had these rows after the change, and no others. */
export type Change = AuditHead & {
  readonly touched: readonly (readonly [kind: Kind, id: string])[];
  /** The row as JSON text, all columns as text or lists of text. */
  readonly rows: readonly (readonly [kind: Kind, id: string, table: string, row: string])[];
};

/** Where the journal ends. `isWhole`: nothing follows that could not be read. */
export type JournalEnd = {
  readonly generation: string;
  readonly head: AuditHead | undefined;
  readonly bytes: number;
  readonly isWhole: boolean;
};

const logName = "changes.log";
/** Most lines are shorter; a longer one is read in more than one step. */
const tailBytes = 16_384;

export function journalFolder(home: string): string {
  return join(home, "journal");
}

/** The folder of a generation that begins at a sequence of the audit log. */
export function generationFolder(home: Home, sequence: number): string {
  return join(journalFolder(home.folder), String(sequence).padStart(12, "0"));
}

/** Complete generations, newest first; what is being written has another name. */
export function generations(home: Home): string[] {
  const folder = journalFolder(home.folder);
  if (!statSync(folder, { throwIfNoEntry: false })) return [];
  return readdirSync(folder)
    .filter((name) => /^\d{12}$/.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

/** Reads the last line; undefined when there is no journal. */
export function readEnd(home: Home): JournalEnd | undefined {
  const [generation] = generations(home);
  if (generation === undefined) return undefined;
  const unreadable = { generation, head: undefined, bytes: 0, isWhole: false };
  let handle: number;
  try {
    handle = openSync(logOf(generation), "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return unreadable;
    throw error;
  }
  try {
    const bytes = fstatSync(handle).size;
    for (let length = tailBytes; ; length *= 8) {
      const from = Math.max(0, bytes - length);
      const tail = Buffer.alloc(bytes - from);
      readSync(handle, tail, 0, tail.length, from);
      const end = tail.lastIndexOf(0x0a);
      const start = end < 1 ? -1 : tail.lastIndexOf(0x0a, end - 1);
      if (end < 0 || (start < 0 && from > 0)) {
        if (from > 0) continue;
        return { ...unreadable, bytes };
      }
      const body = bodyOf(tail.subarray(start + 1, end).toString("utf8"));
      if (body === undefined) return { ...unreadable, bytes };
      const { sequence, hash } = JSON.parse(body) as AuditHead;
      return { generation, head: { sequence, hash }, bytes, isWhole: end === tail.length - 1 };
    }
  } finally {
    closeSync(handle);
  }
}

/** Makes a line part of the journal; when it returns, the line is on the disk. */
export function appendLine(generation: string, content: Opening | Change): void {
  const body = JSON.stringify(content);
  const handle = openSync(logOf(generation), "a", 0o600);
  try {
    writeSync(handle, `${sumOf(body)} ${body}\n`);
  } finally {
    closeSync(handle);
  }
  failpoint("journal.line-written");
  syncPath(logOf(generation));
  failpoint("journal.line-synced");
}

/**
 * The lines of a generation, one after the other. A last line that was cut off is no part of it; any other that is not as
 * it was written throws `integrity`, with its number.
 */
export async function* linesOf(generation: string): AsyncGenerator<Opening | Change> {
  const path = logOf(generation);
  let number = 0;
  let left = Buffer.alloc(0);
  // Not by node:readline, for which U+2028 ends a line too: JSON has it inside its text.
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    left = Buffer.concat([left, chunk]);
    for (let end = left.indexOf(0x0a); end >= 0; end = left.indexOf(0x0a)) {
      number += 1;
      const body = bodyOf(left.subarray(0, end).toString("utf8"));
      if (body === undefined) throw damaged(`line ${number} of ${path}`);
      yield JSON.parse(body) as Opening | Change;
      left = left.subarray(end + 1);
    }
  }
}

export function damaged(what: string): UserError {
  return new UserError(
    exitCode.integrity,
    `${what} is not as it was written: the journal is damaged. If the database opens, numbers doctor --repair writes ` +
      "the journal anew; else restore a backup",
  );
}

function logOf(generation: string): string {
  return join(generation, logName);
}

function sumOf(body: string): string {
  return createHash("sha256").update(body).digest("hex").slice(0, 16);
}

/** The content of a line, if it is as it was written. */
function bodyOf(line: string): string | undefined {
  const body = line.slice(17);
  return line[16] === " " && line.slice(0, 16) === sumOf(body) ? body : undefined;
}
