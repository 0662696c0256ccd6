/** What a command file needs to hang its handler into the program. */
import { type Command, Option } from "commander";
import type { Context, Flags } from "../context.ts";
import type { ExitCode } from "../errors.ts";
import { everywhere } from "../help/format.ts";
import { globalOptionWords } from "../help/options.ts";

/** Does the work of a command; an exit code other than 0 is returned, failures are thrown. */
export type Handler<F> = (
  context: Context,
  args: readonly string[],
  flags: F & Flags,
) => Promise<ExitCode | undefined>;

/** Makes a handler into an action of the command named `name`; `main` provides it. */
export type Run = <F>(name: string, handler: Handler<F>) => (...all: unknown[]) => Promise<void>;

/** Made once for all commands: half of what it took to build the program went into them. */
const globalOptions = globalOptionWords.map(([flags, description]) =>
  new Option(flags, description).helpGroup(everywhere),
);

/** Adds the options that every command has, before or after its name. */
export function addGlobalOptions(command: Command): Command {
  for (const option of globalOptions) command.addOption(option);
  return command;
}
