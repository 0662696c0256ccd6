/** What is said of a workbook that is not read; nothing of such a file enters the pool. */
import { exitCode, messageOf, UserError } from "../../errors.ts";

/** A workbook that cannot be read, or shall not be. */
export function refused(message: string, cause?: unknown): UserError {
  return new UserError(exitCode.refusedInput, message, { cause });
}

/** Something in the file is not as it was written. */
export function damaged(cause: unknown): UserError {
  return refused(
    `its workbook is cut short or damaged (${messageOf(cause)}); ` +
      "save it again and ingest that; nothing of it was kept",
    cause,
  );
}

/** More than the stated size. `what` is a noun phrase with its verb: `the file has`. */
export function tooLarge(what: string, bytes: number): UserError {
  return refused(
    `${what} more than ${sizeInWords(bytes)}, the most that is read of a workbook; ` +
      "split the sheet or save it as .csv; nothing of it was kept",
  );
}

export function sizeInWords(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${Number((bytes / 1024 ** step).toFixed(1))} ${units[step]}`;
}
