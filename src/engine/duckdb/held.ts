/** Pool files that a delivery reads for as long as its reader likes, though an erasure may replace them meanwhile. */
import { randomBytes } from "node:crypto";
import { linkSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Home } from "../../home.ts";
import type { Row } from "./session.ts";

/**
 * Gives each row's `file` a second name in this process's own folder: what loses its first name stays readable. Call it
 * under the lock, where every file that the catalog names is there.
 */
export function holdFiles(home: Home, rows: readonly Row[]): { rows: Row[]; release: () => void } {
  const held: string[] = [];
  const mark = randomBytes(4).toString("hex");
  const linked = rows.map((row, index) => {
    const name = join(home.temporary, `held-${mark}-${index}.parquet`);
    try {
      linkSync(join(home.folder, String(row.file)), name);
    } catch {
      // A missing file is for the delivery to find; a file system without second names delivers as it can.
      return row;
    }
    held.push(name);
    return { ...row, file: relative(home.folder, name) };
  });
  return {
    rows: linked,
    release: () => {
      for (const name of held) rmSync(name, { force: true });
    },
  };
}
