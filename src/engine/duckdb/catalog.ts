/**
 * Opening `numbers.duckdb`: one writer or many readers at a time, held for milliseconds to a second. The lock is the
 * database file's own, so that the kernel lets go of it when its holder dies; here is the waiting, in words.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCode, messageOf, UserError, usageError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, makeFolder, type Owner, ownerOf, syncPath } from "../../home.ts";
import { inertProfile } from "../../profile.ts";
import { packaged } from "../../root.ts";
import { createTurn } from "../../turns.ts";
import { namingDamage } from "./damage.ts";
import { journalFolder } from "./journal-files.ts";
import { makeDatabase } from "./new-database.ts";
import { openSession, type Resources, type Session } from "./session.ts";

export type CatalogOptions = {
  readonly home: Home;
  readonly resources: Resources;
  readonly lockTimeoutMs: number;
  /** Told once, when the wait for the lock has become noticeable. */
  readonly onWait: (message: string) => void;
};

/**
 * Only the one whose turn it is tries: a try costs 3.5 ms of processor. It begins often, so that the lock is not idle in
 * a crowd, and waits longer the longer somebody works. Those behind it look at the queue the rarer the further back.
 */
const retryMs = { least: 10, most: 100 };
const noticeMs = 1_000;

/** The schema files in their order; the version of a home is the number of them that it has seen. */
const schemaFiles = readdirSync(packaged("sql/duckdb/schema"))
  .filter((name) => name.endsWith(".sql"))
  .sort();

/** Of a home that is up to date. */
export const schemaVersion = schemaFiles.length;

/**
 * Opens the catalog, runs `work` and closes it again whatever happens. Nothing but catalog statements may run inside:
 * everybody else waits meanwhile. A home that is new or of an older version is brought up to date first.
 * Throws `busy` after the lock timeout, naming the holder; a usage error for a home of a newer version.
 */
export function withCatalog<T>(
  options: CatalogOptions,
  access: "read" | "write",
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return namingDamage(options.home, () => inCatalog(options, access, work));
}

async function inCatalog<T>(
  options: CatalogOptions,
  access: "read" | "write",
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const exists = existsSync(options.home.database);
  if (!exists) {
    requireFresh(options.home);
    await makeDatabase(
      options.home.database,
      join(options.home.temporary, "new.duckdb"),
      options.resources,
    );
  }
  const { profile = inertProfile } = options.resources;
  const session = await profile.phase("wait for the lock", () =>
    openLocked(options, exists ? access : "write"),
  );
  try {
    // Asked under the lock: somebody else may have made the home since it was looked for.
    const version = await profile.phase("check the database", () => versionOf(session));
    if (version > schemaVersion) {
      throw usageError(
        `the home ${options.home.folder} has version ${version}, this program knows ${schemaVersion}: ` +
          "it was written by a newer numbers; upgrade this one",
      );
    }
    const isOld = version < schemaVersion;
    if (!isOld || access === "write" || !exists) {
      if (isOld) await migrate(session, version, options.home.folder);
      await session.run("spill_to", { folder: options.resources.temporary });
      return await work(session);
    }
  } finally {
    await profile.phase("close the database", async () => {
      session.close();
      // Closed, the log is in the file; where there was no room for that, the log is what holds the commit, and its name
      // must be as safe as its bytes are.
      if (access === "write" && existsSync(`${options.home.database}.wal`)) {
        syncPath(options.home.folder);
      }
    });
  }
  await inCatalog(options, "write", async () => undefined);
  return inCatalog(options, access, work);
}

/** A database that is missing from a home with files of its own was lost: an empty one in its place would sell all again. */
function requireFresh({ folder, database, pool, ledger }: Home): void {
  const traces = [journalFolder(folder), pool, ledger].filter(
    (path) => existsSync(path) && readdirSync(path).length > 0,
  );
  // Asked once more: somebody else may have made it, and its first files, since.
  if (traces.length === 0 || existsSync(database)) return;
  throw new UserError(
    exitCode.integrity,
    `${database} is missing, though ${traces[0]} has files: it was lost. ` +
      "numbers doctor --rebuild makes it anew from the files beside it; or restore a backup",
  );
}

async function versionOf(session: Session): Promise<number> {
  const [found] = await session.rows("find_meta");
  if (!found) return 0; // created, but killed before its first transaction
  const [row] = await session.rows("read_version");
  return Number(row?.version ?? 0);
}

