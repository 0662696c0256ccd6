/** Erased persons in orders: out of their counts and out of their copies in `ledger/`. */
import { exitCode, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, syncNamed } from "../../home.ts";
import { findOrder } from "./found-orders.ts";
import { hasLedgerCopy, ledgerCopyPath, pending } from "./ledger-copies.ts";
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
    const [kept] = await session.rows("read_ledger_order", { copy });
    const record = {
      ...JSON.parse(String(kept?.numbers_order)),
      numbers: left?.numbers,
      withdrawn: left?.withdrawn,
      erased: left?.erased,
    };
    copies.push(copy);
    const written = await session.run("write_erased_copy", {
      copy,
      order: JSON.stringify(record),
      path: copy + pending,
    });
    if (written !== left?.numbers) {
      throw new UserError(
        exitCode.integrity,
        `order ${orderId} would have ${left?.numbers} numbers, its copy ${written}; nothing was changed: run numbers doctor`,
      );
    }
    await failpoint("erasure.copy-written");
    syncNamed(copy + pending);
    await failpoint("erasure.copy-synced");
  }
}
