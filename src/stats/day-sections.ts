/** Sections of the report by day and provider: the pool, how much of it was sold, how old the rest is, the sales. Pure. */
import { daysBetween, shiftDay } from "../days.ts";
import type { Stats } from "../engine/engine.ts";
import type { Report } from "../engine/report.ts";
import { count } from "../words.ts";
import type { PagePlot } from "./page-data.ts";
import { percent } from "./percent.ts";
import { type Counted, type Section, sum } from "./section.ts";
import { type Cell, pivot, type Series, type Table } from "./tables.ts";

/** A day of the axis at least that often: a single bar as wide as the page would look like a mistake. */
const daysLeast = 7;
type PoolDay = Stats["pool"][number] & { readonly day: string | undefined };

export function poolSection(pool: readonly PoolDay[], series: Series, all: Counted): Section {
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

export function sharesSection(pool: readonly PoolDay[], series: Series, all: Counted): Section {
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

export function agesSection(pool: readonly PoolDay[], series: Series, all: Counted): Section {
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

export function salesSection(sales: Report["sales"], series: Series, all: Counted): Section {
  const title = "Sales by day and provider";
  if (sales.length === 0) return { title, sentence: "Nothing was sold yet." };
  const cells = series.add(sales.map((one) => ({ ...one, value: one.numbers })));
  const elsewhere = sum(sales, "elsewhere");
  const others = elsewhere > 0 ? `${count(elsewhere)} of them were sold by another system. ` : "";
  return {
    title,
    sentence: `Numbers that were sold, by the day of the sale. ${others}${untold(cells, all)}`,
    plot: daysPlot(cells, series, all),
    table: daysTable(cells, series, all),
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
