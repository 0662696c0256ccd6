/** What is old enough to be dropped, and what stays all the same and why. Pure: facts in, decisions out. */
import { utcDay } from "../days.ts";
import { dayOf, startOfDay } from "../time.ts";

/** A day's numbers of one provider. */
export type Partition = {
  readonly date: string;
  readonly provider: string;
  readonly numbers: number;
  /** When the newest import in it counts from. */
  readonly newest: Date;
};

/** An order that can be delivered still, and a partition that it is delivered from. */
export type Hold = {
  readonly orderId: string;
  readonly state: "reserved" | "delivered";
  readonly date: string;
  readonly provider: string;
};

export type PoolWindow = {
  /** The first calendar day, in the home's time zone, that stays. */
  readonly since: string;
  readonly sinceInstant: Date;
};

export type KeptPartition = Partition & { readonly reserved: number; readonly delivered: number };

export type PoolDecision = {
  readonly dropped: readonly Partition[];
  /** Older than the window, but orders are delivered from them. */
  readonly kept: readonly KeptPartition[];
  /** Delivered orders that cannot be exported without what is dropped. */
  readonly unexportable: readonly string[];
};

/** The day in which the window begins stays as a whole: nothing imported inside the window goes. */
export function poolWindow(at: Date, windowMs: number, timeZone: string): PoolWindow {
  const sinceInstant = before(at, windowMs);
  return { since: dayOf(sinceInstant, timeZone), sinceInstant };
}

/**
 * Days before the window go, by provider, but for those that orders are delivered from: reserved orders always, delivered
 * ones unless `dropsExports`. `gone` are orders whose sales are dropped in the same run: they hold nothing.
 */
export function decidePool(
  partitions: readonly Partition[],
  holds: readonly Hold[],
  window: PoolWindow,
  dropsExports: boolean,
  gone: ReadonlySet<string>,
): PoolDecision {
  const holdersOf = new Map<string, Hold[]>();
  for (const hold of holds) {
    if (gone.has(hold.orderId)) continue;
    const key = partitionName(hold);
    holdersOf.set(key, [...(holdersOf.get(key) ?? []), hold]);
  }
  const dropped: Partition[] = [];
  const kept: KeptPartition[] = [];
  const unexportable = new Set<string>();
  for (const partition of partitions) {
    // Filed under an earlier day than this time zone's: its numbers are inside the window all the same.
    if (partition.date >= window.since || partition.newest >= window.sinceInstant) continue;
    const holders = holdersOf.get(partitionName(partition)) ?? [];
    const reserved = holders.filter(({ state }) => state === "reserved").length;
    const delivered = holders.length - reserved;
    if (reserved > 0 || (delivered > 0 && !dropsExports)) {
      kept.push({ ...partition, reserved, delivered });
    } else {
      dropped.push(partition);
      for (const { orderId } of holders) unexportable.add(orderId);
    }
  }
  return { dropped, kept, unexportable: [...unexportable] };
}

/** Such as `2026-11-20/tsel`. */
export function partitionName({ date, provider }: { date: string; provider: string }): string {
  return `${date}/${provider}`;
}

/**
 * Whether a rejects file is of a list that came in before the window, by the UTC day in its name; a name without one says
 * nothing.
 */
export function isOldRejects(name: string, { since }: PoolWindow, timeZone: string): boolean {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)-\w+\.csv$/.exec(name) ?? [];
  const first = startOfDay(since, timeZone, "the window").toISOString().slice(0, 10);
  return year !== undefined && `${year}-${month}-${day}` < first;
}

/** An order that was made before the window and whose sales are still known. */
export type OldOrder = {
  readonly orderId: string;
  readonly state: "reserved" | "delivered" | "cancelled";
  /** In the ledger: none of a cancelled order whose numbers are free. */
  readonly sales: number;
  readonly reservedAt: Date;
  readonly deliveredAt: Date | undefined;
  /** Its customer never has a number twice. */
  readonly neverTwice: boolean;
  readonly exportable: boolean;
};

export type LedgerFacts = {
  readonly orders: readonly OldOrder[];
  /** Sales from elsewhere before the window, by UTC day. */
  readonly histories: readonly { readonly date: string; readonly sales: number }[];
  /** The longest cooldown of an order that still runs. */
  readonly runningCooldownMs: number;
  /** Orders inside the window that were made with --max-sales: it counts every sale of a number, however old. */
  readonly maxSalesOrders: number;
};

