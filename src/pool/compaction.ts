/**
 * Which small files of the pool are joined into one, and in which order their rows lie in it. Pure. Many imports a day make
 * many small files, and every order opens each of them.
 */

/** A pool file: a range of rows of a file that it may share with others. */
export type PoolPiece = {
  /** The name by which orders know it. */
  readonly path: string;
  /** Where its rows lie, below the home. */
  readonly file: string;
  readonly firstRow: number;
  readonly rows: number;
  /** Its share of the file. */
  readonly bytes: number;
  readonly date: string;
  readonly provider: string;
  readonly synthetic: boolean;
  readonly columns: readonly string[];
  readonly phoneColumn: string;
};

/** A file that is to be written: these pool files, in this order. */
export type Group = {
  readonly provider: string;
  readonly pieces: readonly PoolPiece[];
  /** How many files they lie in now. */
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
};

/** What is joined of one day. */
export type DayPlan = { readonly date: string; readonly groups: readonly Group[] };

export type Limits = {
  /** A file of fewer bytes is small. */
  readonly smallBytes: number;
  /** What is joined has no more than these. */
  readonly joinedBytes: number;
  readonly joinedRows: number;
};

/**
 * What is joined has at least 32 MB, or is all there is: so it is read as fast as one large file, and a day that still grows
 * writes no row more than a few times. A slice of an order is 4 million rows at most (`selection.ts`).
 */
export const usualLimits: Limits = {
  smallBytes: 32_000_000,
  joinedBytes: 256_000_000,
  joinedRows: 4_000_000,
};

/**
 * The plan, newest day first. `pieces` are all pool files, in the order in which an order of the newest numbers takes them:
 * so they lie in the joined file, because such an order is delivered in that order and then reads the file once, from its
 * beginning. Laid the other way round, it would be read once for each of them.
 */
export function planCompaction(
  pieces: readonly PoolPiece[],
  limits: Limits = usualLimits,
): DayPlan[] {
  const days = new Map<string, Group[]>();
  for (const files of filesByKind(pieces).values()) {
    const small = files.filter(({ bytes }) => bytes < limits.smallBytes);
    const [like] = small;
    if (!like) continue;
    const groups = packed(small, limits).filter((group) => group.files > 1);
    if (groups.length > 0) days.set(like.date, [...(days.get(like.date) ?? []), ...groups]);
  }
  return [...days]
    .map(([date, groups]) => ({ date, groups }))
    .sort((a, b) => (a.date < b.date ? 1 : -1));
}

type StoredFile = {
  readonly date: string;
  readonly pieces: { readonly piece: PoolPiece; readonly place: number }[];
  rows: number;
  bytes: number;
};

/** Files whose rows may lie in one file: of one day, provider and nature, and with the same columns. */
function filesByKind(pieces: readonly PoolPiece[]): Map<string, StoredFile[]> {
  const byFile = new Map<string, StoredFile>();
  const kinds = new Map<string, StoredFile[]>();
  for (const [place, piece] of pieces.entries()) {
    const { file, date, provider, synthetic, columns, phoneColumn, rows, bytes } = piece;
    let stored = byFile.get(file);
    if (!stored) {
      stored = { date, pieces: [], rows: 0, bytes: 0 };
      byFile.set(file, stored);
      const kind = JSON.stringify([date, provider, synthetic, columns, phoneColumn]);
      kinds.set(kind, [...(kinds.get(kind) ?? []), stored]);
    }
    stored.pieces.push({ piece, place });
    stored.rows += rows;
    stored.bytes += bytes;
  }
  return kinds;
}

/** Files one after the other, as many in each group as fit. */
function packed(files: readonly StoredFile[], { joinedBytes, joinedRows }: Limits): Group[] {
  const groups: { files: StoredFile[]; rows: number; bytes: number }[] = [];
  for (const file of files) {
    const group = groups.at(-1);
    const fits =
      group && group.rows + file.rows <= joinedRows && group.bytes + file.bytes <= joinedBytes;
    if (fits) {
      group.files.push(file);
      group.rows += file.rows;
      group.bytes += file.bytes;
    } else groups.push({ files: [file], rows: file.rows, bytes: file.bytes });
  }
  return groups.map(({ files: some, rows, bytes }) => {
    const placed = some.flatMap((file) => file.pieces).sort((a, b) => a.place - b.place);
    const pieces = placed.map(({ piece }) => piece);
    return { provider: pieces[0]?.provider ?? "", pieces, files: some.length, rows, bytes };
  });
}

/** Rows of one file that follow each other, or whole files: what is read at one go, in the order of the joined file. */
export type Run = {
  /** Several only when they are read whole. */
  readonly files: readonly string[];
  readonly first: number;
  readonly rows: number;
};

/** How the rows of a group are read, in their order. */
export function runsOf({ pieces }: Pick<Group, "pieces">): Run[] {
  const shared = new Map<string, number>();
  for (const { file } of pieces) shared.set(file, (shared.get(file) ?? 0) + 1);
  const runs: { files: string[]; first: number; rows: number; isWhole: boolean }[] = [];
  for (const { file, firstRow, rows } of pieces) {
    const run = runs.at(-1);
    const isWhole = shared.get(file) === 1;
    if (run?.isWhole && isWhole) {
      run.files.push(file);
      run.rows += rows;
    } else if (run && !run.isWhole && run.files[0] === file && run.first + run.rows === firstRow) {
      run.rows += rows;
    } else runs.push({ files: [file], first: firstRow, rows, isWhole });
  }
  return runs.map(({ files, first, rows }) => ({ files, first, rows }));
}

/** Where each pool file begins in the joined file. */
export function firstRowsOf(rows: readonly number[]): number[] {
  let before = 0;
  return rows.map((some) => {
    before += some;
    return before - some;
  });
}

/** Shares of a file's bytes by rows: whole numbers that add up to it. */
export function sharesOf(bytes: number, rows: readonly number[]): number[] {
  const total = rows.reduce((sum, some) => sum + some, 0);
  const upTo = (row: number) => (total === 0 ? 0 : Math.floor((bytes * row) / total));
  return firstRowsOf(rows).map((first, n) =>
    n === rows.length - 1 ? bytes - upTo(first) : upTo(first + (rows[n] ?? 0)) - upTo(first),
  );
}
