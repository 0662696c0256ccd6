/** One CSV record as cells and back, for the few records that need mending. Pure. */

type Form = { readonly delimiter: string; readonly columns: number };

/** The cells of a record whose quotes are balanced (RFC 4180); a quote inside an unquoted cell is a letter. */
export function exactCells(text: string, delimiter: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let begin = at;
    while (text[begin] === " ") begin += 1;
    if (text[begin] === '"') {
      let cell = "";
      let from = begin + 1;
      let close = text.indexOf('"', from);
      while (close >= 0 && text[close + 1] === '"') {
        cell += text.slice(from, close + 1);
        from = close + 2;
        close = text.indexOf('"', from);
      }
      cell += text.slice(from, close < 0 ? undefined : close);
      cells.push(cell);
      const end = close < 0 ? -1 : text.indexOf(delimiter, close);
      if (end < 0) return cells;
      at = end + 1;
    } else {
      const end = text.indexOf(delimiter, at);
      // A stray return inside a cell is no part of anybody's data.
      cells.push(text.slice(at, end < 0 ? undefined : end).replaceAll("\r", " "));
      if (end < 0) return cells;
      at = end + 1;
    }
  }
}

/**
 * The cells of a record that nothing can read: cut at every delimiter, quotes kept as they stand, what is too much
 * left in the last cell. Nothing is lost, and in a spreadsheet it is easy to see what is wrong.
 */
export function roughCells(text: string, { delimiter, columns }: Form): string[] {
  const cells = text.split(delimiter);
  const rest = cells.splice(columns - 1);
  cells.push(rest.join(delimiter));
  while (cells.length < columns) cells.push("");
  return cells;
}

/** A record as CSV without its line end. */
export function csvLine(cells: readonly string[], delimiter: string): string {
  return cells.map((cell) => quoted(cell, delimiter)).join(delimiter);
}

function quoted(cell: string, delimiter: string): string {
  const needsQuotes = cell.includes('"') || cell.includes(delimiter) || /[\r\n]|^\s|\s$/.test(cell);
  return needsQuotes ? `"${cell.replaceAll('"', '""')}"` : cell;
}
