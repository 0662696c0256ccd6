/**
 * Who may try the lock next: of those who wait, the one that has waited longest. The lock itself has no queue, whoever
 * tries at the right moment gets it: readers, who share it, kept a writer out for as long as they came. Nothing here can
 * give the lock to two; at worst somebody tries before his turn.
 */
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Home, type Owner, ownerIn } from "./home.ts";

export type Turn = {
  /** How many have waited longer, and who of them the longest. Shows the others that this process still waits. */
  look(): { readonly before: number; readonly first: Owner | undefined };
  /** Takes a place behind those who wait already; nobody waits for a process that has none. */
  join(): void;
  /** Gives the place up: it has the lock, or wants it no more. */
  leave(): void;
};

/** A place that was not renewed for so long is that of a process that is dead, or stopped. */
const staleMs = 2_000;

type Place = { readonly name: string; readonly since: number };

/**
 * A place is a file in the process's own temporary folder, which is swept when its process is dead. One that cannot be
 * written or read (a full disk, another user's) is none: its process tries whenever it likes, as if there were no turns.
 */
export function createTurn(home: Home): Turn {
  const shared = dirname(home.temporary);
  const name = basename(home.temporary);
  const path = join(home.temporary, "waiting");
  let own: Place | undefined;
  return {
    look: () => {
      const now = new Date();
      if (own) attempt(() => utimesSync(path, now, now));
      let before = 0;
      let first: Place | undefined;
      for (const other of readdirSync(shared)) {
        const place = other === name ? undefined : placeIn(shared, other, now);
        if (!place || (own && !precedes(place, own))) continue;
        before += 1;
        if (!first || precedes(place, first)) first = place;
      }
      return { before, first: first && ownerIn(join(shared, first.name)) };
    },
    join: () => {
      if (own) return;
      own = { name, since: Date.now() };
      const content = String(own.since);
      attempt(() => writeFileSync(path, content, { mode: 0o600 }));
    },
    leave: () => {
      if (own) attempt(() => rmSync(path, { force: true }));
      own = undefined;
    },
  };
}

function placeIn(shared: string, name: string, now: Date): Place | undefined {
  return attempt(() => {
    const path = join(shared, name, "waiting");
    const status = statSync(path, { throwIfNoEntry: false });
    // A clock that was set back must not make a place that never goes stale.
    if (!status || Math.abs(now.getTime() - status.mtimeMs) > staleMs) return undefined;
    const since = Number(readFileSync(path, "utf8"));
    return since > 0 ? { name, since } : undefined; // just being written
  });
}

function precedes(one: Place, other: Place): boolean {
  return one.since === other.since ? one.name < other.name : one.since < other.since;
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
