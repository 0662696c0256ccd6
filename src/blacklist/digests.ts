/** Finding the column of digests in a list. Pure. */

import { exitCode, UserError } from "../errors.ts";
import { exactCells } from "../intake/cells.ts";
import { type Dialect, type DialectOptions, findDialect } from "../intake/dialect.ts";

const sampleLines = 200;
/** Of the cells of a column: above it the column holds digests. */
const shareLeast = 0.5;

/** Whether a cell is a digest of some kind; blanks and quotes around it do not count. */
function isDigest(cell: string): boolean {
  return /^[\s"']*(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})[\s"']*$/i.test(cell);
}

/**
 * The dialect of a list of digests; `phone` is the column that holds them. The first line is a header unless it holds a
 * digest: to a list of phones a digest would be a word.
 */
export function findDigestDialect(
  sample: string,
  isWhole: boolean,
  options: DialectOptions,
): Dialect {
  const anyColumn = { ...options, phoneColumn: "1" };
  const { shape } = findDialect(sample, isWhole, { ...anyColumn, hasHeader: false });
  const lines = sample
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .slice(shape.skip, sampleLines)
    .filter((line) => line !== "");
  const [first = [], ...rest] = lines.map((line) => exactCells(line, shape.delimiter));
  const hasHeader = options.hasHeader ?? !first.some(isDigest);
  const column = options.phoneColumn ?? columnOf(first, hasHeader ? rest : [first, ...rest]);
  return findDialect(sample, isWhole, { ...options, hasHeader, phoneColumn: column });
}

/** The first column most of whose cells are digests, or else the first that has any, by its number. */
function columnOf(first: readonly string[], rows: readonly (readonly string[])[]): string {
  const shares = first.map((_, column) => {
    const cells = rows.map((row) => row[column] ?? "").filter((cell) => cell.trim() !== "");
    return cells.length === 0 ? 0 : cells.filter(isDigest).length / cells.length;
  });
  const sure = shares.findIndex((share) => share >= shareLeast);
  const found = sure >= 0 ? sure : shares.findIndex((share) => share > 0);
  if (found >= 0) return String(found + 1);
  if (rows.length === 0) return "1"; // a header and nothing more
  throw new UserError(
    exitCode.refusedInput,
    "no column holds digests (32 or 64 hexadecimal digits); name one with --column, or leave --hash out if it lists phones",
  );
}
