/**
 * The report's page in the browser: draws a plot into each figure, as wide as the figure is, from the JSON in the page. The
 * build bundles it with Observable Plot into dist/report/page.js. Colours are the style sheet's, so that dark mode and print
 * need no redrawing.
 */
import {
  axisX,
  axisY,
  barX,
  type Markish,
  plot,
  rectY,
  ruleX,
  ruleY,
  text,
} from "@observablehq/plot";
import { daysBetween } from "../../days.ts";
import type { AgesPlot, BarsPlot, DaysPlot, PagePlot, SharesPlot } from "../page-data.ts";
import { percent } from "../percent.ts";

const dayMs = 86_400_000;
/** Fields of a share: none, then a step for each quarter. */
const steps = ["none", "up to 25 %", "to 50 %", "to 75 %", "to 100 %"] as const;

const style = { fontSize: "12px", overflow: "visible" };
const whole = new Intl.NumberFormat("en-US");
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const dayName = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  ...{ weekday: "short", day: "numeric", month: "short", year: "numeric" },
});

const plots: readonly PagePlot[] = JSON.parse(
  document.getElementById("plots")?.textContent ?? "[]",
);
document.querySelectorAll<HTMLElement>("figure[data-plot]").forEach((figure) => {
  const shown = plots[Number(figure.dataset.plot)];
  if (shown === undefined) return;
  let width = 0;
  new ResizeObserver(() => {
    // The height follows from the width, so only a new width is news.
    if (figure.clientWidth === width || figure.clientWidth === 0) return;
    width = figure.clientWidth;
    figure.replaceChildren(...legendOf(shown), draw(shown, width));
  }).observe(figure);
});

function draw(shown: PagePlot, width: number): Element {
  switch (shown.kind) {
    case "days":
      return drawDays(shown, width);
    case "shares":
      return drawShares(shown, width);
    case "ages":
      return drawAges(shown, width);
    case "bars":
      return drawBars(shown, width);
  }
}

/** The series that are drawn. One without a name needs none: there is no other. */
function legendOf(shown: PagePlot): Element[] {
  const { names, palette, places } = entriesOf(shown);
  const entries = places.filter((place) => names[place]);
  if (entries.length === 0) return [];
  const list = document.createElement("ul");
  list.className = "legend";
  for (const place of entries) {
    const item = document.createElement("li");
    const swatch = document.createElement("i");
    swatch.style.background = colour(place, palette);
    item.append(swatch, names[place] ?? "");
    list.append(item);
  }
  return [list];
}

function entriesOf(shown: PagePlot) {
  if (shown.kind === "shares") {
    return { names: steps, palette: "step", places: steps.map((_, step) => step) };
  }
  const names = shown.series;
  if (shown.kind === "bars") {
    const places = usedOf(shown.rows.flatMap(({ parts }) => parts.map(([place]) => place)));
    return { names, palette: shown.palette, places };
  }
  return { names, palette: "series", places: usedOf(shown.rows.map(([, place]) => place)) };
}

function usedOf(places: readonly number[]): number[] {
  return [...new Set(places)].sort((one, other) => one - other);
}

function drawDays({ series, from, to, rows }: DaysPlot, width: number): Element {
  const marginLeft = 48;
  const days = daysOf(from, to);
  const room = (width - marginLeft) / days;
  const bars = joined(rows, days, room).map(({ start, end, place, values: [numbers = 0] }) => ({
    from: dateOf(from, start),
    until: dateOf(from, end),
    numbers,
    fill: colour(place),
    title: `${spanName(from, start, end)}\n${series[place]}: ${whole.format(numbers)}`,
  }));
  return plot({
    width,
    height: 260,
    marginLeft,
    marginBottom: columnNote(room) ? 48 : 30,
    style,
    x: dayScale(from, to),
    y: { grid: true, label: null, tickFormat: short.format, ticks: 5 },
    color: { type: "identity" },
    marks: [
      dayAxis(from, to, width - marginLeft),
      rectY(bars, {
        ...{ x1: "from", x2: "until", y: "numbers", fill: "fill", title: "title", tip: true },
        ...gaps(room),
      }),
      ruleY([0]),
    ],
  });
}

