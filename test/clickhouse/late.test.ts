/**
 * A statement that the server runs when its sender is long dead, and the next process has made the same change once more and
 * others after it: it changes nothing any more.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { binary, cleanEnvironment, list } from "../workdir.ts";
import { type Server, startServer } from "./server.ts";
import { createShop, type Shop } from "./shop.ts";

const lateMs = 9_000;
let server: Server;
let shop: Shop;
let swept: () => void = () => undefined;

beforeAll(async () => {
  server = await startServer();
  shop = createShop(server.url, "late", (remove) => {
    swept = remove;
  });
});

afterAll(async () => {
  await server.stop();
  swept();
});

/** Runs a command whose statement that matches is held up, kills it while it waits, and lets the others go on at once. */
async function killedAt(match: string, args: readonly string[]): Promise<void> {
  await server.reset();
  await server.fault({ kind: "slow", match, ms: lateMs });
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: shop.dir.folder,
    env: {
      ...cleanEnvironment(shop.dir.home),
      NUMBERS_ENGINE: "clickhouse",
      NUMBERS_CLICKHOUSE_URL: shop.url,
    } as NodeJS.ProcessEnv,
    stdio: "ignore",
  });
  const isHeldUp = async () => (await server.log()).some(({ fault }) => fault === "slow");
  await expect.poll(isHeldUp, { timeout: 120_000 }).toBe(true);
  child.kill("SIGKILL");
  await once(child, "close");
}

test("terms of a customer", async () => {
  await shop.ok(["customer", "add", "Acme", "--daily-cap", "100"]);
  await killedAt("insert into customers", ["customer", "set", "Acme", "--daily-cap", "999999"]);
  await shop.ok(["customer", "set", "Acme", "--daily-cap", "5"]);
  const cap = async () => (await shop.json(["customer", "show", "Acme"])).daily_cap;
  expect(await cap()).toBe(5);
  await sleep(lateMs);
  expect(await cap()).toBe(5);
  await shop.checkPromises();
});

test("numbers that are withdrawn from an order", async () => {
  shop.dir.write("a.csv", list("812", 200));
  await shop.ok(["ingest", "a.csv"]);
  const order = ["order", "--provider", "tsel", "--count", "20", "--customer", "Acme"];
  await shop.ok(["customer", "set", "Acme", "--daily-cap", "none"]);
  const env = { NUMBERS_FAILPOINT: "delivery.disclosed=kill" };
  await shop.run([...order, "-o", "never.csv"], { env });
  const [{ order_id: id }] = (await shop.json(["order", "list"])).orders;
  const taken = await shop.sql(`select phone from picks where order_id = '${id}' order by rank`);
  const [first, second] = taken.map(({ phone }) => `0${String(phone).slice(2)}`);
  const add = (phone = "") => [
    ...["blacklist", "add", phone, "--kind", "dnc", "--reason", "asked"],
  ];
  await shop.ok(add(first));
  await killedAt("as withdrawn", ["order", "export", id, "-o", "a.csv"]);
  await shop.ok(add(second));
  await shop.ok(["order", "export", id, "-o", "b.csv"]);
  expect(shop.phones("b.csv")).toHaveLength(18);
  await sleep(lateMs);
  await shop.ok(["order", "export", id, "-o", "c.csv"]);
  expect(shop.phones("c.csv")).toEqual(shop.phones("b.csv"));
  await shop.checkPromises();
  expect((await shop.ok(["doctor"])).stderr).toContain("all promises hold");
});
