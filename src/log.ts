/** The talk on stderr: lines for people, or for machines a JSON document on each. Pure. */

export const logFormats = ["text", "json"] as const;
export type LogFormat = (typeof logFormats)[number];

/** `progress` is said with --verbose alone, `hint` is what could be done next. */
export type Level = "progress" | "hint" | "info" | "warning" | "error";

/** What one run says of each of its lines. */
export type Log = {
  readonly format: LogFormat;
  /** The line with its end. `more`: what else is known of it, for machines only. */
  line(level: Level, message: string, more?: Readonly<Record<string, unknown>>): string;
};

/**
 * `clock` is that of the machine, not the one that windows are measured by: it says when something was said. Instants are
 * UTC, as RFC 3339 has them.
 */
export function createLog(
  format: LogFormat,
  command: string | undefined,
  clock: () => Date,
  pid: number,
): Log {
  return {
    format,
    line: (level, message, more = {}) => {
      if (format === "text") return `${message}\n`;
      const at = clock().toISOString();
      return `${JSON.stringify({ at, level, pid, command, message, ...more })}\n`;
    },
  };
}

/**
 * The format as the command line or the environment has it, before either is understood: what is wrong with them is said
 * in it too. Anything that is not known is text until the settings refuse it.
 */
export function earlyFormat(argv: readonly string[], environment: NodeJS.ProcessEnv): LogFormat {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const last = words.findLastIndex((word) => /^--log-format(=|$)/.test(word));
  const told = last < 0 ? environment.NUMBERS_LOG_FORMAT : words[last]?.split("=")[1];
  return (told ?? words[last + 1]) === "json" ? "json" : "text";
}
