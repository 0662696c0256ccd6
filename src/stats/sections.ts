/** What the report says: its sections, each with a sentence, a plot and the table behind it. Pure. */
import { daysBetween, shiftDay } from "../days.ts";
import type { Stats } from "../engine/engine.ts";
import type { Report } from "../engine/report.ts";
import { count, counted } from "../terminal.ts";

import { coloursMost, type PagePlot } from "./page-data.ts";
import { percent } from "./percent.ts";
import { type Cell, pivot, type Series, seriesOf, type Table } from "./tables.ts";

export type Section = {
  readonly title: string;
  /** What the plot shows, or why there is none. */
  readonly sentence: string;
  readonly plot?: PagePlot;
  readonly table?: Table;
};

/** A figure that stands at the head of a part. */
export type Headline = { readonly title: string; readonly value: string; readonly note: string };

export type Part = {
  readonly title: string;
  readonly headlines: readonly Headline[];
  readonly sections: readonly Section[];
};

export type Counted = {
  readonly stats: Stats;
  readonly report: Report;
  /** The calendar day of the report, and the first that is told apart. */
  readonly today: string;
  readonly firstDay: string;
  /** How far orders look back, in the user's words and in days. */
  readonly within: string;
  readonly window: number;
};

/** A day of the axis at least that often: a single bar as wide as the page would look like a mistake. */
const daysLeast = 7;
export const recentDays = 30;

/** A part for each kind of numbers that there is, real before synthetic, and one for the lists that came in. */
export function partsOf(counted: Counted): Part[] {
  const { stats, report } = counted;
  const kinds = [false, true].filter((synthetic) =>
    [...stats.pool, ...report.sales, ...report.customers].some(
      (one) => one.synthetic === synthetic,
    ),
  );
  // One for both kinds: a provider has the same colour in both parts.
  const series = seriesOf([...stats.pool, ...report.sales]);
  return [
    ...kinds.map((synthetic) => numbersPart(counted, series, synthetic)),
    ...(report.sources.length > 0 ? [listsPart(report)] : []),
  ];
}

function numbersPart(all: Counted, series: Series, synthetic: boolean): Part {
  const { stats, report, today, firstDay, within } = all;
  const isOurs = (one: { readonly synthetic: boolean }) => one.synthetic === synthetic;
  const pool = stats.pool.filter(isOurs).map((one) => ({
    ...one,
    day: one.date < firstDay ? undefined : one.date,
  }));
  const sales = report.sales.filter(isOurs);
  const customers = report.customers.filter(isOurs);
  const left = pool.reduce((sum, one) => sum + one.numbers - one.taken, 0);
  const recent = pool.reduce((sum, one) => sum + one.recent - one.recentTaken, 0);
  const soldSince = shiftDay(today, 1 - recentDays);
  const sold = sum(
    sales.filter(({ day }) => day !== undefined && day >= soldSince),
    "numbers",
  );
  return {
    title: synthetic ? "Synthetic numbers" : "Real numbers",
    headlines: [
      {
        title: "In the pool",
        value: count(sum(pool, "numbers")),
        note: counted(new Set(pool.map(({ date }) => date)).size, "day"),
      },
      {
        title: "Not sold from there",
        value: count(left),
        note: `${count(recent)} from the last ${within}`,
      },
      { title: `Sold in ${recentDays} days`, value: count(sold), note: `since ${soldSince}` },
      {
        title: "Orders",
        value: count(sum(customers, "orders")),
        note: "delivered or reserved",
      },
    ],
    sections: [
      poolSection(pool, series, all),
      sharesSection(pool, series, all),
      agesSection(pool, series, all),
      salesSection(sales, series, all),
      customersSection(customers),
    ],
  };
}

type PoolDay = Stats["pool"][number] & { readonly day: string | undefined };

function poolSection(pool: readonly PoolDay[], series: Series, all: Counted): Section {
  const title = "Pool by day and provider";
  if (pool.length === 0) return { title, sentence: "The pool is empty." };
  const cells = series.add(pool.map((one) => ({ ...one, value: one.numbers })));
  return {
    title,
    sentence: `Numbers that are in the pool, by the day they came in. ${untold(cells, all)}`,
    plot: daysPlot(cells, series, all),
    table: daysTable(cells, series, all),
  };
}

