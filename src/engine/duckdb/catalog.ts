/**
 * Opening `numbers.duckdb`: one writer or many readers at a time, held for milliseconds to a second. The lock is the
 * database file's own, so that the kernel lets go of it when its holder dies; here is the waiting, in words.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCode, messageOf, UserError, usageError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, makeFolder, ownerOf, syncPath } from "../../home.ts";
import { journalFolder } from "./journal-files.ts";
import { openSession, type Resources, type Session } from "./session.ts";

export type CatalogOptions = {
  readonly home: Home;
  readonly resources: Resources;
  readonly lockTimeoutMs: number;
  /** Told once, when the wait for the lock has become noticeable. */
  readonly onWait: (message: string) => void;
};

/** A try costs 3.5 ms of processor: eight who try every 5 to 25 ms take a core and a half from the one who works. */
const retryMs = { least: 20, most: 100 };
const noticeMs = 1_000;

/** The schema files in their order; the version of a home is the number of them that it has seen. */
const schemaFiles = readdirSync(new URL("../../../sql/duckdb/schema/", import.meta.url))
  .filter((name) => name.endsWith(".sql"))
  .sort();

/** Of a home that is up to date. */
export const schemaVersion = schemaFiles.length;

/**
 * Opens the catalog, runs `work` and closes it again whatever happens. Nothing but catalog statements may run inside:
 * everybody else waits meanwhile. A home that is new or of an older version is brought up to date first.
 * Throws `busy` after the lock timeout, naming the holder; a usage error for a home of a newer version.
 */
export async function withCatalog<T>(
  options: CatalogOptions,
  access: "read" | "write",
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const exists = existsSync(options.home.database);
  if (!exists) requireFresh(options.home);
  const session = await openLocked(options, exists ? access : "write");
  try {
    // Asked under the lock: somebody else may have made the home since it was looked for.
    const version = await versionOf(session);
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
    session.close();
  }
  await withCatalog(options, "write", async () => undefined);
  return withCatalog(options, access, work);
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
    `${database} is missing, though ${traces[0]} has files: it was lost. numbers doctor --rebuild makes it anew from the ` +
      "files beside it; or restore a backup",
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
  makeFolder(folder, home);
  await session.run("write_empty_pool_file", { path: join(folder, "none.parquet") });
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
  const started = performance.now();
  let noticed = false;
  for (;;) {
    try {
      const before = inodeOf(home.database);
      const session = await openSession(home.database, access, resources);
      // Renewed between opening and locking it (`renewal.ts`): what is open has no name any more.
      if (before === undefined || before === inodeOf(home.database)) return session;
      session.close();
      continue;
    } catch (error) {
      const message = messageOf(error);
      if (!message.includes("Could not set lock on file")) throw unopened(home, message, error);
      const waitedMs = performance.now() - started;
      const holder = describeHolder(home, message);
      if (waitedMs >= lockTimeoutMs) {
        throw new UserError(
          exitCode.busy,
          `the home is busy: ${holder} held its lock for ${Math.round(lockTimeoutMs / 1000)} s; ` +
            "try again later or wait longer with --lock-timeout",
          { cause: error },
        );
      }
      if (!noticed && waitedMs >= noticeMs) {
        onWait(`waiting for ${holder}`);
        noticed = true;
      }
    }
    const pause = retryMs.least + Math.random() * (retryMs.most - retryMs.least);
    await sleep(pause, undefined, { signal: resources.signal });
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

/** `process 4711 (numbers ingest, since 2026-11-20T02:00:00Z)`, as far as it is known. */
function describeHolder(home: Home, message: string): string {
  const pid = Number(/\(PID (\d+)\)/.exec(message)?.[1]);
  if (!pid) return "another process";
  const owner = ownerOf(home, pid);
  return owner ? `process ${pid} (${owner.command}, since ${owner.since})` : `process ${pid}`;
}

function unopened(home: Home, message: string, cause: unknown): Error {
  if (/permission denied|read-only file system/i.test(message)) {
    return usageError(
      `${home.database} cannot be opened for writing: ${message}; mend its permissions or use another --home`,
      cause,
    );
  }
  if (/not a valid DuckDB database|Corrupt|WAL|checksum|Serialization|Storage/i.test(message)) {
    return new UserError(
      exitCode.integrity,
      `${home.database} is damaged: ${message}; keep it, restore a backup beside it and compare`,
      { cause },
    );
  }
  return new Error(`${home.database} cannot be opened: ${message}`, { cause });
}
