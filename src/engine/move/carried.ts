/**
 * What was carried already, in `moving/carried` in the home: one name a line, written when the other side has it. A move that
 * was cut off goes on behind it; what was sent and not noted is sent again under the same token, which adds nothing.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { failpoint } from "../../failpoints.ts";
import { type Home, syncPath } from "../../home.ts";

export type Carried = {
  has(name: string): boolean;
  /** Notes it, for the next process too. */
  add(name: string): Promise<void>;
};

/** The folder of a move that is not done. */
export function movingFolder({ folder }: Pick<Home, "folder">): string {
  return join(folder, "moving");
}

/** Opens the notes of the move `id`; those of another one are thrown away, with all that lies beside them. */
export function openCarried(home: Home, id: string): Carried {
  const folder = movingFolder(home);
  const path = join(folder, "carried");
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  if (lines[0] !== id) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { mode: 0o700 });
    appendFileSync(path, `${id}\n`, { mode: 0o600 });
    syncPath(path);
    syncPath(folder);
  }
  // A line that was cut off has no end, and is none.
  const known = new Set(lines[0] === id ? lines.slice(1, -1) : []);
  if (lines[0] === id && lines.at(-1) !== "") appendFileSync(path, "\n");
  return {
    has: (name) => known.has(name),
    add: async (name) => {
      appendFileSync(path, `${name}\n`);
      syncPath(path);
      known.add(name);
      await failpoint("move.carried");
    },
  };
}

export function removeCarried(home: Home): void {
  rmSync(movingFolder(home), { recursive: true, force: true });
}
