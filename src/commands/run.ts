/** What a command file needs to hang its handler into the program. */
import { type Command, Option } from "commander";
import type { Context, Flags } from "../context.ts";
import type { ExitCode } from "../errors.ts";
import { everywhere } from "../help/format.ts";

/** Does the work of a command; an exit code other than 0 is returned, failures are thrown. */
export type Handler<F> = (
  context: Context,
  args: readonly string[],
  flags: F & Flags,
) => Promise<ExitCode | undefined>;

/** Makes a handler into an action of the command named `name`; `main` provides it. */
export type Run = <F>(name: string, handler: Handler<F>) => (...all: unknown[]) => Promise<void>;

/** Made once for all commands: half of what it took to build the program went into them. */
const globalOptions = [
  ["--home <folder>", "where all state lives (default: NUMBERS_HOME, else the user's data folder)"],
  ["--json", "one JSON document instead of words"],
  ["--quiet", "no talk; warnings and errors only"],
  ["--verbose", "say every few seconds how far it is where there is no terminal for a bar"],
  ["--log-format <format>", "of the talk on stderr: text, or json for machines (default text)"],
  ["--lock-timeout <duration>", "how long to wait while another process writes (default 60s)"],
  ["--time-zone <zone>", "whose calendar days count (default Asia/Jakarta)"],
  ["--engine <name>", "where numbers are kept: duckdb in the home, or clickhouse (default duckdb)"],
  [
    "--clickhouse-url <url>",
    "http(s)://user@host:8123/database, or chdb:FOLDER for ClickHouse in this process",
  ],
  [
    "--threads <n>",
    "how many threads the engine may use (default: one for each processor, and at least 128MB of memory)",
  ],
  [
    "--memory <size>",
    "how much memory the engine may use (default: a third of the machine's, at most 2GB, or 128MB a processor)",
  ],
  ["--profile", "print where the time went, on stderr; with --debug the engine's plans too"],
  ["--debug", "print the stack of an unexpected failure"],
].map(([flags = "", description]) => new Option(flags, description).helpGroup(everywhere));

/** Adds the options that every command has, before or after its name. */
export function addGlobalOptions(command: Command): Command {
  for (const option of globalOptions) command.addOption(option);
  return command;
}
