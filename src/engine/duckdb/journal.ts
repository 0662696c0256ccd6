/**
 * Keeping the journal (`journal-files.ts`) in step with the database: after each commit, before the lock is given up. It is
 * what the database can be made anew from, and what shows that a database has lost commits.
 *
 * After the commit, and not before it: so a journal that is ahead of the database always means that the database lost
 * something. One that is behind means that a process died in between; whoever writes next begins a new generation.
 */
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { sumOfFile } from "../../checksum.ts";
import { exitCode, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, makeFolder, syncPath } from "../../home.ts";
import type { AuditEntry, AuditHead } from "../audit.ts";
import { readAuditHead } from "../catalog/audit.ts";
import type { Changed } from "../changed.ts";
import type { Session as Shared } from "../session.ts";
import { type Fragment, fragment, joined } from "../statements.ts";
import {
  appendLine,
  generationFolder,
  generations,
  type JournalEnd,
  journalFolder,
  type Kind,
  readEnd,
} from "./journal-files.ts";
import type { Session } from "./session.ts";
import { identifier } from "./statements.ts";

type Noted = { readonly entry: AuditEntry; readonly changed: Changed };

/** Deeds of sessions that are open; what was rolled back is not in the audit log, and so never gets into the journal. */
const noted = new WeakMap<Shared, Noted[]>();

/** More phones than these are quicker written as a table than as a line. */
export const linePhonesMost = 1_000;
const idsMost = 2 * linePhonesMost;
/** A longer log is replaced by a new generation: about 4,000 changes. */
const logBytesMost = 16 * 1024 * 1024;

/** Called with each entry of the audit log, inside its transaction. */
export function noteChange(session: Shared, entry: AuditEntry, changed: Changed): void {
  const before = noted.get(session) ?? [];
  noted.set(session, [...before, { entry, changed }]);
}

/**
 * Throws `integrity` when the database is not what the journal goes on from: older, or another one. Called under the
 * lock before anything is read, so that no answer is given from a database that forgot sales.
 */
export async function requireJournal(session: Session, home: Home): Promise<void> {
  const found = await findLost(session, home);
  if (found !== undefined) throw new UserError(exitCode.integrity, found);
}

/** What is wrong between database and journal, in words; undefined when the database has all that the journal has. */
export async function findLost(session: Session, home: Home): Promise<string | undefined> {
  const end = readEnd(home);
  if (end?.head === undefined) return undefined;
  const head = await readAuditHead(session);
  const { sequence, hash } = end.head;
  if (head?.sequence === sequence && head.hash === hash) return undefined;
  if (head !== undefined && head.sequence > sequence) {
    const [known] = await session.rows("find_audit_entry", { sequence, hash });
    if (known) return undefined;
  }
  return (
    `${home.database} ends with change ${head?.sequence ?? 0}, the journal beside it with change ${sequence}: the ` +
    "database has lost changes, sales may be among them, or belongs to another home. Nothing is sold from it: numbers " +
    "doctor --rebuild makes it anew from the files beside it"
  );
}

/** Whether the journal only lacks what came last, or is not there yet: the next change brings it up to date. */
export async function isCutOff(session: Session, home: Home): Promise<boolean> {
  const head = await readAuditHead(session);
  const end = readEnd(home);
  if (head === undefined || (end !== undefined && end.head === undefined)) return false;
  if (end?.isWhole && end.head?.sequence === head.sequence) return false;
  return (await findLost(session, home)) === undefined;
}

/** Brings the journal to where the database is. Called under the lock, after the work and outside of a transaction. */
export async function keepJournal(session: Session, home: Home, version: number): Promise<void> {
  const head = await readAuditHead(session);
  if (head === undefined) return;
  const end = readEnd(home);
  const isSame = end?.head?.sequence === head.sequence && end.head.hash === head.hash;
  if (end?.isWhole && isSame) return;
  const changes = noted.get(session)?.filter(({ entry }) => isBehind(entry, end));
  noted.delete(session);
  if (end !== undefined && changes !== undefined && follows(changes, end, head)) {
    const touched = touchedBy(changes);
    if (touched !== undefined) return appendChange(session, end, head, touched);
  }
  await writeGeneration(session, home, head, version);
}

