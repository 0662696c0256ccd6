/** A writer that is stopped for longer than its lock lives: another takes over, and what the first one does then sells nothing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { times } from "../../src/engine/clickhouse/keeper.ts";
import { binary, cleanEnvironment, list } from "../workdir.ts";
import { type Fault, keeperIsMissing, type Server, startKeeper, startServer } from "./server.ts";
import { createShop, type Shop } from "./shop.ts";

const numbers = 300;
const order = (key: string, timeout: string) => [
  ...["order", "--provider", "tsel", "--count", String(numbers), "--key", key, "-o", `${key}.csv`],
  ...["--lock-timeout", timeout],
];

/** An order that can be stopped and continued. */
function start(shop: Shop) {
  const child = spawn(process.execPath, [binary, ...order("first", "60s")], {
    cwd: shop.dir.folder,
    env: {
      ...cleanEnvironment(shop.dir.home),
      NUMBERS_ENGINE: "clickhouse",
      NUMBERS_CLICKHOUSE_URL: shop.url,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.on("data", (part: Buffer) => {
    stderr += part;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stderr }));
  return { child, ended };
}

/** Stops an order at a statement, lets one of another home overtake it, and lets it go on. */
async function overtake(server: Server, database: string, fault: Fault) {
  const first = createShop(server.url, database);
  const second = createShop(server.url, database);
  first.dir.write("a.csv", list("812", 2 * numbers));
  await first.ok(["ingest", "a.csv"]);
  await server.reset();
  await server.fault(fault);
  const stopped = start(first);
  await expect
    .poll(async () => (await server.log()).some((one) => one.fault !== undefined), {
      timeout: 60_000,
    })
    .toBe(true);
  stopped.child.kill("SIGSTOP");
  const began = Date.now();
  await second.ok(order("second", "300s"));
  expect(Date.now() - began).toBeGreaterThan(times.lifeMs - times.beatMs - 5_000);
  // What was on its way to the server has arrived there, whatever it is now.
  await expect.poll(() => server.running(), { timeout: 120_000 }).toEqual([]);
  stopped.child.kill("SIGCONT");
  const outcome = await stopped.ended;
  return { first, second, outcome };
}

async function prove(first: Shop, second: Shop, orders: number): Promise<void> {
  expect((await first.json(["order", "list"])).orders).toHaveLength(orders);
  await first.checkPromises();
  // The first home's own order is there, or is made now: together they are all that there was.
  await first.ok(order("first", "60s"));
  const sold = [...first.phones("first.csv"), ...second.phones("second.csv")];
  expect(new Set(sold).size).toBe(2 * numbers);
  await first.checkPromises();
}

const missing = keeperIsMissing();

test.skipIf(missing).each<[string, Fault, number, RegExp]>([
  [
    "before its change was written down",
    { kind: "stall", match: "insert into picks", ms: 3_000 },
    1,
    /lock of the database is not this process's any more: .* for more than 30 s; nothing more was/,
  ],
  [
    "after its change was written down: the other one makes it first",
    { kind: "stall", match: "insert into changes.*logged", ms: 3_000 },
    2,
    /not this process's any more.*; change \d+ is written down, and is made or taken back by whoever/,
  ],
  [
    "while its change was on its way, behind the other one's: it is taken back",
    { kind: "slow", match: "insert into changes.*logged", ms: 75_000 },
    1,
    /not this process's any more.*; change \d+ is written down, and is made or taken back by whoever/,
  ],
])("%s", async (_, fault, orders, words) => {
  const keeper = await startKeeper();
  const server = await startServer({ keeper });
  const { first, second, outcome } = await overtake(server, "shop", fault);
  expect(outcome.stderr).toMatch(words);
  expect(outcome.code).toBe(6);
  await prove(first, second, orders);
  const taken = await first.sql(
    "select count() as changes from changes final where state = 'withdrawn'",
  );
  expect(taken).toEqual([{ changes: fault.kind === "slow" ? 1 : 0 }]);
  await server.stop();
  await keeper.stop();
});
