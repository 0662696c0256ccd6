/** What `stats` shows to people: the pool as bars, what is left of each provider and for how long. Pure. */
import type { Categories } from "../engine/categories.ts";
import type { PoolCount, Stats } from "../engine/engine.ts";
import { type Fit, table } from "../table.ts";
import { pad, widthOf } from "../text.ts";
import { localTime } from "../time.ts";
import { count, counted, size } from "../words.ts";
import type { LastTimes, ProviderLine } from "./formats.ts";

export type Screen = {
  /** The terminal; undefined for a file or a pipe, whose reader is taken to have 80 columns. */
  readonly fit: Fit | undefined;
  /** What bars are made of: not taken, taken. */
  readonly blocks: readonly [string, string];
  readonly timeZone: string;
  readonly within: string;
};

/** Days that have a line for each provider; the older ones are one line. */
export const daysShown = 14;
/** A column may bring a thousand: the largest are for people, all of them for scripts. */
const categoriesShown = 20;
/** A shorter bar says nothing, a longer one no more. */
const barLeast = 8;
const barMost = 30;

export function statsScreen(
  stats: Stats,
  lines: readonly ProviderLine[],
  categories: Categories,
  last: LastTimes,
  screen: Screen,
): string {
  const parts = [
    ...(stats.pool.length > 0 ? [poolTable(stats.pool, screen)] : []),
    providerTable(lines, screen),
    ...(categories.length > 0 ? [categoryTable(categories, screen)] : []),
    closingLines(stats, last, screen),
  ];
  return `${parts.join("\n\n")}\n`;
}

function called({ provider, synthetic }: { provider: string; synthetic: boolean }): string {
  return synthetic ? `${provider} (synthetic)` : provider;
}

/** By day and provider, newest first; each day is named once. */
function poolTable(pool: readonly PoolCount[], { fit, blocks }: Screen): string {
  const columns = columnsOf(fit);
  const rows = poolRows(pool);
  const variants = [
    { head: ["day", "provider", "numbers", "not taken", "imports", "size"], start: 0 },
    // On a narrow screen what is there and what is left of it comes before how it came, and every year is this year.
    { head: ["day", "provider", "numbers", "not taken"], start: 0 },
    { head: ["day", "provider", "numbers", "not taken"], start: "2026-".length },
  ].map(({ head, start }) => {
    const cells = rows.map(({ day, cells }) => [
      day.startsWith("older") ? day : day.slice(start),
      ...cells.slice(0, head.length - 1),
    ]);
    return { head, cells };
  });
  const text = firstFitting(variants, fit);
  const width = widthOfTable(text);
  const barWidth = Math.min(columns - width - 2, barMost);
  if (barWidth < barLeast) return text;
  const most = Math.max(...rows.map(({ numbers }) => numbers));
  const legend = `${blocks[0]} free ${blocks[1]} taken`;
  const beside = [
    barWidth < legend.length ? "" : legend,
    ...rows.map(({ numbers, left }) => bar(left, numbers, most, barWidth, blocks)),
  ];
  return text
    .split("\n")
    .map((line, index) => `${pad(line, width, false)}  ${beside[index]}`.trimEnd())
    .join("\n");
}

type PoolRow = {
  readonly day: string;
  readonly cells: readonly string[];
  readonly numbers: number;
  readonly left: number;
};

function poolRows(pool: readonly PoolCount[]): PoolRow[] {
  const days = [...new Set(pool.map(({ date }) => date))].sort().reverse();
  const shown = new Set(days.slice(0, daysShown));
  const recent = pool.filter(({ date }) => shown.has(date));
  const older = pool.filter(({ date }) => !shown.has(date));
  const rows = recent.map((entry, index) => {
    const isFirst = recent[index - 1]?.date !== entry.date;
    return rowOf(isFirst ? entry.date : "", called(entry), [entry]);
  });
  if (older.length === 0) return rows;
  const past = counted(days.length - shown.size, "day");
  return [...rows, rowOf("older", past, older)];
}

function rowOf(day: string, provider: string, entries: readonly PoolCount[]): PoolRow {
  const sum = (pick: (entry: PoolCount) => number) =>
    entries.reduce((total, entry) => total + pick(entry), 0);
  const numbers = sum((entry) => entry.numbers);
  const left = sum((entry) => entry.numbers - entry.taken);
  const imports = count(sum((entry) => entry.imports));
  const bytes = size(sum((entry) => entry.bytes));
  return { day, cells: [provider, count(numbers), count(left), imports, bytes], numbers, left };
}

type Variant = { readonly head: readonly string[]; readonly cells: readonly (readonly string[])[] };