function drawShares({ series, from, to, rows }: SharesPlot, width: number): Element {
  const places = usedOf(rows.map(([, place]) => place));
  const longest = Math.max(...places.map((place) => series[place]?.length ?? 0));
  const marginLeft = 12 + 7 * Math.min(18, longest);
  const days = daysOf(from, to);
  const room = (width - marginLeft) / days;
  const fields = joined(rows, days, room).map(({ start, end, place, values }) => {
    const [numbers = 0, taken = 0] = values;
    const step = stepOf(taken / numbers);
    return {
      from: dateOf(from, start),
      until: dateOf(from, end),
      middle: dateOf(from, (start + end) / 2),
      place,
      fill: colour(step, "step"),
      ink: colour(step, "step-ink"),
      share: percent(taken, numbers),
      title:
        `${spanName(from, start, end)}, ${series[place]}\n` +
        `${percent(taken, numbers)} sold: ${whole.format(taken)}\nof ${whole.format(numbers)}`,
    };
  });
  const marks: Markish[] = [
    dayAxis(from, to, width - marginLeft),
    axisY({
      tickSize: 0,
      label: null,
      tickFormat: (place: number) => series[place] ?? "",
      lineWidth: marginLeft / 12,
      textOverflow: "ellipsis",
    }),
    barX(fields, {
      ...{ x1: "from", x2: "until", y: "place", fill: "fill", title: "title", tip: true },
      ...gaps(room),
      insetTop: 1,
      insetBottom: 1,
    }),
  ];
  if (room > 44) marks.push(text(fields, { x: "middle", y: "place", text: "share", fill: "ink" }));
  return plot({
    width,
    height: 34 * places.length + (columnNote(room) ? 56 : 38),
    marginTop: 4,
    marginLeft,
    marginBottom: columnNote(room) ? 52 : 34,
    style,
    x: dayScale(from, to),
    y: { domain: places, padding: 0.05 },
    color: { type: "identity" },
    marks,
  });
}

function drawAges({ series, window, windowText, rows }: AgesPlot, width: number): Element {
  const oldest = Math.max(6, window, ...rows.map(([age]) => age)) + 1;
  const room = (width - 48) / oldest;
  const bars = joined(rows, 0, room).map(({ start, end, place, values: [numbers = 0] }) => ({
    from: start,
    until: Math.min(end, oldest),
    numbers,
    fill: colour(place),
    title: `${ageName(start, end)}\n${series[place]}: ${whole.format(numbers)} left`,
  }));
  const ages = Array.from({ length: oldest }, (_, age) => age);
  const every = Math.ceil(oldest / (width / 36));
  return plot({
    width,
    height: 270,
    marginTop: 34,
    marginLeft: 48,
    marginBottom: 40,
    style,
    x: { domain: [0, oldest] },
    y: { grid: true, label: null, tickFormat: short.format, ticks: 5 },
    color: { type: "identity" },
    marks: [
      axisX(
        ages.filter((age) => age % every === 0).map((age) => age + 0.5),
        {
          tickFormat: (middle: number) => String(Math.floor(middle)),
          tickSize: 0,
          ...axisLabel(["age in days", columnNote(room)].filter(Boolean).join("; ")),
        },
      ),
      rectY(bars, {
        ...{ x1: "from", x2: "until", y: "numbers", fill: "fill", title: "title", tip: true },
        ...gaps(room),
      }),
      ruleY([0]),
      ruleX([window], { stroke: "currentColor", strokeDasharray: "4 3" }),
      text([window], {
        x: (at: number) => at,
        frameAnchor: "top",
        textAnchor: window > oldest / 2 ? "end" : "start",
        dx: window > oldest / 2 ? -6 : 6,
        dy: -20,
        text: () => `orders look back ${windowText}`,
      }),
    ],
  });
}

function drawBars({ series, palette, unit, rows }: BarsPlot, width: number): Element {
  const parts = rows.flatMap(({ name, parts }, row) =>
    parts.map(([place, value]) => ({
      row,
      value,
      fill: colour(place, palette),
      title: [name, series[place], unit ? `${whole.format(value)} ${unit}` : percent(value, 1)]
        .filter((line, at, all) => line !== undefined && line !== "" && all.indexOf(line) === at)
        .join("\n"),
    })),
  );
  const line = { y: "row", dy: -10, lineHeight: 1 };
  // A name gets what its figures leave of the line; a letter is about 7 pixels, an em 12.
  const longest = Math.max(...rows.map((row) => row.text.length));
  const room = Math.max(8, (width - 7 * longest - 16) / 12);
  return plot({
    width,
    height: 40 * rows.length + 4,
    margin: 0,
    marginBottom: 4,
    style,
    x: { axis: null, label: null },
    y: { axis: null, domain: rows.map((_, row) => row), padding: 0 },
    color: { type: "identity" },
    marks: [
      barX(parts, {
        ...{ y: "row", x: "value", fill: "fill", title: "title", tip: true },
        ...{ insetTop: 20, insetBottom: 8, insetRight: 0.5 },
      }),
      text(rows, {
        ...line,
        y: (_, row: number) => row,
        text: "name",
        frameAnchor: "left",
        textAnchor: "start",
        lineWidth: room,
        textOverflow: "ellipsis",
      }),
      text(rows, {
        ...line,
        y: (_, row: number) => row,
        text: "text",
        frameAnchor: "right",
        textAnchor: "end",
        fontVariant: "tabular-nums",
      }),
    ],
  });
}

