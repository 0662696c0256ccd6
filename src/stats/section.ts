/** What a report is made of: parts with their headlines, and sections with a sentence, a plot and the table behind it. */
import type { Stats } from "../engine/engine.ts";
import type { Report } from "../engine/report.ts";
import type { PagePlot } from "./page-data.ts";
import type { Table } from "./tables.ts";

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

/** How many days, today among them, are recent: as long as the usual cooldown. */
export const recentDays = 30;

export function sum<Key extends string>(
  rows: readonly Readonly<Record<Key, number>>[],
  key: Key,
): number {
  return rows.reduce((total, row) => total + row[key], 0);
}