/** The first of several tables of the same that is no wider than the screen; else the last of them, cut. */
function firstFitting(variants: readonly Variant[], fit: Fit | undefined): string {
  const texts = variants.map(({ head, cells }) => table(head, cells));
  const last = variants.at(-1);
  return (
    texts.find((text) => widthOfTable(text) <= columnsOf(fit)) ??
    (last ? table(last.head, last.cells, fit) : "")
  );
}

/** Who reads a file or a pipe is taken to have 80. */
function columnsOf(fit: Fit | undefined): number {
  return fit?.columns ?? 80;
}

function widthOfTable(text: string): number {
  return Math.max(...text.split("\n").map(widthOf));
}

/**
 * What is not taken, and behind it what is, of a line as long as the largest of them. Something is never drawn as
 * nothing: the least there is has one block.
 */
export function bar(
  left: number,
  numbers: number,
  most: number,
  width: number,
  [free, taken]: Screen["blocks"],
): string {
  const blocksOf = (value: number) =>
    value > 0 ? Math.max(1, Math.round((value / Math.max(most, 1)) * width)) : 0;
  const all = blocksOf(numbers);
  const some = Math.min(blocksOf(left), left < numbers ? Math.max(all - 1, left > 0 ? 1 : 0) : all);
  return `${free.repeat(some)}${taken.repeat(all - some)}`;
}

function providerTable(lines: readonly ProviderLine[], { within, fit }: Screen): string {
  const isExact = lines.some(({ available }) => available !== undefined);
  const isAnyShort = lines.some(({ runsShort }) => runsShort);
  const columns: Readonly<Record<string, (line: ProviderLine) => string>> = {
    provider: called,
    pool: (line) => count(line.pool),
    sold: (line) => count(line.sold),
    suppressed: (line) => count(line.suppressed),
    [`left in ${within}`]: (line) => count(line.left),
    ...(isExact && { available: (line: ProviderLine) => count(line.available ?? 0) }),
    "sold a day": (line) => (line.soldPerDay > 0 ? count(Math.ceil(line.soldPerDay)) : "-"),
    lasts: (line) => lastsText(line.daysLeft),
    ...(isAnyShort && { "": (line: ProviderLine) => (line.runsShort ? "runs short" : "") }),
  };
  // What can be sold, and for how long, is what a narrow screen is for; who runs short is said below as well.
  const variants = [[], ["suppressed"], ["suppressed", "pool", "sold"], [...before, ""]].map(
    (dropped) => {
      const head = Object.keys(columns).filter((title) => !dropped.includes(title));
      return {
        head,
        cells: lines.map((line) => head.map((title) => columns[title]?.(line) ?? "")),
      };
    },
  );
  // A pipe has no width: it gets all.
  return firstFitting(fit ? variants : variants.slice(0, 1), fit);
}

/** Columns that tell what was. */
const before = ["suppressed", "pool", "sold", "sold a day"];

/** `1.5 days`, `40 days`; `-` while nothing is sold. */
function lastsText(days: number | undefined): string {
  if (days === undefined) return "-";
  // Cut, not rounded: nobody is promised more than there is.
  const shown = days < 10 ? (Math.floor(days * 10) / 10).toFixed(1) : count(Math.floor(days));
  return `${days > 999 ? "999+" : shown} days`;
}

/** One sentence for each provider that runs short, for the talk. */
export function shortages(lines: readonly ProviderLine[], within: string): string[] {
  return lines
    .filter(({ runsShort }) => runsShort)
    .map(
      (line) =>
        `${called(line)} runs short: ${count(line.left)} left in ${within}, ` +
        `${count(Math.ceil(line.soldPerDay))} sold a day`,
    );
}

function categoryTable(categories: Categories, { fit }: Screen): string {
  const rows = categories
    .slice(0, categoriesShown)
    .map((one) => [one.category, count(one.numbers), count(one.imports)]);
  const rest = categories.length - rows.length;
  const more = rest > 0 ? `\nand ${count(rest)} more: --json has them all` : "";
  return `${table(["category", "numbers", "imports"], rows, fit)}${more}`;
}

function closingLines(
  { ledger, orders }: Stats,
  { ingest, backup }: LastTimes,
  { timeZone }: Screen,
): string {
  const { numbers, oldest, newest } = ledger;
  const span =
    oldest && newest
      ? ` from ${localTime(oldest, timeZone)} to ${localTime(newest, timeZone)}`
      : "";
  const { reserved, delivered, cancelled } = orders;
  const time = (instant: Date | undefined) => (instant ? localTime(instant, timeZone) : "never");
  return (
    `ledger: ${counted(numbers, "sale")}${span}\n` +
    `orders: ${count(delivered)} delivered, ${count(reserved)} reserved, ${count(cancelled)} cancelled\n` +
    `last ingest: ${time(ingest)}, last backup: ${time(backup)}`
  );
}
