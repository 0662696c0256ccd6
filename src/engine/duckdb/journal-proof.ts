/** Proving that a new database could be made from the journal: it is made, and compared with the one that there is. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readAuditHead } from "../catalog/audit.ts";
import { type Fragment, fragment, joined } from "../statements.ts";
import type { Access } from "./access.ts";
import { readEnd } from "./journal-files.ts";
import { loadJournal } from "./journal-load.ts";
import type { Session } from "./session.ts";
import { identifier } from "./statements.ts";

/** Changed without an entry in the audit log; a new database has the safe value of each, or needs none. */
const unjournaled: Readonly<Record<string, readonly string[]>> = {
  orders: ["disclosed"],
  erasures: ["finished_at"],
};
/** The ledger has copies of its own, which another check compares. */
const tablesLeftOut = new Set(["meta", "doomed_files", "ledger"]);

/** Tables that the journal would give otherwise than the catalog, in words; the ledger has its own copies. */
export async function findDifferences(access: Access, catalog: Session): Promise<string[]> {
  const { home } = access;
  const head = await readAuditHead(catalog);
  if (head === undefined) return [];
  const end = readEnd(home);
  const isBehind = end?.head === undefined || end.head.sequence < head.sequence;
  // It was cut off, or an older version of this program wrote: the next change, or a repair, writes it anew.
  if (isBehind || !end.isWhole) {
    return [
      `the journal ends with change ${end?.head?.sequence ?? 0}, the database with ${head.sequence}: numbers doctor --repair writes it anew`,
    ];
  }
  const folder = join(home.temporary, "proof");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  return access.aside(
    async (session) => {
      await loadJournal(session, home, folder);
      const inCatalog = await fingerprints(catalog);
      const inJournal = await fingerprints(session);
      return [...inCatalog]
        .filter(([table, sum]) => inJournal.get(table) !== sum)
        .map(
          ([table]) =>
            `the journal has another table ${table} than the database: numbers doctor --repair writes it anew`,
        );
    },
    join(folder, "numbers.duckdb"),
  );
}

async function fingerprints(session: Session): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  for (const [table, columns] of await comparedColumns(session)) {
    const fragments = { table: identifier(table), columns };
    const [row] = await session.rows("sum_table", {}, fragments);
    sums.set(table, `${row?.numbers} ${row?.fingerprint}`);
  }
  return sums;
}

async function comparedColumns(session: Session): Promise<Map<string, Fragment>> {
  const compared = new Map<string, Fragment[]>();
  for (const row of await session.rows("select_columns")) {
    const [table, column] = [String(row.table), String(row.column)];
    if (tablesLeftOut.has(table) || unjournaled[table]?.includes(column)) continue;
    // As text: a list, a document and a number of 128 bits are compared alike.
    const text = fragment`${identifier(column)}::varchar`;
    compared.set(table, [...(compared.get(table) ?? []), text]);
  }
  return new Map([...compared].map(([table, columns]) => [table, joined(columns, ", ")]));
}
