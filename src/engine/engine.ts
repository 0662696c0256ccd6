/**
 * What a store of numbers can do, in the words of the domain. Commands speak to this interface and never see SQL.
 * Every verb that changes something is one step that is safe to repeat: the same id a second time changes nothing.
 */
import type { AuditVerbs } from "./audit.ts";
import type { BackupVerbs } from "./backup.ts";
import type { BlacklistVerbs } from "./blacklist.ts";
import type { Categories, CategoryNumbers, CategoryVerbs } from "./categories.ts";
import type { CustomerVerbs } from "./customers.ts";
import type { ErasureVerbs } from "./erasures.ts";
import type { KeepingVerbs } from "./keeping.ts";
import type { LookupVerbs } from "./lookup.ts";
import type { RecoveryVerbs } from "./recovery.ts";
import type { ReportVerbs } from "./report.ts";
import type { ReturnVerbs } from "./returns.ts";
import type { SearchVerbs } from "./search.ts";
import type { SourceVerbs } from "./sources.ts";

/** Accepted rows of one source file, filed under one provider: a finished Parquet file waiting to be published. */
export type StagedFile = {
  readonly path: string;
  readonly provider: string;
  readonly synthetic: boolean;
  readonly numbers: number;
  readonly bytes: number;
};

/** The same with the SHA-256 of what it holds, as hexadecimal text. */
export type SummedFile = StagedFile & { readonly sum: string };

/** One source file, read to its end and accounted for. */
export type Import = {
  readonly importId: string;
  readonly contentHash: string;
  /** Of the text as it was read, decompressed. */
  readonly contentBytes: number;
  /** Of the file as it lies there. */
  readonly fileBytes: number;
  readonly path: string;
  readonly source: string | undefined;
  /** Of all rows, or where `categoryColumn` has nothing. */
  readonly category: string | undefined;
  readonly categoryColumn: string | undefined;
  /** Its numbers by category, each once whatever its case; those without one are in none. */
  readonly categories: readonly CategoryNumbers[];
  /** The calendar day of `importedAt` in the home's time zone: the partition. */
  readonly date: string;
  readonly importedAt: Date;
  readonly recordedAt: Date;
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly numbers: number;
  readonly mismatched: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly columns: readonly string[];
  readonly phoneColumn: string;
  readonly forced: boolean;
  /** How many persons were erased when its rows were looked through for them. */
  readonly erasedPersons: number;
};

/** What identifies content that is already in the pool. */
export type Content = {
  readonly importId: string;
  readonly hash: string;
  readonly contentBytes: number;
  readonly fileBytes: number;
};

export type Publication = {
  readonly status: "published" | "duplicate" | "outdated";
  readonly importId: string;
};

/** Which numbers may be taken. Instants are compared inclusively: `importedSince <= imported_at`, `soldSince <= sold_at` blocks. */
export type Criteria = {
  readonly providers: readonly string[];
  readonly synthetic: boolean;
  readonly importedSince: Date;
  readonly soldSince: Date;
  readonly customer: string | undefined;
  /** Leave out what this customer had before, however long ago. */
  readonly neverTwice: boolean;
  /** Leave out what was sold so often already. */
  readonly maxSales: number | undefined;
  /** Beginnings of a phone, `62812`; any of them. None: all. */
  readonly prefixes: readonly string[];
  readonly category: string | undefined;
  /** A column must have one of its values; all columns must. */
  readonly filters: readonly Filter[];
  readonly pick: PickOrder;
  /** Of a random pick: the same seed draws the same numbers from the same pool. */
  readonly seed: number | undefined;
  /** The calendar day of the order in the home's time zone: sources whose terms ended before it are left out. */
  readonly day: string;
};

/** Which of the candidates are taken first. */
export type PickOrder = "newest" | "oldest" | "random";
export type Filter = { readonly column: string; readonly values: readonly string[] };

/** What an order keeps of its criteria beyond the windows. */
export type Selected = Pick<
  Criteria,
  "maxSales" | "prefixes" | "category" | "filters" | "pick" | "seed"
>;

