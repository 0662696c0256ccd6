/**
 * The program is killed at every point where state changes, gets signals and errors there, and is killed at random moments.
 * Every point is hit, every commit is killed on both sides; of the other pairs of command and point the seed chooses, so
 * that a run stays below ten minutes on two cores. `FAULTS_SEED` repeats a run, `FAULTS_KILLS` is how many pairs are killed
 * (`all`: every one), `FAULTS_RANDOM` how many random kills there are, `FAULTS_ONLY` names cases.
 */
import { afterAll, expect, test } from "vitest";
import { type Failpoint, failpoints } from "../../src/failpoints.ts";
import { randomFrom } from "../random.ts";
import {
  type Action,
  type Case,
  interrupt,
  type Rehearsal,
  rehearse,
  removeAll,
  tally,
} from "./harness.ts";
import { scenarios } from "./scenarios.ts";

const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000_000);
const randomKills = Number(process.env.FAULTS_RANDOM ?? 20);
const killsMost =
  process.env.FAULTS_KILLS === "all"
    ? Number.POSITIVE_INFINITY
    : Number(process.env.FAULTS_KILLS ?? 100);
const only = new RegExp(process.env.FAULTS_ONLY ?? "");
const random = randomFrom(seed);
const started = performance.now();
process.stderr.write(`fault test, to be repeated with FAULTS_SEED=${seed}\n`);

/** Nothing has been done yet, whatever the command: once is enough. */
const everywhere: readonly Failpoint[] = [
  "home.folders-made",
  "home.temporary-made",
  "transaction.begun",
];

const rehearsals = new Map<(typeof scenarios)[number], Rehearsal>();
const waiting = [...scenarios];
await Promise.all(
  Array.from({ length: 3 }, async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      rehearsals.set(one, await rehearse(one));
    }
  }),
);
process.stderr.write(`${scenarios.length} scenarios rehearsed in ${secondsSince(started)} s\n`);

function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 1000);
}

const passed = scenarios
  .map((scenario) => [scenario, rehearsals.get(scenario)?.trace ?? []] as const)
  .flatMap(([scenario, trace]) =>
    [...new Set(trace)].map((point) => ({
      scenario,
      point,
      times: trace.filter((one) => one === point).length,
    })),
  );

function chosen<T>(some: readonly T[]): T {
  return some[Math.floor(random() * some.length)] as T;
}

type Plan = Pick<Case, "scenario" | "action" | "at">;
type PointPlan = Plan & { readonly at: { readonly point: Failpoint } };

/** Wherever it is passed, the first time and the last; each commit, whatever it commits. */
const kills = passed
  .filter(({ scenario, point }) => !everywhere.includes(point) || scenario === scenarios[0])
  .flatMap(({ scenario, point, times }) =>
    [...new Set(point.startsWith("transaction.") ? Array(times).keys() : [0, times - 1])].map(
      (index): PointPlan => ({ scenario, action: "kill", at: { point, nth: index + 1 } }),
    ),
  );

/** Those that a run has the time for: the ones that nothing else stands for, and then as they come. */
function withinTime(all: readonly PointPlan[]): Plan[] {
  const shuffled = all
    .map((plan) => ({ plan, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ plan }) => plan);
  const hit = new Set<Failpoint>();
  const needed = shuffled.filter(({ at: { point } }) => {
    const isFirst = !hit.has(point);
    hit.add(point);
    return isFirst || point === "transaction.committed";
  });
  const others = shuffled.filter((plan) => !needed.includes(plan));
  return [...needed, ...others.slice(0, Math.max(0, killsMost - needed.length))];
}

/** One command for each point, a signal and an error. */
const others = failpoints.flatMap((point) => {
  const ways = passed.filter((one) => one.point === point);
  if (ways.length === 0) return [];
  const actions = [["term", "int"] as const, ["ENOSPC", "EIO"] as const];
  return actions.map((some): Plan => {
    const { scenario, times } = chosen(ways);
    const nth = 1 + Math.floor(random() * times);
    return { scenario, action: chosen<Action>(some), at: { point, nth } };
  });
});

const atRandom = Array.from({ length: randomKills }, (): Plan => {
  const scenario = chosen(scenarios);
  // The first part is the start of the program.
  const ms = Math.round((rehearsals.get(scenario)?.ms ?? 0) * (0.2 + random() * 0.8));
  return { scenario, action: "kill", at: { ms } };
});

const cases = [...withinTime(kills), ...others, ...atRandom]
  .map((plan) => {
    const at = "ms" in plan.at ? `after ${plan.at.ms} ms` : `${plan.at.point}@${plan.at.nth}`;
    const one: Case = { ...plan, doctorFirst: random() < 0.5, sells: random() < 0.25 };
    return [`${plan.scenario.name}: ${plan.action} ${at}`, one] as const;
  })
  .filter(([name]) => only.test(name));

/** On the way to the other engine, and on it: test/commands/move.test.ts and test/clickhouse stop there. */
const elsewhere = /^(move|change)\.|^import\.block-sent$/;

test("every failpoint is passed by a scenario", () => {
  const points = new Set(passed.map(({ point }) => point));
  const missed = failpoints.filter((point) => !points.has(point) && !elsewhere.test(point));
  expect(missed).toEqual([]);
});

test.concurrent.each(cases)("%s", async (_name, one) => {
  await interrupt(one, rehearsals.get(one.scenario) as Rehearsal);
});

afterAll(() => {
  removeAll();
  const stops = [...tally.stopMs].sort((a, b) => a - b);
  const late = stops.filter((ms) => ms > 2_000).length;
  const { absent, begun, complete } = tally.left;
  process.stderr.write(
    `
seed ${seed}, ${secondsSince(started)} s
points      ${tally.points.size} of ${failpoints.length} hit
kills       ${tally.kills} at points (of ${kills.length} pairs of command and point), ${tally.randomKills} at random
signals     ${tally.signals}, stopped after ${Math.round(stops[stops.length >> 1] ?? 0)} ms (median), ${Math.round(stops.at(-1) ?? 0)} ms at most, ${late} after more than 2 s
errors      ${tally.errors}
left        absent ${absent}, begun ${begun}, complete ${complete}, not looked at ${tally.left["not looked at"]}
promises    checked ${tally.promises} times, each time with the end of an undisturbed run
`,
  );
});
