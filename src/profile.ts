/**
 * Where the time of a command goes: its phases and the engine's statements, each with its time and rows. Made once for a
 * command, and inert unless `--profile` asks for it. Statements are known by name: no value of theirs, and nothing of a
 * list, is ever in it.
 */

import { table } from "./table.ts";
import { count, size } from "./words.ts";

export type Profile = {
  /** The engine's plans are asked for too. */
  readonly wantsPlans: boolean;
  /** Runs `work` as a phase. What phases inside it take is theirs, so phases add up; no two may overlap. */
  phase<T>(
    name: string,
    work: () => Promise<T>,
    rows?: (result: T) => number | undefined,
  ): Promise<T>;
  /** A statement of the engine has run. */
  statement(name: string, ms: number, rows: number): void;
  plan(name: string, plan: string): void;
  /** What is to be printed when the command ends, as tables for people or one line of JSON. */
  report(isJson: boolean): string;
};

export const inertProfile: Profile = {
  wantsPlans: false,
  phase: (_, work) => work(),
  statement: () => {},
  plan: () => {},
  report: () => "",
};

type Spent = { ms: number; times: number; rows: number | undefined };

/** A profile that begins with the process: what has passed since is its first phase. */
export function createProfile(wantsPlans: boolean): Profile {
  const phases = new Map<string, Spent>();
  const statements = new Map<string, Spent>();
  const plans = new Map<string, string>();
  /** Of phases that ended inside the one that runs. */
  let insideMs = 0;
  add(phases, "start", performance.now(), undefined);
  return {
    wantsPlans,
    phase: async (name, work, rows) => {
      const beforeMs = insideMs;
      insideMs = 0;
      const started = performance.now();
      let found: number | undefined;
      try {
        const result = await work();
        found = rows?.(result);
        return result;
      } finally {
        const tookMs = performance.now() - started;
        add(phases, name, tookMs - insideMs, found);
        insideMs = beforeMs + tookMs;
      }
    },
    statement: (name, ms, rows) => add(statements, name, ms, rows),
    plan: (name, plan) => void plans.set(name, plan),
    report: (isJson) => {
      const totalMs = performance.now();
      const measuredMs = [...phases.values()].reduce((sum, { ms }) => sum + ms, 0);
      add(phases, "between them", Math.max(totalMs - measuredMs, 0), undefined);
      const slowest = [...statements].sort(([, a], [, b]) => b.ms - a.ms);
      const shown = slowest.flatMap(([name]) => {
        const plan = plans.get(name);
        return plan === undefined ? [] : [{ statement: name, plan }];
      });
      const whole = { phases: [...phases], statements: slowest, plans: shown };
      return isJson ? asJson(whole, totalMs) : asTables(whole, totalMs);
    },
  };
}

function add(into: Map<string, Spent>, name: string, ms: number, rows: number | undefined): void {
  const spent = into.get(name) ?? { ms: 0, times: 0, rows: undefined };
  spent.ms += ms;
  spent.times += 1;
  if (rows !== undefined) spent.rows = (spent.rows ?? 0) + rows;
  into.set(name, spent);
}

type Whole = {
  readonly phases: readonly (readonly [string, Spent])[];
  readonly statements: readonly (readonly [string, Spent])[];
  readonly plans: readonly { readonly statement: string; readonly plan: string }[];
};

/** Of the whole process. */
function usage(): { processorSeconds: number; peakBytes: number } {
  const { user, system } = process.cpuUsage();
  return {
    processorSeconds: (user + system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function asJson({ phases, statements, plans }: Whole, totalMs: number): string {
  const { processorSeconds, peakBytes } = usage();
  const figures = ({ ms, times, rows }: Spent) => ({ seconds: ms / 1000, times, rows });
  return `${JSON.stringify({
    profile: phases.map(([phase, spent]) => ({ phase, ...figures(spent) })),
    statements: statements.map(([statement, spent]) => ({ statement, ...figures(spent) })),
    ...(plans.length > 0 ? { plans } : {}),
    seconds: totalMs / 1000,
    processor_seconds: processorSeconds,
    peak_bytes: peakBytes,
  })}\n`;
}

function asTables({ phases, statements, plans }: Whole, totalMs: number): string {
  const { processorSeconds, peakBytes } = usage();
  const line = ([name, { ms, times, rows }]: readonly [string, Spent]) => [
    name,
    (ms / 1000).toFixed(3),
    count(times),
    rows === undefined ? "-" : count(rows),
  ];
  const total = ["all", (totalMs / 1000).toFixed(3), "-", "-"];
  const parts = [
    table(["phase", "seconds", "times", "rows"], [...phases.map(line), total]),
    ...(statements.length > 0
      ? [table(["statement", "seconds", "times", "rows"], statements.map(line))]
      : []),
    ...plans.map(({ statement, plan }) => `plan of ${statement}\n${plan}`),
    `${processorSeconds.toFixed(3)} s of processor time, at most ${size(peakBytes)} of memory`,
  ];
  return `${parts.join("\n\n")}\n`;
}
