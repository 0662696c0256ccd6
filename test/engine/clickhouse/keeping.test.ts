import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Pruned } from "../../../src/engine/keeping.ts";
import { armFailpoint } from "../../../src/failpoints.ts";
import { inertProgress } from "../../../src/progress.ts";
import {
  ago,
  createClickhouse,
  createDuckdb,
  day,
  deliver,
  type Engined,
  exported,
  lines,
  now,
  publish,
  reserve,
} from "./homes.ts";

const rules = { windowMs: 40 * day, cooldownMs: 30 * day, returnWindowMs: 7 * day };
const everything = {
  poolMs: 7 * day,
  ledger: rules,
  dropsExports: false,
  isDryRun: false,
  at: now,
};
const customer = {
  dailyCap: undefined,
  monthlyCap: undefined,
  price: undefined,
  suspended: false,
};

/** Lists and orders of three months: what every rule lets go or keeps. */
async function fill(engined: Engined): Promise<void> {
  const { home, engine } = engined;
  await engine.addCustomer({ ...customer, name: "Once", neverTwice: true, addedAt: ago(100) });
  const list = (id: string, days: number, first: number, overrides = {}) =>
    publish(
      engined,
      id,
      { tsel: lines(first, first + 19), isat: lines(first + 500, first + 504) },
      { importedAt: ago(days), ...overrides },
    );
  await list("20260821-aa", 91, 0, {
    category: "cars",
    categories: [{ category: "cars", numbers: 25 }],
  });
  await deliver(engined, "oldest", 5, ago(90));
  await list("20260901-bb", 80, 20);
  await deliver(engined, "older", 5, ago(79), { customer: "once", neverTwice: true });
  await reserve(engined, "forgotten", 5, ago(79));
  await list("20260921-cc", 60, 40);
  await reserve(engined, "cancelled", 5, ago(59));
  await engine.cancelOrder("cancelled", false, ago(58));
  await deliver(engined, "old", 5, ago(59));
  await deliver(engined, "isat", 2, ago(59), { providers: ["isat"] });
  await list("20261110-dd", 10, 60);
  await deliver(engined, "recent", 5, ago(9));
  await list("20261119-ee", 1, 80);
  await reserve(engined, "new", 5, now);
  for (const name of ["20260821-aa.csv", "20261119-ee.csv"]) {
    writeFileSync(join(home.rejects, name), "reason,phone\ntoo_short,0812\n");
  }
}

/** Of the ledger the one engine frees files and the other parts; the room that is left is each one's own. */
function told({ pool, ledger, unexportable }: Pruned) {
  const { files, bytes, ...rest } = ledger ?? { files: 0, bytes: 0 };
  return { pool, ledger: rest, unexportable };
}

async function stateOf({ home, engine }: Engined) {
  const query = { limit: 50, state: undefined, customer: undefined, provider: undefined };
  const [audit] = await engine.readAudit(1, "prune");
  return {
    orders: await engine.listOrders({ ...query, since: undefined }),
    stats: await engine.readStats(new Date(0), new Date(0)),
    categories: await engine.readCategories(),
    since: await engine.readLedgerStart(),
    audit: audit && { action: audit.action, subject: audit.subject, details: audit.details },
    rejects: ["20260821-aa.csv", "20261119-ee.csv"].map((name) =>
      existsSync(join(home.rejects, name)),
    ),
    promises: await engine.checkPromises(inertProgress),
  };
}

test.each([
  ["the pool, kept for exports", { ledger: undefined }],
  ["the ledger, of which every sale counts", { poolMs: undefined }, 3],
  ["both, exports too", { dropsExports: true }],
])("both engines drop the same: %s", async (_, overrides, maxSales?: number) => {
  const request = { ...everything, ...overrides };
  const outcomes = [];
  for (const one of [createDuckdb(), createClickhouse()]) {
    await fill(one);
    if (maxSales) await reserve(one, "most", 1, now, { maxSales });
    const dry = told(await one.engine.prune({ ...request, isDryRun: true }));
    const before = await stateOf(one);
    const done = await one.engine.prune(request);
    const exports = [];
    for (const id of ["oldest", "older", "forgotten", "old", "isat", "recent", "new"]) {
      exports.push(await exported(one, id).catch((error: Error) => error.message));
    }
    const again = told(await one.engine.prune(request));
    outcomes.push({ dry, before, done: told(done), exports, again, after: await stateOf(one) });
  }
  const [duckdb, clickhouse] = outcomes;
  expect(clickhouse).toEqual(duckdb);
  expect(clickhouse?.done).toEqual(clickhouse?.dry);
  expect(clickhouse?.after.promises).toEqual({ violations: [], leftovers: [] });
});

