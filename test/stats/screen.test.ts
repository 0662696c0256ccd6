/** What `stats` shows, at several widths, without a terminal. */
import { describe, expect, test } from "vitest";
import type { PoolCount, Stats } from "../../src/engine/engine.ts";
import type { ProviderLine } from "../../src/stats/formats.ts";
import { bar, daysShown, type Screen, shortages, statsScreen } from "../../src/stats/screen.ts";

const wide = (columns: number) => ({ columns, more: "..." });
const ascii = ["#", "-"] as const;
const screen: Screen = { fit: undefined, blocks: ascii, timeZone: "Asia/Jakarta", within: "3d" };

function entry(date: string, provider: string, numbers: number, taken: number): PoolCount {
  const recent = { recent: numbers, recentTaken: taken };
  return { date, provider, synthetic: false, numbers, imports: 2, bytes: 5e6, taken, ...recent };
}

function line(provider: string, over: Partial<ProviderLine> = {}): ProviderLine {
  return {
    provider,
    synthetic: false,
    pool: 1000,
    sold: 700,
    suppressed: 3,
    left: 300,
    available: undefined,
    soldPerDay: 0,
    daysLeft: undefined,
    runsShort: false,
    ...over,
  };
}

const stats: Stats = {
  pool: [
    entry("2026-11-20", "tsel", 1_000_000, 250_000),
    entry("2026-11-20", "xl", 1_000, 1_000),
    entry("2026-11-19", "tsel", 500_000, 0),
  ],
  sold: [],
  suppressed: [],
  ledger: {
    numbers: 1,
    oldest: new Date("2026-11-20T02:00:00Z"),
    newest: new Date("2026-11-20T02:00:00Z"),
  },
  orders: { reserved: 0, delivered: 1, cancelled: 0 },
  lastIngest: undefined,
  categories: [],
};

const never = { ingest: undefined, backup: undefined };
const isShort = line("tsel", { left: 12, soldPerDay: 99.2, daysLeft: 0.1209, runsShort: true });

test("80 columns: bars beside the pool, what is left of each provider, who runs short", () => {
  expect(statsScreen(stats, [isShort, line("xl")], [], never, screen)).toBe(
    `day         provider    numbers  not taken  imports     size  # free - taken
2026-11-20  tsel      1,000,000    750,000        2  5.00 MB  ##############----
            xl            1,000          0        2  5.00 MB  -
2026-11-19  tsel        500,000    500,000        2  5.00 MB  #########

provider   pool  sold  suppressed  left in 3d  sold a day     lasts
tsel      1,000   700           3          12         100  0.1 days  runs short
xl        1,000   700           3         300           -         -

ledger: 1 sale from 2026-11-20 09:00:00 to 2026-11-20 09:00:00
orders: 1 delivered, 0 reserved, 0 cancelled
last ingest: never, last backup: never
`,
  );
});

test.each([
  [120, 30],
  [80, 18],
  [70, 8],
])("%i columns have room for bars of %i", (columns, width) => {
  const text = statsScreen(stats, [], [], never, { ...screen, fit: wide(columns) });
  expect(Math.max(...(text.match(/[#-]+$/gm) ?? []).map((one) => one.length))).toBe(width);
  for (const one of text.split("\n")) expect(one.length).toBeLessThanOrEqual(columns);
});

test("a narrow screen keeps what is there and what is left of it", () => {
  const text = statsScreen(stats, [], [], never, { ...screen, fit: wide(46) });
  expect(text).toContain("2026-11-20  tsel      1,000,000    750,000\n");
  expect(text).not.toContain("imports");
});

test("days beyond two weeks are one line", () => {
  const days = Array.from({ length: daysShown + 2 }, (_, n) => `2026-11-${String(28 - n)}`);
  const pool = days.map((day, n) => entry(day, "tsel", 1000 + n, 1));
  const text = statsScreen({ ...stats, pool }, [], [], never, screen);
  expect(text.match(/^2026/gm)).toHaveLength(daysShown);
  expect(text).toContain("older       2 days      2,029      2,027        4  10.0 MB");
});

describe("a bar", () => {
  const drawn = (left: number, numbers: number, most = 1000) => bar(left, numbers, most, 10, ascii);

  test("is as long as its share of the largest", () => {
    expect(drawn(1000, 1000)).toBe("##########");
    expect(drawn(500, 500)).toBe("#####");
    expect(drawn(0, 1000)).toBe("----------");
  });

  test("never draws something as nothing, nor a part as the whole", () => {
    expect(drawn(1, 1)).toBe("#");
    expect(drawn(1, 1000)).toBe("#---------");
    expect(drawn(999, 1000)).toBe("#########-");
    expect(drawn(1, 2)).toBe("#");
    expect(drawn(0, 1)).toBe("-");
    expect(drawn(0, 0, 0)).toBe("");
  });
});

test("days that something lasts are cut, not rounded up", () => {
  const lasts = (daysLeft: number) =>
    /(\S+ days)/.exec(
      statsScreen({ ...stats, pool: [] }, [line("xl", { daysLeft })], [], never, screen),
    )?.[1];
  expect([0, 0.09, 1.99, 9.99, 10.9, 999, 1000.5].map(lasts)).toEqual([
    "0.0 days",
    "0.0 days",
    "1.9 days",
    "9.9 days",
    "10 days",
    "999 days",
    "999+ days",
  ]);
});

test("who runs short is said in a sentence", () => {
  expect(shortages([isShort, line("xl")], "3d")).toEqual([
    "tsel runs short: 12 left in 3d, 100 sold a day",
  ]);
});

test("categories beyond the twenty largest are counted", () => {
  const categories = Array.from({ length: 22 }, (_, n) => ({
    category: `c${n}`,
    numbers: 22 - n,
    imports: 1,
  }));
  const text = statsScreen(stats, [], categories, never, screen);
  expect(text).toContain("c19             3        1\nand 2 more: --json has them all\n");
});
