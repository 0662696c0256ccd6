/**
 * Named pipes between the engine and this process: the engine reads and writes paths, and only a named pipe is a
 * path that streams. (`/dev/stdout` is no substitute: it cannot be opened when it is a socket, and opening it
 * empties a file that the shell appends to.)
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { close, constants, open } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { messageOf } from "./errors.ts";

const openPath = promisify<string, string | number, number>(open);
const closeHandle = promisify(close);
const pollMs = 5;

/** Makes a named pipe, readable by this user alone. */
export async function makeFifo(path: string): Promise<void> {
  await promisify(execFile)("mkfifo", ["-m", "600", path]);
}

/**
 * Opens the writing end once somebody has opened the reading end; rejects with the signal's reason when it is aborted
 * before that. Never blocks in `open`: a blocked thread would keep an interrupted process from ending.
 */
export async function writeFifo(path: string, signal: AbortSignal | undefined): Promise<Socket> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      const fd = await openPath(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return new Socket({ fd, readable: false, writable: true });
    } catch (error) {
      // Nobody reads yet (POSIX open: ENXIO).
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
      await sleep(pollMs);
    }
  }
}

/**
 * Lets `produce` write to a named pipe in `folder`, and streams what it writes into `sink` through `steps`, at the pace
 * of the sink. Resolves to what `produce` resolves to once the sink has everything. Rejects with the producer's error,
 * the sink's, or the signal's reason: an interrupt does not wait for a reader that may never read again.
 */
export async function pump<T>(
  folder: string,
  produce: (path: string) => Promise<T>,
  steps: readonly Transform[],
  sink: Writable,
  { keepsOpen, signal }: { readonly keepsOpen: boolean; readonly signal: AbortSignal },
): Promise<T> {
  const path = join(folder, `pipe-${randomBytes(4).toString("hex")}`);
  await makeFifo(path);
  const opening = openPath(path, "r");
  let failure: { readonly error: unknown } | undefined;
  const producing = produce(path).catch(async (error: unknown) => {
    failure = { error };
    // The opening waits for a writer: it gets one, which says nothing.
    const writer = await openPath(path, constants.O_RDWR | constants.O_NONBLOCK);
    await opening;
    await closeHandle(writer);
    return undefined;
  });
  // A socket polls the pipe; a file stream would block one of the few pool threads on every read.
  const source = new Socket({ fd: await opening, readable: true, writable: false });
  let onAbort = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    onAbort = () => {
      source.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([pipeline([source, ...steps, sink], { end: !keepsOpen }), interrupted]);
  } catch (error) {
    source.destroy();
    await producing;
    // The end of the pipe makes its writer fail too: the sink's error is the first one.
    if (failure === undefined || !isBrokenPipe(failure.error)) throw failure?.error ?? error;
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  const produced = await producing;
  if (failure !== undefined) throw failure.error;
  return produced as T;
}

function isBrokenPipe(error: unknown): boolean {
  return /Broken pipe|EPIPE/.test(messageOf(error));
}