/** The view over the pool needs one file that it can always read. */
export async function writeViewFile(session: Session, home: string): Promise<void> {
  const folder = join(home, "views", "raw_numbers", "empty");
  makeFolder(folder, join(home, "views"));
  const empty = join(folder, "none.parquet");
  await session.run("write_empty_pool_file", { path: empty });
  for (const path of [empty, folder]) syncPath(path);
}

/** Brings the catalog of the home in `folder` from one version to another, by default to the newest. */
export async function migrate(
  session: Session,
  from: number,
  home: string,
  to: number = schemaVersion,
): Promise<void> {
  await failpoint("catalog.created");
  await writeViewFile(session, home);
  await failpoint("catalog.view-file-written");
  await session.transaction(async () => {
    for (const name of schemaFiles.slice(from, to)) {
      await session.run(`schema/${name.replace(/\.sql$/, "")}`);
    }
    await session.run("write_version", { version: to });
  });
  await failpoint("catalog.migrated");
  // So that no crash replays the creation of tables from the write-ahead log.
  await session.run("checkpoint");
  await failpoint("catalog.checkpointed");
  syncPath(home);
}

async function openLocked(options: CatalogOptions, access: "read" | "write"): Promise<Session> {
  const { home, resources, lockTimeoutMs, onWait } = options;
  const turn = createTurn(home);
  const started = performance.now();
  let firstAt: number | undefined;
  let noticed = false;
  try {
    for (;;) {
      const waitedMs = performance.now() - started;
      const { before, first } = turn.look();
      let holder = first && describe(first);
      // Who must give up tries once more, turn or not: the failure tells who holds it.
      if (before === 0 || waitedMs >= lockTimeoutMs) {
        const opened = await tryLock(home, access, resources);
        if ("session" in opened) return opened.session;
        holder = opened.holder;
      }
      if (waitedMs >= lockTimeoutMs) throw busy(holder, before, lockTimeoutMs);
      if (!noticed && waitedMs >= noticeMs) {
        onWait(
          before === 0 ? `waiting for ${holder}` : `waiting behind ${before}, first ${holder}`,
        );
        noticed = true;
      }
      turn.join();
      const now = performance.now();
      firstAt = before === 0 ? (firstAt ?? now) : undefined;
      const patience = firstAt === undefined ? before * retryMs.least : (now - firstAt) / 10;
      const pause = Math.min(retryMs.least + patience, retryMs.most);
      await sleep(pause, undefined, { signal: resources.signal });
    }
  } finally {
    turn.leave();
  }
}

/** The open database, or who holds it. */
async function tryLock(
  home: Home,
  access: "read" | "write",
  resources: Resources,
): Promise<{ session: Session } | { holder: string }> {
  for (;;) {
    try {
      const before = inodeOf(home.database);
      const session = await openSession(home.database, access, resources);
      // Renewed between opening and locking it (`renewal.ts`): what is open has no name any more.
      if (before === undefined || before === inodeOf(home.database)) return { session };
      session.close();
    } catch (error) {
      const message = messageOf(error);
      if (!message.includes("Could not set lock on file")) throw unopened(home, message, error);
      return { holder: describeHolder(home, message) };
    }
  }
}

function busy(holder: string | undefined, before: number, lockTimeoutMs: number): UserError {
  const others = before === 0 ? "" : ` and ${before} that came before`;
  return new UserError(
    exitCode.busy,
    `the home is busy: waited ${Math.round(lockTimeoutMs / 1000)} s for ${holder}${others}; ` +
      "try again later or wait longer with --lock-timeout",
  );
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** Who holds the lock, as far as the engine's message and the home know. */
function describeHolder(home: Home, message: string): string {
  const pid = Number(/\(PID (\d+)\)/.exec(message)?.[1]);
  if (!pid) return "another process";
  const owner = ownerOf(home, pid);
  return owner ? describe(owner) : `process ${pid}`;
}

/** `process 4711 (numbers ingest, since 2026-11-20T02:00:00.000Z)`: since when it runs, not since when it has the lock. */
function describe({ pid, command, since }: Owner): string {
  return `process ${pid} (${command}, since ${since})`;
}

function unopened(home: Home, message: string, cause: unknown): Error {
  if (/permission denied|read-only file system/i.test(message)) {
    return usageError(
      `${home.database} cannot be opened for writing: ${message}; mend its permissions or use another --home`,
      cause,
    );
  }
  return new Error(`${home.database} cannot be opened: ${message}`, { cause });
}
