// @ts-check
/** What was measured, as a table and as the page of results. */
import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { resolve } from "node:path";
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

/**
 * @param {readonly Result[]} results
 * @param {object} run
 * @param {boolean} run.isFull
 * @param {boolean} run.isJudged
 * @param {string} run.command
 * @param {number} run.runs
 * @param {number} run.threads
 * @param {number} run.load before the start
 * @param {number} run.minutes
 * @param {readonly string[]} run.versions of the engines
 * @param {ReadonlySet<string>} run.skipped
 * @param {readonly string[]} run.missing cases that the run has not come to
 */
export function page(results, run) {
  const { isFull, command, runs, threads, load, minutes, versions, skipped, missing } = run;
  const manifest = JSON.parse(
    readFileSync(resolve(import.meta.dirname, "../package.json"), "utf8"),
  );
  const processors = cpus();
  const measured = results.flatMap((result) =>
    result.case.lines
      .filter((line) => lineOf(line, result, run) !== undefined)
      .map(({ title, ours, peer = "" }) => [title, ours, peer]),
  );
  return `# Benchmark results

Written by \`${command}\`; run it to have your own.${missing.length === 0 ? "" : `\n\nUnfinished: it had not come to ${missing.join(", ")}.`}

${table(results, run)}

Median of ${runs} (least–most); of start-up, of more. A ratio is ours over peer, of two processes that ran in the same round, one after the other, and
each round begins with another of them; below 1 ours is faster, or smaller. Processor time is user + system, median, and peak memory the highest of all
runs, both ours / peer.${isFull ? "" : "\nA goal with * is set for the full sizes (`npm run bench -- --full`); here it stands beside less data, where start-up weighs more."}
Every answer was checked before its time counted.

${aligned(["case", "ours", "peer"], measured)}

- Date: ${new Date().toISOString().slice(0, 10)}; it took ${Math.round(minutes)} minutes
- Machine: ${processors[0]?.model.trim() ?? "unknown processor"}, ${processors.length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}; load average before the start ${load.toFixed(2)}
- Versions: numbers ${manifest.version}, Node ${process.version}, ${versions.join(", ")}
- Measured: ${method}; ${threads} threads each. Of a reservation: from before the engine is loaded until its database is closed, by the process itself; of coreutils and PostgreSQL, whose server runs already, the whole command
${results
  .flatMap(({ facts }) => facts)
  .map((fact) => `- ${fact}`)
  .join("\n")}
${[...skipped].map((what) => `- Skipped: ${what}\n`).join("")}
Answers checked:

${results.map((result) => `- ${result.case.name}: ${result.case.checked}`).join("\n")}
`;
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
