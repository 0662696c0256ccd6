/** Where a number came from, who got it, whether it may be sold: one object, whoever else works meanwhile. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  list,
  phonesOf,
  type Workdir,
} from "../workdir.ts";

const one = "081200000001";
const order = (count: number, ...more: string[]) => [
  ...["order", "--provider", "tsel", "--count", String(count)],
  ...more,
];

/** Runs statements on the database, as nobody but a test may. */
async function tamper(dir: Workdir, ...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(`${dir.home}/numbers.duckdb`);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

test("of whom nothing is known", async () => {
  const dir = createWorkdir();
  expect(await dir.json(["lookup", "+62 812-0000-0001"])).toEqual({
    phone: "6281200000001",
    valid: true,
    reason: "not_in_pool",
    provider: "tsel",
    occurrences: [],
    sales: [],
    suppressions: [],
    erased: null,
    sellable: false,
    sellable_from: null,
  });
  const { stdout } = await dir.ok(["lookup", one]);
  expect(stdout).toMatch(
    /6281200000001 \(tsel\).*never.*cannot be sold now: it is not in the pool/s,
  );
});

test("lists of one instant come newest first, whatever their ids are", async () => {
  const dir = createWorkdir();
  const names = ["a", "b", "c", "d", "e"];
  for (const name of names) {
    dir.write(`${name}.csv`, list("812", 1, { name }));
    await dir.ok(["ingest", `${name}.csv`]);
  }
  const { occurrences } = await dir.json(["lookup", one]);
  expect(occurrences.map(({ path }: { path: string }) => path)).toEqual(
    names.toReversed().map((name) => `${name}.csv`),
  );
});

test("what is no number is said, and is no failure; several numbers, and those of standard input", async () => {
  const dir = createWorkdir();
  expect(await dir.json(["lookup", "0812"])).toMatchObject({
    phone: "0812",
    valid: false,
    reason: "too_short",
    occurrences: [],
    sellable: false,
  });
  expect(await dir.json(["lookup", "081200000001/081300000001"])).toMatchObject({
    valid: false,
    reason: "several",
  });
  const input = "081200000002\n\nBudi\n";
  const { numbers } = await dir.json(["lookup", one, "-"], { input });
  expect(numbers).toMatchObject([
    { phone: "6281200000001", valid: true },
    { phone: "6281200000002", valid: true },
    { phone: "Budi", valid: false, reason: "no_digits" },
  ]);
  expect(await dir.json(["lookup", "-"], { input: one })).toMatchObject({ phone: "6281200000001" });
  expect(await dir.run(["lookup"])).toMatchObject({ code: 2 });
  expect(await dir.run(["lookup", "-"])).toMatchObject({ code: 2 });
});

test("every list that had it, with day, source and category, and every sale", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 3));
  dir.write("b.csv", `phone,kind\n${one},gold\n${one},gold\n`);
  await dir.ok([
    "ingest",
    "a.csv",
    "--date",
    "2026-11-18",
    "--source",
    "Acme",
    "--category",
    "shop",
  ]);
  await dir.ok(["ingest", "b.csv", "--category-column", "kind"]);
  const fresh = await dir.json(["lookup", one]);
  expect(fresh).toMatchObject({
    reason: null,
    sellable: true,
    sellable_from: "2026-11-17T17:00:00.000Z",
    sales: [],
    occurrences: [
      {
        date: "2026-11-20",
        source: null,
        category: "gold",
        path: "b.csv",
        rows: 2,
        provider: "tsel",
      },
      { date: "2026-11-18", source: "Acme", category: "shop", path: "a.csv", rows: 1 },
    ],
  });
  const { order_id } = await dir.json(order(3, "-o", "o.csv", "--customer", "Toko"));
  const sold = await dir.json(["lookup", one]);
  expect(sold).toMatchObject({
    reason: "sold",
    sellable: false,
    sales: [
      {
        order_id,
        customer: "Toko",
        state: "delivered",
        sold_at: "2026-11-20T02:00:00.000Z",
        import_id: fresh.occurrences[0].import_id,
      },
    ],
  });
  const { stdout } = await dir.ok(["lookup", one]);
  expect(stdout).toContain(`order ${order_id} (delivered) to Toko`);
  expect(stdout).toContain("a.csv, from Acme, shop");
  expect(stdout).toContain(
    "it was sold within 30d; nothing else stands in the way from 2026-12-20",
  );
});

test.each<[string, string, boolean, string | null]>([
  ["day 29", "2026-12-19T09:00:00+07:00", false, "sold"],
  ["day 30, to the second", "2026-12-20T09:00:00+07:00", false, "sold"],
  ["a second later", "2026-12-20T09:00:01+07:00", true, null],
])(
  "sellable_from is the instant of the cooldown's end, and an order agrees: %s",
  async (_, now, sellable, reason) => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 1));
    await dir.ok(["ingest", "a.csv"]);
    await dir.ok(order(1, "-o", "o.csv"));
    const at = { now, env: { NUMBERS_WITHIN: "60d" } };
    expect(await dir.json(["lookup", one], at)).toMatchObject({
      sellable,
      reason,
      sellable_from: "2026-12-20T02:00:00.001Z",
    });
    const { available } = await dir.json(order(1, "--dry-run"), at);
    expect(available).toBe(sellable ? 1 : 0);
  },
);

