/**
 * A commit that failed, as on a full disk, may be there all the same: its log was written, and what failed came after. So
 * nobody guesses: a new session, under the lock, looks what became of it.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Undecided } from "../../errors.ts";
import type { Home } from "../../home.ts";
import { poolPath } from "../../pool/files.ts";
import { findOrder } from "../catalog/found-orders.ts";
import type { Filling, Import, Publication, StagedFile } from "../engine.ts";
import type { Access } from "./access.ts";
import { settleLedgerCopies } from "./ledger-copies.ts";
import type { Session } from "./session.ts";

/** Writes; when the commit fails, `settle` finds out in a new session what became of it. */
export async function writeOrSettle<T>(
  { write }: Access,
  work: (session: Session) => Promise<T>,
  settle: (session: Session, failure: Undecided) => Promise<T>,
): Promise<T> {
  try {
    return await write(work);
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    return write((session) => settle(session, error));
  }
}

/** Writes what has copies in `ledger/`: when its commit fails, they are named or removed as the catalog says. */
export async function writeWithCopies<T>(
  { home, write }: Access,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  try {
    return await write(work);
  } catch (error) {
    if (error instanceof Undecided) await write((next) => settleLedgerCopies(next, home));
    throw error;
  }
}

/** Throws the cause of `failure` when the import is not there; its files are gone then, which on a full disk somebody needs. */
export async function settlePublication(
  session: Session,
  home: Home,
  { importId, contentHash, date }: Import,
  files: readonly StagedFile[],
  failure: Undecided,
): Promise<Publication> {
  const [known] = await session.rows("find_content", {
    content_hash: contentHash,
    import_id: importId,
    forced: true,
  });
  if (known) return { status: "published", importId };
  for (const [index, { provider }] of files.entries()) {
    rmSync(join(home.folder, poolPath(date, provider, importId, index + 1)), { force: true });
  }
  throw failure.cause;
}

/** Throws the cause of `failure` when the order is not there; its copy is gone then. */
export async function settleFilling(
  session: Session,
  home: Home,
  orderId: string,
  failure: Undecided,
): Promise<Filling> {
  await settleLedgerCopies(session, home);
  const order = await findOrder(session, orderId);
  if (!order) throw failure.cause;
  return { outcome: "filled", order };
}
