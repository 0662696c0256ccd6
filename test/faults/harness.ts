/**
 * Interrupting a command at a failpoint, and looking what is left: the home opens, every promise holds, and the work is
 * absent, complete, or brought to its end; then all is as after an undisturbed run, and so is what can still be sold.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Failpoint } from "../../src/failpoints.ts";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  filesBelow,
  type Outcome,
  type Workdir,
} from "../workdir.ts";
import { type Facts, homes, type Scenario, unfinished } from "./scenarios.ts";

/** An hour after the homes were prepared; what is left is sold an hour later. */
const [then, later] = ["2026-11-20T10:00:00+07:00", "2026-11-20T11:00:00+07:00"];
/** Two seconds are promised; the machine of a test may have other things to do. */
const stopSecondsMost = 20;

export type Action = "kill" | "term" | "int" | "ENOSPC" | "EIO";
/** A point and the how-manieth time it is passed, or a time after the start. */
export type Moment = { readonly point: Failpoint; readonly nth: number } | { readonly ms: number };
export type Case = {
  readonly scenario: Scenario;
  readonly action: Action;
  readonly at: Moment;
  /** Else the work is repeated at once. */
  readonly doctorFirst: boolean;
  /** At the end everything that is left is sold. */
  readonly sells: boolean;
};

/** What an undisturbed run does. */
export type Rehearsal = {
  /** In the order in which they were passed. */
  readonly trace: readonly Failpoint[];
  readonly ms: number;
  readonly before: State;
  readonly after: State;
  /** With what it wrote and what could be sold afterwards. */
  readonly end: State;
};

/** By what it is the state of: hashes without ids and folders, which differ from run to run. */
type State = Readonly<Record<string, string>>;

export const tally = {
  points: new Set<Failpoint>(),
  kills: 0,
  randomKills: 0,
  signals: 0,
  errors: 0,
  promises: 0,
  left: { absent: 0, begun: 0, complete: 0, "not looked at": 0 },
  stopMs: [] as number[],
};

const prepared = new Map<string, Promise<{ folder: string; facts: Facts }>>();
const removals: (() => void)[] = [];

/** Call it after all cases. */
export function removeAll(): void {
  for (const remove of removals.splice(0)) remove();
}

/** Each home is prepared once; a case works on a copy. */
async function copyOf(name: string): Promise<{ dir: Workdir; facts: Facts }> {
  const home = prepared.get(name) ?? prepare(name);
  prepared.set(name, home);
  const { folder, facts } = await home;
  const dir = createWorkdir((remove) => removals.push(remove));
  cpSync(folder, dir.folder, { recursive: true });
  return { dir, facts };
}

async function prepare(name: string): Promise<{ folder: string; facts: Facts }> {
  const preparation = homes[name];
  if (!preparation) throw new Error(`there is no home "${name}"`);
  const { dir, facts } = preparation.from
    ? await copyOf(preparation.from)
    : { dir: createWorkdir((remove) => removals.push(remove)), facts: {} };
  const more = await preparation.make(dir, facts);
  return { folder: dir.folder, facts: { ...facts, ...more } };
}

export async function rehearse(scenario: Scenario): Promise<Rehearsal> {
  const { dir, facts } = await copyOf(scenario.home);
  const before = await stateOf(dir);
  const started = performance.now();
  const run = await start(dir, scenario.args(facts), "*=trace");
  const ms = performance.now() - started;
  if (run.code !== 0) throw new Error(`${scenario.name} fails undisturbed: ${run.stderr}`);
  const trace = [...run.stderr.matchAll(/^numbers: failpoint (\S+)$/gm)].map(
    ([, name]) => name as Failpoint,
  );
  const after = await stateOf(dir);
  await dir.checkPromises();
  const end = await endOf(dir, scenario, run);
  rmSync(dir.folder, { recursive: true });
  return { trace, ms, before, after, end };
}

