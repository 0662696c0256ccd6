/**
 * A source read to its end, and what its lines have become: opened, looked at, converted, counted. Nothing of it is kept
 * yet. For whatever reads lists of phones: the pool, the blacklist, returns.
 */
import { rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { ConversionPlan, Rejection } from "../engine/duckdb/converter.ts";
import { inertProfile } from "../profile.ts";
import type { Progress } from "../progress.ts";
import { type ConvertEffects, type Converted, convert } from "./convert.ts";
import { type Dialect, type DialectOptions, findDialect, lineByLine } from "./dialect.ts";
import { sizeOf } from "./files.ts";
import { openSource } from "./source.ts";
import type { UnpackLimits } from "./unpacking.ts";

/** A source that was read to its end, before anything of it is kept. */
export type Reading = {
  readonly path: string;
  /** Of this import alone, in the process's temporary folder. */
  readonly folder: string;
  /** What it is when it is no table: it is read to its end for the accounts, and refused. */
  readonly nature: string | undefined;
  readonly dialect: Dialect;
  readonly converted: Converted;
  readonly bytes: number;
};

export type ReadOptions = DialectOptions & {
  readonly encoding: string;
  /** Of a workbook, by name or number; undefined is the first that is not hidden. */
  readonly sheet: string | undefined;
  readonly unpacking?: UnpackLimits;
  /** Finds the dialect of what is no list of phones. */
  readonly look?: typeof findDialect;
};

/** Of lines and numbers; `storedBytes` of the files that the pool would keep. */
export type Counts = {
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly numbers: number;
  readonly mismatched: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly providers: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly storedBytes: number;
};

/** Reads a source to its end, into `folder`; what it throws is for `failureOf`. */
export async function read(
  path: string,
  folder: string,
  options: ReadOptions,
  effects: ConvertEffects,
): Promise<Reading> {
  const { phase } = effects.profile ?? inertProfile;
  const { encoding, sheet, unpacking } = options;
  const open = () => openSource(path, encoding, effects.signal, sheet, unpacking);
  effects.progress.begin(path === "-" ? "waiting for stdin" : `opening ${calledShortly(path)}`);
  let source = await phase("look at the source", open);
  try {
    const { head, isWhole, nature, delimiter = options.delimiter } = source;
    const { look = findDialect } = options;
    const dialect = nature ? lineByLine() : look(head, isWhole, { ...options, delimiter });
    const plan = planOf(dialect);
    let converted: Converted | undefined;
    beginReading(path, effects.progress);
    const through = (way: "file" | "pipe", from: string) =>
      phase(
        "read and convert",
        () => convert(source, from, dialect, plan, way, join(folder, way), effects),
        (done) => done?.tally.passed,
      );
    // The engine would read a * in a name as a pattern; the pipe has a name of our own.
    if (source.isDirect && dialect.isPlain && !/[*?[\]{}]/.test(resolve(path))) {
      converted = await through("file", resolve(path));
      if (!converted) {
        source.close();
        source = await open();
        beginReading(path, effects.progress);
        rmSync(join(folder, "file"), { recursive: true, force: true });
      }
    }
    converted ??= await through("pipe", path);
    if (!converted) throw new Error(`${path}: nothing came through the pipe`);
    return { path, folder, nature, dialect, converted, bytes: source.bytesRead() };
  } finally {
    source.close();
  }
}

/** How much there is to read is known of a file, and of nothing else. */
export function beginReading(path: string, progress: Progress): void {
  progress.begin(`reading ${calledShortly(path)}`, { bytes: sizeOf(path) || undefined });
}

/** What people call a source. */
export function calledShortly(path: string): string {
  return path === "-" ? "stdin" : basename(path);
}

function planOf(dialect: Dialect): ConversionPlan {
  const nameOf = (index: number) => dialect.names[index] as string;
  return {
    names: dialect.names,
    phone: nameOf(dialect.phone),
    synthetic: dialect.synthetic === undefined ? undefined : nameOf(dialect.synthetic),
    dropped: dialect.hasReasons ? nameOf(0) : undefined,
    delimiter: dialect.shape.delimiter,
  };
}

/** What the lines of a source have become. Throws when the independent counts do not agree: a defect, nothing is kept. */
export async function countUp({ path, bytes, converted }: Reading): Promise<Counts> {
  const { conversion, tally } = converted;
  const reasons = Object.fromEntries(
    [...rejectionsOf(converted)].map(([reason, rejection]) => [reason, rejection.lines]),
  );
  const lines = tally.passed + tally.broken;
  const rejected = Object.values(reasons).reduce((sum, rows) => sum + rows, 0);
  const accepted = conversion.acceptedRows();
  const providers: Record<string, number> = {};
  for (const { provider, numbers } of conversion.files) {
    providers[provider] = (providers[provider] ?? 0) + numbers;
  }
  const numbers = Object.values(providers).reduce((sum, some) => sum + some, 0);
  if (lines !== accepted + rejected || numbers < accepted) {
    throw new Error(
      `${path}: ${lines} lines are not ${accepted} accepted and ${rejected} rejected ` +
        `(${numbers} numbers); nothing was kept`,
    );
  }
  const storedBytes = conversion.files.reduce((sum, file) => sum + file.bytes, 0);
  const mismatched = await conversion.countMismatched();
  return { lines, accepted, rejected, numbers, mismatched, reasons, providers, bytes, storedBytes };
}

/** By reason: a record is taken out by the gate or rejected for its phone cell, never for both. */
export function rejectionsOf({ broken, conversion }: Converted): Map<string, Rejection> {
  return new Map([...broken, ...conversion.rejections]);
}
