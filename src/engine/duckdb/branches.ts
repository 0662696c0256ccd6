/**
 * In how many scans the rows of an order are read. Pure. A delivery is a union of branches, which the engine reads one after
 * the other, each by as many threads as its files have row groups.
 */

/** What an order took from a pool file: rows counted from its own first one, which is row `firstRow` of `file`. */
export type Picked = {
  readonly file: string;
  readonly columns: readonly string[];
  readonly phoneColumn: string;
  readonly fileNo: number;
  readonly firstRow: number;
  readonly first: number;
  readonly last: number;
};

type Rows = { readonly first: number; readonly last: number };

/** What is picked of one file, in the order of its rows. */
type Pieces = readonly [Picked, ...Picked[]];

export type Branch = {
  /** Different files with the same columns, in the order of the delivery. */
  readonly files: readonly [Pieces, ...Pieces[]];
  /** Between which rows all that is picked lies, whatever the file. */
  readonly rows: Rows;
};

/** Of the bitmap of a branch of several files: the engine copies it for every 2,048 rows that it reads. */
const bitsMost = 2_000_000;

/**
 * The branches that read what is picked in its order. Pool files that follow each other as they do in a file they share are
 * read at one go, as 500 of 2,000 rows each took 7.3 s one by one, 1.6 s so; what shares a file has the same columns
 * (`compaction.ts`). Small files that follow each other are one branch, which all threads read.
 */
export function branchesOf(picked: readonly Picked[]): Branch[] {
  const branches: { files: [Pieces, ...Pieces[]]; rows: Rows; paths: Set<string> }[] = [];
  for (const pieces of piecesOf(picked)) {
    const [{ file }] = pieces;
    const rows = pieces.map(rowsOf).reduce(around);
    const branch = branches.at(-1);
    const all = branch && around(branch.rows, rows);
    if (
      all &&
      (branch.files.length + 1) * (all.last - all.first + 1) <= bitsMost &&
      !branch.paths.has(file) &&
      isLike(branch.files[0][0], pieces[0])
    ) {
      branch.files.push(pieces);
      branch.paths.add(file);
      branch.rows = all;
    } else branches.push({ files: [pieces], rows, paths: new Set([file]) });
  }
  return branches;
}

function piecesOf(picked: readonly Picked[]): Pieces[] {
  const all: [Picked, ...Picked[]][] = [];
  for (const one of picked) {
    const pieces = all.at(-1);
    const before = pieces?.at(-1);
    if (pieces && before?.file === one.file && rowsOf(before).last < rowsOf(one).first) {
      pieces.push(one);
    } else all.push([one]);
  }
  return all;
}

/** Where the rows lie in the file. */
function rowsOf({ firstRow, first, last }: Picked): Rows {
  return { first: firstRow + first, last: firstRow + last };
}

function around(one: Rows, other: Rows): Rows {
  return { first: Math.min(one.first, other.first), last: Math.max(one.last, other.last) };
}

function isLike(one: Picked, other: Picked): boolean {
  return (
    one.phoneColumn === other.phoneColumn &&
    JSON.stringify(one.columns) === JSON.stringify(other.columns)
  );
}
