/**
 * The manual page (man macros) from what the help is made of: the program, the pages and the settings. Pure. It has no
 * date: the day on which it is written says nothing.
 */
import type { Command } from "commander";
import {
  documented,
  everywhere,
  exitItems,
  exitsOf,
  formatExample,
  nameOf,
  pageOf,
  sectionsOf,
} from "../../src/help/format.ts";
import type { Item, Section } from "../../src/help/pages.ts";
import { settingWords } from "../../src/help/settings.ts";

/** What is left of 80 columns beside the page's margins and the example's. */
const exampleWidth = 68;

const environment: readonly Item[] = [
  { term: "NUMBERS_HOME", words: "where all state lives, unless --home says it" },
  {
    term: "XDG_DATA_HOME",
    words: "the user's data folder: the home is numbers in it (default ~/.local/share)",
  },
  ...Object.entries(settingWords).map(([key, words]) => ({
    term: `NUMBERS_${key.toUpperCase()}`,
    words,
  })),
  {
    term: "NUMBERS_CLICKHOUSE_PASSWORD",
    words: "the password for the server, in place of one in its address",
  },
  {
    term: "NUMBERS_NOW",
    words: "the instant that windows are measured from: 2026-11-20T09:00:00+07:00 (default: now)",
  },
  { term: "NO_COLOR", words: "no colour on stderr when it is set" },
];

/** In the home. */
const files: readonly Item[] = [
  {
    term: "config.toml",
    words: 'defaults; its keys are the settings above, in lower case: within = "7d"',
  },
  {
    term: "numbering/",
    words: "providers.csv and synonyms.csv, over those that come with the program",
  },
  {
    term: "numbers.duckdb",
    words: "catalog, orders, sold ledger, suppression, customers, audit log",
  },
  { term: "pool/", words: "the numbers, a folder for each day and provider" },
  { term: "ledger/, journal/", words: "what the database can be made anew from" },
  { term: "rejects/", words: "the lines that were not taken, to be corrected and ingested" },
  { term: "erasure.key", words: "without it erased persons could not be recognised" },
];

export function manualOf(program: Command, version: string): string {
  const helper = program.createHelp();
  const { about, examples } = pageOf(program);
  const sections = sectionsOf(program, helper);
  const titled = (title: string) => sections.filter((section) => section.title === title);
  const commands = documented(program).filter(({ parent }) => parent !== null);
  return [
    '.\\" Made from the help by a test; change that.',
    `.TH NUMBERS 1 "" "numbers ${escaped(version)}" "User Commands"`,
    // Words keep their spaces and are not cut, so that a command can be copied.
    ".ad l",
    ".nh",
    ".SH NAME",
    `numbers \\- ${escaped(sentence(program))}`,
    ".SH SYNOPSIS",
    usageOf(program),
    ".SH DESCRIPTION",
    text(program.description()),
    ".PP",
    text(about ?? ""),
    ".SH COMMANDS",
    ...titled("Commands:").flatMap(({ items }) => items.map(tagged)),
    ".SH OPTIONS",
    ...["Options:", everywhere].flatMap(titled).flatMap(({ items }) => items.map(tagged)),
    ...commands.flatMap((command) => [
      `.SH ${escaped(nameOf(command).toUpperCase())}`,
      manualOfCommand(command),
    ]),
    '.SH "EXIT STATUS"',
    ...exitItems(exitsOf(program)).map(tagged),
    ".SH ENVIRONMENT",
    ...environment.map(tagged),
    ".SH FILES",
    "In the home:",
    ...files.map(tagged),
    ".SH EXAMPLES",
    example(examples),
    "",
  ].join("\n");
}

function manualOfCommand(command: Command): string {
  const { about, more, examples } = pageOf(command);
  const sections = sectionsOf(command, command.createHelp());
  return [
    usageOf(command),
    ".PP",
    text(command.description()),
    ...[...sections, ...(more ? [more] : [])].flatMap(groupOf),
    ...(about === undefined ? [] : [".PP", text(about)]),
    ".PP",
    "Examples:",
    example(examples),
    ".PP",
    `Exit status: ${text(exitWords(command))}.`,
  ].join("\n");
}

/** The codes, with their meaning where it is not the one that stands under EXIT STATUS. */
function exitWords(command: Command): string {
  let program = command;
  while (program.parent !== null) program = program.parent;
  const usual = new Map(exitItems(exitsOf(program)).map(({ term, words }) => [term, words]));
  return exitItems(exitsOf(command))
    .map(({ term, words }) => (usual.get(term) === words ? term : `${term} (${words})`))
    .join(", ");
}

function usageOf(command: Command): string {
  const words = command.createHelp().commandUsage(command).split(" ");
  const own = nameOf(command).split(" ").length + (command.parent === null ? 0 : 1);
  return `\\fB${escaped(words.slice(0, own).join(" "))}\\fP ${styled(words.slice(own).join(" "))}`;
}

function groupOf({ title, items }: Section): string[] {
  return [".PP", text(title), ".RS 4", ...items.map(tagged), ".RE"];
}

function tagged({ term, words }: Item): string {
  return `.TP\n${styled(term)}\n${text(words)}`;
}

function example(lines: readonly string[]): string {
  const shown = lines.flatMap((line) => formatExample(line, exampleWidth).split("\n"));
  return [".RS 4", ".nf", ...shown.map((line) => text(line.slice(2))), ".fi", ".RE"].join("\n");
}

/** What is typed as it stands is bold, what stands for something is italic: `-o, --output <file>`. */
function styled(term: string): string {
  const typed = /(--?[a-z][\w-]*)|<([^>]+)>|(^\w[\w./]*)/g;
  const parts: string[] = [];
  let at = 0;
  for (const match of term.matchAll(typed)) {
    const [whole, option, value, word] = match;
    parts.push(escaped(term.slice(at, match.index)));
    parts.push(
      value === undefined
        ? `\\fB${escaped(option ?? word ?? "")}\\fP`
        : `\\fI${escaped(value)}\\fP`,
    );
    at = match.index + whole.length;
  }
  return parts.join("") + escaped(term.slice(at));
}

function sentence(command: Command): string {
  const words = command.description().replace(/\.$/, "");
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/** Text that may begin a line, where a dot or an apostrophe would be a request. */
function text(words: string): string {
  return escaped(words).replace(/^([.'])/, "\\&$1");
}

/** Every letter as it is: a hyphen that can be copied into a shell, straight quotes, letters beyond ASCII by their code. */
export function escaped(words: string): string {
  return words
    .replaceAll("\\", "\\(rs")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll('"', "\\(dq")
    .replaceAll("`", "\\(ga")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll("…", "...")
    .replaceAll(/[^\0-\x7f]/gu, (letter) => {
      const code = letter.codePointAt(0)?.toString(16).toUpperCase() ?? "";
      return `\\[u${code.padStart(4, "0")}]`;
    });
}
