/**
 * Handing an order over: to a file that appears under its name only when it is whole, or into a pipe that is read as
 * slowly as its reader likes. The order stays `reserved` until the last byte is where it should be.
 */
import { createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { basename } from "node:path";
import { Transform, type Writable } from "node:stream";
import { createGzip } from "node:zlib";
import type { Delivery, Engine, Order, Part, Range } from "../engine/engine.ts";
import { Elsewhere, exitCode, messageOf, UserError, withoutAdvice } from "../errors.ts";
import { failpoint } from "../failpoints.ts";
import { pump, writeFifo } from "../fifo.ts";
import type { Progress } from "../progress.ts";
import { isOutOfSpace, wordsOfFullDisk } from "../space.ts";
import { publishWhole } from "../whole-file.ts";
import { counted } from "../words.ts";
import { followFile } from "./growing-file.ts";
import { partPaths, pathOf, type Target } from "./output.ts";
import { createRowCount } from "./row-count.ts";

export type DeliveryEffects = {
  readonly engine: Engine;
  readonly stdout: Writable;
  /** A folder of this process on any file system, for the pipe. */
  readonly temporary: string;
  readonly fileMode: number;
  readonly timeZone: string;
  readonly now: Date;
  /** Ends a delivery that waits for a slow reader. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
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

export type Delivered = {
  readonly order: Order;
  /** `-` or the absolute path; of a split order with `{n}` for the number of the file. */
  readonly output: string;
  /** Of all files together, in their order. */
  readonly bytes: number;
  readonly sha256: string;
  readonly parts: readonly Part[] | undefined;
};

type Written = Pick<Delivered, "bytes" | "sha256" | "parts">;

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
  if (order.numbers === 0) {
    throw new UserError(
      exitCode.shortage,
      `order ${order.orderId} has no numbers left: all were suppressed since; cancel it: numbers order cancel ${order.orderId}`,
    );
  }
  const output =
    target.kind === "stdout"
      ? "-"
      : target.kind === "file"
        ? pathOf(target.path, order, effects.timeZone)
        : target.path;
  const follow = followed(order, output, effects.progress);
  let hasArrived = false;
  const arrive = async (written: Written): Promise<Delivery> => {
    hasArrived = true;
    await failpoint("delivery.arrived");
    return { output, ...written, at: effects.now };
  };
  try {
    if (target.kind === "file") return await deliverFiles(order, output, follow, effects, arrive);
    // A reader may have seen some of it whatever happens now.
    await engine.markDisclosed(order, effects.now);
    const sink = await openSink(target, effects);
    const total = createHash("sha256");
    const keepsOpen = target.kind === "stdout";
    const bytes = await stream(order, undefined, sink, keepsOpen, [], [total], follow(), effects);
    const written = { bytes, sha256: total.digest("hex"), parts: undefined };
    const delivered = await engine.markDelivered(order.orderId, await arrive(written));
    return { order: delivered, output, ...written };
  } catch (error) {
    if (isVerdict(error)) throw error;
    const where = output === "-" ? "stdout" : output;
    throw new UserError(
      exitCode.undelivered,
      hasArrived
        ? `order ${order.orderId} is written out to ${where}, but was not recorded as delivered: ` +
            `${wordsFor(error)}; numbers order export ${order.orderId} writes the same once more, and records it`
        : `order ${order.orderId} was not delivered: ${wordsFor(error)}; its ${counted(order.numbers, "number")} stay reserved: ` +
            `numbers order export ${order.orderId} -o FILE`,
      { cause: error },
    );
  }
}

/** Is shown each block of one file: as it is, for its rows, and as it leaves, perhaps packed. */
type Follower = { rows(block: Buffer): void; bytes(block: Buffer): void };

const nobody: Follower = { rows: () => {}, bytes: () => {} };

/** Follows the files of a delivery one after the other; rows are counted for whoever watches only. */
function followed(order: Order, output: string, progress: Progress): () => Follower {
  if (!progress.isWatched) return () => nobody;
  const { format } = order.layout;
  const name = output === "-" ? "stdout" : basename(output);
  progress.begin(`delivering to ${name}`, { rows: order.numbers });
  let bytes = 0;
  let rows: number | undefined;
  return () => {
    const before = rows ?? 0;
    const counter = createRowCount(format);
    return {
      rows: (block) => {
        counter?.add(block);
        if (counter) rows = before + counter.rows();
      },
      bytes: (block) => {
        bytes += block.length;
        progress.at({ bytes, rows });
      },
    };
  };
}

