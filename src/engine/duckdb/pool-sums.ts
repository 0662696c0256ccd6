/**
 * Whether the files of the pool still hold what was written. Parquet files have no checksums of their own; the catalog
 * has one of each, noted in the transaction that brought the file into the pool. Files are written once, so it stays true.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { sumOfFile } from "../../checksum.ts";
import type { Home } from "../../home.ts";
import type { Progress } from "../../progress.ts";
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
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const changed: string[] = [];
  const sizeOf = (path: string) =>
    statSync(join(home.folder, path), { throwIfNoEntry: false })?.size ?? 0;
  const total = [...sums.keys()].reduce((sum, path) => sum + sizeOf(path), 0);
  let bytes = 0;
  progress.begin("reading the pool", { bytes: total });
  for (const [path, sum] of sums) {
    signal?.throwIfAborted();
    const file = join(home.folder, path);
    if (!existsSync(file)) continue;
    bytes += sizeOf(path);
    const now = await sumOfFile(file).catch(() => undefined);
    progress.at({ bytes });
    if (now === sum || !existsSync(file)) continue;
    changed.push(`${path} does not hold what was written: put it back from a backup`);
  }
  return changed;
}
