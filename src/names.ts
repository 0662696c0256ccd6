/** Names that people give: of sources and categories. Pure. */
import { usageError } from "./errors.ts";

/** The most characters of a name. */
export const nameLength = 100;

/** Throws a usage error unless `name` has 1 to 100 characters on one line and no blank at its ends. */
export function checkName(name: string, what: string): string {
  const isName = name.trim() === name && name !== "" && !/\p{Cc}/u.test(name);
  if (isName && [...name].length <= nameLength) return name;
  const shown = JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name);
  throw usageError(
    `${what}: ${shown} is no name; a name has 1 to ${nameLength} characters and no blank at its ends`,
  );
}
