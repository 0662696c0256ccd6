/** The files of an embedded home whose numbers are on a server now: out of the way, and not thrown away. */
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { failpoint } from "../../failpoints.ts";
import { type Home, syncPath } from "../../home.ts";
import { asideOf } from "../place.ts";

/** What only an embedded home has; rejects and the key of erasures stay with either engine. */
const ofEmbedded = /^(numbers\.duckdb.*|pool|ledger|journal|views)$/;

/**
 * Renames them into a folder of the home; resolves to its name, if there was anything. Called again after a crash it goes on.
 */
export async function putAside(home: Home, id: string): Promise<string | undefined> {
  const name = asideOf(id);
  const folder = join(home.folder, name);
  const left = readdirSync(home.folder).filter(
    (entry) => ofEmbedded.test(entry) && !isEmptyFolder(join(home.folder, entry)),
  );
  if (left.length > 0 && !existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  for (const entry of left) {
    renameSync(join(home.folder, entry), join(folder, entry));
    await failpoint("move.put-aside");
  }
  for (const path of [home.pool, home.ledger]) {
    if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
  }
  syncPath(home.folder);
  return existsSync(folder) ? name : undefined;
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch {
    return false;
  }
}
