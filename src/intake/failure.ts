/** Which failures are a source's own, and so end its import alone. */
import { exitCode, UserError } from "../errors.ts";

/** What is wrong with the file, in words; undefined for anything else that was thrown. */
export function failureOf(error: unknown): string | undefined {
  if (error instanceof UserError) {
    return error.exitCode === exitCode.refusedInput ? error.message : undefined;
  }
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if (!["open", "stat", "read"].includes(syscall ?? "")) return undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder that may not be read; mend its permissions";
  if (code === "EACCES" || code === "EPERM") return "it may not be read; mend its permissions";
  return `it cannot be read: ${message.replace(/,.*$/, "")}`;
}
