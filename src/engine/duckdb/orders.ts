/** Orders in the catalog: filling, finding, marking. Each verb is one transaction under the lock. */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { exitCode, messageOf, UserError, usageError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, makeFolder, syncPath } from "../../home.ts";
import { anyNumber } from "../../orders/criteria.ts";
import type {
  Availability,
  Criteria,
  Delivery,
  Excluded,
  Filling,
  Layout,
  Order,
  OrderFile,
  OrderQuery,
  OrderRequest,
  OrderState,
  Part,
  Selected,
} from "../engine.ts";
import { hasDeed, type Log } from "./audit.ts";
import { admit } from "./customers.ts";
import { removeDoomedFiles } from "./doomed.ts";
import { directionOf, rowsOfRanks, selectNumbers } from "./selection.ts";
import type { Row, Session } from "./session.ts";

/** Where the order's own copy of its sales lies; the day is the UTC day of the sale. */
export function ledgerCopyPath(home: Home, orderId: string, soldAt: Date): string {
  return join(home.ledger, `date=${soldAt.toISOString().slice(0, 10)}`, `${orderId}.parquet`);
}

/** The ending of a ledger copy whose transaction has not committed yet. */
export const pending = ".pending";

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
      await session.run("create_picked_files", {
        paths: selection.files.map((file) => file.path),
        providers: selection.files.map((file) => file.provider),
      });
      const row = rowsOfRanks[directionOf(criteria)];
      await session.run("insert_sales", { order_id: request.orderId, at });
      await session.run("insert_order_files", { order_id: request.orderId });
      await session.run("insert_order", order);
      await log(session, {
        at: request.at,
        action: "order.reserve",
        subject: request.orderId,
        details: {
          providers: request.criteria.providers,
          customer: terms.customer ?? null,
          requested: request.count,
          numbers: picked,
        },
      });
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
      syncPending(copy);
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

/** Before the commit that relies on it: a copy, and that it is there, survive a power cut. */
export function syncPending(copy: string): void {
  syncPath(copy + pending);
  syncPath(join(copy, ".."));
}

/** Gives a pending copy its name, in the place of an older one if there is one. */
export function publishLedgerCopy(copy: string): void {
  renameSync(copy + pending, copy);
  failpoint("copy.renamed");
  syncPath(join(copy, ".."));
  failpoint("copy.folder-synced");
}

/**
 * Settles what a crash left between writing a ledger copy and naming it. Called under the lock, so that every pending
 * copy belongs to a dead process: its order is either committed, and the copy is published, or it never was.
 */
export async function settleLedgerCopies(session: Session, home: Home): Promise<void> {
  for (const day of readdirSync(home.ledger)) {
    for (const name of readdirSync(join(home.ledger, day))) {
      if (!name.endsWith(`.parquet${pending}`)) continue;
      const orderId = name.slice(0, -`.parquet${pending}`.length);
      const copy = join(home.ledger, day, `${orderId}.parquet`);
      const order = await findOrder(session, orderId);
      // A history from elsewhere has no order: the log knows whether it was committed.
      const isCommitted = order
        ? // One that a withdrawal was to put in the place of another is good only if the withdrawal was committed.
          (await countCopy(session, copy + pending)) === order.numbers
        : await hasDeed(session, "blacklist.import", orderId);
      if (isCommitted) publishLedgerCopy(copy);
      // The only copy of an order is never removed, whatever it holds: the doctor names it.
      else if (!order || existsSync(copy)) rmSync(copy + pending);
      await failpoint("copy.removed");
    }
  }
}

/** Rows of a copy; undefined of one that was cut off while it was written, which no commit has seen. */
async function countCopy(session: Session, path: string): Promise<number | undefined> {
  try {
    const [row] = await session.rows("count_rows", { path });
    return Number(row?.numbers);
  } catch (error) {
    if (/Invalid Input Error|too small to be a Parquet file/.test(messageOf(error)))
      return undefined;
    throw error;
  }
}

/** Whether a crash, or an order that is being made, left a copy without its name. */
export function hasPendingCopies(home: Home): boolean {
  return readdirSync(home.ledger).some((day) =>
    readdirSync(join(home.ledger, day)).some((name) => name.endsWith(pending)),
  );
}

