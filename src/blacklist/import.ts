/**
 * One list through: read as a source is, accounted for to the line, and put on the blacklist as one step. Either all of
 * it counts, or nothing was done.
 */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Addition, Dating, Hashing, Listing, Matches, ReadList } from "../engine/blacklist.ts";
import type { Converter, Rejection } from "../engine/duckdb/converter.ts";
import type { Engine } from "../engine/engine.ts";
import { exitCode, UserError } from "../errors.ts";
import type { Home } from "../home.ts";
import { failureOf } from "../intake/failure.ts";
import { readPhoneCell } from "../intake/phone.ts";
import { calledShortly, countUp, type Reading, read, rejectionsOf } from "../intake/reading.ts";
import { commonest } from "../intake/rejections.ts";
import type { Profile } from "../profile.ts";
import type { Progress } from "../progress.ts";
import { findDigestDialect } from "./digests.ts";

/** What a list is, and what becomes of it. */
export type ListPlan = {
  readonly importId: string;
  readonly at: Date;
  readonly column: string | undefined;
  readonly dryRun: boolean;
} & (
  | { readonly sold: { readonly at: Date | undefined; readonly timeZone: string } }
  | {
      readonly sold: undefined;
      readonly listing: Listing;
      readonly reason: string | undefined;
      readonly hashing: Hashing | undefined;
    }
);

export type ListReport = Addition & {
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Of a hashed list. */
  readonly matches: Matches | undefined;
  /** Of a history: the column that its dates came from. */
  readonly dateColumn: string | undefined;
};

export type ListEffects = {
  readonly home: Home;
  readonly engine: Engine;
  readonly converter: Converter;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly profile?: Profile;
};

/** Above this share of rejected lines a list is refused: it is read wrongly, or is something else. */
const rejectRateMost = 0.5;

/** How far back the pool is looked at for numbers that a hashed list means. */
const matchDays = 30;

/** What lists call the column of dates, case and punctuation taken away; the surest names first. */
const dateNames = [
  ...["soldat", "sold", "solddate", "datesold", "saledate", "saleat"],
  ...["tanggaljual", "tgljual", "tanggalterjual", "tglterjual"],
  ...["date", "tanggal", "tgl"],
];

/** Throws `refused input` for a list that cannot be read or is mostly rejected; then nothing was done. */
export async function importList(
  path: string,
  plan: ListPlan,
  effects: ListEffects,
): Promise<ListReport> {
  const folder = join(effects.home.temporary, plan.importId);
  mkdirSync(folder, { mode: 0o700 });
  try {
    return await readAndImport(path, folder, plan, effects);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    // Lists have one column to be named; sources have several.
    const message = failure.replaceAll("--phone-column", "--column");
    throw new UserError(exitCode.refusedInput, `${path}: ${message}; nothing was imported`, {
      cause: error,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readAndImport(
  path: string,
  folder: string,
  plan: ListPlan,
  { converter, engine, progress, signal, profile }: ListEffects,
): Promise<ListReport> {
  const hashing = plan.sold ? undefined : plan.hashing;
  const options = {
    delimiter: undefined,
    phoneColumn: plan.column,
    categoryColumn: undefined,
    hasHeader: undefined,
    encoding: "auto",
    sheet: undefined,
    ...(hashing ? { look: findDigestDialect } : {}),
  };
  const reading = await read(path, folder, options, {
    openConversion: converter.open,
    progress,
    signal,
    profile,
  });
  const { conversion } = reading.converted;
  progress.begin(`checking ${calledShortly(path)}`);
  await conversion.settleOdd(readPhoneCell, undefined);
  const counts = await countUp(reading);
  const { files } = conversion;
  const dating = plan.sold && datingOf(reading, plan.sold, plan.at);
  const rejections = new Map(rejectionsOf(reading.converted));
  if (dating) {
    const undated = await engine.countUndated(files, dating);
    if (undated.lines > 0) rejections.set("bad_date", undated);
  }
  const rejected = sum([...rejections.values()].map(({ lines }) => lines));
  checkRejections(reading, counts.lines, rejected, rejections);

  const list: ReadList = {
    importId: plan.importId,
    at: plan.at,
    files,
    lines: counts.lines,
    accepted: counts.lines - rejected,
    rejected,
    dryRun: plan.dryRun,
  };
  const { lines, accepted } = list;
  const since = new Date(plan.at.getTime() - matchDays * 86_400_000);
  const matches = hashing && (await engine.matchDigests(files, hashing, since));
  progress.begin(`importing ${calledShortly(path)}`);
  const addition = await importInto(engine, list, plan, dating);
  const reasons = Object.fromEntries([...rejections].map(([reason, { lines }]) => [reason, lines]));
  const dateColumn = dating?.column;
  return { ...addition, lines, accepted, rejected, reasons, matches, dateColumn };
}

function importInto(
  engine: Engine,
  list: ReadList,
  plan: ListPlan,
  dating: Dating | undefined,
): Promise<Addition> {
  if (dating) return engine.importHistory(list, dating);
  if (plan.sold) throw new Error("a history without dates");
  const { listing, hashing, reason } = plan;
  return hashing
    ? engine.importDigests(list, listing, hashing, reason)
    : engine.importSuppressed(list, listing, reason);
}

/** A row's own date, then what was told, then now. */
function datingOf(
  { dialect }: Reading,
  { at, timeZone }: { readonly at: Date | undefined; readonly timeZone: string },
  now: Date,
): Dating {
  const plain = dialect.names.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ""));
  const places = dateNames.map((name) => plain.indexOf(name));
  const place = places.find((found) => found >= 0 && found !== dialect.phone);
  const column = place === undefined ? undefined : dialect.names[place];
  // An empty cell in a column of dates is no sale of today.
  return { column, fallback: at ?? (column === undefined ? now : undefined), timeZone, now };
}

function checkRejections(
  { nature }: Reading,
  lines: number,
  rejected: number,
  rejections: ReadonlyMap<string, Rejection>,
): void {
  const reasons = commonest(rejections);
  if (nature) throw refused(`it is ${nature}, no table (its lines: ${reasons || "none"})`);
  if (lines === 0 || rejected / lines <= rejectRateMost) return;
  const share = `${((rejected / lines) * 100).toFixed(1).replace(/\.0$/, "")} %`;
  throw refused(
    `${share} of its lines were rejected (${reasons}), the ceiling is 50 %: ${adviceOn(rejections)}`,
  );
}

function adviceOn(rejections: ReadonlyMap<string, Rejection>): string {
  const [worst] = [...rejections].sort(([, a], [, b]) => b.lines - a.lines)[0] ?? [];
  if (worst === "other_algorithm") {
    return "32 digits are --hash md5, 64 are --hash sha256; others cannot be imported";
  }
  if (worst === "bad_date") {
    return "write dates as 2026-11-20, 20/11/2026 or 2026-11-20T09:00:00+07:00, none in the future";
  }
  return "name the right column with --column";
}

function refused(message: string): UserError {
  return new UserError(exitCode.refusedInput, message);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
