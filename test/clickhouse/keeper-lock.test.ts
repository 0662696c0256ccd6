/** The writer's lock in a real Keeper: answers that get lost, a Keeper that is away, a holder that was killed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { list } from "../workdir.ts";
import { expectMessage } from "./messages.ts";
import { type Keeper, keeperIsMissing, type Server, startKeeper, startServer } from "./server.ts";
import { createShop, type Shop } from "./shop.ts";

const missing = keeperIsMissing();
const order = (file: string) => ["order", "--provider", "tsel", "--count", "100", "-o", file];

describe.skipIf(missing)("the lock in Keeper", () => {
  let keeper: Keeper;
  let server: Server;
  let shop: Shop;
  let other: Shop;
  const removals: (() => void)[] = [];

  beforeAll(async () => {
    keeper = await startKeeper();
    server = await startServer({ keeper });
    shop = createShop(server.url, "shop", (remove) => removals.push(remove));
    other = createShop(server.url, "shop", (remove) => removals.push(remove));
    shop.dir.write("a.csv", list("812", 5000));
    await shop.ok(["ingest", "a.csv"]);
  });
  beforeEach(() => server.reset());
  afterAll(async () => {
    await server.stop();
    await keeper.stop();
    for (const remove of removals) remove();
  });
  const locks = () => shop.sql("select owner from locks");

  test("it is given back, and found again when its answers get lost", async () => {
    for (const kind of ["lose", "refuse"] as const) {
      await server.fault(
        { kind, match: "insert into locks", times: 2 },
        { kind, match: "delete where name = 'writer'" },
        { kind, match: "from locks" },
      );
      await shop.ok(order(`${kind}.csv`));
      expect(new Set(shop.phones(`${kind}.csv`)).size).toBe(100);
      expect(await locks()).toEqual([]);
    }
    await shop.checkPromises();
  });

  test("a killed holder's home has it back at once, and so have others", async () => {
    const env = { NUMBERS_FAILPOINT: "change.logged=kill" };
    await shop.run(order("killed.csv"), { env });
    expect(await locks()).toMatchObject([
      { owner: expect.stringMatching(/^process \d+ on \S+ \(numbers order\)$/) },
    ]);
    const busy = await other.run([...order("b.csv"), "--lock-timeout", "2s"]);
    expectMessage(busy, 6, /waited \d s for process \d+ on \S+ \(numbers order\); try again/);
    await shop.ok([...order("c.csv"), "--lock-timeout", "10s"]);
    await other.ok([...order("d.csv"), "--lock-timeout", "10s"]);
    expect(await locks()).toEqual([]);
    await shop.checkPromises();
  });

  test("a Keeper that is away: writers say so within their time, readers do not need it", async () => {
    keeper.pause();
    try {
      const started = Date.now();
      const busy = await shop.run([...order("e.csv"), "--lock-timeout", "3s"]);
      expectMessage(
        busy,
        6,
        /waited \d s for the server's Keeper, which does not answer; try again/,
      );
      expect(Date.now() - started).toBeLessThan(30_000);
      await shop.ok(["order", "list"]);
    } finally {
      keeper.resume();
    }
    await shop.ok(order("e.csv"));
    expect(await locks()).toEqual([]);
    await shop.checkPromises();
  });
});
