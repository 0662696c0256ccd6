/** Interrupted while it waits for somebody: a writer, a reader, a lock, whoever types. It ends soon and says what is kept. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  filesBelow,
  list,
  untilWorking,
  type Workdir,
} from "./workdir.ts";

/** Starts a command that will wait; its stdin is never written to, its stdout never read. */
function waiting(dir: Workdir, args: readonly string[]) {
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: dir.folder,
    env: cleanEnvironment(dir.home),
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((done) =>
    // Not close: its stdout holds what nobody read.
    child.on("exit", (code) => done({ code, stderr })),
  );
  return { child, ended };
}

/** Resolves when it has come to where it waits, as far as that can be seen. */
async function ready(
  dir: Workdir,
  child: ReturnType<typeof waiting>["child"],
  args: readonly string[],
) {
  const isPrinting = args.includes("--json") || args.slice(-2).join(" ") === "-o -";
  // A first piece is taken, and no other: the pipe fills up behind it.
  if (isPrinting) await new Promise((done) => child.stdout.once("readable", done));
  else if (args.includes("out")) {
    const copies = () =>
      filesBelow(join(dir.home, "ledger")).filter((path) => path.endsWith(".parquet")).length;
    const before = copies();
    while (copies() === before) await sleep(20);
  } else if (args[1] === "-" || args[2] === "-") {
    // Those that read numbers first have no home open yet.
    await sleep(1500);
  } else await untilWorking(dir.home);
  await sleep(500);
}

test("whatever it waits for, SIGINT and SIGTERM end it", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 60_000));
  await dir.ok(["ingest", "a.csv"]);
  const { order_id } = await dir.json([
    "order",
    "--provider",
    "tsel",
    "--count",
    "5",
    "-o",
    "o.csv",
  ]);
  execFileSync("mkfifo", [dir.path("in"), dir.path("out")]);
  const order = ["order", "--provider", "tsel", "--count"];
  // More than a pipe holds.
  const many = Array.from({ length: 3000 }, (_, n) => `0812${String(n + 1).padStart(8, "0")}`);
  const works: [string[], RegExp][] = [
    [["ingest", "in"], /nothing half done was kept/],
    [["ingest", "-"], /nothing half done was kept/],
    [["blacklist", "import", "in", "--kind", "dnc"], /nothing half done was kept/],
    [["order", "return", order_id, "in", "--reason", "other"], /nothing half done was kept/],
    [["lookup", "-"], /nothing half done was kept/],
    [["erase", "-", "--reason", "asked"], /nothing half done was kept/],
    [["blacklist", "add", "-", "--kind", "dnc", "--reason", "asked"], /nothing half done was kept/],
    [[...order, "7", "-o", "out"], /its 7 numbers stay reserved: numbers order export/],
    [[...order, "20000", "-o", "-"], /its 20,000 numbers stay reserved: numbers order export/],
    [["generate", "--rows", "1000000", "-o", "-"], /nothing half done was kept/],
    [["lookup", ...many, "--json"], /what was to be done is done/],
  ];
  for (const [index, [args, kept]] of works.entries()) {
    const { child, ended } = waiting(dir, args);
    await ready(dir, child, args);
    child.kill(index % 2 === 0 ? "SIGINT" : "SIGTERM");
    const { code, stderr } = await ended;
    expect(`${args.slice(0, 6).join(" ")}: ${code} ${stderr}`).toContain(
      `: ${index % 2 === 0 ? 130 : 143} `,
    );
    expect(stderr).toMatch(/numbers: interrupted: /);
    expect(stderr).toMatch(kept);
  }
  await dir.checkPromises();
});

test("waiting for the lock too", async () => {
  const dir = createWorkdir();
  await dir.ok(["stats"]);
  const instance = await DuckDBInstance.create(join(dir.home, "numbers.duckdb"));
  const { child, ended } = waiting(dir, ["stats"]);
  await untilWorking(dir.home);
  child.kill("SIGTERM");
  expect((await ended).code).toBe(143);
  instance.closeSync();
  expect(existsSync(join(dir.home, "numbers.duckdb"))).toBe(true);
  await dir.checkPromises();
});