function sharesSection(pool: readonly PoolDay[], series: Series, all: Counted): Section {
  const title = "Sell-through by day and provider";
  if (pool.length === 0) return { title, sentence: "The pool is empty." };
  const numbers = series.add(pool.map((one) => ({ ...one, value: one.numbers })));
  const taken = new Map(
    series
      .add(pool.map((one) => ({ ...one, value: one.taken })))
      .map(({ day, place, value }) => [`${day} ${place}`, value]),
  );
  const axis = axisOf(numbers, all.today);
  const takenOf = ({ day, place }: Cell) => taken.get(`${day} ${place}`) ?? 0;
  return {
    title,
    sentence:
      "The share of each day's numbers that was sold. Where a field is missing, nothing came in. " +
      untold(numbers, all),
    plot: {
      kind: "shares",
      series: series.names,
      ...axis,
      rows: numbers.flatMap((cell) =>
        cell.day === undefined || cell.value === 0
          ? []
          : [[daysBetween(axis.from, cell.day), cell.place, cell.value, takenOf(cell)] as const],
      ),
    },
    table: pivot({
      head: "day",
      series: series.names,
      cells: numbers.map((cell) => ({ ...cell, row: rowOf(cell, all) })),
      show: (cell) => `${count(takenOf(cell))}, ${percent(takenOf(cell), cell.value)}`,
    }),
  };
}

function agesSection(pool: readonly PoolDay[], series: Series, all: Counted): Section {
  const title = "Age of what is left";
  const cells = series
    .add(pool.map((one) => ({ ...one, value: one.numbers - one.taken })))
    .filter(({ value }) => value > 0);
  if (cells.length === 0) return { title, sentence: "Nothing is left that was not sold." };
  // A list may be filed under a day that is still to come.
  const ageOf = (day: string) => Math.max(0, daysBetween(day, all.today));
  return {
    title,
    sentence:
      "Numbers that came in and were not sold from there, by age: at most that, because duplicates and suppressed numbers " +
      `are among them (numbers stats --available counts exactly). ${untold(cells, all)}`,
    plot: {
      kind: "ages",
      series: series.names,
      window: all.window,
      windowText: all.within,
      rows: cells
        .flatMap(({ day, place, value }) =>
          day === undefined ? [] : [[ageOf(day), place, value] as const],
        )
        .sort(([age, place], [other, after]) => age - other || place - after),
    },
    table: pivot({
      head: "age in days",
      series: series.names,
      cells: cells.map((cell) => ({
        ...cell,
        row: cell.day === undefined ? rowOf(cell, all) : String(ageOf(cell.day)),
      })),
      show: ({ value }) => count(value),
      total: "all",
    }),
  };
}

function salesSection(sales: Report["sales"], series: Series, all: Counted): Section {
  const title = "Sales by day and provider";
  if (sales.length === 0) return { title, sentence: "Nothing was sold yet." };
  const cells = series.add(sales.map((one) => ({ ...one, value: one.numbers })));
  const elsewhere = sum(sales, "elsewhere");
  const others = elsewhere > 0 ? `${count(elsewhere)} of them were sold by another system. ` : "";
  return {
    title,
    sentence: `Numbers that the ledger has as sold, by the day of the sale. ${others}${untold(cells, all)}`,
    plot: daysPlot(cells, series, all),
    table: daysTable(cells, series, all),
  };
}

function customersSection(customers: Report["customers"]): Section {
  const title = "Orders by customer";
  if (customers.length === 0) return { title, sentence: "No order was made yet." };
  const rows = customers.map((one) => ({ ...one, name: calledOr(one, "no customer named") }));
  return {
    title,
    sentence: "Numbers of delivered and reserved orders, for the customers who took most.",
    plot: {
      kind: "bars",
      series: [`last ${recentDays} days`, "before"],
      palette: "tone",
      unit: "numbers",
      rows: rows.map(({ name, orders, numbers, recentNumbers }) => ({
        name,
        text: `${count(numbers)} in ${counted(orders, "order")}`,
        parts: [
          [0, recentNumbers],
          [1, numbers - recentNumbers],
        ],
      })),
    },
    table: {
      head: ["customer", "orders", "numbers", `last ${recentDays} days`],
      rows: rows.map((one) => [
        one.name,
        count(one.orders),
        count(one.numbers),
        count(one.recentNumbers),
      ]),
    },
  };
}

