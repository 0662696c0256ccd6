/**
 * One source file through: open, look, convert, settle, account, publish. Either all of it enters the pool, accounted
 * for to the line, or nothing does.
 */
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ConversionPlan } from "../engine/duckdb/converter.ts";
import type { Content, Engine, Import } from "../engine/engine.ts";
import { exitCode, UserError } from "../errors.ts";
import { type Home, syncPath } from "../home.ts";
import { newId } from "../ids.ts";
import { type ConvertEffects, type Converted, convert, createContentHash } from "./convert.ts";
import { type Dialect, type DialectOptions, findDialect } from "./dialect.ts";
import { readPhoneCell } from "./phone.ts";
import { openSource } from "./source.ts";

export type IngestOptions = DialectOptions & {
  readonly encoding: string;
  /** Undefined: by prefix. */
  readonly provider: string | undefined;
  readonly prefixes: ReadonlyMap<string, string>;
  readonly category: string | undefined;
  readonly source: string | undefined;
  /** The day the rows count from, and the instant it stands for. */
  readonly date: string;
  readonly importedAt: Date;
  readonly recordedAt: Date;
  readonly maxRejectRate: number;
  readonly dryRun: boolean;
  readonly force: boolean;
};

export type FileReport = {
  readonly path: string;
  readonly status: "ingested" | "skipped" | "quarantined" | "failed";
  readonly importId: string | undefined;
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly numbers: number;
  readonly mismatched: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly providers: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly storedBytes: number;
  readonly rejectsPath: string | undefined;
  readonly message: string | undefined;
};

/** What ingesting needs of the world. */
export type IngestEffects = ConvertEffects & {
  readonly home: Home;
  readonly engine: Engine;
};

const nothing = {
  importId: undefined,
  lines: 0,
  accepted: 0,
  rejected: 0,
  numbers: 0,
  mismatched: 0,
  reasons: {},
  providers: {},
  bytes: 0,
  storedBytes: 0,
  rejectsPath: undefined,
  message: undefined,
} as const;

/**
 * Ingests one file. Whatever is wrong with the file is in the report; what is wrong with the home or the program is
 * thrown. `contents` is what the pool holds already, and gains what enters: a file of a size that occurs there is hashed
 * before it is read.
 */
