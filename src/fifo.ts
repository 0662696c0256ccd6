/**
 * Named pipes between the engine and this process: the engine reads and writes paths, and only a named pipe is a
 * path that streams. (`/dev/stdout` is no substitute: it cannot be opened when it is a socket, and opening it
 * empties a file that the shell appends to.)
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { close, constants, open } from "node:fs";
import { type OnReadOpts, Socket } from "node:net";
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

/** What a named pipe holds (Linux, pipe(7)): no read gives more. */
const blockBytes = 1 << 16;
/** One that is read into, the others on their way. */
const blocks = 4;

/**
 * Reads the open pipe `fd` to its end and writes all of it into `sink`, which stays open; `onBlock` sees each block first, and
 * has it until it returns. Resolves once the sink has taken the last one. The blocks are used again and again: a stream makes
 * a new one for every 64 kB, whose pages the system has to find and to clear. Of 9.5 s of processor time that a million rows
 * took into a pipe, that was 1.6, three quarters of what this thread did; whole orders take 0.4 less.
 */
function flow(
  fd: number,
  onBlock: (block: Buffer) => void,
  sink: Writable,
): { source: Socket; flowing: Promise<void> } {
  const free = Array.from({ length: blocks }, () => Buffer.allocUnsafeSlow(blockBytes));
  // Nobody has it: a block is asked for before it is known whether anything comes.
  let next = free.pop() as Buffer<ArrayBuffer>;
  let isOver = false;
  let end = () => {};
  const giveBack = (block: Buffer<ArrayBuffer>) => {
    free.push(block);
    if (isOver) end();
    else source.resume();
  };
  const onread: OnReadOpts = {
    buffer: () => next,
    callback: (length) => {
      const block = next;
      next = free.pop() as Buffer<ArrayBuffer>;
      const read = block.subarray(0, length);
      onBlock(read);
      sink.write(read, (error) => (error ? source.destroy(error) : giveBack(block)));
      // Nothing more is read before one is back.
      return free.length > 0;
    },
  };
  const options = { fd, readable: true, writable: false, onread };
  const source = new Socket(options);
  const flowing = new Promise<void>((resolve, reject) => {
    end = () => {
      if (free.length === blocks - 1) resolve();
    };
    source.on("end", () => {
      isOver = true;
      end();
    });
    source.on("error", reject);
    sink.on("error", reject);
    sink.on("close", () => reject(new Error("it was closed before it had everything")));
  });
  source.resume();
  return { source, flowing };
}

/**
 * Lets `produce` write to a named pipe in `folder`, and streams what it writes into `sink` through `steps`, at the pace
 * of the sink; `onBlock` sees it as it was written. Resolves to what `produce` resolves to once the sink has everything.
 * Rejects with the producer's error, the sink's, or the signal's reason: an interrupt does not wait for a reader that may
 * never read again.
 */
export async function pump<T>(
  folder: string,
  produce: (path: string) => Promise<T>,
  sink: Writable,
  {
    keepsOpen,
    signal,
    steps = [],
    onBlock = () => {},
  }: {
    readonly keepsOpen: boolean;
    readonly signal: AbortSignal;
    readonly steps?: readonly Transform[];
    readonly onBlock?: (block: Buffer) => void;
  },
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
  const [first = sink] = steps;
  const packing = steps.length === 0 ? undefined : pipeline([...steps, sink], { end: !keepsOpen });
  // The error of the step that broke is told, not that the first one was closed for it.
  const failed = async (error: Error) => {
    if (packing) first.destroy(error);
    await packing;
    throw error;
  };
  const close = async () => {
    if (packing || !keepsOpen) await promisify(first.end.bind(first))();
    await packing;
  };
  packing?.catch(() => undefined);
  // A socket polls the pipe; a file stream would block one of the few pool threads on every read.
  const { source, flowing } = flow(await opening, onBlock, first);
  let onAbort = () => {};
  const interrupted = new Promise<never>((_, reject) => {
    onAbort = () => {
      source.destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([flowing.catch(failed).then(close), interrupted]);
  } catch (error) {
    source.destroy();
    // Whoever reads there must not take what came for all of it, nor keep this process with what it does not take.
    if (packing || !keepsOpen) first.destroy();
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
