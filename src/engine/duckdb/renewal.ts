/**
 * Writing the database anew. A deleted row stays in the file until its place is needed: in statistics, in free blocks, in
 * blocks that others share. Only a copy of what is left is without it.
 */
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { failpoint } from "../../failpoints.ts";
import { syncPath } from "../../home.ts";
import type { Access } from "./access.ts";
import { text } from "./statements.ts";

const triesMost = 20;
/** Who opened the old file just before it lost its name fails to lock it for so long, and opens the new one. */
const graceMs = 100;

/**
 * Puts a copy of the database in its place, under the lock: everybody waits, 3.7 s for 20 million sales on two cores. A
 * rename is all or nothing, and whoever opens the database looks whether what it got is still the file of that name
 * (`catalog.ts`). The session that copies writes nothing to the old file: so it has no write-ahead log, and at its end
 * cannot take away one that somebody has begun for the new file.
 */
export async function renewCatalog({ home, write }: Access): Promise<void> {
  const fresh = join(home.temporary, "renewed.duckdb");
  for (let tries = 0; tries < triesMost; tries += 1) {
    // Closing it moves the log that a crash may have left into the file.
    await write((session) => session.run("checkpoint"));
    await failpoint("renewal.checkpointed");
    const isDone = await write(async (session) => {
      if (existsSync(`${home.database}.wal`)) return false;
      rmSync(fresh, { force: true });
      await session.run("attach_renewed", {}, { path: text(fresh) });
      await session.run("copy_catalog");
      await session.run("detach_renewed");
      if (existsSync(`${fresh}.wal`)) throw new Error(`${fresh} was not written out`);
      await failpoint("renewal.copied");
      syncPath(fresh);
      await failpoint("renewal.synced");
      renameSync(fresh, home.database);
      await failpoint("renewal.renamed");
      syncPath(home.folder);
      await failpoint("renewal.folder-synced");
      await sleep(graceMs);
      return true;
    });
    if (isDone) return;
  }
  throw new Error(`${home.database} kept its write-ahead log ${triesMost} times`);
}
