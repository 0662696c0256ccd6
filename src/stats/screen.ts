/** What `stats` shows to people: the pool as bars, what is left of each provider and for how long. Pure. */
import type { Categories } from "../engine/categories.ts";
import type { PoolCount, Stats } from "../engine/engine.ts";
import { count, counted, size, table } from "../terminal.ts";
import { localTime } from "../time.ts";
import type { LastTimes, ProviderLine } from "./formats.ts";

export type Screen = {
  /** Of the terminal, or what a mail is wrapped at. */
  readonly columns: number;
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
    ...(categories.length > 0 ? [categoryTable(categories)] : []),
    closingLines(stats, last, screen),
  ];
  return `${parts.join("\n\n")}\n`;
}

function called({ provider, synthetic }: { provider: string; synthetic: boolean }): string {
  return synthetic ? `${provider} (synthetic)` : provider;
}

/** By day and provider, newest first; each day is named once. */
function poolTable(pool: readonly PoolCount[], { columns, blocks }: Screen): string {
  const days = [...new Set(pool.map(({ date }) => date))].sort().reverse();
  const shown = new Set(days.slice(0, daysShown));
  const recent = pool.filter(({ date }) => shown.has(date));
  const older = pool.filter(({ date }) => !shown.has(date));
  const cellsOf = (day: string, provider: string, entries: readonly PoolCount[]) => {
    const sum = (pick: (entry: PoolCount) => number) =>
      entries.reduce((total, entry) => total + pick(entry), 0);
    const numbers = sum((entry) => entry.numbers);
    const left = sum((entry) => entry.numbers - entry.taken);
    return {
      cells: [
        day,
        provider,
        count(numbers),
        count(left),
        count(sum((entry) => entry.imports)),
        size(sum((entry) => entry.bytes)),
      ],
      numbers,
      left,
    };
  };
  const rows = recent.map((entry, index) => {
    const isFirst = recent[index - 1]?.date !== entry.date;
    return cellsOf(isFirst ? entry.date : "", called(entry), [entry]);
  });
  if (older.length > 0) {
    const past = days.length - shown.size;
    rows.push(cellsOf("older", past === 1 ? "1 day" : `${count(past)} days`, older));
  }
  const head = ["day", "provider", "numbers", "not taken", "imports", "size"];
  // On a narrow screen what is there and what is left of it comes before how it came.
  const fitting = [6, 4].map((most) => {
    const text = table(
      head.slice(0, most),
      rows.map(({ cells }) => cells.slice(0, most)),
    );
    return { text, width: Math.max(...text.split("\n").map((line) => line.length)) };
  });
  const [wide, narrow] = fitting;
  const chosen = wide && wide.width <= columns ? wide : narrow;
  if (!chosen) return "";
  const barWidth = Math.min(columns - chosen.width - 2, barMost);
  if (barWidth < barLeast) return chosen.text;
  const most = Math.max(...rows.map(({ numbers }) => numbers));
  const bars = rows.map(({ numbers, left }) => bar(left, numbers, most, barWidth, blocks));
  const legend = `${blocks[0]} free ${blocks[1]} taken`;
  const [heading = "", ...rest] = chosen.text.split("\n");
  const withBars = rest.map((line, index) => `${line.padEnd(chosen.width)}  ${bars[index]}`);
  const first = barWidth < legend.length ? heading : `${heading.padEnd(chosen.width)}  ${legend}`;
  return [first, ...withBars].join("\n");
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

function providerTable(lines: readonly ProviderLine[], { within }: Screen): string {
  const isExact = lines.some(({ available }) => available !== undefined);
  const isAnyShort = lines.some(({ runsShort }) => runsShort);
  const rows = lines.map((line) => [
    called(line),
    count(line.pool),
    count(line.sold),
    count(line.suppressed),
    count(line.left),
    ...(isExact ? [count(line.available ?? 0)] : []),
    line.soldPerDay > 0 ? count(Math.ceil(line.soldPerDay)) : "-",
    lastsText(line.daysLeft),
    ...(isAnyShort ? [line.runsShort ? "runs short" : ""] : []),
  ]);
  const head = [
    "provider",
    "pool",
    "sold",
    "suppressed",
    `left in ${within}`,
    ...(isExact ? ["available"] : []),
    "sold a day",
    "lasts",
    ...(isAnyShort ? [""] : []),
  ];
  return table(head, rows);
}

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

function categoryTable(categories: Categories): string {
  const rows = categories
    .slice(0, categoriesShown)
    .map((one) => [one.category, count(one.numbers), count(one.imports)]);
  const rest = categories.length - rows.length;
  const more = rest > 0 ? `\nand ${count(rest)} more: --json has them all` : "";
  return `${table(["category", "numbers", "imports"], rows)}${more}`;
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
