/**
 * Whose a home is, and who may look into it. What the program made is made private again without a word; the home's own
 * folder may be anything that somebody named, so of that it only speaks.
 */
import { chmodSync, lstatSync, readdirSync, statSync } from "node:fs";
import { usageError } from "./errors.ts";

const othersMask = 0o077;
const stickyMask = 0o1000;

/** Takes rights of others away from folders and files of the home that are this user's. */
export function makePrivate(paths: readonly string[]): void {
  for (const path of paths) {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (!stat || stat.uid !== process.geteuid?.() || (stat.mode & othersMask) === 0) continue;
    try {
      chmodSync(path, stat.isDirectory() ? 0o700 : 0o600);
    } catch (error) {
      // The write-ahead log goes when whoever writes is done.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

/** Makes a folder private that was made to become a home; warns of one that has something in it already. */
export function checkPrivate(folder: string, warn: (message: string) => void): void {
  const stat = statSync(folder);
  if ((stat.mode & othersMask) === 0) return;
  const isOurs = stat.uid === process.geteuid?.() && (stat.mode & stickyMask) === 0;
  if (isOurs && readdirSync(folder).length === 0) {
    chmodSync(folder, 0o700);
    return;
  }
  const mode = (stat.mode & 0o7777).toString(8).padStart(4, "0");
  warn(`the home ${folder} is open to others (${mode}): chmod 700 it, if it is nothing but a home`);
}

/**
 * Throws when the database is another user's, as when somebody helps out as root: what we wrote would lock its owner out.
 * `fresh` was made a moment ago: where that is not ours either, the file system gives every file to somebody else.
 */
export function requireOwner(folder: string, database: string, fresh: string): void {
  const ours = process.geteuid?.();
  const stat = statSync(database, { throwIfNoEntry: false });
  if (!stat || stat.uid === ours || statSync(fresh).uid !== ours) return;
  throw usageError(
    `the home ${folder} belongs to user ${stat.uid}, this is user ${ours}: files made now would lock its owner out; ` +
      "run it as that user, or name another home with --home or NUMBERS_HOME",
  );
}

/** `; it belongs to user 1001, this is user 1000`, when that is so. */
export function wordsOfOwner(folder: string): string {
  const stat = statSync(folder, { throwIfNoEntry: false });
  const ours = process.geteuid?.();
  if (!stat || stat.uid === ours) return "";
  return `; it belongs to user ${stat.uid}, this is user ${ours}`;
}
