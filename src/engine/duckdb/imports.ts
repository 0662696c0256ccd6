/** Imports in the catalog: what is there already, and publishing a new one. */
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { failpoint } from "../../failpoints.ts";
import { type Home, makeFolder, syncNamed } from "../../home.ts";
import { poolPath } from "../../pool/files.ts";
import type { Log } from "../catalog/audit.ts";
import { insertCategories, spellingOf } from "../catalog/categories.ts";
import { countErasures } from "../catalog/erasures.ts";
import type { Content, Import, Publication, SummedFile } from "../engine.ts";
import { removeDoomedFiles } from "./doomed.ts";
import type { Session } from "./session.ts";

export async function readContents(session: Session): Promise<Content[]> {
  const rows = await session.rows("read_contents");
  return rows.map((row) => ({
    importId: String(row.import_id),
    hash: String(row.content_hash),
    contentBytes: Number(row.content_bytes),
    fileBytes: Number(row.file_bytes),
  }));
}

/**
 * Renames the staged files into the pool and registers them in one transaction. A crash before the commit leaves files
 * that the catalog does not name, and so no reader sees; they are renamed under the lock, so that whoever holds it next
 * knows that such files belong to the dead.
 */
export async function publishImport(
  session: Session,
  home: Home,
  log: Log,
  record: Import,
  files: readonly SummedFile[],
): Promise<Publication> {
  const [known] = await session.rows("find_content", {
    content_hash: record.contentHash,
    import_id: record.importId,
    forced: record.forced,
  });
  if (known) {
    const importId = String(known.import_id);
    return {
      status: importId === record.importId ? "published" : "duplicate",
      importId,
    };
  }

  if ((await countErasures(session)) !== record.erasedPersons) {
    return { status: "outdated", importId: record.importId };
  }
  await removeDoomedFiles(session, home);

  const published: string[] = [];
  await session.transaction(
    async () => {
      const { source, category, categories } = await spelled(session, record);
      await session.run("insert_import", {
        import_id: record.importId,
        content_hash: record.contentHash,
        content_bytes: record.contentBytes,
        file_bytes: record.fileBytes,
        path: record.path,
        source: source ?? null,
        category: category ?? null,
        category_column: record.categoryColumn ?? null,
        date: record.date,
        imported_at: record.importedAt.toISOString(),
        recorded_at: record.recordedAt.toISOString(),
        lines: record.lines,
        accepted: record.accepted,
        rejected: record.rejected,
        numbers: record.numbers,
        mismatched: record.mismatched,
        reasons: JSON.stringify(record.reasons),
        forced: record.forced,
      });
      await insertCategories(session, record.importId, categories);
      for (const [index, file] of files.entries()) {
        const path = poolPath(record.date, file.provider, record.importId, index + 1);
        const target = join(home.folder, path);
        makeFolder(join(target, ".."), home.pool);
        await failpoint("import.folder-made");
        renameSync(file.path, target);
        published.push(target);
        await failpoint("import.file-renamed");
        await session.run("insert_pool_file", {
          path,
          import_id: record.importId,
          provider: file.provider,
          synthetic: file.synthetic,
          numbers: file.numbers,
          bytes: file.bytes,
          columns: record.columns,
          phone_column: record.phoneColumn,
          sum: file.sum,
        });
      }
      await failpoint("import.files-registered");
      await log(
        session,
        {
          at: record.recordedAt,
          action: "import.publish",
          subject: record.importId,
          details: {
            lines: record.lines,
            accepted: record.accepted,
            rejected: record.rejected,
            numbers: record.numbers,
            source: source ?? null,
            category: category ?? null,
            forced: record.forced,
          },
        },
        { import: [record.importId] },
      );
      for (const path of published) syncNamed(path, home.pool);
      await failpoint("import.folders-synced");
    },
    () => {
      for (const path of published) rmSync(path, { force: true });
    },
  );
  return { status: "published", importId: record.importId };
}

/** The names of an import as the catalog spells them already: the register for its source, earlier imports for categories. */
async function spelled(
  session: Session,
  { source, category, categories }: Import,
): Promise<Pick<Import, "source" | "category" | "categories">> {
  const [registered] =
    source === undefined ? [] : await session.rows("find_source", { name: source });
  const given = categories.map((one) => one.category);
  const spelling = await spellingOf(session, category === undefined ? given : [category, ...given]);
  return {
    source: registered ? String(registered.name) : source,
    category: category === undefined ? undefined : spelling(category),
    categories: categories.map((one) => ({ ...one, category: spelling(one.category) })),
  };
}
