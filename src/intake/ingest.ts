/**
 * One source file through: open, look, convert, settle, account, publish. Either all of it enters the pool, accounted
 * for to the line, or nothing does.
 */
import {
  constants,
  createReadStream,
  createWriteStream,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Filing } from "../engine/duckdb/converter.ts";
import type { Content, Engine, Import, SummedFile } from "../engine/engine.ts";
import type { Erased } from "../engine/erasures.ts";
import { Undecided } from "../errors.ts";
import { failpoint } from "../failpoints.ts";
import { type Home, syncPath } from "../home.ts";
import { newId } from "../ids.ts";
import { inertProfile } from "../profile.ts";
import { bytesStored, requireSpace } from "../space.ts";
import { categoryColumnOf, countCategories } from "./categories.ts";
import { type ConvertEffects, createContentHash } from "./convert.ts";
import { failureOf } from "./failure.ts";
import { readPhoneCell } from "./phone.ts";
import {
  type Counts,
  calledShortly,
  countUp,
  type Reading,
  type ReadOptions,
  read,
  rejectionsOf,
} from "./reading.ts";
import { commonest } from "./rejections.ts";
import { leaveOutErased } from "./rejects-file.ts";
import { openSource } from "./source.ts";
import { createStagedFiles, type StagedFiles } from "./staged-files.ts";

