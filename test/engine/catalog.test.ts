/** The verbs that both engines share do the same on both: the same facts in each, the same calls, the same answers. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { BlacklistCount, BlacklistEntry } from "../../src/engine/blacklist.ts";
import { hasDeed } from "../../src/engine/catalog/audit.ts";
import { countBlacklist, readBlacklist } from "../../src/engine/catalog/blacklist.ts";
import { insertCategories, spellingOf } from "../../src/engine/catalog/categories.ts";
import { findOrder, readOrderFiles } from "../../src/engine/catalog/found-orders.ts";
import { requireExportable, requireLedger } from "../../src/engine/catalog/pruned.ts";
import { readReport } from "../../src/engine/catalog/report.ts";
import { createAccess as createClickhouseAccess } from "../../src/engine/clickhouse/access.ts";
import { createClickhouseEngine } from "../../src/engine/clickhouse/engine.ts";
import { createAccess as createDuckdbAccess } from "../../src/engine/duckdb/access.ts";
import { createDuckdbEngine } from "../../src/engine/duckdb/engine.ts";
import type { Engine, Order } from "../../src/engine/engine.ts";
import type { Report } from "../../src/engine/report.ts";
import type { Row, Session } from "../../src/engine/session.ts";
import { closeHome, type Home, openHome } from "../../src/home.ts";
import { dayAround, monthAround } from "../../src/periods.ts";
import { accessTo } from "./access.ts";
import { clickhouseAccessTo, freshDatabase } from "./clickhouse/access.ts";
import { fillBoth } from "./clickhouse/facts.ts";

const zone = "Asia/Jakarta";
const now = new Date("2026-11-20T02:00:00.123Z");
const at = (text: string) => new Date(text);

const folder = mkdtempSync(join(tmpdir(), "numbers-catalog-"));
let home: Home;
/** A home has its numbers in one place. */
let other: Home;
let engines: readonly [duckdb: Engine, clickhouse: Engine];
let sessions: readonly [
  duckdb: <T>(work: (session: Session) => Promise<T>) => Promise<T>,
  clickhouse: <T>(work: (session: Session) => Promise<T>) => Promise<T>,
];

beforeAll(async () => {
  home = openHome(join(folder, "home"), "test");
  other = openHome(join(folder, "other"), "test");
  const options = [accessTo(home), clickhouseAccessTo(other, freshDatabase())] as const;
  engines = [createDuckdbEngine(options[0]), createClickhouseEngine(options[1])];
  const accesses = [createDuckdbAccess(options[0]), createClickhouseAccess(options[1])] as const;
  sessions = [accesses[0].write, accesses[1].write];
  // The first change makes the tables.
  await bothDo((engine) =>
    engine.addSource("Alpha", { basis: "contract", contact: undefined, expires: undefined }, now),
  );
  await fillBoth(home, options[1]);
  const terms = { dailyCap: undefined, monthlyCap: 500, neverTwice: true, suspended: false };
  await bothDo((engine) =>
    engine.addCustomer({ ...terms, name: "Acme", price: "1000.5", addedAt: now }),
  );
  await bothDo((engine) =>
    engine.addCustomer({ ...terms, name: "Ünlü", dailyCap: 10, price: undefined, addedAt: now }),
  );
  await bothDo((engine) =>
    engine.addSource("über", { basis: undefined, contact: "'x", expires: "2027-01-31" }, now),
  );
  const details = { partitions: ["2026-10-01/tsel", "2026-10-02/isat"], numbers: 12 };
  const prune = { at: now, action: "prune", subject: "p", details } as const;
  const [duckdb, clickhouse] = accesses;
  await duckdb.write((session) => duckdb.log(session, prune, {}));
  await clickhouse.write((session) =>
    session.transaction(() => clickhouse.log(session, prune, {})),
  );
});

afterAll(() => {
  closeHome(home);
  closeHome(other);
  rmSync(folder, { recursive: true, force: true });
});

/** What came of it, or why it was refused. */
async function outcomeOf<T>(work: Promise<T>): Promise<T | string> {
  return work.catch((error: unknown) => `refused: ${String(error)}`);
}

