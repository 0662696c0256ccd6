/** An erasure killed at any moment: whoever was named is not sold any more, and the next one finishes it. */
import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { randomFrom } from "./random.ts";
import { filesWith } from "./traces.ts";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  list,
  phonesOf,
  type Workdir,
} from "./workdir.ts";

const seed = Number(process.env.CRASH_TEST_SEED ?? 20261120);
const because = ["--reason", "asked by mail"];

function killed(dir: Workdir, args: readonly string[], ms: number): Promise<unknown> {
  const child = spawn(process.execPath, [binary, ...args], {
    env: cleanEnvironment(dir.home),
    stdio: "ignore",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  return new Promise((done) =>
    child.on("close", (code) => {
      clearTimeout(timer);
      done(code);
    }),
  );
}

test(`SIGKILL at ten moments of an erasure (CRASH_TEST_SEED=${seed})`, async () => {
  const random = randomFrom(seed);
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 60_000));
  dir.write("b.csv", `${list("812", 60_000, { from: 100 })}"0812 0000 0150 0",x,y\n`);
  await dir.ok(["ingest", "a.csv", "b.csv"]);
  await dir.ok(["order", "--provider", "tsel", "--count", "10000", "-o", "o.csv"]);
  const whole = performance.now();
  await dir.ok(["erase", "081200000149", ...because]);
  const wholeMs = performance.now() - whole;
  const gone = ["81200000149"];
  const moments: Record<string, number> = {};
  for (let round = 0; round < 10; round += 1) {
    const national = `81200000${150 + round}`;
    gone.push(national);
    // The first third is the start of the program.
    await killed(dir, ["erase", `0${national}`, ...because], wholeMs * (0.3 + random() * 0.7));
    const [row] = await dir.query(`
      select count(*) filter (where finished_at is null and phone is not null) as files,
        count(*) filter (where finished_at is null and phone is null) as database,
        count(*) as erasures, (select count(*) from doomed_files) as doomed
      from erasures`);
    const state = JSON.stringify(row);
    moments[state] = (moments[state] ?? 0) + 1;
    const isOpen = Number(row?.files) + Number(row?.database) + Number(row?.doomed) > 0;
    const doctor = await dir.run(["doctor"]);
    expect(doctor.code).toBe(isOpen ? 5 : 0);
    if (isOpen) expect(doctor.stderr).toContain("numbers erase --resume");
    // It was recorded: from then on nobody gets it, finished or not.
    if (Number(row?.erasures) === gone.length) {
      const { stdout } = await dir.ok([
        "order",
        "--provider",
        "tsel",
        "--count",
        "3000",
        "-o",
        "-",
      ]);
      expect(phonesOf(stdout)).not.toContain(`62${national}`);
    } else await dir.ok(["erase", `0${national}`, ...because]);
    const { finished } = await dir.json(["erase", "--resume"]);
    expect(finished).toBe(true);
    await dir.checkPromises();
    expect(await filesWith(dir, national)).toEqual([]);
  }
  for (const national of gone) expect(await filesWith(dir, national)).toEqual([]);
  const idle = await dir.ok(["erase", "--resume"]);
  expect(idle.stderr).toContain("no erasure was interrupted");
  if (process.env.CRASH_TEST_SHOW) process.stderr.write(`${JSON.stringify(moments, null, 1)}\n`);
}, 300_000);