/** Runs one case to its end; throws what is wrong with it. */
export async function interrupt(
  { scenario, action, at, doctorFirst, sells }: Case,
  { before, after, end }: Rehearsal,
): Promise<void> {
  const { dir, facts } = await copyOf(scenario.home);
  const files = filesOf(dir);
  const temporaries = temporariesOf(dir);
  const args = scenario.args(facts);
  const run = await strike(dir, args, action, at);
  // Doomed files are nobody's: whoever writes next removes them.
  const { doomed_files: _, ...found } = await stateOf(dir);
  const left = isSame(found, after) ? "complete" : isSame(found, before) ? "absent" : "begun";
  tally.left[scenario.isOld ? "not looked at" : left] += 1;
  if (left === "begun" && !scenario.begins && !scenario.isOld) expect(found).toEqual(after);
  checkWords(scenario, action, run, left);
  if (action !== "kill") {
    // Who failed before it swept has left what an earlier crash left, and nothing of its own.
    expect(temporariesOf(dir).filter((name) => !temporaries.includes(name))).toEqual([]);
    // What an earlier crash left may have been settled; nothing is added.
    const known = (name: string) => files.includes(name) || files.includes(`${name}.pending`);
    if (left === "absent") expect(filesOf(dir).filter((name) => !known(name))).toEqual([]);
  }

  try {
    const last = (await bringToEnd(dir, scenario, args, doctorFirst)) ?? run;
    const ended = await endOf(dir, scenario, last, sells);
    expect(ended).toEqual(sells ? end : { ...end, sellable: "not asked" });
  } catch (error) {
    throw new Error(`${left}; it had said: ${run.stderr}`, { cause: error });
  }
  rmSync(dir.folder, { recursive: true });
}

/** Repeats or finishes the work, with or without the doctor before it; the promises are checked in between or at the end. */
async function bringToEnd(
  dir: Workdir,
  scenario: Scenario,
  args: readonly string[],
  doctorFirst: boolean,
): Promise<Outcome | undefined> {
  const run = (some: readonly string[]) => dir.run(some, { now: then });
  const isErasure = scenario.begins === unfinished;
  let last: Outcome | undefined;
  if (doctorFirst && isErasure) {
    const doctor = await dir.run(["doctor"]);
    if (doctor.code !== 0) {
      expect(doctor.stderr).toMatch(unfinished);
      last = await run(["erase", "--resume"]);
    }
  } else if (doctorFirst) await dir.checkPromises();
  last ??= await (scenario.finish ? scenario.finish(dir, args, run) : run(args));
  if (last) expect(last).toMatchObject({ code: 0 });
  if (!doctorFirst || isErasure) await dir.checkPromises();
  tally.promises += 1;
  return last;
}

type Strike = Outcome & { readonly by: NodeJS.Signals | null; readonly stopMs: number | undefined };

/** Starts the command and lets it be struck; fails when it was not. */
async function strike(
  dir: Workdir,
  args: readonly string[],
  action: Action,
  at: Moment,
): Promise<Strike> {
  if ("ms" in at) {
    tally.randomKills += 1;
    return start(dir, args, undefined, at.ms);
  }
  const run = await start(dir, args, `${at.point}=${action}@${at.nth}`);
  expect(run.stderr).toContain(`numbers: failpoint ${at.point}: ${action}\n`);
  tally.points.add(at.point);
  if (action === "kill") tally.kills += 1;
  else if (action === "term" || action === "int") {
    tally.signals += 1;
    tally.stopMs.push(run.stopMs ?? 0);
  } else tally.errors += 1;
  return run;
}

function start(
  dir: Workdir,
  args: readonly string[],
  failpoint: string | undefined,
  killAfterMs?: number,
): Promise<Strike> {
  const env: Record<string, string> = failpoint ? { NUMBERS_FAILPOINT: failpoint } : {};
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: dir.folder,
    env: cleanEnvironment(dir.home, { now: then, env }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  let struckAt: number | undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString("latin1");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
    if (/^numbers: failpoint \S+: /m.test(stderr)) struckAt ??= performance.now();
  });
  const timer = killAfterMs && setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code, by) => {
      clearTimeout(timer);
      const stopMs = struckAt && performance.now() - struckAt;
      done({ code, by, stdout, stderr, stopMs });
    });
  });
}

