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
 * @typedef {{ seconds: number, cpuSeconds: number, peakBytes: number, stdout: string }} Measured
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
 * Runs a program to its end and keeps what it said; never throws for an exit code.
 * @param {readonly [string, ...string[]]} command
 * @param {{ cwd?: string, home?: string }} [options]
 * @returns {Promise<Outcome>}
 */
export function run([program, ...args], { cwd, home } = {}) {
  if (isStopping) return new Promise(() => {});
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith("NUMBERS_"));
  const env = { ...Object.fromEntries(inherited), ...(home ? { NUMBERS_HOME: home } : {}) };
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
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
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}

const gnuTime = "/usr/bin/time";
const hasGnuTime =
  existsSync(gnuTime) && spawnSync(gnuTime, ["-f", "%M", "true"], { stdio: "ignore" }).status === 0;

/** How processor time and peak memory are measured here, for the report. */
export const method = hasGnuTime
  ? "wall time from spawn to exit; processor time and peak memory from GNU time (`/usr/bin/time`)"
  : "wall time from spawn to exit; processor time and peak memory from `process.resourceUsage()` as each process exits";

/**
 * Runs a Node script as a process of its own and measures it; throws when it fails, so that no failure is ever timed.
 * @param {readonly string[]} script path and arguments
 * @param {{ folder: string, home?: string }} options `folder` is for the measurement's own file
 * @returns {Promise<Measured>}
 */
export async function measure(script, { folder, home }) {
  // What the process before left to be written must not be paid for by this one.
  spawnSync("sync");
  const usage = join(folder, "usage.txt");
  rmSync(usage, { force: true });
  const preload = `--import=data:text/javascript,${encodeURIComponent(preloadFor(usage))}`;
  /** @type {[string, ...string[]]} */
  const command = hasGnuTime
    ? [gnuTime, "-f", "%U %S %M", "-o", usage, process.execPath, ...script]
    : [process.execPath, preload, ...script];
  const started = performance.now();
  const { code, stdout, stderr } = await run(command, { home });
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${script.join(" ")} exited ${code}: ${stderr || stdout}`);
  const [user, system, peakKib] = (readFileSync(usage, "utf8").trim().split("\n").at(-1) ?? "")
    .split(" ")
    .map(Number);
  if (user === undefined || system === undefined || !peakKib) {
    throw new Error("processor time and peak memory could not be measured");
  }
  return { seconds, cpuSeconds: user + system, peakBytes: peakKib * 1024, stdout };
}

/** @param {string} usage */
function preloadFor(usage) {
  return `import { writeFileSync } from "node:fs";
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(${JSON.stringify(usage)}, [userCPUTime / 1e6, systemCPUTime / 1e6, maxRSS].join(" "));
});`;
}

/** @param {number} value */
export function count(value) {
  return value.toLocaleString("en-US");
}
