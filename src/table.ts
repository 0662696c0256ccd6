/** Tables for people: columns aligned by spaces, no wider than the terminal that they are for. */
import { clip, clipStart, isPlain, pad, printable, widthOf } from "./text.ts";

/** The terminal that a table has to fit into. */
export type Fit = { readonly columns: number; readonly more: string };

/** Undefined for what is no terminal: a file or a pipe gets every letter. */
export function fitOf(
  { isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">,
  environment: NodeJS.ProcessEnv,
): Fit | undefined {
  if (isTTY !== true || !columns) return undefined;
  return { columns, more: isPlain(environment) ? "..." : "…" };
}

const gap = 2;
/** Words are cut to this where it is enough, */
const readableWidth = 10;
/** and to this where it is not. */
const leastWidth = 6;

/**
 * Text to the left, a column of what begins with a digit to the right. In a terminal that is too narrow the widest columns
 * of words are cut; what begins with a digit or a plus never is, because somebody will copy that id or phone. Where even
 * that is too wide each row becomes a record, one cell a line. `spare`: a column that is left out before words are cut to
 * little.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  fit?: Fit,
  spare?: string,
): string {
  const cells = rows.map((row) => row.map(printable));
  // In a terminal there is no room for a column of nothing.
  const used = head
    .map((_, column) => column)
    .filter((column) => !fit || cells.some((row) => (row[column] ?? "") !== ""));
  const of = (columns: readonly number[]) =>
    [
      columns.map((column) => head[column] ?? ""),
      cells.map((row) => columns.map((column) => row[column] ?? "")),
    ] as const;
  const [titles, shown] = of(used);
  const place = spare === undefined ? -1 : head.indexOf(spare);
  if (!fit || place < 0 || readableWidths(titles, shown, fit)) return usedTable(titles, shown, fit);
  return usedTable(...of(used.filter((column) => column !== place)), fit);
}

function usedTable(
  head: readonly string[],
  shown: readonly (readonly string[])[],
  fit: Fit | undefined,
): string {
  const widths = widthsOf(head, shown, fit);
  if (widths === undefined) return records(head, shown);
  const isNumeric = head.map((_, column) =>
    shown.every((row) => /^[\d-]/.test(row[column] ?? "-")),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        const cut = fit ? shortened(cell, width, fit.more) : cell;
        return pad(cut, width, isNumeric[column] === true);
      })
      .join(" ".repeat(gap))
      .trimEnd();
  const titles = head.map((title, column) => brokenAt(title, widths[column] ?? 0));
  const height = Math.max(...titles.map((lines) => lines.length));
  const heads = Array.from({ length: height }, (_, row) =>
    titles.map((lines) => lines[lines.length - height + row] ?? ""),
  );
  return [...heads, ...shown].map(line).join("\n");
}

/** A title in lines of whole words; a word that is wider than its column has a line of its own. */
function brokenAt(title: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of title.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** Of a path the end says more than the beginning. */
function shortened(cell: string, width: number, more: string): string {
  return cell.includes("/") ? clipStart(cell, width, more) : clip(cell, width, more);
}

/** How wide each column is; undefined when they cannot all stand side by side, both cells and titles cut to the least. */
function widthsOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  fit: Fit | undefined,
): number[] | undefined {
  const { cells, kept, titles, words } = measures(head, rows);
  if (fit === undefined) return largest(cells, titles);
  const least = largest(kept, noMore(leastWidth, largest(cells, words)));
  return (
    readableWidths(head, rows, fit) ?? narrowed(largest(cells, words), least, roomOf(head, fit))
  );
}

/** The same with words that can be read: first cells are cut, then titles broken into lines. */
function readableWidths(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  fit: Fit,
): number[] | undefined {
  const { cells, kept, titles, words } = measures(head, rows);
  const readable = noMore(readableWidth, cells);
  const room = roomOf(head, fit);
  return (
    narrowed(largest(cells, titles), largest(kept, titles, readable), room) ??
    narrowed(largest(cells, words), largest(kept, words, readable), room)
  );
}

/** Of each column: its widest cell, its widest one that must not be cut, its title, and the widest word of that. */
function measures(head: readonly string[], rows: readonly (readonly string[])[]) {
  const widest = (column: number, counts: (cell: string) => boolean) =>
    rows.reduce((most, row) => {
      const cell = row[column] ?? "";
      return counts(cell) ? Math.max(most, widthOf(cell)) : most;
    }, 0);
  return {
    cells: head.map((_, column) => widest(column, () => true)),
    kept: head.map((_, column) => widest(column, (cell) => /^[\d+-]/.test(cell))),
    titles: head.map(widthOf),
    words: head.map((title) => Math.max(...title.split(" ").map(widthOf))),
  };
}

function noMore(width: number, of: readonly number[]): number[] {
  return of.map((some) => Math.min(some, width));
}

function roomOf(head: readonly string[], fit: Fit): number {
  return fit.columns - gap * (head.length - 1);
}

function largest(...all: readonly (readonly number[])[]): number[] {
  return (all[0] ?? []).map((_, column) => Math.max(...all.map((widths) => widths[column] ?? 0)));
}

/** The widths with the widest made narrower until all have room, none below its least. */
function narrowed(
  natural: readonly number[],
  leasts: readonly number[],
  room: number,
): number[] | undefined {
  const sum = (all: readonly number[]) => all.reduce((total, width) => total + width, 0);
  if (sum(leasts) > room) return undefined;
  const widths = [...natural];
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const spare = widths.map((width, column) => (width > (leasts[column] ?? 0) ? width : 0));
    const column = spare.indexOf(Math.max(...spare));
    widths[column] = (widths[column] ?? 0) - 1;
  }
  return widths;
}

/** One cell a line, a blank line between two rows; empty cells are left out. */
function records(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = Math.max(...head.map(widthOf));
  return rows
    .map((row) =>
      row
        .map((cell, column) => ({ title: head[column] ?? "", cell }))
        .filter(({ cell }) => cell !== "")
        .map(({ title, cell }) => `${pad(title, width, false)}  ${cell}`)
        .join("\n"),
    )
    .join("\n\n");
}
