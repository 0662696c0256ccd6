/** `numbers blacklist import|export`: whole lists of what may not be sold, in and out. */
import type { Command } from "commander";
import type { ListPlan, ListReport } from "../blacklist/import.ts";
import {
  checkOwner,
  checkReason,
  checkSold,
  type ImportListFlags,
  type ListFlags,
  parseHashing,
  parseKind,
  parseList,
  requireOwner,
  spelled,
  strangerWarning,
} from "../blacklist/kinds.ts";
import type { Context } from "../context.ts";
import { blacklistKinds, type Hashing, type Matches } from "../engine/blacklist.ts";
import { usageError } from "../errors.ts";
import { newId } from "../ids.ts";
import { loadProviders } from "../intake/providers.ts";
import { reasonWords } from "../intake/rejections.ts";
import { findTarget } from "../orders/output.ts";
import { parseDuration, parseInstant, startOfDay } from "../time.ts";
import { count, counted, seconds } from "../words.ts";
import { addGlobalOptions, type Run } from "./run.ts";
import { addSuppressions } from "./suppressions.ts";

type ImportFlags = ImportListFlags & {
  readonly column?: string;
  readonly dryRun?: boolean;
};

export function addBlacklist(program: Command, run: Run): Command {
  const blacklist = program
    .command("blacklist")
    .description(
      "Say what may not be sold: sold elsewhere, dnc and invalid for ever, or a customer's own list.",
    );
  addGlobalOptions(
    blacklist
      .command("import")
      .description("Put a whole list on the blacklist.")
      .argument("<file>", "the list, .csv .tsv .txt, plain or .gz/.zst, or - for stdin")
      .optionsGroup("What it is:")
      .option("--kind <kind>", blacklistKinds.join(", "))
      .option("--customer <name>", "whose own list it is, for --kind customer")
      .option("--reason <text>", "why, for people who look later")
      .option(
        "--at <time>",
        "when it was sold, for --kind sold without a column of dates: a day or an instant (default: now)",
      )
      .optionsGroup("How it is written:")
      .option("--hash <algorithm>", "the list holds digests: md5 or sha256")
      .option("--hash-of <form>", "what was hashed: digits 6281…, e164 +6281… or national 081…")
      .option("--column <name>", "the column that holds them, by name or number")
      .optionsGroup("To see it first:")
      .option("--dry-run", "read and count; change nothing")
      .action(run("blacklist import", importFile)),
  );
  addSuppressions(blacklist, run);
  addGlobalOptions(
    blacklist
      .command("export")
      .description("Write out all numbers of a kind as CSV.")
      .optionsGroup("Which list, and where to:")
      .option("--kind <kind>", blacklistKinds.join(", "))
      .option("--customer <name>", "of this customer alone, for --kind customer")
      .option("-o, --output <file>", "a file (.gz and .zst are packed), or - for stdout", "-")
      .action(run<ListFlags & { output: string }>("blacklist export", exportKind)),
  );
  return blacklist;
}

async function importFile(context: Context, [path = ""]: readonly string[], flags: ImportFlags) {
  const started = performance.now();
  const { settings, terminal } = context;
  const list = parseList(flags);
  const hashing = parseHashing(flags);
  checkSold(list.kind, flags);
  const at = flags.at === undefined ? undefined : parseTime(flags.at, context);
  const reason = checkReason(flags.reason);
  const providers = loadProviders(settings);
  // The libraries behind it take a tenth of a second to load: only for those who import.
  const { importList } = await import("../blacklist/import.ts");
  const engine = await context.engine();
  const owners = list.customer === undefined ? [] : await engine.readListOwners();
  const customer = list.customer && spelled(list.customer, owners);
  const common = {
    importId: newId(context.now),
    at: context.now,
    column: flags.column,
    dryRun: flags.dryRun ?? false,
  };
  const { kind } = list;
  const plan: ListPlan =
    kind === "sold"
      ? { ...common, sold: { at, timeZone: settings.timeZone } }
      : { ...common, sold: undefined, listing: { kind, customer }, reason, hashing };
  const converter = hashing
    ? await context.openDigestConverter(hashing.algorithm)
    : await context.openConverter({ provider: undefined, prefixes: providers.prefixes });
  const report = await importList(path, plan, {
    home: context.home(),
    engine,
    converter,
    progress: terminal.progress,
    signal: context.signal,
    profile: context.profile,
  }).finally(() => {
    terminal.progress.stop();
    converter.close();
  });
  const took = (performance.now() - started) / 1000;
  const warning = strangerWarning(customer, owners);
  if (warning) terminal.warn(warning);
  if (report.matches) warnOfMatches(context, report.matches, hashing, report.accepted);
  if (at && report.dateColumn !== undefined) {
    terminal.warn(
      `the dates are those of the column "${report.dateColumn}"; --at is for its empty cells`,
    );
  }
  if (context.isJson) context.print(reportJson(plan.importId, list.kind, customer, report, took));
  else tell(context, path, kind, report, took, common.dryRun);
  return undefined;
}

