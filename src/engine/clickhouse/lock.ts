/**
 * Who may change the database. A server knows no locks that end with their holder, so it is a file in the home that is
 * locked, by the kernel; and, where several homes may share the database, a row in the server's Keeper (`keeper.ts`).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { exitCode, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import { createTurn } from "../../turns.ts";

export type Release = () => Promise<void> | void;

/** Resolves to what gives the lock up; undefined when another process has it. */
export type TryLock = () => Promise<Release | undefined>;

/** One try: the lock, or who has it and how many wait before this one. */
export type Attempt<T> =
  | { readonly lock: T }
  | { readonly holder: string; readonly before?: number };

export type LockOptions = {
  readonly home: Home;
  readonly lockTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Told once, when the wait has become noticeable. */
  readonly onWait: (message: string) => void;
};

const retryMs = { least: 10, most: 100 };
const noticeMs = 1_000;

/** Waits for the lock, behind those of this home that wait longer. Throws `busy` after the lock timeout. */
export async function acquire(tryLock: TryLock, options: LockOptions): Promise<Release> {
  const turn = createTurn(options.home);
  try {
    return await insist<Release>(async (isLast) => {
      const { before, first } = turn.look();
      const lock = before === 0 || isLast ? await tryLock() : undefined;
      if (lock) return { lock };
      turn.join();
      return {
        holder: first ? `process ${first.pid} (${first.command})` : "another process",
        before,
      };
    }, options);
  } finally {
    turn.leave();
  }
}

/** Tries until there is a lock; once more when the time is over, and then throws `busy`. */
export async function insist<T>(
  attempt: (isLast: boolean) => Promise<Attempt<T>>,
  { lockTimeoutMs, signal, onWait }: Omit<LockOptions, "home">,
): Promise<T> {
  const started = performance.now();
  let noticed = false;
  for (;;) {
    const isLast = performance.now() - started >= lockTimeoutMs;
    const found = await attempt(isLast);
    if ("lock" in found) return found.lock;
    const { holder, before = 0 } = found;
    if (isLast) {
      throw new UserError(
        exitCode.busy,
        `the database is busy: waited ${Math.round(lockTimeoutMs / 1000)} s for ${holder}; ` +
          "try again later or wait longer with --lock-timeout",
      );
    }
    const waitedMs = performance.now() - started;
    if (!noticed && waitedMs >= noticeMs) {
      onWait(`waiting for ${holder}`);
      noticed = true;
    }
    const pause = Math.min(retryMs.least * (1 + before) + waitedMs / 10, retryMs.most);
    await sleep(pause, undefined, signal ? { signal } : {});
  }
}
