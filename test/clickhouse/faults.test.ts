/** Answers that get lost, statements that are refused, rows that break off: nothing is there twice, and nothing is delivered short. */
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { list } from "../workdir.ts";
import { expectMessage } from "./messages.ts";
import { type Fault, type Server, startServer } from "./server.ts";
import { createShop, type Shop } from "./shop.ts";

let server: Server;
let shop: Shop;
let swept: () => void = () => undefined;

beforeAll(async () => {
  server = await startServer();
  shop = createShop(server.url, "shop", (remove) => {
    swept = remove;
  });
  shop.dir.write("a.csv", list("812", 20_000));
  await shop.ok(["ingest", "a.csv"]);
});
beforeEach(() => server.reset());
afterAll(async () => {
  await server.stop();
  swept();
});

const order = (file: string, ...more: string[]) => [
  ...["order", "--provider", "tsel", "--count", "100", "-o", file],
  ...more,
];

/** The first sending of each statement goes wrong, the second succeeds. */
async function spoilEachOnce(kind: "lose" | "refuse"): Promise<void> {
  await server.reset();
  const faults = Array.from({ length: 150 }, (_, n): Fault => ({ kind, match: /./, nth: n + 1 }));
  await server.fault(...faults);
}

/** Every statement was sent twice under one id: the first time it went wrong. */
async function expectSentTwice(kind: "lose" | "refuse", least: number): Promise<void> {
  const sent = new Map<string, (string | undefined)[]>();
  for (const one of await server.log()) {
    sent.set(one.query_id, [...(sent.get(one.query_id) ?? []), one.fault]);
  }
  expect(sent.size).toBeGreaterThanOrEqual(least);
  // The one that finds that there is no database is sent again after it was made.
  const isSpoiltOnce = (faults: (string | undefined)[]) =>
    faults.length % 2 === 0 && faults.every((fault, n) => fault === (n % 2 ? undefined : kind));
  expect([...sent.values()].filter((faults) => !isSpoiltOnce(faults))).toEqual([]);
}

describe.each(["lose", "refuse"] as const)("%s: each statement once", (kind) => {
  test("of an ingest into a database that is not there yet", async () => {
    const fresh = createShop(server.url, `fresh_${kind}`);
    fresh.dir.write("b.csv", list("812", 1000));
    await spoilEachOnce(kind);
    const { files } = await fresh.json(["ingest", "b.csv"]);
    expect(files).toMatchObject([{ status: "ingested", numbers: 1000 }]);
    await expectSentTwice(kind, 40);
    await server.reset();
    await fresh.checkPromises();
    expect(await fresh.sql("select count() as rows from pool")).toEqual([{ rows: 1000 }]);
    expect(await fresh.sql("select count() as entries from audit final")).toEqual([{ entries: 1 }]);
  });

  test("of an order, its export, and its cancellation", async () => {
    await spoilEachOnce(kind);
    const { order_id } = await shop.json(order(`${kind}.csv`));
    await expectSentTwice(kind, 40);
    expect(new Set(shop.phones(`${kind}.csv`)).size).toBe(100);
    await server.reset();
    await shop.checkPromises();

    await spoilEachOnce(kind);
    await shop.ok(["order", "export", order_id, "-o", `${kind}-again.csv`]);
    await expectSentTwice(kind, 8);
    const read = (name: string) => readFileSync(shop.dir.path(name));
    expect(read(`${kind}-again.csv`).equals(read(`${kind}.csv`))).toBe(true);
    await server.reset();

    await spoilEachOnce(kind);
    await shop.ok(["order", "cancel", order_id, "--disclosed"]);
    await expectSentTwice(kind, 8);
    await server.reset();
    await shop.checkPromises();
    expect(
      await shop.sql(`
        select action, count() as entries from audit final
        where subject = '${order_id}' group by action order by action`),
    ).toEqual([
      { action: "order.cancel", entries: 1 },
      { action: "order.deliver", entries: 1 },
      { action: "order.export", entries: 1 },
      { action: "order.reserve", entries: 1 },
    ]);
  });
});

const late = { code: 159, type: "TIMEOUT_EXCEEDED", message: "Timeout exceeded" };

describe.each([
  ["truncate", {}],
  ["cut", {}],
  ["cut", { breaks: false, ...late }],
  ["cut", { breaks: false, tag: false, ...late }],
] as const)("the rows of a delivery: %s %j", (kind, more) => {
  const fault = { kind, match: /rank.*format parquet/, ...more };

  test("once: they are fetched again", async () => {
    await server.fault(fault);
    await shop.ok(order("once.csv", "--manifest"));
    expect(new Set(shop.phones("once.csv")).size).toBe(100);
  });

  test("for as long as one waits: nothing is delivered, the order can be finished", async () => {
    const { length: before } = (await shop.json(["order", "list", "--limit", "100"])).orders;
    await server.fault({ ...fault, times: 1000 });
    const failed = await shop.run(order("short.csv", "--lock-timeout", "1s"));
    expectMessage(failed, 7, /numbers order export \S+/);
    expect(existsSync(shop.dir.path("short.csv"))).toBe(false);
    await server.reset();
    const { orders } = await shop.json(["order", "list", "--limit", "100"]);
    expect(orders).toHaveLength(before + 1);
    expect(orders[0]).toMatchObject({ state: "reserved", numbers: 100 });
    await shop.ok(["order", "export", orders[0].order_id, "-o", `${orders[0].order_id}.csv`]);
    expect(new Set(shop.phones(`${orders[0].order_id}.csv`)).size).toBe(100);
    await shop.checkPromises();
  });
});
