/** Verbs that this engine does not have, each with what to do instead. */
import { usageError } from "../../errors.ts";

/** A verb that refuses with a message: what does not work, and the way that does. */
export function refused(message: string): () => Promise<never> {
  return () => Promise.reject(usageError(message));
}
