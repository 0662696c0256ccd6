/**
 * What the engine says of a damaged file, in words for the operator. Its own words are kept: they name the place. Only files
 * of the home are read where this is asked; what a source has is judged by the intake.
 */
import { exitCode, messageOf, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import { isOutOfMemory } from "../../memory.ts";
import { isOutOfSpace } from "../../space.ts";

/** Of the database and its log: blocks and entries have checksums, so that a changed bit is always found. */
const databaseWords =
  /not a valid DuckDB database|Corrupt (database|WAL) file|replaying WAL|Could not read enough bytes|Serialization Error|checksum/i;
/** Of Parquet files: these have no checksums, what is found is what cannot be unpacked. */
const parquetWords =
  /No magic bytes|too small to be a Parquet file|Decompression failure|snappy|TProtocolException|Out of buffer|Invalid string encoding found in Parquet|Failed to read file|Footer length error|Could not read enough bytes/i;
/** The engine met what cannot be: a damaged file, or a defect of its own. */
const impossible = /INTERNAL Error|FATAL Error|database has been invalidated/;

/** The system refused: that tells nothing of what is in the file. */
const refused = /Input\/output error|Read-only file system|Permission denied/i;

/** The error to show in the place of one that damage caused; undefined when it tells of no damage. */
export function damageIn(home: Home, error: unknown): UserError | undefined {
  if (error instanceof UserError) return undefined;
  // Also where the engine gives up its instance because of it.
  if (isOutOfSpace(error) || isOutOfMemory(error) || refused.test(messageOf(error)))
    return undefined;
  const message = firstLine(messageOf(error));
  const file = /file:? ["']([^"']+)["']/i.exec(message)?.[1];
  if (file !== undefined && !file.startsWith(home.folder)) return undefined;
  const isDatabase = file === undefined || file.startsWith(home.database);
  if (isDatabase && databaseWords.test(message)) {
    return damaged(file ?? home.database, message, restoreDatabase, error);
  }
  if (parquetWords.test(message)) {
    const named = file ?? "a Parquet file of the home";
    return damaged(named, message, restoreFile, error);
  }
  if (impossible.test(message)) {
    return damaged(home.database, message, restoreDatabase, error, "may be damaged");
  }
  return undefined;
}

const restoreDatabase =
  "keep it and its .wal as they are; numbers doctor --rebuild makes it anew from the files beside it, or restore a backup";
const restoreFile =
  "nothing was changed; numbers doctor names every such file: put it back from a backup";

function damaged(
  file: string,
  message: string,
  next: string,
  cause: unknown,
  is = "is damaged",
): UserError {
  return new UserError(exitCode.integrity, `${file} ${is}: ${message}; ${next}`, { cause });
}

/** Without the name of the statement, so that the same damage has the same words; the rest is for programmers. */
function firstLine(message: string): string {
  return (message.split("\n")[0] ?? message).replace(/^[\w/]+: (?=[A-Z])/, "").trim();
}

/** Runs `work` on files of the home; what fails because one of them is damaged fails with words for the operator. */
export async function namingDamage<T>(home: Home, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw damageIn(home, error) ?? error;
  }
}