test("the rows are gone with their days, and what stays keeps its day", async () => {
  const one = createClickhouse();
  await fill(one);
  // Sales from elsewhere: of a day that others stay of, of one that has nothing else, and of one inside the window.
  await one.run(
    `insert into ledger (phone, provider, order_id, import_id, sold_at) values
      (1, 'tsel', null, 'h', '2026-09-02 23:59:59.999'), (2, 'tsel', null, 'h', '2026-07-01 00:00:00'),
      (3, 'tsel', null, 'h', '2026-10-11 00:00:00')`,
  );
  const pruned = await one.engine.prune({ ...everything, dropsExports: true });
  expect(
    await one.rows(
      "select toString(date) as day, provider, count() as n from pool group by all order by all",
    ),
  ).toEqual([
    // The forgotten order is reserved: the day of its numbers stays for it, without the other provider's.
    { day: "2026-09-01", provider: "tsel", n: 20n },
    { day: "2026-11-19", provider: "isat", n: 5n },
    { day: "2026-11-19", provider: "tsel", n: 20n },
  ]);
  const orders = await one.rows(
    "select distinct order_id from ledger where order_id is not null order by all",
  );
  expect(orders.map(({ order_id }) => order_id)).toEqual(["forgotten", "new", "older", "recent"]);
  expect(await one.rows("select phone from ledger where order_id is null")).toEqual([
    { phone: 3n },
  ]);
  expect(pruned.ledger).toMatchObject({ sales: 14, orders: 4 });
  expect(await one.rows("select distinct order_id from picks order by all")).toEqual(orders);
  const { bytesBefore = 0, bytesAfter = 0 } = pruned.database ?? {};
  expect(bytesAfter).toBeLessThan(bytesBefore);
  expect(pruned.ledger?.files).toBeGreaterThan(0);
});

test.each([
  ["change.step-made", 4],
  ["change.step-made", 14],
])("a prune that is cut off at %s %s is finished by whoever comes next", async (name, times) => {
  const [whole, torn] = [createClickhouse(), createClickhouse()];
  for (const one of [whole, torn]) await fill(one);
  await whole.engine.prune({ ...everything, dropsExports: true });
  armFailpoint(`${name}=EIO@${times}`);
  await expect(torn.engine.prune({ ...everything, dropsExports: true })).rejects.toThrow(/EIO/);
  const left = { ...(await stateOf(torn)), rejects: [false, true] };
  expect(left).toEqual(await stateOf(whole));
  await torn.engine.prune({ ...everything, dropsExports: true });
  expect(await stateOf(torn)).toMatchObject({ rejects: [false, true] });
});

test("a ledger that lacks sales is not pruned", async () => {
  const one = createClickhouse();
  await fill(one);
  await one.run("alter table ledger delete where order_id = 'old' and phone % 2 = 0");
  await expect(one.engine.prune(everything)).rejects.toMatchObject({
    exitCode: 5,
    message: expect.stringMatching(/\d+ sales were to be dropped, the ledger has \d+ of them/),
  });
});

test("compact merges the parts of each day, and says so", async () => {
  const one = createClickhouse();
  await one.engine.compact({ at: now, dryRun: true });
  await one.run("system stop merges pool");
  for (const n of [0, 1, 2]) {
    await publish(
      one,
      `20261119-${n}`,
      { tsel: lines(n * 10, n * 10 + 9) },
      { importedAt: ago(1) },
    );
  }
  await publish(one, "20261120-x", { tsel: lines(90, 99) });
  await one.run("system start merges pool");
  const before = await one.rows(
    "select toString(date) as date, uniqExact(_part) as parts from pool group by date order by date desc",
  );
  const many = before.filter(({ parts }) => Number(parts) > 1);
  const dry = await one.engine.compact({ at: now, dryRun: true });
  expect(dry.days).toMatchObject([
    { date: "2026-11-19", files: 3, joined: 1, rows: 30, bytesAfter: undefined },
  ]);
  expect(many).toEqual([{ date: "2026-11-19", parts: 3n }]);
  const seen: unknown[] = [];
  const done = await one.engine.compact({
    at: now,
    dryRun: false,
    onDay: (...told) => seen.push(told),
  });
  expect(seen).toEqual([["2026-11-19", 1, 1]]);
  expect(done).toMatchObject({ overtaken: 0, days: [{ files: 3, joined: 1, rows: 30 }] });
  expect(done.days[0]?.bytesAfter).toBeGreaterThan(0);
  expect(await one.rows("select uniqExact(_part) as parts, count() as n from pool")).toEqual([
    { parts: 2n, n: 40n },
  ]);
  expect((await one.engine.compact({ at: now, dryRun: false })).days).toEqual([]);
  expect(await one.engine.checkPromises(inertProgress)).toEqual({ violations: [], leftovers: [] });
});
