/** What a backup asks of a home, and a restore. */
import type { Counts, Identity } from "../backup/manifest.ts";
import type { AuditHead } from "./audit.ts";

/** A file of the home at one moment. */
export type HeldFile = Identity & {
  /** Below the home. */
  readonly path: string;
  /** Where to read it: a second name that nobody else can take away, or its own. */
  readonly from: string;
  /** `from` is a second name: what is read there is what was found. */
  readonly isHeld: boolean;
  /** Its SHA-256, where the home knows it. */
  readonly sum: string | undefined;
};

/** All that a home is made of at one moment, the database left out: it can be made anew from the rest. */
export type Held = {
  readonly files: readonly HeldFile[];
  /** The hash of the first entry of the audit log. */
  readonly home: string | undefined;
  readonly head: AuditHead | undefined;
  /** The log has the entry that was asked for: nothing that was done before it is missing. */
  readonly isLater: boolean;
  readonly counts: Counts;
  readonly lastSale: Date | undefined;
  release(): void;
};

export type BackupVerbs = {
  /**
   * Finds all files under the lock, and gives those that `isChanged` picks a second name, so that they can be copied
   * while others work. Throws `integrity` when a file is missing that orders need. `since`: an entry of the audit log.
   */
  holdEverything(
    isChanged: (path: string, identity: Identity) => boolean,
    since: AuditHead | undefined,
    at: Date,
  ): Promise<Held>;
  /** Logs that the home was restored from a backup; resolves to what it holds. */
  noteRestore(
    backup: { readonly madeAt: Date; readonly head: AuditHead | undefined },
    at: Date,
  ): Promise<Pick<Held, "counts" | "lastSale">>;
};

/** Why neither is for numbers that a server has, and what is. */
export const embeddedOnly = {
  backup:
    "numbers backup copies the files of a home, and the numbers of this one are in a server: that makes its own backups; " +
    "numbers move --to duckdb brings the numbers into a home",
  restore:
    "numbers restore makes a home with its numbers in it, not a server's database: add --engine duckdb; numbers move carries " +
    "them over afterwards",
} as const;
