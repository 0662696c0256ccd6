/** Returns in the catalog: judging a list, crediting it, and keeping its numbers from ever being sold again. */
import { join } from "node:path";
import { usageError } from "../../errors.ts";
import type { Log } from "../catalog/audit.ts";
import { findOrder } from "../catalog/found-orders.ts";
import { checkRate, readReturned, returnDeed } from "../catalog/returns.ts";
import type { Changed } from "../changed.ts";
import {
  checkReturnable,
  type Returned,
  type ReturnRequest,
  type ReturnVerbs,
} from "../returns.ts";
import type { Access } from "./access.ts";
import { linePhonesMost } from "./journal.ts";
import type { Session } from "./session.ts";

export function returnVerbs({ home, log, read, write, aside }: Access): ReturnVerbs {
  return {
    returnNumbers: async (request, files) => {
      // Each number once, so that a long list costs nobody else his time.
      const path = join(home.temporary, `${request.returnId}.parquet`);
      if (files.length > 0) {
        await aside((session) => session.run("gather_phones", { paths: files, path }));
      }
      const gathered = files.length > 0 ? path : undefined;
      return write((session) => returnNumbers(session, log, request, gathered));
    },
    readReturned: (orderId) =>
      read(async (session) => {
        const { returned, credit } = await readReturned(session, orderId);
        return { returned, credit };
      }),
  };
}

async function returnNumbers(
  session: Session,
  log: Log,
  request: ReturnRequest,
  gathered: string | undefined,
): Promise<Returned> {
  const { returnId, orderId, reason } = request;
  const at = request.at.toISOString();
  return session.transaction(async () => {
    const order = await findOrder(session, orderId);
    if (!order) throw usageError(`there is no order "${orderId}"`);
    checkReturnable(order, request);
    await session.run("create_presented");
    if (gathered) await session.run("select_presented", { path: gathered, order_id: orderId });
    const [counted] = await session.rows("count_presented");
    const returned = Number(counted?.returned);
    const repeated = Number(counted?.repeated);
    const foreign = Number(counted?.foreign_numbers);
    const before = await readReturned(session, orderId);
    if (returned === 0) {
      const credit = before.credit === undefined ? undefined : "0.00";
      return { returnId: undefined, returned, foreign, repeated, credit };
    }
    checkRate(request, before, returned);
    await session.run("insert_return", {
      return_id: returnId,
      order_id: orderId,
      reason,
      numbers: returned,
      returned: before.returned,
      at,
    });
    const kept = await session.run("insert_returned", { return_id: returnId, order_id: orderId });
    if (kept !== returned) {
      throw new Error(`order ${orderId}: ${returned} numbers came back, ${kept} were kept`);
    }
    const suppressed = await session.run("suppress_returned", { reason, at });
    const [row] = await session.rows("read_return", { return_id: returnId });
    const credit = row?.credit === null ? undefined : String(row?.credit);
    const outcome = { returned, foreign, repeated, credit };
    const changed = await changedBy(session, returnId, returned);
    await log(session, returnDeed(request, outcome, suppressed), changed);
    return { returnId, ...outcome };
  });
}

async function changedBy(session: Session, returnId: string, returned: number): Promise<Changed> {
  if (returned > linePhonesMost) return "everything";
  const rows = await session.rows("select_returned_phones", { return_id: returnId });
  return { return: [returnId], phone: rows.map(({ phone }) => String(phone)) };
}