/** How an order looks when it is delivered; kept with it, so that every export is the same. */
export type Layout = {
  readonly format: "csv" | "tsv" | "jsonl" | "parquet" | "txt";
  readonly phoneFormat: "digits" | "e164" | "national";
  /** `all`: the phone and the union of the sources' columns. */
  readonly columns: "all" | readonly { readonly name: string; readonly as: string }[];
  /** Numbers in each of several files; undefined: one file. */
  readonly split?: number;
  /** Of CSV and TSV: cells that a spreadsheet would take for formulas begin with an apostrophe. Undefined: as they are. */
  readonly safeCells?: true;
};

export type Excluded = {
  /** Inside the cooldown. */
  readonly sold: number;
  readonly suppressed: number;
  /** Rows of a phone beyond its first. */
  readonly duplicate: number;
  /** Sold to this customer before, however long ago. */
  readonly had_before: number;
  readonly max_sales: number;
  /** `suppressed` by kind: dnc, invalid, customer, erased. */
  readonly by_kind: Readonly<Record<string, number>>;
  /** In files of sources whose terms have ended. */
  readonly expired: number;
};

export type Availability = {
  readonly available: number;
  readonly excluded: Excluded;
  /** Numbers of the other kind (synthetic or real) that the same criteria would have found: for the explanation. */
  readonly otherKind: number;
};

export type OrderRequest = {
  readonly orderId: string;
  readonly key: string | undefined;
  readonly count: number;
  readonly allowPartial: boolean;
  readonly criteria: Criteria;
  readonly layout: Layout;
  readonly within: string;
  readonly cooldown: string;
  readonly at: Date;
};

export type OrderState = "reserved" | "delivered" | "cancelled";

export type Order = {
  readonly orderId: string;
  readonly key: string | undefined;
  readonly state: OrderState;
  readonly providers: readonly string[];
  readonly customer: string | undefined;
  readonly synthetic: boolean;
  readonly requested: number;
  readonly numbers: number;
  /** Suppressed between reservation and delivery, and so never delivered. */
  readonly withdrawn: number;
  /** Delivered, and erased since. */
  readonly erased: number;
  /** Of a thousand numbers, as decimal text. */
  readonly price: string | undefined;
  readonly within: string;
  readonly cooldown: string;
  readonly selected: Selected;
  readonly layout: Layout;
  readonly excluded: Excluded;
  readonly reservedAt: Date;
  readonly deliveredAt: Date | undefined;
  readonly cancelledAt: Date | undefined;
  /** Its sales were dropped from the ledger: its counts stay, its numbers are not known any more. */
  readonly prunedAt: Date | undefined;
  /** A delivery was begun: somebody may have some of its numbers. */
  readonly disclosed: boolean;
  readonly output: string | undefined;
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  /** Of a split delivery. */
  readonly parts: readonly Part[] | undefined;
};

/** One file of a split delivery. */
export type Part = {
  readonly path: string;
  readonly numbers: number;
  readonly bytes: number;
  readonly sha256: string;
};

/** Numbers of an order by their place in it, counted from 0. */
export type Range = { readonly first: number; readonly last: number };

export type OrderFile = {
  readonly path: string;
  readonly provider: string;
  readonly date: string;
  readonly numbers: number;
};

/** Which orders to list, newest first; what is undefined is not asked for. */
export type OrderQuery = {
  readonly limit: number;
  readonly state: OrderState | undefined;
  readonly customer: string | undefined;
  readonly provider: string | undefined;
  readonly since: Date | undefined;
};

/** `filled`: reserved now. `repeated`: the key or id was known. `short`: not enough; nothing was changed. */
export type Filling =
  | { readonly outcome: "filled" | "repeated"; readonly order: Order }
  | { readonly outcome: "short"; readonly availability: Availability };

export type Delivery = {
  readonly output: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly parts: readonly Part[] | undefined;
  readonly at: Date;
};

