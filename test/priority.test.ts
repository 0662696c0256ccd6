/** An ingest steps back with all of its threads; what somebody waits for does not. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { binary, createWorkdir } from "./workdir.ts";

const hasThreads = existsSync("/proc/self/task");

/** The niceness of each thread, as Linux tells it (proc(5): the 19th field of stat, behind the name in brackets). */
function nicenessOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((task) => {
    const stat = readFileSync(`/proc/${pid}/task/${task}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16]);
  });
}

describe.skipIf(!hasThreads)("on Linux, which tells it of each thread", () => {
  test.each([
    ["steps back, the engine's threads too", [], 5],
    ["stays behind where it was put", ["nice", "-n", "15"], 15],
  ] as const)("an ingest %s", async (_what, before, niceness) => {
    const dir = createWorkdir();
    execFileSync("mkfifo", [dir.path("list.csv")]);
    const [program, ...args] = [
      ...before,
      process.execPath,
      binary,
      "ingest",
      dir.path("list.csv"),
    ];
    const child = spawn(program as string, args, {
      env: { ...process.env, NUMBERS_HOME: dir.home },
      stdio: "ignore",
    });
    const ended = once(child, "close");
    const writer = createWriteStream(dir.path("list.csv"));
    // More than a pipe holds: once it is through, the engine reads.
    const lines = Array.from({ length: 20_000 }, (_, n) => `08120000${10_000 + n},somebody\n`);
    await new Promise((done) => writer.write(`phone,name\n${lines.join("")}`, done));
    await sleep(500);
    const found = nicenessOf(child.pid as number);
    writer.end();
    expect((await ended)[0]).toBe(0);
    expect(found.length).toBeGreaterThan(3);
    expect([...new Set(found)]).toEqual([niceness]);
    await dir.checkPromises();
  });
});
