/** Deliveries through real pipes of a real shell: what the customer gets, and what the exit code says of it. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { binary, cleanEnvironment, createWorkdir, type Workdir } from "../workdir.ts";

let dir: Workdir;

beforeEach(async () => {
  dir = createWorkdir();
  await dir.ok([
    "generate",
    "--rows",
    "120000",
    "--provider",
    "tsel",
    "--dirty",
    "0",
    "-o",
    "s.csv",
  ]);
  await dir.ok(["ingest", "s.csv"]);
});

/** Runs a line of bash in which `$numbers` is the binary; resolves to what it printed and its own exit code. */
function shell(line: string): Promise<{ stdout: string; stderr: string; code: number | null }> {
  const child = spawn("bash", ["-c", line], {
    cwd: dir.folder,
    env: { ...cleanEnvironment(dir.home), numbers: `${process.execPath} ${binary}` },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((done) => child.on("close", (code) => done({ stdout, stderr, code })));
}

const order = "$numbers order --provider tsel --synthetic --columns phone,address,note";

test("into a slow pipe it is whole", async () => {
  const { stdout } = await shell(
    `${order} --count 100000 --json 2>talk | (sleep 2; cat >got.csv); echo \${PIPESTATUS[0]}; wc -c <got.csv`,
  );
  const [code, size] = stdout.trim().split("\n").map(Number);
  const report = JSON.parse(readFileSync(dir.path("talk"), "utf8"));
  expect(code).toBe(0);
  expect(report).toMatchObject({ state: "delivered", numbers: 100_000, output: "-", bytes: size });
  await dir.checkPromises();
});

test("into a closed pipe: exit 7, reserved, and the same rows later", async () => {
  const { stdout, stderr } = await shell(
    `${order} --count 100000 | head -c 100; code=\${PIPESTATUS[0]}; echo; echo $code`,
  );
  expect(stdout.trim().split("\n").at(-1)).toBe("7");
  expect(stderr).toMatch(/numbers order export \S+ -o FILE/);
  const { orders } = await dir.json(["order", "list"]);
  expect(orders).toMatchObject([{ state: "reserved", numbers: 100_000 }]);
  await dir.ok(["order", "export", orders[0].order_id, "-o", "got.csv"]);
  expect(readFileSync(dir.path("got.csv"), "utf8").startsWith(stdout.slice(0, 60))).toBe(true);
  expect(await dir.json(["order", "show", orders[0].order_id])).toMatchObject({
    state: "delivered",
  });
  await dir.checkPromises();
});

test("a reserved order can be cancelled, and its numbers sold again", async () => {
  await shell(`${order} --count 50000 >/dev/full`);
  const { orders } = await dir.json(["order", "list"]);
  expect(orders).toMatchObject([{ state: "reserved" }]);
  const before = await dir.json(["order", "--provider", "tsel", "--synthetic", "--dry-run"]);
  await dir.ok(["order", "cancel", orders[0].order_id]);
  const after = await dir.json(["order", "--provider", "tsel", "--synthetic", "--dry-run"]);
  expect(after.available).toBe(before.available + 50_000);
  await dir.checkPromises();
});

test("a full disk: exit 7, reserved, nothing half written under its name", async () => {
  for (const output of ["-o /dev/full", ">/dev/full"]) {
    const { stdout, stderr } = await shell(
      `${order} --count 20000 ${output}; echo $? >code; cat code`,
    );
    expect(stdout.trim()).toBe("7");
    expect(stderr).toContain("the disk is full");
  }
  await dir.checkPromises();
});

test("appending keeps what the file had", async () => {
  await shell(`echo before >got.csv; ${order} --count 10 >>got.csv`);
  const lines = readFileSync(dir.path("got.csv"), "utf8").split("\n");
  expect(lines.slice(0, 2)).toEqual(["before", "phone,address,note"]);
  await dir.checkPromises();
});

test("a file appears under its name only when it is whole; an interrupted order is finished by its id", async () => {
  // The reader of the named pipe never reads: the delivery waits until it is interrupted.
  const { stdout, stderr } = await shell(
    `mkfifo pipe; sleep 30 <>pipe >/dev/null 2>&1 & idle=$!; ${order} --count 100000 -o pipe & pid=$!; sleep 3; kill -INT $pid; wait $pid; echo $?; kill $idle`,
  );
  expect(stdout.trim()).toBe("130");
  const id = /numbers order export (\S+)/.exec(stderr)?.[1] ?? "";
  await dir.ok(["order", "export", id, "-o", "got.csv"]);
  expect(readdirSync(dir.folder).filter((name) => name.includes(".part-"))).toEqual([]);
  await dir.checkPromises();
});

test("cancelled while a slow reader takes it: exit 7, and nobody is told that it arrived", async () => {
  const { stdout, stderr } = await shell(
    `mkfifo pipe; { ${order} --count 100000 -o pipe; echo "code $?"; } & exec 7<pipe; head -c 1000 <&7 >/dev/null; ` +
      "id=$($numbers order list --json | grep -o '[0-9]\\{8\\}-[a-z0-9]\\{8\\}' | head -n 1); " +
      "$numbers order cancel $id; cat <&7 >/dev/null; wait",
  );
  expect(stdout).toContain("code 7");
  expect(stderr).toContain("was cancelled while it was delivered");
  const { orders } = await dir.json(["order", "list"]);
  expect(orders).toMatchObject([{ state: "cancelled", delivered_at: null }]);
  const { entries } = await dir.json(["audit", "show"]);
  expect(entries[0].action).toBe("order.cancel");
  await dir.checkPromises();
});
