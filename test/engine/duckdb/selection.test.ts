/** How the phones of a slice are parted before they are looked for in the ledger. */
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { statement } from "../../../src/engine/duckdb/statements.ts";

/** The ranges of a slice that holds so many phones of each prefix, and how many of its phones lie in each. */
async function rangesOf(phones: Readonly<Record<string, number>>) {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("create table slice (phone bigint)");
  for (const [prefix, rows] of Object.entries(phones)) {
    // Twelve and thirteen digits in turn, spread over all that a prefix has.
    await connection.run(`
      insert into slice
      select case range % 8 when 0 then ${prefix}0000000 + range * 37 else ${prefix}00000000 + range * 370 end
      from range(${rows})`);
  }
  const found = await connection.runAndReadAll(`
    with found as (${statement("read_slice_ranges").trim().slice(0, -1)})
    select lowest, highest, count(*)::integer as phones
    from found join slice on phone between lowest and highest
    group by all
    order by lowest`);
  connection.closeSync();
  instance.closeSync();
  return found.getRowObjectsJS() as { lowest: bigint; highest: bigint; phones: number }[];
}

test("each phone lies in one range, prefixes that follow each other share one, a large share is cut", async () => {
  const ranges = await rangesOf({
    62811: 120_000,
    62812: 120_000,
    62813: 120_000,
    62821: 150_000,
    62822: 150_000,
    62851: 1,
  });
  // Each has an eighth of twelve digits.
  expect(ranges.map(({ phones }) => phones)).toEqual([
    45_000, // 62811 to 62813
    37_500, // 62821 and 62822
    1, // 62851
    210_000, // 62811 and 62812, of thirteen digits
    105_000, // 62813
    131_250, // 62821: no prefix is cut
    131_250, // 62822
  ]);
  for (const [n, { lowest }] of ranges.entries()) {
    if (n > 0) expect(lowest).toBeGreaterThan((ranges[n - 1] as { highest: bigint }).highest);
  }
});

test("few phones are looked for at once, whatever their prefixes", async () => {
  const ranges = await rangesOf({ 62811: 100, 62812: 100, 62813: 100 });
  expect(ranges.map(({ phones }) => phones)).toEqual([39, 261]);
  expect(await rangesOf({})).toEqual([]);
});
