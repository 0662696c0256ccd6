/**
 * What the report's page draws: written into the page as JSON by `report.ts`, read by `page/plots.ts` in the browser. Series
 * are named by their places in `series`, because names come from strangers and need not differ.
 */

/** Stacked bars of numbers, a bar for each day. */
export type DaysPlot = {
  readonly kind: "days";
  readonly series: readonly string[];
  /** The first and the last day of the axis, YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  /** Days since the first, series, numbers; by day and series. */
  readonly rows: readonly (readonly [number, number, number])[];
};

/** A field for each day and series: how much of it was taken. */
export type SharesPlot = {
  readonly kind: "shares";
  readonly series: readonly string[];
  readonly from: string;
  readonly to: string;
  /** Days since the first, series, numbers, taken. */
  readonly rows: readonly (readonly [number, number, number, number])[];
};

/** Stacked bars of numbers, a bar for each day of age. */
export type AgesPlot = {
  readonly kind: "ages";
  readonly series: readonly string[];
  /** How far orders look back, in days, and in the user's words. */
  readonly window: number;
  readonly windowText: string;
  /** Age in days, series, numbers; by age and series. */
  readonly rows: readonly (readonly [number, number, number])[];
};

/** A bar for each name, its parts side by side. */
export type BarsPlot = {
  readonly kind: "bars";
  readonly series: readonly string[];
  /** Colours that tell names apart, or tones of one colour. */
  readonly palette: "series" | "tone";
  /** What a part counts, such as `numbers`; undefined: a share of 1. */
  readonly unit: string | undefined;
  readonly rows: readonly {
    readonly name: string;
    /** What stands at the end of the name's line. */
    readonly text: string;
    /** Series, value. */
    readonly parts: readonly (readonly [number, number])[];
  }[];
};

export type PagePlot = DaysPlot | SharesPlot | AgesPlot | BarsPlot;

/** The most colours a page tells apart; the last one is for the others together, where there are more. */
export const coloursMost = 9;
