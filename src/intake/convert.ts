/**
 * From a source to rows: the engine reads, the gate watches. A plain UTF-8 file is read by the engine where it lies
 * while the gate looks at the same bytes; when the gate finds anything to mend, and for every other kind of source, the
 * engine reads what the gate lets through. (Through a pipe costs a fifth more than the file itself.) The gate sees the
 * first block before the engine sees anything: most lists with bad lines have one there, and are read once.
 */
import { mkdirSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { xxh3 } from "@node-rs/xxhash";
import type { Conversion, ConversionPlan, Rejection } from "../engine/duckdb/converter.ts";
import { exitCode, messageOf, UserError } from "../errors.ts";
import { makeFifo, writeFifo } from "../fifo.ts";
import { isOutOfMemory } from "../memory.ts";
import type { Profile } from "../profile.ts";
import { type Amount, createTrail, type Progress } from "../progress.ts";
import { isOutOfSpace } from "../space.ts";
import { csvLine } from "./cells.ts";
import type { Dialect } from "./dialect.ts";
import { sizeOf } from "./files.ts";
import { createGate, type Gate, type Tally } from "./records.ts";
import type { Block, Source } from "./source.ts";

/** In front of what goes through the pipe: the engine takes one away, and it must not be one of the first cell's. */
const mark = Buffer.from("\uFEFF");

export type Converted = {
  readonly conversion: Conversion;
  readonly tally: Readonly<Tally>;
  /** Broken records by reason. */
  readonly broken: ReadonlyMap<string, Rejection>;
  /** CSV: the header of the rejects, then the broken records. */
  readonly rejectsPath: string;
  readonly contentHash: string;
  readonly contentBytes: number;
};

export type ConvertEffects = {
  openConversion(plan: ConversionPlan, folder: string): Promise<Conversion>;
  /** Told what is read, and how far: in bytes of the file as it lies there, and in records. */
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  /** Undefined: nobody asked where the time goes. */
  readonly profile?: Profile | undefined;
};

/** The hash of a source's decompressed bytes; the length makes a collision of 64 bits harmless among files. */
export function createContentHash(): {
  update(bytes: Uint8Array): void;
  digest(): string;
} {
  const hash = xxh3.Xxh3.withSeed(0n);
  let length = 0;
  return {
    update: (bytes) => {
      hash.update(bytes);
      length += bytes.length;
    },
    digest: () => `xxh3-${hash.digest().toString(16).padStart(16, "0")}-${length}`,
  };
}

/**
 * Reads a source to its end. `through` is `file` or `pipe`; `file` gives undefined when something needs mending behind
 * the first block.
 * Throws `refused input` when engine and gate do not agree on the number of records.
 */
export async function convert(
  source: Source,
  path: string,
  dialect: Dialect,
  plan: ConversionPlan,
  through: "file" | "pipe",
  folder: string,
  effects: ConvertEffects,
): Promise<Converted | undefined> {
  mkdirSync(folder, { mode: 0o700 });
  const rejectsPath = join(folder, "rejects.csv");
  const rejects = await open(rejectsPath, "w", 0o600);
  const conversion = await effects.openConversion(plan, folder).catch(async (error: unknown) => {
    await rejects.close();
    throw error;
  });
  try {
    const reading = {
      source,
      dialect,
      conversion,
      rejects: rejectsWriter(rejects, dialect),
      effects,
    };
    const start = await begin(reading);
    const read =
      through === "file" && !needsMending(start.gate.tally, dialect)
        ? await readFile(reading, start, path)
        : await readPipe(reading, start, join(folder, "source.fifo"));
    if (!read) return undefined;
    if (read.rows !== read.tally.passed) {
      throw new UserError(
        exitCode.refusedInput,
        `the engine read ${read.rows} records where ${read.tally.passed} are; nothing of it was kept`,
      );
    }
    return { conversion, rejectsPath, ...read };
  } finally {
    await rejects.close();
  }
}

type Reading = {
  readonly source: Source;
  readonly dialect: Dialect;
  readonly conversion: Conversion;
  readonly rejects: RejectsWriter;
  readonly effects: ConvertEffects;
};

type Read = Omit<Converted, "conversion" | "rejectsPath"> & {
  readonly rows: number;
};

/** A reading whose first block the gate has seen. One gate for both ways: a second one in a process is a fifth slower. */
type Start = {
  readonly gate: Gate;
  readonly hash: ReturnType<typeof createContentHash>;
  readonly contentBytes: number;
  /** What the gate let through of the first block; good until its next push. */
  readonly pieces: readonly Buffer[];
  /** From the second block on. */
  readonly rest: AsyncGenerator<Block>;
};

async function begin({ source, dialect, rejects, effects }: Reading): Promise<Start> {
  const gate = createGate(dialect.shape, rejects.add);
  const hash = createContentHash();
  const rest = source.blocks();
  const { value: first, done } = await rest.next();
  if (done) return { gate, hash, contentBytes: 0, pieces: [], rest };
  hash.update(first.raw);
  const pieces = gate.push(first.text);
  effects.progress.at(soFar(source, gate));
  return { gate, hash, contentBytes: first.raw.length, pieces, rest };
}

/** In bytes of the file as it lies there, and in records. */
function soFar(source: Source, { tally }: Gate): Amount {
  return { bytes: source.bytesRead(), rows: tally.passed + tally.broken };
}

function needsMending(tally: Readonly<Tally>, { shape }: Dialect): boolean {
  // An empty line of a single column is a row to the engine.
  return tally.mended > 0 || tally.broken > 0 || (shape.columns === 1 && tally.empty > 0);
}

async function readFile(reading: Reading, start: Start, path: string): Promise<Read | undefined> {
  const { source, dialect, conversion, rejects, effects } = reading;
  const { gate, hash, rest } = start;
  let { contentBytes } = start;
  const isUntidy = () => needsMending(gate.tally, dialect);
  const trail = createTrail(soFar(source, gate));
  const size = sizeOf(path);
  // The gate is faster than the engine, and done long before it.
  let isOver = false;
  effects.progress.watch(() => trail.at(isOver ? size : (conversion.share() ?? 0) * size));
  let failure: unknown;
  const counting = conversion
    .readRows(path, dialect.shape.skip > 0)
    .catch((error: unknown) => {
      failure = error;
      return -1;
    })
    .finally(() => {
      isOver = true;
    });
  try {
    for await (const { raw, text } of rest) {
      hash.update(raw);
      contentBytes += raw.length;
      gate.push(text);
      trail.add(soFar(source, gate));
      effects.signal?.throwIfAborted();
      if (isUntidy() || failure !== undefined) break;
    }
    if (!isUntidy() && failure === undefined) gate.end();
  } catch (error) {
    conversion.stop();
    await counting;
    throw error;
  }
  if (isUntidy()) conversion.stop();
  const rows = await counting;
  effects.signal?.throwIfAborted();
  if (isUntidy()) return undefined;
  if (failure !== undefined) {
    if (isOutOfSpace(failure) || isOutOfMemory(failure)) throw failure;
    // Well-formed to us and not to the engine: what the gate lets through is the same to both.
    return undefined;
  }
  if (rows !== gate.tally.passed) return undefined;
  source.checkUnchanged();
  await rejects.flush();
  const { tally } = gate;
  return {
    rows,
    tally,
    broken: new Map(),
    contentHash: hash.digest(),
    contentBytes,
  };
}

async function readPipe(reading: Reading, start: Start, fifo: string): Promise<Read> {
  const { source, conversion, rejects, effects } = reading;
  const { gate, hash, rest } = start;
  let { contentBytes } = start;
  await makeFifo(fifo);
  let failure: unknown;
  const gone = new AbortController();
  const counting = conversion.readRows(fifo, false).catch((error: unknown) => {
    failure = error;
    // Nobody will read: whoever waits to write must not wait for ever.
    gone.abort(error);
    return -1;
  });
  const writer = await writeFifo(fifo, gone.signal).catch((error: unknown) => {
    throw effects.signal?.aborted ? effects.signal.reason : refusal(error);
  });
  let broken: unknown; // the pipe's own error: the engine's says more
  writer.on("error", (error) => {
    broken = error;
  });
  let joined = Buffer.alloc(0);
  let isFirst = true;
  const write = async (passed: readonly Buffer[]) => {
    if (passed.length === 0) return;
    const pieces = isFirst ? [mark, ...passed] : passed;
    isFirst = false;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    // Mended records come in small pieces: joined, they are one write instead of thousands. Always in the same place: a
    // new block each time costs as much again in page faults and collection as the copy.
    if (joined.length < length) joined = Buffer.allocUnsafe(length * 2);
    let end = 0;
    for (const piece of pieces) end += piece.copy(joined, end);
    const block = joined.subarray(0, end);
    await new Promise<void>((resolve) => writer.write(block, () => resolve()));
    if (broken !== undefined) throw failure ?? broken;
  };
  try {
    await write(start.pieces);
    for await (const { raw, text } of rest) {
      hash.update(raw);
      contentBytes += raw.length;
      await write(gate.push(text));
      await rejects.flush();
      effects.progress.at(soFar(source, gate));
      effects.signal?.throwIfAborted();
    }
    await write(gate.end());
    await rejects.flush();
    await new Promise<void>((resolve) => writer.end(resolve));
  } catch (error) {
    writer.destroy();
    conversion.stop();
    await counting;
    effects.signal?.throwIfAborted();
    throw refusal(failure === undefined || error instanceof UserError ? error : failure);
  }
  const rows = await counting;
  effects.signal?.throwIfAborted();
  if (failure !== undefined) throw refusal(failure);
  source.checkUnchanged();
  return {
    rows,
    tally: gate.tally,
    broken: rejects.rejections,
    contentHash: hash.digest(),
    contentBytes,
  };
}

/** An engine that cannot read what the gate let through refuses that file, not the run. */
function refusal(error: unknown): unknown {
  if (error instanceof UserError || isOutOfSpace(error)) return error;
  // The engine's words for what is wrong with the data; anything else it says is a defect of ours.
  if (!/Invalid Input Error|Conversion Error|IO Error/.test(messageOf(error))) return error;
  return new UserError(
    exitCode.refusedInput,
    // The engine's first line says what; the others quote the list.
    `it could not be read: ${messageOf(error).split("\n")[0]}; nothing of it was kept`,
    { cause: error },
  );
}

type RejectsWriter = {
  readonly rejections: ReadonlyMap<string, Rejection>;
  add(record: { readonly reason: string; readonly cells: readonly string[] }): void;
  flush(): Promise<void>;
};

/** Writes the header at once, and broken records when told to; between two blocks at most a block's worth waits. */
function rejectsWriter(handle: FileHandle, { header, hasReasons }: Dialect): RejectsWriter {
  const rejections = new Map<string, Rejection>();
  const kept = (cells: readonly string[]) => (hasReasons ? cells.slice(1) : cells);
  let text = `${csvLine(["reason", ...kept(header)], ",")}\n`;
  return {
    rejections,
    add: ({ reason, cells }) => {
      const { lines = 0, example = kept(cells).join(",") } = rejections.get(reason) ?? {};
      rejections.set(reason, { lines: lines + 1, example });
      text += `${csvLine([reason, ...kept(cells)], ",")}\n`;
    },
    flush: async () => {
      if (text) await handle.write(text);
      text = "";
    },
  };
}
