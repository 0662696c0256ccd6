/** Imports in the catalog: what is there already, and publishing a new one. */
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { failpoint } from "../../failpoints.ts";
import { type Home, makeFolder, syncNamed } from "../../home.ts";
import { poolPath } from "../../pool/files.ts";
import type { Log } from "../catalog/audit.ts";
import { insertCategories } from "../catalog/categories.ts";
import { countErasures } from "../catalog/erasures.ts";
import { findPublished, importRecord, publicationDeed, spelled } from "../catalog/imports.ts";
import type { Import, Publication, SummedFile } from "../engine.ts";
import { removeDoomedFiles } from "./doomed.ts";
import type { Session } from "./session.ts";

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
  const known = await findPublished(session, record);
  if (known) return known;
  if ((await countErasures(session)) !== record.erasedPersons) {
    return { status: "outdated", importId: record.importId };
  }
  await removeDoomedFiles(session, home);

  const published: string[] = [];
  await session.transaction(
    async () => {
      const names = await spelled(session, record);
      await session.run("insert_import", importRecord(record, names));
      await insertCategories(session, record.importId, names.categories);
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
      await log(session, publicationDeed(record, names), { import: [record.importId] });
      for (const path of published) syncNamed(path, home.pool);
      await failpoint("import.folders-synced");
    },
    () => {
      for (const path of published) rmSync(path, { force: true });
    },
  );
  return { status: "published", importId: record.importId };
}