test("too old for an order; and synthetic numbers are told apart", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 1));
  dir.write("s.csv", "phone,synthetic\n081200000002,yes\n");
  await dir.ok(["ingest", "a.csv", "--date", "2026-11-01"]);
  await dir.ok(["ingest", "s.csv"]);
  expect(await dir.json(["lookup", one])).toMatchObject({
    reason: "too_old",
    sellable: false,
    sellable_from: "2026-10-31T17:00:00.000Z",
  });
  expect(await dir.json(["lookup", "081200000002"])).toMatchObject({
    sellable: true,
    occurrences: [{ synthetic: true }],
  });
});

test("suppression of every kind, by number and by digest; what has an end has one", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 4));
  await dir.ok(["ingest", "a.csv"]);
  const sha256 = createHash("sha256").update("081200000003").digest("hex");
  await tamper(
    dir,
    "insert into suppression values (6281200000001, 'dnc', null, 'asked', '2026-11-01', null)",
    "insert into suppression values (6281200000002, 'dnc', null, null, '2026-11-01', '2026-12-01 00:00:00+00')",
    `insert into suppressed_digests values (md5_number('${sha256}'), 'sha256', 'national', 'dnc', null, null, '2026-11-01', null)`,
    "insert into suppression values (6281200000004, 'customer', 'Toko', null, '2026-11-01', null)",
    "insert into ledger values (6281200000004, 'tsel', null, '2026-09-01 00:00:00+00')",
  );
  const { numbers } = await dir.json([
    "lookup",
    one,
    "081200000002",
    "081200000003",
    "081200000004",
  ]);
  expect(numbers).toMatchObject([
    {
      reason: "suppressed",
      suppressions: [{ kind: "dnc", reason: "asked", until: null, digest: null }],
      sellable_from: null,
    },
    { reason: "suppressed", sellable_from: "2026-12-01T00:00:00.000Z" },
    { reason: "suppressed", suppressions: [{ digest: "sha256 of national" }], sellable_from: null },
    // One customer's own list stands in nobody else's way; history has no order.
    {
      sellable: true,
      suppressions: [{ kind: "customer", customer: "Toko" }],
      sales: [{ order_id: null, customer: null, state: null, import_id: null }],
    },
  ]);
});

test("a number that the pool does not have any more is remembered by its sale", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 3));
  await dir.ok(["ingest", "a.csv", "--source", "Acme"]);
  await dir.ok(order(3, "-o", "o.csv"));
  const { occurrences } = await dir.json(["lookup", one]);
  const [file] = await dir.query("select path from pool_files");
  await tamper(dir, "delete from pool_files");
  rmSync(`${dir.home}/${file?.path}`);
  const pruned = await dir.json(["lookup", one]);
  expect(pruned).toMatchObject({
    reason: "not_in_pool",
    sellable_from: null,
    occurrences: [{ ...occurrences[0], rows: 0 }],
    sales: [{ import_id: occurrences[0].import_id }],
  });
  expect((await dir.ok(["lookup", one])).stdout).toContain("no longer in the pool");
});

test("who was erased is known by the digest alone", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 3));
  await dir.ok(["ingest", "a.csv"]);
  await dir.ok(order(3, "-o", "o.csv"));
  await dir.ok(["erase", one, "--reason", "asked"]);
  expect(await dir.json(["lookup", one])).toEqual({
    phone: "6281200000001",
    valid: true,
    reason: "erased",
    provider: "tsel",
    occurrences: [],
    sales: [],
    suppressions: [],
    erased: { since: "2026-11-20T02:00:00.000Z", finished: true },
    sellable: false,
    sellable_from: null,
  });
  expect((await dir.json(["lookup", "081200000002"])).occurrences).toHaveLength(1);
});

test("a missing pool file is a broken promise, not a number that is nowhere", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 3));
  await dir.ok(["ingest", "a.csv"]);
  const [file] = await dir.query("select path from pool_files");
  rmSync(`${dir.home}/${file?.path}`);
  const outcome = await dir.run(["lookup", one]);
  expect(outcome.code).toBe(5);
  expect(outcome.stderr).toContain("missing");
});

test("works while a delivery and an ingest are under way, and changes nothing", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 60_000));
  await dir.ok(["ingest", "a.csv"]);
  const stuck = (args: readonly string[]) => {
    const child = spawn(process.execPath, [binary, ...args], {
      env: cleanEnvironment(dir.home),
      stdio: ["pipe", "pipe", "ignore"],
    });
    return { child, ended: new Promise((done) => child.on("close", done)) };
  };
  const delivery = stuck(order(60_000, "-o", "-"));
  await new Promise((done) => delivery.child.stdout.once("readable", done));
  const ingest = stuck(["ingest", "-"]);
  ingest.child.stdin.write(list("813", 40_000));
  expect(await dir.json(["lookup", one, "--lock-timeout", "20s"])).toMatchObject({
    reason: "sold",
  });
  const chunks: Buffer[] = [];
  ingest.child.stdin.end();
  for await (const chunk of delivery.child.stdout) chunks.push(chunk);
  expect(phonesOf(Buffer.concat(chunks).toString())).toHaveLength(60_000);
  expect([await delivery.ended, await ingest.ended]).toEqual([0, 0]);
  await dir.checkPromises();
  const before = readFileSync(`${dir.home}/numbers.duckdb`);
  await dir.ok(["lookup", one]);
  expect(readFileSync(`${dir.home}/numbers.duckdb`).equals(before)).toBe(true);
});
