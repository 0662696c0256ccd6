/** What came back of an order by now, and whether more may. */
import { exitCode, UserError } from "../../errors.ts";
import type { Deed } from "../audit.ts";
import type { Returned, ReturnRequest } from "../returns.ts";
import type { Session } from "../session.ts";

/**
 * Throws `policy` when more come back than may. A quotient of whole numbers is as near to its share as the share that was
 * written: the two can be compared.
 */
export function checkRate(
  { orderId, maxRate }: ReturnRequest,
  { numbers, returned }: { numbers: number; returned: number },
  more: number,
): void {
  if ((returned + more) / numbers <= maxRate) return;
  const before = returned > 0 ? ` after ${returned} that came back before` : "";
  throw new UserError(
    exitCode.policy,
    `${more} of the ${numbers} numbers of order ${orderId} are to come back${before}; the most is a share of ` +
      `${maxRate}, ${Math.floor(maxRate * numbers)} numbers: look into it, or raise --max-return-rate. Nothing was done`,
  );
}

/** The entry of the audit log for a list that was taken back. `suppressed`: its numbers that were not invalid before. */
export function returnDeed(
  { returnId, orderId, reason, at }: ReturnRequest,
  { returned, foreign, repeated, credit }: Omit<Returned, "returnId">,
  suppressed: number,
): Deed {
  return {
    at,
    action: "order.return",
    subject: orderId,
    details: {
      return_id: returnId,
      reason,
      returned,
      foreign,
      repeated,
      suppressed,
      credit: credit ?? null,
    },
  };
}

/** What was delivered of an order, and what came back of it. */
export async function readReturned(
  session: Session,
  orderId: string,
): Promise<{ numbers: number; returned: number; credit: string | undefined }> {
  const [row] = await session.rows("read_returned", { order_id: orderId });
  return {
    numbers: Number(row?.numbers ?? 0),
    returned: Number(row?.returned ?? 0),
    credit: row?.credit ? String(row.credit) : undefined,
  };
}
