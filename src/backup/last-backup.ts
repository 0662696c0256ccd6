/**
 * When a home was last backed up: a note beside the database, not an entry of the audit log. An entry would be a change,
 * and no backup would ever be up to date.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const name = "last-backup.json";

/** Notes that everything lies in `folder` as it was at `madeAt`; written in `temporary`, so that it is there whole. */
export function noteBackup(home: string, temporary: string, folder: string, madeAt: Date): void {
  const part = join(temporary, `${name}.part`);
  const note = { made_at: madeAt.toISOString(), folder };
  writeFileSync(part, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  renameSync(part, join(home, name));
}

/** Undefined when there was none. Throws when the note is there and says nothing. */
export function readLastBackup(home: string): Date | undefined {
  const path = join(home, name);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const madeAt = /"made_at":"([^"]+)"/.exec(text)?.[1];
  const instant = new Date(madeAt ?? "");
  if (Number.isNaN(instant.getTime())) {
    throw new Error(`${path} is damaged; the next numbers backup writes it anew`);
  }
  return instant;
}
