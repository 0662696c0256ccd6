/**
 * Whether the files of the pool still hold what was written. Parquet files have no checksums of their own; the catalog
 * has one of each, noted in the transaction that brought the file into the pool. Files are written once, so it stays true.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { sumOfFile } from "../../checksum.ts";
import type { Home } from "../../home.ts";
import type { Session } from "./session.ts";

/** SHA-256 of the files that are in the pool now, by their path in the home; nothing of those that an older version wrote. */
export async function notedSums(catalog: Session): Promise<Map<string, string>> {
  const rows = await catalog.rows("select_file_sums");
  return new Map(rows.map(({ path, sum }) => [String(path), String(sum)]));
}

/**
 * Those that hold something else, in words. Reads every byte of the pool: without the lock, so that nobody waits for it. A
 * file that is not there any more was replaced meanwhile, or is missing, which another check says.
 */
export async function findChanged(
  home: Home,
  sums: ReadonlyMap<string, string>,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, sum] of sums) {
    signal?.throwIfAborted();
    const file = join(home.folder, path);
    if (!existsSync(file)) continue;
    const now = await sumOfFile(file).catch(() => undefined);
    if (now === sum || !existsSync(file)) continue;
    changed.push(`${path} does not hold what was written: put it back from a backup`);
  }
  return changed;
}
