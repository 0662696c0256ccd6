/**
 * In which pieces candidates are looked at: slices from the first row to be picked on, of a size that what is known of files and
 * of earlier slices suggests. Pure.
 */
import type { CandidateFile } from "../catalog/candidates.ts";

/** A range of rows of one file, or several whole files that follow each other. */
export type Slice = {
  readonly position: number;
  readonly files: readonly CandidateFile[];
  readonly first: number;
  readonly last: number;
  readonly rows: number;
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

/** What was taken of the first file, and of those after it while more than half of each is gone. */
export function takenInFront(files: readonly CandidateFile[]): number {
  const end = files.findIndex(({ taken, rows }) => taken <= rows / 2);
  const front = end < 0 ? files : files.slice(0, end + 1);
  return front.reduce((sum, { taken }) => sum + taken, 0);
}

type Cut = {
  /** Files in one slice have one shape. */
  readonly shape: (file: CandidateFile) => string;
  /** How many rows that are sold probably lie before the first that is not. */
  readonly front: number;
  readonly direction: "newest" | "oldest";
};

/**
 * Hands out slices from the first row to be picked on. The size of a slice is what is needed over the share of rows that
 * is expected to be free: first by what is known of the file, then (`share`) by what the slices before it gave. The first row to
 * be picked is the last of a file, or with `oldest` files the first; a slice of a part of a file takes from that end.
 */
export function sliceCursor(
  files: readonly CandidateFile[],
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
    const expected = Math.max(share ?? 1 - file.taken / file.rows, 0.02);
    const most = Number.isFinite(need) ? sliceRows.most : sliceRows.ofAll;
    const wanted =
      share === undefined
        ? spare.first * Math.max(need / expected, front + need)
        : (need * spare.later) / expected;
    if (share !== undefined && share < poor.share) least *= poor.growth;
    const rows = Math.min(Math.max(Math.ceil(wanted) + 1_000, least), most);
    if (left > rows || left < file.rows) {
      const taken = Math.min(rows, left);
      const first = direction === "newest" ? left - taken : file.rows - left;
      left -= taken;
      return { position, files: [file], first, last: first + taken - 1, rows: taken };
    }
    const group: CandidateFile[] = [];
    let total = 0;
    const start = position;
    for (
      let next = files[position];
      next && (group.length === 0 || (total + next.rows <= rows && shape(next) === shape(file)));
    ) {
      group.push(next);
      total += next.rows;
      position += 1;
      next = files[position];
    }
    left = files[position]?.rows ?? 0;
    const longest = Math.max(...group.map((entry) => entry.rows));
    return { position: start, files: group, first: 0, last: longest - 1, rows: total };
  };
}
