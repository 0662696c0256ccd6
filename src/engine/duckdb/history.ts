/**
 * Sales from another system: into the ledger, and into a file of their own in `ledger/`, as an order's sales are, so
 * that the database can be rebuilt.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, syncPath } from "../../home.ts";
import type { Addition, Dating, ReadList } from "../blacklist.ts";
import type { StagedFile } from "../engine.ts";
import type { Access } from "./access.ts";
import { countFresh, logImport, withScratch } from "./lists.ts";
import { ledgerCopyPath, pending, publishLedgerCopy, settleLedgerCopies } from "./orders.ts";
import type { Parameters, Session } from "./session.ts";
import { type Fragment, fragment, identifier, statement } from "./statements.ts";

/** Lines whose date cannot be, and one of the cells. */
export async function countUndated(
  access: Access,
  files: readonly StagedFile[],
  dating: Dating,
): Promise<{ lines: number; example: string }> {
  if (files.length === 0 || dating.column === undefined) return { lines: 0, example: "" };
  const [row] = await access.aside(async (session) => {
    await defineSales(session);
    return session.rows("count_undated", boundDating(files, dating), {
      sold_at: soldAt(dating),
      cell: cellOf(dating),
    });
  });
  return { lines: Number(row?.lines), example: String(row?.example) };
}

/**
 * Takes the sales that are not there yet into the ledger. Their file is written and synced before the commit under a
 * pending name and named after it; what a crash leaves between is settled as with orders, by the entry in the audit log.
 */
export async function importHistory(
  access: Access,
  list: ReadList,
  dating: Dating,
): Promise<Addition> {
  return withScratch(access, "history", async (path) => {
    const listed = list.files.length === 0 ? 0 : await stageHistory(access, list, dating, path);
    const fresh = { sql: { sql: statement("fresh_sales") }, parameters: { list: path } };
    if (list.dryRun) {
      const added = listed === 0 ? 0 : await access.read((session) => countFresh(session, fresh));
      return { added, known: listed - added };
    }
    return access.write((session) => sell(session, access, list, listed, path));
  });
}

function stageHistory(
  access: Access,
  list: ReadList,
  dating: Dating,
  target: string,
): Promise<number> {
  return access.aside(async (session) => {
    await defineSales(session);
    return session.run(
      "stage_history",
      { ...boundDating(list.files, dating), target },
      { sold_at: soldAt(dating) },
    );
  });
}

async function sell(
  session: Session,
  access: Access,
  list: ReadList,
  listed: number,
  staged: string,
): Promise<Addition> {
  const { home } = access;
  await settleLedgerCopies(session, home);
  const copy = ledgerCopyPath(home, list.importId, list.at);
  let addition: Addition;
  try {
    addition = await session.transaction(async () => {
      const added = listed === 0 ? 0 : await insertHistory(session, access, list, staged, copy);
      const result = { added, known: listed - added };
      await logImport(session, access, list, result, { kind: "sold" });
      return result;
    });
  } catch (error) {
    rmSync(copy + pending, { force: true });
    throw error;
  }
  if (addition.added > 0) publishLedgerCopy(copy);
  return addition;
}

/** Writes the file and fills the ledger from it, so that both hold the same. */
async function insertHistory(
  session: Session,
  { home }: Access,
  list: ReadList,
  staged: string,
  copy: string,
): Promise<number> {
  const { importId, at, lines, accepted, rejected } = list;
  makeFolder(join(copy, ".."), home.ledger);
  const added = await session.run(
    "write_history_copy",
    {
      list: staged,
      path: copy + pending,
      history: JSON.stringify({ import_id: importId, at, lines, accepted, rejected }),
    },
    { fresh: { sql: statement("fresh_sales") } },
  );
  if (added === 0) {
    rmSync(copy + pending);
    return 0;
  }
  syncPath(copy + pending);
  const inserted = await session.run("insert_history", { path: copy + pending });
  if (inserted !== added) {
    throw new Error(
      `import ${importId}: its file has ${added} sales, the ledger took ${inserted}; nothing was kept`,
    );
  }
  return added;
}

async function defineSales(session: Session): Promise<void> {
  for (const macro of ["iso_of", "instant_of"]) await session.run(macro);
}

function boundDating(files: readonly StagedFile[], dating: Dating): Parameters {
  return {
    paths: files.map((file) => file.path),
    zone: dating.timeZone,
    fallback: dating.fallback?.toISOString() ?? null,
    now: dating.now.toISOString(),
  };
}

function cellOf({ column }: Dating): Fragment {
  return column === undefined
    ? fragment`null::varchar`
    : fragment`s.raw_data.${identifier(column)}`;
}

function soldAt(dating: Dating): Fragment {
  return {
    sql: statement("sold_at_of", { cell: cellOf(dating) }),
  };
}
