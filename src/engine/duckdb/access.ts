/** How the verbs of this engine come to the catalog, to a session of their own, and to the audit log. */
import { messageOf } from "../../errors.ts";
import type { Home } from "../../home.ts";
import { inertProfile } from "../../profile.ts";
import type { Access as SharedAccess } from "../access.ts";
import { createLog } from "../catalog/audit.ts";
import { requireEmbedded } from "../place.ts";
import { type CatalogOptions, schemaVersion, withCatalog } from "./catalog.ts";
import { namingDamage } from "./damage.ts";
import { keepJournal, noteChange, requireJournal } from "./journal.ts";
import { openSession, type Session } from "./session.ts";

export type AccessOptions = CatalogOptions & {
  /** Who acts: the user of the operating system, for the audit log. */
  readonly actor: string;
  /** Whose calendar days and months count. */
  readonly timeZone: string;
  /** Told what went wrong beside the work that was asked for. */
  readonly warn: (message: string) => void;
  /** It moves the numbers: it looks itself where they are. */
  readonly isMover?: boolean;
};

export type Access = SharedAccess<Session> & {
  readonly home: Home;
  readonly signal: AbortSignal | undefined;
  /** `read` for those who look for what is wrong: also a catalog that has lost changes. */
  examine<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** `write`, and the journal is left as it is. */
  hold<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** A session that holds no lock, for the long work on files: in memory, or on a file of this process's own. */
  aside<T>(work: (session: Session) => Promise<T>, path?: string): Promise<T>;
};

export function createAccess(options: AccessOptions): Access {
  const { home, resources, warn, isMover = false } = options;
  const { profile = inertProfile } = resources;
  const open = async <T>(
    how: "read" | "write",
    work: (session: Session) => Promise<T>,
  ): Promise<T> => {
    const requireHere = () => (isMover ? undefined : requireEmbedded(home, how));
    // First: a home whose numbers are elsewhere would be given a database without any.
    requireHere();
    return withCatalog(options, how, async (session) => {
      requireHere();
      return work(session);
    });
  };
  const check = (session: Session) =>
    profile.phase("check the database", () => requireJournal(session, home));
  const read = <T>(work: () => Promise<T>) => profile.phase("read the catalog", work);
  const change = <T>(work: () => Promise<T>) => profile.phase("change the catalog", work);
  return {
    home,
    log: createLog(options.actor, noteChange),
    timeZone: options.timeZone,
    signal: resources.signal,
    read: (work) =>
      open("read", async (session) => {
        await check(session);
        return read(() => work(session));
      }),
    write: (work) =>
      open("write", async (session) => {
        await check(session);
        const result = await change(() => work(session));
        try {
          await profile.phase("write the journal", () => keepJournal(session, home, schemaVersion));
        } catch (error) {
          // What was asked for is done. Interrupted, the next change brings the journal up to date without more words.
          if (!resources.signal?.aborted) warn(unkept(error));
        }
        return result;
      }),
    examine: (work) => open("read", (session) => read(() => work(session))),
    hold: (work) => open("write", (session) => change(() => work(session))),
    aside: async (work, path = ":memory:") => {
      const session = await openSession(path, "write", resources);
      try {
        return await profile.phase("work on files", () =>
          namingDamage(options.home, () => work(session)),
        );
      } finally {
        session.close();
      }
    },
  };
}

function unkept(error: unknown): string {
  return (
    `this change is in the database and not in the journal beside it: ${messageOf(error)}. A database that is lost now ` +
    "could not be made anew with it; the next change writes the journal again"
  );
}
