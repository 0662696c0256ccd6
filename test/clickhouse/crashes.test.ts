/** The server is killed in the middle of a statement: what was begun is finished by its id, or was nothing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { list } from "../workdir.ts";
import { expectMessage } from "./messages.ts";
import { type Fault, type Server, startServer } from "./server.ts";
import { createShop, type Shop } from "./shop.ts";

const data = mkdtempSync(join(tmpdir(), "numbers-crash-"));
let server: Server;
let shop: Shop;
let isDown = false;
let swept: () => void = () => undefined;

beforeAll(async () => {
  server = await startServer({ data });
  shop = createShop(server.url, "shop", (remove) => {
    swept = remove;
  });
  shop.dir.write("a.csv", list("812", 5000));
  await shop.ok(["ingest", "a.csv"]);
});
beforeEach(() => server.reset());
afterEach(async () => {
  if (isDown) await restart();
});
afterAll(async () => {
  await server.stop();
  swept();
  rmSync(data, { recursive: true, force: true });
});

/** Kills the server while it runs a statement that is slow, or keeps its answer to itself. */
async function crashAt(fault: Omit<Fault, "ms">): Promise<void> {
  await expect
    .poll(async () => (await server.log()).some((one) => one.fault !== undefined), {
      timeout: 120_000,
    })
    .toBe(true);
  // Of one that is stalled: it has run by now.
  if (fault.kind === "stall") await sleep(1_000);
  await server.crash();
  isDown = true;
}

async function restart(): Promise<void> {
  server = await startServer({ data, port: server.port });
  isDown = false;
}

const order = ["order", "--provider", "tsel", "--count", "100"];
const orders = async () => (await shop.json(["order", "list", "--limit", "500"])).orders;

test.each<Omit<Fault, "ms">>([
  { kind: "slow", match: "insert into picks" },
  { kind: "slow", match: "insert into changes.*logged" },
  { kind: "stall", match: "insert into changes.*logged" },
  { kind: "slow", match: "insert into ledger" },
  { kind: "stall", match: "insert into ledger" },
  { kind: "slow", match: "rank.*format parquet" },
])("an order waits for the server that comes back: $kind at $match", async (fault) => {
  await server.fault({ ...fault, ms: 60_000 });
  const { length: before } = await orders();
  const file = `${before}.csv`;
  const running = shop.run([...order, "-o", file]);
  await crashAt(fault);
  await sleep(500);
  await restart();
  const { code, stderr } = await running;
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  expect(new Set(shop.phones(file)).size).toBe(100);
  expect(await orders()).toHaveLength(before + 1);
  await shop.checkPromises();
});

test("one that does not wait so long: the order is there, and is finished by its id", async () => {
  await server.fault({ kind: "stall", match: "insert into ledger", ms: 60_000 });
  const { length: before } = await orders();
  const running = shop.run([...order, "-o", "x.csv", "--lock-timeout", "1s"]);
  await crashAt({ kind: "stall", match: "" });
  const words =
    /does not answer: .*; change \d+ is written down and will be made by the next command/;
  expectMessage(await running, 6, words);
  await restart();
  const after = await orders();
  expect(after).toHaveLength(before + 1);
  expect(after[0]).toMatchObject({ state: "reserved", numbers: 100 });
  await shop.ok(["order", "export", after[0].order_id, "-o", "late.csv"]);
  expect(new Set(shop.phones("late.csv")).size).toBe(100);
  await shop.checkPromises();
});

test("one that does not know whether it was written down says so", async () => {
  await server.fault({ kind: "stall", match: "insert into changes.*logged", ms: 60_000 });
  const { length: before } = await orders();
  const running = shop.run([...order, "-o", "x.csv", "--lock-timeout", "1s"]);
  await crashAt({ kind: "stall", match: "" });
  expectMessage(await running, 6, /; change \d+ may be written down and will then be made/);
  await restart();
  expect(await orders()).toHaveLength(before + 1);
  await shop.checkPromises();
});

test("one that is made, and only not looked at again, says so", async () => {
  await server.fault({
    kind: "stall",
    match: "uniqExact\\(phone\\) as phones\\s+from ledger",
    ms: 60_000,
  });
  const { length: before } = await orders();
  const running = shop.run([...order, "-o", "x.csv", "--lock-timeout", "1s"]);
  await crashAt({ kind: "slow", match: "" });
  expectMessage(
    await running,
    6,
    /does not answer: .*; change \d+ is made: look with numbers audit show/,
  );
  await restart();
  expect(await orders()).toHaveLength(before + 1);
  await shop.checkPromises();
});

test.each<Omit<Fault, "ms">>([
  { kind: "slow", match: "insert into pool \\(" },
  { kind: "stall", match: "insert into pool \\(" },
  { kind: "stall", match: "insert into imports" },
])("an ingest: $kind at $match", async (fault) => {
  const { length: before } = await shop.sql("select path from imports final");
  const name = `b${before}.csv`;
  shop.dir.write(name, list("813", 2000, { from: before * 10_000 }));
  await server.fault({ ...fault, ms: 60_000 });
  const running = shop.run(["ingest", name]);
  await crashAt(fault);
  await restart();
  expect((await running).code).toBe(0);
  expect(await shop.sql("select path from imports final")).toHaveLength(before + 1);
  const { files } = await shop.json(["ingest", name]);
  expect(files).toMatchObject([{ status: "skipped" }]);
  await shop.checkPromises();
});
