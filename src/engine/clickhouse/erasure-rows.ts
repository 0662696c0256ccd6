/** Erased persons out of the pool and out of the rejects files of this home. */
import { mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { failpoint } from "../../failpoints.ts";
import { syncPath } from "../../home.ts";
import type { Deed } from "../audit.ts";
import { type CleanedRejects, cleanRejects, identityOf, type Person } from "../erased-rejects.ts";
import type { Row } from "../session.ts";
import type { Access } from "./access.ts";
import type { Session } from "./session.ts";
import { identifier, statement } from "./statements.ts";

/** Rounds that somebody else may spoil, by sending a list that he does not publish or by writing a rejects file. */
const roundsMost = 20;
/** Rows that one mutation empties: it is kept by the server. */
const rowsMost = 5_000;

/** What an unpublished list or a lightweight delete may have left of somebody. */
const hiding = ["pool", "ledger", "picks", "candidates", "blocked"] as const;

/** Round after round until nothing holds an unfinished person; resolves to the erasures that can be finished. */
export async function clean(access: Access, at: Date): Promise<string[]> {
  for (let round = 1; ; round += 1) {
    const open = await access.read((session) => session.rows("select_unfinished_erasures"));
    if (open.length === 0) return [];
    const uncounted = open.filter(({ counted }) => counted !== true).map(personOf);
    const isCounted = await takeOut(access, open.map(personOf), uncounted, at);
    if (isCounted && (await access.read(removeRows))) {
      return open.map(({ erasure_id }) => String(erasure_id));
    }
    if (round === roundsMost) {
      throw new Error("others wrote what holds the persons as fast as it was written anew");
    }
  }
}

function personOf(row: Row): Person {
  return { erasureId: String(row.erasure_id), phone: row.phone as bigint };
}

/**
 * Takes those who are not yet out of all counts, as one step, and then everybody out of the rejects: what a crash left of these
 * is counted already. False when somebody wrote the rejects meanwhile.
 */
async function takeOut(
  access: Access,
  persons: readonly Person[],
  uncounted: readonly Person[],
  at: Date,
): Promise<boolean> {
  const folder = join(access.home.temporary, "erased");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const rejects = await cleanRejects(access.home, persons, folder, access.signal);
  return access.write(async (session) => {
    if (rejects.some(({ path, identity }) => identityOf(path) !== identity)) return false;
    // Somebody else may be at the same erasure, and have counted them since.
    const open = await session.rows("select_unfinished_erasures");
    const ids = open
      .filter(({ counted }) => counted !== true)
      .map(({ erasure_id }) => String(erasure_id))
      .filter((id) => uncounted.some(({ erasureId }) => erasureId === id));
    if (ids.length > 0) await count(session, access, ids, rejects, at);
    await putInPlace(rejects);
    return true;
  });
}

async function count(
  session: Session,
  access: Access,
  ids: readonly string[],
  rejects: readonly CleanedRejects[],
  at: Date,
): Promise<void> {
  const hits = await session.rows("count_erased_rows", { ids });
  const paths = [...new Set(hits.map(({ path }) => String(path)))];
  const files = await session.rows("select_files_of_erased", { paths });
  const categories = await session.rows("count_erased_categories", { ids, paths });
  await session.transaction(async () => {
    await subtract(session, files, hits);
    for (const { import_id, category, numbers } of categories) {
      await session.run("set_category", {
        import_id: String(import_id),
        category: String(category),
        numbers: Number(numbers),
      });
    }
    await session.run("mark_counted", { ids });
    await access.log(
      session,
      ids.map((id) => deedOf(id, hits, rejects, at)),
      "everything",
    );
  });
}

/** New counts of files and imports, not differences: so that they may be written twice. */
async function subtract(session: Session, files: readonly Row[], hits: readonly Row[]) {
  const byImport = new Map<string, { numbers: number; erased: number }>();
  for (const file of files) {
    const gone = sumOf(hits.filter(({ path }) => path === file.path));
    await session.run("mark_file_erased", {
      path: String(file.path),
      numbers: Number(file.numbers) - gone,
      erased: Number(file.erased) + gone,
    });
    const { numbers, erased } = byImport.get(String(file.import_id)) ?? {
      numbers: Number(file.import_numbers),
      erased: Number(file.import_erased),
    };
    byImport.set(String(file.import_id), { numbers: numbers - gone, erased: erased + gone });
  }
  for (const [import_id, counts] of byImport) {
    await session.run("mark_import_erased", { import_id, ...counts });
  }
}

function deedOf(
  id: string,
  hits: readonly Row[],
  rejects: readonly CleanedRejects[],
  at: Date,
): Deed {
  const own = hits.filter(({ erasure_id }) => erasure_id === id);
  return {
    at,
    action: "person.erased",
    subject: id,
    details: {
      pool_rows: sumOf(own),
      pool_files: own.length,
      rejects_rows: rejects.reduce((sum, { byErasure }) => sum + (byErasure.get(id) ?? 0), 0),
    },
  };
}

async function putInPlace(rejects: readonly CleanedRejects[]): Promise<void> {
  for (const { path, fresh } of rejects) {
    renameSync(fresh, path);
    await failpoint("erasure.rejects-renamed");
  }
  for (const folder of new Set(rejects.map(({ path }) => dirname(path)))) syncPath(folder);
}

/** First what others share with the persons, which is found by their rows; then these. False when some came meanwhile. */
async function removeRows(session: Session): Promise<boolean> {
  const cells = { cells: { sql: statement("erased_cells") } };
  const [shared] = await session.rows("count_erased_cells", {}, cells);
  if (Number(shared?.cells) > 0) {
    const alike = await session.rows("find_alike_rows", {}, cells);
    for (let from = 0; from < alike.length; from += rowsMost) {
      const some = alike.slice(from, from + rowsMost);
      await session.run("empty_rows", {
        paths: some.map(({ path }) => String(path)),
        rows: some.map(({ row }) => row as bigint),
      });
    }
  }
  await session.run("delete_erased_rows");
  for (const table of hiding) {
    await session.run("apply_deletes", {}, { table: identifier(table) });
  }
  const [left] = await session.rows("count_rows_left");
  return Number(left?.numbers) === 0;
}

function sumOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { numbers }) => sum + Number(numbers), 0);
}
