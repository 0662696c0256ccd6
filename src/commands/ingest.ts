/** `numbers ingest`: source files into the raw pool. */
import { join } from "node:path";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { exitCode, messageOf, UserError, usageError } from "../errors.ts";
import type { FileReport, IngestOptions } from "../intake/ingest.ts";
import { loadProviders } from "../intake/providers.ts";
import { reasonWords } from "../intake/rejections.ts";
import { isOutOfMemory } from "../memory.ts";
import { checkName } from "../names.ts";
import { stepBack } from "../priority.ts";
import { numbered } from "../progress.ts";
import { checkProvenance } from "../sources.ts";
import { isOutOfSpace, wordsOfFullDisk } from "../space.ts";
import { dayOf, parseDuration, startOfDay } from "../time.ts";
import { count, counted, seconds, size } from "../words.ts";
import type { Run } from "./run.ts";

type IngestFlags = {
  readonly provider: string;
  readonly phoneColumn?: string;
  readonly delimiter?: string;
  readonly header: boolean;
  readonly encoding: string;
  readonly sheet?: string;
  readonly category?: string;
  readonly categoryColumn?: string;
  readonly source?: string;
  readonly date?: string;
  readonly maxRejectRate: string;
  readonly minAge: string;
  readonly moveTo?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
};

export function addIngest(program: Command, run: Run): Command {
  return program
    .command("ingest")
    .description("Load source files into the raw pool.")
    .argument(
      "<files...>",
      "files, folders, globs, or - for stdin: .csv .tsv .txt, plain or .gz/.zst, and .xlsx",
    )
    .optionsGroup("How the file is written (found out by itself):")
    .option("--phone-column <name>", "the column that holds the phone, by name or number")
    .option("--delimiter <char>", "what stands between cells")
    .option("--no-header", "the first line is data")
    .option("--encoding <name>", "auto, utf-8, utf-16, latin-1, windows-1252, …", "auto")
    .option("--sheet <name>", "of a workbook, by name or number (default: the first not hidden)")
    .optionsGroup("What it is:")
    .option("--provider <code>", "auto: by prefix; a code files every row under it", "auto")
    .option("--category <name>", "a category for all of its numbers")
    .option("--category-column <name>", "the column that holds each row's category")
    .option("--source <name>", "who supplied it")
    .option("--date <day>", "the day the rows count from, YYYY-MM-DD (default: now)")
    .optionsGroup("What to do with it:")
    .option("--max-reject-rate <share>", "above it nothing of the file is kept", "0.5")
    .option("--min-age <duration>", "leave files younger than this: still being written", "0s")
    .option("--move-to <folder>", "move files there once they are in the pool")
    .option("--dry-run", "read and count; keep nothing")
    .option("--force", "take content that is in the pool already once more")
    .action(run("ingest", ingest));
}

async function ingest(context: Context, args: readonly string[], flags: IngestFlags) {
  const started = performance.now();
  stepBack();
  // The libraries behind it take a tenth of a second to load: only for those who ingest.
  const { findSources, moveTo, prepareMove } = await import("../intake/files.ts");
  const { progress } = context.terminal;
  const options = await planIngest(context, flags);
  if (context.settings.requireSource) {
    const sources = await (await context.engine()).readSources();
    checkProvenance(flags.source, sources, dayOf(context.now, context.settings.timeZone));
  }
  if (flags.moveTo !== undefined) prepareMove(flags.moveTo);
  const { sources, young } = findSources(args, {
    minAgeMs: parseDuration(flags.minAge, "--min-age"),
    now: Date.now(),
  });
  for (const path of young)
    context.terminal.say(`${path}: still being written, left for the next run`);

  const { failed, ingestFile } = await context.profile.phase(
    "load the readers",
    () => import("../intake/ingest.ts"),
  );
  const engine = await context.engine();
  const converter = await context.openConverter(options.filing);
  const contents = [...(await engine.readContents())];
  const digests = join(context.home().temporary, "erased-digests.parquet");
  let erased = await engine.copyErasures(digests);
  const reports: FileReport[] = [];
  let hasNoRoom = false;
  try {
    for (const [index, path] of sources.entries()) {
      const report = await ingestFile(path, options, contents, {
        home: context.home(),
        engine,
        erased: {
          current: () => erased,
          refresh: async () => {
            erased = await engine.copyErasures(digests);
          },
        },
        openConversion: converter.open,
        progress: numbered(progress, index + 1, sources.length),
        signal: context.signal,
        profile: context.profile,
      }).catch((error: unknown) => {
        if (!isOutOfSpace(error) && !isOutOfMemory(error)) throw error;
        // A smaller one may have room.
        hasNoRoom = true;
        const isForeseen = error instanceof UserError;
        const words = isOutOfSpace(error) ? wordsOfFullDisk(error) : messageOf(error);
        return failed(path, isForeseen ? error.message : `${words}; nothing of it was kept`);
      });
      reports.push(report);
      const isIn = report.status === "ingested" || report.status === "skipped";
      if (flags.moveTo && isIn && !options.dryRun) moveTo(path, flags.moveTo);
      tell(context, report);
    }
  } finally {
    progress.stop();
    converter.close();
  }

  const total = (pick: (report: FileReport) => number) =>
    reports.reduce((sum, report) => sum + pick(report), 0);
  const summary = {
    lines: total((report) => report.lines),
    accepted: total((report) => report.accepted),
    rejected: total((report) => report.rejected),
    numbers: total((report) => report.numbers),
    seconds: (performance.now() - started) / 1000,
  };
  if (context.isJson) context.print({ files: reports.map(reportJson), ...summary });
  else if (reports.length > 1) {
    const numbers = counted(summary.numbers, "number");
    const not = ["skipped", "quarantined", "failed"].flatMap((status) => {
      const files = reports.filter((report) => report.status === status).length;
      return files > 0 ? [`${count(files)} ${status}`] : [];
    });
    const rejected = summary.rejected > 0 ? `, ${count(summary.rejected)} of them rejected,` : "";
    context.terminal.say(
      `${counted(reports.length, "file")}: ${numbers} from ${counted(summary.lines, "line")}${rejected} ` +
        `in ${seconds(summary.seconds)}${not.length > 0 ? `; ${not.join(", ")}` : ""}`,
      numbers,
    );
  }
  if (hasNoRoom) return exitCode.unexpected;
  const isClean = reports.every(({ status }) => status === "ingested" || status === "skipped");
  return isClean ? undefined : exitCode.refusedInput;
}