export type LedgerRules = {
  readonly windowMs: number;
  /** Of orders that name none. */
  readonly cooldownMs: number;
  readonly returnWindowMs: number;
};

/** Why sales before the window stay. The first that applies counts. */
export const keepReasons = [
  "reserved",
  "max_sales",
  "cooldown",
  "returnable",
  "never_twice",
] as const;
export type KeepReason = (typeof keepReasons)[number];

export type LedgerDecision = {
  /** Where the window begins: a UTC midnight. */
  readonly asked: Date;
  /** Where what is kept begins: earlier, if a cooldown reaches back further. */
  readonly since: Date;
  /** The longest cooldown that had to be looked at. */
  readonly cooldownMs: number;
  readonly dropped: readonly OldOrder[];
  /** By UTC day, oldest first. */
  readonly days: readonly { readonly date: string; readonly sales: number }[];
  readonly sales: number;
  /** Sales from elsewhere are dropped, not only those of orders. */
  readonly dropsHistories: boolean;
  readonly kept: Readonly<Record<KeepReason, number>>;
  /** The first instant after the last day of which something is dropped. */
  readonly droppedUntil: Date | undefined;
};

const dayMs = 86_400_000;

/** The beginning of the UTC day in which the window begins: that day stays as a whole. */
export function ledgerSince(at: Date, windowMs: number): Date {
  const since = before(at, windowMs);
  return new Date(since.getTime() - (((since.getTime() % dayMs) + dayMs) % dayMs));
}

export function decideLedger(
  { orders, histories, runningCooldownMs, maxSalesOrders }: LedgerFacts,
  { windowMs, cooldownMs: usualMs, returnWindowMs }: LedgerRules,
  at: Date,
): LedgerDecision {
  const cooldownMs = Math.max(usualMs, runningCooldownMs);
  const asked = ledgerSince(at, windowMs);
  const since = ledgerSince(at, Math.max(windowMs, cooldownMs));
  const returnableSince = before(at, returnWindowMs);
  const kept = { reserved: 0, max_sales: 0, cooldown: 0, returnable: 0, never_twice: 0 };
  const days = new Map<string, number>();
  const add = (date: string, sales: number) => days.set(date, (days.get(date) ?? 0) + sales);

  const reasonFor = (order: OldOrder): KeepReason | undefined => {
    if (order.state === "reserved") return "reserved";
    if (maxSalesOrders > 0 && order.sales > 0) return "max_sales";
    if (order.reservedAt >= since) return "cooldown";
    if (order.state === "delivered" && (order.deliveredAt ?? at) >= returnableSince) {
      return "returnable";
    }
    return order.neverTwice && order.sales > 0 ? "never_twice" : undefined;
  };
  const dropped = orders.filter((order) => {
    if (order.reservedAt >= asked) return false;
    const reason = reasonFor(order);
    if (reason !== undefined) kept[reason] += order.sales;
    else add(utcDay(order.reservedAt), order.sales);
    return reason === undefined;
  });
  const dropsHistories = maxSalesOrders === 0;
  for (const { date, sales } of histories) {
    if (!dropsHistories) kept.max_sales += sales;
    else if (date >= utcDay(since)) kept.cooldown += sales;
    else add(date, sales);
  }
  const ordered = [...days].filter(([, sales]) => sales > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const last = ordered.at(-1)?.[0];
  return {
    asked,
    since,
    cooldownMs,
    dropped,
    days: ordered.map(([date, sales]) => ({ date, sales })),
    sales: ordered.reduce((sum, [, sales]) => sum + sales, 0),
    dropsHistories,
    kept,
    droppedUntil:
      last === undefined
        ? undefined
        : new Date(new Date(`${last}T00:00:00.000Z`).getTime() + dayMs),
  };
}

/** A new copy of the database costs everybody a wait: it must give a good part of the file back, and more than a little. */
const worthwhile = { share: 0.25, bytes: 4 * 1024 * 1024 } as const;

export function isWorthRenewing(bytes: number, freeBytes: number): boolean {
  return freeBytes >= worthwhile.bytes && freeBytes >= bytes * worthwhile.share;
}

/** Before the calendar began nothing was kept: a window that reaches back further is as good as none. */
function before(at: Date, ms: number): Date {
  return new Date(Math.max(at.getTime() - ms, Date.parse("1970-01-01T00:00:00Z")));
}
