/** What goes and what stays, at the very boundaries. */
import { describe, expect, test } from "vitest";
import {
  decideLedger,
  decidePool,
  type Hold,
  isOldRejects,
  isWorthRenewing,
  type LedgerFacts,
  ledgerSince,
  type OldOrder,
  poolWindow,
} from "../../src/pool/retention.ts";

const zone = "Asia/Jakarta";
const day = 86_400_000;
const at = new Date("2026-11-20T09:00:00+07:00");

describe("the pool's window", () => {
  test("the day in which it begins stays", () => {
    expect(poolWindow(at, 7 * day, zone).since).toBe("2026-11-13");
    expect(poolWindow(new Date("2026-11-20T00:00:00+07:00"), 7 * day, zone).since).toBe(
      "2026-11-13",
    );
    expect(poolWindow(new Date("2026-11-19T23:59:59+07:00"), 7 * day, zone).since).toBe(
      "2026-11-12",
    );
    expect(poolWindow(at, 0, zone).since).toBe("2026-11-20");
  });

  test("days are those of the home's time zone", () => {
    // Still the 12th in UTC.
    const early = new Date("2026-11-20T03:00:00+07:00");
    expect(poolWindow(early, 7 * day, zone).since).toBe("2026-11-13");
    expect(poolWindow(early, 7 * day, "UTC").since).toBe("2026-11-12");
  });

  test("one that reaches back before all calendars keeps everything", () => {
    expect(poolWindow(at, 999_999_999 * 7 * day, "UTC").since).toBe("1970-01-01");
  });
});

describe("partitions", () => {
  const partition = (date: string, provider = "tsel", newest = `${date}T09:00:00+07:00`) => ({
    date,
    provider,
    numbers: 10,
    newest: new Date(newest),
  });
  const hold = (orderId: string, state: Hold["state"], date: string): Hold => ({
    orderId,
    state,
    date,
    provider: "tsel",
  });
  const window = poolWindow(at, 7 * day, zone);
  const nobody: ReadonlySet<string> = new Set();

  test("go before the window and not in it", () => {
    const all = [partition("2026-11-11"), partition("2026-11-12"), partition("2026-11-13")];
    const { dropped } = decidePool(all, [], window, false, nobody);
    expect(dropped.map(({ date }) => date)).toEqual(["2026-11-11", "2026-11-12"]);
  });

  test("filed by another time zone's calendar stay as long as their numbers are inside", () => {
    const all = [
      partition("2026-11-12", "tsel", "2026-11-13T09:00:00+07:00"),
      partition("2026-11-12", "xl", "2026-11-13T08:59:59+07:00"),
    ];
    const { dropped } = decidePool(all, [], window, true, nobody);
    expect(dropped.map(({ provider }) => provider)).toEqual(["xl"]);
  });

  test("stay for orders, each provider by itself", () => {
    const all = ["2026-11-01", "2026-11-02", "2026-11-03"].map((date) => partition(date));
    const holds = [
      hold("a", "delivered", "2026-11-01"),
      hold("b", "delivered", "2026-11-01"),
      hold("b", "delivered", "2026-11-02"),
      hold("c", "reserved", "2026-11-02"),
    ];
    const other = partition("2026-11-01", "xl");
    const kept = decidePool([...all, other], holds, window, false, nobody);
    expect(kept.dropped).toEqual([all[2], other]);
    expect(kept.kept).toMatchObject([
      { date: "2026-11-01", reserved: 0, delivered: 2 },
      { date: "2026-11-02", reserved: 1, delivered: 1 },
    ]);
    expect(kept.unexportable).toEqual([]);

    const told = decidePool(all, holds, window, true, nobody);
    expect(told.dropped).toEqual([all[0], all[2]]);
    expect(told.unexportable).toEqual(["a", "b"]);

    // An order whose sales go in the same run holds nothing, and was counted there.
    const gone = decidePool(all, holds, window, false, new Set(["a", "b"]));
    expect(gone.dropped).toEqual([all[0], all[2]]);
    expect(gone.unexportable).toEqual([]);
  });

  test("rejects go by the day in their name", () => {
    // The 13th begins in Jakarta at 17:00 of the 12th in UTC.
    const old = (name: string) => isOldRejects(name, window, zone);
    expect(old("20261111-bcdfghjk.csv")).toBe(true);
    expect(old("20261112-bcdfghjk.csv")).toBe(false);
    expect(old("20261120-bcdfghjk.csv")).toBe(false);
    expect(old("notes.csv")).toBe(false);
  });
});