async function planIngest(context: Context, flags: IngestFlags): Promise<IngestOptions> {
  const { checkDelimiter } = await import("../intake/dialect.ts");
  const { checkEncoding } = await import("../intake/source.ts");
  const { settings, now } = context;
  const providers = loadProviders(settings);
  const codes = flags.provider.toLowerCase() === "auto" ? [] : providers.expand(flags.provider);
  if (codes.length > 1) {
    throw usageError(
      `--provider: "${flags.provider}" is ${codes.join(", ")}; a file is filed under one`,
    );
  }
  const rate = Number(flags.maxRejectRate);
  if (flags.maxRejectRate.trim() === "" || !(rate >= 0 && rate <= 1)) {
    throw usageError(
      `--max-reject-rate: "${flags.maxRejectRate}" is no share; write 0 to 1, such as 0.5`,
    );
  }
  if (flags.category !== undefined) checkName(flags.category, "--category");
  if (flags.source !== undefined) checkName(flags.source, "--source");
  const importedAt =
    flags.date === undefined ? now : startOfDay(flags.date, settings.timeZone, "--date");
  if (importedAt > now) throw usageError(`--date: ${flags.date} is in the future`);
  return {
    delimiter: flags.delimiter === undefined ? undefined : checkDelimiter(flags.delimiter),
    phoneColumn: flags.phoneColumn,
    categoryColumn: flags.categoryColumn,
    hasHeader: flags.header ? undefined : false,
    encoding: checkEncoding(flags.encoding.toLowerCase()),
    filing: { provider: codes[0], prefixes: providers.prefixes },
    sheet: flags.sheet,
    unpacking: settings.unpacking,
    category: flags.category,
    source: flags.source,
    date: dayOf(importedAt, settings.timeZone),
    importedAt,
    recordedAt: now,
    maxRejectRate: rate,
    dryRun: flags.dryRun ?? false,
    force: flags.force ?? false,
  };
}

/** With --json only what went wrong: a script keeps stdout, and whoever looks after it sees stderr. */
function tell({ terminal, isJson }: Context, report: FileReport): void {
  const { path, status, message } = report;
  const isIn = status === "ingested" || status === "skipped";
  if (!isIn) terminal.warn(`${path}: ${status}: ${message}`);
  if (!isIn || isJson) return;
  if (status === "skipped") {
    terminal.say(`${path}: skipped, ${message}`);
    return;
  }
  const numbers = counted(report.numbers, "number");
  terminal.say(
    `${path}: ${numbers} from ${counted(report.lines, "line")}, ` +
      `${size(report.bytes)} stored as ${size(report.storedBytes)}${message ? ` (${message})` : ""}`,
    numbers,
  );
  if (report.mismatched > 0) {
    terminal.say(`  ${count(report.mismatched)} have the prefix of another provider`);
  }
  if (report.rejected > 0) {
    terminal.say(`  ${counted(report.rejected, "line")} rejected: ${reasonWords(report.reasons)}`);
    if (report.rejectsPath) terminal.hint(`  correct and ingest them: ${report.rejectsPath}`);
  }
}

function reportJson(report: FileReport) {
  return {
    path: report.path,
    status: report.status,
    import_id: report.importId ?? null,
    lines: report.lines,
    accepted: report.accepted,
    rejected: report.rejected,
    numbers: report.numbers,
    mismatched: report.mismatched,
    reasons: report.reasons,
    providers: report.providers,
    bytes: report.bytes,
    stored_bytes: report.storedBytes,
    rejects_path: report.rejectsPath ?? null,
    message: report.message ?? null,
  };
}
