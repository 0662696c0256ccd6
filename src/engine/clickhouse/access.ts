/** How the verbs of this engine come to the database: readers at any time, one writer at a time. */
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCode, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import { inertProfile } from "../../profile.ts";
import type { Access as SharedAccess } from "../access.ts";
import { createLog } from "../catalog/audit.ts";
import {
  type Session as FileSession,
  openSession as openFileSession,
  type Resources,
} from "../duckdb/session.ts";
import { type Address, wordsOf } from "./address.ts";
import { type Changes, createChanges, isPending } from "./changes.ts";
import type { ConnectionOptions, Tls } from "./connection.ts";
import { requireErasureKey } from "./erasure-key.ts";
import type { Hold } from "./keeper.ts";
import { hasKeeper } from "./keeper-store.ts";
import { acquire } from "./lock.ts";
import {
  claim,
  isOwnedBy,
  readMarks,
  requireReadable,
  requireWritable,
  unmarked,
} from "./owner.ts";
import { migrate, requireServer, schemaVersion, versionOf } from "./schema.ts";
import { openSession, type Session } from "./session.ts";
import { holdKeeper } from "./writer.ts";

export type AccessOptions = {
  readonly home: Home;
  readonly address: Address;
  readonly tls: Tls;
  /** The cluster that the server is of, if its tables are to lie in all of it. */
  readonly cluster?: string | undefined;
  /** Of this machine, for the work on files. */
  readonly resources: Resources;
  /** What the user allows ClickHouse, if anything was said. */
  readonly threads: number | undefined;
  /** Who acts: the user of the operating system, for the audit log. */
  readonly actor: string;
  /** Whose calendar days and months count. */
  readonly timeZone: string;
  readonly lockTimeoutMs: number;
  readonly onWait: (message: string) => void;
  readonly warn: (message: string) => void;
  /** Locks a file until the function is called or the process ends; undefined when it is locked. */
  readonly lockFile: (path: string) => Promise<(() => void) | undefined>;
  /** It moves the numbers: it looks itself whose they are and where. */
  readonly isMover?: boolean;
};

export type Access = SharedAccess<Session> & {
  readonly home: Home;
  readonly signal: AbortSignal | undefined;
  /** A DuckDB session in memory: files are read and written by it, whichever engine keeps the numbers. */
  aside<T>(work: (session: FileSession) => Promise<T>): Promise<T>;
};

const lookAgainMs = 100;

