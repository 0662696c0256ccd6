/** Finding what is wrong with a home, and mending it. */
import type { Progress } from "../progress.ts";

/** A promise that does not hold, in words for the operator. */
export type Violation = {
  readonly promise: number;
  readonly check: string;
  readonly found: string;
};

export type Examination = {
  readonly violations: readonly Violation[];
  /** What a crash left and no reader sees, and what could not be proved for want of room, in words: nothing is broken. */
  readonly leftovers: readonly string[];
};

/** What a new database has. */
export type Rebuilt = {
  readonly imports: number;
  readonly orders: number;
  readonly sales: number;
  readonly suppressed: number;
  /** Orders that the journal did not know and whose copies in `ledger/` were there: they are reserved now. */
  readonly adopted: readonly string[];
  /** Where the database is that was there before, relative to the home. */
  readonly replaced: string | undefined;
};

export type RecoveryVerbs = {
  /** The promises that do not hold; empty when all is well. Finishes what a crash cut off. */
  checkPromises(progress: Progress): Promise<Examination>;
  /** Mends what can be mended without a loss; resolves to what was done, in words. */
  repair(at: Date): Promise<readonly string[]>;
  /** Makes the database anew from the journal and the ledger's files. */
  rebuild(at: Date): Promise<Rebuilt>;
};
