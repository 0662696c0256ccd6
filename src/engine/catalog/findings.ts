/** What is found of a number that is looked up, from what the catalog and the pool say of it. Pure. */
import { compareDays } from "../../days.ts";
import type { OrderState } from "../engine.ts";
import type { Finding, LookupQuery, Occurrence, Sale, Suppression } from "../lookup.ts";
import type { Row } from "../session.ts";

/** What the catalog knows at one moment. */
export type Knowledge = {
  /** The pool files that were looked through: path, date, synthetic. */
  readonly pool: readonly Row[];
  /** By import: date, imported_at, source, category, list, sequence. */
  readonly lists: ReadonlyMap<string, Row>;
  /** Pool files that an order may take from now. */
  readonly candidates: ReadonlySet<string>;
  /** phone, order_id, customer, state, sold_at. */
  readonly sales: readonly Row[];
  readonly suppressions: readonly (Suppression & { readonly phone: bigint })[];
  /** Those that a rule keeps from everybody. */
  readonly blocked: ReadonlySet<bigint>;
  readonly erased: ReadonlyMap<bigint, { since: Date; isFinished: boolean }>;
};

/** A row of the pool or of an order's copy: where a number was. */
export type Trace = {
  readonly phone: bigint;
  readonly path: string;
  readonly rows: number;
  readonly provider: string;
  readonly category?: string | undefined;
};

export type Traces = {
  readonly pool: readonly Trace[];
  /** By order. */
  readonly copies: ReadonlyMap<string, readonly Trace[]>;
};

/** What is found of one number, and whether an order could take it now. */
export function findingOf(
  phone: bigint,
  query: LookupQuery,
  known: Knowledge,
  traces: Traces,
): Finding {
  const pool = traces.pool.filter((trace) => trace.phone === phone);
  const sales = known.sales.filter((row) => row.phone === phone);
  const remembered = sales.flatMap((row) =>
    (traces.copies.get(String(row.order_id)) ?? []).filter((trace) => trace.phone === phone),
  );
  const suppressions = known.suppressions.filter((one) => one.phone === phone);
  const erased = known.erased.get(phone);
  const soldAt = sales.map((row) => (row.sold_at as Date).getTime());
  // A sale of exactly the cooldown's age still blocks.
  const free = Math.max(...soldAt.map((at) => at + query.cooldownMs + 1));
  const reason =
    erased !== undefined
      ? "erased"
      : known.blocked.has(phone)
        ? "suppressed"
        : pool.length === 0
          ? "not_in_pool"
          : !pool.some(({ path }) => known.candidates.has(path))
            ? "too_old"
            : free > query.at.getTime()
              ? "sold"
              : undefined;
  const occurrences = occurrencesOf([...pool, ...remembered], known);
  return {
    phone,
    occurrences,
    sales: sales.map((row) => saleOf(row, phone, traces)),
    suppressions: suppressions.map(({ phone: _, ...suppression }) => suppression),
    erased,
    isSellable: reason === undefined,
    reason,
    sellableFrom:
      erased !== undefined || pool.length === 0
        ? undefined
        : sellableFrom(free, suppressions, occurrences, query.at),
  };
}

/** Of what is in the pool: once it is there, the cooldown of its last sale is over, and what suppresses everybody has ended. */
function sellableFrom(
  free: number,
  suppressions: readonly Suppression[],
  occurrences: readonly Occurrence[],
  at: Date,
): Date | undefined {
  const blocking = suppressions.filter((one) => blocksEverybody(one, at));
  if (blocking.some(({ until }) => until === undefined)) return undefined;
  const imported = occurrences.flatMap(({ importedAt }) => importedAt?.getTime() ?? []);
  const ends = blocking.map(({ until }) => until?.getTime() ?? 0);
  return new Date(Math.max(Math.min(...imported), free, ...ends));
}

/** Whether a number may not be sold to anybody because of it. */
export function blocksEverybody({ customer, until }: Suppression, at: Date): boolean {
  return customer === undefined && (until === undefined || until > at);
}

/** One for each import, day and provider, newest first; a list that the pool still has is told of once. */
function occurrencesOf(traces: readonly Trace[], { pool, lists }: Knowledge): Occurrence[] {
  const files = new Map(pool.map((row) => [String(row.path), row]));
  const found = new Map<string, Occurrence>();
  for (const { path, rows, provider, category } of traces) {
    const file = files.get(path);
    const importId = importOf(path);
    const list = lists.get(importId);
    const key = `${importId} ${provider}`;
    found.set(key, {
      date: String(file?.date ?? list?.date ?? /date=([^/]+)/.exec(path)?.[1]),
      importId,
      importedAt: (list?.imported_at as Date | undefined) ?? undefined,
      source: text(list?.source),
      category: category ?? found.get(key)?.category ?? text(list?.category),
      list: text(list?.list),
      provider,
      synthetic: file?.synthetic === true,
      rows: (found.get(key)?.rows ?? 0) + rows,
    });
  }
  const sequenceOf = ({ importId }: Occurrence) => Number(lists.get(importId)?.sequence ?? 0);
  return [...found.values()].sort(
    (a, b) => compareDays(b.date, a.date) || sequenceOf(b) - sequenceOf(a),
  );
}

function saleOf(row: Row, phone: bigint, { copies }: Traces): Sale {
  const orderId = text(row.order_id);
  const trace = copies.get(orderId ?? "")?.find((one) => one.phone === phone);
  return {
    orderId,
    customer: text(row.customer),
    state: text(row.state) as OrderState | undefined,
    soldAt: row.sold_at as Date,
    importId: trace && importOf(trace.path),
  };
}

export function suppressionOf(row: Row, digest?: string): Knowledge["suppressions"][number] {
  return {
    phone: row.phone as bigint,
    kind: String(row.kind),
    customer: text(row.customer),
    reason: text(row.reason),
    addedAt: row.added_at as Date,
    until: (row.until as Date | null) ?? undefined,
    digest,
  };
}

/** Where a row of the pool or of an order has a number. */
export function traceOf(row: Row, path: string, rows: number): Trace {
  return { phone: row.phone as bigint, path, rows, provider: String(row.provider) };
}

/** The import that a pool file is of, by its name: the name outlives the file. */
export function importOf(path: string): string {
  return /([^/]+)-\d+\.parquet$/.exec(path)?.[1] ?? path;
}

export function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
