/** Orders in the catalog: what is kept of one, marking, cancelling. Called under the lock. */
import { exitCode, messageOf, UserError, usageError, withoutAdvice } from "../../errors.ts";
import type { Deed } from "../audit.ts";
import type { Terms } from "../customers.ts";
import type { Criteria, Delivery, Excluded, Order, OrderRequest, Selected } from "../engine.ts";
import type { Session } from "../session.ts";
import type { Log } from "./audit.ts";
import { findOrder, requireLive, requireOrder } from "./found-orders.ts";
import { requireExportable } from "./pruned.ts";

/** What the catalog keeps of an order that takes `picked` numbers: the parameters of `insert_order`. */
export function recordOf(request: OrderRequest, terms: Terms, picked: number, excluded: Excluded) {
  const { criteria, at } = request;
  return {
    order_id: request.orderId,
    key: request.key ?? null,
    providers: criteria.providers,
    customer: terms.customer ?? null,
    synthetic: criteria.synthetic,
    requested: request.count,
    numbers: picked,
    criteria: JSON.stringify({
      within: request.within,
      cooldown: request.cooldown,
      cooldownMs: at.getTime() - criteria.soldSince.getTime(),
      selected: selectedOf(criteria),
      layout: request.layout,
    }),
    excluded: JSON.stringify(excluded),
    price: terms.price ?? null,
    at: at.toISOString(),
  };
}

/** The entry of the audit log for an order that took `picked` numbers. */
export function deedOf(request: OrderRequest, terms: Terms, picked: number): Deed {
  return {
    at: request.at,
    action: "order.reserve",
    subject: request.orderId,
    details: {
      providers: request.criteria.providers,
      customer: terms.customer ?? null,
      requested: request.count,
      numbers: picked,
    },
  };
}

/** Resolves to the order as it is then. A later delivery of a delivered order leaves the first on record. */
export async function markDelivered(
  session: Session,
  log: Log,
  orderId: string,
  delivery: Delivery,
): Promise<Order> {
  await session.transaction(async () => {
    const order = await requireOrder(session, orderId);
    requireLive(order);
    await session.run("mark_delivered", {
      order_id: orderId,
      at: delivery.at.toISOString(),
      output: delivery.output,
      bytes: delivery.bytes,
      sha256: delivery.sha256,
      parts: delivery.parts === undefined ? null : JSON.stringify(delivery.parts),
    });
    await log(
      session,
      {
        at: delivery.at,
        action: order.state === "reserved" ? "order.deliver" : "order.export",
        subject: orderId,
        details: { output: delivery.output, bytes: delivery.bytes, sha256: delivery.sha256 },
      },
      { order: [orderId] },
    );
  });
  return requireOrder(session, orderId);
}

/** What stopped an order between its reservation and its delivery. */
export function undelivered(orderId: string, cause: unknown): UserError {
  return new UserError(
    exitCode.undelivered,
    `order ${orderId} is reserved and not delivered: ${withoutAdvice(messageOf(cause))}; deliver it: numbers order export ${orderId} -o FILE`,
    { cause },
  );
}

/** Called in the transaction that cancels: an order that was delivered a moment ago must not be taken for a reserved one. */
function checkCancellable({ orderId, state }: Order, keepsCooldown: boolean): void {
  if (state === "cancelled") throw usageError(`order ${orderId} is cancelled already`);
  if (state === "delivered" && !keepsCooldown) {
    throw usageError(
      `order ${orderId} is delivered: its numbers are in somebody's hands; cancel it with --disclosed, which keeps their cooldown`,
    );
  }
}

/** `freeSales` takes its sales from the ledger, on an engine where a cancelled order's count as long as they are there. */
export async function cancelOrder<S extends Session>(
  session: S,
  log: Log,
  orderId: string,
  keepsCooldown: boolean,
  at: Date,
  freeSales: (session: S, orderId: string) => Promise<unknown> = async () => undefined,
): Promise<void> {
  await session.transaction(async () => {
    const order = await findOrder(session, orderId);
    if (!order) throw usageError(`there is no order "${orderId}"`);
    checkCancellable(order, keepsCooldown);
    await session.run("mark_cancelled", {
      order_id: orderId,
      keeps_cooldown: keepsCooldown,
      at: at.toISOString(),
    });
    if (!keepsCooldown) await freeSales(session, orderId);
    await log(
      session,
      {
        at,
        action: "order.cancel",
        subject: orderId,
        details: { numbers: order.numbers, disclosed: order.disclosed, keepsCooldown },
      },
      { order: [orderId] },
    );
  });
}

/** Throws `undelivered` when the order was cancelled, or somebody erased or withdrawn from it, since it was read. */
async function requireNumbers(session: Session, orderId: string, numbers: number): Promise<void> {
  const now = await findOrder(session, orderId);
  if (now) requireLive(now);
  if (now?.numbers === numbers) return;
  throw new UserError(
    exitCode.undelivered,
    `order ${orderId} had ${numbers} numbers and has ${now?.numbers ?? 0} now: some were erased or withdrawn while it ` +
      `was delivered; deliver it again: numbers order export ${orderId} -o FILE`,
  );
}

/**
 * Asked when an order could not be written out: one that lost numbers meanwhile is no broken one, nor is one that was pruned.
 * Throws `undelivered` or a usage error, and for neither nothing.
 */
export async function requireUnchanged(
  session: Session,
  { orderId, numbers }: Order,
  timeZone: string,
): Promise<void> {
  await requireNumbers(session, orderId, numbers);
  await requireExportable(session, await requireOrder(session, orderId), timeZone);
}

/**
 * Throws `undelivered` when an order lost numbers since it was read, or when, of a reserved one, `suppressed` counts numbers
 * that were suppressed meanwhile; it is asked only where the audit log knows of somebody who was.
 */
export async function requireDeliverable(
  session: Session,
  { orderId, numbers, state }: Order,
  suppressed: () => Promise<{ readonly numbers: number }>,
): Promise<void> {
  await requireNumbers(session, orderId, numbers);
  const [since] = await session.rows("find_suppressed_since", { order_id: orderId });
  if (!since || state !== "reserved") return;
  const found = await suppressed();
  if (found.numbers === 0) return;
  throw new UserError(
    exitCode.undelivered,
    `of order ${orderId} ${found.numbers} numbers were suppressed while it was ` +
      `delivered; deliver it without them: numbers order export ${orderId} -o FILE`,
  );
}

function selectedOf(criteria: Criteria): Selected {
  const { maxSales, prefixes, category, filters, pick, seed } = criteria;
  return { maxSales, prefixes, category, filters, pick, seed };
}
