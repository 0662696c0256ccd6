/**
 * Making a database file: whole under its name at once. The engine makes an empty file first and locks it then; whoever
 * opened it in between was told that it is damaged.
 */
import { linkSync, rmSync } from "node:fs";
import { syncPath } from "../../home.ts";
import { openSession, type Resources } from "./session.ts";

/**
 * Makes an empty database at `path`, by way of `fresh` on the same file system. One that somebody else made meanwhile
 * stays. Where the file system has no second names nothing is made: the engine then makes it when it opens it.
 */
export async function makeDatabase(
  path: string,
  fresh: string,
  resources: Resources,
): Promise<void> {
  const session = await openSession(fresh, "write", resources);
  session.close();
  try {
    syncPath(fresh);
    linkSync(fresh, path);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["EEXIST", "EPERM", "ENOTSUP", "ENOSYS", "EMLINK"].includes(code)) throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
}