/** Calls both engines, expects the same of them, and resolves to it. */
async function bothDo<T>(call: (engine: Engine) => Promise<T>): Promise<T | string> {
  const duckdb = await outcomeOf(call(engines[0]));
  const clickhouse = await outcomeOf(call(engines[1]));
  expect(clickhouse).toStrictEqual(duckdb);
  return duckdb;
}

async function bothRun<T>(work: (session: Session) => Promise<T>): Promise<T | string> {
  const duckdb = await outcomeOf(sessions[0](work));
  const clickhouse = await outcomeOf(sessions[1](work));
  expect(clickhouse).toStrictEqual(duckdb);
  return duckdb;
}

const anyOrder = {
  limit: 1000,
  state: undefined,
  customer: undefined,
  provider: undefined,
  since: undefined,
};

describe("reads", () => {
  test("orders", async () => {
    const all = (await bothDo((engine) => engine.listOrders(anyOrder))) as Order[];
    expect(all).toHaveLength(80);
    for (const query of [
      { limit: 7 },
      { state: "cancelled" },
      { customer: "ÜNLÜ" },
      { customer: "acme", state: "delivered", provider: "tsel" },
      { provider: "xl" },
      { provider: "none" },
      { since: all[40]?.reservedAt },
      { since: now, limit: 3 },
    ] as const) {
      const found = await bothDo((engine) => engine.listOrders({ ...anyOrder, ...query }));
      expect((found as Order[]).length).toBe(query.provider === "none" ? 0 : found.length);
    }
    await bothRun(async (session) => {
      const found = [];
      for (const { orderId, key } of all) {
        found.push(await findOrder(session, orderId), await readOrderFiles(session, orderId));
        found.push(await findOrder(session, undefined, key ?? "none"));
      }
      return found;
    });
    expect(await bothDo((engine) => engine.findOrder("nothing"))).toBeUndefined();
  });

  test("stats", async () => {
    for (const [importedSince, soldSince] of [
      [at("2026-11-10T00:00:00Z"), at("2026-11-15T12:00:00Z")],
      [at("2020-01-01T00:00:00Z"), at("2020-01-01T00:00:00Z")],
      [at("2030-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z")],
    ] as const) {
      const [duckdb, clickhouse] = await Promise.all(
        engines.map(async (engine) => {
          const { suppressed, sold, ...ordered } = await engine.readStats(importedSince, soldSince);
          const key = (row: object) => JSON.stringify(row);
          // The verb promises no order of these.
          return {
            ...ordered,
            suppressed: suppressed.map(key).sort(),
            sold: sold.map(key).sort(),
          };
        }),
      );
      expect(clickhouse).toStrictEqual(duckdb);
      expect(duckdb?.pool.length).toBeGreaterThan(20);
      expect(duckdb?.categories.length).toBe(3);
    }
  });

  test("the report", async () => {
    const since = at("2026-11-08T17:00:00Z");
    const recentSince = at("2026-11-15T00:00:00Z");
    const reports = (await bothRun(async (session) => {
      const read = [];
      for (const most of [1, 3, 100]) {
        for (const timeZone of [zone, "Asia/Kathmandu", "America/St_Johns"]) {
          read.push(await readReport(session, { timeZone, since, recentSince, most }));
        }
      }
      return read;
    })) as Report[];
    expect(reports.map(({ customers }) => customers.length)).toEqual([
      4, 4, 4, 8, 8, 8, 10, 10, 10,
    ]);
    expect(reports.map(({ reasons }) => reasons.length)).toEqual([2, 2, 2, 4, 4, 4, 6, 6, 6]);
    expect(reports[0]?.sales).not.toEqual(reports[1]?.sales);
  });

  test("customers and statements", async () => {
    expect(await bothDo((engine) => engine.listCustomers(now))).toHaveLength(2);
    const then = at("2026-11-12T00:00:00Z");
    for (const name of ["acme", "ÜNLÜ", "Akme"]) {
      await bothDo((engine) => engine.readCustomer(name, then));
      await bothDo((engine) => engine.admitOrder(name, 400, then));
      await bothDo((engine) => engine.readStatement(name, monthAround(then, zone)));
      await bothDo((engine) => engine.readStatement(name, dayAround(then, zone)));
    }
    await bothDo((engine) =>
      engine.readStatement("acme", monthAround(at("2025-01-01T00:00:00Z"), zone)),
    );
    const statement = await engines[1].readStatement("ACME", monthAround(now, zone));
    expect(statement.rows.length).toBeGreaterThan(5);
    expect(statement.rows.some(({ kind }) => kind === "return")).toBe(true);
    // Half a cent is rounded up, not to the even one.
    expect(statement.rows.find(({ orderId }) => orderId === "order-22")).toMatchObject({
      ...{ numbers: 113, pricePerThousand: "25.00", amount: "2.83" },
    });
  });

  test("sources and categories", async () => {
    expect(await bothDo((engine) => engine.readSources())).toHaveLength(2);
    expect(await bothDo((engine) => engine.readCategories())).toHaveLength(3);
    for (const names of [["CARS", "ÉLAN", "new", "home", "CARS"], []]) {
      await bothRun(async (session) => {
        const spell = await spellingOf(session, names);
        return names.map(spell);
      });
    }
  });

  test("the blacklist", async () => {
    const query = { at: now, cooldownMs: 20 * 86_400_000, kind: undefined, customer: undefined };
    const asked = [
      {},
      { kind: "dnc" },
      { kind: "customer", customer: "ÉLISE" },
      { kind: "customer", customer: "only digests" },
      { kind: "invalid" },
      { kind: "sold" },
      { cooldownMs: 0, at: at("2027-01-01T00:00:00Z") },
    ] as const;
    const answers = (await bothRun(async (session) => {
      const read = [];
      for (const one of asked) {
        const counts = await countBlacklist(session, { ...query, ...one });
        const all = await readBlacklist(session, { ...query, ...one }, 1000);
        read.push({ counts, all, few: await readBlacklist(session, { ...query, ...one }, 5) });
      }
      return read;
    })) as { counts: BlacklistCount[]; all: BlacklistEntry[] }[];
    expect(answers.map(({ counts }) => counts.length)).toEqual([7, 1, 1, 1, 1, 1, 6]);
    expect(answers.filter(({ all }) => all.length === 0)).toHaveLength(1);
    expect(await bothDo((engine) => engine.readSuppressionAge())).toBeInstanceOf(Date);
    expect(await bothDo((engine) => engine.readListOwners())).toHaveLength(4);
  });

  test("what was pruned", async () => {
    expect(await bothDo((engine) => engine.readLedgerStart())).toEqual(at("2026-11-02T17:00:00Z"));
    for (const since of ["2026-11-02T16:59:59.999Z", "2026-11-02T17:00:00Z"]) {
      await bothRun((session) => requireLedger(session, at(since)));
    }
    const orders = await engines[0].listOrders(anyOrder);
    const said = (await bothRun((session) =>
      Promise.all(orders.map((order) => outcomeOf(requireExportable(session, order, zone)))),
    )) as (string | undefined)[];
    expect(
      said.filter((one) => one?.includes("came from days of the pool that were pruned")),
    ).toHaveLength(7);
    expect(said.filter((one) => one?.includes("were pruned on 2026-11-25"))).toHaveLength(4);
    expect(said).toContain(undefined);
  });

  test("the audit log, also a page at a time", async () => {
    expect(await bothDo((engine) => engine.readAudit(100, undefined))).toHaveLength(5);
    expect(await bothDo((engine) => engine.readAudit(100, "source."))).toHaveLength(2);
    expect(await bothDo((engine) => engine.readAudit(1, undefined))).toMatchObject([
      { action: "prune" },
    ]);
    expect(await bothDo((engine) => engine.verifyAudit())).toMatchObject({
      entries: 5,
      breach: undefined,
    });
    expect(await bothRun((session) => hasDeed(session, "source.add", "Alpha"))).toBe(true);
    expect(await bothRun((session) => hasDeed(session, "source.add", "alpha"))).toBe(false);
    const walked = (session: Session) => walk(session, 2);
    expect(await bothRun(walked)).toHaveLength(5);
  });
});

