/** Talking to people, on stderr: colour, progress, warnings. The only place that imports chalk and cli-progress. */
import { Chalk, supportsColorStderr } from "chalk";
import type { SingleBar } from "cli-progress";
import type { Level, Log } from "./log.ts";
import { type Amount, beginPace, lineOf, type Pace, type Progress, seenAt } from "./progress.ts";
import { isPlain, plain, printable } from "./text.ts";

export type Terminal = {
  /** A line of talk; silent with --quiet. `headline` is the part of it that somebody looks for. */
  say(line: string, headline?: string): void;
  /** What could be done next; silent with --quiet. */
  hint(line: string): void;
  /** A warning: shown even with --quiet. */
  warn(line: string): void;
  /** What the command is at, shown after a second: a bar on a terminal, with --verbose lines elsewhere. */
  readonly progress: Progress;
};

export type Manner = { readonly isQuiet: boolean; readonly isVerbose: boolean };

/** Work that is done within this time is not worth a bar. */
const barAfterMs = 1_000;
const redrawsPerSecond = 10;
const verboseEveryMs = 5_000;

export function createTerminal(
  stderr: NodeJS.WriteStream,
  { isQuiet, isVerbose }: Manner,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Terminal {
  const isAscii = isPlain(environment);
  const isForPeople = log.format === "text";
  const chalk = new Chalk({ level: isForPeople && isColoured(environment) ? 1 : 0 });
  const progress = createProgress(stderr, { isQuiet, isVerbose }, environment, log);
  const print = (level: Level, line: string, paint: (text: string) => string) => {
    const text = isForPeople ? paint(plain(printable(line), isAscii)) : line;
    progress.aside(() => stderr.write(log.line(level, text)));
  };
  return {
    say: (line, headline) => {
      if (isQuiet) return;
      const strong = headline && plain(printable(headline), isAscii);
      print("info", line, (text) =>
        strong ? text.replace(strong, () => chalk.bold(strong)) : text,
      );
    },
    hint: (line) => {
      if (!isQuiet) print("hint", line, chalk.dim);
    },
    warn: (line) => print("warning", line, chalk.red),
    progress,
  };
}

/** On a terminal, or where FORCE_COLOR wants it; NO_COLOR has the last word. */
function isColoured({ NO_COLOR }: NodeJS.ProcessEnv): boolean {
  return !NO_COLOR && supportsColorStderr !== false;
}

type Drawn = Progress & {
  /** Writes lines while the bar is off the screen. */
  aside(write: () => void): void;
};

/**
 * One line at the bottom. The cursor is never hidden and no mode of the terminal changed, so that whoever is killed
 * leaves nothing to be mended.
 */
function createProgress(
  stderr: NodeJS.WriteStream,
  { isQuiet, isVerbose }: Manner,
  environment: NodeJS.ProcessEnv,
  log: Log,
): Drawn {
  const canDraw = stderr.isTTY === true && environment.TERM !== "dumb" && log.format === "text";
  const isWatched = !isQuiet && (canDraw || isVerbose);
  const marks = isPlain(environment)
    ? { full: "#", empty: "-", more: "..." }
    : { full: "█", empty: "░", more: "…" };
  let pace: Pace | undefined;
  let done: Amount = {};
  let look: (() => Amount) | undefined;
  let bar: SingleBar | undefined;
  let timer: NodeJS.Timeout | undefined;

  const line = (width: number, barMarks: typeof marks | undefined) => {
    const nowMs = performance.now();
    if (pace === undefined) return "";
    if (look) done = look();
    pace = seenAt(pace, done, nowMs);
    return printable(lineOf(pace, nowMs, width, barMarks));
  };
  const draw = async () => {
    const { SingleBar } = await import("cli-progress");
    // Over by now, or begun anew.
    if (timer === undefined || bar !== undefined) return;
    bar = new SingleBar({
      stream: stderr,
      fps: redrawsPerSecond,
      clearOnComplete: true,
      hideCursor: false,
      // What the library calls it when it leaves the terminal's own mode alone.
      linewrap: true,
      forceRedraw: true,
      // The last column stays free: a letter in it would break the line on some terminals.
      format: () => line((stderr.columns ?? 80) - 1, marks),
    });
    bar.start(0, 0);
  };
  const tell = () => {
    const text = plain(line(Number.POSITIVE_INFINITY, undefined), isPlain(environment));
    stderr.write(log.line("progress", text, { done }));
    timer = setTimeout(tell, verboseEveryMs).unref();
  };

  return {
    isWatched,
    begin: (phase, total = {}) => {
      if (!isWatched) return;
      const nowMs = performance.now();
      pace = beginPace(phase, total, nowMs);
      done = {};
      look = undefined;
      if (timer !== undefined) return;
      timer = setTimeout(canDraw ? () => void draw() : tell, barAfterMs).unref();
    },
    at: (some) => {
      done = some;
    },
    watch: (asked) => {
      look = asked;
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
      bar?.stop();
      bar = undefined;
      pace = undefined;
      look = undefined;
    },
    aside: (write) => {
      bar?.stop();
      write();
      bar?.start(0, 0);
    },
  };
}
