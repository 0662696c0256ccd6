/** Talking to people, on stderr: colour, tables, sizes, progress. The only place that imports chalk and cli-progress. */
import { Chalk, supportsColorStderr } from "chalk";
import type { SingleBar } from "cli-progress";

export type Terminal = {
  /** A line of talk; silent with --quiet. */
  say(line: string): void;
  /** A warning: shown even with --quiet. */
  warn(line: string): void;
  readonly paint: {
    strong(text: string): string;
    faint(text: string): string;
    alarm(text: string): string;
  };
  /** A bar over `total` bytes on a terminal, nothing elsewhere. It leaves no trace. */
  progress(title: string, total: number): { at(done: number): void; stop(): void };
};

const barAfterMs = 1_000;

export function createTerminal(stderr: NodeJS.WriteStream, isQuiet: boolean): Terminal {
  const isTerminal = stderr.isTTY === true && process.env.TERM !== "dumb";
  const isColoured = isTerminal && !process.env.NO_COLOR && supportsColorStderr;
  const chalk = new Chalk({ level: isColoured ? 1 : 0 });
  return {
    say: (line) => {
      if (!isQuiet) stderr.write(`${printable(line)}\n`);
    },
    warn: (line) => void stderr.write(`${printable(line)}\n`),
    paint: { strong: chalk.bold, faint: chalk.dim, alarm: chalk.red },
    progress: (title, total) => {
      if (!isTerminal || isQuiet || total <= 0) return { at: () => {}, stop: () => {} };
      const started = performance.now();
      let bar: SingleBar | undefined;
      let library: typeof import("cli-progress") | undefined;
      void import("cli-progress").then((loaded) => {
        library = loaded;
      });
      return {
        at: (done) => {
          if (!library || (!bar && performance.now() - started < barAfterMs)) return;
          if (!bar) {
            bar = new library.SingleBar(
              {
                stream: stderr,
                clearOnComplete: true,
                hideCursor: true,
                format: `{title} {bar} {percentage}% | {size} of {whole} | {eta_formatted} left`,
              },
              library.Presets.shades_classic,
            );
            bar.start(total, done, {
              title: printable(title),
              size: size(done),
              whole: size(total),
            });
          }
          bar.update(Math.min(done, total), {
            size: size(done),
            whole: size(total),
          });
        },
        stop: () => bar?.stop(),
      };
    },
  };
}

/**
 * Names of files, columns and categories come from strangers: what would steer a terminal, break the line or turn its
 * direction around is shown as \x1b or \u202e.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, (letter) => {
    const code = letter.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
  });
}

/** `1,234,567` */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1 number`, `2 numbers`, `2 entries` */
export function counted(value: number, noun: string, nouns = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : nouns}`;
}

/** Bytes in decimal units, as disks and networks are sold: `1.96 GB`. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/** `1.2 s` */
export function seconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}

/** Columns aligned by spaces: text to the left, everything that begins with a digit to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map(printable));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...shown.map((row) => row[column]?.length ?? 0)),
  );
  const isNumeric = head.map((_, column) =>
    shown.every((row) => /^[\d-]/.test(row[column] ?? "-")),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isNumeric[column] ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd();
  return [head, ...shown].map(line).join("\n");
}
