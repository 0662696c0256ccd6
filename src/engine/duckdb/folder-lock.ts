/**
 * The lock of a folder outside the home: that of an empty database file in it. Node has no file locks of its own, and
 * this one is let go by the kernel when its holder dies, whatever killed it.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { messageOf, usageError } from "../../errors.ts";
import { makeDatabase } from "./new-database.ts";
import { openSession, type Resources } from "./session.ts";

/**
 * Locks the file, which is made if it must be, until the function that it resolves to is called. Undefined when another
 * process has it. Shared, a file that cannot be opened at all is no lock: its medium cannot be written to either.
 */
export async function lockFile(
  path: string,
  mode: "alone" | "shared",
  resources: Resources,
): Promise<(() => void) | undefined> {
  try {
    if (!existsSync(path)) {
      await makeDatabase(path, `${path}-${randomBytes(4).toString("hex")}`, resources);
    }
    const session = await openSession(path, mode === "alone" ? "write" : "read", resources);
    return session.close;
  } catch (error) {
    if (/Could not set lock on file.*Conflicting lock/s.test(messageOf(error))) return undefined;
    if (mode === "shared") return () => undefined;
    throw usageError(`${path} cannot be locked: ${messageOf(error)}; name another folder`, error);
  }
}