function listsPart({ sources, reasons, rejects }: Report): Part {
  const named = sources.map((one) => ({ ...one, name: calledOr(one, "no source named") }));
  const lines = sum(sources, "lines");
  const rejected = sum(sources, "rejected");
  return {
    title: "Lists that came in",
    headlines: [
      { title: "Lists", value: count(sum(sources, "imports")), note: "real and synthetic" },
      { title: "Lines", value: count(lines), note: "headers not counted" },
      {
        title: "Rejected",
        value: count(rejected),
        note: `${percent(rejected, lines)} of all lines`,
      },
    ],
    sections: [
      reasonsSection(
        named.map(({ name }) => name),
        reasons,
        rejects,
      ),
      {
        title: "Rejected by source",
        sentence: "How much of each source's lines was rejected.",
        plot: {
          kind: "bars",
          series: [""],
          palette: "tone",
          unit: undefined,
          rows: (rejected > 0 ? named : []).map((one) => ({
            name: one.name,
            text: `${percent(one.rejected, one.lines)} of ${counted(one.lines, "line")}`,
            parts: [[0, one.lines === 0 ? 0 : one.rejected / one.lines]],
          })),
        },
        table: {
          head: ["source", "lists", "lines", "rejected", "share"],
          rows: named.map((one) => [
            one.name,
            count(one.imports),
            count(one.lines),
            count(one.rejected),
            percent(one.rejected, one.lines),
          ]),
        },
      },
    ],
  };
}

function reasonsSection(
  sources: readonly string[],
  reasons: Report["reasons"],
  rejects: Report["rejects"],
): Section {
  const title = "Rejected by reason and source";
  if (reasons.length === 0) return { title, sentence: "No line was rejected." };
  const names = reasons.map((one) => calledOr(one, "unknown"));
  // The table has a column for each source, the plot only as many as there are colours.
  const told = sources.length > coloursMost ? coloursMost - 1 : sources.length;
  const rest = sources.length - told;
  const isTold = rejects.some(({ source }) => source >= told);
  return {
    title,
    sentence:
      "Lines that held no number that can be sold, by reason; the colours are sources. " +
      "What a reason means is in docs/reject-codes.md.",
    plot: {
      kind: "bars",
      palette: "series",
      series: [...sources.slice(0, told), ...(isTold ? [`${rest} more sources`] : [])],
      unit: "lines",
      rows: names.map((name, reason) => {
        const ours = rejects.filter((one) => one.reason === reason);
        const others = sum(
          ours.filter(({ source }) => source >= told),
          "lines",
        );
        return {
          name,
          text: count(sum(ours, "lines")),
          parts: [
            ...ours
              .filter(({ source }) => source < told)
              .map(({ source, lines }) => [source, lines] as const),
            ...(others > 0 ? [[told, others] as const] : []),
          ],
        };
      }),
    },
    table: pivot({
      head: "reason",
      series: sources,
      cells: rejects.map(({ source, reason, lines }) => ({
        day: undefined,
        place: source,
        value: lines,
        row: names[reason] ?? "",
      })),
      show: ({ value }) => count(value),
      total: "all",
    }),
  };
}

function daysPlot(cells: readonly Cell[], series: Series, { today }: Counted): PagePlot {
  const axis = axisOf(cells, today);
  return {
    kind: "days",
    series: series.names,
    ...axis,
    rows: cells.flatMap(({ day, place, value }) =>
      day === undefined ? [] : [[daysBetween(axis.from, day), place, value] as const],
    ),
  };
}

function daysTable(cells: readonly Cell[], series: Series, all: Counted): Table {
  return pivot({
    head: "day",
    series: series.names,
    cells: cells.map((cell) => ({ ...cell, row: rowOf(cell, all) })),
    show: ({ value }) => count(value),
    total: "all",
  });
}

/** Cells are sorted by day; those without one come first. */
function axisOf(cells: readonly Cell[], today: string): { from: string; to: string } {
  const days = cells.flatMap(({ day }) => day ?? []);
  const last = days.at(-1) ?? today;
  const to = last > today ? last : today;
  const from = shiftDay(to, 1 - daysLeast);
  return { from: days[0] !== undefined && days[0] < from ? days[0] : from, to };
}

function rowOf({ day }: Cell, { firstDay }: Counted): string {
  return day ?? `before ${firstDay}`;
}

/** What no plot shows and a table does. */
function untold(cells: readonly Cell[], { firstDay }: Counted): string {
  const older = sum(
    cells.filter(({ day }) => day === undefined),
    "value",
  );
  return older > 0 ? `${count(older)} of before ${firstDay} are only in the table.` : "";
}

/** Nine digits or more, however they are parted: somebody goes by a phone number. */
const phoneLike = /[+(]*\d(?:[ .()/-]{0,2}\d){8,}/g;

/** What a customer, source or reason is called on a page that has no phone number in it. */
function calledOr({ name, others }: { name: string | undefined; others: number }, none: string) {
  return others > 0 ? counted(others, "other") : (name?.replaceAll(phoneLike, "…") ?? none);
}

function sum<Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return rows.reduce((total, row) => total + row[key], 0);
}
