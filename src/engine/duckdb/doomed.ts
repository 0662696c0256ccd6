/** Files that no row names any more: their names are kept until they are gone, so that no crash leaves them behind. */
import { existsSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { failpoint } from "../../failpoints.ts";
import type { Home } from "../../home.ts";
import { requireWay, syncPath } from "../../home.ts";
import type { Session } from "./session.ts";

/**
 * Removes them, and the folders of days and providers that they leave empty; called under the lock, outside of a
 * transaction. Their names go last and all at once: a crash before that removes what is gone once more.
 */
export async function removeDoomedFiles(session: Session, home: Home): Promise<void> {
  const paths = (await session.rows("select_doomed_files")).map(({ path }) => String(path));
  if (paths.length === 0) return;
  for (const path of paths) {
    requireWay(join(home.folder, path), home.folder);
    rmSync(join(home.folder, path), { force: true });
    await failpoint("doomed.file-removed");
  }
  for (const folder of new Set(paths.map((path) => dirname(join(home.folder, path))))) {
    removeEmpty(folder);
  }
  await session.run("delete_doomed_files", { paths });
  await failpoint("doomed.forgotten");
}

/** Removes a partition's folder, and the one of its day, if nothing is in it; what is left of both is synced. */
export function removeEmpty(folder: string): void {
  if (!/^(date|provider)=/.test(basename(folder)) || (existsSync(folder) && !isRemoved(folder))) {
    syncPath(folder);
    return;
  }
  removeEmpty(dirname(folder));
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw error;
  }
}
