/** What a server refuses, or is not there to do: the exit code, what a person reads, and that nothing half done counts. */
import { createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connect } from "../../src/engine/clickhouse/connection.ts";
import { list } from "../workdir.ts";
import { expectMessage } from "./messages.ts";
import { type Fault, type Server, startServer } from "./server.ts";
import { createShop, type Shop } from "./shop.ts";

let server: Server;
let shop: Shop;
let swept: () => void = () => undefined;

beforeAll(async () => {
  server = await startServer({ user: "shop", password: "open-sesame" });
  shop = createShop(withUser(server.url), "shop", (remove) => {
    swept = remove;
  });
  shop.dir.write("a.csv", list("812", 5000));
  await shop.ok(["ingest", "a.csv"]);
});
beforeEach(() => server.reset());
afterAll(async () => {
  await server.stop();
  swept();
});

function withUser(url: string, password = "open-sesame"): string {
  return url.replace("://", `://shop:${password}@`);
}

const order = ["order", "--provider", "tsel", "--count", "100", "--lock-timeout", "1s"];

describe("no server there", () => {
  test("another password than the server's: what to mend, and never the password", async () => {
    const stranger = createShop(withUser(server.url, "secret"), "shop");
    const failed = await stranger.run(["stats"]);
    expectMessage(
      failed,
      2,
      /does not admit this user: wrong name or password; mend NUMBERS_CLICK/,
    );
    const told = await stranger.run(["stats"], { env: { NUMBERS_CLICKHOUSE_PASSWORD: "secret2" } });
    expectMessage(told, 2, /does not admit this user/);
    await stranger.ok(["stats"], { env: { NUMBERS_CLICKHOUSE_PASSWORD: "open-sesame" } });
  });

  test("a port where nobody listens: busy, after the lock timeout", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => closed.once("listening", done));
    const { port } = closed.address() as { port: number };
    await new Promise((done) => closed.close(done));
    const nowhere = createShop(`http://shop:secret@127.0.0.1:${port}`, "shop");
    const failed = await nowhere.run([...order, "-o", "x.csv"]);
    expectMessage(
      failed,
      6,
      new RegExp(`^numbers: http://127.0.0.1:${port} does not answer: connect ECONNREFUSED \\S+; `),
    );
  });

  test("a host that does not exist: a mistake in the address, or a name server that is away", async () => {
    const nowhere = createShop("http://shop:secret@no-such-host.invalid:8123", "shop");
    const failed = await nowhere.run([...order, "-o", "x.csv"]);
    const words =
      /no-such-host\.invalid:8123(: there is no such host; mend| does not answer: getadd)/;
    expectMessage(failed, failed.stderr.includes("EAI_AGAIN") ? 6 : 2, words);
  });

  test("a server that is too old: which it is, and which is needed", async () => {
    await server.setVersion("24.8.4.13");
    for (const command of [["stats"], ["ingest", "a.csv"]]) {
      const failed = await shop.run(command);
      expectMessage(
        failed,
        2,
        /the server is ClickHouse 24\.8\.4\.13; numbers needs 26\.3 or newer/,
      );
    }
  });

  test("a table of another version of numbers", async () => {
    const newer = createShop(withUser(server.url), "newer");
    await newer.ok(["stats"]);
    await newer.sql("insert into meta (key, value, row_version) select 'version', '999', 999");
    expectMessage(await newer.run(["stats"]), 2, /has version 999, this program knows \d+: it was/);
  });
});

const full = {
  code: 243,
  type: "NOT_ENOUGH_SPACE",
  message: "Cannot reserve 1.00 MiB, not enough space",
};
const memory = {
  code: 241,
  type: "MEMORY_LIMIT_EXCEEDED",
  message: "(total) memory limit exceeded",
};
const crowded = {
  code: 202,
  type: "TOO_MANY_SIMULTANEOUS_QUERIES",
  message: "Too many simultaneous queries. Maximum: 100",
};
const parts = { code: 252, type: "TOO_MANY_PARTS", message: "Too many parts (3001)" };
const overloaded = { code: 745, type: "SERVER_OVERLOADED", message: "CPU is overloaded" };

const anOrder = async () => (await shop.json(["order", "list", "--limit", "500"])).orders;

