/** Builds the program and runs it: the only place that prints errors and sets the exit code. */
import { Command, CommanderError, Option } from "commander";
import { addAudit } from "./commands/audit.ts";
import { addBackup } from "./commands/backup.ts";
import { addBlacklist } from "./commands/blacklist.ts";
import { addCompact } from "./commands/compact.ts";
import { addCompletion } from "./commands/completion.ts";
import { addConfig } from "./commands/config.ts";
import { addCustomers } from "./commands/customers.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addErase } from "./commands/erase.ts";
import { addGenerate } from "./commands/generate.ts";
import { addIngest } from "./commands/ingest.ts";
import { addLookup } from "./commands/lookup.ts";
import { addMove } from "./commands/move.ts";
import { addOrder } from "./commands/order.ts";
import { addOrderSubcommands } from "./commands/orders.ts";
import { addPrune } from "./commands/prune.ts";
import { addRestore } from "./commands/restore.ts";
import { addReturn } from "./commands/returns.ts";
import { addGlobalOptions, type Run } from "./commands/run.ts";
import { addSearch } from "./commands/search.ts";
import { addSource } from "./commands/source.ts";
import { addStats } from "./commands/stats.ts";
import type { Flags } from "./context.ts";
import { type ExitCode, exitCode, messageOf, Undecided, UserError } from "./errors.ts";
import { armFailpoint } from "./failpoints.ts";
import { everywhere, helpLayout } from "./help/format.ts";
import { explain } from "./help/typos.ts";
import { createLog, earlyFormat, type Log } from "./log.ts";
import { isOutOfMemory } from "./memory.ts";
import { isOutOfSpace, wordsOfFullDisk } from "./space.ts";
import { isPlain, plain, printable } from "./text.ts";
import { versions } from "./version.ts";

/** Runs the command line `argv` (as in process.argv) and resolves to the exit code. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  // Everything in the home is this user's alone; files outside get what the user's own mask says.
  const userMask = process.umask(0o077);
  const interruption = new AbortController();
  let interrupted: ExitCode | undefined;
  for (const [signal, code] of [
    ["SIGINT", exitCode.interrupted],
    ["SIGTERM", exitCode.terminated],
  ] as const) {
    process.once(signal, () => {
      interrupted = code;
      interruption.abort(new Error(`stopped by ${signal}`));
    });
  }

  // A reader who has seen enough is no failure; a delivery looks after its own pipe.
  let unwritten: Error | undefined;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") unwritten = error;
  });
  process.stderr.on("error", () => undefined);

  let result: ExitCode = exitCode.done;
  let isDebug = false;
  let log = createLog(earlyFormat(argv, process.env), undefined, () => new Date(), process.pid);
  const run: Run =
    (name, handler) =>
    async (...all) => {
      const command = all.at(-1) as Command;
      const flags = command.optsWithGlobals() as Flags & never;
      isDebug = (flags as Flags).debug ?? false;
      // All that a command works with: --help needs none of it.
      const { createContext } = await import("./context.ts");
      const context = createContext(name, flags, 0o666 & ~userMask, interruption.signal);
      log = context.log;
      try {
        result = (await handler(context, command.args, flags)) ?? exitCode.done;
      } finally {
        context.close();
        process.stderr.write(context.profile.report(context.isJson || log.format === "json"));
      }
    };

  try {
    armFailpoint(process.env.NUMBERS_FAILPOINT);
    await buildProgram(run, log).parseAsync(argv).catch(unlessShown);
    await flushed(process.stdout, interruption.signal);
    if (unwritten && result === exitCode.done) throw unwrittenOutput(unwritten);
    return result;
  } catch (error) {
    if (interrupted !== undefined) {
      const kept = error instanceof UserError ? messageOf(error) : "nothing half done was kept";
      process.stderr.write(errorLine(log, `interrupted: ${kept}`, { exit_code: interrupted }));
      return interrupted;
    }
    return report(error, isDebug, log);
  }
}

/** Help and versions that were asked for are printed by now: what follows is as after any other command. */
function unlessShown(error: unknown): void {
  if (!(error instanceof CommanderError && error.exitCode === 0)) throw error;
}

/** Resolves when what was written so far is where it goes, or cannot go there and that was said. */
async function flushed(stream: NodeJS.WriteStream, signal: AbortSignal): Promise<void> {
  if (stream.writableLength > 0 && !stream.destroyed) {
    await new Promise<void>((done, fail) => {
      const giveUp = () => fail(unwrittenOutput(signal.reason));
      if (signal.aborted) giveUp();
      signal.addEventListener("abort", giveUp, { once: true });
      stream.once("error", () => done());
      stream.write("", () => done());
    });
  }
  // A file is written at once, but its error is told a turn later.
  await new Promise((done) => setImmediate(done));
}

