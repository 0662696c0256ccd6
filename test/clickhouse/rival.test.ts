/** Somebody sells the same numbers between the look of an order and its own sale, lock or no lock: the order is not delivered. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { list } from "../workdir.ts";
import { startServer } from "./server.ts";
import { createShop } from "./shop.ts";

test("an order whose numbers another one sold meanwhile is refused, and its numbers can be freed", async () => {
  const server = await startServer();
  try {
    const shop = createShop(server.url, "rival");
    shop.dir.write("a.csv", list("812", 300));
    await shop.ok(["ingest", "a.csv"]);
    const order = ["order", "--provider", "tsel", "--count", "100", "-o", "a-hundred.csv"];
    await server.reset();
    await server.fault({ kind: "stall", match: "insert into picks", ms: 3_000 });
    const ordering = shop.run(order);
    // The picks lie there before the answer comes.
    await expect
      .poll(async () => (await shop.sql("select count() as rows from picks"))[0]?.rows, {
        timeout: 60_000,
      })
      .toBe(100);
    expect((await server.log()).some((one) => one.fault !== undefined)).toBe(true);
    await shop.sql(
      `insert into ledger (phone, provider, order_id, import_id, sold_at, sequence)
      select phone, provider, 'rival', null, toDateTime64('2026-11-20 01:00:00', 3, 'UTC'), 1000000
      from picks order by rank limit 7`,
    );
    const outcome = await ordering;
    expect(outcome.code).toBe(5);
    const [id] = /\d{8}-\w{8}/.exec(outcome.stderr) ?? [];
    expect(outcome.stderr).toContain(
      `order ${id}: 7 of its numbers were sold by another order at the same moment; nothing of it was delivered`,
    );
    expect(existsSync(shop.dir.path("a-hundred.csv"))).toBe(false);
    await shop.ok(["order", "cancel", String(id)]);
    await shop.ok(order);
    // Those of the other one, and no others, cannot be had any more.
    const sold = "select phone from ledger where order_id = 'rival'";
    const [seen] = await shop.sql(
      `select count() as rows from picks p where p.phone in (${sold})
        and p.order_id in (select order_id from orders final where state = 'delivered')`,
    );
    expect(seen).toEqual({ rows: 0 });
  } finally {
    await server.stop();
  }
});
