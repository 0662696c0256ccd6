/** Files that appear under their names only when they are whole. */
import { randomBytes } from "node:crypto";
import { chmodSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { failpoint } from "./failpoints.ts";
import { syncPath } from "./home.ts";

/** A hidden name beside a file, for as long as it is not whole. A name has 255 bytes at most, a letter up to 4. */
export function partOf(path: string): string {
  const start = [...basename(path)].slice(0, 50).join("");
  return join(dirname(path), `.${start}.part-${randomBytes(4).toString("hex")}`);
}

/** Lets `write` write each file, then gives all of them their names, as `publishWhole` does. */
export function writeWhole(
  paths: readonly string[],
  fileMode: number,
  write: (part: string, index: number) => Promise<void> | void,
): Promise<void> {
  return publishWhole(paths, fileMode, write, (name) => name());
}

/**
 * Lets `write` write each file beside its place, then `publish` call what gives all of them their names, and resolves to what
 * that resolves to; syncs files and folders. What fails leaves nothing beside them. `fileMode` is for files outside the home.
 */
export async function publishWhole<T>(
  paths: readonly string[],
  fileMode: number,
  write: (part: string, index: number) => Promise<void> | void,
  publish: (name: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const parts = paths.map(partOf);
  try {
    for (const [index, part] of parts.entries()) {
      await write(part, index);
      await failpoint("file.written");
      chmodSync(part, fileMode);
      syncPath(part);
      await failpoint("file.synced");
    }
    return await publish(async () => {
      await failpoint("file.ready");
      for (const [index, part] of parts.entries()) {
        renameSync(part, paths[index] as string);
        await failpoint("file.renamed");
      }
      for (const folder of new Set(paths.map((path) => dirname(path)))) syncPath(folder);
      await failpoint("file.folders-synced");
    });
  } catch (error) {
    for (const part of parts) rmSync(part, { force: true });
    throw error;
  }
}
