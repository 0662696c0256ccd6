/** How much a delivery may hold. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { deliveryBytes } from "../../../src/engine/duckdb/export.ts";
import { openSession } from "../../../src/engine/duckdb/session.ts";
import { createWorkdir, list } from "../../workdir.ts";

test("a thread of a delivery holds fifteen row groups, and 256 MB at least", () => {
  expect(deliveryBytes("csv", 551)).toBe(256e6);
  expect(deliveryBytes("jsonl", 0)).toBe(256e6);
  expect(deliveryBytes("tsv", 20_000)).toBe(15 * 30_720 * 20_000);
  expect(deliveryBytes("parquet", 551)).toBe(Number.POSITIVE_INFINITY);
});

test("rows are as long as those of the order's longest list", async () => {
  const dir = createWorkdir();
  const short = list("812", 20);
  const long = list("812", 10, { name: "Budi".repeat(100), from: 21 });
  dir.write("short.csv", short);
  dir.write("long.csv", long);
  await dir.ok(["ingest", "short.csv", "long.csv"]);
  const order = ["order", "--provider", "tsel", "--count", "30", "-o", "out.csv"];
  const { order_id: orderId } = await dir.json(order);
  const resources = { temporary: dir.folder, threads: 1, memory: "100MB", signal: undefined };
  const session = await openSession(join(dir.home, "numbers.duckdb"), "read", resources);
  const [found] = await session.rows("read_row_bytes", { order_id: String(orderId) });
  session.close();
  expect(found?.bytes).toBeCloseTo(long.length / 10, 5);
});
