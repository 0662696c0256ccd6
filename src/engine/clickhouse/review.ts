/** Looking at an order's numbers once more before they leave: what was suppressed since it was made stays here. */
import { failpoint } from "../../failpoints.ts";
import { requireOrder } from "../catalog/found-orders.ts";
import { requireDeliverable } from "../catalog/orders.ts";
import { requireExportable } from "../catalog/pruned.ts";
import type { Order } from "../engine.ts";
import type { Access } from "./access.ts";
import { dayOfOrder } from "./orders.ts";
import { blockForOrder, countLook, withLook } from "./selection.ts";
import type { Session } from "./session.ts";

/** Withdraws from a reserved order what is suppressed at `at`. A delivered order is left as it is. */
export async function reviewOrder(
  session: Session,
  access: Access,
  orderId: string,
  at: Date,
): Promise<{ order: Order; suppressed: number }> {
  const order = await requireOrder(session, orderId);
  await requireExportable(session, order, access.timeZone);
  const suppressed = await withLook(session, async (lookId) => {
    const { numbers, blocked } = await findSuppressed(session, access, lookId, order, at);
    if (numbers === 0 || order.state !== "reserved") return numbers;
    const which = { order_id: orderId, day: dayOfOrder(order.reservedAt) };
    await session.transaction(async () => {
      await session.run("delete_withdrawn_picks", { ...which, look_id: lookId });
      await session.run("delete_withdrawn", {
        order_id: orderId,
        at: order.reservedAt.toISOString(),
        look_id: lookId,
      });
      await session.run("recount_order_files", which);
      await session.run("mark_withdrawn", {
        order_id: orderId,
        left: order.numbers - numbers,
        withdrawn: order.withdrawn + numbers,
      });
      await access.log(
        session,
        {
          at,
          action: "order.withdraw",
          subject: orderId,
          details: { numbers, by_kind: blocked },
        },
        { order: [orderId] },
      );
    });
    return numbers;
  });
  return { order: await requireOrder(session, orderId), suppressed };
}

/** Which of an order's numbers are suppressed at `at`, by rule; they are in `blocked` under the look. */
async function findSuppressed(
  session: Session,
  { home }: Access,
  lookId: string,
  { orderId, customer, reservedAt }: Order,
  at: Date,
): Promise<{ numbers: number; blocked: Readonly<Record<string, number>> }> {
  await session.run("insert_order_candidates", {
    look_id: lookId,
    order_id: orderId,
    day: dayOfOrder(reservedAt),
  });
  const buyer = { customer, neverTwice: false, maxSales: undefined };
  await blockForOrder(session, home, lookId, buyer, at);
  const { blocked } = await countLook(session, lookId);
  return { numbers: Object.values(blocked).reduce((sum, some) => sum + some, 0), blocked };
}

/**
 * From now on the order's numbers may be in somebody's hands; they must be the ones that the catalog knows, and none may
 * have been suppressed meanwhile. Who is suppressed after this is so after the delivery.
 */
export async function markDisclosed(
  session: Session,
  access: Access,
  order: Order,
  at: Date,
): Promise<void> {
  await requireDeliverable(session, order, () =>
    withLook(session, (lookId) => findSuppressed(session, access, lookId, order, at)),
  );
  await session.transaction(() => session.run("mark_disclosed", { order_id: order.orderId }));
  await failpoint("delivery.disclosed");
}
