import { describe, expect, test } from "vitest";
import type { CandidateFile } from "../../../src/engine/catalog/candidates.ts";
import { blockRows, type Candidate } from "../../../src/engine/duckdb/passed-rows.ts";
import { goneInFront, type Slice, sliceCursor } from "../../../src/engine/duckdb/slices.ts";
import { fragment } from "../../../src/engine/statements.ts";

function file(numbers: number, taken = 0): CandidateFile {
  return {
    path: `f${numbers}`,
    file: `f${numbers}`,
    firstRow: 0,
    isShared: false,
    rows: numbers,
    category: undefined,
    categoryColumn: undefined,
    provider: "tsel",
    synthetic: false,
    numbers,
    taken,
    sold: 0,
    columns: ["phone"],
    phoneColumn: "phone",
  };
}

const anyCut = { shape: () => "", front: 0, direction: "newest" } as const;

/** All slices that a cursor hands out for a need that never shrinks. */
function slices(files: readonly CandidateFile[], need: number, share?: number): Slice[] {
  const next = sliceCursor(files, anyCut);
  const all: Slice[] = [];
  for (let slice = next(need, share); slice; slice = next(need, share)) all.push(slice);
  return all;
}

/** Every row that the slices cover, as `file position/row`. */
function rowsOf(all: readonly Slice[], files: readonly CandidateFile[]): string[] {
  return all.flatMap(({ position, files: covered, first, last }) =>
    covered.flatMap((_, index) => {
      const end = Math.min(last, (files[position + index]?.numbers ?? 0) - 1);
      return Array.from(
        { length: Math.max(0, end - first + 1) },
        (__, n) => `${position + index}/${first + n}`,
      );
    }),
  );
}

describe("slices", () => {
  const many = [
    file(30_000),
    file(0),
    file(70_000),
    file(120_000),
    file(10),
    file(49_990),
    file(3),
  ];

  test.each([
    ["one file", [file(200_000)], 1_000],
    ["many files, small need", many, 10],
    ["many files, large need", many, 5_000_000],
    ["empty files only", [file(0), file(0)], 10],
    ["no files", [], 10],
  ])("cover every row once: %s", (_name, files, need) => {
    const rows = rowsOf(slices(files, need), files);
    const total = files.reduce((sum, { numbers }) => sum + numbers, 0);
    expect(rows).toHaveLength(total);
    expect(new Set(rows).size).toBe(total);
    const counted = slices(files, need).reduce((sum, slice) => sum + slice.rows, 0);
    expect(counted).toBe(total);
  });

  test("begin at the newest rows: the end of the first file", () => {
    const [first] = slices([file(1_000_000), file(1_000_000)], 1_000);
    expect(first).toMatchObject({ position: 0, last: 999_999, rows: 50_000 });
  });

  test("are as large as the need over the share that is expected to be free", () => {
    expect(slices([file(9_000_000)], 1_000_000)[0]?.rows).toBe(1_301_000);
    expect(slices([file(9_000_000, 4_500_000)], 500_000)[0]?.rows).toBe(1_301_000);
    expect(slices([file(9_000_000)], 100_000, 0.1)[0]?.rows).toBe(1_051_000);
  });

  test("never outgrow memory, however little is free", () => {
    expect(slices([file(90_000_000, 90_000_000)], 1_000_000)[0]?.rows).toBe(1_350_000);
  });

  test("grow behind rows of which hardly any was free, and only there", () => {
    const next = sliceCursor([file(9_000_000)], anyCut);
    const rows = [next(10), next(10, 0.5), next(10, 0.1), next(10, 0.09), next(10, 0), next(10, 0)];
    expect(rows.map((slice) => slice?.rows)).toEqual([
      ...[50_000, 50_000, 50_000],
      ...[400_000, 1_350_000, 1_350_000],
    ]);
  });

  test("reach behind what was sold of the front, the first one only", () => {
    const sold = sliceCursor([file(9_000_000, 900_000)], { ...anyCut, front: 900_000 });
    const rows = [sold(10), sold(10, 0.1), sold(1_000_000, 0.5)].map((slice) => slice?.rows);
    expect(rows).toEqual([1_171_013, 50_000, 1_350_000]);
    const all = sliceCursor([file(9_000_000, 8_000_000)], { ...anyCut, front: 8_000_000 });
    expect(all(10)?.rows).toBe(1_350_000);
    const small = Array.from({ length: 500 }, (_, n) => file(20_000, n < 50 ? 16_000 : 0));
    const many = sliceCursor(small, { ...anyCut, front: goneInFront(small) });
    expect(many(10)).toMatchObject({ position: 0, rows: 1_040_000 });
  });

  test.each([
    ["no file", [], 0],
    ["nothing taken", [file(100), file(100, 90)], 0],
    ["a part of the first", [file(100, 50), file(100, 90)], 50],
    ["most of the first", [file(100, 51), file(100, 10), file(100, 90)], 61],
    ["all", [file(100, 100), file(0), file(100, 90)], 100],
    ["most of each", [file(100, 100), file(100, 90)], 190],
  ])("the front is what was taken first: %s", (_name, files, rows) => {
    expect(goneInFront(files)).toBe(rows);
  });

  test("are larger where everything is looked at: each reads the ledger", () => {
    const everything = Number.POSITIVE_INFINITY;
    expect(slices([file(90_000_000)], everything)[0]?.rows).toBe(4_000_000);
  });
});

