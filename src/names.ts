/** What a name may look like, of whatever it is. Pure. */
import { usageError } from "./errors.ts";

/** Throws a usage error unless it is 1 to 100 characters on one line without a blank at its ends. */
export function checkName(name: string, what: string): string {
  if (/^\S(.{0,98}\S)?$/u.test(name)) return name;
  throw usageError(`${what}: a name has 1 to 100 characters and no blank at its ends`);
}
