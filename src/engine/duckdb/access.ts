/** How the verbs of this engine come to the catalog, to a session of their own, and to the audit log. */
import type { Home } from "../../home.ts";
import { createLog, type Log } from "./audit.ts";
import { type CatalogOptions, withCatalog } from "./catalog.ts";
import { namingDamage } from "./damage.ts";
import { openSession, type Session } from "./session.ts";

export type AccessOptions = CatalogOptions & {
  /** Who acts: the user of the operating system, for the audit log. */
  readonly actor: string;
  /** Whose calendar days and months count. */
  readonly timeZone: string;
};

export type Access = {
  readonly home: Home;
  readonly log: Log;
  readonly timeZone: string;
  /** The catalog, shared with other readers. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** The catalog, alone: everybody else waits. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** A session that holds no lock, for the long work on files. */
  aside<T>(work: (session: Session) => Promise<T>): Promise<T>;
};

export function createAccess(options: AccessOptions): Access {
  return {
    home: options.home,
    log: createLog(options.actor),
    timeZone: options.timeZone,
    read: (work) => withCatalog(options, "read", work),
    write: (work) => withCatalog(options, "write", work),
    aside: async (work) => {
      const session = await openSession(":memory:", "write", options.resources);
      try {
        return await namingDamage(options.home, () => work(session));
      } finally {
        session.close();
      }
    },
  };
}
