/** What a report adds to the figures of `stats`: sales by day, orders by customer, rejects by reason and source. */

export type ReportQuery = {
  /** Days are calendar days of this time zone. */
  readonly timeZone: string;
  /** The first instant of days that are told apart; what was before is one sum, with no day. */
  readonly since: Date;
  /** Orders from here on are recent. */
  readonly recentSince: Date;
  /** How many customers, sources and reasons at most are told apart: the largest. The others are one sum. */
  readonly most: number;
};

export type DaySales = {
  readonly day: string | undefined;
  readonly provider: string;
  readonly synthetic: boolean;
  readonly numbers: number;
  /** Of `numbers`, those that another system sold. */
  readonly elsewhere: number;
};

/** One of the largest, or (`others` is more than 0) the sum of so many others. `name` is undefined where none was told. */
type Ranked = { readonly name: string | undefined; readonly others: number };

export type CustomerOrders = Ranked & {
  readonly synthetic: boolean;
  /** Reserved or delivered. */
  readonly orders: number;
  readonly numbers: number;
  readonly recentNumbers: number;
};

export type SourceLines = Ranked & {
  readonly imports: number;
  readonly lines: number;
  readonly rejected: number;
};

/** Rejected lines; `source` and `reason` are places in the lists beside it. */
export type RejectCount = {
  readonly source: number;
  readonly reason: number;
  readonly lines: number;
};

export type Report = {
  readonly sales: readonly DaySales[];
  /** Of each kind, real and synthetic, the largest first and the others last. */
  readonly customers: readonly CustomerOrders[];
  readonly sources: readonly SourceLines[];
  readonly reasons: readonly (Ranked & { readonly lines: number })[];
  readonly rejects: readonly RejectCount[];
};

export type ReportVerbs = {
  /** Counts, and nothing that stands for one number or person. */
  readReport(query: ReportQuery): Promise<Report>;
};
