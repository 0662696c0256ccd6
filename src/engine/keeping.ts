/** What keeps a home fit to be used for years. */

/** What was joined, or would be, of one day. */
export type CompactedDay = {
  readonly date: string;
  /** Small files there were, and files that took their place. */
  readonly files: number;
  readonly joined: number;
  readonly rows: number;
  readonly bytesBefore: number;
  /** Undefined when nothing was written. */
  readonly bytesAfter: number | undefined;
};

export type Compaction = {
  readonly days: readonly CompactedDay[];
  /** How often somebody else changed the files of a day while they were being joined, so that it was begun again. */
  readonly overtaken: number;
};

export type CompactVerbs = {
  /**
   * Joins the small pool files of each day, provider and kind: what orders take and deliver stays the same. A day is joined
   * as one step; nobody waits meanwhile. With `dryRun` nothing is written.
   */
  compact(options: { readonly at: Date; readonly dryRun: boolean }): Promise<Compaction>;
};
