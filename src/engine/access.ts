/** How the verbs that both engines share come to the catalog and to the audit log. */
import type { Log } from "./catalog/audit.ts";
import type { Session } from "./session.ts";

export type Access<S extends Session = Session> = {
  readonly log: Log;
  readonly timeZone: string;
  /** The catalog, shared with other readers. */
  read<T>(work: (session: S) => Promise<T>): Promise<T>;
  /** The catalog, alone: everybody else waits. */
  write<T>(work: (session: S) => Promise<T>): Promise<T>;
};
