/** Pool files that somebody reads for as long as it takes, though others may replace or remove them meanwhile. */
import { randomBytes } from "node:crypto";
import { linkSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import type { Home } from "../../home.ts";
import type { Row } from "../session.ts";

/**
 * Gives each row's `file` a second name in this process's own folder, the same to rows that share one: what loses its first name stays readable. Call it
 * under the lock, where every file that the catalog names is there.
 */
export function holdFiles(home: Home, rows: readonly Row[]): { rows: Row[]; release: () => void } {
  const held = new Map<string, string>();
  const mark = randomBytes(4).toString("hex");
  const linked = rows.map((row) => {
    const file = String(row.file);
    const name = held.get(file) ?? join(home.temporary, `held-${mark}-${held.size}.parquet`);
    if (!held.has(file)) {
      try {
        linkSync(join(home.folder, file), name);
      } catch {
        // A missing file is for the reader to find; a file system without second names is read as it can be.
        return row;
      }
      held.set(file, name);
    }
    return { ...row, file: relative(home.folder, name) };
  });
  return {
    rows: linked,
    release: () => {
      for (const name of held.values()) rmSync(name, { force: true });
    },
  };
}
