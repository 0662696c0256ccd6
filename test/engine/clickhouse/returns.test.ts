/** Returns on ClickHouse: judged, credited and refused as by the DuckDB engine, and kept whole when they are cut off. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { returnVerbs } from "../../../src/engine/clickhouse/returns.ts";
import type { ReturnRequest, ReturnVerbs } from "../../../src/engine/returns.ts";
import { cutAccess } from "./cut.ts";
import { firstPhone, hoursAgo, now, openShop } from "./shop.ts";
import { openTwins, type Twins } from "./twins.ts";

const deliveredSince = hoursAgo(24);
const query = { kind: undefined, customer: undefined, at: now, cooldownMs: 1 };

let twins: Twins;

beforeEach(async () => {
  twins = await openTwins();
  await openShop(twins);
  await twins.mirror();
});

afterEach(() => twins.close());

function requestOf(returnId: string, overrides: Partial<ReturnRequest> = {}): ReturnRequest {
  return {
    returnId,
    orderId: "delivered",
    reason: "disconnected",
    deliveredSince,
    window: "24h",
    maxRate: 0.7,
    at: now,
    ...overrides,
  };
}

/** A returned list: some phones from `from` on, every third of them twice. */
async function listOf(name: string, from: number, count: number): Promise<string> {
  const select = `select ${firstPhone} + ${from} + range // 4 * 3 + range % 4 % 3 as phone from range(${count})`;
  return (await twins.parquet(`${name}.parquet`, select, count)).path;
}

async function giveBack(request: ReturnRequest, files: readonly string[]) {
  return twins.both((engine) => engine.returnNumbers(request, files));
}

async function expectAlike(): Promise<void> {
  for (const order of ["delivered", "kept", "reserved", "nothing"]) {
    await twins.both((engine) => engine.readReturned(order));
  }
  await twins.both(async (engine) =>
    (await engine.readBlacklist(query, 1000)).map((entry) => JSON.stringify(entry)).sort(),
  );
  await twins.both((engine) => engine.readAudit(3, undefined));
  await twins.both((engine) => engine.verifyAudit());
  expect(await twins.ask("select distinct list_id from listed")).toEqual([]);
}

test("numbers come back once, and many small credits come to what one large one would", async () => {
  const first = await listOf("first", 190, 40);
  const second = await listOf("second", 200, 61);
  const back = await giveBack(requestOf("r1"), [first]);
  expect(back).toMatchObject({ returnId: "r1", credit: expect.stringMatching(/^\d+\.\d\d$/) });
  expect(back.returned).toBeGreaterThan(5);
  expect(back.foreign).toBeGreaterThan(5);
  expect(back.repeated).toBeGreaterThan(1);
  const more = await giveBack(requestOf("r2", { reason: "other" }), [first, second]);
  expect(more.returned).toBeGreaterThan(5);
  expect(more.repeated).toBeGreaterThan(back.repeated);
  const nothing = { returnId: undefined, returned: 0, credit: "0.00" };
  for (const id of ["r2", "r3"]) {
    expect(await giveBack(requestOf(id), [first, second])).toMatchObject(nothing);
  }
  expect(await giveBack(requestOf("r4"), [])).toMatchObject({ ...nothing, foreign: 0 });
  await expectAlike();
});

test("the same refusals, and then nothing is changed", async () => {
  const files = [await listOf("list", 200, 60)];
  for (const overrides of [
    { orderId: "nobody's" },
    { orderId: "reserved" },
    { orderId: "kept" },
    { orderId: "free" },
    { deliveredSince: hoursAgo(0.5) },
    { maxRate: 0.1 },
  ]) {
    await expect(giveBack(requestOf("r", overrides), files)).rejects.toThrow(/Error/);
  }
  await giveBack(requestOf("r"), [await listOf("some", 200, 12)]);
  await expect(giveBack(requestOf("s", { maxRate: 0.2 }), files)).rejects.toThrow(/before/);
  await expectAlike();
});

test("a return that is cut off anywhere is made whole", async () => {
  const cut: ReturnVerbs = returnVerbs(cutAccess(twins.options));
  const files = [await listOf("list", 195, 40)];
  for (const id of ["r", "s"]) {
    await twins.both((engine, name) =>
      (name === "duckdb" ? engine : cut).returnNumbers(requestOf(id), files),
    );
    await expectAlike();
  }
});