function unwrittenOutput(cause: Error): UserError {
  return new UserError(
    exitCode.unexpected,
    `stdout could not be written: ${cause.message}; what was to be done is done, what it would have said is lost`,
    { cause },
  );
}

/** All commands with their options; what they do goes through `run`. */
export function buildProgram(run: Run, log?: Log): Command {
  const program = new Command("numbers")
    .description("Keeps a pool of phone numbers and sells each at most once per cooldown.")
    .configureHelp(helpLayout(isPlain(process.env)))
    .addHelpOption(
      new Option("-h, --help", "show the help of the command before it").helpGroup(everywhere),
    )
    .helpCommand("help [command]", "show the help of a command")
    .option("-V, --version", "the versions of this program, its engine and Node")
    .on("option:version", () => {
      process.stdout.write(`${versions()}\n`);
      throw new CommanderError(exitCode.done, "commander.version", "");
    })
    .enablePositionalOptions();
  // Before there are commands: they take over what the program has.
  if (log?.format === "json") program.configureOutput({ writeErr: (text) => refuse(log, text) });
  addGlobalOptions(program);
  addGlobalOptions(addIngest(program, run));
  const order = addGlobalOptions(addOrder(program, run)).enablePositionalOptions();
  addOrderSubcommands(order, run);
  addReturn(order, run);
  addGlobalOptions(addBlacklist(program, run)).enablePositionalOptions();
  addGlobalOptions(addStats(program, run));
  addGlobalOptions(addSearch(program, run));
  addGlobalOptions(addSource(program, run));
  addGlobalOptions(addGenerate(program, run));
  addCustomers(program, run);
  addAudit(program, run);
  addGlobalOptions(addLookup(program, run));
  addGlobalOptions(addErase(program, run));
  addGlobalOptions(addCompact(program, run));
  addGlobalOptions(addDoctor(program, run));
  addGlobalOptions(addPrune(program, run));
  addGlobalOptions(addBackup(program, run));
  addGlobalOptions(addRestore(program, run));
  addGlobalOptions(addMove(program, run));
  addGlobalOptions(addConfig(program, run));
  addCompletion(program);
  for (const command of allCommands(program)) {
    // Also below a command that works by itself: numbers order help return.
    if (command.commands.length > 0) command.helpCommand(true);
    command.exitOverride().configureOutput({
      outputError: (text, write) => {
        write(inLocale(explain(text, command).split("\n").map(printable).join("\n")));
      },
    });
  }
  return program;
}

/** What the program says of itself, in the letters that the locale has. */
function inLocale(text: string): string {
  return plain(text, isPlain(process.env));
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** What commander says of a command line that it does not understand, for machines. */
function refuse(log: Log, text: string): void {
  const message = text.replace(/^numbers: /, "").trim();
  process.stderr.write(log.line("error", message, { exit_code: exitCode.usage }));
}

/** Prints one message and chooses the exit code. */
function report(error: unknown, isDebug: boolean, log: Log): ExitCode {
  // Commander has printed its own message.
  if (error instanceof CommanderError) return exitCode.usage;
  const isFull = !(error instanceof UserError) && isOutOfSpace(error);
  const isShort = isFull || isOutOfMemory(error);
  const message = isFull
    ? `${wordsOfFullDisk(error)}; nothing half done was kept: free some space, or move the home to a larger disk, and run it again`
    : isShort && !(error instanceof UserError || error instanceof Undecided)
      ? `${messageOf(error)}; nothing half done was kept`
      : messageOf(error);
  // The engine's words have line breaks of their own, which say nothing.
  const line = error instanceof UserError ? message : message.replaceAll(/\s*\n\s*/g, " ");
  const code = error instanceof UserError ? error.exitCode : exitCode.unexpected;
  const stack = isDebug && error instanceof Error ? error.stack : undefined;
  process.stderr.write(errorLine(log, line, { exit_code: code, stack }));
  if (log.format === "json") return code;
  if (stack !== undefined) process.stderr.write(`${stack}\n`);
  if (!(error instanceof UserError) && !isDebug && !isShort)
    process.stderr.write("this was not expected; run it with --debug to see where\n");
  return code;
}

function errorLine(log: Log, message: string, more: Readonly<Record<string, unknown>>): string {
  const text = log.format === "text" ? inLocale(`numbers: ${printable(message)}`) : message;
  return log.line("error", text, more);
}
