/** A text that goes to a file, a device or a pipe arrives whole, or the error says why not. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { writeText } from "../../src/orders/text-output.ts";

/** More than a pipe holds. */
const text = "a line of text\n".repeat(100_000);

function place(): { folder: string; fifo: string } {
  const folder = mkdtempSync(join(tmpdir(), "numbers-text-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const fifo = join(folder, "pipe");
  execFileSync("mkfifo", [fifo]);
  return { folder, fifo };
}

/** A process that has the pipe open for reading, for as long as the test runs. */
function reader(command: string, fifo: string) {
  const child = spawn("sh", ["-c", `exec ${command} < "$1"`, "sh", fifo]);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

const effects = (signal = new AbortController().signal) => ({
  stdout: process.stdout,
  fileMode: 0o640,
  signal,
});

test("a file has its mode, and nothing lies beside it", async () => {
  const { folder } = place();
  const path = join(folder, "page.html");
  await writeText(text, { kind: "file", path }, effects());
  expect(readFileSync(path, "utf8")).toBe(text);
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder).sort()).toEqual(["page.html", "pipe"]);
});

test("a slow reader of a pipe gets all of it", async () => {
  const { fifo } = place();
  const child = reader("sh -c 'sleep 1; wc -c'", fifo);
  const counted = new Promise((done) => child.stdout.once("data", (chunk) => done(Number(chunk))));
  await writeText(text, { kind: "pipe", path: fifo }, effects());
  expect(await counted).toBe(text.length);
});

test("a reader that goes away before the end is no success", async () => {
  const { fifo } = place();
  reader("head -c 10", fifo);
  await expect(writeText(text, { kind: "pipe", path: fifo }, effects())).rejects.toMatchObject({
    exitCode: 7,
    message: expect.stringContaining("the reader closed the pipe"),
  });
});

test("a full device is no success", async () => {
  const target = { kind: "device", path: "/dev/full" } as const;
  await expect(writeText(text, target, effects())).rejects.toMatchObject({
    exitCode: 7,
    message: expect.stringContaining("the disk is full"),
  });
});

test("an interrupt does not wait for a reader who does not read", async () => {
  const { fifo } = place();
  const child = reader("sleep 600", fifo);
  const interruption = new AbortController();
  const writing = writeText(text, { kind: "pipe", path: fifo }, effects(interruption.signal));
  const stopped = expect(writing).rejects.toThrow("stopped by SIGINT");
  await sleep(500);
  interruption.abort(new Error("stopped by SIGINT"));
  await stopped;
  expect(child.exitCode).toBeNull();
});
