/** The database of a home that is brought back: made in `moving/`, and given its name when it is whole. */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "../../home.ts";
import { syncPath } from "../../home.ts";
import type { Deed } from "../audit.ts";
import { readAuditHead } from "../catalog/audit.ts";
import type { Access } from "../duckdb/access.ts";
import { migrate, schemaVersion, writeViewFile } from "../duckdb/catalog.ts";
import { writeGeneration } from "../duckdb/journal.ts";
import { openSession, type Resources, type Session } from "../duckdb/session.ts";
import { movingFolder } from "./carried.ts";

/** Writes the deed, the journal, and all of the database into its file. */
type Seal = (deed: Deed) => Promise<void>;

/** Opens the one that is being made, or begins it. */
export async function withNewDatabase<T>(
  { home, log }: Access,
  resources: Resources,
  work: (catalog: Session, seal: Seal) => Promise<T>,
): Promise<T> {
  const path = databaseIn(home);
  const catalog = await openSession(path, "write", resources);
  try {
    if ((await catalog.rows("find_meta")).length === 0) {
      await migrate(catalog, 0, movingFolder(home));
    }
    await catalog.run("spill_to", { folder: resources.temporary });
    return await work(catalog, async (deed) => {
      await catalog.transaction(() => log(catalog, deed, "everything"));
      const head = await readAuditHead(catalog);
      if (head === undefined) throw new Error("the audit log has no entry");
      await writeGeneration(catalog, home, head, schemaVersion);
      await writeViewFile(catalog, home.folder);
      await catalog.run("checkpoint");
    });
  } finally {
    catalog.close();
  }
}

/** Gives it its name, unless it has it already. */
export async function placeDatabase(home: Home): Promise<void> {
  const path = databaseIn(home);
  if (!existsSync(path)) return;
  if (existsSync(`${path}.wal`)) throw new Error(`${path} was not written out`);
  syncPath(path);
  renameSync(path, home.database);
  syncPath(home.folder);
}

function databaseIn(home: Home): string {
  return join(movingFolder(home), "numbers.duckdb");
}