function isBehind(entry: AuditEntry, end: JournalEnd | undefined): boolean {
  return entry.sequence > (end?.head?.sequence ?? 0);
}

/** Whether the deeds lead from the journal's end to the database's. */
function follows(changes: readonly Noted[], end: JournalEnd, head: AuditHead): boolean {
  return (
    end.isWhole &&
    end.bytes < logBytesMost &&
    changes[0]?.entry.previous === end.head?.hash &&
    changes.at(-1)?.entry.hash === head.hash
  );
}

/** Undefined when it is too much for a line. */
function touchedBy(changes: readonly Noted[]): Map<Kind, string[]> | undefined {
  const touched = new Map<Kind, string[]>();
  let ids = 0;
  for (const { changed } of changes) {
    if (changed === "everything") return undefined;
    for (const [kind, some] of Object.entries(changed) as [Kind, readonly string[]][]) {
      touched.set(kind, [...new Set([...(touched.get(kind) ?? []), ...some])]);
      ids += some.length;
    }
  }
  return ids > idsMost ? undefined : touched;
}

async function appendChange(
  session: Session,
  end: JournalEnd,
  head: AuditHead,
  touched: ReadonlyMap<Kind, readonly string[]>,
): Promise<void> {
  const of = (kind: Kind) => [...(touched.get(kind) ?? [])];
  const rows = await session.rows("select_changed_rows", {
    import: of("import"),
    order: of("order"),
    customer: of("customer"),
    source: of("source"),
    phone: of("phone"),
    return: of("return"),
    sequence: end.head?.sequence ?? 0,
  });
  const ids = [...touched].flatMap(([kind, some]) => some.map((id) => [kind, id] as const));
  const entries = rows.filter(({ kind }) => kind === "entry");
  appendLine(end.generation, {
    sequence: head.sequence,
    hash: head.hash,
    touched: [...ids, ...entries.map(({ id }) => ["entry", String(id)] as const)],
    rows: rows.map(
      (row) => [row.kind as Kind, String(row.id), String(row.table), String(row.row)] as const,
    ),
  });
}

/** Writes all tables into a new folder, which takes the place of the older ones when it is whole. */
export async function writeGeneration(
  session: Session,
  home: Home,
  head: AuditHead,
  version: number,
): Promise<void> {
  const target = generationFolder(home, head.sequence);
  const fresh = `${target}.pending`;
  makeFolder(journalFolder(home.folder), journalFolder(home.folder));
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const tables: Record<string, string> = {};
  for (const [table, columns] of await tablesOf(session)) {
    const path = join(fresh, `${table}.parquet`);
    await session.run("write_journal_table", { path }, { table: identifier(table), columns });
    await failpoint("journal.table-written");
    syncPath(path);
    tables[table] = await sumOfFile(path);
  }
  appendLine(fresh, { sequence: head.sequence, hash: head.hash, version, tables });
  syncPath(fresh);
  await failpoint("journal.generation-written");
  const older = generations(home);
  // The same number again, when it was damaged: it cannot be replaced by a rename while it has something in it.
  if (older.includes(target)) renameSync(target, `${target}.replaced`);
  renameSync(fresh, target);
  await failpoint("journal.generation-named");
  syncPath(journalFolder(home.folder));
  removeOlder(home, target);
  await failpoint("journal.older-removed");
}

/** Whatever else lies in the journal's folder: older generations, and what was cut off while it was written. */
function removeOlder(home: Home, newest: string): void {
  for (const name of readdirSync(journalFolder(home.folder))) {
    const path = join(journalFolder(home.folder), name);
    if (path !== newest) rmSync(path, { recursive: true, force: true });
  }
}

/** The tables of the catalog that the journal has, each with its columns as they are written. */
async function tablesOf(session: Session): Promise<Map<string, Fragment>> {
  const columns = new Map<string, Fragment[]>();
  for (const { table, column, type } of await session.rows("select_columns")) {
    if (table === "ledger") continue; // it has files of its own
    const name = identifier(String(column));
    // Parquet has no integers of 128 bits: they would come back as the nearest floating-point number.
    const written = type === "UHUGEINT" ? fragment`${name}::varchar as ${name}` : name;
    columns.set(String(table), [...(columns.get(String(table)) ?? []), written]);
  }
  return new Map([...columns].map(([table, list]) => [table, joined(list, ", ")]));
}
