/** The limit of memory that the engine is given: what it is when a statement needs more. */
import { messageOf } from "./errors.ts";

/** A statement's words, and those of a checkpoint that could not be made. */
const outOfMemory = /Out of Memory Error|failed to pin block|could not allocate block/;

/** Whether something failed because the engine reached its limit. (For a full disk the engine has the same name.) */
export function isOutOfMemory(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    const words = messageOf(one);
    if (outOfMemory.test(words) && !/max_temp_directory_size/.test(words)) return true;
  }
  return false;
}

/** What failed and what to do, in one clause; the engine's own words are advice for who writes its settings. */
export function wordsOfMemory(limit: string | undefined): string {
  return (
    `the engine may use ${limit ?? "a part of the memory"} and needs more for this: give it more with --memory, ` +
    "or fewer threads to share it with --threads"
  );
}