function dayScale(from: string, to: string) {
  return {
    type: "utc" as const,
    domain: [dateOf(from), dateOf(from, daysOf(from, to))],
    label: null,
  };
}

/** How many days a bar is: a week where there is less than 3 pixels for a day. */
function daysPerBar(room: number): number {
  return room < 3 ? 7 : 1;
}

function columnNote(room: number): string | null {
  return daysPerBar(room) === 1 ? null : "a column is seven days";
}

function axisLabel(label: string | null) {
  return { label, labelAnchor: "center" as const, labelArrow: "none" as const };
}

type Bar = {
  /** Days since the first of the axis; `end` is the first day after the bar. */
  readonly start: number;
  readonly end: number;
  readonly place: number;
  readonly values: readonly number[];
};

/** Rows of `[day, series, …values]` as bars; where bars are weeks, `edge` is where one begins or ends. */
function joined(rows: readonly (readonly number[])[], edge: number, room: number): Bar[] {
  const length = daysPerBar(room);
  const bars = new Map<string, Bar>();
  for (const [day = 0, place = 0, ...values] of rows) {
    const start = edge + Math.floor((day - edge) / length) * length;
    const known = bars.get(`${start} ${place}`);
    bars.set(`${start} ${place}`, {
      start: Math.max(0, start),
      end: start + length,
      place,
      values: values.map((value, at) => value + (known?.values[at] ?? 0)),
    });
  }
  // Parts of a bar are stacked in the order that they come in.
  return [...bars.values()].sort(
    (one, other) => one.start - other.start || one.place - other.place,
  );
}

/** A tick below the middle of its day: each one, or as many as find room. */
function dayAxis(from: string, to: string, width: number): Markish {
  const days = daysOf(from, to);
  const every = Math.ceil(days / (width / 44));
  // Counted from the last day, which is the one that people look for.
  const shown = Array.from({ length: days }, (_, day) => day)
    .filter((day) => (days - 1 - day) % every === 0)
    .map((day) => dateOf(from, day + 0.5));
  let month = "";
  const labels = new Map(
    shown.map((day) => {
      const name = day.toLocaleDateString("en-US", { timeZone: "UTC", month: "short" });
      const isNew = name !== month;
      month = name;
      return [day.getTime(), `${day.getUTCDate()}${isNew ? `\n${name}` : ""}`];
    }),
  );
  return axisX(shown, {
    tickFormat: (day: Date) => labels.get(day.getTime()) ?? "",
    tickSize: 0,
    ...axisLabel(columnNote(width / days)),
  });
}

/** Bars stand apart where there is room for it. */
function gaps(room: number): { insetLeft: number; insetRight: number } {
  const inset = room > 8 ? 1 : room > 3 ? 0.5 : 0;
  return { insetLeft: inset, insetRight: inset };
}

/** The instant so many days after the beginning of a day, in UTC: every axis is one of days alone. */
function dateOf(day: string, days = 0): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs);
}

function spanName(from: string, start: number, end: number): string {
  const first = dayName.format(dateOf(from, start));
  return end - start === 1 ? first : `${end - start} days from ${first}`;
}

/** How many days an axis has: the first and the last are counted. */
function daysOf(from: string, to: string): number {
  return daysBetween(from, to) + 1;
}

function ageName(start: number, end: number): string {
  if (end - start > 1) return `${start} to ${end - 1} days old`;
  if (start === 0) return "today's";
  return start === 1 ? "a day old" : `${start} days old`;
}

function stepOf(share: number): number {
  return share <= 0 ? 0 : Math.min(4, Math.max(1, Math.ceil(share * 4)));
}

function colour(place: number, palette = "series"): string {
  return `var(--${palette}-${place})`;
}
