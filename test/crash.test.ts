/** Killed at any moment: the home opens again, every promise holds, and the work can be done once more. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { randomFrom } from "./random.ts";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  list,
  untilWorking,
  type Workdir,
} from "./workdir.ts";

const seed = Number(process.env.CRASH_TEST_SEED ?? 20261120);

/** Starts the binary and kills it after `ms`, unless it has ended by then. */
function killed(dir: Workdir, args: readonly string[], ms: number) {
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: dir.folder,
    env: cleanEnvironment(dir.home),
    stdio: "ignore",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) =>
    child.on("close", (code, by) => {
      clearTimeout(timer);
      done({ code, signal: by });
    }),
  );
}

test(`SIGKILL at twelve moments of ingest and order (CRASH_TEST_SEED=${seed})`, async () => {
  const random = randomFrom(seed);
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 60_000));
  await dir.ok(["ingest", "a.csv"]);
  dir.write("b.csv", list("813", 60_000));
  for (let round = 0; round < 6; round += 1) {
    await killed(dir, ["ingest", "b.csv"], 150 + random() * 900);
    const order = ["order", "--provider", "tsel", "--count", "4000", "-o", `o${round}.csv`];
    await killed(dir, order, 150 + random() * 700);
    await dir.checkPromises();
    expect(readdirSync(`${dir.home}/tmp`)).toEqual([]);
  }
  // What was interrupted is absent, complete, or finished by its id; repeated, it ends as if undisturbed.
  await dir.ok(["ingest", "b.csv"]);
  const { pool } = await dir.json(["stats"]);
  expect(pool).toMatchObject([{ provider: "tsel", numbers: 120_000, imports: 2 }]);
  const { orders } = await dir.json(["order", "list"]);
  for (const { order_id, state } of orders) {
    if (state === "reserved") await dir.ok(["order", "export", order_id, "-o", "finished.csv"]);
  }
  await dir.checkPromises();
});

test("SIGINT and SIGTERM stop soon and keep nothing half done", async () => {
  const dir = createWorkdir();
  await dir.ok(["generate", "--rows", "400000", "-o", "a.csv"]);
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    const child = spawn(process.execPath, [binary, "ingest", "a.csv"], {
      cwd: dir.folder,
      env: cleanEnvironment(dir.home),
      stdio: "ignore",
    });
    const ended = new Promise((done) => child.on("close", (by) => done(by)));
    await untilWorking(dir.home);
    child.kill(signal);
    expect(await ended).toBe(code);
    expect(readdirSync(`${dir.home}/tmp`)).toEqual([]);
  }
  expect((await dir.json(["stats"])).pool).toEqual([]);
  await dir.checkPromises();
});
