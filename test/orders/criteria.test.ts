import { expect, test } from "vitest";
import { planOrder } from "../../src/orders/criteria.ts";

const now = new Date("2026-11-20T02:00:00Z");
const defaults = { within: "3d", cooldown: "30d", timeZone: "Asia/Jakarta" };
const plan = (flags: Parameters<typeof planOrder>[1]) =>
  planOrder(["tsel"], { count: "10", ...flags }, defaults, now, () => 7);

test("windows reach back from now to the millisecond", () => {
  expect(plan({}).criteria).toMatchObject({
    importedSince: new Date("2026-11-17T02:00:00Z"),
    soldSince: new Date("2026-10-21T02:00:00Z"),
  });
  expect(plan({ within: "90m", cooldown: "0s" }).criteria).toMatchObject({
    importedSince: new Date("2026-11-20T00:30:00Z"),
    soldSince: now,
  });
});

test.each([
  [undefined, "csv"],
  ["-", "csv"],
  ["numbers.dat", "csv"],
  ["list.tsv", "tsv"],
  ["list.JSONL.gz", "jsonl"],
  ["list.csv.zst", "csv"],
  ["list.parquet", "parquet"],
])("the format follows the name of the output: %s", (output, format) => {
  expect(plan(output === undefined ? {} : { output }).layout.format).toBe(format);
});

test("columns", () => {
  expect(plan({ columns: "ALL" }).layout.columns).toBe("all");
  expect(plan({ columns: "Phone,nama lengkap:name" }).layout.columns).toEqual([
    { name: "phone", as: "phone" },
    { name: "nama lengkap", as: "name" },
  ]);
  for (const wrong of ["", "phone,", "a:b:c", ":x", "a,A", "x:phone,phone"]) {
    expect(() => plan({ columns: wrong })).toThrow("--columns");
  }
});
