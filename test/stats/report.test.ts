/** The report's page as text: what is folded, what is escaped, what is told in words. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { shiftDay } from "../../src/days.ts";
import type { Report } from "../../src/engine/report.ts";
import { packaged } from "../../src/root.ts";
import type { PagePlot } from "../../src/stats/page-data.ts";
import { partsOf } from "../../src/stats/parts.ts";
import { percent } from "../../src/stats/percent.ts";
import { reportHtml } from "../../src/stats/report.ts";
import type { Counted, Section } from "../../src/stats/section.ts";

const today = "2026-11-20";
const firstDay = shiftDay(today, -399);

const nothing: Report = { sales: [], customers: [], sources: [], reasons: [], rejects: [] };
const empty: Counted["stats"] = {
  pool: [],
  sold: [],
  suppressed: [],
  ledger: { numbers: 0, oldest: undefined, newest: undefined },
  orders: { reserved: 0, delivered: 0, cancelled: 0 },
  lastIngest: undefined,
  categories: [],
};

function counted(
  given: { pool?: Counted["stats"]["pool"]; report?: Partial<Report> } = {},
): Counted {
  return {
    stats: { ...empty, pool: given.pool ?? [] },
    report: { ...nothing, ...given.report },
    ...{ today, firstDay, within: "3d", window: 3 },
  };
}

function poolOf(date: string, provider: string, numbers: number, taken = 0, synthetic = false) {
  const recent = date > shiftDay(today, -3);
  return {
    ...{ date, provider, synthetic, numbers, taken, imports: 1, bytes: 1 },
    recent: recent ? numbers : 0,
    recentTaken: recent ? taken : 0,
  };
}

function saleOf(day: string | undefined, provider: string, numbers: number, elsewhere = 0) {
  return { day, provider, synthetic: false, numbers, elsewhere };
}

function sectionOf(given: Counted, title: string): Section {
  const section = partsOf(given)
    .flatMap(({ sections }) => sections)
    .find((one) => one.title.startsWith(title));
  if (section === undefined) throw new Error(`no section ${title}`);
  return section;
}

function htmlOf(given: Counted): string {
  return reportHtml(
    {
      at: "2026-11-20 09:00",
      timeZone: "Asia/Jakarta",
      within: "3d",
      version: "0.1.0",
      parts: partsOf(given),
    },
    { script: "draw()", style: "p{}" },
  );
}

describe("days and providers", () => {
  const pool = [
    poolOf("2026-11-20", "tsel", 100, 25),
    poolOf("2026-11-19", "tsel", 50, 50),
    poolOf("2026-11-20", "xl", 10),
  ];

  test("the pool has a row for each day, the newest first, and their sums", () => {
    const { plot, table } = sectionOf(counted({ pool }), "Pool");
    expect(table).toEqual({
      head: ["day", "tsel", "xl", "all"],
      rows: [
        ["2026-11-20", "100", "10", "110"],
        ["2026-11-19", "50", "", "50"],
      ],
    });
    // A week at least, up to today; days are counted from its first.
    expect(plot).toEqual({
      ...{ kind: "days", series: ["tsel", "xl"], from: "2026-11-14", to: "2026-11-20" },
      rows: [
        [5, 0, 50],
        [6, 0, 100],
        [6, 1, 10],
      ],
    });
  });

  test("sell-through is what was taken of each day", () => {
    const { plot, table } = sectionOf(counted({ pool }), "Sell-through");
    expect(table?.rows).toEqual([
      ["2026-11-20", "25, 25 %", "0, 0 %"],
      ["2026-11-19", "50, 100 %", ""],
    ]);
    expect(plot?.rows).toEqual([
      [5, 0, 50, 50],
      [6, 0, 100, 25],
      [6, 1, 10, 0],
    ]);
  });

  test("what is left has an age in days, and a day to come none", () => {
    const given = counted({ pool: [...pool, poolOf("2026-11-21", "xl", 7)] });
    const { plot, table } = sectionOf(given, "Age");
    expect(plot).toMatchObject({ kind: "ages", window: 3, windowText: "3d" });
    expect(plot?.rows).toEqual([
      [0, 0, 75],
      [0, 1, 10],
      [0, 1, 7],
    ]);
    expect(table?.rows).toEqual([["0", "75", "17", "92"]]);
  });

  test("sales from elsewhere are counted and told", () => {
    const given = counted({ report: { sales: [saleOf("2026-11-18", "tsel", 1_500, 1_200)] } });
    const { sentence, table } = sectionOf(given, "Sales");
    expect(sentence).toContain("1,200 of them were sold by another system");
    expect(table).toEqual({ head: ["day", "tsel"], rows: [["2026-11-18", "1,500"]] });
  });

  test("days before the first that is told apart are one row, in no plot, and the sentence says so", () => {
    const old = shiftDay(firstDay, -1);
    const given = counted({
      pool: [...pool, poolOf(old, "xl", 4), poolOf(shiftDay(old, -1), "xl", 5)],
      report: { sales: [saleOf(undefined, "xl", 3), saleOf("2026-11-18", "xl", 1)] },
    });
    const section = sectionOf(given, "Pool");
    expect(section.table?.rows.at(-1)).toEqual([`before ${firstDay}`, "", "9", "9"]);
    expect(section.plot).toMatchObject({ from: "2026-11-14", rows: { length: 3 } });
    expect(section.sentence).toContain(`9 of before ${firstDay} are only in the table`);
    expect(sectionOf(given, "Sales").sentence).toContain("3 of before");
  });

  test("more providers than colours: the largest, and the others as one", () => {
    const many = Array.from({ length: 12 }, (_, place) =>
      poolOf(today, `p${String(place).padStart(2, "0")}`, 100 - place),
    );
    const { plot, table } = sectionOf(counted({ pool: many }), "Pool");
    expect(plot).toMatchObject({
      series: ["p00", "p01", "p02", "p03", "p04", "p05", "p06", "p07", "4 more"],
    });
    expect(table?.rows[0]?.slice(-2)).toEqual([String(92 + 91 + 90 + 89), "1,134"]);
    // Nine have a colour each.
    const nine = sectionOf(counted({ pool: many.slice(0, 9) }), "Pool").plot as PagePlot & {
      series: readonly string[];
    };
    expect(nine.series).toHaveLength(9);
    expect(nine.series.at(-1)).toBe("p08");
  });
});

describe("kinds", () => {
  test("real and synthetic numbers are apart, and a provider has one colour", () => {
    const pool = [
      poolOf(today, "xl", 5, 1),
      poolOf(today, "tsel", 50, 10, true),
      poolOf(today, "xl", 5, 0, true),
    ];
    const parts = partsOf(counted({ pool }));
    expect(parts.map(({ title }) => title)).toEqual(["Real numbers", "Synthetic numbers"]);
    expect(parts.map(({ headlines }) => headlines.map(({ value }) => value))).toEqual([
      ["5", "4", "0", "0"],
      ["55", "45", "0", "0"],
    ]);
    const rows = parts.map(({ sections }) => sections[0]?.plot?.rows);
    expect(rows).toEqual([
      [[6, 1, 5]],
      [
        [6, 0, 50],
        [6, 1, 5],
      ],
    ]);
  });

  test("sold in 30 days counts today and the 29 days before", () => {
    const sales = [
      saleOf(today, "xl", 1),
      saleOf("2026-10-22", "xl", 10),
      saleOf("2026-10-21", "xl", 100),
      saleOf(undefined, "xl", 1_000),
    ];
    const [part] = partsOf(counted({ report: { sales } }));
    expect(part?.headlines[2]).toEqual({
      ...{ title: "Sold in 30 days", value: "11", note: "since 2026-10-22" },
    });
  });

  test("an empty home has a page that says so", () => {
    expect(partsOf(counted())).toEqual([]);
    const html = htmlOf(counted());
    expect(html).toContain("There is nothing yet");
    expect(html).not.toContain("<figure");
  });
});

describe("customers, sources and reasons", () => {
  const customers = [
    {
      ...{ name: "Toko Maju", others: 0, synthetic: false },
      ...{ orders: 2, numbers: 3_000, recentNumbers: 1_000 },
    },
    {
      ...{ name: undefined, others: 0, synthetic: false },
      ...{ orders: 1, numbers: 20, recentNumbers: 20 },
    },
    {
      ...{ name: undefined, others: 3, synthetic: false },
      ...{ orders: 4, numbers: 10, recentNumbers: 0 },
    },
  ];

  test("orders by customer, those who named none, and the others", () => {
    const { plot, sentence, table } = sectionOf(counted({ report: { customers } }), "Orders");
    expect(table?.rows).toEqual([
      ["Toko Maju", "2", "3,000", "1,000"],
      ["no customer named", "1", "20", "20"],
      ["3 others", "4", "10", "0"],
    ]);
    expect(plot?.rows.at(-1)).toEqual({ name: "3 others", text: "10 in 4 orders", parts: [] });
    expect(sentence).toContain("The others have their figure and no bar.");
    expect(plot?.rows[0]).toEqual({
      name: "Toko Maju",
      text: "3,000 in 2 orders",
      parts: [
        [0, 1_000],
        [1, 2_000],
      ],
    });
  });

  test("rejects: a column for each source, colours for the largest and the others", () => {
    const sources = Array.from({ length: 11 }, (_, place) => ({
      ...{ name: `s${place}`, others: 0, imports: 1, lines: 100, rejected: 11 - place },
    }));
    const reasons = [{ name: "masked", others: 0, lines: 66 }];
    const rejects = sources.map(({ rejected }, source) => ({ source, reason: 0, lines: rejected }));
    const section = sectionOf(counted({ report: { sources, reasons, rejects } }), "Rejected by r");
    expect(section.plot).toMatchObject({
      series: ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "3 more sources"],
    });
    expect(section.plot?.rows[0]).toMatchObject({ name: "masked", text: "66" });
    expect(section.plot?.rows[0]).toHaveProperty(["parts", 8], [8, 6]);
    expect(section.table?.head).toEqual(["reason", ...sources.map(({ name }) => name), "all"]);
    expect(section.table?.rows).toEqual([
      ["masked", "11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "66"],
    ]);
    const shares = sectionOf(counted({ report: { sources, reasons, rejects } }), "Rejected by s");
    expect(shares.table?.rows[0]).toEqual(["s0", "1", "100", "11", "11 %"]);
  });

  test("names from strangers end no element, and no script", () => {
    const hostile = `</script><script>alert(1)</script><!-- & " ' \u202e`;
    const sources = [{ name: hostile, others: 0, imports: 1, lines: 10, rejected: 1 }];
    const html = htmlOf(
      counted({
        report: {
          customers: customers.map((one) => ({ ...one, name: hostile, others: 0 })),
          sources,
          reasons: [{ name: "masked", others: 0, lines: 1 }],
          rejects: [{ source: 0, reason: 0, lines: 1 }],
        },
      }),
    );
    expect([...html.matchAll(/<script/g)]).toHaveLength(2);
    expect([...html.matchAll(/<\/script/g)]).toHaveLength(2);
    expect(html).not.toContain("<!--");
    expect(html).not.toContain("\u202e");
    expect(html).toContain(
      "&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;!-- &amp; &quot; &#39; \\u202e",
    );
    const json = /id="plots">(.*)<\/script>\n/.exec(html)?.[1] ?? "";
    expect(JSON.stringify(JSON.parse(json))).toContain("</script><script>alert(1)</script><!--");
  });

  test("who goes by a phone number is not named", () => {
    const names = [
      ...["Budi +62 812-0000-0001", "0812.0000.0001", "(0812) 00000001"],
      ...["0812_0000_0001", "0812\u00a00000\u20110001", "Toko 24/7"],
    ];
    const given = counted({
      report: { customers: names.map((name) => ({ ...customers[0], name }) as never) },
    });
    expect(sectionOf(given, "Orders").table?.rows.map(([name]) => name)).toEqual([
      "Budi …",
      "…",
      "…",
      "…",
      "…",
      "Toko 24/7",
    ]);
  });
});

test("what is nearly nothing or nearly all does not look like it", () => {
  const shares = [
    [0, 0],
    [0, 10],
    [1, 100_000],
    [1, 8],
    [99_999, 100_000],
    [10, 10],
  ] as const;
  expect(shares.map(([part, all]) => percent(part, all))).toEqual([
    "0 %",
    "0 %",
    "< 0.1 %",
    "12.5 %",
    "> 99.9 %",
    "100 %",
  ]);
});

test("the script of the build says whose code is in it, and does not end its element", () => {
  const script = readFileSync(packaged("dist/report/page.js"), "utf8");
  expect(script).toMatch(/^\/\*\n@observablehq\/plot 0\.6\.17\n\nCopyright .*Observable/);
  expect(script).toMatch(/\nd3-scale [\d.]+\n\nCopyright .*Bostock/);
  expect(script).not.toMatch(/<\/script|<!--/i);
});

test("a page of 400 days and nine providers is less than a megabyte", () => {
  const days = Array.from({ length: 400 }, (_, age) => shiftDay(today, -age));
  const providers = Array.from({ length: 9 }, (_, place) => `provider-${place}`);
  const each = days.flatMap((day) => providers.map((provider) => ({ day, provider })));
  const html = reportHtml(
    {
      ...{ at: "2026-11-20 09:00", timeZone: "Asia/Jakarta", within: "3d", version: "0.1.0" },
      parts: partsOf(
        counted({
          pool: each.map(({ day, provider }) => poolOf(day, provider, 2_345_678, 1_234_567)),
          report: { sales: each.map(({ day, provider }) => saleOf(day, provider, 1_234_567)) },
        }),
      ),
    },
    { script: readFileSync(packaged("dist/report/page.js"), "utf8"), style: "" },
  );
  expect(html).toContain(`<td>${firstDay}<td>2,345,678<td>`);
  expect(html.length).toBeLessThan(1_000_000);
});

test("the page lets nothing run or load but its own script", () => {
  const html = htmlOf(counted());
  const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  // SHA-256 of `draw()`, by openssl.
  expect(policy).toBe(
    "default-src 'none'; script-src 'sha256-jm3FkV4tNIdBUr8jRVVl5n9PUixlaxTWD0pdpFiSH5A='; style-src 'unsafe-inline'; " +
      "img-src data:; base-uri 'none'; form-action 'none'",
  );
});