export type PoolCount = {
  readonly date: string;
  readonly provider: string;
  readonly synthetic: boolean;
  readonly numbers: number;
  readonly imports: number;
  readonly bytes: number;
  /** Numbers of this partition that live orders took. */
  readonly taken: number;
  /** Of `numbers`, those imported since the instant that was asked for. */
  readonly recent: number;
  readonly recentTaken: number;
};

export type Stats = {
  readonly pool: readonly PoolCount[];
  readonly sold: readonly {
    readonly provider: string;
    readonly synthetic: boolean;
    readonly numbers: number;
    /** Of `numbers`, those sold since the instant that was asked for. */
    readonly recent: number;
    /** When the first of them was sold. */
    readonly first: Date;
  }[];
  readonly suppressed: readonly {
    readonly phonePrefix: string;
    readonly numbers: number;
  }[];
  readonly ledger: {
    readonly numbers: number;
    readonly oldest: Date | undefined;
    readonly newest: Date | undefined;
  };
  readonly orders: Readonly<Record<OrderState, number>>;
  /** When the last list came into the pool. */
  readonly lastIngest: Date | undefined;
  readonly categories: Categories;
};

/** Those that have files of their own. */
type ConceptVerbs = AuditVerbs &
  BackupVerbs &
  BlacklistVerbs &
  CategoryVerbs &
  CustomerVerbs &
  ErasureVerbs &
  KeepingVerbs &
  LookupVerbs &
  RecoveryVerbs &
  ReportVerbs &
  ReturnVerbs &
  SearchVerbs &
  SourceVerbs;

export type Engine = ConceptVerbs & {
  /** Content that is already in the pool. */
  readContents(): Promise<readonly Content[]>;
  /**
   * Moves staged files into the pool and registers them as one step. `duplicate`: the content was there already, as
   * `importId`, and `record.forced` is false; nothing changed. `outdated`: nothing changed either, as somebody was erased
   * whom the conversion did not know of. The staged files must be on the home's own file system and synced.
   */
  publishImport(record: Import, files: readonly SummedFile[]): Promise<Publication>;
  /** Counts exactly what an order could take; changes nothing. */
  countCandidates(criteria: Criteria, at: Date): Promise<Availability>;
  /** Names of the sources' columns that candidates have, newest first. */
  readColumns(criteria: Criteria): Promise<readonly string[]>;
  /** Selects numbers and records them as sold, as one step. */
  fillOrder(request: OrderRequest): Promise<Filling>;
  /** Writes an order's rows to `path` (a file or a named pipe), always the same bytes; resolves to the number of rows. */
  exportOrder(
    order: Order,
    path: string,
    compression: "none" | "zstd",
    range?: Range,
  ): Promise<number>;
  /**
   * Takes out of a reserved order what was suppressed since; resolves to the order as it is then. Of a delivered one
   * nothing is taken: `suppressed` says how many of its numbers a delivery would repeat although they are suppressed.
   */
  reviewOrder(orderId: string, at: Date): Promise<{ order: Order; suppressed: number }>;
  /** When somebody was last suppressed; undefined when nobody is. */
  readSuppressionAge(): Promise<Date | undefined>;
  /**
   * Throws `undelivered` when the order lost numbers since it was read, or some of them were suppressed: what was written
   * holds them still.
   */
  markDisclosed(order: Order, at: Date): Promise<void>;
  /** Resolves to the order as it is then. */
  markDelivered(orderId: string, delivery: Delivery): Promise<Order>;
  /** Both marks with `name` between them, which gives the files of a delivery their names. Throws what any of the three throws. */
  markAround(order: Order, at: Date, name: () => Promise<Delivery>): Promise<Order>;
  /** Cancels an order. Its numbers are free again, or (`keepsCooldown`) stay in the ledger as sold. */
  cancelOrder(orderId: string, keepsCooldown: boolean, at: Date): Promise<void>;
  listOrders(query: OrderQuery): Promise<readonly Order[]>;
  findOrder(orderId: string): Promise<Order | undefined>;
  readOrderFiles(orderId: string): Promise<readonly OrderFile[]>;
  /** The instants bound what counts as recent, of the pool and of what was sold. */
  readStats(importedSince: Date, soldSince: Date): Promise<Stats>;
};
