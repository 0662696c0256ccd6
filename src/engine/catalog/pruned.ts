/** What was pruned is said to be so: it is neither missing nor damaged, and nobody is told that it was never there. */
import { usageError } from "../../errors.ts";
import { dayOf } from "../../time.ts";
import type { Order } from "../engine.ts";
import type { Row, Session } from "../session.ts";

/** The instant before which sales were dropped from the ledger. */
export async function readLedgerStart(session: Session): Promise<Date | undefined> {
  const [row] = await session.rows("read_kept_since");
  return (row?.since as Date | null | undefined) ?? undefined;
}

/** Throws a usage error for a cooldown of which the ledger has forgotten a part: a number could be sold twice inside it. */
export async function requireLedger(session: Session, soldSince: Date): Promise<void> {
  const start = await readLedgerStart(session);
  if (start === undefined || soldSince >= start) return;
  throw usageError(
    `the cooldown reaches back to ${soldSince.toISOString()}, but sales before ${start.toISOString()} were pruned from ` +
      "the ledger: what was sold then is not known; name a --cooldown that begins after that",
  );
}

/** Throws a usage error for an order that was pruned, or whose rows in the pool were. */
export async function requireExportable(
  session: Session,
  { orderId, reservedAt, prunedAt }: Order,
  timeZone: string,
): Promise<void> {
  if (prunedAt) {
    throw usageError(
      `the sales of order ${orderId} were pruned on ${dayOf(prunedAt, timeZone)}: it cannot be exported any more; ` +
        `numbers order show ${orderId} still tells what it was`,
    );
  }
  const lost = (await session.rows("select_order_files", { order_id: orderId })).filter(
    ({ file }) => file === null,
  );
  for (const { date, provider } of lost) {
    const prunedOn = await findPruning(session, `${date}/${provider}`, reservedAt);
    if (!prunedOn) continue;
    throw usageError(
      `${numbersOf(lost)} numbers of order ${orderId} came from days of the pool that were pruned on ` +
        `${dayOf(prunedOn, timeZone)}: it cannot be exported any more; numbers order show ${orderId} still tells what it was`,
    );
  }
}

async function findPruning(
  session: Session,
  partition: string,
  since: Date,
): Promise<Date | undefined> {
  const [row] = await session.rows("find_pruning", { partition, since: since.toISOString() });
  return (row?.done_at as Date | null | undefined) ?? undefined;
}

function numbersOf(files: readonly Row[]): number {
  return files.reduce((sum, { numbers }) => sum + Number(numbers), 0);
}
