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

/** Levenshtein: insertions, deletions and replacements between two words. */
export function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const line = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      line.push(Math.min(replaced, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[to.length] ?? 0;
}
