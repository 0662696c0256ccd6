/** Cron, operators and lookers-on at one home at once: nobody fails, and nobody waits for somebody else's slow pipe or file. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  list,
  type Outcome,
  phonesOf,
  type Workdir,
} from "../workdir.ts";

/** A dozen processes on a machine that does other things as well. */
const patient = { timeout: 0 };

/** A command whose input and output go as slowly as the test likes. */
function start(dir: Workdir, args: readonly string[]) {
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: dir.folder,
    env: cleanEnvironment(dir.home),
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk;
  });
  const closed = new Promise<{ code: number | null; stderr: string }>((done) =>
    child.on("close", (code) => done({ code, stderr })),
  );
  return { child, closed, isRunning: () => child.exitCode === null && child.signalCode === null };
}

/** Names of what the temporary folder of a process holds. */
function heldBy(dir: Workdir, pid: number | undefined): string[] {
  const shared = join(dir.home, "tmp");
  const own = readdirSync(shared).find((name) => name.startsWith(`${pid}-`));
  return own === undefined ? [] : readdirSync(join(shared, own));
}

function codesOf(outcomes: readonly Outcome[]): (number | string | null)[] {
  return outcomes.map(({ code, stderr }) => (code === 0 ? 0 : stderr));
}

test(
  "a delivery that nobody reads and a source that does not end hold up nobody",
  patient,
  async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 40_000));
    await dir.ok(["ingest", "a.csv"]);
    for (const n of [1, 2, 3, 4]) dir.write(`in/${n}.csv`, list("813", 2000, { from: n * 10_000 }));

    // 30,000 rows are more than a pipe and its buffers take: it is under way until somebody reads all of it.
    const slow = start(dir, ["order", "--provider", "tsel", "--count", "30000", "-o", "-"]);
    await once(slow.child.stdout, "readable");
    const source = list("852", 2000);
    const endless = start(dir, ["ingest", "-"]);
    endless.child.stdin.write(source.slice(0, 10_000));
    while (heldBy(dir, endless.child.pid).length < 2) await sleep(20);

    const phone = "081200000001";
    const commands = [
      ["ingest", "in"], // two runs of cron that overlap
      ["ingest", "in"],
      ["order", "--provider", "tsel", "--count", "1500", "-o", "o1.csv"],
      ["order", "--provider", "tsel", "--count", "1500", "-o", "o2.csv"],
      ["order", "--provider", "tsel", "--count", "1500", "-o", "o3.csv"],
      ["stats", "--available"],
      ["lookup", phone],
      ["order", "--provider", "tsel", "--dry-run"],
      ["search", "8120000001"],
      ["blacklist", "add", phone, "--kind", "dnc", "--reason", "asked"],
      ["doctor"],
      ["backup", dir.path("backup")],
    ];
    const outcomes = await Promise.all(commands.map((command) => dir.run(command)));
    expect(codesOf(outcomes)).toEqual(commands.map(() => 0));
    // All of them ended before the slow ones could.
    expect([slow.isRunning(), endless.isRunning()]).toEqual([true, true]);

    let delivered = "";
    slow.child.stdout.on("data", (chunk: Buffer) => {
      delivered += chunk;
    });
    endless.child.stdin.end(source.slice(10_000));
    expect(await slow.closed).toMatchObject({ code: 0 });
    expect(await endless.closed).toMatchObject({ code: 0 });
    const sold = [
      ...phonesOf(delivered),
      ...[1, 2, 3].flatMap((n) => phonesOf(readFileSync(dir.path(`o${n}.csv`), "utf8"))),
    ];
    expect(sold).toHaveLength(34_500);
    expect(new Set(sold).size).toBe(34_500);
    const { pool } = await dir.json(["stats"]);
    expect(pool).toMatchObject([{ provider: "tsel", numbers: 50_000, imports: 6 }]);
    await dir.ok(["backup", "--verify", dir.path("backup")]);
    await dir.checkPromises();
  },
);

test("sixteen at once, each with another errand: all succeed", patient, async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 20_000));
  await dir.ok(["ingest", "a.csv"]);
  dir.write("dnc.csv", list("812", 500));
  const errands = [
    ...Array.from({ length: 5 }, (_, n) => [
      ...["order", "--provider", "tsel", "--count", "1000", "-o", `o${n}.csv`],
    ]),
    ...Array.from({ length: 4 }, (_, n) => {
      dir.write(`new${n}.csv`, list("815", 1000, { from: n * 10_000 + 1 }));
      return ["ingest", `new${n}.csv`];
    }),
    ["blacklist", "import", "dnc.csv", "--kind", "dnc"],
    ["blacklist", "add", "081200000900", "--kind", "invalid", "--reason", "dead"],
    ["stats"],
    ["order", "list"],
    ["lookup", "081200000001"],
    ["order", "--provider", "tsel", "--count", "1000", "--dry-run"],
    ["audit", "verify"],
  ];
  expect(errands).toHaveLength(16);
  const outcomes = await Promise.all(errands.map((errand) => dir.run(errand)));
  expect(codesOf(outcomes)).toEqual(errands.map(() => 0));
  const sold = Array.from({ length: 5 }, (_, n) =>
    phonesOf(readFileSync(dir.path(`o${n}.csv`), "utf8")),
  ).flat();
  expect(new Set(sold).size).toBe(5000);
  expect((await dir.json(["stats"])).pool).toMatchObject([
    { provider: "isat", numbers: 4000 },
    { provider: "tsel", numbers: 20_000 },
  ]);
  await dir.checkPromises();
});
