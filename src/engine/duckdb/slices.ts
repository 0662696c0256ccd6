/**
 * In which pieces candidates are looked at: slices from the first row to be picked on, of a size that what is known of files and
 * of earlier slices suggests. Pure.
 */
import type { CandidateFile } from "../catalog/candidates.ts";
import { blockRows, type Candidate, type PassedRows } from "./passed-rows.ts";

/** A range of rows of one file, or several whole files that follow each other. */
export type Slice = {
  readonly position: number;
  readonly files: readonly Candidate[];
  readonly first: number;
  readonly last: number;
  /** That are looked at. */
  readonly rows: number;
  /** That are passed over. */
  readonly passed: number;
};

/**
 * Below it a slice costs more in statements than in rows; above it memory grows past a few hundred megabytes. Each reads the
 * ledger once more: where everything is looked at slices are larger, and take twice the memory.
 */
const sliceRows = { least: 50_000, most: 1_350_000, ofAll: 4_000_000 };

/**
 * Where less than this share was free the next slice is so many times as large at least: what was sold last lies together. With
 * 50,000 rows each, an order of ten numbers behind a million that were sold read 100 million sales 26 times, in 12 s.
 */
const poor = { share: 0.1, growth: 8 };

/**
 * How much more than what is needed a slice holds. The first one is cut before anything is known of sales of the same phones
 * from other files: too small by a fifth, it costs another scan of the whole ledger (1.5 s of 100 million sales), and a
 * third more candidates cost 0.3 s of a million.
 */
const spare = { first: 1.3, later: 1.05 };

/**
 * How many rows probably lie before the first that may be sold: what was taken of the first file, and of those after it while more
 * than half of each is gone. Of a file of which rows are passed over it is what the orders before left there: sold elsewhere, or
 * blocked.
 */
export function goneInFront(files: readonly Candidate[]): number {
  let front = 0;
  for (const file of files) {
    const { rows, isAll } = file.passed
      ? leftInFront(file, file.passed)
      : { rows: file.taken, isAll: file.taken > file.rows / 2 };
    front += rows;
    if (!isAll) break;
  }
  return front;
}

/** Rows to be looked at in the newest blocks, as long as half of each is passed over. */
function leftInFront(
  { rows: all }: Candidate,
  { inBlocks }: PassedRows,
): { rows: number; isAll: boolean } {
  let rows = 0;
  for (let block = Math.ceil(all / blockRows) - 1; block >= 0; block -= 1) {
    const size = Math.min(blockRows, all - block * blockRows);
    const passed = inBlocks.get(block) ?? 0;
    if (passed < size / 2) return { rows, isAll: false };
    rows += size - passed;
  }
  return { rows, isAll: true };
}

type Cut = {
  /** Files in one slice have one shape. */
  readonly shape: (file: CandidateFile) => string;
  /** How many rows to be looked at probably lie before the first that may be sold. */
  readonly front: number;
  readonly direction: "newest" | "oldest";
};

/**
 * Hands out slices from the first row to be picked on. The size of a slice is what is needed over the share of rows that
 * is expected to be free: first by what is known of the file, then (`share`) by what the slices before it gave. The first row to
 * be picked is the last of a file, or with `oldest` files the first; a slice of a part of a file takes from that end.
 */
export function sliceCursor(
  files: readonly Candidate[],
  { shape, front, direction }: Cut,
): (need: number, share?: number) => Slice | undefined {
  let position = 0;
  let left = files[0]?.rows ?? 0;
  let least = sliceRows.least;
  return (need, share) => {
    while (left === 0 && position < files.length - 1) {
      position += 1;
      left = files[position]?.rows ?? 0;
    }
    const file = files[position];
    if (!file || left === 0) return undefined;
    const looked = file.rows - (file.passed?.numbers ?? 0);
    const expected = Math.max(share ?? 1 - file.taken / Math.max(looked, 1), 0.02);
    const most = Number.isFinite(need) ? sliceRows.most : sliceRows.ofAll;
    const wanted =
      share === undefined
        ? spare.first * Math.max(need / expected, front + need)
        : (need * spare.later) / expected;
    if (share !== undefined && share < poor.share) least *= poor.growth;
    const rows = Math.min(Math.max(Math.ceil(wanted) + 1_000, least), most);
    if (file.passed || left > rows || left < file.rows) {
      const { length, open } = reach(file, left, rows, direction);
      const first = direction === "newest" ? left - length : file.rows - left;
      left -= length;
      const last = first + length - 1;
      return { position, files: [file], first, last, rows: open, passed: length - open };
    }
    const group: Candidate[] = [];
    let total = 0;
    const start = position;
    for (
      let next = files[position];
      next &&
      (group.length === 0 ||
        (!next.passed && total + next.rows <= rows && shape(next) === shape(file)));
    ) {
      group.push(next);
      total += next.rows;
      position += 1;
      next = files[position];
    }
    left = files[position]?.rows ?? 0;
    const longest = Math.max(...group.map((entry) => entry.rows));
    const last = longest - 1;
    return { position: start, files: group, first: 0, last, rows: total, passed: 0 };
  };
}

/**
 * How many of the `left` rows, from the one to be picked first on, hold `wanted` rows to be looked at, and how many they hold: of
 * a file of which rows are passed over whole blocks, or what there is.
 */
function reach(
  { rows, passed }: Candidate,
  left: number,
  wanted: number,
  direction: Cut["direction"],
): { length: number; open: number } {
  if (!passed) {
    const length = Math.min(wanted, left);
    return { length, open: length };
  }
  let length = 0;
  let open = 0;
  while (length < left && open < wanted) {
    const row = direction === "newest" ? left - length - 1 : rows - left + length;
    const block = Math.floor(row / blockRows);
    const end = Math.min((block + 1) * blockRows, rows);
    length += end - block * blockRows;
    open += end - block * blockRows - (passed.inBlocks.get(block) ?? 0);
  }
  return { length, open };
}
