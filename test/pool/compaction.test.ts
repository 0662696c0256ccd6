/** Which small files are joined, and where their rows come to lie. */
import { describe, expect, test } from "vitest";
import {
  firstRowsOf,
  type PoolPiece,
  planCompaction,
  runsOf,
  sharesOf,
} from "../../src/pool/compaction.ts";

function piece(file: string, more: Partial<PoolPiece> = {}): PoolPiece {
  return {
    path: file,
    file,
    firstRow: 0,
    rows: 10,
    bytes: 100,
    date: "2026-11-20",
    provider: "tsel",
    synthetic: false,
    columns: ["phone", "name"],
    phoneColumn: "phone",
    ...more,
  };
}

const limits = { smallBytes: 1_000, joinedBytes: 5_000, joinedRows: 1_000 };

function plan(pieces: readonly PoolPiece[]): string[][] {
  return planCompaction(pieces, limits).flatMap(({ groups }) =>
    groups.map((group) => group.pieces.map(({ path }) => path)),
  );
}

describe("what is joined", () => {
  test("small files, in the order in which they are given; a file alone is left", () => {
    expect(plan([piece("b"), piece("a")])).toEqual([["b", "a"]]);
    expect(plan([piece("a")])).toEqual([]);
    expect(plan([piece("a"), piece("large", { bytes: 1_000 }), piece("b")])).toEqual([["a", "b"]]);
    expect(plan([piece("a"), piece("large", { bytes: 1_000 })])).toEqual([]);
  });

  test.each([
    ["day", { date: "2026-11-19" }],
    ["provider", { provider: "isat" }],
    ["nature", { synthetic: true }],
    ["columns", { columns: ["name", "phone"] }],
    ["phone column", { phoneColumn: "name" }],
  ])("nothing of another %s", (_name, other) => {
    expect(plan([piece("a"), piece("b", other)])).toEqual([]);
    expect(plan([piece("a"), piece("b", other), piece("c"), piece("d", other)])).toHaveLength(2);
  });

  test("the days newest first, each with what there is of it", () => {
    const days = planCompaction(
      [
        piece("old 1", { date: "2026-11-18" }),
        piece("new 1"),
        piece("new 2", { rows: 5, bytes: 7 }),
        piece("old 2", { date: "2026-11-18" }),
      ],
      limits,
    );
    expect(days.map(({ date }) => date)).toEqual(["2026-11-20", "2026-11-18"]);
    expect(days[0]?.groups).toMatchObject([{ provider: "tsel", files: 2, rows: 15, bytes: 107 }]);
  });

  test.each([
    ["bytes", { bytes: 900 }, 5],
    ["rows", { rows: 300 }, 3],
  ])("no more %s than a file may have", (_name, each, fit) => {
    const pieces = Array.from({ length: fit + 2 }, (_, n) => piece(`f${n}`, each));
    expect(plan(pieces).map((group) => group.length)).toEqual([fit, 2]);
    // One that is left over is left alone.
    expect(plan(pieces.slice(1)).map((group) => group.length)).toEqual([fit]);
  });

  test("a joined file that is still small is joined again, an older import between its own", () => {
    const joined = { file: "j" };
    const pieces = [
      piece("e"),
      piece("d", { ...joined, firstRow: 0 }),
      piece("c"),
      piece("b", { ...joined, firstRow: 10 }),
      piece("a", { ...joined, firstRow: 20 }),
    ];
    expect(planCompaction(pieces, limits)[0]?.groups).toMatchObject([
      { files: 3, rows: 50, pieces },
    ]);
  });
});

test("whole files are read at one go, parts of a file as far as they follow each other", () => {
  const joined = { file: "j" };
  const pieces = [
    piece("f"),
    piece("e"),
    piece("d", { ...joined, firstRow: 0 }),
    piece("c", { ...joined, firstRow: 10 }),
    piece("x"),
    piece("b", { ...joined, firstRow: 20, rows: 3 }),
  ];
  expect(runsOf({ pieces })).toEqual([
    { files: ["f", "e"], first: 0, rows: 20 },
    { files: ["j"], first: 0, rows: 20 },
    { files: ["x"], first: 0, rows: 10 },
    { files: ["j"], first: 20, rows: 3 },
  ]);
});

test("each begins where the one before ends, and shares add up to the file", () => {
  expect(firstRowsOf([3, 0, 4])).toEqual([0, 3, 3]);
  expect(firstRowsOf([])).toEqual([]);
  for (const rows of [[1], [1, 1, 1], [3, 0, 4], [0, 0], [7, 11, 13, 17]]) {
    const shares = sharesOf(1_000, rows);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(1_000);
    expect(shares.every((share) => Number.isInteger(share) && share >= 0)).toBe(true);
  }
  expect(sharesOf(100, [1, 3])).toEqual([25, 75]);
});
