// @ts-check
/** Running commands as whole processes, measured from outside. Shared by the benchmark and the demo. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The binary that users run. */
export const binary = resolve(import.meta.dirname, "../bin/numbers.js");

/**
 * @typedef {{ code: number | null, stdout: string, stderr: string }} Outcome
 * @typedef {{ cwd?: string, home?: string, uid?: number, gid?: number }} Surroundings
 * @typedef {{ seconds: number, cpuSeconds?: number, peakBytes?: number, readBytes?: number }} Times
 * @typedef {Times & { stdout: string, stderr: string }} Measured
 */

/** @type {Set<import("node:child_process").ChildProcess>} */
const children = new Set();
let isStopping = false;

/** @param {import("node:child_process").ChildProcess} child */
async function stop(child) {
  const ended = once(child, "close");
  child.kill();
  await ended;
}

/** The binary is there and has been built; a newcomer gets the remedy instead of a stack. */
export function isBuilt() {
  return existsSync(resolve(import.meta.dirname, "../dist/main.js"));
}

/**
 * Runs `work` in a fresh folder that is removed at the end, an interrupt included.
 * @template T
 * @param {string} name
 * @param {(folder: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withTemporaryFolder(name, work) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.once(signal, async () => {
      // Whoever still runs, or starts now, would write into the folder again.
      isStopping = true;
      await Promise.all([...children].map(stop));
      remove();
      process.exit(128 + constants.signals[signal]);
    });
  }
  try {
    return await work(folder);
  } finally {
    remove();
  }
}

/**
 * Starts a program and keeps what it says; `ended` never fails for an exit code.
 * @param {readonly [string, ...string[]]} command
 * @param {Surroundings} [surroundings] `uid` and `gid` are for what must not run as root
 * @returns {{ child: import("node:child_process").ChildProcess | undefined, ended: Promise<Outcome> }}
 */
export function start([program, ...args], { cwd, home, uid, gid } = {}) {
  if (isStopping) return { child: undefined, ended: new Promise(() => {}) };
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith("NUMBERS_"));
  const env = { ...Object.fromEntries(inherited), ...(home ? { NUMBERS_HOME: home } : {}) };
  const child = spawn(program, args, { cwd, env, uid, gid, stdio: ["ignore", "pipe", "pipe"] });
  children.add(child);
  child.on("close", () => children.delete(child));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const ended = new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
  return { child, ended };
}

/**
 * Runs a program to its end and keeps what it said; never throws for an exit code.
 * @param {readonly [string, ...string[]]} command
 * @param {Surroundings} [surroundings]
 * @returns {Promise<Outcome>}
 */
export function run(command, surroundings) {
  return start(command, surroundings).ended;
}

const gnuTime = "/usr/bin/time";
const hasGnuTime =
  existsSync(gnuTime) && spawnSync(gnuTime, ["-f", "%M", "true"], { stdio: "ignore" }).status === 0;

let settles = true;

/** What the process before left to be written must not be paid for by the next one; unless no time is of interest. */
export function dontSettle() {
  settles = false;
}

/** How processor time and peak memory are measured here, for the report. */
export const method = hasGnuTime
  ? "wall time from spawn to exit; processor time and peak memory from GNU time (`/usr/bin/time`)"
  : "wall time from spawn to exit; processor time and peak memory from `process.resourceUsage()` as each process exits";

/**
 * Runs a Node script as a process of its own and measures it; throws when it fails, so that no failure is ever timed.
 * @param {readonly string[]} script path and arguments
 * @param {{ folder: string, home?: string, countsReads?: boolean, into?: string }} options
 *   `folder` is for the measurement's own files; `countsReads`: what the process read, as Linux counts it;
 *   `into`: a line of shell that gets its standard output
 * @returns {Promise<Measured>}
 */
export async function measure(script, { countsReads = false, into, ...options }) {
  const usage = join(options.folder, "usage.txt");
  const reads = join(options.folder, "reads.txt");
  rmSync(reads, { force: true });
  const preloads = [
    ...(hasGnuTime ? [] : [preloadOf(usage)]),
    ...(countsReads ? [readsTo(reads)] : []),
  ];
  const measured = await measureProgram([process.execPath, ...preloads, ...script], options, into);
  if (!countsReads) return measured;
  return {
    ...measured,
    readBytes: Number(/^rchar: (\d+)/m.exec(readFileSync(reads, "utf8"))?.[1]),
  };
}

/**
 * The same for any program. Without GNU time only Node scripts tell their processor time and peak memory.
 * @param {readonly [string, ...string[]]} command
 * @param {{ folder: string, home?: string }} options
 * @param {string} [into] a line of shell that gets its standard output
 * @returns {Promise<Measured>}
 */
export async function measureProgram(command, { folder, home }, into) {
  if (settles) spawnSync("sync");
  const usage = join(folder, "usage.txt");
  rmSync(usage, { force: true });
  /** @type {readonly [string, ...string[]]} */
  const timed = hasGnuTime ? [gnuTime, "-f", "%U %S %M", "-o", usage, ...command] : command;
  /** @type {readonly [string, ...string[]]} */
  const whole = into ? ["bash", "-c", `set -o pipefail; "$@" | ${into}`, "bash", ...timed] : timed;
  const started = performance.now();
  const { code, stdout, stderr } = await run(whole, { home });
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${command.join(" ")} exited ${code}: ${stderr || stdout}`);
  const line = existsSync(usage)
    ? readFileSync(usage, "utf8").trim().split("\n").at(-1)
    : undefined;
  const [user, system, peakKib] = (line ?? "").split(" ").map(Number);
  if (user === undefined || system === undefined || !peakKib) return { seconds, stdout, stderr };
  return { seconds, cpuSeconds: user + system, peakBytes: peakKib * 1024, stdout, stderr };
}

/** @param {string} code what a Node process does before anything else */
function preload(code) {
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}

/** @param {string} usage */
function preloadOf(usage) {
  return preload(`import { writeFileSync } from "node:fs";
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(${JSON.stringify(usage)}, [userCPUTime / 1e6, systemCPUTime / 1e6, maxRSS].join(" "));
});`);
}

/** @param {string} reads */
function readsTo(reads) {
  return preload(`import { readFileSync, writeFileSync } from "node:fs";
process.on("exit", () => writeFileSync(${JSON.stringify(reads)}, readFileSync("/proc/self/io")));`);
}

/** @param {number} value */
export function count(value) {
  return value.toLocaleString("en-US");
}
