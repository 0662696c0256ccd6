// @ts-check
/**
 * What was measured, kept beside the page that shows it: a line of JSON for each case and kind of run, so that a case can be
 * measured anew by itself. Each says when, where and by which versions.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { cases } from "./cases/all.js";

/**
 * @typedef {object} Kept one case as it was measured
 * @property {"usual" | "full"} kind
 * @property {string} case
 * @property {string} date UTC, `2026-11-28`
 * @property {number} minutes
 * @property {number} load average before the run
 * @property {number} threads
 * @property {string} machine
 * @property {readonly string[]} versions
 * @property {Record<string, import("./lab.js").Figures[]>} figures of each contestant, by round
 * @property {readonly string[]} facts
 * @property {readonly string[]} skipped
 */

const file = resolve(import.meta.dirname, "results.jsonl");

/** In the order of the page. @returns {Kept[]} */
function keptResults() {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

/** Puts a result in the place of the one before it. @param {Kept} result @returns {Kept[]} all of them */
export function keep(result) {
  const isOther = (/** @type {Kept} */ one) => one.kind !== result.kind || one.case !== result.case;
  const placeOf = (/** @type {Kept} */ one) => cases.findIndex(({ name }) => name === one.case);
  const all = [...keptResults().filter(isOther), result]
    .filter((one) => placeOf(one) >= 0)
    .sort((a, b) => a.kind.localeCompare(b.kind) || placeOf(a) - placeOf(b));
  writeFileSync(file, all.map((one) => `${JSON.stringify(one, withoutOutput)}\n`).join(""));
  return all;
}

/** What the processes said is not kept. @param {string} key @param {unknown} value */
function withoutOutput(key, value) {
  return key === "stdout" || key === "stderr" ? undefined : value;
}
