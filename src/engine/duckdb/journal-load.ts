/** Reading the journal back into tables: for a new database, and to prove that there could be one. */
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { sumOfFile } from "../../checksum.ts";
import { exitCode, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import { writeAuditHead } from "../catalog/audit.ts";
import { migrate, schemaVersion } from "./catalog.ts";
import {
  type Change,
  damaged,
  generations,
  journalFolder,
  type Kind,
  linesOf,
  type Opening,
} from "./journal-files.ts";
import type { Session } from "./session.ts";
import { identifier, text } from "./statements.ts";

/** Where the rows of what changed stand, and the column that says whose they are. */
const owned: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  import: { imports: "import_id", pool_files: "import_id", import_categories: "import_id" },
  order: { orders: "order_id", order_files: "order_id" },
  customer: { customers: "name" },
  source: { sources: "name" },
  phone: { suppression: "phone" },
  return: { returns: "return_id", returned: "return_id" },
  entry: { audit: "sequence" },
};

/**
 * Fills an empty database, open in `session`, with all tables but the ledger. `folder` is the database's own. Throws
 * `integrity` when the journal is missing, or not as it was written.
 */
export async function loadJournal(session: Session, home: Home, folder: string): Promise<void> {
  const [generation] = generations(home);
  if (generation === undefined) {
    throw new UserError(
      exitCode.integrity,
      `${journalFolder(home.folder)} has no journal, which the database is made anew from; restore a backup`,
    );
  }
  const lines = linesOf(generation);
  const first = (await lines.next()).value as Opening | undefined;
  if (first === undefined) throw damaged(`the first line in ${generation}`);
  await migrate(session, 0, folder, first.version);
  await loadTables(session, generation, first);
  const changes = join(folder, "changes.jsonl");
  const last = await unfold(lines as AsyncGenerator<Change>, changes);
  if (last) await applyChanges(session, changes);
  await writeAuditHead(session, last ?? first);
  if (first.version < schemaVersion) await migrate(session, first.version, folder);
}

async function loadTables(session: Session, generation: string, { tables }: Opening) {
  for (const [table, sum] of Object.entries(tables)) {
    const path = join(generation, `${table}.parquet`);
    if ((await sumOfFile(path).catch(() => undefined)) !== sum) throw damaged(path);
    if (table === "meta") await session.run("load_journal_meta", { path });
    else await session.run("load_journal_table", { path }, { table: identifier(table) });
  }
}

/** Writes what the engine can read; resolves to the last change, if there is one. */
async function unfold(lines: AsyncGenerator<Change>, path: string): Promise<Change | undefined> {
  const handle = openSync(path, "w", 0o600);
  let last: Change | undefined;
  let line = 0;
  try {
    for await (const change of lines) {
      last = change;
      line += 1;
      for (const [kind, id] of change.touched) writeSync(handle, jsonLine({ line, kind, id }));
      for (const [kind, id, table, row] of change.rows) {
        writeSync(handle, jsonLine({ line, kind, id, table, row }));
      }
    }
  } finally {
    closeSync(handle);
  }
  return last;
}

function jsonLine(content: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(content)}\n`;
}

async function applyChanges(session: Session, path: string): Promise<void> {
  await session.run("create_journal_changes", { path });
  const structures = await structuresOf(session);
  for (const [kind, tables] of Object.entries(owned)) {
    for (const [table, key] of Object.entries(tables)) {
      const named = { table: identifier(table) };
      await session.run("delete_journal_changed", { kind }, { ...named, key: identifier(key) });
      const structure = text(JSON.stringify(structures.get(table)));
      await session.run("insert_journal_changed", { table }, { ...named, structure });
    }
  }
}

/** Each table's columns as the engine wants to be told them: text, or lists of text, which it then converts. */
async function structuresOf(session: Session): Promise<Map<string, Record<string, unknown>>> {
  const structures = new Map<string, Record<string, unknown>>();
  for (const { table, column, type } of await session.rows("select_columns")) {
    const structure = structures.get(String(table)) ?? {};
    structure[String(column)] = String(type).endsWith("[]") ? ["VARCHAR"] : "VARCHAR";
    structures.set(String(table), structure);
  }
  return structures;
}