export function createAccess(options: AccessOptions): Access {
  const { home, address, resources } = options;
  const { profile = inertProfile, signal } = resources;
  // In a folder only one process can open the database: whoever reads it needs the lock too.
  const file =
    address.kind === "folder" ? `${address.path}.lock` : join(home.folder, "clickhouse.lock");
  const waitForLock = <T>(work: () => Promise<T>) => profile.phase("wait for the lock", work);
  /** `work` gets how much of the lock timeout is left. */
  const locked = async <T>(work: (leftMs: number) => Promise<T>): Promise<T> => {
    const started = performance.now();
    const tryLock = () => options.lockFile(file);
    const release = await waitForLock(() => acquire(tryLock, { ...options, signal }));
    try {
      return await work(Math.max(0, options.lockTimeoutMs - (performance.now() - started)));
    } finally {
      await release();
    }
  };
  const opened = async <T>(
    work: (session: Session, changes: Changes) => Promise<T>,
    guard: (() => void) | undefined,
  ) => {
    const changes = createChanges(`${hostname()} ${process.pid}`);
    const session = await openSession({ ...connectionOptions(options), guard }, changes.make);
    try {
      return await work(session, changes);
    } finally {
      await session.close();
    }
  };
  let isChecked = false;
  const where = wordsOf(address);
  const { isMover = false } = options;
  /** The lock is in the server's Keeper: any home that uses the database may write to it. */
  let isShared: boolean | undefined;
  const sharesWriters = async (session: Session) => {
    isShared ??= address.kind === "server" && (await hasKeeper(session));
    return isShared;
  };

  /** Throws when this home may not do that there; resolves to whose the database is. */
  const marksFor = async (session: Session, how: "read" | "write", version: number) => {
    const marks = version === 0 ? unmarked : await readMarks(session);
    if (isMover) return marks;
    if (how === "read") requireReadable(home, marks, where);
    else requireWritable(home, marks, where, await sharesWriters(session));
    return marks;
  };
  /** Under the lock: the tables are there, this home may do that to them, and what others left is made. */
  const prepare = async (session: Session, changes: Changes, how: "read" | "write") => {
    const version = isChecked ? schemaVersion : await versionOf(session);
    await marksFor(session, how, version);
    if (version < schemaVersion) await migrate(session, version);
    await changes.settle(session);
    if (!isChecked && !isMover) await requireErasureKey(session, home);
    isChecked = true;
    // Once more: what was settled may be a move, and since this process began its numbers may have gone.
    const marks = await marksFor(session, how, schemaVersion);
    if (how === "write" && !isMover) await claim(session, home, marks, where);
  };
  const alone = <T>(how: "read" | "write", work: (session: Session) => Promise<T>): Promise<T> =>
    locked((leftMs) => {
      let hold: Hold | undefined;
      return opened(
        async (session, changes) => {
          const connection = connectionOptions(options);
          if (!isChecked) await requireServer(session);
          if (await sharesWriters(session)) {
            hold = await waitForLock(() =>
              holdKeeper({ ...options, signal, lockTimeoutMs: leftMs, connection, file }),
            );
          }
          try {
            await profile.phase("check the database", () => prepare(session, changes, how));
            const phase = how === "write" ? "change the catalog" : "read the catalog";
            return await profile.phase(phase, () => changes.follow(() => work(session)));
          } finally {
            await hold?.release();
          }
        },
        () => hold?.requireHeld(),
      );
    });

  return {
    home,
    log: createLog(options.actor, () => undefined),
    timeZone: options.timeZone,
    signal,
    aside: async (work) => {
      const session = await openFileSession(":memory:", "write", resources);
      try {
        return await profile.phase("work on files", () => work(session));
      } finally {
        session.close();
      }
    },
    write: (work) => alone("write", work),
    read: async (work) => {
      // The lock lies beside the folder: whoever has it may settle what others left.
      if (address.kind === "folder") return alone("read", work);
      const started = performance.now();
      for (;;) {
        let isOwner = true;
        const found = await opened(async (session) => {
          const isReady = await profile.phase("check the database", async () => {
            if (!isChecked) {
              await requireServer(session);
              const version = await versionOf(session);
              const marks = await marksFor(session, "read", version);
              isOwner = isMover || isOwnedBy(home, marks, await sharesWriters(session));
              if (version < schemaVersion) return false;
              if (!isMover) await requireErasureKey(session, home);
            }
            isChecked = isOwner;
            return !(await isPending(session));
          });
          if (!isReady) return undefined;
          return { result: await profile.phase("read the catalog", () => work(session)) };
        }, undefined);
        if (found) return found.result;
        // Somebody changes the database just now and has to be waited for, or died and left something to do.
        if (isOwner) return alone("read", work);
        if (performance.now() - started >= options.lockTimeoutMs) throw unsettled(where);
        await sleep(lookAgainMs, undefined, signal ? { signal } : {});
      }
    },
  };
}

/** Only the home that a database belongs to holds the lock under which that is settled. */
function unsettled(where: string): UserError {
  return new UserError(
    exitCode.busy,
    `the database at ${where} is being changed, or was left in the middle of a change: any command in the home that it ` +
      "belongs to ends it; try again then",
  );
}

function connectionOptions(options: AccessOptions): ConnectionOptions {
  const { address, tls, cluster, threads, resources, lockTimeoutMs, onWait } = options;
  const { signal, profile } = resources;
  return { address, tls, cluster, threads, signal, profile, onWait, patienceMs: lockTimeoutMs };
}
