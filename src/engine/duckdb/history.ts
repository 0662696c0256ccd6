/**
 * Sales from another system: into the ledger, and into a file of their own in `ledger/`, as an order's sales are, so
 * that the database can be rebuilt.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { failpoint } from "../../failpoints.ts";
import { makeFolder, syncNamed } from "../../home.ts";
import type { Addition, Dating, ReadList } from "../blacklist.ts";
import { erasureKeyIn } from "../catalog/erasures.ts";
import type { StagedFile } from "../engine.ts";
import type { Parameters } from "../session.ts";
import { type Fragment, fragment } from "../statements.ts";
import type { Access } from "./access.ts";
import { ledgerCopyPath, pending, publishLedgerCopy, settleLedgerCopies } from "./ledger-copies.ts";
import { countFresh, logImport, pathsOf, type Slice, spansOf, withScratch } from "./lists.ts";
import type { Session } from "./session.ts";
import { identifier, statement } from "./statements.ts";
import { writeWithCopies } from "./uncertain.ts";

/** Lines whose date cannot be, and one of the cells. */
export async function countUndated(
  access: Pick<Access, "aside">,
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
  return withScratch(access, async (folder) => {
    const slices = await stageHistory(access, list, dating, folder);
    const listed = slices.reduce((sum, slice) => sum + slice.listed, 0);
    if (list.dryRun) {
      const added = await access.read(async (session) => {
        const key = await erasureKeyIn(session, access.home);
        const fresh = slices.map((slice) => ({
          sql: freshSales(),
          parameters: boundSlice(slice, key),
        }));
        return countFresh(session, fresh);
      });
      return { added, known: listed - added };
    }
    return writeWithCopies(access, (session) => sell(session, access, list, slices, listed));
  });
}

/** What of a history's file is in the ledger still: sales from this instant on; older ones were pruned. */
export async function historySince(session: Session, importId: string): Promise<string> {
  const [row] = await session.rows("find_history_since", { import_id: importId });
  return row ? String(row.since) : "-infinity";
}

/** The sales of a read list, in order, a file for each slice. */
export async function stageHistory(
  access: Pick<Access, "aside">,
  { files }: ReadList,
  dating: Dating,
  folder: string,
): Promise<readonly Slice[]> {
  if (files.length === 0) return [];
  return access.aside(async (session) => {
    await defineSales(session);
    const slices: Slice[] = [];
    for (const span of await spansOf(session, files)) {
      const path = join(folder, `sales-${slices.length}.parquet`);
      const providers = files.map(({ provider }) => provider);
      const parameters = { ...boundDating(files, dating), providers, ...span, target: path };
      const fragments = { sold_at: soldAt(dating) };
      slices.push({
        ...span,
        path,
        listed: await session.run("stage_history", parameters, fragments),
      });
    }
    return slices;
  });
}

function freshSales(): Fragment {
  return { sql: statement("fresh_sales") };
}

function boundSlice({ path, first, last }: Slice, key: string | null): Parameters {
  return { list: path, first, last, key };
}

async function sell(
  session: Session,
  access: Access,
  list: ReadList,
  slices: readonly Slice[],
  listed: number,
): Promise<Addition> {
  const { home } = access;
  await settleLedgerCopies(session, home);
  const copy = ledgerCopyPath(home, list.importId, list.at);
  const addition = await session.transaction(
    async () => {
      const added = await insertHistory(session, access, list, slices, copy);
      const result = { added, known: listed - added };
      await logImport(session, access, list, result, { kind: "sold" });
      return result;
    },
    () => rmSync(copy + pending, { force: true }),
  );
  if (addition.added > 0) publishLedgerCopy(copy);
  return addition;
}

/** Writes the file and fills the ledger from it, so that both hold the same. */
async function insertHistory(
  session: Session,
  { home }: Access,
  list: ReadList,
  slices: readonly Slice[],
  copy: string,
): Promise<number> {
  const { importId, at, lines, accepted, rejected } = list;
  const paths: string[] = [];
  const key = await erasureKeyIn(session, home);
  let added = 0;
  for (const slice of slices) {
    const target = `${slice.path}.fresh`;
    const parameters = { ...boundSlice(slice, key), target };
    added += await session.run("write_fresh_sales", parameters, { fresh: freshSales() });
    paths.push(target);
  }
  if (added === 0) return 0;
  makeFolder(join(copy, ".."), home.ledger);
  const written = await session.run("write_history_copy", {
    paths,
    path: copy + pending,
    history: JSON.stringify({ import_id: importId, at, lines, accepted, rejected }),
  });
  await failpoint("history.copy-written");
  syncNamed(copy + pending, home.ledger);
  await failpoint("history.copy-synced");
  const inserted = await session.run("insert_history", { path: copy + pending });
  if (written !== added || inserted !== added) {
    throw new Error(
      `import ${importId}: of ${added} new sales its file has ${written}, the ledger took ${inserted}; nothing was kept`,
    );
  }
  return added;
}

async function defineSales(session: Session): Promise<void> {
  for (const macro of ["iso_of", "instant_of"]) await session.run(macro);
}

function boundDating(files: readonly StagedFile[], dating: Dating): Parameters {
  return {
    paths: pathsOf(files),
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
