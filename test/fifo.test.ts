/** What goes through a named pipe: all of it, in order, whatever the pace of who takes it. */
import { createWriteStream } from "node:fs";
import { Transform, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { pump } from "../src/fifo.ts";
import { randomFrom } from "./random.ts";
import { createWorkdir } from "./workdir.ts";

const never = new AbortController().signal;

const seed = Number(process.env.FIFO_SEED ?? 20261128);
const random = randomFrom(seed);
const randomInt = (below: number) => Math.floor(random() * below);
const randomBytes = (length: number) =>
  Buffer.from(Uint8Array.from({ length }, () => randomInt(256)));

/** Writes `bytes` in pieces of any size. */
const producing = (bytes: Buffer) => (path: string) =>
  new Promise<number>((resolve, reject) => {
    const stream = createWriteStream(path);
    stream.on("error", reject);
    for (let at = 0; at < bytes.length; ) {
      const length = [1, 700, 5_000, 65_536, 200_000][randomInt(5)] as number;
      stream.write(bytes.subarray(at, at + length));
      at += length;
    }
    stream.end(() => resolve(bytes.length));
  });

/** Looks at what it is given only when it is done with it: a block that was filled anew meanwhile would be seen. */
function slowSink(isSlow: () => boolean): { sink: Writable; taken: () => Buffer } {
  const pieces: Buffer[] = [];
  const sink = new Writable({
    write(block: Buffer, _encoding, done) {
      const take = () => {
        pieces.push(Buffer.from(block));
        done();
      };
      if (isSlow()) setTimeout(take, randomInt(3));
      else take();
    },
  });
  return { sink, taken: () => Buffer.concat(pieces) };
}

test.each([
  { name: "at once", isSlow: () => false },
  { name: "slowly", isSlow: () => true },
  { name: "now and then slowly", isSlow: () => randomInt(4) === 0 },
])(
  `a sink that takes $name gets every byte, and so does who watches (seed ${seed})`,
  async ({ isSlow }) => {
    const dir = createWorkdir();
    const bytes = randomBytes(3_000_001);
    const { sink, taken } = slowSink(isSlow);
    const seen: Buffer[] = [];
    const onBlock = (block: Buffer) => void seen.push(Buffer.from(block));
    const options = { keepsOpen: true, signal: never, onBlock };
    expect(await pump(dir.folder, producing(bytes), sink, options)).toBe(bytes.length);
    expect(taken().equals(bytes)).toBe(true);
    expect(Buffer.concat(seen).equals(bytes)).toBe(true);
    expect(sink.writableEnded).toBe(false);
  },
);

test("what is packed on the way is whole, and its file ends", async () => {
  const dir = createWorkdir();
  const bytes = randomBytes(1_000_000);
  const { sink, taken } = slowSink(() => randomInt(4) === 0);
  const options = { keepsOpen: false, signal: never, steps: [createGzip()] };
  await pump(dir.folder, producing(bytes), sink, options);
  expect(gunzipSync(taken()).equals(bytes)).toBe(true);
  expect(sink.writableFinished).toBe(true);
});

test("nothing is nothing", async () => {
  const dir = createWorkdir();
  const { sink, taken } = slowSink(() => false);
  const options = { keepsOpen: false, signal: never };
  expect(await pump(dir.folder, producing(Buffer.alloc(0)), sink, options)).toBe(0);
  expect(taken()).toHaveLength(0);
  expect(sink.writableFinished).toBe(true);
});

const failing = () =>
  new Writable({
    write: (_block, _encoding, done) => done(new Error("the disk is full")),
  });

test.each([
  { name: "the sink's", steps: () => [], sink: failing, says: "the disk is full" },
  {
    name: "the packed sink's",
    steps: () => [createGzip()],
    sink: failing,
    says: "the disk is full",
  },
  {
    name: "the step's",
    steps: () => [new Transform({ transform: (_b, _e, done) => done(new Error("cannot pack")) })],
    sink: () => slowSink(() => false).sink,
    says: "cannot pack",
  },
  {
    name: "that of a sink that was closed",
    steps: () => [],
    sink: () => {
      const { sink } = slowSink(() => true);
      setTimeout(() => sink.destroy(), 20);
      return sink;
    },
    says: /closed before it had everything|after a stream was destroyed/,
  },
])("the error that is told is $name", async ({ steps, sink, says }) => {
  const dir = createWorkdir();
  const options = { keepsOpen: false, signal: never, steps: steps() };
  const pumping = pump(dir.folder, producing(randomBytes(2_000_000)), sink(), options);
  await expect(pumping).rejects.toThrow(says);
});

test("the producer's own error is told, whenever it comes", async () => {
  const dir = createWorkdir();
  const options = { keepsOpen: false, signal: never };
  const { sink } = slowSink(() => false);
  const atOnce = () => Promise.reject(new Error("no such order"));
  await expect(pump(dir.folder, atOnce, sink, options)).rejects.toThrow("no such order");
  const later = async (path: string) => {
    await producing(randomBytes(300_000))(path);
    throw new Error("a file is missing");
  };
  const pumping = pump(dir.folder, later, slowSink(() => false).sink, options);
  await expect(pumping).rejects.toThrow("a file is missing");
});

test("an interrupt does not wait for a sink that takes nothing", async () => {
  const dir = createWorkdir();
  const stop = new AbortController();
  const sink = new Writable({ write: () => {} });
  const options = { keepsOpen: true, signal: stop.signal };
  const pumping = pump(dir.folder, producing(randomBytes(2_000_000)), sink, options);
  await sleep(50);
  stop.abort(new Error("interrupted"));
  await expect(pumping).rejects.toThrow("interrupted");
  expect(sink.destroyed).toBe(false);
});

test.each([
  { name: "as it is", steps: () => [] },
  { name: "packed", steps: () => [createGzip()] },
])(
  "a sink of this delivery alone is not held open by one that failed: $name",
  async ({ steps }) => {
    const dir = createWorkdir();
    const stop = new AbortController();
    const sink = new Writable({ write: () => {} });
    const options = { keepsOpen: false, signal: stop.signal, steps: steps() };
    const pumping = pump(dir.folder, producing(randomBytes(2_000_000)), sink, options);
    await sleep(50);
    stop.abort(new Error("interrupted"));
    await expect(pumping).rejects.toThrow("interrupted");
    await expect.poll(() => sink.destroyed).toBe(true);
  },
);
