/** How the verbs of this engine come to the database: readers at any time, one writer at a time. */
import { hostname } from "node:os";
import { join } from "node:path";
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
import type { Tls } from "./connection.ts";
import { acquire, type TryLock } from "./lock.ts";
import {
  claim,
  type Marks,
  readMarks,
  requireReadable,
  requireWritable,
  unmarked,
} from "./owner.ts";
import { migrate, requireServer, schemaVersion, versionOf } from "./schema.ts";
import { openSession, type Session } from "./session.ts";

export type AccessOptions = {
  readonly home: Home;
  readonly address: Address;
  readonly tls: Tls;
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
  /** The lock holds for several homes: any of them may write. */
  readonly sharesWriters?: () => boolean;
  /** It moves the numbers: it looks itself whose they are and where. */
  readonly isMover?: boolean;
};

export type Access = SharedAccess<Session> & {
  readonly home: Home;
  readonly signal: AbortSignal | undefined;
  /** A DuckDB session in memory: files are read and written by it, whichever engine keeps the numbers. */
  aside<T>(work: (session: FileSession) => Promise<T>): Promise<T>;
};

export function createAccess(options: AccessOptions): Access {
  const { home, address, resources } = options;
  const { profile = inertProfile, signal } = resources;
  const lock: TryLock = () =>
    // In a folder only one process can open the database: whoever reads it needs the lock too.
    options.lockFile(
      address.kind === "folder" ? `${address.path}.lock` : join(home.folder, "clickhouse.lock"),
    );
  const locked = <T>(work: () => Promise<T>): Promise<T> =>
    profile
      .phase("wait for the lock", () => acquire(lock, { ...options, signal }))
      .then(async (release) => {
        try {
          return await work();
        } finally {
          await release();
        }
      });
  const opened = async <T>(work: (session: Session, changes: Changes) => Promise<T>) => {
    const changes = createChanges(`${hostname()} ${process.pid}`);
    const session = await openSession(connectionOptions(options), changes.make);
    try {
      return await work(session, changes);
    } finally {
      await session.close();
    }
  };
  let isChecked = false;
  const where = wordsOf(address);
  const { isMover = false, sharesWriters = () => false } = options;

  const write = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    locked(() =>
      opened(async (session, changes) => {
        await profile.phase("check the database", async () => {
          if (!isChecked) await requireServer(session);
          const version = isChecked ? schemaVersion : await versionOf(session);
          // Each time: its numbers may have been moved away since this process began.
          const marks = version === 0 ? unmarked : await readMarks(session);
          if (!isMover) requireWritable(home, marks, where, sharesWriters());
          if (version < schemaVersion) await migrate(session, version);
          isChecked = true;
          await changes.settle(session);
          if (!isMover) await claim(session, home, marks, where);
        });
        return profile.phase("change the catalog", () => work(session));
      }),
    );

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
    write,
    read: async (work) => {
      if (address.kind === "folder") return write(work);
      const found = await opened(async (session) => {
        const isReady = await profile.phase("check the database", async () => {
          if (!isChecked) {
            await requireServer(session);
            const version = await versionOf(session);
            const marks: Marks = version === 0 ? unmarked : await readMarks(session);
            if (!isMover) requireReadable(home, marks, where);
            if (version < schemaVersion) return false;
            isChecked = true;
          }
          return !(await isPending(session));
        });
        if (!isReady) return undefined;
        return { result: await profile.phase("read the catalog", () => work(session)) };
      });
      // Somebody changes the database just now and has to be waited for, or died and left something to do.
      return found ? found.result : write(work);
    },
  };
}

function connectionOptions(options: AccessOptions) {
  const { address, tls, threads, resources, lockTimeoutMs, onWait } = options;
  const { signal, profile } = resources;
  return { address, tls, threads, signal, profile, onWait, patienceMs: lockTimeoutMs };
}