describe("a statement of an order is refused", () => {
  test.each<[string, Omit<Fault, "kind">, number, RegExp]>([
    [
      "disk full at the picks",
      { match: "insert into picks", ...full },
      1,
      /the disk of \S+ is full/,
    ],
    ["disk full at the log", { match: "insert into changes.*logged", ...full }, 1, /is full/],
    ["memory", { match: "insert into candidates", ...memory }, 1, /has not enough memory/],
    [
      "too many queries",
      { match: "insert into candidates", ...crowded },
      6,
      /is busy: Too many sim/,
    ],
    ["too many parts", { match: "insert into picks", ...parts }, 6, /is busy: Too many parts/],
    ["overloaded", { match: "from pool_files", ...overloaded }, 6, /is busy: CPU is overloaded/],
  ])("%s: nothing is sold", async (_, fault, code, words) => {
    const before = await anOrder();
    await server.fault({ kind: "fail", times: 1000, ...fault });
    expectMessage(await shop.run([...order, "-o", "x.csv"]), code, words);
    await server.reset();
    expect(await anOrder()).toEqual(before);
    await shop.checkPromises();
  });

  test.each<[string, Omit<Fault, "kind">]>([
    ["the ledger", { match: "insert into ledger", ...full }],
    ["the order", { match: "insert into orders", ...memory }],
    ["the audit log", { match: "insert into audit", ...parts }],
    ["the end", { match: "insert into changes.*'made'", ...full }],
  ])("at %s, after it was written down: the next command makes it", async (_, fault) => {
    const before = await anOrder();
    await server.fault({ kind: "fail", times: 1000, ...fault });
    const failed = await shop.run([...order, "-o", "x.csv"]);
    const words =
      /; change \d+ is written down and will be made by the next command: look with numb/;
    expectMessage(failed, fault.code === 252 ? 6 : 1, words);
    await server.reset();
    const after = await anOrder();
    expect(after).toHaveLength(before.length + 1);
    expect(after[0]).toMatchObject({ state: "reserved", numbers: 100 });
    const id = after[0].order_id;
    await shop.ok(["order", "export", id, "-o", `${id}.csv`]);
    expect(new Set(shop.phones(`${id}.csv`)).size).toBe(100);
    await shop.checkPromises();
  });

  test("a moment later it is not refused any more", async () => {
    await server.fault({ kind: "fail", match: "insert into picks", times: 3, ...crowded });
    const file = "later.csv";
    await shop.ok(["order", "--provider", "tsel", "--count", "100", "-o", file]);
    expect(new Set(shop.phones(file)).size).toBe(100);
  });
});

describe("a statement of an ingest is refused", () => {
  test.each<[string, Omit<Fault, "kind">]>([
    ["the pool", { match: "insert into pool \\(", ...full }],
    ["the log", { match: "insert into changes.*logged", ...full }],
  ])("disk full at %s: nothing of it counts, and the file can come again", async (where, fault) => {
    const name = `${where}.csv`;
    shop.dir.write(name, list("813", 1000, { from: where === "the pool" ? 1 : 5001 }));
    await server.fault({ kind: "fail", times: 1000, ...fault });
    const failed = await shop.run(["ingest", name]);
    expect(failed.stderr).toMatch(
      /the disk of http\S+ is full: Cannot reserve 1\.00 MiB, not enough/,
    );
    expect(failed.stderr).not.toMatch(/DB::|open-sesame|\n\s+at /);
    expect(failed.code).toBe(1);
    await server.reset();
    const imports = `select count() as n from imports final where path like '%${name}'`;
    expect(await shop.sql(imports)).toEqual([{ n: 0 }]);
    const { files } = await shop.json(["ingest", name]);
    expect(files).toMatchObject([{ status: "ingested", numbers: 1000 }]);
    await shop.checkPromises();
  });
});

test("what outlives the client's patience is waited for, not begun anew", async () => {
  const { port } = new URL(server.url);
  const connection = await connect({
    address: {
      kind: "server",
      url: `http://127.0.0.1:${port}`,
      user: "shop",
      password: "open-sesame",
      database: "slow",
    },
    tls: { ca: undefined, cert: undefined, key: undefined },
    threads: undefined,
    signal: undefined,
    patienceMs: 20_000,
    limitMs: 500,
    onWait: () => undefined,
  });
  const run = (sql: string) => connection.run({ sql, parameters: {} });
  await run(
    "create table t (n UInt8) engine = MergeTree order by n settings non_replicated_deduplication_window = 100",
  );
  await server.fault({ kind: "slow", match: "insert into t", ms: 2_000 });
  await connection.run({
    sql: "insert into t select 1",
    parameters: {},
    settings: { insert_deduplication_token: "once" },
  });
  const sent = (await server.log()).filter(({ query }) => query.startsWith("insert into t"));
  expect(new Set(sent.map(({ query_id }) => query_id)).size).toBe(1);
  expect(sent.map(({ code }) => code)).toContain(216);
  expect(await connection.read({ sql: "select count() as n from t", parameters: {} })).toContain(
    '["1"]',
  );
  await connection.close();
});
