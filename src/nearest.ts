/** Finding what was meant by a name that is not known. Pure. */

/** At most this many names stand in a message. */
const namesMost = 5;

/**
 * What to say of an unknown name: the known ones that are nearest to it, or else the first of all that are known.
 * `Did you mean "Acme"?`, `Known are Acme, Beta and 7 more.`, `None is known yet.`
 */
export function hintFor(wanted: string, known: readonly string[]): string {
  const near = nearest(wanted, known).map((name) => `"${name}"`);
  if (near.length > 0) return `Did you mean ${near.join(" or ")}?`;
  if (known.length === 0) return "None is known yet.";
  const rest = known.length - namesMost;
  return `Known are ${known.slice(0, namesMost).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}

/**
 * What to say of a value that is none of a few: `--pick: "newst" is unknown. Did you mean "newest"? Write newest, oldest
 * or random`.
 */
export function unknownWord(option: string, typed: string, known: readonly string[]): string {
  return `${option}: "${typed}" is unknown. ${didYouMean(typed, known)}Write ${listed(known)}`;
}

/** `Did you mean "newest"? `, or nothing when nothing is near. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const [near] = nearest(typed, known);
  return near === undefined ? "" : `Did you mean "${near}"? `;
}

/** `a, b or c` */
function listed(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" or ");
}

/** The known names that are reached with the fewest edits, nearest first; none that half of what was typed must change for. */
export function nearest(wanted: string, known: readonly string[]): string[] {
  const typed = wanted.toLowerCase();
  const most = Math.max(1, Math.floor(typed.length / 2));
  return (
    known
      // The difference in length is a lower bound, so an absurdly long word costs nothing.
      .filter((name) => Math.abs(name.length - typed.length) <= most)
      .map((name) => ({ name, edits: editDistance(typed, name.toLowerCase()) }))
      .filter(({ edits }) => edits <= most)
      .sort((a, b) => a.edits - b.edits)
      .slice(0, namesMost)
      .map(({ name }) => name)
  );
}

/** Insertions, deletions, replacements and exchanges of two neighbours between two words (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isExchange = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const exchanged = isExchange ? (twoAbove[column - 2] ?? 0) + 1 : replaced;
      line.push(
        Math.min(replaced, exchanged, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1),
      );
    }
    twoAbove = above;
    above = line;
  }
  return above[to.length] ?? 0;
}
