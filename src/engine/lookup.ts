/** Where a number came from, who got it, and whether it may be sold. */
import type { OrderState } from "./engine.ts";

export type LookupQuery = {
  /** Canonical digits, 6281…. */
  readonly phones: readonly bigint[];
  /** The windows of an order that is made without naming any. */
  readonly importedSince: Date;
  readonly cooldownMs: number;
  readonly at: Date;
};

/** A list that had the number, on one day. */
export type Occurrence = {
  readonly date: string;
  readonly importId: string;
  readonly importedAt: Date | undefined;
  readonly source: string | undefined;
  readonly category: string | undefined;
  /** The path of the list, as it was ingested. */
  readonly list: string | undefined;
  /** The provider that it is filed under. */
  readonly provider: string;
  readonly synthetic: boolean;
  /** Rows with the number; none when the pool does not have the list any more, and only a sale remembers it. */
  readonly rows: number;
};

export type Sale = {
  /** Undefined: history of another system. */
  readonly orderId: string | undefined;
  readonly customer: string | undefined;
  readonly state: OrderState | undefined;
  readonly soldAt: Date;
  /** The import that the order took it from, where its copy still says so. */
  readonly importId: string | undefined;
};

export type Suppression = {
  readonly kind: string;
  readonly customer: string | undefined;
  readonly reason: string | undefined;
  readonly addedAt: Date;
  /** Undefined: for ever. */
  readonly until: Date | undefined;
  /** Of a list of digests: how it was hashed, `sha256 of e164`. */
  readonly digest: string | undefined;
};

export type Finding = {
  readonly phone: bigint;
  readonly occurrences: readonly Occurrence[];
  readonly sales: readonly Sale[];
  readonly suppressions: readonly Suppression[];
  readonly erased: { readonly since: Date; readonly isFinished: boolean } | undefined;
  readonly isSellable: boolean;
  /** Why an order could not take it now. */
  readonly reason: "erased" | "suppressed" | "not_in_pool" | "too_old" | "sold" | undefined;
  /** From when on neither cooldown nor suppression stands in the way; undefined: never, or it is not in the pool. */
  readonly sellableFrom: Date | undefined;
};

export type LookupVerbs = {
  /** Changes nothing, and reads the pool without holding anybody up. Findings are in the order of the phones. */
  lookUp(query: LookupQuery): Promise<readonly Finding[]>;
};
