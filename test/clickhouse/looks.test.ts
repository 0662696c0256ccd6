/** How much of a large file an order looks at: it takes the rows that are picked first, whatever was sold of the file before. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { list } from "../workdir.ts";
import { type Server, startServer } from "./server.ts";
import { createShop, type Shop } from "./shop.ts";

const rows = 150_000;
let server: Server;
let shop: Shop;
let swept: () => void = () => undefined;

beforeAll(async () => {
  server = await startServer();
  shop = createShop(server.url, "looks", (remove) => {
    swept = remove;
  });
  shop.dir.write("a.csv", list("812", rows));
  await shop.ok(["ingest", "a.csv"]);
});
afterAll(async () => {
  await server.stop();
  swept();
});

let made = 0;
async function take(count: number, ...more: string[]) {
  made += 1;
  const order = ["order", "--provider", "tsel", "--count", String(count), "-o", `${made}.csv`];
  await server.reset();
  const report = await shop.json([...order, ...more]);
  const [places] = await shop.sql(
    `select min(row) as first, max(row) as last, uniqExact(row) as rows from picks
    where order_id = '${report.order_id}'`,
  );
  const looks = (await server.log()).filter(({ query }) =>
    query.includes("insert into candidates"),
  );
  return { report, places, looks: looks.length };
}

test("the newest rows, then the ones before them, then the oldest, then all that are left", async () => {
  const first = await take(10_000);
  expect(first.places).toEqual({ first: 140_000, last: 149_999, rows: 10_000 });
  expect(first.report.excluded.sold).toBe(0);

  // What was sold lies first: the look goes as far beyond it.
  const second = await take(10_000);
  expect(second.places).toEqual({ first: 130_000, last: 139_999, rows: 10_000 });
  expect(second.report.excluded.sold).toBe(10_000);
  expect(second.looks).toBe(1);

  const oldest = await take(10_000, "--pick", "oldest");
  expect(oldest.places).toEqual({ first: 0, last: 9_999, rows: 10_000 });
  // The rows that were sold are at the other end: nobody looked there.
  expect(oldest.report.excluded.sold).toBe(0);

  const draw = await take(1_000, "--pick", "random", "--seed", "7");
  expect(draw.report.excluded.sold).toBe(30_000);

  const few = await take(100, "--filter", "city=Bandung");
  expect(few.report.excluded.sold).toBe(31_000);

  const rest = rows - 31_100;
  const all = await take(rest);
  expect(all.places?.rows).toBe(rest);
  expect((await shop.run(["order", "--provider", "tsel", "--count", "1", "-o", "-"])).code).toBe(4);
  await shop.checkPromises();
});

test("a newer file whose numbers were all sold from another one is looked at until its end", async () => {
  shop.dir.write("b.csv", list("812", rows + 5, { name: "Siti" }));
  await shop.ok(["ingest", "b.csv"]);
  // The first look is at a part of it, or has the five that are new: it depends on where the reading put them.
  const { report, looks } = await take(5);
  expect(report.numbers).toBe(5);
  expect(looks).toBeLessThan(3);
  expect(shop.phones(`${made}.csv`).sort()).toEqual(
    [1, 2, 3, 4, 5].map((n) => `62812${String(rows + n).padStart(8, "0")}`),
  );
  const short = await shop.run(["order", "--provider", "tsel", "--count", "1", "-o", "-"]);
  expect(short.code).toBe(4);
  await shop.checkPromises();
});
