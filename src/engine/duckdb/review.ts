/** Looking at an order's numbers once more before they leave: what was suppressed since it was made stays here. */
import { rmSync } from "node:fs";
import { failpoint } from "../../failpoints.ts";
import type { Home } from "../../home.ts";
import { syncNamed } from "../../home.ts";
import type { Log } from "../catalog/audit.ts";
import { requireOrder } from "../catalog/found-orders.ts";
import { requireDeliverable, undelivered } from "../catalog/orders.ts";
import { requireExportable } from "../catalog/pruned.ts";
import type { Order } from "../engine.ts";
import {
  hasLedgerCopy,
  ledgerCopyPath,
  pending,
  publishLedgerCopy,
  settleLedgerCopies,
  writeCopyWithout,
} from "./ledger-copies.ts";
import { blockForOrder } from "./rules.ts";
import type { Session } from "./session.ts";

/**
 * Withdraws from a reserved order what is suppressed at `at`: out of the ledger and out of the order's copy, which is
 * written anew beside the old one and takes its place after the commit. A delivered order is left as it is.
 */
export async function reviewOrder(
  session: Session,
  home: Home,
  log: Log,
  timeZone: string,
  orderId: string,
  at: Date,
): Promise<{ order: Order; suppressed: number }> {
  await settleLedgerCopies(session, home);
  const order = await requireOrder(session, orderId);
  await requireExportable(session, order, timeZone);
  let suppressed = 0;
  const copy = ledgerCopyPath(home, orderId, order.reservedAt);
  await session.transaction(
    async () => {
      const { numbers, blocked } = await findSuppressed(session, home, order, at);
      suppressed = numbers;
      // A missing copy is found and said by the delivery.
      if (suppressed === 0 || order.state !== "reserved" || !hasLedgerCopy(home, order)) return;
      await withdraw(session, order, suppressed, copy);
      await log(
        session,
        {
          at,
          action: "order.withdraw",
          subject: orderId,
          details: { numbers: suppressed, by_kind: blocked },
        },
        { order: [orderId] },
      );
    },
    () => rmSync(copy + pending, { force: true }),
  );
  try {
    const reviewed = await requireOrder(session, orderId);
    if (reviewed.numbers !== order.numbers) publishLedgerCopy(copy);
    return { order: reviewed, suppressed };
  } catch (error) {
    throw order.state === "reserved" ? undelivered(orderId, error) : error;
  }
}

/** Fills `blocked` with those of an order's numbers that are suppressed at `at`. */
async function findSuppressed(
  session: Session,
  home: Home,
  { orderId, customer }: Order,
  at: Date,
): Promise<{ numbers: number; blocked: Readonly<Record<string, number>> }> {
  await session.run("create_unsold");
  await session.run("insert_order_phones", { order_id: orderId });
  const buyer = { customer, neverTwice: false, maxSales: undefined };
  const blocked = await blockForOrder(session, home.folder, buyer, at);
  return { numbers: Object.values(blocked).reduce((sum, some) => sum + some, 0), blocked };
}

/**
 * From now on the order's numbers may be in somebody's hands; they must be the ones that the catalog knows, and none may
 * have been suppressed meanwhile. Who is suppressed after this is so after the delivery.
 */
export async function markDisclosed(
  session: Session,
  home: Home,
  order: Order,
  at: Date,
): Promise<void> {
  await requireDeliverable(session, order, () => findSuppressed(session, home, order, at));
  await session.run("mark_disclosed", { order_id: order.orderId });
  await failpoint("delivery.disclosed");
}

async function withdraw(
  session: Session,
  { orderId, numbers, withdrawn }: Order,
  suppressed: number,
  copy: string,
): Promise<void> {
  await session.run("delete_withdrawn", { order_id: orderId });
  await session.run("mark_withdrawn", { order_id: orderId, numbers: suppressed });
  const [kept] = await session.rows("read_copy_footer", { copy });
  const record = {
    ...JSON.parse(String(kept?.numbers_order)),
    numbers: numbers - suppressed,
    withdrawn: withdrawn + suppressed,
  };
  const written = await writeCopyWithout(session, "blocked", copy, "numbers_order", record);
  await failpoint("withdrawal.copy-written");
  if (written !== numbers - suppressed) {
    throw new Error(
      `order ${orderId}: its copy would have ${written} numbers in place of ${numbers - suppressed}; nothing was changed`,
    );
  }
  await session.run("delete_order_files", { order_id: orderId });
  await session.run("insert_order_files_of_copy", { order_id: orderId, copy: copy + pending });
  syncNamed(copy + pending);
  await failpoint("withdrawal.copy-synced");
}
