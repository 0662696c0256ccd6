/** Files that no row names any more: their names are kept until they are gone, so that no crash leaves them behind. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { failpoint } from "../../failpoints.ts";
import type { Home } from "../../home.ts";
import { syncPath } from "../../home.ts";
import type { Session } from "./session.ts";

/** Removes them; called under the lock, outside of a transaction. */
export async function removeDoomedFiles(session: Session, home: Home): Promise<void> {
  for (const { path } of await session.rows("select_doomed_files")) {
    const target = join(home.folder, String(path));
    rmSync(target, { force: true });
    syncPath(join(target, ".."));
    await failpoint("doomed.file-removed");
    await session.run("delete_doomed_file", { path: String(path) });
    await failpoint("doomed.forgotten");
  }
}
