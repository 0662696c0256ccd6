/** Whose turn it is at the lock of a home: told by the order of events, never by a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createWorkdir, type Workdir } from "../workdir.ts";

type Locker = {
  readonly name: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** Resolves when it has the lock. */
  readonly held: Promise<void>;
  /** Gives the lock back, or takes it only to give it back at once; resolves when the process has ended. */
  release(): Promise<number | null>;
};

/** What happened, in its order. */
type Events = string[];

const locker = join(import.meta.dirname, "locker.js");

function startLocker(dir: Workdir, events: Events, name: string, access: "read" | "write"): Locker {
  const child = spawn(process.execPath, [locker, dir.home, name, access], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  child.stdin.on("error", () => undefined);
  const ended = new Promise<number | null>((done) => child.on("close", done));
  const held = new Promise<void>((done) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      events.push(`${name} ${line}`);
      if (line === "held") done();
    });
  });
  return {
    name,
    pid: child.pid as number,
    process: child,
    held,
    release: () => {
      child.stdin.write("go\n");
      return ended;
    },
  };
}

/** Resolves when the process waits for the lock and everybody can see it. */
async function untilWaiting(dir: Workdir, pid: number): Promise<void> {
  const shared = join(dir.home, "tmp");
  const isWaiting = () =>
    readdirSync(shared).some(
      (name) => name.startsWith(`${pid}-`) && existsSync(join(shared, name, "waiting")),
    );
  while (!isWaiting()) await sleep(10);
}

async function createHome(): Promise<Workdir> {
  const dir = createWorkdir();
  await dir.ok(["stats"]);
  return dir;
}

test("a reader that comes while a writer waits for another reader lets the writer go first", async () => {
  const dir = await createHome();
  const events: Events = [];
  const first = startLocker(dir, events, "first reader", "read");
  await first.held;
  const shares = startLocker(dir, events, "second reader", "read");
  await shares.held; // nobody waits: readers share
  const writer = startLocker(dir, events, "writer", "write");
  await untilWaiting(dir, writer.pid);
  const late = startLocker(dir, events, "late reader", "read");
  await untilWaiting(dir, late.pid);
  await first.release();
  await shares.release();
  await writer.held;
  expect(events).not.toContain("late reader held");
  await writer.release();
  await late.held;
  await late.release();
  expect(events.filter((event) => event.endsWith("held"))).toEqual([
    "first reader held",
    "second reader held",
    "writer held",
    "late reader held",
  ]);
  await dir.checkPromises();
});

test("sixteen who come one after another get the lock in that order", { timeout: 0 }, async () => {
  const dir = await createHome();
  const events: Events = [];
  const holder = startLocker(dir, events, "0", "write");
  await holder.held;
  const waiting: Locker[] = [];
  for (let n = 1; n <= 15; n += 1) {
    const next = startLocker(dir, events, String(n), n % 3 === 0 ? "read" : "write");
    await untilWaiting(dir, next.pid);
    waiting.push(next);
  }
  // Each gives it back as soon as it has it.
  const ended = waiting.map((one) => one.release());
  await holder.release();
  expect(await Promise.all(ended)).toEqual(waiting.map(() => 0));
  const order = events
    .filter((event) => event.endsWith("held"))
    .map((event) => parseInt(event, 10));
  expect(order).toEqual(Array.from({ length: 16 }, (_, n) => n));
  await dir.checkPromises();
});

test("nobody waits for one who was killed or stopped while it was first in line", async () => {
  const dir = await createHome();
  const events: Events = [];
  const holder = startLocker(dir, events, "holder", "write");
  await holder.held;
  const killed = startLocker(dir, events, "killed", "write");
  await untilWaiting(dir, killed.pid);
  const stopped = startLocker(dir, events, "stopped", "write");
  await untilWaiting(dir, stopped.pid);
  const last = startLocker(dir, events, "last", "write");
  await untilWaiting(dir, last.pid);
  killed.process.kill("SIGKILL");
  stopped.process.kill("SIGSTOP");
  await holder.release();
  await last.held;
  stopped.process.kill("SIGCONT");
  await last.release();
  await stopped.held;
  await stopped.release();
  expect(events).toEqual([
    "holder held",
    "holder released",
    "last held",
    "last released",
    "stopped held",
    "stopped released",
  ]);
  await dir.checkPromises(); // also that the folder of the killed is gone
});

test("one who is killed while it holds the lock leaves nothing: not the lock, not what it wrote, not its folder", async () => {
  const dir = await createHome();
  const events: Events = [];
  const holder = startLocker(dir, events, "holder", "write");
  await holder.held;
  const next = startLocker(dir, events, "next", "read");
  await untilWaiting(dir, next.pid);
  holder.process.kill("SIGKILL");
  await next.held;
  expect(await next.release()).toBe(0);
  expect(await dir.query("from meta where value = '99'")).toEqual([]);
  await dir.checkPromises();
});

test("one that cannot wait: exit 6, naming who holds the lock by process, command and since when", async () => {
  const dir = await createHome();
  const holder = startLocker(dir, [], "order", "write");
  await holder.held;
  const busy = await dir.run(["stats", "--lock-timeout", "1s"]);
  expect(busy.code).toBe(6);
  const since = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
  expect(busy.stderr).toMatch(
    new RegExp(
      `waited 1 s for process ${holder.pid} \\(numbers order, since ${since}\\); try again`,
    ),
  );
  // Behind somebody who waits too, it is told both: who has the lock, and that others come first.
  const waiter = startLocker(dir, [], "ingest", "write");
  await untilWaiting(dir, waiter.pid);
  const behind = await dir.run(["stats", "--lock-timeout", "2s"]);
  expect(behind.code).toBe(6);
  expect(behind.stderr).toContain(`waiting behind 1, first process ${waiter.pid} (numbers ingest`);
  expect(behind.stderr).toMatch(
    new RegExp(`waited 2 s for process ${holder.pid} \\(.*\\) and 1 that came before`),
  );
  await holder.release();
  await waiter.release();
  await dir.checkPromises();
});

test("folders of the dead are swept, also when another program has their process id now", async () => {
  const dir = await createHome();
  const shared = join(dir.home, "tmp");
  const leave = (name: string, owner: object) => {
    mkdirSync(join(shared, name));
    writeFileSync(join(shared, name, "owner.json"), JSON.stringify(owner));
  };
  const living = startLocker(dir, [], "order", "read");
  await living.held;
  const [own = ""] = readdirSync(shared);
  const owner = JSON.parse(readFileSync(join(shared, own, "owner.json"), "utf8"));
  expect(owner).toMatchObject({ pid: living.pid, command: "numbers order" });
  // The same process id, as it was given to a program that began earlier, or before the machine was started again.
  leave(`${living.pid}-reused`, { ...owner, began: owner.began.replace(/\d+$/, "1") });
  leave(`${living.pid}-reboot`, { ...owner, began: `another-boot ${owner.began.split(" ")[1]}` });
  leave("4194305-dead", { ...owner, pid: 4194305 }); // higher than any process id
  leave("1-elsewhere", { ...owner, pid: 1, host: "another-machine" });
  await dir.ok(["stats"]);
  expect(readdirSync(shared).sort()).toEqual(["1-elsewhere", own].sort());
  await living.release();
});
