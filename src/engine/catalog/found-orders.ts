/** Orders as the catalog has them. */
import { exitCode, UserError } from "../../errors.ts";
import { anyNumber } from "../../orders/criteria.ts";
import type {
  Excluded,
  Layout,
  Order,
  OrderFile,
  OrderQuery,
  OrderState,
  Part,
  Selected,
} from "../engine.ts";
import type { Row, Session } from "../session.ts";

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

/** An order that must be there: its id came from the catalog. */
export async function requireOrder(session: Session, orderId: string): Promise<Order> {
  const order = await findOrder(session, orderId);
  if (!order) throw new Error(`order ${orderId} is not in the catalog`);
  return order;
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

const nothingExcluded: Excluded = {
  sold: 0,
  suppressed: 0,
  duplicate: 0,
  expired: 0,
  had_before: 0,
  max_sales: 0,
  by_kind: {},
};

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
    prunedAt: instant(row.pruned_at),
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
