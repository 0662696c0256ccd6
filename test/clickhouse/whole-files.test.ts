/** Files that go to the server as they were staged: every cell arrives, once, whatever the columns are called and whatever breaks. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createWorkdir, list } from "../workdir.ts";
import { type Server, startServer } from "./server.ts";
import { createShop } from "./shop.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

/** Above this a file does not go together with others. */
const many = 20_500;
const sentWhole = async () =>
  (await server.log()).filter(({ query }) => query.includes("from input(")).length;

/** Two providers, cells that are empty, quoted or odd, and phones that are settled apart. */
function source(columns: readonly string[]): string {
  const names = columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(",");
  const lines = Array.from({ length: many }, (_, n) => {
    const number = String(n + 1).padStart(8, "0");
    const cells = columns.map((_, m) => (n % 7 === m ? "" : `"${n} ""${m}"", é"`)).join(",");
    const odd = n % 100 === 0 ? `(0812) ${number.slice(0, 4)}.${number.slice(4)}` : `0812${number}`;
    return `${odd},${cells}\n+62 815 ${number},${cells}`;
  });
  return `phone,${names}\n${lines.join("\n")}\n`;
}

const order = (provider: string) => [
  ...["order", "--provider", provider, "--count", String(many), "-o", `${provider}.csv`],
];

test.each<[string, readonly string[], number]>([
  ["plain", ["name", "city", "a b", "nullable", "sizes", "select", "ñame_2", "Größe-x"], 2],
  ["odd", ["a.b", "it's", "back\\slash", "tick`", 'quo"te', "1", "nested.a", "(x)", "$"], 0],
  ["taken", ["null", "size0", "keys", "Values"], 0],
])("columns with %s names", async (kind, columns, whole) => {
  const shop = createShop(server.url, `names_${kind}`);
  const embedded = createWorkdir();
  const text = source(columns);
  for (const { dir } of [shop, { dir: embedded }]) dir.write("a.csv", text);
  const { numbers } = await shop.json(["ingest", "a.csv"]);
  expect(numbers).toBe(2 * many);
  expect(await sentWhole()).toBe(whole);
  await embedded.ok(["ingest", "a.csv"]);
  for (const provider of ["tsel", "isat"]) {
    await shop.ok(order(provider));
    await embedded.ok(order(provider));
    const linesOf = (path: string) => readFileSync(path, "utf8").split("\n").sort();
    expect(linesOf(shop.dir.path(`${provider}.csv`))).toEqual(
      linesOf(embedded.path(`${provider}.csv`)),
    );
  }
  const [rows] = await shop.sql(
    "select count() as rows, uniqExact(path, row) as places, countIf(row < 0) as lost from pool",
  );
  expect(rows).toEqual({ rows: 2 * many, places: 2 * many, lost: 0 });
  await shop.checkPromises();
});

test("an answer that is lost, of a file that the server cuts into several blocks", async () => {
  const shop = createShop(server.url, "lost");
  shop.dir.write("a.csv", list("812", 1_100_000));
  await server.fault({ kind: "lose", match: /insert into pool [\s\S]*from input/, times: 1 });
  const { numbers: rows } = await shop.json(["ingest", "a.csv"]);
  // More than a block of the server's takes.
  expect(rows).toBeGreaterThan(1_048_449);
  expect(await sentWhole()).toBe(2);
  const [found] = await shop.sql(
    "select count() as rows, uniqExact(phone) as phones, max(row) as last from pool",
  );
  expect(found).toEqual({ rows, phones: rows, last: rows - 1 });
  const [blocks] = await shop.sql(
    "select count() as parts from system.parts where database = 'lost' and table = 'pool' and level = 0",
  );
  expect(blocks?.parts).toBeGreaterThan(1);

  // And an order of as many: its picks, and its sales.
  for (const match of ["insert into picks", "insert into ledger"]) {
    await server.fault({ kind: "lose", match });
  }
  await shop.ok(["order", "--provider", "tsel", "--count", String(rows), "-o", "all.csv"]);
  const lost = (await server.log()).filter(({ fault }) => fault === "lose");
  expect(lost).toHaveLength(3);
  const [sold] = await shop.sql("select count() as sales, uniqExact(phone) as phones from ledger");
  expect(sold).toEqual({ sales: rows, phones: rows });
  expect(new Set(shop.phones("all.csv")).size).toBe(rows);
  await shop.checkPromises();
});

test("one of two that are sent at once fails: nothing counts, and the list can be read again", async () => {
  const shop = createShop(server.url, "full");
  const text = source(["name"]);
  shop.dir.write("a.csv", text);
  await server.fault({
    ...{ kind: "fail", match: /from input/, nth: 2, code: 243, type: "NOT_ENOUGH_SPACE" },
    message: "Cannot reserve 1.00 MiB, not enough space",
  });
  const failed = await shop.run(["ingest", "a.csv"]);
  expect(failed.code).not.toBe(0);
  expect(failed.stderr).toContain("not enough space");
  expect((await shop.json(["stats"])).pool).toEqual([]);
  expect((await shop.run(order("tsel"))).code).toBe(4);
  await server.reset();
  expect((await shop.json(["ingest", "a.csv"])).numbers).toBe(2 * many);
  await shop.ok(order("tsel"));
  await shop.ok(order("isat"));
  expect(new Set([...shop.phones("tsel.csv"), ...shop.phones("isat.csv")]).size).toBe(2 * many);
  await shop.checkPromises();
});

test("rows that are there twice after a lost answer are taken away and sent once more", async () => {
  const shop = createShop(server.url, "twice");
  shop.dir.write("a.csv", source(["name"]));
  // Before they are counted.
  await server.fault({
    kind: "slow",
    match: /uniqExact\(row\) as rows[\s\S]*from pool/,
    ms: 4_000,
  });
  const ingesting = shop.run(["ingest", "a.csv", "--json"]);
  await expect
    .poll(async () => (await server.log()).some((one) => one.fault !== undefined), {
      timeout: 60_000,
    })
    .toBe(true);
  await shop.sql("insert into pool select * from pool where provider = 'tsel' limit 10");
  const outcome = await ingesting;
  expect(outcome.stderr).toBe("");
  expect(JSON.parse(outcome.stdout).numbers).toBe(2 * many);
  expect(await sentWhole()).toBe(4);
  const [rows] = await shop.sql("select count() as rows, uniqExact(path, row) as places from pool");
  expect(rows).toEqual({ rows: 2 * many, places: 2 * many });
  await shop.checkPromises();
});
