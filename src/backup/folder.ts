/**
 * The folder of a backup:
 *
 *     manifest.json    what the backup is (`manifest.ts`); replaced whole, last of all
 *     files/…          the files of the home, each under its place and its checksum: never written to once it is there
 *     backup.lock      an empty database, whose lock is the folder's; it also says that the folder is a backup's
 */
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { exitCode, messageOf, UserError, usageError } from "../errors.ts";
import { makeFolders } from "../home.ts";
import { isPart } from "./copying.ts";
import { filesFolder, type Manifest, readManifest } from "./manifest.ts";
import type { Stored } from "./plan.ts";

const lockName = "backup.lock";
export const manifestName = "manifest.json";

/** Locks a file until the function that it resolves to is called, or the process ends; undefined when it is locked. */
export type Lock = (path: string, mode: "alone" | "shared") => Promise<(() => void) | undefined>;

/** Makes the folder if it must, and locks it. Throws a usage error for a folder that has something else in it. */
export async function openForBackup(folder: string, home: string, lock: Lock): Promise<() => void> {
  requireApart(folder, home);
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (stat && !stat.isDirectory())
    throw usageError(`${folder} is no folder; name one to back up into`);
  let names: string[];
  try {
    makeFolders(folder);
    names = readdirSync(folder);
  } catch (error) {
    throw usageError(
      `${folder} cannot be used for a backup: ${messageOf(error)}; name another folder, or mend its permissions`,
      error,
    );
  }
  // Another backup may be making the lock at this moment.
  const [stranger] = names.filter((name) => !name.startsWith(`${lockName}-`));
  if (stranger !== undefined && !names.includes(lockName)) {
    throw usageError(
      `${folder} is not empty and no backup: it has ${JSON.stringify(stranger)}; name an empty folder, or a new one`,
    );
  }
  return requireLock(folder, lock, "alone");
}

/** Locks a backup that is to be read, and reads its manifest. */
export async function openBackup(
  folder: string,
  lock: Lock,
): Promise<{ manifest: Manifest; release: () => void }> {
  if (!existsSync(join(folder, manifestName))) {
    const hint = existsSync(join(folder, lockName))
      ? "it was begun and never finished: numbers backup goes on with it"
      : "name the folder that numbers backup wrote to";
    throw usageError(`${folder} is no backup: it has no ${manifestName}; ${hint}`);
  }
  // Without its lock it is a copy of a backup, which nobody writes to.
  const isOriginal = existsSync(join(folder, lockName));
  const release = isOriginal ? await requireLock(folder, lock, "shared") : () => undefined;
  try {
    return { manifest: requireManifest(folder), release };
  } catch (error) {
    release();
    throw error;
  }
}

async function requireLock(
  folder: string,
  lock: Lock,
  mode: "alone" | "shared",
): Promise<() => void> {
  const release = await lock(join(folder, lockName), mode);
  if (release) return release;
  throw new UserError(
    exitCode.busy,
    `${folder} is in use by another numbers backup or restore; try again when it is done`,
  );
}

/** The manifest, or undefined when no backup was finished here. */
export function findManifest(folder: string): Manifest | undefined {
  return existsSync(join(folder, manifestName)) ? requireManifest(folder) : undefined;
}

function requireManifest(folder: string): Manifest {
  const path = join(folder, manifestName);
  return readManifest(readFileSync(path, "utf8"), path);
}

/** One inside the other would back up the backup, or be swept with the home. */
export function requireApart(folder: string, home: string): void {
  const [one, other] = [realPath(folder), realPath(home)];
  const isInside = (inner: string, outer: string) => {
    const way = relative(outer, inner);
    return way === "" || !(way === ".." || way.startsWith(`..${sep}`));
  };
  if (isInside(one, other)) {
    throw usageError(
      `${folder} is inside the home ${home}; name a folder elsewhere, best on another disk`,
    );
  }
  if (isInside(other, one)) {
    throw usageError(
      `the home ${home} is inside ${folder}; name a folder elsewhere, best on another disk`,
    );
  }
}

/** Without links, also of what is not there yet. */
export function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const above = dirname(path);
  return above === path ? path : join(realPath(above), basename(path));
}

/** Every file of the backup but manifest and lock. */
export function listStored(folder: string): Stored[] {
  const files = join(folder, filesFolder);
  if (!existsSync(files)) return [];
  return readdirSync(files, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const stat = statSync(path, { throwIfNoEntry: false });
      return { stored: relative(folder, path), bytes: stat?.isFile() ? stat.size : -1 };
    });
}

/** What lies beside the folder of the files and does not belong there. */
export function strangers(folder: string): string[] {
  return readdirSync(folder).filter(
    (name) => ![lockName, manifestName, filesFolder].includes(name) && !isPart(name),
  );
}

/** Removes what was cut off while it was written. Called by who holds the lock alone. */
export function removeParts(folder: string): void {
  for (const name of readdirSync(folder)) if (isPart(name)) rmSync(join(folder, name));
  removeStored(
    folder,
    listStored(folder).filter(({ stored }) => isPart(stored)),
  );
}

/** Removes files, and the folders that are empty then. Called by who holds the lock alone. */
export function removeStored(folder: string, files: readonly Stored[]): void {
  const folders = new Set<string>();
  for (const { stored } of files) {
    rmSync(join(folder, stored), { force: true });
    for (let at = dirname(stored); at !== "."; at = dirname(at)) folders.add(at);
  }
  // The innermost first.
  for (const at of [...folders].sort((a, b) => b.length - a.length)) {
    const path = join(folder, at);
    if (existsSync(path) && readdirSync(path).length === 0) rmSync(path, { recursive: true });
  }
}
