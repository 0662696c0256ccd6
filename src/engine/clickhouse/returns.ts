/** Numbers of a delivered order that come back: judged, credited once, and kept from ever being sold again. */

import { join } from "node:path";
import { usageError } from "../../errors.ts";
import { findOrder } from "../catalog/found-orders.ts";
import { checkRate, readReturned, returnDeed } from "../catalog/returns.ts";
import { withScratch } from "../duckdb/lists.ts";
import {
  checkReturnable,
  type Returned,
  type ReturnRequest,
  type ReturnVerbs,
} from "../returns.ts";
import type { Access } from "./access.ts";
import { dropList, type NamedList, nameList, sendList, siftList } from "./listed.ts";
import { dayOfOrder } from "./orders.ts";
import type { Session } from "./session.ts";

/** The list that returned numbers come on. */
const invalid = { kind: "invalid", customer: null } as const;

export function returnVerbs(access: Access): ReturnVerbs {
  return {
    returnNumbers: (request, files) =>
      withScratch(access, async (folder) => {
        // Each number once, so that a long list costs nobody else his time.
        const path = join(folder, "gathered.parquet");
        if (files.length > 0) {
          await access.aside((session) => session.run("gather_phones", { paths: files, path }));
        }
        const named = await nameList(access, files.length > 0 ? [{ path }] : [], folder);
        return access.write((session) => returnNumbers(session, access, request, named));
      }),
    readReturned: (orderId) =>
      access.read(async (session) => {
        const { returned, credit } = await readReturned(session, orderId);
        return { returned, credit };
      }),
  };
}

async function returnNumbers(
  session: Session,
  { log }: Access,
  request: ReturnRequest,
  named: NamedList,
): Promise<Returned> {
  const { returnId, orderId, reason } = request;
  const order = await findOrder(session, orderId);
  if (!order) throw usageError(`there is no order "${orderId}"`);
  checkReturnable(order, request);
  await sendList(session, named, "send_listed_returns");
  const { list_id, fresh_id } = named.ids;
  const which = { list_id, order_id: orderId, day: dayOfOrder(order.reservedAt) };
  const [counted] = await session.rows("count_presented", which);
  const returned = Number(counted?.returned);
  const repeated = Number(counted?.repeated);
  const foreign = Number(counted?.foreign_numbers);
  const before = await readReturned(session, orderId);
  if (returned === 0) {
    await dropList(session, named.ids);
    const credit = before.credit === undefined ? undefined : "0.00";
    return { returnId: undefined, returned, foreign, repeated, credit };
  }
  try {
    checkRate(request, before, returned);
  } catch (error) {
    await dropList(session, named.ids);
    throw error;
  }
  await session.run("sift_returns", { ...which, fresh_id });
  const unsuppressed = { list_id: fresh_id, fresh_id: `${list_id}-invalid` };
  const sifting = { ...invalid, key: null };
  const { added } = await siftList(session, unsuppressed, "sift_phones", sifting, returned);
  const credit = await computeCredit(session, orderId, returned, before.returned);
  const outcome = { returned, foreign, repeated, credit };
  const at = request.at.toISOString();
  await session.transaction(async () => {
    await session.run("insert_return", {
      return_id: returnId,
      order_id: orderId,
      reason,
      numbers: returned,
      credit: credit ?? null,
      at,
    });
    await session.run("insert_returned", {
      list_id: fresh_id,
      order_id: orderId,
      return_id: returnId,
    });
    await session.run("insert_suppressed", {
      fresh_id: unsuppressed.fresh_id,
      ...invalid,
      reason,
      at,
    });
    await log(session, returnDeed(request, outcome, added), "everything");
    await dropList(session, unsuppressed);
    await dropList(session, named.ids);
  });
  return { returnId, ...outcome };
}

async function computeCredit(
  session: Session,
  orderId: string,
  numbers: number,
  returned: number,
): Promise<string | undefined> {
  const computed = { order_id: orderId, numbers, returned };
  const [row] = await session.rows("compute_credit", computed);
  return row?.credit === null ? undefined : String(row?.credit);
}
