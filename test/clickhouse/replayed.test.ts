/** A change that another process makes again, in other circumstances: what is in the ledger is there once, and all of it is there. */
import { expect, test } from "vitest";
import { startServer } from "./server.ts";
import { createShop, type Shop } from "./shop.ts";

/** More than the server puts into one block. */
const many = 1_060_000;

/** Numbers that jump about, or one after the other. */
function phones(step: number): string[] {
  return Array.from(
    { length: many },
    (_, n) => `0812${String((20_000_000 + n * step) % 100_000_000).padStart(8, "0")}`,
  );
}

test.each([7919, 1])("an order and a history, numbers %i apart", async (step) => {
  const server = await startServer();
  try {
    const shop = createShop(server.url, "replayed");
    shop.dir.write("a.csv", `phone\n${phones(step).join("\n")}\n`);
    const { numbers } = await shop.json(["ingest", "a.csv"]);
    // Rows of two orders: a merge of their parts lays the picks out anew.
    await shop.ok(["order", "--provider", "tsel", "--count", "1000", "-o", "some.csv"]);
    const count = numbers - 1000;
    const sold = async ({ sql }: Shop) => {
      const [found] = await sql("select count() as sales, uniqExact(phone) as phones from ledger");
      return found;
    };

    const env = { NUMBERS_FAILPOINT: "change.step-made=kill@1" };
    const order = ["order", "--provider", "tsel", "--count", String(count), "-o", "all.csv"];
    expect((await shop.run(order, { env })).code).toBeNull();
    expect(await sold(shop)).toEqual({ sales: numbers, phones: numbers });
    await shop.sql("optimize table picks final");
    await shop.ok(["--threads", "1", "order", "list"]);
    expect(await sold(shop)).toEqual({ sales: numbers, phones: numbers });
    await shop.checkPromises();

    const history = createShop(server.url, "replayed_history");
    const rows = phones(step).slice(0, 1_000_000);
    // The database is the home's before.
    await history.ok(["customer", "add", "Acme"]);
    history.dir.write("sold.csv", `phone\n${rows.join("\n")}\n`);
    const list = ["blacklist", "import", "sold.csv", "--kind", "sold"];
    expect(
      (await history.run(list, { env: { NUMBERS_FAILPOINT: "change.step-made=kill@1" } })).code,
    ).toBeNull();
    expect((await sold(history))?.sales).toBeGreaterThan(0);
    await history.ok(["--threads", "1", "order", "list"]);
    const found = await sold(history);
    expect(found?.sales).toBe(found?.phones);
    expect(found?.sales).toBeGreaterThan(999_000);
    await history.checkPromises();
  } finally {
    await server.stop();
  }
});
