/** Whether an order that is found by its key is the one that is asked for now. Pure. */
import type { Order, Selected } from "../engine/engine.ts";
import { usageError } from "../errors.ts";
import { counted } from "../words.ts";
import type { OrderPlan } from "./criteria.ts";

/** A key promises the same order: throws a usage error for what asks for something else under it. */
export function requireSame(order: Order, plan: OrderPlan): void {
  if (order.state === "cancelled") {
    throw usageError(`--key: order ${order.orderId} of this key is cancelled; use a new key`);
  }
  const isSame =
    order.requested === plan.count &&
    order.synthetic === plan.criteria.synthetic &&
    order.providers.join() === plan.criteria.providers.join() &&
    order.customer?.toLowerCase() === plan.criteria.customer?.toLowerCase() &&
    JSON.stringify(order.layout) === JSON.stringify(plan.layout) &&
    JSON.stringify(wishesOf(order.selected)) === JSON.stringify(wishesOf(plan.criteria));
  if (isSame) return;
  const was = counted(order.requested, `${order.providers.join(",")} number`);
  throw usageError(
    `--key: order ${order.orderId} of this key is for ${was}, with other options; ` +
      `repeat them, use a new key, or export it: numbers order export ${order.orderId}`,
  );
}

/** What was asked for beyond the windows, in one order; a seed that nobody gave differs each time. */
function wishesOf({ maxSales, prefixes, category, filters, pick }: Selected) {
  return [maxSales ?? null, prefixes, category ?? null, filters, pick];
}