/** Says something of the order itself. A store that is busy or away says nothing of it: the order waits. */
function isVerdict(error: unknown): error is UserError {
  return (
    error instanceof UserError &&
    !(error instanceof Elsewhere) &&
    error.exitCode !== exitCode.busy &&
    error.exitCode !== exitCode.unexpected
  );
}

function wordsFor(error: unknown): string {
  if (error instanceof UserError) return withoutAdvice(error.message);
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EPIPE") return "the reader closed the pipe";
  if (isOutOfSpace(error)) return wordsOfFullDisk(error);
  return messageOf(error);
}

/** All files whole, then all under their names and the order delivered: what fails before leaves none of them behind. */
async function deliverFiles(
  order: Order,
  output: string,
  follow: () => Follower,
  effects: DeliveryEffects,
  arrive: (written: Written) => Promise<Delivery>,
): Promise<Delivered> {
  const { split } = order.layout;
  const ranges = split === undefined ? [undefined] : rangesOf(order.numbers, split);
  const paths = split === undefined ? [output] : partPaths(output, ranges.length);
  const total = createHash("sha256");
  const parts: Part[] = [];
  let bytes = 0;
  return publishWhole(
    paths,
    effects.fileMode,
    async (part, index) => {
      const path = paths[index] as string;
      const range = ranges[index];
      const own = createHash("sha256");
      // A file that is all there is has the sum of all: it is hashed once.
      const hashes = range ? [own, total] : [total];
      const fileBytes = await writeFile(order, range, path, part, hashes, follow(), effects);
      bytes += fileBytes;
      if (!range) return;
      const numbers = range.last - range.first + 1;
      parts.push({ path, numbers, bytes: fileBytes, sha256: own.digest("hex") });
    },
    async (name) => {
      const written = {
        bytes,
        sha256: total.digest("hex"),
        parts: split === undefined ? undefined : parts,
      };
      const delivered = await effects.engine.markAround(order, effects.now, async () => {
        await name();
        return arrive(written);
      });
      return { order: delivered, output, ...written };
    },
  );
}

function rangesOf(numbers: number, split: number): Range[] {
  return Array.from({ length: Math.ceil(numbers / split) }, (_, index) => ({
    first: index * split,
    last: Math.min((index + 1) * split, numbers) - 1,
  }));
}

/** Writes one file, packed as its name says; resolves to its bytes, which all `hashes` have seen. */
async function writeFile(
  order: Order,
  range: Range | undefined,
  path: string,
  part: string,
  hashes: readonly Hash[],
  follower: Follower,
  effects: DeliveryEffects,
): Promise<number> {
  if (path.endsWith(".gz")) {
    const sink = createWriteStream(part, { mode: 0o600 });
    return stream(order, range, sink, false, [createGzip()], hashes, follower, effects);
  }
  const compression = path.endsWith(".zst") ? "zstd" : "none";
  return followFile(
    part,
    (target) => effects.engine.exportOrder(order, target, compression, range),
    (block) => {
      for (const hash of hashes) hash.update(block);
      if (compression === "none") follower.rows(block);
      follower.bytes(block);
    },
  );
}

/** From the engine through a named pipe into `sink`, at the pace of the sink, counted and hashed as it leaves. */
async function stream(
  order: Order,
  range: Range | undefined,
  sink: Writable,
  keepsOpen: boolean,
  packing: readonly Transform[],
  hashes: readonly Hash[],
  follower: Follower,
  { engine, temporary, signal }: DeliveryEffects,
): Promise<number> {
  let bytes = 0;
  const leaves = (block: Buffer) => {
    for (const hash of hashes) hash.update(block);
    bytes += block.length;
    follower.bytes(block);
  };
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      leaves(chunk);
      done(null, chunk);
    },
  });
  const isPacked = packing.length > 0;
  const onBlock = (block: Buffer) => {
    follower.rows(block);
    if (!isPacked) leaves(block);
  };
  const produce = (path: string) => engine.exportOrder(order, path, "none", range);
  const steps = isPacked ? [...packing, counting] : [];
  await pump(temporary, produce, sink, { keepsOpen, signal, steps, onBlock });
  return bytes;
}
