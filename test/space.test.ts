/** Room on the disk: what is surely needed, and refusals before anything is begun. */
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  bytesStored,
  type Disk,
  hasPlenty,
  isOutOfSpace,
  needsOfOrder,
  requireSpace,
  wordsOfFullDisk,
} from "../src/space.ts";
import { createWorkdir, list } from "./workdir.ts";

const disk = (free: number | undefined): Disk => ({ free: () => free, deviceOf: () => 1 });

test("what is asked for is less than what is stored, plain and packed", async () => {
  const dir = createWorkdir();
  const rows = list("812", 30_000);
  dir.write("a.csv", rows);
  await dir.ok(["generate", "--rows", "20000", "-o", "b.csv"]);
  const { gzipSync } = await import("node:zlib");
  writeFileSync(dir.path("c.csv.gz"), gzipSync(list("813", 30_000)));
  for (const name of ["a.csv", "b.csv", "c.csv.gz"]) {
    const { files } = await dir.json(["ingest", name]);
    expect(bytesStored(dir.path(name))).toBeGreaterThan(0);
    expect(bytesStored(dir.path(name))).toBeLessThan(files[0].stored_bytes);
  }
  // What has no size, or is not there, is for the reading to find.
  expect(bytesStored("-")).toBe(0);
  expect(bytesStored(dir.path("nowhere.csv"))).toBe(0);
});

test("a delivery needs no more than it becomes", async () => {
  const dir = createWorkdir();
  await dir.ok(["generate", "--rows", "5000", "--provider", "tsel", "-o", "b.csv"]);
  await dir.ok(["ingest", "b.csv"]);
  const { pool } = await dir.json(["stats"]);
  for (const [file, columns] of [
    ["o.csv", "all"],
    ["o.csv.gz", "all"],
    ["o.parquet", "all"],
    ["p.csv", "phone"],
    ["p.csv.zst", "phone"],
  ] as const) {
    const args = ["order", "--provider", "tsel", "--count", "500", "--synthetic", "-o", file];
    const { bytes } = await dir.json([...args, "--columns", columns]);
    const target = { path: dir.path(file), isWide: columns === "all" };
    const need = needsOfOrder(500, dir.home, target, pool).at(-1);
    expect(need?.bytes).toBeGreaterThan(0);
    expect(need?.bytes).toBeLessThanOrEqual(bytes);
  }
  await dir.checkPromises();
});

test("needs on one disk are added up, and refused with the figures", () => {
  const needs = [
    { what: "the order", folder: "/home/x", bytes: 3e6 },
    { what: "the delivery", folder: "/home/y", bytes: 4e6 },
  ];
  expect(() => requireSpace(needs, disk(7.6e6))).not.toThrow();
  expect(() => requireSpace(needs, disk(7.4e6))).toThrow(
    /needs at least 7\.52 MB.*\/home\/x has 7\.40 MB free/,
  );
  const apart: Disk = { ...disk(5e6), deviceOf: (folder) => (folder === "/home/x" ? 1 : 2) };
  expect(() => requireSpace(needs, apart)).not.toThrow();
  // A system that does not say is believed to have room.
  expect(() => requireSpace(needs, disk(undefined))).not.toThrow();
  expect(hasPlenty(1_000_000, ["/home/x"], disk(5e9))).toBe(false);
  expect(hasPlenty(1_000_000, ["/home/x"], disk(50e9))).toBe(true);
});

test("a full disk is known by the system's words, the engine's, and those of a cause", () => {
  const system = Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
  });
  const engine = new Error(
    'x: IO Error: Could not write file "/nowhere/a/b": No space left on device',
  );
  expect(isOutOfSpace(system)).toBe(true);
  expect(isOutOfSpace(new Error("outer", { cause: engine }))).toBe(true);
  expect(isOutOfSpace(new Error("Could not write file: Permission denied"))).toBe(false);
  expect(wordsOfFullDisk(engine, disk(1234))).toBe(
    "the disk is full: /nowhere/a/b could not be written, 1.23 kB are free there",
  );
  expect(wordsOfFullDisk(system)).toBe("the disk is full");
});
