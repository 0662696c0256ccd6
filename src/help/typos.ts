/** What is said of a command line that is not understood, with the nearest of what is known. Pure. */
import type { Command } from "commander";
import { nearest } from "../nearest.ts";
import { printable } from "../text.ts";
import { howToBegin } from "./begin.ts";

/**
 * What commander says, with what it leaves out: the nearest command below one that works by itself (`order lsit`), the
 * nearest option before `=`, and where to look when nothing is near.
 */
export function explain(message: string, command: Command): string {
  const [word = ""] = command.args;
  const hasTooMany = /^error: too many arguments/.test(message);
  if (hasTooMany && command.commands.length > 0) return unknownCommand(command, word);
  const said = message
    .trimEnd()
    .replace(/^error:/, "numbers:")
    // What stood behind it may be a password.
    .replace(/(unknown option '--[^='\n]+)=.*'$/s, "$1'");
  if (said.includes("(Did you mean ")) return `${said}\n`;
  const choice = /(?:value|argument) '([^']*)' is invalid.* Allowed choices are (.*)\.$/.exec(said);
  if (choice) return `${said}\n${suggestion(choice[1], (choice[2] ?? "").split(", "), command)}\n`;
  const [, option] = /unknown option '(--[^='\n]+)/.exec(said) ?? [];
  const known = command.options.flatMap(({ long }) => long ?? []);
  return `${said}\n${suggestion(option, known, command)}\n`;
}

/** Instead of a whole page of help on stderr, for somebody who asked for none; undefined where the page is what helps. */
export function instead(command: Command): string | undefined {
  const [word, wanted] = command.args;
  if (word === "help" && wanted !== undefined) return unknownCommand(command, wanted).trimEnd();
  if (command.parent !== null) return undefined;
  return howToBegin(command.description().replace(/\.$/, "")).join("\n");
}

function unknownCommand(command: Command, word: string): string {
  const known = command
    .createHelp()
    .visibleCommands(command)
    .map((one) => one.name());
  return `numbers: unknown command '${printable(word)}'\n${suggestion(word, known, command)}\n`;
}

function suggestion(word: string | undefined, known: readonly string[], command: Command): string {
  const [near] = word === undefined ? [] : nearest(word, known);
  if (near !== undefined) return `(Did you mean ${near}?)`;
  const path = [];
  for (let one: Command | null = command; one !== null; one = one.parent) path.unshift(one.name());
  return `(${path.join(" ")} --help says what it takes)`;
}
