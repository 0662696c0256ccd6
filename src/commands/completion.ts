/** `numbers completion SHELL`: prints a script that completes command lines; and what that script asks at the Tab key. */
import { readFileSync } from "node:fs";
import { Argument, type Command } from "commander";
import { insertion, readLine } from "../completion/bash.ts";
import { type Completion, complete } from "../completion/complete.ts";
import { packaged } from "../root.ts";
import { addGlobalOptions } from "./run.ts";

const shells = ["bash", "zsh", "fish"] as const;

/** Neither goes through `run`: shells begin with them, whatever has become of the home and its settings. */
export function addCompletion(program: Command): void {
  addGlobalOptions(
    program
      .command("completion")
      .description(
        "Print a script with which the Tab key completes commands, options, and the names in the home.",
      )
      .addArgument(new Argument("<shell>", "whose script").choices(shells))
      .action((shell: string) => {
        process.stdout.write(readFileSync(packaged(`src/shells/numbers.${shell}`), "utf8"));
      }),
  );
  program
    .command("__complete", { hidden: true })
    .argument("<shell>")
    .argument("[words...]")
    .action((shell: string, words: string[]) => answer(program, shell, words));
}

/**
 * The kind on the first line, then a candidate on each: `value<TAB>what it is`, or for bash what is to be inserted.
 * Whatever goes wrong is no candidates: a message would land in the line that somebody is typing.
 */
async function answer(program: Command, shell: string, words: readonly string[]): Promise<void> {
  try {
    const { findNames } = await import("../completion/home-names.ts");
    const ask = (before: readonly string[], typed: string) =>
      complete(program, before, typed, findNames);
    if (shell === "bash") {
      const [breaks = "", text = ""] = words;
      const line = readLine(text, breaks);
      const completion = await ask(line.words, line.typed);
      print(completion, ({ value }) => insertion(value, line));
    } else {
      const last = words.at(-1) ?? "";
      // fish takes the quotes off all words but the one that is being typed.
      const typed = shell === "fish" ? readLine(`numbers ${last}`, "").typed : last;
      const completion = await ask(words.slice(0, -1), typed);
      print(completion, ({ value, description }) => `${value}\t${description}`);
    }
  } catch {
    // Nothing to offer.
  }
}

function print(
  completion: Completion,
  lineOf: (candidate: { value: string; description: string }) => string,
): void {
  const candidates = completion.kind === "words" ? completion.candidates.map(lineOf) : [];
  process.stdout.write([completion.kind, ...candidates].map((line) => `${line}\n`).join(""));
}
