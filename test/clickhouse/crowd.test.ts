/** Many processes at one pool at once, some killed between any two steps: no number twice, and none lost. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { list, type Outcome } from "../workdir.ts";
import { keeperIsMissing, startKeeper, startServer } from "./server.ts";
import { createShop, type Shop } from "./shop.ts";

const numbers = 500;
const order = (key: string) => [
  ...["order", "--provider", "tsel", "--count", String(numbers), "--key", key, "-o", `${key}.csv`],
  ...["--lock-timeout", "300s"],
];

/** At which step a process of the crowd is killed; undefined: not at all. */
const fates = [
  undefined,
  "transaction.begun=kill",
  "change.logged=kill",
  undefined,
  "transaction.written=kill",
  "change.step-made=kill@2",
  "change.made=kill",
  undefined,
  "change.step-made=kill@4",
  "delivery.disclosed=kill",
] as const;

/** Of one killed there, whether its order may be in the database: from the first row of the log on. */
const mayBeSold = (fate: string | undefined) => !fate?.startsWith("transaction.");

/**
 * Whether it must be. One that is killed at a step may have been making what another one left, which comes first, and have come
 * to no order of its own.
 */
const isSold = (fate: string | undefined) => fate === undefined || fate.startsWith("delivery.");

/** Runs one order for each fate at once, `shops[n]` from a home of its own or one of all. */
async function crowd(shops: readonly Shop[]): Promise<Outcome[]> {
  return Promise.all(
    fates.map((fate, n) =>
      (shops[n % shops.length] as Shop).run(
        order(`k${n}`),
        fate ? { env: { NUMBERS_FAILPOINT: fate } } : {},
      ),
    ),
  );
}

async function prove(shops: readonly Shop[], outcomes: readonly Outcome[]): Promise<void> {
  const shopOf = (n: number) => shops[n % shops.length] as Shop;
  const [shop] = shops as [Shop];
  expect(outcomes.map(({ code, stderr }, n) => (code === 0 || fates[n] ? code : stderr))).toEqual(
    fates.map((fate) => (fate ? null : 0)),
  );
  // Whoever comes next makes what the dead wrote down.
  const { orders } = await shop.json(["order", "list", "--limit", "100"]);
  await shop.checkPromises();
  const keys: string[] = orders.map(({ key }: { key: string }) => key);
  const keysOf = (wanted: (fate: string | undefined) => boolean) =>
    fates.flatMap((fate, n) => (wanted(fate) ? [`k${n}`] : []));
  expect(keys).toEqual(expect.arrayContaining(keysOf(isSold)));
  expect(keysOf(mayBeSold)).toEqual(expect.arrayContaining(keys));
  expect(await shop.sql("select count() as rows from ledger")).toEqual([
    { rows: keys.length * numbers },
  ]);

  // The same key again: what is there is delivered, what is not is taken now, and the pool is just large enough.
  for (const [n, fate] of fates.entries()) {
    if (fate === undefined) continue;
    expect(existsSync(shopOf(n).dir.path(`k${n}.csv`))).toBe(false);
    await shopOf(n).ok(order(`k${n}`));
  }
  await shop.checkPromises();
  const delivered = fates.flatMap((_, n) => shopOf(n).phones(`k${n}.csv`));
  expect(delivered).toHaveLength(fates.length * numbers);
  expect(new Set(delivered).size).toBe(fates.length * numbers);
  const short = await shop.run(["order", "--provider", "tsel", "--count", "1", "-o", "none.csv"]);
  expect(short.code).toBe(4);
  await shop.checkPromises();
}

test("ten orders at once from one home, six of them killed", async () => {
  const server = await startServer();
  const shop = createShop(server.url, "one_home");
  shop.dir.write("a.csv", list("812", fates.length * numbers));
  await shop.ok(["ingest", "a.csv"]);
  await prove([shop], await crowd([shop]));
  await server.stop();
});

const missing = keeperIsMissing();

test.skipIf(missing)("the same from five homes, with the lock in Keeper", async () => {
  const keeper = await startKeeper();
  const server = await startServer({ keeper });
  const shops = Array.from({ length: 5 }, () => createShop(server.url, "homes"));
  const [shop] = shops as [Shop];
  shop.dir.write("a.csv", list("812", fates.length * numbers));
  await shop.ok(["ingest", "a.csv"]);
  await prove(shops, await crowd(shops));
  expect(await shop.sql("select * from locks")).toEqual([]);
  await server.stop();
  await keeper.stop();
});
