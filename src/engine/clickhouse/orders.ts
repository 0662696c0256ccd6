/** Filling an order: its numbers are staged under its id, and sold in one change. */
import { utcDay } from "../../days.ts";
import { exitCode, UserError } from "../../errors.ts";
import { readColumns } from "../catalog/candidates.ts";
import { admit } from "../catalog/customers.ts";
import { findOrder, requireOrder } from "../catalog/found-orders.ts";
import { deedOf, recordOf, undelivered } from "../catalog/orders.ts";
import type { Availability, Engine, Filling, OrderRequest } from "../engine.ts";
import type { Access } from "./access.ts";
import { readLastChange } from "./changes.ts";
import { exportOrder } from "./export.ts";
import { markDisclosed, reviewOrder } from "./review.ts";
import { selectNumbers, stagePicks, withLook } from "./selection.ts";
import type { Session } from "./session.ts";

export type OrderVerbs = Pick<
  Engine,
  "countCandidates" | "readColumns" | "fillOrder" | "exportOrder" | "reviewOrder" | "markDisclosed"
>;

export function orderVerbs(access: Access): OrderVerbs {
  const { home, read, write } = access;
  return {
    countCandidates: (criteria, at) =>
      read((session) =>
        withLook(session, async (lookId) => {
          const { availability } = await selectNumbers(session, home, lookId, criteria, "all", at);
          return availability;
        }),
      ),
    readColumns: (criteria) => read((session) => readColumns(session, criteria)),
    fillOrder: (request) => write((session) => fillOrder(session, access, request)),
    exportOrder: (order, path, compression, range) =>
      exportOrder(access, order, path, compression, range),
    reviewOrder: (orderId, at) => write((session) => reviewOrder(session, access, orderId, at)),
    markDisclosed: (order, at) => write((session) => markDisclosed(session, access, order, at)),
  };
}

/** The partition of `picks` and `ledger` that an order's rows are in: the day of its reservation, in UTC. */
export function dayOfOrder(at: Date): string {
  return utcDay(at);
}

/**
 * Selects and stages, which nobody sees, then sells in one change. That no other order has its numbers is looked at once
 * more afterwards: the lock and the numbers of changes prevent it, and nothing here may depend on one guard alone.
 */
async function fillOrder(
  session: Session,
  { home, log, timeZone }: Access,
  request: OrderRequest,
): Promise<Filling> {
  const { orderId, key, criteria, count } = request;
  const known =
    (await findOrder(session, orderId)) ??
    (key === undefined ? undefined : await findOrder(session, undefined, key));
  if (known) return { outcome: "repeated", order: known };

  const terms = await admit(session, criteria.customer, count, request.at, timeZone);
  const order = { order_id: orderId, day: dayOfOrder(request.at) };
  const at = request.at.toISOString();
  const seen = await readLastChange(session);
  const short = await withLook(session, async (lookId): Promise<Availability | undefined> => {
    const selection = await selectNumbers(
      session,
      home,
      lookId,
      { ...criteria, customer: terms.customer, neverTwice: terms.neverTwice },
      count,
      request.at,
    );
    const { available, excluded } = selection.availability;
    const picked = Math.min(available, count);
    if (picked === 0 || (picked < count && !request.allowPartial)) return selection.availability;
    await stagePicks(session, selection, criteria, order, picked);
    const [staged] = await session.rows("count_picks", order);
    requireAll(orderId, "its picks", picked, staged, ["numbers", "phones", "ranks"]);
    await session.transaction(async () => {
      await session.run("insert_sales", { ...order, at });
      await session.run("insert_order_files", order);
      await session.run("insert_order", recordOf(request, terms, picked, excluded));
      await log(session, deedOf(request, terms, picked), { order: [orderId] });
    });
    return undefined;
  });
  if (short) return { outcome: "short", availability: short };
  try {
    const filled = await requireOrder(session, orderId);
    const [sales] = await session.rows("count_sales", { order_id: orderId, at });
    requireAll(orderId, "the ledger", filled.numbers, sales, ["numbers", "phones"]);
    await requireAlone(session, request, seen);
    return { outcome: "filled", order: filled };
  } catch (error) {
    // Its numbers are taken by now: whoever asked has to know by which id.
    if (error instanceof UserError && error.exitCode === exitCode.integrity) throw error;
    throw undelivered(orderId, error);
  }
}

function requireAll(
  orderId: string,
  where: string,
  numbers: number,
  counted: Readonly<Record<string, unknown>> | undefined,
  counts: readonly string[],
): void {
  if (counts.every((name) => Number(counted?.[name]) === numbers)) return;
  const found = counts.map((name) => `${counted?.[name]} ${name}`).join(", ");
  throw new UserError(
    exitCode.integrity,
    `order ${orderId} should have ${numbers} numbers, ${where} has ${found}; nothing of it was delivered: run numbers doctor`,
  );
}

/**
 * Throws `integrity` when another order sold some of the numbers inside the cooldown, by a change after `seen`, the last one
 * that the look knew: this one must not be delivered.
 */
async function requireAlone(
  session: Session,
  { orderId, at, criteria }: OrderRequest,
  seen: bigint,
): Promise<void> {
  const [conflicts] = await session.rows("count_conflicts", {
    order_id: orderId,
    day: dayOfOrder(at),
    sold_since: criteria.soldSince.toISOString(),
    seen,
  });
  const numbers = Number(conflicts?.numbers);
  if (numbers === 0) return;
  throw new UserError(
    exitCode.integrity,
    `order ${orderId}: ${numbers} of its numbers were sold by another order at the same moment; nothing of it was ` +
      `delivered: free its numbers with numbers order cancel ${orderId}, and order again`,
  );
}
