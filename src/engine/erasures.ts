/** Persons who asked to be forgotten: out of every file, and never in again. */

/** What was removed of one person; counts are of all that was ever done for the erasure. */
export type Erasure = {
  readonly erasureId: string;
  readonly reason: string;
  readonly erasedAt: Date;
  /** The person had been erased before: `erasedAt` is that instant. */
  readonly isRepeated: boolean;
  readonly poolRows: number;
  readonly poolFiles: number;
  readonly ledgerRows: number;
  readonly rejectsRows: number;
  readonly suppressions: number;
};

export type ErasureRequest = {
  /** Canonical digits, 6281…; none: only what was begun before is finished. */
  readonly phones: readonly bigint[];
  readonly reason: string;
  readonly at: Date;
};

/** What a conversion needs to keep erased persons out. */
export type Erased = {
  /** How many there are: whoever has seen as many has seen them all, as none is ever taken back. */
  readonly persons: number;
  /** A Parquet file of their digests. */
  readonly digests: string;
  readonly key: string;
};

export type ErasureVerbs = {
  /**
   * Erases persons, and finishes what an interrupted erasure left. From its first moment on nobody is sold or delivered who
   * is named; it resolves when no file holds them any more.
   */
  erase(request: ErasureRequest): Promise<readonly Erasure[]>;
  /** Writes the digests of erased persons to `path`; undefined when there are none. */
  copyErasures(path: string): Promise<Erased | undefined>;
  /** Those of some phones that belong to erased persons. */
  findErased(phones: readonly bigint[]): Promise<readonly bigint[]>;
};
