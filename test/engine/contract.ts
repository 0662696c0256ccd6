/**
 * What every engine promises, whichever it is: each engine's own test is a factory and one call. The verbs are called
 * as the commands call them, and each twice, because each must be safe to repeat.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type {
  Criteria,
  Engine,
  Import,
  OrderRequest,
  StagedFile,
} from "../../src/engine/engine.ts";
import { closeHome, type Home, openHome } from "../../src/home.ts";
import { anyNumber } from "../../src/orders/criteria.ts";

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
      expect(await engine.checkPromises()).toEqual([]);
      closeHome(home);
      rmSync(folder, { recursive: true, force: true });
    });

    /** A finished Parquet file of phones `first` to `last`, as an ingest would stage it. */
    async function stage(first: number, last: number, note: string): Promise<StagedFile> {
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
      const bytes = readFileSync(path).length;
      return { path, provider: "tsel", synthetic: false, numbers: last - first + 1, bytes };
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
      const stats = await engine.readStats(hoursAgo(72));
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
      expect((await engine.readStats(hoursAgo(72))).ledger.numbers).toBe(10);
      expect(await engine.listOrders({ ...anyOrder, limit: 10 })).toHaveLength(1);
      expect(await engine.readOrderFiles("a")).toMatchObject([{ provider: "tsel", numbers: 10 }]);
    });

    test("sells nothing when there is not enough, and what there is when that is agreed", async () => {
      await publish("one", 6281200000001, 6281200000100);
      expect(await engine.fillOrder(request("a", 101))).toMatchObject({
        outcome: "short",
        availability: { available: 100 },
      });
      expect((await engine.readStats(hoursAgo(72))).ledger.numbers).toBe(0);
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
      await expect(engine.markDisclosed(order)).rejects.toThrow(/had 100 numbers and has 99/);
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

    test("the states of an order", async () => {
      await publish("one", 6281200000001, 6281200000100);
      await engine.markDisclosed(await filled("a", 10));
      expect(await engine.findOrder("a")).toMatchObject({ state: "reserved", disclosed: true });
      const delivery = { output: "o.csv", bytes: 5, sha256: "x", parts: undefined, at: now };
      await engine.markDelivered("a", delivery);
      await engine.markDelivered("a", { ...delivery, output: "later.csv" });
      expect(await engine.findOrder("a")).toMatchObject({ state: "delivered", output: "o.csv" });
      await engine.cancelOrder("a", true, now);
      expect(await engine.countCandidates(criteria, now)).toMatchObject({ available: 90 });
      await filled("b", 10);
      await engine.cancelOrder("b", false, now);
      await engine.cancelOrder("b", true, now);
      expect(await engine.countCandidates(criteria, now)).toMatchObject({ available: 90 });
      const { orders } = await engine.readStats(hoursAgo(72));
      expect(orders).toEqual({ reserved: 0, delivered: 0, cancelled: 2 });
    });
  });
}