/** The exit code, and what is said of what was kept. */
function checkWords(scenario: Scenario, action: Action, run: Strike, left: string): void {
  if (action === "kill") {
    expect(run.by === "SIGKILL" || run.code === 0).toBe(true);
    return;
  }
  if (action === "ENOSPC" || action === "EIO") {
    // A commit that failed is looked for: where it is there after all, the work goes on to its end.
    if (run.code === 0) expect(left).toBe("complete");
    else expect(scenario.examines ? [1, 5, 7] : [1, 7]).toContain(run.code);
  } else {
    expect(run.stopMs).toBeLessThan(stopSecondsMost * 1000);
    // Who had done it all by then says so, as if nobody had interrupted.
    if (run.code === 0) {
      expect(left).toBe("complete");
      return;
    }
    expect(run.code).toBe(action === "int" ? 130 : 143);
    expect(run.stderr).toContain("numbers: interrupted: ");
  }
  const isDoubtful = run.stderr.includes("could not be committed for certain");
  if (left === "begun" && scenario.begins && !isDoubtful) {
    expect(run.stderr).toMatch(scenario.begins);
  }
}

/** Written anew in every run, or of no consequence. */
const unequal = /\.(order_id|import_id|return_id|erasure_id|path|file)$|^erasures\.digest$/;

/** What is in the catalog and in the pool as it shows it; empty tables are as good as none. */
async function stateOf(dir: Workdir): Promise<State> {
  if (!existsSync(join(dir.home, "numbers.duckdb"))) return {};
  const columns = await dir.query(`
    select table_name as name, list(column_name order by column_index) as columns
    from duckdb_columns()
    where not internal and table_name not in ('audit', 'meta', 'sales_history', 'blacklist')
    group by all`);
  const selects = columns.map(({ name, columns }) => {
    const cells = (columns as string[])
      .filter((column) => !unequal.test(`${name}.${column}`))
      .map((column) => `coalesce(replace("${column}"::varchar, '${dir.folder}', ''), '-')`);
    return `select '${name}' as name, concat_ws('|', '', ${cells.join(", ") || "''"}) as line from "${name}"`;
  });
  if (selects.length === 0) return {};
  const hashes = await dir.query(`
    select name, count(*) || ' ' || md5(string_agg(line, chr(10) order by line)) as hash
    from (${selects.join(" union all ")})
    group by all`);
  return Object.fromEntries(hashes.map(({ name, hash }) => [String(name), String(hash)]));
}

/** All that must be as if nothing had happened: also the files beside the database, and what can still be sold. */
async function endOf(
  dir: Workdir,
  scenario: Scenario,
  last: Outcome,
  sells = true,
): Promise<State> {
  const state: Record<string, string> = { ...(await stateOf(dir)) };
  for (const name of scenario.writes ?? []) {
    state[name] = hashOf(name === "-" ? last.stdout : readFileSync(dir.path(name)));
  }
  const imports = new Set((await dir.query("from imports")).map((row) => `${row.import_id}.csv`));
  const rejects = filesBelow(join(dir.home, "rejects")).filter((path) =>
    imports.has(path.slice(path.lastIndexOf("/") + 1)),
  );
  state.rejects = rejects
    .map((path) => hashOf(readFileSync(path)))
    .sort()
    .join(" ");
  state.copies = await copiesOf(dir);
  state.sellable = "not asked";
  if (!sells) return state;
  const everything =
    "order --provider tsel,isat --count 100000 --within 30d --allow-partial -o rest.csv";
  const { code } = await dir.run(everything.split(" "), { now: later });
  state.sellable = code === 0 ? hashOf(readFileSync(dir.path("rest.csv"))) : `exit ${code}`;
  return state;
}

async function copiesOf(dir: Workdir): Promise<string> {
  const ledger = join(dir.home, "ledger");
  if (filesBelow(ledger).length === 0) return "none";
  const [row] = await dir.query(`
    select count(*) as rows, md5(string_agg(line, chr(10) order by line)) as hash
    from (
      select concat_ws('|', phone, provider, sold_at) as line
      from read_parquet('${ledger}/*/*.parquet', union_by_name = true)
    )`);
  return `${row?.rows} ${row?.hash}`;
}

function hashOf(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}

function isSame(a: State, b: State): boolean {
  const text = (state: State) => JSON.stringify(Object.entries(state).sort());
  return text(a) === text(b);
}

/** Of the home and beside it, without what comes and goes by itself. */
function filesOf({ folder }: Workdir): string[] {
  return filesBelow(folder)
    .map((path) => path.slice(folder.length + 1))
    .filter((path) => !/^home\/(tmp|views)\/|^home\/(numbers\.duckdb|erasure\.key)/.test(path))
    .sort();
}

/** The folders of processes, living or dead. */
function temporariesOf({ home }: Workdir): string[] {
  return existsSync(join(home, "tmp")) ? readdirSync(join(home, "tmp")) : [];
}
