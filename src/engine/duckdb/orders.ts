/** Orders in the catalog: filling, marking, cancelling. Each verb is one transaction under the lock. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { exitCode, messageOf, UserError, usageError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, makeFolder, syncNamed } from "../../home.ts";
import type {
  Availability,
  Criteria,
  Delivery,
  Filling,
  Order,
  OrderRequest,
  Selected,
} from "../engine.ts";
import type { Log } from "./audit.ts";
import { admit } from "./customers.ts";
import { removeDoomedFiles } from "./doomed.ts";
import { findOrder, requireLive, requireOrder } from "./found-orders.ts";
import { ledgerCopyPath, pending, publishLedgerCopy, settleLedgerCopies } from "./ledger-copies.ts";
import { directionOf, rowsOfRanks, selectNumbers } from "./selection.ts";
import type { Session } from "./session.ts";

/**
 * Selects and sells in one transaction. The order's copy in `ledger/` is written and synced before the commit under a
 * pending name and gets its own name after it: a crash between the two is settled by `settleLedgerCopies`.
 */
export async function fillOrder(
  session: Session,
  home: Home,
  log: Log,
  request: OrderRequest,
  timeZone: string,
): Promise<Filling> {
  await settleLedgerCopies(session, home);
  await removeDoomedFiles(session, home);
  const known =
    (await findOrder(session, request.orderId)) ??
    (request.key === undefined ? undefined : await findOrder(session, undefined, request.key));
  if (known) return { outcome: "repeated", order: known };

  const at = request.at.toISOString();
  const copy = ledgerCopyPath(home, request.orderId, request.at);
  let short: Availability | undefined;
  await session.transaction(
    async () => {
      const { criteria } = request;
      const terms = await admit(session, criteria.customer, request.count, request.at, timeZone);
      const selection = await selectNumbers(
        session,
        home.folder,
        { ...criteria, customer: terms.customer, neverTwice: terms.neverTwice },
        request.count,
        request.at,
      );
      const { picked, availability } = selection;
      if (picked === 0 || (picked < request.count && !request.allowPartial)) {
        short = availability;
        return;
      }
      const order = {
        order_id: request.orderId,
        key: request.key ?? null,
        providers: request.criteria.providers,
        customer: terms.customer ?? null,
        synthetic: request.criteria.synthetic,
        requested: request.count,
        numbers: picked,
        criteria: JSON.stringify({
          within: request.within,
          cooldown: request.cooldown,
          cooldownMs: request.at.getTime() - request.criteria.soldSince.getTime(),
          selected: selectedOf(criteria),
          layout: request.layout,
        }),
        excluded: JSON.stringify(availability.excluded),
        price: terms.price ?? null,
        at,
      };
      await session.run("set_picked_files", {
        paths: selection.files.map((file) => file.path),
        providers: selection.files.map((file) => file.provider),
      });
      const row = rowsOfRanks[directionOf(criteria)];
      await session.run("insert_sales", { order_id: request.orderId, at });
      await session.run("insert_order_files", { order_id: request.orderId });
      await session.run("insert_order", order);
      await log(
        session,
        {
          at: request.at,
          action: "order.reserve",
          subject: request.orderId,
          details: {
            providers: request.criteria.providers,
            customer: terms.customer ?? null,
            requested: request.count,
            numbers: picked,
          },
        },
        { order: [request.orderId] },
      );
      const [sales] = await session.rows("count_sales", {
        order_id: request.orderId,
      });
      if (Number(sales?.numbers) !== picked || Number(sales?.phones) !== picked) {
        throw new Error(
          `order ${request.orderId}: picked ${picked} numbers, the ledger has ${sales?.numbers} ` +
            `of ${sales?.phones} phones; nothing was sold`,
        );
      }
      makeFolder(join(copy, ".."), home.ledger);
      await session.run(
        "write_ledger_copy",
        { order_id: request.orderId, at, order: JSON.stringify(order), path: copy + pending },
        { row },
      );
      await failpoint("order.copy-written");
      syncNamed(copy + pending, home.ledger);
      await failpoint("order.copy-synced");
    },
    () => rmSync(copy + pending, { force: true }),
  );
  if (short) return { outcome: "short", availability: short };
  try {
    publishLedgerCopy(copy);
    return { outcome: "filled", order: await requireOrder(session, request.orderId) };
  } catch (error) {
    // Its numbers are taken by now: whoever asked has to know by which id.
    throw undelivered(request.orderId, error);
  }
}

export async function markDelivered(
  session: Session,
  log: Log,
  orderId: string,
  delivery: Delivery,
): Promise<Order> {
  return session.transaction(async () => {
    requireLive(await requireOrder(session, orderId));
    const isFirst = await session.run("mark_delivered", {
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
        action: isFirst > 0 ? "order.deliver" : "order.export",
        subject: orderId,
        details: { output: delivery.output, bytes: delivery.bytes, sha256: delivery.sha256 },
      },
      { order: [orderId] },
    );
    return requireOrder(session, orderId);
  });
}

/** What stopped an order between its reservation and its delivery. */
export function undelivered(orderId: string, cause: unknown): UserError {
  return new UserError(
    exitCode.undelivered,
    `order ${orderId} is reserved and not delivered: ${messageOf(cause)}; deliver it: numbers order export ${orderId} -o FILE`,
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

export async function cancelOrder(
  session: Session,
  log: Log,
  orderId: string,
  keepsCooldown: boolean,
  at: Date,
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
    if (!keepsCooldown) await session.run("delete_sales", { order_id: orderId });
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

function selectedOf(criteria: Criteria): Selected {
  const { maxSales, prefixes, category, filters, pick, seed } = criteria;
  return { maxSales, prefixes, category, filters, pick, seed };
}
