// @ts-check
/** What was measured, as a table and as the page of results. */
import { cpus, release, totalmem, type } from "node:os";
import { cases } from "./cases/all.js";
import { megabytes } from "./lab.js";
import { method } from "./measure.js";

/**
 * @typedef {import("./lab.js").Figures} Figures
 * @typedef {import("./lab.js").Line} Line
 * @typedef {object} Result of one case
 * @property {import("./lab.js").Case} case
 * @property {Record<string, Figures[]>} figures of each contestant, by round
 * @property {readonly string[]} facts
 */

/** @param {readonly number[]} values */
function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const of = (/** @type {number} */ index) => sorted[index] ?? Number.NaN;
  const median =
    sorted.length % 2 === 1 ? of(Math.floor(middle)) : (of(middle - 1) + of(middle)) / 2;
  return { median, least: of(0), most: of(sorted.length - 1) };
}

/** @param {readonly number[]} values @param {(value: number) => string} [write] */
function written(values, write = (value) => value.toFixed(2)) {
  const { median, least, most } = spread(values);
  if (values.length === 1 || least === most) return write(median);
  return `${write(median)} (${write(least)}–${write(most)})`;
}

const inMegabytes = (/** @type {number} */ bytes) =>
  (bytes / 1e6).toFixed(bytes > 0 && bytes < 10e6 ? 1 : 0);

/** @param {readonly Figures[]} taken @param {keyof Figures} what */
function valuesOf(taken, what) {
  return taken.map((one) => one[what]).filter((value) => value !== undefined);
}

/**
 * One line of the table, or nothing where a contestant was not there.
 * @param {Line} line
 * @param {Result} result
 * @param {{ isFull: boolean, isJudged: boolean }} run
 */
function lineOf(line, { figures }, { isFull, isJudged }) {
  const { title, of, against, figure = "seconds", goal } = line;
  const ours = figures[of] ?? [];
  const peer = against === undefined ? undefined : (figures[against] ?? []);
  const own = valuesOf(ours, figure);
  const others = peer && valuesOf(peer, figure);
  if (own.length === 0 || others?.length === 0) return undefined;
  const ratios = others && own.map((value, round) => value / (others[round] ?? Number.NaN));

  const isTime = figure === "seconds" || figure === "stepSeconds";
  const [unit, write] = isTime ? ["s", undefined] : ["MB", inMegabytes];
  /** Of the whole processes, ours / peer. @param {keyof Figures} what @param {(values: number[]) => string} say */
  const both = (what, say) =>
    [ours, ...(peer ? [peer] : [])]
      .map((taken) => valuesOf(taken, what))
      .map((values) => (values.length === 0 ? "–" : say(values)))
      .join(" / ");
  return [
    title,
    ratios ? written(ratios) : "",
    ...(goal === undefined || !isJudged
      ? ["", ""]
      : [
          `≤ ${ratios || isTime ? goal : `${inMegabytes(goal)} MB`}${isFull || line.isForAnySize ? "" : "*"}`,
          spread(ratios ?? own).median <= goal ? "met" : "NOT met",
        ]),
    `${written(own, write)} ${unit}`,
    others ? `${written(others, write)} ${unit}` : "",
    figure === "seconds" ? both("cpuSeconds", (values) => spread(values).median.toFixed(2)) : "",
    isTime ? both("peakBytes", (values) => inMegabytes(Math.max(...values))) : "",
  ];
}

const head = ["case", "ratio", "goal", "", "ours", "peer", "processor, s", "peak memory, MB"];

/** @param {readonly Result[]} results @param {{ isFull: boolean, isJudged: boolean }} run */
export function table(results, run) {
  const lines = results.flatMap((result) =>
    result.case.lines.map((line) => lineOf(line, result, run)),
  );
  return aligned(
    head,
    lines.filter((line) => line !== undefined),
  );
}

/**
 * A Markdown table that reads well as it is, laid out as the formatter would.
 * @param {readonly string[]} titles
 * @param {readonly (readonly string[])[]} texts
 */