export async function ingestFile(
  path: string,
  options: IngestOptions,
  contents: Content[],
  effects: IngestEffects,
): Promise<FileReport> {
  const importId = newId(options.recordedAt);
  const folder = join(effects.home.temporary, importId);
  mkdirSync(folder, { mode: 0o700 });
  try {
    const known = options.force ? undefined : await knownContent(path, contents, effects.signal);
    if (known) return skipped(path, known.bytes, known.importId);
    const { converted, dialect, bytes } = await read(path, folder, options, effects);
    try {
      const report = await account(
        path,
        bytes,
        importId,
        folder,
        converted,
        dialect,
        options,
        effects,
      );
      if (report.importId !== undefined) {
        const { contentHash: hash, contentBytes } = converted;
        contents.push({ importId, hash, contentBytes, fileBytes: bytes });
      }
      return report;
    } finally {
      converted.conversion.close();
    }
  } catch (error) {
    const message = failureOf(error);
    if (message === undefined) throw error;
    return { ...nothing, path, status: "failed", message };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is wrong with the file, in words; undefined for anything else that was thrown. */
function failureOf(error: unknown): string | undefined {
  if (error instanceof UserError) {
    return error.exitCode === exitCode.refusedInput ? error.message : undefined;
  }
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (!["open", "stat", "read"].includes(syscall ?? "")) return undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES" || code === "EPERM") return "it may not be read; mend its permissions";
  return undefined;
}

function skipped(path: string, bytes: number, importId: string): FileReport {
  const message = `its content is in the pool already, as import ${importId}; --force takes it again`;
  return { ...nothing, path, status: "skipped", bytes, message };
}

/** Hashes the file when its size, packed as it lies there or unpacked, is that of something in the pool. */
async function knownContent(
  path: string,
  contents: readonly Content[],
  signal: AbortSignal | undefined,
): Promise<{ bytes: number; importId: string } | undefined> {
  const stat = path === "-" ? undefined : statSync(path);
  const isSuspect = contents.some(
    ({ fileBytes, contentBytes }) => stat?.size === fileBytes || stat?.size === contentBytes,
  );
  if (!stat?.isFile() || !isSuspect) return undefined;
  const source = await openSource(path, "auto", signal);
  const hash = createContentHash();
  for await (const { raw } of source.blocks()) hash.update(raw);
  const digest = hash.digest();
  const known = contents.find((content) => content.hash === digest);
  return known && { bytes: stat.size, importId: known.importId };
}

async function read(
  path: string,
  folder: string,
  options: IngestOptions,
  effects: IngestEffects,
): Promise<{ converted: Converted; dialect: Dialect; bytes: number }> {
  let source = await openSource(path, options.encoding, effects.signal);
  try {
    const dialect = findDialect(source.head, source.isWhole, options);
    const plan = planOf(dialect, options);
    let converted: Converted | undefined;
    // The engine would read a * in a name as a pattern; the pipe has a name of our own.
    if (source.isDirect && dialect.isPlain && !/[*?[\]{}]/.test(resolve(path))) {
      const attempt = join(folder, "file");
      converted = await convert(source, resolve(path), dialect, plan, "file", attempt, effects);
      if (!converted) {
        source.close();
        source = await openSource(path, options.encoding, effects.signal);
        rmSync(attempt, { recursive: true, force: true });
      }
    }
    converted ??= await convert(source, path, dialect, plan, "pipe", join(folder, "pipe"), effects);
    if (!converted) throw new Error(`${path}: nothing came through the pipe`);
    return { converted, dialect, bytes: source.bytesRead() };
  } finally {
    source.close();
  }
}

function planOf(dialect: Dialect, options: IngestOptions): ConversionPlan {
  const nameOf = (index: number) => dialect.names[index] as string;
  return {
    names: dialect.names,
    phone: nameOf(dialect.phone),
    synthetic: dialect.synthetic === undefined ? undefined : nameOf(dialect.synthetic),
    dropped: dialect.hasReasons ? nameOf(0) : undefined,
    delimiter: dialect.shape.delimiter,
    newline: dialect.shape.newline,
    provider: options.provider,
    prefixes: options.prefixes,
  };
}

async function account(
  path: string,
  bytes: number,
  importId: string,
  folder: string,
  converted: Converted,
  dialect: Dialect,
  options: IngestOptions,
  effects: IngestEffects,
): Promise<FileReport> {
  const { conversion, tally } = converted;
  await conversion.settleOdd(readPhoneCell);

  const reasons = sumOf(converted.brokenReasons, conversion.reasons);
  const lines = tally.passed + tally.broken;
  const rejected = Object.values(reasons).reduce((sum, rows) => sum + rows, 0);
  const accepted = lines - rejected;
  const numbers = conversion.files.reduce((sum, file) => sum + file.numbers, 0);
  if (accepted !== conversion.acceptedRows() || numbers < accepted) {
    throw new Error(
      `${path}: ${lines} lines are not ${conversion.acceptedRows()} accepted and ${rejected} rejected ` +
        `(${numbers} numbers); nothing was kept`,
    );
  }
  const providers: Record<string, number> = {};
  for (const file of conversion.files) {
    providers[file.provider] = (providers[file.provider] ?? 0) + file.numbers;
  }
  const counts = {
    lines,
    accepted,
    rejected,
    numbers,
    reasons,
    providers,
    bytes,
  };
  const mismatched = await conversion.countMismatched();
  const report = { ...nothing, path, ...counts, mismatched };

  if (lines > 0 && rejected / lines > options.maxRejectRate) {
    const message =
      `${percent(rejected / lines)} of its lines were rejected, the ceiling is ` +
      `${percent(options.maxRejectRate)}: ${commonest(reasons)}; ` +
      "nothing of it was kept; name the right column with --phone-column or raise --max-reject-rate";
    return {
      ...report,
      numbers: 0,
      providers: {},
      status: "quarantined",
      message,
    };
  }
  const storedBytes = conversion.files.reduce((sum, file) => sum + file.bytes, 0);
  if (options.dryRun) {
    return {
      ...report,
      storedBytes,
      status: "ingested",
      message: "dry run: nothing was kept",
    };
  }

  for (const file of conversion.files) syncPath(file.path);
  const rejectsPath =
    rejected > 0 ? await keepRejects(importId, folder, converted, effects.home) : undefined;
  const record: Import = {
    importId,
    contentHash: converted.contentHash,
    contentBytes: converted.contentBytes,
    fileBytes: bytes,
    path,
    source: options.source,
    category: options.category,
    date: options.date,
    importedAt: options.importedAt,
    recordedAt: options.recordedAt,
    lines,
    accepted,
    rejected,
    numbers,
    mismatched,
    reasons,
    columns: dialect.names.filter((_, index) => !(dialect.hasReasons && index === 0)),
    phoneColumn: dialect.names[dialect.phone] as string,
    forced: options.force,
  };
  try {
    const outcome = await effects.engine.publishImport(record, conversion.files);
    if (outcome.status === "duplicate") {
      if (rejectsPath) rmSync(rejectsPath, { force: true });
      return skipped(path, bytes, outcome.importId);
    }
  } catch (error) {
    if (rejectsPath) rmSync(rejectsPath, { force: true });
    throw error;
  }
  return { ...report, status: "ingested", importId, storedBytes, rejectsPath };
}

/** Joins the broken records and the rejected rows into one file and gives it its name once it is whole. */
async function keepRejects(
  importId: string,
  folder: string,
  { conversion, rejectsPath }: Converted,
  home: Home,
): Promise<string> {
  const rows = join(folder, "rejected-rows.csv");
  if ((await conversion.writeRejects(rows)) > 0) {
    await pipeline(createReadStream(rows), createWriteStream(rejectsPath, { flags: "a" }));
  }
  const target = join(home.rejects, `${importId}.csv`);
  syncPath(rejectsPath);
  renameSync(rejectsPath, target);
  syncPath(home.rejects);
  return target;
}

function sumOf(...counts: readonly ReadonlyMap<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [reason, rows] of counts.flatMap((map) => [...map])) {
    sums[reason] = (sums[reason] ?? 0) + rows;
  }
  return sums;
}

function commonest(reasons: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(reasons).sort((a, b) => b[1] - a[1]);
  return sorted
    .slice(0, 3)
    .map(([reason, rows]) => `${reason} ${rows}`)
    .join(", ");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, "")} %`;
}
