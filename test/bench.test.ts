/** The demonstration and the benchmark run, on little data; they check their own answers, nothing here is timed. */
import { readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { run } from "../bench/measure.js";

const bench = resolve(import.meta.dirname, "../bench");

const script = (name: string, ...args: string[]) =>
  run([process.execPath, resolve(bench, name), ...args]);

const filesWithTimes = () =>
  readdirSync(bench, { recursive: true })
    .map(String)
    .map((name) => [name, statSync(resolve(bench, name)).mtimeMs]);

test("the demonstration shows two orders that share no number", async () => {
  const { code, stdout, stderr } = await script("demo.js", "--rows", "30000");
  expect(stderr).toBe("");
  expect(stdout).toContain("$ numbers generate --rows 20000 --seed 1 -o first.csv\n");
  expect(stdout).toContain("alfa.csv: 2,000 rows, 2,000 different phones\n");
  expect(stdout).toContain("beta.csv: 2,000 rows, 2,000 different phones\n");
  expect(stdout).toContain("\nin both: 0\n");
  expect(stdout).toContain("left out: 4,000 sold");
  expect(stdout).toContain("all promises hold");
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^As promised: 4,000 numbers sold in two/);
  expect(code).toBe(0);
});

// Some sixty processes, 30 s on two idle cores.
test("the smoke benchmark checks its answers and writes no file", {
  timeout: 600_000,
}, async () => {
  const before = filesWithTimes();
  const { code, stdout, stderr } = await script("run.js", "--smoke");
  expect(stderr).not.toContain("wrong answer");
  for (const name of [
    "ingest",
    "ingest, three times the rows",
    "dirty",
    "phone cells, left over",
    "generate",
    "reserve",
    "reserve, newest first",
    "order",
    "order, to a pipe",
    "growth, gone",
    "filters",
    "order, chosen",
    "order during an ingest",
    "start-up",
  ]) {
    expect(stdout).toMatch(new RegExp(`^\\| ${name} +\\| \\d+\\.\\d\\d `, "m"));
  }
  expect(stdout).toContain("Every answer was checked.");
  expect(code).toBe(0);
  expect(filesWithTimes()).toEqual(before);
});

test.each([
  ["demo.js", "--rows", "many"],
  ["run.js", "--rows", "1.5"],
  ["run.js", "--fast"],
  ["run.js", "--full", "--smoke"],
  ["run.js", "--only", "order,orders"],
])("%s %s is refused with its usage", async (name, ...args) => {
  const { code, stderr } = await script(name, ...args);
  expect(stderr).toContain(`Usage: node bench/${name}`);
  expect(code).toBe(2);
});
