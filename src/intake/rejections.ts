/** What was rejected, in words that show no person's data. Pure. */
import type { Rejection } from "../engine/duckdb/converter.ts";
import { count } from "../words.ts";

/** Why a line is rejected although its number is good; part of the reject codes. */
export const personReasons = {
  erased: "the number of a person who was erased; no cell of the line is kept: erased,,,",
} as const;

/** Characters of an example that are shown as they are, and in all. */
const shown = { clear: 3, all: 24 } as const;

/**
 * A cell with everything masked that could tell one person from another: the first three letters or digits stay, so do
 * all signs. `0812-3456-789x` is `081*-****-****`.
 */
export function masked(cell: string): string {
  let clear = 0;
  const text = [...cell.replace(/\s+/g, " ").trim()]
    .map((character) => {
      if (!/[\p{L}\p{N}\p{M}]/u.test(character)) return /\p{C}/u.test(character) ? "?" : character;
      clear += 1;
      return clear <= shown.clear ? character : "*";
    })
    .slice(0, shown.all);
  return text.length < shown.all ? text.join("") : `${text.join("")}…`;
}

/** Reasons in words, the commonest first: `1,957 masked, 1,627 empty`. */
export function reasonWords(reasons: Readonly<Record<string, number>>): string {
  return Object.entries(reasons)
    .sort(([a, aLines], [b, bLines]) => bLines - aLines || (a < b ? -1 : 1))
    .map(([reason, lines]) => `${count(lines)} ${reason}`)
    .join(", ");
}

/** The three commonest reasons with an example each: `no_digits 120 ("Bud* *******"), empty 7 ("")`. */
export function commonest(rejections: ReadonlyMap<string, Rejection>): string {
  return [...rejections]
    .sort(([a, { lines: aLines }], [b, { lines: bLines }]) => bLines - aLines || (a < b ? -1 : 1))
    .slice(0, 3)
    .map(([reason, { lines, example }]) => `${reason} ${lines} ("${masked(example)}")`)
    .join(", ");
}
