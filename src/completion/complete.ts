/**
 * What can stand next on a command line, found out from the program itself: commands, options, and the values of both.
 * Pure but for the names that the home has, which the caller looks up.
 */
import type { Argument, Command, Option } from "commander";
import { type Meaning, meaningOf } from "./meanings.ts";

/** What can stand there, and what it is; nothing where its name says all. */
export type Candidate = { readonly value: string; readonly description: string };

/** Words, or whatever files or folders the shell finds there. Words come in the order in which they are to be shown. */
export type Completion =
  | { readonly kind: "files" | "folders" }
  | { readonly kind: "words"; readonly candidates: readonly Candidate[] };

/** What the home calls its own. */
export type NameKind = "provider" | "order" | "customer" | "source" | "category";
/** Looks up the names that begin with `typed` in the home that `--home` names, or else in the usual one. */
export type FindNames = (
  kind: NameKind,
  typed: string,
  home: string | undefined,
) => Promise<readonly Candidate[]>;

/** Where on the command line the words before the current one lead. */
type Position = {
  readonly command: Command;
  /** The command's name below the program's: `order list`. */
  readonly path: string;
  readonly operands: number;
  /** An option that waits for its value. */
  readonly open: Option | undefined;
  /** Behind a `--`, where nothing is an option. */
  readonly isClosed: boolean;
  readonly home: string | undefined;
};

/** What can stand in place of `typed`, the word under the cursor, after `words`. Both as the shell would hand them over. */
export async function complete(
  program: Command,
  words: readonly string[],
  typed: string,
  findNames: FindNames,
): Promise<Completion> {
  const position = locate(program, words);
  const { command, path, open, isClosed, operands } = position;
  const valuesOf = (holder: Option | Argument, before: string, text: string) =>
    completeValue(meaningOf(path, holder), before, text, (kind, beginning) =>
      findNames(kind, beginning, position.home),
    );
  // A value may be left out of `--never-twice [on|off]`: what begins with a dash is the next option.
  if (open && (open.required || !typed.startsWith("-"))) return valuesOf(open, "", typed);
  if (!isClosed && typed.startsWith("-")) {
    const end = typed.indexOf("=");
    if (end < 0) return wordsOf(optionsOf(command), typed);
    const option = findOption(command, typed.slice(0, end));
    return option?.long && takesValue(option)
      ? valuesOf(option, typed.slice(0, end + 1), typed.slice(end + 1))
      : nothing;
  }
  const { registeredArguments: known } = command;
  const last = known.at(-1);
  const argument = known[operands] ?? (last?.variadic ? last : undefined);
  if (argument) return valuesOf(argument, "", typed);
  const hasCommands = command.commands.length > 0;
  if (hasCommands && operands === 0) return wordsOf(commandsOf(command), typed);
  // Where nothing but options can stand, they are shown before a dash is typed.
  return hasCommands || isClosed ? nothing : wordsOf(optionsOf(command), typed);
}

const nothing: Completion = { kind: "words", candidates: [] };

function locate(program: Command, words: readonly string[]): Position {
  let command = program;
  let path = "";
  let operands = 0;
  let open: Option | undefined;
  let isClosed = false;
  let isHelp = false;
  let home: string | undefined;
  for (const word of words) {
    if (open && (open.required || !word.startsWith("-"))) {
      if (open.long === "--home") home = word;
      open = undefined;
      continue;
    }
    open = undefined;
    if (word === "--" && !isClosed) {
      isClosed = true;
    } else if (word.startsWith("-") && word !== "-" && !isClosed) {
      const [name = "", value] = word.split("=", 2);
      const option = findOption(command, name);
      if (option?.long === "--home") home = value;
      if (option && takesValue(option) && value === undefined) open = option;
    } else {
      const canDescend = operands === 0 && !isHelp && command.commands.length > 0;
      const below = canDescend ? command.commands.find((it) => it.name() === word) : undefined;
      if (below) {
        command = below;
        path = `${path} ${word}`.trimStart();
      } else if (canDescend && word === "help") {
        // The library's own command: the name of another one follows it, and no option.
        isHelp = true;
        isClosed = true;
      } else {
        operands += 1;
      }
    }
  }
  return { command, path, operands, open, isClosed, home };
}

function findOption(command: Command, name: string): Option | undefined {
  return command.options.find((option) => option.long === name || option.short === name);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

/** Long names alone: whoever types the short one knows it. */
function optionsOf(command: Command): Candidate[] {
  const options = command.createHelp().visibleOptions(command);
  return options.map(({ long, short, description }) => ({
    value: long ?? short ?? "",
    description,
  }));
}

function commandsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((below) => ({ value: below.name(), description: firstSentence(below.description()) }));
}

function firstSentence(text: string): string {
  return text.split(/[.:;] /)[0]?.replace(/\.$/, "") ?? "";
}

/** `before` is what stands in the same word before the value: `--provider=`. */
async function completeValue(
  meaning: Meaning | undefined,
  before: string,
  typed: string,
  findNames: (kind: NameKind, typed: string) => Promise<readonly Candidate[]>,
): Promise<Completion> {
  if (meaning === undefined) return nothing;
  if ("kind" in meaning) return { kind: meaning.kind };
  const comma = meaning.isList ? typed.lastIndexOf(",") + 1 : 0;
  const beginning = typed.slice(comma);
  const found = (meaning.words ?? []).map((value) => ({ value, description: "" }));
  const named = meaning.names ? await findNames(meaning.names, beginning) : [];
  const listed = typed.slice(0, comma).toLowerCase().split(",");
  const { candidates } = wordsOf(
    [...found, ...named].filter(({ value }) => !listed.includes(value.toLowerCase())),
    beginning,
  );
  const head = before + typed.slice(0, comma);
  return {
    kind: "words",
    candidates: candidates.map((candidate) => ({ ...candidate, value: head + candidate.value })),
  };
}

/** Those that begin with what was typed, whatever its case: the name is then written as it is known. */
function wordsOf(candidates: readonly Candidate[], typed: string) {
  const beginning = typed.toLowerCase();
  return {
    kind: "words" as const,
    candidates: candidates.filter(({ value }) => value.toLowerCase().startsWith(beginning)),
  };
}
