/** Looking up and searching on ClickHouse: what the DuckDB engine finds in the same home. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../../src/engine/lookup.ts";
import { firstPhone, hoursAgo, now, openShop } from "./shop.ts";
import { openTwins, type Twins } from "./twins.ts";

let twins: Twins;

beforeAll(async () => {
  twins = await openTwins();
  await openShop(twins);
  await twins.mirror();
});

afterAll(() => twins.close());

const phones = Array.from({ length: 310 }, (_, index) => BigInt(firstPhone - 2 + index));

function lookUp(importedSince: Date, cooldownMs: number, at: Date): Promise<readonly Finding[]> {
  return twins.both((engine) => engine.lookUp({ phones, importedSince, cooldownMs, at }));
}

test("every number is found as DuckDB finds it", async () => {
  const month = 30 * 24 * 3_600_000;
  const findings = await lookUp(hoursAgo(72), month, now);
  const reasons = new Set(findings.map(({ reason }) => reason));
  expect([...reasons].sort()).toEqual(
    ["erased", "not_in_pool", "sold", "suppressed", "too_old", undefined].sort(),
  );
  expect(findings.some(({ sales }) => sales.some(({ importId }) => importId === "columns"))).toBe(
    true,
  );
  expect(findings.some(({ suppressions }) => suppressions.some(({ digest }) => digest))).toBe(true);
  const categories = findings.flatMap(({ occurrences }) => occurrences.map((one) => one.category));
  expect(new Set(categories)).toContain("Rent");
  expect(new Set(categories)).toContain("Other");
  // The terms of a source end with a day.
  await lookUp(hoursAgo(72), month, hoursAgo(24));
  // A sale of exactly the cooldown's age still blocks.
  const dayLater = new Date(now.getTime() + month);
  await lookUp(hoursAgo(72), month, dayLater);
  await lookUp(hoursAgo(72), month, new Date(dayLater.getTime() + 1));
  await lookUp(hoursAgo(3), 1, hoursAgo(-2));
});

test("nothing is found of what was never there", async () => {
  const query = { importedSince: hoursAgo(72), cooldownMs: 1, at: now };
  for (const some of [[], [6281999999999n]]) {
    expect(await twins.both((engine) => engine.lookUp({ ...query, phones: some }))).toHaveLength(
      some.length,
    );
  }
});

test("numbers come newest import first, then by phone, in pages that do not overlap", async () => {
  for (const phone of [
    { digits: "62812000000", isBeginning: true },
    { digits: "0002", isBeginning: false },
    { digits: "812", isBeginning: true },
    { digits: "628120000002", isBeginning: true },
  ]) {
    const found = [];
    for (let page = 1; ; page += 1) {
      const search = { text: "0", phone, limit: 47, page };
      const { numbers, numbersTotal } = await twins.both((engine) => engine.search(search));
      found.push(...numbers);
      if (numbers.length < 47) {
        expect(found).toHaveLength(numbersTotal);
        break;
      }
    }
  }
});

test("imports are found by a part of their names, whatever its case", async () => {
  const totals = [];
  for (const text of ["%", "_", "ÜBER", "cars", "rent", "csv", "lists", "'", ""]) {
    for (const [limit, page] of [
      [2, 1],
      [2, 2],
      [9, 9],
    ] as const) {
      const search = { text, phone: undefined, limit, page };
      const { importsTotal } = await twins.both((engine) => engine.search(search));
      if (page === 1) totals.push(importsTotal);
    }
  }
  expect(totals).toEqual([2, 3, 2, 1, 1, 6, 0, 1, 6]);
});