describe("the ledger", () => {
  const order = (orderId: string, reservedAt: string, more: Partial<OldOrder> = {}): OldOrder => ({
    orderId,
    state: "delivered",
    sales: 10,
    reservedAt: new Date(reservedAt),
    deliveredAt: new Date(reservedAt),
    neverTwice: false,
    exportable: true,
    ...more,
  });
  const rules = { windowMs: 400 * day, cooldownMs: 30 * day, returnWindowMs: 30 * day };
  const facts = (orders: OldOrder[], more: Partial<LedgerFacts> = {}): LedgerFacts => ({
    orders,
    histories: [],
    runningCooldownMs: 0,
    maxSalesOrders: 0,
    ...more,
  });
  const nothing = { reserved: 0, max_sales: 0, cooldown: 0, returnable: 0, never_twice: 0 };

  test("the UTC day in which the window begins stays", () => {
    expect(ledgerSince(at, 400 * day).toISOString()).toBe("2025-10-16T00:00:00.000Z");
    expect(ledgerSince(new Date("2026-11-20T00:00:00Z"), day).toISOString()).toBe(
      "2026-11-19T00:00:00.000Z",
    );
    expect(ledgerSince(new Date("2026-11-19T23:59:59.999Z"), day).toISOString()).toBe(
      "2026-11-18T00:00:00.000Z",
    );
    const { dropped, sales, droppedUntil, days } = decideLedger(
      facts([order("a", "2025-10-15T23:59:59.999Z"), order("b", "2025-10-16T00:00:00Z")]),
      rules,
      at,
    );
    expect(dropped.map(({ orderId }) => orderId)).toEqual(["a"]);
    expect(sales).toBe(10);
    expect(days).toEqual([{ date: "2025-10-15", sales: 10 }]);
    expect(droppedUntil?.toISOString()).toBe("2025-10-16T00:00:00.000Z");
  });

  test("what a rule may still need stays, and is counted under its reason", () => {
    const { dropped, kept } = decideLedger(
      facts([
        order("reserved", "2024-01-01T00:00:00Z", { state: "reserved", deliveredAt: undefined }),
        order("late", "2024-01-02T00:00:00Z", { deliveredAt: new Date("2026-10-21T02:00:00Z") }),
        order("too late", "2024-01-02T00:00:00Z", {
          deliveredAt: new Date("2026-10-21T01:59:59Z"),
        }),
        order("never", "2024-01-03T00:00:00Z", { neverTwice: true }),
        order("freed", "2024-01-04T00:00:00Z", { state: "cancelled", sales: 0, neverTwice: true }),
      ]),
      rules,
      at,
    );
    expect(dropped.map(({ orderId }) => orderId)).toEqual(["too late", "freed"]);
    expect(kept).toEqual({ ...nothing, reserved: 10, returnable: 10, never_twice: 10 });
  });

  test.each([
    ["the home's", { cooldownMs: 30 * day }, 0],
    ["an order's own", { cooldownMs: day }, 30 * day],
  ])("a window shorter than a cooldown keeps what is inside it: %s", (_, short, running) => {
    const { dropped, kept, since, asked } = decideLedger(
      facts(
        [
          order("inside", "2026-10-21T00:00:00Z", { deliveredAt: undefined }),
          order("outside", "2026-10-20T23:59:59Z", {
            deliveredAt: new Date("2026-10-20T23:59:59Z"),
          }),
        ],
        {
          runningCooldownMs: running,
          histories: [
            { date: "2026-10-20", sales: 3 },
            { date: "2026-10-21", sales: 4 },
          ],
        },
      ),
      { ...rules, ...short, windowMs: 7 * day, returnWindowMs: day },
      at,
    );
    expect(asked.toISOString()).toBe("2026-11-13T00:00:00.000Z");
    expect(since.toISOString()).toBe("2026-10-21T00:00:00.000Z");
    expect(dropped.map(({ orderId }) => orderId)).toEqual(["outside"]);
    expect(kept).toEqual({ ...nothing, cooldown: 14 });
  });

  test("a limit of sales in a number's life needs them all", () => {
    const { dropped, kept, sales, dropsHistories } = decideLedger(
      facts([order("a", "2024-01-01T00:00:00Z")], {
        maxSalesOrders: 1,
        histories: [{ date: "2024-01-01", sales: 5 }],
      }),
      rules,
      at,
    );
    expect({ dropped, sales, dropsHistories }).toEqual({
      dropped: [],
      sales: 0,
      dropsHistories: false,
    });
    expect(kept).toEqual({ ...nothing, max_sales: 15 });
  });
});

test("the database is written anew for a quarter of it, and not for a little", () => {
  const mb = 1024 * 1024;
  expect(isWorthRenewing(16 * mb, 4 * mb)).toBe(true);
  expect(isWorthRenewing(17 * mb, 4 * mb)).toBe(false);
  expect(isWorthRenewing(4 * mb, 3.9 * mb)).toBe(false);
});
