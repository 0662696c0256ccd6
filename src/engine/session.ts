/** How the verbs speak to a database, whichever it is: by the names of statements that both engines have. */
import type { Fragment } from "./statements.ts";

/** What a statement may be given: lists are of text or of whole numbers, records become structs of text. */
export type Parameter =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly string[]
  | readonly bigint[]
  | Readonly<Record<string, string>>;

export type Parameters = Readonly<Record<string, Parameter>>;
export type Fragments = Readonly<Record<string, Fragment>>;
/** Whole numbers come as bigint or number, instants as Date, lists and structs as arrays and objects. */
export type Row = Readonly<Record<string, unknown>>;

export type Session = {
  /**
   * Runs `sql/<engine>/<name>.sql`. Where the engine knows it, resolves to the number of rows that it changed or wrote:
   * no verb that both engines share may ask for it.
   */
  run(name: string, parameters?: Parameters, fragments?: Fragments): Promise<number>;
  /** Runs a statement and returns its rows. */
  rows(name: string, parameters?: Parameters, fragments?: Fragments): Promise<Row[]>;
  /**
   * Makes all that `work` runs one step: it is done, or nothing of it is. Verbs that both engines share read first and
   * write then: what was written inside may not be seen before the end. Nothing inside may swallow an error.
   */
  transaction<T>(work: () => Promise<T>): Promise<T>;
};
