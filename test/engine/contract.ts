/**
 * What every engine promises, whichever it is: each engine's own test is a factory and one call. The verbs are called
 * as the commands call them, and each twice, because each must be safe to repeat.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sumOfFile } from "../../src/checksum.ts";
import type {
  Criteria,
  Engine,
  Import,
  OrderRequest,
  SummedFile,
} from "../../src/engine/engine.ts";
import { closeHome, type Home, openHome } from "../../src/home.ts";
import { anyNumber } from "../../src/orders/criteria.ts";
import { inertProgress } from "../../src/progress.ts";

const hour = 3_600_000;
const now = new Date("2026-11-20T02:00:00Z");
const anyOrder = {
  state: undefined,
  customer: undefined,
  provider: undefined,
  since: undefined,
};
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * hour);

export function describeEngine(name: string, create: (home: Home) => Engine): void {
  describe(`the engine ${name}`, () => {
    let folder: string;
    let home: Home;
    let engine: Engine;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "numbers-engine-"));
      home = openHome(join(folder, "home"), "test");
      engine = create(home);
    });

    afterEach(async () => {
      expect(await engine.checkPromises(inertProgress)).toEqual({ violations: [], leftovers: [] });
      closeHome(home);
      rmSync(folder, { recursive: true, force: true });
    });

    /** A finished Parquet file of phones `first` to `last`, as an ingest would stage it. */
    async function stage(first: number, last: number, note: string): Promise<SummedFile> {
      const path = join(home.temporary, `${note}-${first}.parquet`);
      const instance = await DuckDBInstance.create(":memory:");
      const connection = await instance.connect();
      await connection.run(
        "copy (select range as phone, {'phone': '0' || range % 1000, 'note': $note} as raw_data " +
          "from range($first, $last)) to $path (format parquet)",
        { first, last: last + 1, note, path },
      );
      connection.closeSync();
      instance.closeSync();
      const { length: bytes } = readFileSync(path);
      const sum = await sumOfFile(path);
      return { path, provider: "tsel", synthetic: false, numbers: last - first + 1, bytes, sum };
    }

    function record(importId: string, numbers: number, overrides: Partial<Import> = {}): Import {
      return {
        importId,
        contentHash: `hash of ${importId}`,
        contentBytes: 1,
        fileBytes: 1,
        path: `${importId}.csv`,
        source: undefined,
        category: undefined,
        categoryColumn: undefined,
        categories: [],
        date: "2026-11-20",
        importedAt: hoursAgo(1),
        recordedAt: now,
        lines: numbers,
        accepted: numbers,
        rejected: 0,
        numbers,
        mismatched: 0,
        reasons: {},
        columns: ["phone", "note"],
        phoneColumn: "phone",
        forced: false,
        erasedPersons: 0,
        ...overrides,
      };
    }

    async function publish(
      importId: string,
      first: number,
      last: number,
      importedAt = hoursAgo(1),
    ) {
      const numbers = last - first + 1;
      return engine.publishImport(record(importId, numbers, { importedAt }), [
        await stage(first, last, importId),
      ]);
    }

    const criteria: Criteria = {
      providers: ["tsel"],
      synthetic: false,
      importedSince: hoursAgo(72),
      soldSince: hoursAgo(720),
      customer: undefined,
      neverTwice: false,
      ...anyNumber,
      day: "2026-11-20",
    };

    function request(orderId: string, count: number, overrides: Partial<OrderRequest> = {}) {
      return {
        orderId,
        key: undefined,
        count,
        allowPartial: false,
        criteria,
        layout: { format: "csv", phoneFormat: "digits", columns: "all" },
        within: "72h",
        cooldown: "720h",
        at: now,
        ...overrides,
      } satisfies OrderRequest;
    }

    async function filled(orderId: string, count: number, overrides: Partial<OrderRequest> = {}) {
      const filling = await engine.fillOrder(request(orderId, count, overrides));
      if (filling.outcome !== "filled") throw new Error(`${orderId}: ${filling.outcome}`);
      return filling.order;
    }

    async function exported(orderId: string): Promise<string> {
      const order = await engine.findOrder(orderId);
      if (!order) throw new Error(`no order ${orderId}`);
      const path = join(folder, `${orderId}.csv`);
      expect(await engine.exportOrder(order, path, "none")).toBe(order.numbers);
      return readFileSync(path, "utf8");
    }

    test("publishes an import once, by its id and by its content", async () => {
      expect(await publish("one", 6281200000001, 6281200000100)).toMatchObject({
        status: "published",
      });
      expect(await publish("one", 6281200000001, 6281200000100)).toMatchObject({
        status: "published",
      });
      const again = record("two", 100, { contentHash: "hash of one" });
      expect(await engine.publishImport(again, [])).toEqual({
        status: "duplicate",
        importId: "one",
      });
      expect(await engine.readContents()).toMatchObject([{ importId: "one" }]);
      const stats = await engine.readStats(hoursAgo(72), hoursAgo(24));
      expect(stats.pool).toMatchObject([{ numbers: 100, imports: 1, recent: 100 }]);
    });

    test("counts exactly what it can fill, newest data first", async () => {
      await publish("old", 6281200000001, 6281200000100, hoursAgo(5));
      await publish("new", 6281200000051, 6281200000150, hoursAgo(4));
      await publish("stale", 6281200000900, 6281200000999, hoursAgo(73));
      expect(await engine.countCandidates(criteria, now)).toMatchObject({
        available: 150,
        excluded: { sold: 0, suppressed: 0, duplicate: 50 },
      });
      await filled("a", 150);
      const rows = (await exported("a")).trim().split("\n").slice(1);
      expect(rows).toHaveLength(150);
      expect(rows.filter((row) => row.endsWith(",new"))).toHaveLength(100);
      expect(await engine.countCandidates(criteria, now)).toMatchObject({
        available: 0,
        excluded: { sold: 150 },
      });
    });

    test("fills an order once by its id and once by its key", async () => {
      await publish("one", 6281200000001, 6281200000100);
      const first = await filled("a", 10, { key: "k" });
      for (const repeated of [request("a", 10), request("b", 10, { key: "k" })]) {
        expect(await engine.fillOrder(repeated)).toEqual({ outcome: "repeated", order: first });
      }
      expect((await engine.readStats(hoursAgo(72), hoursAgo(24))).ledger.numbers).toBe(10);
      expect(await engine.listOrders({ ...anyOrder, limit: 10 })).toHaveLength(1);
      expect(await engine.readOrderFiles("a")).toMatchObject([{ provider: "tsel", numbers: 10 }]);
    });

    test("sells nothing when there is not enough, and what there is when that is agreed", async () => {
      await publish("one", 6281200000001, 6281200000100);
      expect(await engine.fillOrder(request("a", 101))).toMatchObject({
        outcome: "short",
        availability: { available: 100 },
      });
      expect((await engine.readStats(hoursAgo(72), hoursAgo(24))).ledger.numbers).toBe(0);
      expect(await filled("a", 101, { allowPartial: true })).toMatchObject({ numbers: 100 });
      expect(await engine.fillOrder(request("b", 1, { allowPartial: true }))).toMatchObject({
        outcome: "short",
      });
    });

    test("one order after the other shares nothing, whichever engine takes it", async () => {
      await publish("one", 6281200000001, 6281200001000);
      const orders = ["a", "b", "c", "d"];
      for (const id of orders) await create(home).fillOrder(request(id, 250));
      const phones = (await Promise.all(orders.map(exported))).flatMap((csv) =>
        csv
          .trim()
          .split("\n")
          .slice(1)
          .map((row) => row.split(",")[0]),
      );
      expect(new Set(phones).size).toBe(1000);
    });

    test("exports the same bytes every time", async () => {
      await publish("one", 6281200000001, 6281200300000);
      await filled("a", 200_000);
      const first = await exported("a");
      expect((await exported("a")) === first).toBe(true);
    });

    test("takes a person out of everything, and an import that did not know of it is outdated", async () => {
      await publish("one", 6281200000001, 6281200000100);
      const order = await filled("a", 100);
      const request = { phones: [6281200000007n], reason: "asked", at: now };
      const [erasure] = await engine.erase(request);
      expect(erasure).toMatchObject({ isRepeated: false, poolRows: 1, ledgerRows: 1 });
      expect(await engine.erase(request)).toEqual([{ ...erasure, isRepeated: true }]);
      expect(await engine.erase({ ...request, phones: [] })).toEqual([]);
      expect(await engine.findErased([6281200000006n, 6281200000007n])).toEqual([6281200000007n]);
      await expect(engine.markDisclosed(order, now)).rejects.toThrow(/had 100 numbers and has 99/);
      await expect(engine.exportOrder(order, join(folder, "a.csv"), "none")).rejects.toThrow(
        /had 100 numbers and has 99/,
      );
      expect(await exported("a")).not.toContain("6281200000007");
      const late = await stage(6281200000200, 6281200000209, "late");
      expect(await engine.publishImport(record("two", 10), [late])).toMatchObject({
        status: "outdated",
      });
      const aware = { ...record("two", 10), erasedPersons: 1 };
      expect(await engine.publishImport(aware, [late])).toMatchObject({ status: "published" });
      const query = { phones: [6281200000007n, 6281200000008n], cooldownMs: hour, at: now };
      expect(await engine.lookUp({ ...query, importedSince: hoursAgo(72) })).toMatchObject([
        { reason: "erased", occurrences: [], sales: [] },
        { reason: "sold", occurrences: [{ importId: "one" }], sales: [{ orderId: "a" }] },
      ]);
    });

    test("who is suppressed while an order is written out is not delivered", async () => {
      await publish("one", 6281200000001, 6281200000100);
      const order = await filled("a", 10);
      await engine.addSuppressed(
        ["6281200000100"],
        { kind: "dnc", customer: undefined },
        "asked",
        now,
      );
      await expect(engine.markDisclosed(order, now)).rejects.toMatchObject({ exitCode: 7 });
      const { order: reviewed } = await engine.reviewOrder("a", now);
      expect(reviewed).toMatchObject({ numbers: 9, withdrawn: 1, disclosed: false });
      await engine.markDisclosed(reviewed, now);
      expect(await engine.findOrder("a")).toMatchObject({ disclosed: true });
    });

    test("files get their names between the two marks of their order, or not at all", async () => {
      await publish("one", 6281200000001, 6281200000100);
      const order = await filled("a", 10);
      const delivery = { output: "o.csv", bytes: 5, sha256: "x", parts: undefined, at: now };
      const full = new Error("no space left");
      const failing = engine.markAround(order, now, () => Promise.reject(full));
      await expect(failing).rejects.toBe(full);
      expect(await engine.findOrder("a")).toMatchObject({ state: "reserved", disclosed: true });
      await engine.addSuppressed(
        ["6281200000100"],
        { kind: "dnc", customer: undefined },
        "asked",
        now,
      );
      let named = 0;
      const name = async () => {
        named += 1;
        return delivery;
      };
      await expect(engine.markAround(order, now, name)).rejects.toMatchObject({ exitCode: 7 });
      expect(named).toBe(0);
      const { order: reviewed } = await engine.reviewOrder("a", now);
      expect(await engine.markAround(reviewed, now, name)).toMatchObject({
        state: "delivered",
        numbers: 9,
        output: "o.csv",
      });
      expect(named).toBe(1);
    });

    test("the states of an order", async () => {
      await publish("one", 6281200000001, 6281200000100);
      await engine.markDisclosed(await filled("a", 10), now);
      expect(await engine.findOrder("a")).toMatchObject({ state: "reserved", disclosed: true });
      const delivery = { output: "o.csv", bytes: 5, sha256: "x", parts: undefined, at: now };
      await engine.markDelivered("a", delivery);
      await engine.markDelivered("a", { ...delivery, output: "later.csv" });
      expect(await engine.findOrder("a")).toMatchObject({ state: "delivered", output: "o.csv" });
      await expect(engine.cancelOrder("a", false, now)).rejects.toThrow("--disclosed");
      await engine.cancelOrder("a", true, now);
      expect(await engine.countCandidates(criteria, now)).toMatchObject({ available: 90 });
      const cancelled = await filled("b", 10);
      await engine.cancelOrder("b", false, now);
      await expect(engine.cancelOrder("b", true, now)).rejects.toThrow("cancelled already");
      const late = "cancelled while it was delivered";
      await expect(engine.markDisclosed(cancelled, now)).rejects.toThrow(late);
      await expect(engine.markDelivered("b", delivery)).rejects.toThrow(late);
      expect(await engine.countCandidates(criteria, now)).toMatchObject({ available: 90 });
      const { orders } = await engine.readStats(hoursAgo(72), hoursAgo(24));
      expect(orders).toEqual({ reserved: 0, delivered: 0, cancelled: 2 });
    });

    const acme = {
      name: "Acme",
      dailyCap: 20,
      monthlyCap: undefined,
      price: "1000",
      neverTwice: true,
      suspended: false,
      addedAt: now,
    };
    const forAcme = { criteria: { ...criteria, customer: "acme" } };

    test("holds an order to its customer's terms", async () => {
      await publish("one", 6281200000001, 6281200000100);
      expect(await engine.admitOrder("anybody", 1000, now)).toMatchObject({ neverTwice: false });
      expect(await engine.addCustomer(acme)).toBeUndefined();
      expect(await engine.addCustomer({ ...acme, name: "ACME" })).toMatchObject({ name: "Acme" });
      const terms = { customer: "Acme", price: "1000.00", neverTwice: true };
      expect(await engine.admitOrder("acme", 20, now)).toEqual(terms);
      expect(await filled("a", 15, forAcme)).toMatchObject({ customer: "Acme" });
      const again = await engine.fillOrder(request("a", 15, forAcme));
      expect(again).toMatchObject({ outcome: "repeated" });
      for (const [customer, exitCode] of [
        ["acme", 8],
        ["acne", 2],
      ] as const) {
        const over = request("b", 6, { criteria: { ...criteria, customer } });
        await expect(engine.fillOrder(over)).rejects.toMatchObject({ exitCode });
        await expect(engine.admitOrder(customer, 6, now)).rejects.toMatchObject({ exitCode });
      }
      for (const _twice of [1, 2]) await engine.setCustomer("acme", { suspended: true }, now);
      await expect(engine.admitOrder("acme", 1, now)).rejects.toMatchObject({ exitCode: 8 });
      expect(await engine.listCustomers(now)).toMatchObject([
        { name: "Acme", suspended: true, dailyCap: 20, takenToday: 15, orders: { reserved: 1 } },
      ]);
      expect(await engine.listOrders({ ...anyOrder, limit: 10 })).toHaveLength(1);
    });

    test("takes numbers back once, and bills what is left", async () => {
      await publish("one", 6281200000001, 6281200000020);
      await engine.addCustomer(acme);
      await filled("a", 20, forAcme);
      const bad = await stage(6281200000019, 6281200000022, "bad");
      const giveBack = (returnId: string, maxRate = 0.5) =>
        engine.returnNumbers(
          {
            ...{ returnId, orderId: "a", reason: "other", at: now, maxRate },
            ...{ deliveredSince: hoursAgo(1), window: "1h" },
          },
          [bad.path],
        );
      await expect(giveBack("r")).rejects.toMatchObject({ exitCode: 2 });
      await engine.markDelivered("a", {
        output: "o.csv",
        bytes: 5,
        sha256: "x",
        parts: undefined,
        at: now,
      });
      await expect(giveBack("r", 0.09)).rejects.toMatchObject({ exitCode: 8 });
      expect(await engine.readReturned("a")).toEqual({ returned: 0, credit: "0.00" });
      const first = { returnId: "r", returned: 2, foreign: 2, repeated: 0, credit: "2.00" };
      expect(await giveBack("r")).toEqual(first);
      const second = { ...first, returnId: undefined, returned: 0, repeated: 2, credit: "0.00" };
      for (const id of ["r", "s"]) expect(await giveBack(id)).toEqual(second);
      expect(await engine.readReturned("a")).toEqual({ returned: 2, credit: "2.00" });
      const month = { name: "2026-11", from: hoursAgo(1), until: new Date(now.getTime() + hour) };
      for (const _twice of [1, 2]) {
        expect(await engine.readStatement("ACME", month)).toMatchObject({
          customer: "Acme",
          rows: [{ kind: "order" }, { kind: "return", numbers: -2, amount: "-2.00" }],
          total: { numbers: 18, amount: "18.00" },
          undelivered: 0,
        });
      }
      expect(await engine.verifyAudit()).toMatchObject({ entries: 5, breach: undefined });
    });

    test("sources: registered once whatever their case, changed by what is named, and left out when they end", async () => {
      const terms = { basis: "consent", contact: undefined, expires: "2026-11-19" };
      expect(await engine.addSource("Acme", terms, now)).toBe(true);
      expect(await engine.addSource("ACME", { ...terms, basis: "other" }, now)).toBe(false);
      const imported = record("one", 100, { source: "acme" });
      const file = await stage(6281200000001, 6281200000100, "one");
      await engine.publishImport(imported, [file]);
      await publish("two", 6281200000051, 6281200000150);
      const acme = { ...terms, name: "Acme", addedAt: now, imports: 1, numbers: 100 };
      expect(await engine.readSources()).toEqual([acme]);
      const availability = { available: 100, excluded: { duplicate: 0, expired: 100 } };
      expect(await engine.countCandidates(criteria, now)).toMatchObject(availability);
      const before = { ...criteria, day: "2026-11-19" };
      expect(await engine.countCandidates(before, now)).toMatchObject({
        available: 150,
        excluded: { duplicate: 50, expired: 0 },
      });
      expect(await engine.setSource("acne", { expires: undefined }, now)).toBe(false);
      for (let times = 0; times < 2; times += 1) {
        expect(await engine.setSource("acme", { expires: undefined }, now)).toBe(true);
        expect(await engine.readSources()).toEqual([{ ...acme, expires: undefined }]);
      }
      expect(await engine.countCandidates(criteria, now)).toMatchObject({ available: 150 });
    });

    test("categories are spelled as they were the first time, and counted whatever their case", async () => {
      for (const [id, category, first] of [
        ["one", "Loans", 6281200000001],
        ["two", "LOANS", 6281200000101],
      ] as const) {
        const categories = [{ category, numbers: 90 }];
        const imported = record(id, 100, { category, categories, source: id });
        const file = await stage(first, first + 99, id);
        for (let times = 0; times < 2; times += 1) await engine.publishImport(imported, [file]);
      }
      expect(await engine.readCategories()).toEqual([
        { category: "Loans", numbers: 180, imports: 2 },
      ]);
      const search = { text: "lOANS", phone: undefined, limit: 1, page: 2 };
      expect(await engine.search(search)).toMatchObject({
        numbers: [],
        numbersTotal: 0,
        imports: [{ importId: "one", category: "Loans", numbers: 100 }],
        importsTotal: 2,
      });
    });

    test("finds numbers by a part of them, newest import first, in pages", async () => {
      await publish("old", 6281200000001, 6281200000100, hoursAgo(5));
      await publish("new", 6281200000051, 6281200000150, hoursAgo(4));
      const search = { text: "0", phone: { digits: "62812000000", isBeginning: true }, limit: 60 };
      const first = await engine.search({ ...search, page: 1 });
      expect(first).toMatchObject({ numbersTotal: 148, importsTotal: 0 });
      expect(first.numbers[0]).toEqual({
        phone: 6281200000051n,
        provider: "tsel",
        date: "2026-11-20",
        importId: "new",
        category: undefined,
        source: undefined,
      });
      const pages = await Promise.all([2, 3, 4].map((page) => engine.search({ ...search, page })));
      expect(pages.map(({ numbers }) => numbers.length)).toEqual([60, 28, 0]);
      const all = [first, ...pages].flatMap(({ numbers }) => numbers);
      expect(new Set(all.map(({ importId, phone }) => `${importId} ${phone}`)).size).toBe(148);
      const anywhere = { ...search, phone: { digits: "00007", isBeginning: false }, page: 1 };
      // 70 to 79 in both, and 7 in the old one.
      expect((await engine.search(anywhere)).numbersTotal).toBe(21);
    });
  });
}