function aligned(titles, texts) {
  const rows = texts.map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")));
  const widths = titles.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const rule = widths.map((width) => "-".repeat(width));
  return [titles, rule, ...rows]
    .map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** What the two kinds of run are called on the page. The goals are set for the first. */
const kinds = /** @type {const} */ ({ full: "Full sizes", usual: "Usual sizes" });

/**
 * The page of everything that was measured, each kind of run by itself.
 * @param {readonly import("./results.js").Kept[]} all
 */
export function page(all) {
  const shown = all.flatMap((kept) => {
    const one = cases.find(({ name }) => name === kept.case);
    return one ? [{ ...kept, case: one }] : [];
  });
  const words = new Map(
    shown.flatMap((result) =>
      result.case.lines
        .filter((line) => lineOf(line, result, { isFull: true, isJudged: true }) !== undefined)
        .map(({ title, ours, peer = "" }) => [title, [title, ours, peer]]),
    ),
  );
  const checked = new Map(shown.map(({ case: { name, checked: what } }) => [name, what]));
  return `# Benchmark results

Written by \`npm run bench\` and \`npm run bench -- --full\`, case by case; run it to have your own.

Medians (least–most). A ratio is ours over peer, of two processes that ran in the same round, one after the other, and
each round begins with another of them; below 1 ours is faster, or smaller. Processor time is user + system, median, and peak memory the highest of all
runs, both ours / peer. Every answer was checked before its time counted.
${Object.entries(kinds)
  .map(([kind, title]) =>
    section(
      title,
      kind,
      shown.filter((result) => result.kind === kind),
    ),
  )
  .join("")}
## What was compared

${aligned(["case", "ours", "peer"], [...words.values()])}

Measured: ${method}. Of a reservation: from before the engine is loaded until its database is closed, by the process itself; of coreutils and PostgreSQL, whose server runs already, the whole command.

Answers checked:

${[...checked].map(([name, what]) => `- ${name}: ${what}`).join("\n")}
`;
}

/**
 * @param {string} title
 * @param {string} kind
 * @param {readonly (Omit<import("./results.js").Kept, "case"> & Result)[]} results
 */
function section(title, kind, results) {
  if (results.length === 0) return "";
  const missing = cases.filter(({ name }) => !results.some((result) => result.case.name === name));
  const bullets = [
    ...grouped(results, ({ machine, threads }) => `Machine: ${machine}; ${threads} threads each`),
    ...grouped(results, ({ versions }) => `Versions: ${versions.join(", ")}`),
    ...new Set(results.flatMap(({ skipped }) => skipped.map((what) => `Skipped: ${what}`))),
    ...results.flatMap(({ facts }) => facts),
  ];
  const run = { isFull: kind === "full", isJudged: true };
  const when = results.map(({ case: { name }, date, figures, minutes, load }) => {
    const rounds = Math.max(...Object.values(figures).map((taken) => taken.length));
    return [name, date, String(rounds), minutes.toFixed(1), load.toFixed(2)];
  });
  return `
## ${title}

${table(results, run)}
${run.isFull ? "" : "\nA goal with * is set for the full sizes; here it stands beside less data, where start-up weighs more.\n"}${missing.length === 0 ? "" : `\nNot measured at these sizes: ${missing.map(({ name }) => name).join(", ")}.\n`}
${aligned(["case", "measured on", "rounds", "minutes", "load before the run"], when)}

${bullets.map((line) => `- ${line}`).join("\n")}
`;
}

/**
 * A line for all results of which it is the same; where they differ, with the cases that it is true of.
 * @template {{ case: { name: string } }} T
 * @param {readonly T[]} results
 * @param {(result: T) => string} lineFor
 */
function grouped(results, lineFor) {
  const lines = [...new Set(results.map(lineFor))];
  const [only] = lines;
  if (lines.length === 1 && only !== undefined) return [only];
  return lines.map((line) => {
    const names = results.filter((result) => lineFor(result) === line).map((one) => one.case.name);
    return `${line} (${names.join(", ")})`;
  });
}

/** This machine, for the page. */
export function machine() {
  const processors = cpus();
  return `${processors[0]?.model.trim() ?? "unknown processor"}, ${processors.length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}`;
}

/** The highest peak of our own processes. @param {readonly Result[]} results */
export function peakOfOurs(results) {
  const own = results.filter((result) => !result.case.hasServer);
  const peaks = own.flatMap(({ case: { lines }, figures }) =>
    lines.flatMap(({ of }) => (figures[of] ?? []).map(({ peakBytes = 0 }) => peakBytes)),
  );
  return Math.max(0, ...peaks);
}

/** @param {number} peak @param {number} ceiling */
export function summary(peak, ceiling) {
  const verdict = peak < ceiling ? "below" : "NOT BELOW";
  return `Every answer was checked. Peak memory of ours: ${megabytes(peak)}, ${verdict} the ceiling of ${megabytes(ceiling)}.`;
}
