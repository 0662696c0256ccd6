/** Each order's own copy of its sales in `ledger/`: written beside the database, named after the commit. */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, syncPath } from "../../home.ts";
import { hasDeed } from "../catalog/audit.ts";
import { findOrder } from "../catalog/found-orders.ts";
import type { Order } from "../engine.ts";
import type { Session } from "./session.ts";
import { identifier } from "./statements.ts";

/** Where the order's own copy of its sales lies; the day is the UTC day of the sale. */
export function ledgerCopyPath(home: Home, orderId: string, soldAt: Date): string {
  return join(home.ledger, `date=${soldAt.toISOString().slice(0, 10)}`, `${orderId}.parquet`);
}

/** The ending of a ledger copy whose transaction has not committed yet. */
export const pending = ".pending";

/** A file in `ledger/`: an order's copy or a history's. */
export type LedgerFile = {
  /** Also of what is pending: the name that it is to have. */
  readonly copy: string;
  /** Of the order, or of the import. */
  readonly id: string;
  readonly isPending: boolean;
};

/** All of them; a day that is dropped while it is looked at has none. */
export function ledgerFiles(home: Home): LedgerFile[] {
  return readdirSync(home.ledger)
    .map((day) => join(home.ledger, day))
    .filter((day) => existsSync(day))
    .flatMap((day) =>
      readdirSync(day).flatMap((name) => {
        const [, id, ending] = /^(.+)\.parquet(\.pending)?$/.exec(name) ?? [];
        if (id === undefined) return [];
        return [{ copy: join(day, `${id}.parquet`), id, isPending: ending !== undefined }];
      }),
    );
}

/** Gives a pending copy its name, in the place of an older one if there is one. */
export function publishLedgerCopy(copy: string): void {
  renameSync(copy + pending, copy);
  failpoint("copy.renamed");
  syncPath(join(copy, ".."));
  failpoint("copy.folder-synced");
}

/**
 * Settles what a crash left between writing a ledger copy and naming it. Called under the lock, so that every pending
 * copy belongs to a dead process: its order is either committed, and the copy is published, or it never was.
 */
export async function settleLedgerCopies(session: Session, home: Home): Promise<void> {
  for (const { copy, id: orderId, isPending } of ledgerFiles(home)) {
    if (!isPending) continue;
    const order = await findOrder(session, orderId);
    const isCommitted = order
      ? // One that a withdrawal was to put in the place of another is good only if the withdrawal was committed.
        (await countCopy(session, copy + pending)) === order.numbers
      : await isHistoryCommitted(session, copy + pending, orderId);
    if (isCommitted) publishLedgerCopy(copy);
    // The only copy of an order is never removed, whatever it holds: the doctor names it.
    else if (!order || existsSync(copy)) rmSync(copy + pending);
    await failpoint("copy.removed");
  }
}

/** A history from elsewhere has no order: the log knows of its import, and of the erasure that wrote its file anew. */
async function isHistoryCommitted(
  session: Session,
  path: string,
  importId: string,
): Promise<boolean> {
  if ((await countCopy(session, path)) === undefined) return false;
  const [footer] = await session.rows("read_copy_footer", { copy: path });
  const { erasure } = JSON.parse(String(footer?.numbers_history ?? "{}")) as { erasure?: string };
  return erasure === undefined
    ? hasDeed(session, "blacklist.import", importId)
    : hasDeed(session, "person.erase", erasure);
}

/** Rows of a copy; undefined of one that was cut off while it was written, which no commit has seen. */
async function countCopy(session: Session, path: string): Promise<number | undefined> {
  try {
    const [row] = await session.rows("count_rows", { path });
    return Number(row?.numbers);
  } catch (error) {
    if (/Invalid Input Error|too small to be a Parquet file/.test(messageOf(error)))
      return undefined;
    throw error;
  }
}

/** Whether a crash, or an order that is being made, left a copy without its name. */
export function hasPendingCopies(home: Home): boolean {
  return ledgerFiles(home).some(({ isPending }) => isPending);
}

/** Whether the order's copy of its sales is there to be delivered from. */
export function hasLedgerCopy(home: Home, order: Order): boolean {
  return existsSync(ledgerCopyPath(home, order.orderId, order.reservedAt));
}

/** Which numbers are to leave a copy: a temporary table of them. */
type Leaving = "erasing" | "blocked";

/**
 * Writes a file of `ledger/` without some numbers, in the same order, under its pending name; resolves to the numbers that
 * are left. `record` is what its footer says then, under `key`.
 */
export function writeCopyWithout(
  session: Session,
  leaving: Leaving,
  copy: string,
  key: "numbers_order" | "numbers_history",
  record: Readonly<Record<string, unknown>>,
): Promise<number> {
  return session.run(
    "write_copy_without",
    { copy, record: JSON.stringify(record), path: copy + pending },
    { leaving: identifier(leaving), key: identifier(key) },
  );
}