/** Without `place`, which is the engine's own. */
async function walk(session: Session, limit: number): Promise<Row[]> {
  const seen: Row[] = [];
  for (let from = { sequence: -(2n ** 63n), place: -1n }; ; ) {
    const page = await session.rows("walk_audit", { ...from, limit });
    for (const { place, ...entry } of page) {
      seen.push(entry);
      from = { sequence: entry.sequence as bigint, place: place as bigint };
    }
    if (page.length < limit) return seen;
  }
}

describe("writes, each twice", () => {
  test("terms of customers and sources", async () => {
    for (const _twice of [1, 2]) {
      await bothDo((engine) => engine.setCustomer("ACME", { price: "0.01", dailyCap: 7 }, now));
      await bothDo((engine) =>
        engine.setCustomer("ünlü", { suspended: true, monthlyCap: undefined }, now),
      );
      await bothDo((engine) => engine.setCustomer("nobody", {}, now));
      await bothDo((engine) => engine.setSource("ALPHA", { expires: "2026-12-31" }, now));
      await bothDo((engine) => engine.setSource("ÜBER", { contact: undefined, basis: "b" }, now));
      await bothDo((engine) => engine.setSource("nothing", {}, now));
      await bothDo((engine) => engine.listCustomers(now));
      await bothDo((engine) => engine.readSources());
      await bothDo((engine) =>
        engine.addSource("ALPHA", { basis: "", contact: undefined, expires: undefined }, now),
      );
    }
    expect(await engines[1].readCustomer("acme", now)).toMatchObject({
      dailyCap: 7,
      neverTwice: true,
    });
    expect(await engines[1].readSources()).toMatchObject([
      { name: "Alpha", expires: "2026-12-31", basis: "contract" },
      { name: "über", contact: undefined, basis: "b" },
    ]);
  });

  test("categories of an import", async () => {
    const categories = [
      { category: 'It\'s \\ "new"', numbers: 3 },
      { category: "Home", numbers: 10_000_000_000 },
    ];
    await bothRun((session) => insertCategories(session, "import-9", categories));
    expect(await bothDo((engine) => engine.readCategories())).toMatchObject([
      { category: "Home" },
      ...Array(3).fill({}),
    ]);
  });

  test("marks of orders; the numbers of a cancelled one are free, and nothing else is", async () => {
    const delivery = {
      output: "o'.csv",
      bytes: 5_000_000_000,
      sha256: "x",
      parts: undefined,
      at: now,
    };
    const parts = [{ path: "a", numbers: 1, bytes: 2, sha256: "y" }];
    const orders = await engines[0].listOrders(anyOrder);
    const inState = (state: Order["state"]) =>
      orders.filter((order) => order.state === state).map(({ orderId }) => orderId);
    const [first = "", second = "", third = ""] = inState("reserved");
    const [delivered = ""] = inState("delivered");
    const [cancelled = ""] = inState("cancelled");
    for (const _twice of [1, 2]) {
      await bothDo((engine) => engine.markDelivered(first, delivery));
      await bothDo((engine) => engine.markDelivered(second, { ...delivery, parts }));
      await bothDo((engine) => engine.markDelivered(cancelled, delivery));
      await bothDo((engine) => engine.cancelOrder(third, false, now));
      await bothDo((engine) => engine.cancelOrder(delivered, false, now));
      await bothDo((engine) => engine.cancelOrder(delivered, true, now));
      await bothDo((engine) => engine.cancelOrder("nothing", true, now));
    }
    const after = (await bothDo((engine) => engine.listOrders(anyOrder))) as Order[];
    expect(after.find(({ orderId }) => orderId === second)).toMatchObject({
      state: "delivered",
      parts,
    });
    const before = (await engines[0].readStats(now, now)).ledger;
    expect((await engines[1].readStats(now, now)).ledger).toStrictEqual(before);
    await bothDo((engine) => engine.verifyAudit());
    await bothDo((engine) => engine.readAudit(100, undefined));
  });
});
