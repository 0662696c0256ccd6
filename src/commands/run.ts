/** What a command file needs to hang its handler into the program. */
import type { Command } from "commander";
import type { Context, Flags } from "../context.ts";
import type { ExitCode } from "../errors.ts";

/** Does the work of a command; an exit code other than 0 is returned, failures are thrown. */
export type Handler<F> = (
  context: Context,
  args: readonly string[],
  flags: F & Flags,
) => Promise<ExitCode | undefined>;

/** Makes a handler into an action of the command named `name`; `main` provides it. */
export type Run = <F>(name: string, handler: Handler<F>) => (...all: unknown[]) => Promise<void>;

/** The options that every command has, before or after its name. */
export function addGlobalOptions(command: Command): Command {
  return command
    .optionsGroup("Everywhere:")
    .option(
      "--home <folder>",
      "where all state lives (default: NUMBERS_HOME, else the user's data folder)",
    )
    .option("--json", "one JSON document instead of words")
    .option("--quiet", "no talk; warnings and errors only")
    .option(
      "--lock-timeout <duration>",
      "how long to wait while another process writes (default 60s)",
    )
    .option("--time-zone <zone>", "whose calendar days count (default Asia/Jakarta)")
    .option("--threads <n>", "how many threads the engine may use (default: all)")
    .option("--memory <size>", "how much memory the engine may use (default 2GB)")
    .option("--debug", "print the stack of an unexpected failure");
}