export type IngestOptions = ReadOptions & {
  readonly filing: Filing;
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

export type FileReport = Counts & {
  readonly path: string;
  readonly status: "ingested" | "skipped" | "quarantined" | "failed";
  readonly importId: string | undefined;
  readonly rejectsPath: string | undefined;
  readonly message: string | undefined;
};

/** What ingesting needs of the world. */
export type IngestEffects = ConvertEffects & {
  readonly home: Home;
  readonly engine: Engine;
  /** Who was erased, as far as it was looked up; `refresh` looks again. */
  readonly erased: { current(): Erased | undefined; refresh(): Promise<void> };
};

const dry = "dry run, nothing kept";

const noNumbers = { numbers: 0, mismatched: 0, providers: {}, storedBytes: 0 } as const;
const nothing = {
  ...noNumbers,
  importId: undefined,
  lines: 0,
  accepted: 0,
  rejected: 0,
  reasons: {},
  bytes: 0,
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
  const { progress } = effects;
  const { phase } = effects.profile ?? inertProfile;
  const importId = newId(options.recordedAt);
  const folder = join(effects.home.temporary, importId);
  mkdirSync(folder, { mode: 0o700 });
  const staged = createStagedFiles();
  try {
    const known = options.force
      ? undefined
      : await phase("look at the source", () => knownContent(path, contents, options, effects));
    if (known) return skipped(path, known.bytes, known.importId);
    requireSpace([{ what: "the pool", folder: effects.home.folder, bytes: bytesStored(path) }]);
    const reading = await read(path, folder, options, effects);
    const { converted, bytes } = reading;
    const { conversion } = converted;
    if (!options.dryRun) staged.begin(conversion.files.map((file) => file.path));
    for (;;) {
      const erased = effects.erased.current();
      progress.begin(`settling ${calledShortly(path)}`);
      await phase("settle odd cells", () => conversion.settleOdd(readPhoneCell, erased));
      const counts = await phase("account", () => countUp(reading));
      const refusal = refusalOf(reading, counts, options.maxRejectRate);
      if (refusal !== undefined) {
        const message = `${refusal}; nothing of it was kept`;
        return { ...nothing, ...counts, ...noNumbers, path, status: "quarantined", message };
      }
      const categories = await phase("account", () => categoriesOf(reading, options.category));
      if (options.dryRun) return { ...nothing, ...counts, path, status: "ingested", message: dry };
      const kept = { ...counts, ...categories };
      progress.begin(`publishing ${calledShortly(path)}`);
      const published = await phase("publish", () =>
        publish(importId, reading, kept, staged, erased, options, effects),
      );
      if ("duplicateOf" in published) return skipped(path, bytes, published.duplicateOf);
      if ("isOutdated" in published) {
        // Somebody was erased meanwhile: once more without them.
        await effects.erased.refresh();
        continue;
      }
      const { contentHash: hash, contentBytes } = converted;
      contents.push({ importId, hash, contentBytes, fileBytes: bytes });
      return { ...nothing, ...counts, ...published, path, importId, status: "ingested" };
    }
  } catch (error) {
    const message = failureOf(error);
    if (message === undefined) throw error;
    return failed(path, message);
  } finally {
    await staged.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export function failed(path: string, message: string): FileReport {
  return { ...nothing, path, status: "failed", message };
}

function skipped(path: string, bytes: number, importId: string): FileReport {
  const message = `its content is in the pool already, as import ${importId}; --force takes it again`;
  return { ...nothing, path, status: "skipped", bytes, message };
}

/** Hashes the file when its size, packed as it lies there or unpacked, is that of something in the pool. */
async function knownContent(
  path: string,
  contents: readonly Content[],
  { sheet, unpacking }: IngestOptions,
  { progress, signal }: Pick<ConvertEffects, "progress" | "signal">,
): Promise<{ bytes: number; importId: string } | undefined> {
  const stat = path === "-" ? undefined : statSync(path);
  const isSuspect = contents.some(
    ({ fileBytes, contentBytes }) => stat?.size === fileBytes || stat?.size === contentBytes,
  );
  if (!stat?.isFile() || !isSuspect) return undefined;
  const source = await openSource(path, "auto", signal, sheet, unpacking);
  const hash = createContentHash();
  progress.begin(`comparing ${calledShortly(path)} with the pool`, { bytes: stat.size });
  try {
    for await (const { raw } of source.blocks()) {
      hash.update(raw);
      progress.at({ bytes: source.bytesRead() });
    }
    source.checkUnchanged();
  } finally {
    source.close();
  }
  const digest = hash.digest();
  const known = contents.find((content) => content.hash === digest);
  return known && { bytes: stat.size, importId: known.importId };
}

type Categories = Pick<Import, "categoryColumn" | "categories">;

async function categoriesOf(
  { dialect, converted }: Reading,
  category: string | undefined,
): Promise<Categories> {
  const categoryColumn = categoryColumnOf(dialect);
  const categories = await countCategories(converted.conversion, categoryColumn, category);
  return { categoryColumn, categories };
}

/** Why a source is refused as a whole, or undefined. */
function refusalOf(
  { nature, converted }: Reading,
  { lines, rejected }: Counts,
  maxRejectRate: number,
): string | undefined {
  const reasons = commonest(rejectionsOf(converted));
  if (nature) return `it is ${nature}, no table (its lines: ${reasons || "none"})`;
  if (lines === 0 || rejected / lines <= maxRejectRate) return undefined;
  return (
    `${percent(rejected / lines)} of its lines were rejected (${reasons}), the ceiling is ` +
    `${percent(maxRejectRate)}: name the right column with --phone-column or raise --max-reject-rate`
  );
}

/** Keeps the rejects, then publishes: a crash between the two leaves rejects that no import names, and loses nothing. */
async function publish(
  importId: string,
  reading: Reading,
  counts: Counts & Categories,
  staged: StagedFiles,
  erased: Erased | undefined,
  options: IngestOptions,
  effects: IngestEffects,
): Promise<{ duplicateOf: string } | { isOutdated: true } | { rejectsPath: string | undefined }> {
  const { path, bytes, dialect, converted } = reading;
  const staging = converted.conversion.files;
  staged.begin(staging.map((file) => file.path));
  const files: SummedFile[] = [];
  for (const file of staging) {
    files.push({ ...file, sum: await staged.sum(file.path) });
    await failpoint("import.file-synced");
  }
  const rejectsPath =
    counts.rejected > 0
      ? await keepRejects(importId, reading, erased !== undefined, effects)
      : undefined;
  const { lines, accepted, rejected, numbers, mismatched, reasons } = counts;
  const { categoryColumn, categories } = counts;
  const record: Import = {
    ...{ importId, path, lines, accepted, rejected, numbers, mismatched, reasons },
    contentHash: converted.contentHash,
    contentBytes: converted.contentBytes,
    fileBytes: bytes,
    source: options.source,
    category: options.category,
    categoryColumn,
    categories,
    date: options.date,
    importedAt: options.importedAt,
    recordedAt: options.recordedAt,
    columns: dialect.names.filter((_, index) => !(dialect.hasReasons && index === 0)),
    phoneColumn: dialect.names[dialect.phone] as string,
    forced: options.force,
    erasedPersons: erased?.persons ?? 0,
  };
  let isUnneeded = true;
  try {
    const { status, importId: known } = await effects.engine.publishImport(record, files);
    isUnneeded = status !== "published";
    if (status === "outdated") return { isOutdated: true };
    return isUnneeded ? { duplicateOf: known } : { rejectsPath };
  } catch (error) {
    if (error instanceof Undecided) isUnneeded = false;
    throw error;
  } finally {
    if (isUnneeded && rejectsPath !== undefined) rmSync(rejectsPath, { force: true });
  }
}

/**
 * Joins the broken records and the rejected rows into one file and gives it its name once it is whole. The broken records
 * stay where they are as well: the rows may have to be joined to them once more.
 */
async function keepRejects(
  importId: string,
  { folder, converted: { conversion, rejectsPath } }: Reading,
  hasErased: boolean,
  { home, engine, signal }: IngestEffects,
): Promise<string> {
  const rows = join(folder, "rejected-rows.csv");
  const whole = join(folder, "rejects-whole.csv");
  const target = join(home.rejects, `${importId}.csv`);
  await copyFile(rejectsPath, whole, constants.COPYFILE_FICLONE);
  if ((await conversion.writeRejects(rows)) > 0) {
    await pipeline(createReadStream(rows), createWriteStream(whole, { flags: "a" }));
  }
  if (hasErased) await leaveOutErased(whole, engine.findErased, signal);
  await failpoint("rejects.written");
  syncPath(whole);
  await failpoint("rejects.synced");
  try {
    renameSync(whole, target);
    await failpoint("rejects.named");
    syncPath(home.rejects);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  }
  return target;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, "")} %`;
}
