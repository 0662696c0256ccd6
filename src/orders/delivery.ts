/**
 * Handing an order over: to a file that appears under its name only when it is whole, or into a pipe that is read as
 * slowly as its reader likes. The order stays `reserved` until the last byte is where it should be.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Transform, type Writable } from "node:stream";
import { createGzip } from "node:zlib";
import type { Engine, Order } from "../engine/engine.ts";
import { exitCode, messageOf, UserError, usageError } from "../errors.ts";
import { pump, writeFifo } from "../fifo.ts";
import { syncPath } from "../home.ts";

export type Target =
  | { readonly kind: "stdout" }
  | { readonly kind: "file" | "pipe" | "device"; readonly path: string };

export type DeliveryEffects = {
  readonly engine: Engine;
  readonly stdout: Writable;
  /** A folder of this process on any file system, for the pipe. */
  readonly temporary: string;
  readonly fileMode: number;
  readonly now: Date;
  /** Ends a delivery that waits for a slow reader. */
  readonly signal: AbortSignal;
};

/** Opens what is written in place: stdout, a named pipe, a device. */
export async function openSink(
  target: Target,
  { stdout, signal }: { readonly stdout: Writable; readonly signal: AbortSignal },
): Promise<Writable> {
  if (target.kind === "stdout") return stdout;
  // A file stream would block a thread on a slow reader, and an interrupt with it.
  if (target.kind === "pipe") return writeFifo(target.path, signal);
  return createWriteStream(target.path, { flags: "a" });
}

/**
 * Where to deliver: `-` is stdout, anything that is not a regular file is written in place. Throws a usage error for a
 * place that cannot be written, before a number is sold.
 */
export function findTarget(output: string): Target {
  if (output === "-") return { kind: "stdout" };
  const path = resolve(output);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) throw usageError(`--output: ${path} is a folder; name a file in it`);
  if (stat && !stat.isFile()) return { kind: stat.isFIFO() ? "pipe" : "device", path };
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (!folder?.isDirectory()) {
    throw usageError(`--output: there is no folder ${dirname(path)}; make it first`);
  }
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw usageError(`--output: the folder ${dirname(path)} may not be written to`, error);
  }
  return { kind: "file", path };
}

export type Delivered = {
  readonly order: Order;
  /** `-` or the absolute path. */
  readonly output: string;
  readonly bytes: number;
  readonly sha256: string;
};

/**
 * Delivers an order and marks it delivered; resolves to the order as it is then. Throws `undelivered` when the bytes
 * did not arrive: the order is still reserved and can be exported again by its id.
 */
export async function deliver(
  order: Order,
  target: Target,
  effects: DeliveryEffects,
): Promise<Delivered> {
  const { engine } = effects;
  const output = target.kind === "stdout" ? "-" : target.path;
  let written: { bytes: number; sha256: string };
  try {
    if (target.kind === "file") written = await deliverFile(order, target.path, effects);
    else {
      // A reader may have seen some of it whatever happens now.
      await engine.markDisclosed(order.orderId);
      const sink = await openSink(target, effects);
      written = await stream(order, sink, target.kind === "stdout", [], effects);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      exitCode.undelivered,
      `order ${order.orderId} was not delivered: ${wordsFor(error)}; its ${order.numbers} numbers stay reserved: ` +
        `numbers order export ${order.orderId} -o FILE`,
      { cause: error },
    );
  }
  await engine.markDelivered(order.orderId, {
    output,
    ...written,
    at: effects.now,
  });
  const delivered = await engine.findOrder(order.orderId);
  return { order: delivered ?? order, output, ...written };
}

function wordsFor(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EPIPE") return "the reader closed the pipe";
  if (code === "ENOSPC" || /No space left/i.test(messageOf(error))) return "the disk is full";
  return messageOf(error);
}

async function deliverFile(
  order: Order,
  path: string,
  effects: DeliveryEffects,
): Promise<{ bytes: number; sha256: string }> {
  const part = join(dirname(path), `.${basename(path)}.part-${randomBytes(4).toString("hex")}`);
  try {
    let written: { bytes: number; sha256: string };
    if (path.endsWith(".zst")) {
      // Node learnt zstd after version 20; the engine compresses files, though not pipes.
      await effects.engine.exportOrder(order, part, "zstd");
      written = await hashFile(part);
    } else {
      const sink = createWriteStream(part, { mode: 0o600 });
      const packing = path.endsWith(".gz") ? [createGzip()] : [];
      written = await stream(order, sink, false, packing, effects);
    }
    chmodSync(part, effects.fileMode);
    syncPath(part);
    await effects.engine.markDisclosed(order.orderId);
    renameSync(part, path);
    syncPath(dirname(path));
    return written;
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

/** From the engine through a named pipe into `sink`, at the pace of the sink, counted and hashed as it leaves. */
async function stream(
  order: Order,
  sink: Writable,
  keepsOpen: boolean,
  packing: readonly Transform[],
  { engine, temporary, signal }: DeliveryEffects,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  const produce = (path: string) => engine.exportOrder(order, path, "none");
  await pump(temporary, produce, [...packing, counting], sink, { keepsOpen, signal });
  return { bytes, sha256: hash.digest("hex") };
}

async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, {
    highWaterMark: 1 << 20,
  })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Where an order goes that names no output: stdout when it leads somewhere, else a new file here. */
export function defaultOutput(order: Order, isTerminal: boolean, folder: string): string {
  if (!isTerminal) return "-";
  const ending = order.layout.format;
  const path = join(
    folder,
    `order-${order.orderId}-${order.providers.join("+")}-${order.numbers}.${ending}`,
  );
  if (existsSync(path)) throw usageError(`${path} is there already; name another with --output`);
  return path;
}
