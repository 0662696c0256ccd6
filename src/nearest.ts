/** Known words that are like one that is not: for the messages about names that nobody has heard of. Pure. */

/** The known words nearest to what was typed, whatever their case, the nearest first. */
export function nearest(typed: string, known: readonly string[], most = 3): string[] {
  const folded = typed.slice(0, 200).toLowerCase();
  return known
    .map((word) => ({ word, edits: editDistance(folded, word.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ word }) => word);
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