describe("rows that are passed over", () => {
  /** A file of which `passed(block)` rows of each block of 2,048 are passed over. */
  function withPassed(rows: number, passed: (block: number) => number): Candidate {
    const blocks = Math.ceil(rows / blockRows);
    const inBlocks = new Map(Array.from({ length: blocks }, (_, n) => [n, passed(n)]));
    const numbers = [...inBlocks.values()].reduce((sum, count) => sum + count, 0);
    return { ...file(rows), passed: { numbers, inBlocks, isOpen: fragment`true` } };
  }
  /** Of 1,000,000 rows the first and the last 300,000 or so are gone but for one of twenty. */
  const ends = withPassed(1_000_000, (block) => {
    if (block === 488) return 500;
    return block < 146 || block >= 342 ? 1_945 : 0;
  });

  test.each(["newest", "oldest"] as const)(
    "of the %s are no part of what is looked at",
    (direction) => {
      const next = sliceCursor([ends, file(10)], { ...anyCut, direction });
      const all: Slice[] = [];
      for (let slice = next(100_000); slice; slice = next(100_000)) all.push(slice);
      const [first] = all;
      // 131,000 rows to look at lie behind 294,000 that are passed over, and those are found in one slice.
      expect(first?.rows).toBeGreaterThanOrEqual(131_000);
      expect(first?.rows).toBeLessThan(131_000 + blockRows);
      expect(first?.passed).toBeGreaterThan(250_000);
      expect(direction === "newest" ? first?.last : first?.first).toBe(
        direction === "newest" ? 999_999 : 0,
      );
      const covered = all.filter(({ position }) => position === 0);
      expect(covered.reduce((sum, { passed }) => sum + passed, 0)).toBe(ends.passed?.numbers);
      expect(covered.reduce((sum, { rows }) => sum + rows, 0)).toBe(
        1_000_000 - (ends.passed?.numbers ?? 0),
      );
      const edges = covered
        .map(({ first, last }) => [first, last])
        .sort(([a = 0], [b = 0]) => a - b);
      expect(edges[0]?.[0]).toBe(0);
      expect(edges.at(-1)?.[1]).toBe(999_999);
      for (const [n, [edge]] of edges.entries())
        if (n > 0) expect(edge).toBe((edges[n - 1]?.[1] ?? 0) + 1);
      expect(all.at(-1)).toMatchObject({ position: 1, rows: 10, passed: 0 });
    },
  );

  test("of a whole file leave nothing to look at, and no other file is read with it", () => {
    const gone = withPassed(300_000, (block) => Math.min(blockRows, 300_000 - block * blockRows));
    const all = slices([file(10), gone, file(20)], 10);
    expect(all).toMatchObject([
      { position: 0, rows: 10, passed: 0 },
      { position: 1, rows: 0, passed: 300_000 },
      { position: 2, rows: 20, passed: 0 },
    ]);
    expect(all[0]?.files).toHaveLength(1);
  });

  test("of the front tell how much of it is left to be looked at", () => {
    expect(goneInFront([ends])).toBe(146 * (2_048 - 1_945) + (576 - 500));
    const whole = withPassed(100_000, () => 1_024);
    expect(goneInFront([whole, file(100, 60), file(100, 10), file(100, 90)])).toBe(
      100_000 - (whole.passed?.numbers ?? 0) + 60 + 10,
    );
    expect(goneInFront([withPassed(1_000_000, (block) => (block < 300 ? 2_000 : 0))])).toBe(0);
  });

  test("are no part of the share that is expected to be free either", () => {
    const half = { ...withPassed(9_000_000, () => 1_024), taken: 900_000 };
    const [first] = slices([half], 100_000);
    expect(first?.rows).toBeGreaterThanOrEqual(163_500);
    expect(first?.rows).toBeLessThan(163_500 + blockRows);
  });
});