const anyOrder = {
  order_id: null,
  key: null,
  state: null,
  customer: null,
  provider: null,
  since: null,
} as const;

export async function findOrder(
  session: Session,
  orderId: string | undefined,
  key?: string,
): Promise<Order | undefined> {
  const [row] = await session.rows("select_orders", {
    ...anyOrder,
    order_id: orderId ?? null,
    key: key ?? null,
    limit: 1,
  });
  return row && orderOf(row);
}

export async function listOrders(session: Session, query: OrderQuery): Promise<Order[]> {
  const rows = await session.rows("select_orders", {
    ...anyOrder,
    limit: query.limit,
    state: query.state ?? null,
    customer: query.customer ?? null,
    provider: query.provider ?? null,
    since: query.since?.toISOString() ?? null,
  });
  return rows.map(orderOf);
}

export async function readOrderFiles(session: Session, orderId: string): Promise<OrderFile[]> {
  const rows = await session.rows("select_order_files", { order_id: orderId });
  return rows.map((row) => ({
    path: String(row.path),
    provider: String(row.provider),
    date: String(row.date),
    numbers: Number(row.numbers),
  }));
}

/** Throws `undelivered` when the order was cancelled since it was read: what arrived of it must not be used. */
export function requireLive({ orderId, state }: Order): void {
  if (state !== "cancelled") return;
  throw new UserError(
    exitCode.undelivered,
    `order ${orderId} was cancelled while it was delivered: its numbers may be sold to others; throw away what ` +
      "arrived, and make a new order",
  );
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
    await log(session, {
      at: delivery.at,
      action: isFirst > 0 ? "order.deliver" : "order.export",
      subject: orderId,
      details: { output: delivery.output, bytes: delivery.bytes, sha256: delivery.sha256 },
    });
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

/** An order that must be there: its id came from the catalog. */
export async function requireOrder(session: Session, orderId: string): Promise<Order> {
  const order = await findOrder(session, orderId);
  if (!order) throw new Error(`order ${orderId} is not in the catalog`);
  return order;
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
    await log(session, {
      at,
      action: "order.cancel",
      subject: orderId,
      details: { numbers: order.numbers, disclosed: order.disclosed, keepsCooldown },
    });
  });
}

/** Whether the order's copy of its sales is there to be delivered from. */
export function hasLedgerCopy(home: Home, order: Order): boolean {
  return existsSync(ledgerCopyPath(home, order.orderId, order.reservedAt));
}

const nothingExcluded: Excluded = {
  sold: 0,
  suppressed: 0,
  duplicate: 0,
  expired: 0,
  had_before: 0,
  max_sales: 0,
  by_kind: {},
};

function selectedOf(criteria: Criteria): Selected {
  const { maxSales, prefixes, category, filters, pick, seed } = criteria;
  return { maxSales, prefixes, category, filters, pick, seed };
}

function orderOf(row: Row): Order {
  const criteria = JSON.parse(String(row.criteria)) as {
    within: string;
    cooldown: string;
    selected?: Selected;
    layout: Layout;
  };
  return {
    orderId: String(row.order_id),
    key: text(row.key),
    state: String(row.state) as OrderState,
    providers: row.providers as string[],
    customer: text(row.customer),
    synthetic: row.synthetic === true,
    requested: Number(row.requested),
    numbers: Number(row.numbers),
    withdrawn: Number(row.withdrawn),
    erased: Number(row.erased),
    price: text(row.price),
    within: criteria.within,
    cooldown: criteria.cooldown,
    // Homes of the first version have orders without these.
    selected: criteria.selected ?? anyNumber,
    layout: criteria.layout,
    excluded: { ...nothingExcluded, ...JSON.parse(String(row.excluded)) },
    reservedAt: row.reserved_at as Date,
    deliveredAt: instant(row.delivered_at),
    cancelledAt: instant(row.cancelled_at),
    disclosed: row.disclosed === true,
    output: text(row.output),
    bytes: row.bytes === null ? undefined : Number(row.bytes),
    sha256: text(row.sha256),
    parts: row.files === null ? undefined : (JSON.parse(String(row.files)) as Part[]),
  };
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function instant(value: unknown): Date | undefined {
  return value instanceof Date ? value : undefined;
}
