/** Several processes at one home at once. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { createWorkdir, list, phonesOf } from "../workdir.ts";

test("eight orders at once share no number, and together take no more than there is", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 30_000));
  dir.write("b.csv", list("812", 30_000, { from: 15_001, name: "Ani" }));
  await dir.ok(["ingest", "a.csv", "b.csv"]);
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      dir.run(["order", "--provider", "tsel", "--count", "6000", "-o", `o${n}.csv`]),
    ),
  );
  // 45,000 distinct numbers: seven orders of 6,000 fit, the eighth does not.
  expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 0, 0, 0, 0, 0, 0, 4]);
  const sold = outcomes.flatMap(({ code }, n) =>
    code === 0 ? phonesOf(readFileSync(dir.path(`o${n}.csv`), "utf8")) : [],
  );
  expect(sold).toHaveLength(42_000);
  expect(new Set(sold).size).toBe(42_000);
  await dir.checkPromises();
});

test("one folder ingested by four processes at once: each file enters once", async () => {
  const dir = createWorkdir();
  for (const n of [1, 2, 3]) dir.write(`in/${n}.csv`, list("812", 1000, { from: n * 10_000 }));
  const outcomes = await Promise.all(
    Array.from({ length: 4 }, () => dir.run(["ingest", "in", "--json"])),
  );
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const files = outcomes.flatMap(({ stdout }) => JSON.parse(stdout).files);
  expect(files.filter(({ status }) => status === "ingested")).toHaveLength(3);
  expect(files.filter(({ status }) => status === "skipped")).toHaveLength(9);
  expect((await dir.json(["stats"])).pool).toMatchObject([{ numbers: 3000, imports: 3 }]);
  await dir.checkPromises();
});

test("eight first uses of a home at once: one home", async () => {
  const dir = createWorkdir();
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => dir.run(["stats"])));
  expect(outcomes.map(({ code, stderr }) => (code === 0 ? 0 : stderr))).toEqual(Array(8).fill(0));
  await dir.checkPromises();
});

test("a lock that is not free in time: exit 6, naming who holds it", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 10));
  await dir.ok(["ingest", "a.csv"]);
  const holder = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { DuckDBInstance } from "@duckdb/node-api";
       const instance = await DuckDBInstance.create(process.argv[1]);
       await instance.connect();
       console.log("held");
       setInterval(() => {}, 1000);`,
      `${dir.home}/numbers.duckdb`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  onTestFinished(() => void holder.kill("SIGKILL"));
  for await (const line of createInterface({ input: holder.stdout })) if (line === "held") break;
  const take = ["order", "--provider", "tsel", "--count", "1", "--lock-timeout"];
  const busy = await dir.run([...take, "2s"]);
  expect(busy.code).toBe(6);
  expect(busy.stderr).toContain(`waiting for process ${holder.pid}`);
  expect(busy.stderr).toMatch(new RegExp(`the home is busy: waited 2 s for process ${holder.pid}`));
  // The holder dies, its lock with it.
  setTimeout(() => holder.kill("SIGKILL"), 1500);
  expect((await dir.run([...take, "30s"])).code).toBe(0);
  await dir.checkPromises();
});
