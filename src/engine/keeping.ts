/** Keeping a home for years: what is too old goes, and what is left takes no more room than it needs. */
import type { KeptPartition, LedgerRules, Partition } from "../pool/retention.ts";

export type PruneRequest = {
  /** How long days of the pool stay; undefined: the pool is left alone. */
  readonly poolMs: number | undefined;
  /** How long sales stay; undefined: the ledger is left alone. */
  readonly ledger: LedgerRules | undefined;
  /** Days that delivered orders are exported from go too. */
  readonly dropsExports: boolean;
  readonly isDryRun: boolean;
  readonly at: Date;
};

/** Files that go, as they lie on the disk. */
export type Freed = { readonly files: number; readonly bytes: number };

export type PrunedPool = Freed & {
  /** The first day that stays. */
  readonly since: string;
  readonly partitions: readonly Partition[];
  readonly numbers: number;
  readonly kept: readonly KeptPartition[];
  readonly rejects: Freed;
};

export type PrunedLedger = Freed & {
  /** Where the window begins, and where what stays does: earlier, if a cooldown reaches back further. */
  readonly asked: Date;
  readonly since: Date;
  readonly cooldownMs: number;
  readonly days: readonly { readonly date: string; readonly sales: number }[];
  readonly sales: number;
  readonly orders: number;
  /** Sales before the window that stay, by reason. */
  readonly kept: Readonly<Record<string, number>>;
  readonly maxSalesOrders: number;
};

export type Pruned = {
  readonly pool: PrunedPool | undefined;
  readonly ledger: PrunedLedger | undefined;
  /** Delivered orders that can no longer be exported from now on. */
  readonly unexportable: readonly string[];
  /** The database file; undefined of a dry run. */
  readonly database: Shrinking | undefined;
};

export type Shrinking = {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** It was written anew, because deleted rows had left enough room in it. */
  readonly isRenewed: boolean;
};

export type PruneVerbs = {
  /** Drops whole days that are older than they need to be kept, as one step; a dry run tells what would go. */
  prune(request: PruneRequest): Promise<Pruned>;
  /** The instant before which sales were dropped from the ledger; undefined when it has them all. */
  readLedgerStart(): Promise<Date | undefined>;
};

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
  compact(options: {
    readonly at: Date;
    readonly dryRun: boolean;
    /** Told before each day that is joined. */
    readonly onDay?: (date: string, number: number, of: number) => void;
  }): Promise<Compaction>;
};

export type KeepingVerbs = PruneVerbs & CompactVerbs;
