// @ts-check
/**
 * The benchmark: whole processes, each of ours beside peers that do the same work on the same data in the same run, turn by
 * turn. A time counts once its answer was checked; a wrong answer ends the run with exit 1.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { query } from "./answers.js";
import { cases } from "./cases/all.js";
import { clickhouseVersion } from "./clickhouse.js";
import { contest, createLabs, say } from "./lab.js";
import { dontSettle, isBuilt, withTemporaryFolder } from "./measure.js";
import { postgresVersion } from "./postgres.js";
import { machine, page, peakOfOurs, summary, table } from "./report.js";
import { keep } from "./results.js";
import { sizes } from "./sizes.js";

const memoryCeiling = 2e9;

const usage = `Usage: node bench/run.js [--full | --smoke] [--rows N] [--runs N] [--only CASE[,CASE]]

  --full         the sizes that the goals are set for: 6 GB, 100 million sales; an hour or two, and 30 GB of disk
  --smoke        tiny data, one run, nothing that is installed apart: answers are checked, no file is written
  --rows N       rows of the source list (default 1000000)
  --runs N       how often each contestant is measured (default 3)
  --only CASES   some of them:
                 ${cases.map(({ name }) => name).join(", ")}

Each case is written to RESULTS.md and results.jsonl as soon as it is measured, in the place of what was there of it; with other
rows than the usual ones, or fewer than 3 runs, nothing is written.
`;

process.exitCode = await main();

async function main() {
  const options = readOptions();
  if (options === undefined || !isBuilt()) {
    process.stderr.write(options ? "not built yet: npm run build\n" : usage);
    return 2;
  }
  try {
    return await withTemporaryFolder("numbers-bench", (folder) => bench(folder, options));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

/** @typedef {{ kind: "smoke" | "usual" | "full", sizes: import("./sizes.js").Sizes, chosen: readonly import("./lab.js").Case[] }} Options */

/** @returns {Options | undefined} */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        full: { type: "boolean", default: false },
        smoke: { type: "boolean", default: false },
        rows: { type: "string" },
        runs: { type: "string" },
        only: { type: "string" },
      },
    });
    if (values.full && values.smoke) return undefined;
    const kind = values.full ? "full" : values.smoke ? "smoke" : "usual";
    const rows = Number(values.rows ?? sizes[kind].rows);
    const runs = Number(values.runs ?? sizes[kind].runs);
    const isWhole = rows >= 1_000 && rows % 100 === 0 && Number.isInteger(runs) && runs >= 1;
    const wanted = values.only?.split(",") ?? cases.map(({ name }) => name);
    const chosen = cases.filter(({ name }) => wanted.includes(name));
    if (!isWhole || chosen.length !== new Set(wanted).size) return undefined;
    return { kind, sizes: { ...sizes[kind], rows, runs }, chosen };
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder
 * @param {Options} options
 */
async function bench(folder, { kind, sizes: own, chosen }) {
  const load = loadavg()[0] ?? 0;
  const threads = availableParallelism();
  if (load > threads / 4) say(`this machine is busy (load ${load.toFixed(1)}): times will vary`);
  const isSmoke = kind === "smoke";
  if (isSmoke) dontSettle();
  /** @type {Set<string>} */
  const skipped = new Set();
  const labFor = createLabs(folder, own, { hasGuests: !isSmoke, skipped });
  /** @type {import("./report.js").Result[]} */
  const results = [];
  // On tiny data a process is mostly start-up.
  const run = { isFull: kind === "full", isJudged: !isSmoke };
  const isKept = !isSmoke && own.rows === sizes[kind].rows && own.runs >= sizes[kind].runs;
  const surroundings = { machine: machine(), versions: isKept ? await versions() : [] };
  const left = chosen.entries();
  const work = async () => {
    for (const [place, one] of left) {
      const started = performance.now();
      const result = { case: one, ...(await contest(labFor(one.name), one)) };
      results[place] = result;
      if (isSmoke) continue;
      // The whole takes hours: whatever ends it, this much is known.
      say(table([result], run));
      if (!isKept) continue;
      const all = keep({
        ...{ kind, case: one.name, date: new Date().toISOString().slice(0, 10) },
        minutes: (performance.now() - started) / 60_000,
        ...{ load, threads, ...surroundings, skipped: [...skipped] },
        ...{ figures: result.figures, facts: result.facts },
      });
      writeFileSync(resolve(import.meta.dirname, "RESULTS.md"), page(all));
    }
  };
  // Where times do not matter, two at once.
  await Promise.all(isSmoke ? [work(), work()] : [work()]);

  const peak = peakOfOurs(results);
  process.stdout.write(`${table(results, run)}\n\n`);
  for (const fact of isSmoke ? [] : results.flatMap(({ facts }) => facts)) say(fact);
  process.stdout.write(`${summary(peak, memoryCeiling)}\n`);
  if (isKept) say("written to bench/RESULTS.md");
  return peak < memoryCeiling ? 0 : 1;
}

/** Of the engines that took part. */
async function versions() {
  const [engine] = await query("select version() as version");
  const manifest = JSON.parse(
    readFileSync(resolve(import.meta.dirname, "../package.json"), "utf8"),
  );
  return [
    `numbers ${manifest.version}`,
    `Node ${process.version}`,
    `DuckDB ${engine?.version}`,
    ...(await clickhouseVersion()),
    ...(await postgresVersion()),
  ];
}
