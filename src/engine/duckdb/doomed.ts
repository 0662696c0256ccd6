/** Files that no row names any more: their names are kept until they are gone, so that no crash leaves them behind. */
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Home } from "../../home.ts";
import { syncPath } from "../../home.ts";
import type { Session } from "./session.ts";

/** Removes them; called under the lock, outside of a transaction. */
export async function removeDoomedFiles(session: Session, home: Home): Promise<void> {
  const rows = await session.rows("select_doomed_files");
  if (rows.length === 0) return;
  const paths = rows.map(({ path }) => String(path));
  for (const path of paths) rmSync(join(home.folder, path), { force: true });
  for (const folder of new Set(paths.map((path) => dirname(join(home.folder, path))))) {
    if (existsSync(folder)) syncPath(folder);
  }
  await session.run("delete_doomed_files", { paths });
}
