/** Finding numbers and imports by a part of what they are called. */

/** Digits of a phone as the pool keeps it, 6281…: those it begins with, or those that stand anywhere in it. */
export type PhonePart = { readonly digits: string; readonly isBeginning: boolean };

export type Search = {
  /** Part of an import's category, source, file name or id, whatever its case. */
  readonly text: string;
  /** Undefined when the text is no part of a number. */
  readonly phone: PhonePart | undefined;
  /** How many numbers, and how many imports, at most. */
  readonly limit: number;
  /** Counted from 1. */
  readonly page: number;
};

/** A row of the pool. A phone that stands in several imports, or several times in one, is found as often. */
export type FoundNumber = {
  readonly phone: bigint;
  readonly provider: string;
  readonly date: string;
  readonly importId: string;
  readonly category: string | undefined;
  readonly source: string | undefined;
};

export type FoundImport = {
  readonly importId: string;
  readonly date: string;
  readonly path: string;
  readonly source: string | undefined;
  /** The commonest of its categories that has the text in it, else its own. */
  readonly category: string | undefined;
  readonly numbers: number;
};

export type Found = {
  /** Newest import first, then by phone. */
  readonly numbers: readonly FoundNumber[];
  readonly numbersTotal: number;
  /** Newest first. */
  readonly imports: readonly FoundImport[];
  readonly importsTotal: number;
};

export type SearchVerbs = {
  /** One page of what is found; changes nothing and holds no lock while it reads the pool. */
  search(search: Search): Promise<Found>;
};
