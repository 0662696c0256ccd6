/** Orders whose first slice gives nothing: what the slices after it give is sold, all of it, once. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkdir, phonesOf } from "../workdir.ts";

/** More than a row group of the engine's: only then did it lose rows. */
const many = 130_000;

/** Lists of other columns are read in slices of their own. */
function source(columns: readonly string[], city: string, from: number, prefix = "0812"): string {
  const cells = columns.map((column) => (column === "city" ? city : "x")).join(",");
  const lines = Array.from(
    { length: many },
    (_, n) => `${prefix}${String(from + n).padStart(8, "0")},${cells}`,
  );
  return `phone,${columns.join(",")}\n${lines.join("\n")}\n`;
}

const order = (count: number, file: string) => [
  ...["order", "--provider", "tsel", "--filter", "city=Bandung", "--count", String(count)],
  ...["-o", file],
];

test.each([
  ["has nothing that is wanted", "Solo", 0],
  ["was sold", "Bandung", many],
])("the newer list %s", async (_, city, sold) => {
  const dir = createWorkdir();
  dir.write("older.csv", source(["name", "city"], "Bandung", 50_000_000));
  dir.write("newer.csv", source(["city"], city, 60_000_000));
  const { numbers } = await dir.json(["ingest", "older.csv"]);
  const newer = await dir.json(["ingest", "newer.csv"]);
  if (sold > 0) await dir.ok(order(newer.numbers, "first.csv"));
  const { excluded } = await dir.json(order(numbers, "second.csv"));
  expect(excluded.sold).toBe(sold > 0 ? newer.numbers : 0);
  const phones = phonesOf(readFileSync(dir.path("second.csv"), "utf8"));
  expect(new Set(phones).size).toBe(numbers);
  expect(phones.every((phone) => phone.startsWith("628125"))).toBe(true);
  expect((await dir.run(order(1, "none.csv"))).code).toBe(4);
  await dir.ok(["doctor"]);
});

test("the same phones in an older slice are duplicates, whether or not they were sold", async () => {
  const dir = createWorkdir();
  dir.write("older.csv", source(["name", "city"], "Bandung", 60_000_001));
  dir.write("newer.csv", source(["city"], "Bandung", 60_001_001));
  await dir.ok(["ingest", "older.csv"]);
  await dir.ok(["ingest", "newer.csv"]);
  await dir.ok(order(2_000, "first.csv"));
  const { numbers, excluded } = await dir.json([...order(2 * many, "rest.csv"), "--allow-partial"]);
  expect({ numbers, sold: excluded.sold, duplicate: excluded.duplicate }).toEqual({
    ...{ numbers: many + 1_000 - 2_000, sold: 2_000, duplicate: many - 1_000 },
  });
  const phones = ["first.csv", "rest.csv"].flatMap((file) =>
    phonesOf(readFileSync(dir.path(file), "utf8")),
  );
  expect(new Set(phones).size).toBe(many + 1_000);
  await dir.ok(["doctor"]);
});

test("all of one range of phones was sold, and nothing of the next", async () => {
  const dir = createWorkdir();
  dir.write("low.csv", source(["city"], "Bandung", 60_000_001, "0812"));
  dir.write("high.csv", source(["city"], "Bandung", 60_000_001, "0852"));
  await dir.ok(["ingest", "low.csv"]);
  await dir.ok([...order(many, "low-sold.csv"), "--prefix", "0812"]);
  await dir.ok(["ingest", "high.csv"]);
  const { numbers, excluded } = await dir.json([
    ...order(2 * many, "high-sold.csv"),
    "--allow-partial",
  ]);
  expect({ numbers, sold: excluded.sold }).toEqual({ numbers: many, sold: many });
  const phones = phonesOf(readFileSync(dir.path("high-sold.csv"), "utf8"));
  expect(phones.every((phone) => phone.startsWith("62852"))).toBe(true);
  await dir.ok(["doctor"]);
});
