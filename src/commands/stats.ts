/** `numbers stats`: what is in the pool, what was sold, what is left. */
import type { Command } from "commander";
import { readLastBackup } from "../backup/last-backup.ts";
import type { Context } from "../context.ts";
import type { Categories } from "../engine/categories.ts";
import type { Engine, Stats } from "../engine/engine.ts";
import { messageOf, usageError } from "../errors.ts";
import { loadProviders } from "../intake/providers.ts";
import { unknownWord } from "../nearest.ts";
import { anyNumber } from "../orders/criteria.ts";
import { findPlace, type Target } from "../orders/output.ts";
import type { Settings } from "../settings.ts";
import {
  type Format,
  formats,
  type LastTimes,
  type ProviderLine,
  rounded,
  statsCsv,
  statsMetrics,
} from "../stats/formats.ts";
import { firstSale, lasting, rateSince } from "../stats/lasting.ts";
import { shortages, statsScreen } from "../stats/screen.ts";
import { dayOf, parseDuration } from "../time.ts";
import { isEmpty, tellToBegin } from "./empty.ts";
import type { Run } from "./run.ts";

type StatsFlags = {
  readonly available?: boolean;
  readonly format?: string;
  readonly within?: string;
  readonly cooldown?: string;
  readonly html?: string;
};

export function addStats(program: Command, run: Run): Command {
  return program
    .command("stats")
    .description("Show what is in the pool, what was sold and what is left.")
    .optionsGroup("What is counted:")
    .option("--available", "count exactly what an order could take now (reads the pool)")
    .option("--within <duration>", "the window that counts as left (default 3d)")
    .option("--cooldown <duration>", "not sold within this time, for --available (default 30d)")
    .optionsGroup("As what:")
    .option(
      "--format <format>",
      "table, csv (a line for each provider) or prometheus (default table)",
    )
    .option("--html <file>", "write a page with plots as well; - for stdout in place of the table")
    .action(run<StatsFlags>("stats", showStats));
}

async function showStats(context: Context, _args: readonly string[], flags: StatsFlags) {
  const { settings, now } = context;
  const format = checkFormat(flags.format, context.isJson);
  const page = findPage(flags);
  const within = flags.within ?? settings.within;
  const cooldown = flags.cooldown ?? settings.cooldown;
  const since = new Date(now.getTime() - parseDuration(within, "--within"));
  const soldSince = new Date(now.getTime() - parseDuration(cooldown, "--cooldown"));
  const { progress } = context.terminal;
  progress.begin("counting");
  const engine = await context.engine();
  const stats = await engine.readStats(since, rateSince(now));
  const categories = stats.categories.filter(({ numbers }) => numbers > 0);
  const suppressed = byProvider(stats.suppressed, settings);
  const lines: ProviderLine[] = [];
  for (const { provider, synthetic } of kindsOf(stats)) {
    if (flags.available) progress.begin(`counting what is available of ${provider}`);
    const isIt = (one: { provider: string; synthetic: boolean }) =>
      one.provider === provider && one.synthetic === synthetic;
    const pool = stats.pool.filter(isIt);
    const sum = (pick: (entry: Stats["pool"][number]) => number) =>
      pool.reduce((total, entry) => total + pick(entry), 0);
    const sold = stats.sold.find(isIt);
    const left = sum((entry) => entry.recent - entry.recentTaken);
    lines.push({
      provider,
      synthetic,
      pool: sum((entry) => entry.numbers),
      sold: sold?.numbers ?? 0,
      suppressed: synthetic ? 0 : (suppressed.get(provider) ?? 0),
      left,
      ...lasting(left, sold?.recent ?? 0, firstSale(stats.sold, synthetic), now),
      available: flags.available
        ? await countAvailable(
            engine,
            provider,
            synthetic,
            since,
            soldSince,
            now,
            settings.timeZone,
          )
        : undefined,
    });
  }
  progress.stop();
  const last = {
    ingest: stats.lastIngest,
    backup: lastBackup(context),
  };
  const isTaken = page?.kind === "stdout";
  if (context.isJson) context.print(statsJson(context, stats, lines, categories, last), isTaken);
  else if (isTaken) {
    // The page has the figures.
  } else if (format === "csv") context.stdout.write(statsCsv(lines));
  else if (format === "prometheus") {
    context.stdout.write(statsMetrics(stats, lines, within, last));
  } else print(context, stats, lines, categories, within, last);
  if (page) {
    const { writeReport } = await import("../stats/write-report.ts");
    await writeReport(context, engine, stats, page, within);
  }
  return undefined;
}

