/** Orders in the catalog: filling, marking, cancelling. Each verb is one transaction under the lock. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { failpoint } from "../../failpoints.ts";
import { type Home, makeFolder, syncNamed } from "../../home.ts";
import type { Log } from "../catalog/audit.ts";
import { type CandidateFile, directionOf } from "../catalog/candidates.ts";
import { admit } from "../catalog/customers.ts";
import { findOrder, requireOrder } from "../catalog/found-orders.ts";
import { deedOf, recordOf, undelivered } from "../catalog/orders.ts";
import type { Filling, OrderRequest } from "../engine.ts";
import { type Fragment, fragment, joined } from "../statements.ts";
import { removeDoomedFiles } from "./doomed.ts";
import { ledgerCopyPath, pending, publishLedgerCopy, settleLedgerCopies } from "./ledger-copies.ts";
import { rowsOfRanks, selectNumbers } from "./selection.ts";
import type { Session } from "./session.ts";
import { text } from "./statements.ts";

/**
 * Selects, and sells in one transaction, under one lock. The order's copy in `ledger/` is written and synced before the
 * commit under a pending name and gets its own name after it: a crash between the two is settled by `settleLedgerCopies`.
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
  const { criteria } = request;
  const terms = await admit(session, criteria.customer, request.count, request.at, timeZone);
  // Before the transaction: nobody else writes, as the lock is held, and what a transaction drops is kept until its end, the
  // tables of each slice among it.
  const selection = await selectNumbers(
    session,
    home,
    { ...criteria, customer: terms.customer, neverTwice: terms.neverTwice },
    request.count,
    request.at,
  );
  const { picked, availability } = selection;
  if (picked === 0 || (picked < request.count && !request.allowPartial)) {
    return { outcome: "short", availability };
  }
  const copy = ledgerCopyPath(home, request.orderId, request.at);
  await session.transaction(
    async () => {
      const order = recordOf(request, terms, picked, availability.excluded);
      await setPickedFiles(session, request.orderId, selection.files);
      const row = rowsOfRanks[directionOf(criteria)];
      const provider = providerOf(selection.files);
      await session.run("insert_sales", { order_id: request.orderId, at }, { provider });
      await session.run("insert_order_files", { order_id: request.orderId });
      await session.run("insert_order", order);
      await log(session, deedOf(request, terms, picked), { order: [request.orderId] });
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
        { at, order: JSON.stringify(order), path: copy + pending },
        { row },
      );
      await failpoint("order.copy-written");
      syncNamed(copy + pending, home.ledger);
      await failpoint("order.copy-synced");
    },
    () => rmSync(copy + pending, { force: true }),
  );
  try {
    publishLedgerCopy(copy);
    return { outcome: "filled", order: await requireOrder(session, request.orderId) };
  } catch (error) {
    // Its numbers are taken by now: whoever asked has to know by which id.
    throw undelivered(request.orderId, error);
  }
}

/** Sets the session variable `picked_files`, by which `picks` find the names of their files. */
async function setPickedFiles(
  session: Session,
  orderId: string,
  files: readonly CandidateFile[],
): Promise<void> {
  const paths = files.map(({ path }) => path);
  const providers = files.map(({ provider }) => provider);
  await session.run(
    "set_picked_files",
    { paths, providers, order_id: orderId },
    { path: oneOf(paths), provider: oneOf(providers), order: oneOf([orderId]) },
  );
}

/** The provider of a pick as SQL, once `picked_files` is set. */
function providerOf([first, ...others]: readonly CandidateFile[]): Fragment {
  if (first && others.every(({ provider }) => provider === first.provider)) {
    return text(first.provider);
  }
  return fragment`getvariable('picked_files').providers[(rank >> 32) + 1]`;
}

/** What an enum can be. */
function oneOf(values: readonly string[]): Fragment {
  return joined([...new Set(values)].map(text), ", ");
}