function reportJson(
  importId: string,
  kind: string,
  customer: string | undefined,
  report: ListReport,
  took: number,
) {
  const { lines, accepted, rejected, reasons, added, known, matches } = report;
  return {
    import_id: importId,
    kind,
    customer: customer ?? null,
    ...{ lines, accepted, rejected, reasons, added, known },
    ...(matches ? { matched: matches.matched } : {}),
    seconds: took,
  };
}

/** A day of the home's time zone, or an instant; not in the future. */
function parseTime(text: string, { settings, now }: Context): Date {
  const at = /^\d{4}-\d\d-\d\d$/.test(text)
    ? startOfDay(text, settings.timeZone, "--at")
    : parseInstant(text, "--at");
  if (at > now) throw usageError(`--at: ${text} is in the future`);
  return at;
}

function warnOfMatches(
  { terminal }: Context,
  { matched, looked, other }: Matches,
  hashing: Hashing | undefined,
  digests: number,
): void {
  if (matched > 0 || looked === 0 || digests === 0) return;
  const none = `it means none of the ${count(looked)} newest numbers of the pool`;
  if (other) {
    terminal.warn(
      `${none}, but as --hash-of ${other.form} it would mean ${count(other.matched)} of them: ` +
        `${hashing?.form} is the wrong form. Import it again with --hash-of ${other.form}, which corrects it`,
    );
  } else terminal.warn(`${none}, in no form: make sure of what was hashed, and how`);
}

function tell(
  { terminal }: Context,
  path: string,
  kind: string,
  report: ListReport,
  took: number,
  dryRun: boolean,
): void {
  const noun = kind === "sold" ? "sale" : "number";
  terminal.say(
    `${path}: ${counted(report.added, `new ${noun}`)}, ${count(report.known)} known, from ` +
      `${counted(report.lines, "line")} in ${seconds(took)}${dryRun ? " (dry run, nothing kept)" : ""}`,
  );
  if (report.matches)
    terminal.say(`  it means ${counted(report.matches.matched, "number")} of the pool`);
  if (report.dateColumn !== undefined)
    terminal.say(`  dates from the column "${report.dateColumn}"`);
  if (report.rejected === 0) return;
  terminal.say(`  ${counted(report.rejected, "line")} rejected: ${reasonWords(report.reasons)}`);
}

async function exportKind(
  context: Context,
  _args: readonly string[],
  flags: ListFlags & { output: string },
) {
  const kind = parseKind(flags.kind);
  if (!kind) throw usageError(`--kind: name one of ${blacklistKinds.join(", ")}`);
  checkOwner(kind, flags.customer);
  const target = findTarget(flags.output);
  const engine = await context.engine();
  const customer = flags.customer && requireOwner(flags.customer, await engine.readListOwners());
  const cooldownMs = parseDuration(context.settings.cooldown, "cooldown");
  const query = { kind, customer, at: context.now, cooldownMs };
  const { exportList } = await import("../blacklist/export.ts");
  const rows = await exportList(target, {
    produce: (path, compression) => engine.exportBlacklist(query, path, compression),
    stdout: context.stdout,
    temporary: context.home().temporary,
    fileMode: context.fileMode,
    signal: context.signal,
    progress: context.terminal.progress,
  });
  context.terminal.progress.stop();
  const place = target.kind === "stdout" ? "stdout" : target.path;
  const document = { kind, customer: customer ?? null, numbers: rows, output: flags.output };
  if (context.isJson) context.print(document, target.kind === "stdout");
  else context.terminal.say(`${counted(rows, kind === "sold" ? "sale" : "number")} to ${place}`);
  const digests = (await engine.countBlacklist(query)).reduce((sum, one) => sum + one.digests, 0);
  if (digests > 0) {
    context.terminal.warn(
      `${counted(digests, "number")} known only by digest cannot be written out`,
    );
  }
  return undefined;
}
