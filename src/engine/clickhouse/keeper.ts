/**
 * The writer's lock where homes on several hosts share a database: a row in the server's Keeper, which only one can insert
 * (`keeper-store.ts`). No lock of Keeper ends with its holder, the server knows no such ones yet: this one lives for some
 * seconds and is renewed while its holder works. A holder that could not renew it in time does nothing more.
 */
import { uptime } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { exitCode, UserError } from "../../errors.ts";

/** As Keeper has it. */
export type LockRow = {
  readonly token: string;
  readonly owner: string;
  readonly place: string;
  /** By the server's clock: those of the hosts are not asked. */
  readonly isOver: boolean;
};

/** What the lock asks of Keeper; each is one try. */
export type LockStore = {
  /** False when there is a row already. */
  insert(row: Omit<LockRow, "isOver">, lifeMs: number): Promise<boolean>;
  find(): Promise<LockRow | undefined>;
  /** Nothing happens where the row is not of this token. */
  renew(token: string, lifeMs: number): Promise<void>;
  remove(token: string): Promise<void>;
};

export type Owner = {
  /** Shown to those who wait. */
  readonly name: string;
  /** Of the lock file that this process has locked while it asks; empty if nothing tells it apart. */
  readonly place: string;
};

export type Times = {
  /** How long a row lives that is not renewed. */
  readonly lifeMs: number;
  /** How long a holder trusts its last renewal: less, as clocks of several servers differ. */
  readonly trustMs: number;
  readonly beatMs: number;
};

export type Clock = {
  now(): number;
  /** Resolves early when the signal says so. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
};

/** A lock that is held. */
export type Hold = {
  /** Throws `busy` when the lock is not this process's any more: before each statement. */
  requireHeld(): void;
  release(): Promise<void>;
};

/** Shorter than one waits for a lock unless told otherwise, so that whoever comes after a dead host gets its turn. */
export const times: Times = { lifeMs: 40_000, trustMs: 30_000, beatMs: 10_000 };

/** It goes on while the process is stopped and while its machine sleeps, and nobody sets it. */
export const clock: Clock = {
  now: () => uptime() * 1000,
  pause: (ms, signal) => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined),
};

/**
 * What a row means to one who wants the lock. `left`: nobody has it. A place is a file that is locked now by who asks, so the
 * process that had it locked before is dead.
 */
export function meaningOf(
  row: LockRow | undefined,
  token: string,
  place: string,
): "mine" | "free" | "left" | "taken" {
  if (!row) return "free";
  if (row.token === token) return "mine";
  if (row.isOver || (place !== "" && row.place === place)) return "left";
  return "taken";
}

/** One try: the lock, or who has it. The same token again finds the lock that a lost answer spoke of. */
export async function tryHold(
  store: LockStore,
  owner: Owner,
  token: string,
  own: Times = times,
  watch: Clock = clock,
): Promise<Hold | { readonly holder: string }> {
  const row = await store.find();
  const meaning = meaningOf(row, token, owner.place);
  if (meaning === "taken") return { holder: row?.owner ?? "" };
  if (meaning === "left") await store.remove(row?.token ?? "");
  const asked = watch.now();
  if (meaning === "mine") {
    // When it was inserted is not known: it may be over. Renewed, it is.
    await store.renew(token, own.lifeMs);
    const isMine = (await store.find())?.token === token;
    if (!isMine) return { holder: "another process" };
  } else {
    const mine = { token, owner: owner.name, place: owner.place };
    if (!(await store.insert(mine, own.lifeMs))) return { holder: "another process" };
  }
  return holdFrom(store, token, asked, own, watch);
}

function holdFrom(
  store: LockStore,
  token: string,
  asked: number,
  { lifeMs, trustMs, beatMs }: Times,
  { now, pause }: Clock,
): Hold {
  const ending = new AbortController();
  let renewedAt = asked;
  let isTaken = false;
  const isLost = () => isTaken || now() - renewedAt > trustMs;
  const beat = async () => {
    let next = beatMs;
    while (!ending.signal.aborted && !isLost()) {
      await pause(next, ending.signal);
      if (ending.signal.aborted || isLost()) return;
      const at = now();
      try {
        await store.renew(token, lifeMs);
        isTaken = (await store.find())?.token !== token;
        if (!isLost()) renewedAt = at;
        next = beatMs;
      } catch {
        next = beatMs / 10; // a server that is away for a moment; when it stays away, the trust ends
      }
    }
  };
  const beating = beat();
  return {
    requireHeld: () => {
      if (isLost()) throw lostLock(trustMs);
    },
    release: async () => {
      ending.abort();
      await beating;
      for (let tries = 0; tries < 3; tries += 1) {
        try {
          return await store.remove(token);
        } catch {
          // It ends by itself; whoever waits, waits a little longer.
        }
      }
      return undefined;
    },
  };
}

function lostLock(trustMs: number): UserError {
  return new UserError(
    exitCode.busy,
    "the lock of the database is not this process's any more: it was stopped, or could not reach the server's Keeper, for " +
      `more than ${trustMs / 1000} s; nothing more was changed, try again`,
  );
}