function checkFormat(told: string | undefined, isJson: boolean): Format {
  if (told === undefined) return "table";
  const format = formats.find((known) => known === told.toLowerCase());
  if (format === undefined) {
    throw usageError(`${unknownWord("--format", told, formats)}, or --json`);
  }
  if (isJson) throw usageError(`--format: "${told}" and --json are two; leave one of them out`);
  return format;
}

/** A damaged note is no reason to show nothing. */
function lastBackup({ settings, terminal }: Context): Date | undefined {
  try {
    return readLastBackup(settings.home);
  } catch (error) {
    terminal.warn(messageOf(error));
    return undefined;
  }
}

function findPage({ html, format }: StatsFlags): Target | undefined {
  if (html === "-" && format !== undefined) {
    throw usageError(`--html: - and --format ${format} both fill stdout; name a file for the page`);
  }
  return html === undefined ? undefined : findPlace(html, "--html");
}

function byProvider(suppressed: Stats["suppressed"], settings: Settings): Map<string, number> {
  const counts = new Map<string, number>();
  // To read the tables of providers takes as long as the counting.
  if (suppressed.length === 0) return counts;
  const providers = loadProviders(settings);
  for (const { phonePrefix, numbers } of suppressed) {
    const code = providers.codeOf(`62${phonePrefix}`);
    counts.set(code, (counts.get(code) ?? 0) + numbers);
  }
  return counts;
}

async function countAvailable(
  engine: Engine,
  provider: string,
  synthetic: boolean,
  importedSince: Date,
  soldSince: Date,
  now: Date,
  timeZone: string,
): Promise<number> {
  const criteria = {
    providers: [provider],
    synthetic,
    importedSince,
    soldSince,
    customer: undefined,
    neverTwice: false,
    ...anyNumber,
    day: dayOf(now, timeZone),
  };
  const { available } = await engine.countCandidates(criteria, now);
  return available;
}

/** Every provider that the pool or the ledger knows, real and synthetic apart, in a stable order. */
function kindsOf(stats: Stats): { provider: string; synthetic: boolean }[] {
  const kinds = new Map<string, { provider: string; synthetic: boolean }>();
  for (const { provider, synthetic } of [...stats.pool, ...stats.sold]) {
    kinds.set(`${synthetic}/${provider}`, { provider, synthetic });
  }
  return [...kinds.keys()].sort().flatMap((key) => kinds.get(key) ?? []);
}

function statsJson(
  context: Context,
  stats: Stats,
  lines: readonly ProviderLine[],
  categories: Categories,
  last: LastTimes,
) {
  return {
    at: context.now.toISOString(),
    pool: stats.pool.map(({ date, provider, synthetic, numbers, imports, bytes }) => ({
      date,
      provider,
      synthetic,
      numbers,
      imports,
      bytes,
    })),
    providers: lines.map(({ available, soldPerDay, daysLeft, runsShort, ...line }) => ({
      ...line,
      sold_per_day: rounded(soldPerDay),
      days_left: daysLeft === undefined ? null : rounded(daysLeft),
      runs_short: runsShort,
      ...(available !== undefined && { available }),
    })),
    categories,
    ledger: {
      numbers: stats.ledger.numbers,
      oldest: stats.ledger.oldest?.toISOString() ?? null,
      newest: stats.ledger.newest?.toISOString() ?? null,
    },
    orders: stats.orders,
    last_ingest: last.ingest?.toISOString() ?? null,
    last_backup: last.backup?.toISOString() ?? null,
  };
}

function print(
  context: Context,
  stats: Stats,
  lines: readonly ProviderLine[],
  categories: Categories,
  within: string,
  last: LastTimes,
): void {
  const { terminal, stdout, settings } = context;
  if (isEmpty(stats)) {
    tellToBegin(context);
    return;
  }
  const { timeZone } = settings;
  stdout.write(
    statsScreen(stats, lines, categories, last, {
      fit: context.fit,
      blocks: context.isAscii ? ["#", "-"] : ["█", "░"],
      timeZone,
      within,
    }),
  );
  for (const shortage of shortages(lines, within)) terminal.warn(shortage);
  if (lines.every(({ available }) => available === undefined))
    terminal.hint("left is at most that: duplicates are in it; --available counts exactly");
}
