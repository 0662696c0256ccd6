/** How far a piece of work is: nothing is said that was not measured, and it fits into the line. */
import { describe, expect, test } from "vitest";
import {
  type Amount,
  beginPace,
  createTrail,
  inertProgress,
  lineOf,
  numbered,
  type Pace,
  seenAt,
} from "../src/progress.ts";
import { widthOf } from "../src/text.ts";

const marks = { full: "█", empty: "░", more: "…" };
const ascii = { full: "#", empty: "-", more: "..." };

/** A phase begun at 0 that was looked at after so many milliseconds. */
function paceOf(phase: string, total: Amount, looks: readonly (readonly [number, Amount])[]): Pace {
  return looks.reduce((pace, [ms, done]) => seenAt(pace, done, ms), beginPace(phase, total, 0));
}

const reading = paceOf("reading list.csv", { bytes: 2e9 }, [
  [1000, { bytes: 2.5e8, rows: 450_000 }],
  [2000, { bytes: 5e8, rows: 900_000 }],
]);

describe("the line", () => {
  test("of a file: share, bytes, rows, rate, time left", () => {
    expect(lineOf(reading, 2000, 119, marks)).toBe(
      "reading list.csv ██████░░░░░░░░░░░░░░░░░░ 25 %, 500 MB of 2.00 GB, 900,000 rows, 250 MB/s, 6 s left",
    );
    expect(lineOf(reading, 2000, 119, ascii)).toContain(" ######------------------ 25 %, ");
  });

  test("without a size there is no share, no bar and no time left", () => {
    const pace = paceOf("reading stdin", {}, [[3000, { bytes: 9e6, rows: 60_000 }]]);
    expect(lineOf(pace, 3000, 119, marks)).toBe(
      "reading stdin 9.00 MB, 60,000 rows, 3.00 MB/s, 3 s",
    );
  });

  test("where nothing is counted there are the seconds", () => {
    const pace = paceOf("reserving 100 tsel numbers", {}, [[3000, {}]]);
    expect(lineOf(pace, 3000, 79, marks)).toBe("reserving 100 tsel numbers… 3 s");
    expect(lineOf(pace, 3000, 79, ascii)).toBe("reserving 100 tsel numbers... 3 s");
    expect(lineOf(pace, 400_000, 79, marks)).toBe("reserving 100 tsel numbers… 7 min");
    expect(lineOf(pace, 7_500_000, 79, marks)).toBe("reserving 100 tsel numbers… 2 h 5 min");
  });

  test("rows are a measure as good as bytes", () => {
    const pace = paceOf("delivering to out.csv", { rows: 1000 }, [
      [2000, { rows: 250, bytes: 5000 }],
    ]);
    expect(lineOf(pace, 2000, 119, marks)).toContain(
      " 25 %, 5.00 kB, 250 of 1,000 rows, 2.50 kB/s, 6 s left",
    );
  });

  test("a file that grew has no share any more", () => {
    const pace = paceOf("reading list.csv", { bytes: 100 }, [[1000, { bytes: 101 }]]);
    expect(lineOf(pace, 1000, 79, marks)).toBe("reading list.csv 101 B, 101 B/s, 1 s");
  });

  test("what stands still has no time left, and what is begun anew no rate", () => {
    const still = paceOf("reading a.csv", { bytes: 100 }, [
      [1000, { bytes: 50 }],
      [15_000, { bytes: 50 }],
      [26_000, { bytes: 50 }],
    ]);
    expect(lineOf(still, 26_000, 79, undefined)).toBe("reading a.csv 50 %, 50 B of 100 B, 0 B/s");
    const anew = paceOf("reading a.csv", { bytes: 100 }, [
      [1000, { bytes: 50 }],
      [2000, { bytes: 10 }],
    ]);
    expect(lineOf(anew, 2000, 79, undefined)).toBe("reading a.csv 10 %, 10 B of 100 B");
  });

  test.each([79, 59, 39, 29, 19, 9, 4])("fits into %i columns", (width) => {
    const line = lineOf(reading, 2000, width, marks);
    expect(widthOf(line)).toBeLessThanOrEqual(width);
    if (width >= 19) expect(line).toContain("25 %");
  });

  test("in 40 columns what is left is the name, the share and the time", () => {
    expect(lineOf(reading, 2000, 39, marks)).toBe("reading list.csv 25 %, 6 s left");
    const named = paceOf(`reading ${"漢".repeat(40)}.csv`, { bytes: 2 }, [[1000, { bytes: 1 }]]);
    expect(widthOf(lineOf(named, 1000, 39, marks))).toBeLessThanOrEqual(39);
  });
});

test("one of several says which", () => {
  const begun: string[] = [];
  const progress = { ...inertProgress, begin: (phase: string) => void begun.push(phase) };
  numbered(progress, 2, 1500).begin("reading list.csv");
  numbered(progress, 1, 1).begin("reading list.csv");
  expect(begun).toEqual(["reading list.csv (2 of 1,500)", "reading list.csv"]);
});

test("a trail knows the rows of whoever reads behind, and remembers little", () => {
  const trail = createTrail({ bytes: 1, rows: 1 });
  for (let n = 2; n <= 100_000; n += 1) trail.add({ bytes: n * 10, rows: n });
  let before = 0;
  for (let bytes = 0; bytes < 1_000_000; bytes += 1000) {
    const { rows = 0 } = trail.at(bytes);
    expect(rows).toBeGreaterThanOrEqual(before);
    expect(rows).toBeLessThanOrEqual(Math.max(bytes / 10, 1));
    before = rows;
  }
  expect(before).toBeGreaterThan(98_000);
  expect(trail.at(2_000_000)).toEqual({ bytes: 1_000_000, rows: 100_000 });
});
