/** The key of the digests by which erased persons are recognised: in a file of its own, beside the database. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exitCode, UserError } from "./errors.ts";
import { failpoint } from "./failpoints.ts";
import { type Home, syncPath } from "./home.ts";

/** 32 random bytes in hexadecimal; made when it is not there. Call it under the lock: two of them would be one too many. */
export function makeErasureKey(home: Home): string {
  const path = pathOf(home);
  if (!existsSync(path)) {
    // Whole or not at all: half a key would be no key for ever.
    const fresh = join(home.temporary, "erasure.key");
    writeFileSync(fresh, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600 });
    failpoint("key.written");
    syncPath(fresh);
    failpoint("key.synced");
    renameSync(fresh, path);
    failpoint("key.renamed");
    syncPath(home.folder);
  }
  return readErasureKey(home);
}

/** Throws `integrity` when it is missing or no key: without it erased persons would be sold again. */
export function readErasureKey(home: Pick<Home, "folder">): string {
  const path = pathOf(home);
  const key = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  if (!/^[0-9a-f]{64}$/.test(key)) {
    throw new UserError(
      exitCode.integrity,
      `${path} is ${key === "" ? "missing" : "damaged"}: without it erased persons cannot be recognised; ` +
        "restore it from a backup",
    );
  }
  return key;
}

function pathOf(home: Pick<Home, "folder">): string {
  return join(home.folder, "erasure.key");
}
