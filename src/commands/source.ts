/** `numbers source`: who supplies numbers, and on what terms. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Source, SourceTerms } from "../engine/sources.ts";
import { usageError } from "../errors.ts";
import { checkName } from "../names.ts";
import { isExpired, requireSource } from "../sources.ts";
import { printable } from "../text.ts";
import { dayOf, localTime, startOfDay } from "../time.ts";
import { count } from "../words.ts";
import { addGlobalOptions, type Run } from "./run.ts";

type TermFlags = {
  readonly basis?: string;
  readonly contact?: string;
  readonly expires?: string;
};

const textLength = 1_000;

export function addSource(program: Command, run: Run): Command {
  const source = program
    .command("source")
    .description("Keep a register of who supplies numbers, and on what terms.")
    .enablePositionalOptions();
  addTermOptions(
    source.command("add").description("Register a source.").argument("<name>", "the source's name"),
    "the last day on which its numbers may be sold, YYYY-MM-DD (default: no end)",
  ).action(run<TermFlags>("source add", register));
  source
    .command("list")
    .description("List the sources, by name.")
    .action(run("source list", listSources));
  source
    .command("show")
    .description("Show one source: its terms, and what came in from it.")
    .argument("<name>", "the source's name")
    .action(run("source show", showSource));
  addTermOptions(
    source
      .command("set")
      .description("Change what is known of a source.")
      .argument("<name>", "the source's name"),
    "the last day on which its numbers may be sold, YYYY-MM-DD, or none",
  ).action(run<TermFlags>("source set", change));
  for (const command of source.commands) addGlobalOptions(command);
  return source;
}

function addTermOptions(command: Command, expires: string): Command {
  return command
    .optionsGroup("Its terms:")
    .option("--basis <text>", "on what ground its numbers may be used")
    .option("--contact <text>", "whom to ask")
    .option("--expires <day>", expires);
}

async function register(context: Context, [name = ""]: readonly string[], flags: TermFlags) {
  checkName(name, "source add");
  const terms = { basis: undefined, contact: undefined, expires: undefined, ...termsOf(flags) };
  const engine = await context.engine();
  if (!(await engine.addSource(name, terms, context.now))) {
    const { name: known } = requireSource(name, await engine.readSources());
    throw usageError(
      `source add: "${known}" is registered already; change it with numbers source set, or choose another name`,
    );
  }
  await tellTerms(context, name);
  return undefined;
}

async function change(context: Context, [name = ""]: readonly string[], flags: TermFlags) {
  const terms = termsOf(flags);
  if (Object.keys(terms).length === 0) {
    throw usageError("source set: nothing to change; name --basis, --contact or --expires");
  }
  const engine = await context.engine();
  if (!(await engine.setSource(name, terms, context.now))) {
    requireSource(name, await engine.readSources());
  }
  await tellTerms(context, name);
  return undefined;
}

/** Only what was named is in the result: `set` leaves the rest as it is. */
function termsOf({ basis, contact, expires }: TermFlags): Partial<SourceTerms> {
  return {
    ...(basis === undefined ? {} : { basis: checkText(basis, "--basis") }),
    ...(contact === undefined ? {} : { contact: checkText(contact, "--contact") }),
    ...(expires === undefined ? {} : { expires: checkDay(expires) }),
  };
}

function checkText(text: string, option: string): string {
  if (text.trim() !== "" && text.length <= textLength) return text;
  throw usageError(
    `${option}: it has ${count(text.length)} characters, blanks counted; write 1 to ${count(textLength)}, not blanks alone`,
  );
}

/** `none` takes the end away; an empty text, as of a variable that is not set, does not. */
function checkDay(text: string): string | undefined {
  if (text === "none") return undefined;
  startOfDay(text, "UTC", "--expires");
  return text;
}

/** What an addition or a change has come to. */
async function tellTerms(context: Context, name: string): Promise<void> {
  const engine = await context.engine();
  const source = requireSource(name, await engine.readSources());
  if (context.isJson) context.print(sourceJson(source, context));
  else context.terminal.say(`source "${source.name}": ${endOf(source, context)}`);
  if (isExpired(source, today(context))) {
    context.terminal.warn(`its terms ended with ${source.expires}: order leaves its numbers out`);
  }
}

async function showSource(context: Context, [name = ""]: readonly string[]) {
  const engine = await context.engine();
  const source = requireSource(name, await engine.readSources());
  if (context.isJson) {
    context.print(sourceJson(source, context));
    return undefined;
  }
  const facts = [
    ["source", source.name],
    ["basis", source.basis ?? "not known"],
    ["contact", source.contact ?? "not known"],
    ["terms", endOf(source, context)],
    ["imports", count(source.imports)],
    ["numbers", count(source.numbers)],
    ["added", localTime(source.addedAt, context.settings.timeZone)],
  ];
  const lines = facts.map(([fact = "", value]) => `${fact.padEnd("imports".length)}  ${value}`);
  context.stdout.write(`${lines.map(printable).join("\n")}\n`);
  return undefined;
}

async function listSources(context: Context) {
  const engine = await context.engine();
  const sources = await engine.readSources();
  if (context.isJson) {
    context.print({ sources: sources.map((source) => sourceJson(source, context)) });
    return undefined;
  }
  if (sources.length === 0) {
    context.terminal.say("no sources yet: numbers source add NAME --basis TEXT --contact TEXT");
    return undefined;
  }
  const rows = sources.map((source) => [
    source.name,
    statusOf(source, context),
    source.expires ?? "",
    count(source.imports),
    count(source.numbers),
    source.basis ?? "",
    source.contact ?? "",
  ]);
  const head = ["source", "status", "expires", "imports", "numbers", "basis", "contact"];
  context.stdout.write(`${context.table(head, rows)}\n`);
  return undefined;
}

/** A source as scripts see it. */
function sourceJson(source: Source, context: Context) {
  return {
    name: source.name,
    basis: source.basis ?? null,
    contact: source.contact ?? null,
    expires: source.expires ?? null,
    status: statusOf(source, context),
    imports: source.imports,
    numbers: source.numbers,
    added_at: source.addedAt.toISOString(),
  };
}

function statusOf(source: Source, context: Context): "active" | "expired" {
  return isExpired(source, today(context)) ? "expired" : "active";
}

function endOf(source: Source, context: Context): string {
  if (source.expires === undefined) return "active, without an end";
  return `${statusOf(source, context)}, the last day is ${source.expires}`;
}

function today({ now, settings }: Context): string {
  return dayOf(now, settings.timeZone);
}
