/**
 * Erasing persons. One change takes them out of everything that is sold from: ledger, picks, suppression; their digest blocks
 * them from then on. A second one takes them out of the counts of the pool and of the rejects, and then, without the lock,
 * their rows go: parts that may be large are written anew. Each step can be taken again.
 *
 * No statement that is kept (in `changes`, or by the server among its mutations) names a phone: all mean them by `erasing`.
 */
import { join } from "node:path";
import { readErasureKey } from "../../erasure-key.ts";
import { exitCode, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { newId } from "../../ids.ts";
import { countErasures, findErased } from "../catalog/erasures.ts";
import { requireOrder } from "../catalog/found-orders.ts";
import { receipts, unfinishedErasure } from "../catalog/receipts.ts";
import type { Erased, Erasure, ErasureRequest, ErasureVerbs } from "../erasures.ts";
import type { Row } from "../session.ts";
import type { Access } from "./access.ts";
import { keyForErasure, noteErasureKey } from "./erasure-key.ts";
import { clean } from "./erasure-rows.ts";
import { dayOfOrder } from "./orders.ts";
import type { Session } from "./session.ts";
import { identifier } from "./statements.ts";

/** Tables that have the phones of persons beside the pool. */
const tables = ["ledger", "picks", "suppression", "returned", "candidates", "blocked"] as const;

export function erasureVerbs(access: Access): ErasureVerbs {
  return {
    erase: (request) => erase(access, request),
    copyErasures: (path) => access.read((session) => copyErasures(session, access, path)),
    findErased: (phones) => access.read((session) => findErased(session, access.home, phones)),
  };
}

/** Erases persons, and finishes what was interrupted. */
export async function erase(
  access: Access,
  { phones, reason, at }: ErasureRequest,
): Promise<Erasure[]> {
  const asked =
    phones.length === 0
      ? { ids: [], repeated: new Set<string>() }
      : await access.write((session) => record(session, access, phones, reason, at));
  try {
    const cleaned = await clean(access, at);
    if (cleaned.length > 0) {
      await access.write((session) => finish(session, cleaned, at));
      await failpoint("erasure.finished");
    }
    const ids = [...new Set([...asked.ids, ...cleaned])];
    return await access.read((session) => receipts(session, ids, asked.repeated));
  } catch (error) {
    throw unfinishedErasure(error);
  }
}

async function copyErasures(
  session: Session,
  { home }: Access,
  path: string,
): Promise<Erased | undefined> {
  const persons = await countErasures(session);
  if (persons === 0) return undefined;
  await session.fetch("write_erased_digests", path);
  return { persons, digests: path, key: readErasureKey(home) };
}

/** The first step. From its change on the persons are in no order and come into none. */
async function record(
  session: Session,
  access: Access,
  phones: readonly bigint[],
  reason: string,
  at: Date,
): Promise<{ ids: string[]; repeated: Set<string> }> {
  // Those of an erasure that was cut off before it was recorded.
  await session.run("forget_erasing");
  const key = await keyForErasure(session, access.home);
  const known = new Map<bigint, string>();
  for (const row of await session.rows("find_erasures", { phones, key })) {
    known.set(row.phone as bigint, String(row.erasure_id));
  }
  const idOf = new Map(phones.map((phone) => [phone, known.get(phone) ?? newId(at)]));
  const ids = [...idOf.values()];
  await name(session, access, idOf, key);
  const sales = await session.rows("count_erased_sales", { ids });
  const suppressions = await session.rows("count_erased_suppressions", { ids });
  const orders = await ordersAfter(session, ids, sales);
  await session.transaction(async () => {
    await noteErasureKey(session, key);
    await session.run("insert_erasures", { reason, at: at.toISOString() });
    await session.run("reopen_erasures");
    for (const table of tables) {
      await session.run("delete_erased", {}, { table: identifier(table) });
    }
    await session.run("delete_erased_digests");
    for (const { day, ...counts } of orders) {
      await session.run("recount_order_files", { order_id: counts.order_id, day });
      await session.run("mark_erased", counts);
    }
    await access.log(
      session,
      ids.map((id) => {
        const own = sales.filter(({ erasure_id }) => erasure_id === id);
        return {
          at,
          action: "person.erase",
          subject: id,
          details: {
            reason,
            ledger_rows: sumOf(own),
            suppressions: sumOf(suppressions.filter(({ erasure_id }) => erasure_id === id)),
            orders: own.flatMap((row) => Array(Number(row.numbers)).fill(row.order_id)),
          },
        };
      }),
      "everything",
    );
  });
  await failpoint("erasure.recorded");
  return { ids, repeated: new Set(known.values()) };
}

/** Puts the persons into `erasing`, with their digests: computed here, so that the key does not leave the home. */
async function name(
  session: Session,
  { home, aside }: Access,
  idOf: ReadonlyMap<bigint, string>,
  key: string,
): Promise<void> {
  const path = join(home.temporary, "erasing.parquet");
  await aside(async (files) => {
    await files.run("create_erasing", { ids: [...idOf.values()], phones: [...idOf.keys()] });
    await files.run("write_erasing", { key, path });
  });
  await session.send("insert_erasing", path, newId(new Date()));
}

/**
 * What the orders are without the persons, as `mark_erased` takes it. What nobody has seen is withdrawn. A cancelled order has
 * its picks still, though its sales count no more.
 */
async function ordersAfter(session: Session, ids: readonly string[], sales: readonly Row[]) {
  const sold = new Map<string, number>();
  for (const { order_id, numbers } of sales) {
    if (order_id === null) continue;
    sold.set(String(order_id), (sold.get(String(order_id)) ?? 0) + Number(numbers));
  }
  const picks = new Map(
    (await session.rows("count_erased_picks", { ids })).map(
      (row) => [String(row.order_id), Number(row.numbers)] as const,
    ),
  );
  const after = [];
  for (const orderId of new Set([...sold.keys(), ...picks.keys()])) {
    const order = await requireOrder(session, orderId);
    const numbers = picks.get(orderId) ?? 0;
    if ((sold.get(orderId) ?? 0) !== numbers && order.state !== "cancelled") {
      throw new UserError(
        exitCode.integrity,
        `order ${orderId}: the ledger has ${sold.get(orderId) ?? 0} of its numbers that are to be erased, its picks are ` +
          `${numbers}; nothing was changed: run numbers doctor`,
      );
    }
    const isUnseen = order.state === "reserved" && !order.disclosed;
    after.push({
      order_id: orderId,
      day: dayOfOrder(order.reservedAt),
      numbers: order.numbers - numbers,
      withdrawn: order.withdrawn + (isUnseen ? numbers : 0),
      erased: order.erased + (isUnseen ? 0 : numbers),
    });
  }
  return after;
}

/** The last step: nothing holds them any more, also not what is only hidden, or was written down to be done. */
async function finish(session: Session, ids: readonly string[], at: Date): Promise<void> {
  await session.run("forget_changes");
  await session.transaction(async () => {
    await session.run("finish_erasures", { ids, at: at.toISOString() });
    await session.run("forget_erasing");
  });
}

function sumOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { numbers }) => sum + Number(numbers), 0);
}
