/** The blacklist, all that may not be sold: its kinds, its lists, and the verbs on them. */
import type { StagedFile } from "./engine.ts";

/** `dnc`, `invalid` and `customer` are suppression; `sold` is the ledger inside the cooldown. */
export const blacklistKinds = ["sold", "dnc", "invalid", "customer"] as const;
export type BlacklistKind = (typeof blacklistKinds)[number];

/** A list that numbers are put on and taken off; of kind `customer` there is one for each customer. */
export type Listing = {
  readonly kind: Exclude<BlacklistKind, "sold">;
  readonly customer: string | undefined;
};

/** How the numbers of a hashed list were written and hashed. */
export type Hashing = {
  readonly algorithm: "md5" | "sha256";
  readonly form: "digits" | "e164" | "national";
};

/** A list that was read to its end, and what is to be remembered of it. */
export type ReadList = {
  readonly importId: string;
  readonly at: Date;
  readonly files: readonly StagedFile[];
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Count what would be new; change nothing. */
  readonly dryRun: boolean;
};

/** Distinct numbers (or sales) of a list: those that are new, and those that were there. */
export type Addition = { readonly added: number; readonly known: number };

/** Where the sales of a history get their instants from. */
export type Dating = {
  /** The column of the list that holds them. */
  readonly column: string | undefined;
  /** Of rows that have none. */
  readonly fallback: Date | undefined;
  /** Whose time it is where a cell names no offset. */
  readonly timeZone: string;
  /** No sale is later than this. */
  readonly now: Date;
};

/** What a hashed list means in the pool. */
export type Matches = {
  /** Numbers of the pool that it means. */
  readonly matched: number;
  /** Rows of the pool that were looked at. */
  readonly looked: number;
  /** When none is meant: the form in which some would be, and how many. */
  readonly other: { readonly form: Hashing["form"]; readonly matched: number } | undefined;
};

export type BlacklistQuery = {
  readonly kind: BlacklistKind | undefined;
  readonly customer: string | undefined;
  readonly at: Date;
  readonly cooldownMs: number;
};

export type BlacklistCount = {
  readonly kind: string;
  readonly customer: string | undefined;
  readonly numbers: number;
  /** Numbers that only their digests are known of. */
  readonly digests: number;
  readonly newest: Date;
};

export type BlacklistEntry = {
  readonly phone: string;
  readonly kind: string;
  readonly customer: string | undefined;
  readonly reason: string | undefined;
  readonly addedAt: Date;
  /** Nothing: for ever. */
  readonly until: Date | undefined;
};

export type BlacklistVerbs = {
  /** Puts the phones of a read list on a list, for ever; those that are there stay as they are. */
  importSuppressed(list: ReadList, listing: Listing, reason: string | undefined): Promise<Addition>;
  /** The same of digests. What was told to be of another form before is corrected. */
  importDigests(
    list: ReadList,
    listing: Listing,
    hashing: Hashing,
    reason: string | undefined,
  ): Promise<Addition>;
  /** What a read list of digests means among the pool's newest numbers since an instant. */
  matchDigests(files: readonly StagedFile[], hashing: Hashing, since: Date): Promise<Matches>;
  /** Lines of a read history whose date cannot be, and one of the cells. */
  countUndated(
    files: readonly StagedFile[],
    dating: Dating,
  ): Promise<{ readonly lines: number; readonly example: string }>;
  /** Takes the sales of a read history into the ledger, those without a date left out. */
  importHistory(list: ReadList, dating: Dating): Promise<Addition>;
  addSuppressed(
    phones: readonly string[],
    listing: Listing,
    reason: string,
    at: Date,
  ): Promise<Addition>;
  /** Takes phones off a list, as phones and as digests. `unknown` are those that were not on it. */
  removeSuppressed(
    phones: readonly string[],
    listing: Listing,
    at: Date,
  ): Promise<{ readonly removed: number; readonly unknown: readonly string[] }>;
  countBlacklist(query: BlacklistQuery): Promise<readonly BlacklistCount[]>;
  /** The newest entries, newest first; sales only when they are asked for by kind. */
  readBlacklist(query: BlacklistQuery, limit: number): Promise<readonly BlacklistEntry[]>;
  /** Writes all numbers of a kind to `path` (a file or a named pipe) as CSV; resolves to their number. */
  exportBlacklist(
    query: BlacklistQuery & { readonly kind: BlacklistKind },
    path: string,
    compression: "none" | "gzip" | "zstd",
  ): Promise<number>;
  /** Whose lists there are or can be: the registered customers, and those who have a list. */
  readListOwners(): Promise<readonly { readonly name: string; readonly registered: boolean }[]>;
};
