/**
 * The one error that is meant for the person at the terminal, and the exit codes that scripts rely on.
 * Everything else that is thrown is a defect and exits with `unexpected`.
 */

export const exitCode = {
  done: 0,
  unexpected: 1,
  usage: 2,
  refusedInput: 3,
  shortage: 4,
  integrity: 5,
  busy: 6,
  undelivered: 7,
  policy: 8,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/**
 * A failure whose message is complete: what failed, the value found, the next thing to do.
 * `main` prints the message alone and exits with `exitCode`.
 */
export class UserError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "UserError";
    this.exitCode = exitCode;
  }
}

/** The numbers are elsewhere, or on their way: also since this process began, which may have reserved some of them (exit 2). */
export class Elsewhere extends UserError {
  constructor(message: string) {
    super(exitCode.usage, message);
    this.name = "Elsewhere";
  }
}

/** A commit failed: it may be kept or not, so whatever lies beside the database for its sake has to stay. */
export class Undecided extends Error {
  constructor(cause: unknown) {
    super(
      `the change could not be committed for certain: ${messageOf(cause)}; look whether it is there (numbers doctor, ` +
        "numbers audit show), and repeat it if it is not",
      { cause },
    );
    this.name = "Undecided";
  }
}

/** Wrong options, arguments or configuration (exit 2). */
export function usageError(message: string, cause?: unknown): UserError {
  return new UserError(exitCode.usage, message, { cause });
}

/** The message of anything that was thrown, for use inside another message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The message without what to do next, for one that has other advice to give. */
export function withoutAdvice(message: string): string {
  return message.replace(/; [^;]*$/, "");
}
