/** Erased persons in orders and histories: out of their counts and out of their files in `ledger/`. */
import { existsSync } from "node:fs";
import { exitCode, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, syncNamed } from "../../home.ts";
import { findOrder } from "../catalog/found-orders.ts";
import { hasLedgerCopy, ledgerCopyPath, pending, writeCopyWithout } from "./ledger-copies.ts";
import type { Session } from "./session.ts";

/**
 * Inside a transaction, after `create_erasing`: writes the copies anew under their pending names and adds to `copies` the
 * names that they get after the commit. A crash between the two is settled as that of an order is.
 * `sales`: how many of an order's rows the ledger had, where that is known.
 */
export async function eraseFromOrders(
  session: Session,
  home: Home,
  sales: ReadonlyMap<string, number | undefined>,
  copies: string[],
): Promise<void> {
  for (const [orderId, sold] of sales) {
    const order = await findOrder(session, orderId);
    if (!order) throw new Error(`order ${orderId} is not in the catalog`);
    const copy = ledgerCopyPath(home, orderId, order.reservedAt);
    const [held] = hasLedgerCopy(home, order)
      ? await session.rows("count_erased_in_copy", { copy })
      : [];
    const numbers = Number(held?.numbers ?? 0);
    if (sold !== undefined && sold !== numbers) {
      throw new UserError(
        exitCode.integrity,
        `order ${orderId}: the ledger has ${sold} of its numbers that are to be erased, its copy ${copy} has ` +
          `${held ? numbers : "gone"}; nothing was changed: run numbers doctor, restore the copy from a backup`,
      );
    }
    await session.run("subtract_order_files", { order_id: orderId, copy });
    await session.run("delete_empty_order_files", { order_id: orderId });
    await session.run("mark_erased", { order_id: orderId, numbers });
    const left = await findOrder(session, orderId);
    const [kept] = await session.rows("read_copy_footer", { copy });
    const record = {
      ...JSON.parse(String(kept?.numbers_order)),
      numbers: left?.numbers,
      withdrawn: left?.withdrawn,
      erased: left?.erased,
    };
    copies.push(copy);
    const written = await writeErased(session, copy, "numbers_order", record);
    if (written !== left?.numbers) {
      throw new UserError(
        exitCode.integrity,
        `order ${orderId} would have ${left?.numbers} numbers, its copy ${written}; nothing was changed: run numbers doctor`,
      );
    }
  }
}

/**
 * The same for the files of histories, which may hold sales that the ledger has no more. `erasure` is noted in the file: by
 * it a crash is settled.
 */
export async function eraseFromHistories(
  session: Session,
  home: Home,
  erasure: string,
  copies: string[],
): Promise<void> {
  for (const row of await session.rows("select_history_imports")) {
    const copy = ledgerCopyPath(home, String(row.import_id), row.done_at as Date);
    if (!existsSync(copy)) continue; // it brought nothing new, or was pruned
    const [held] = await session.rows("count_erased_in_copy", { copy });
    if (Number(held?.numbers) === 0) continue;
    const [footer] = await session.rows("read_copy_footer", { copy });
    const record = { ...JSON.parse(String(footer?.numbers_history)), erasure };
    copies.push(copy);
    await writeErased(session, copy, "numbers_history", record);
  }
}

/** Writes a copy without erased persons under its pending name; resolves to the numbers that are left. */
async function writeErased(
  session: Session,
  copy: string,
  key: "numbers_order" | "numbers_history",
  record: Readonly<Record<string, unknown>>,
): Promise<number> {
  const written = await writeCopyWithout(session, "erasing", copy, key, record);
  await failpoint("erasure.copy-written");
  syncNamed(copy + pending);
  await failpoint("erasure.copy-synced");
  return written;
}
