/**
 * Who may change the database. A server knows no locks that end with their holder, so it is a file beside the home that is
 * locked, by the kernel; or, where several homes share the database, an entry in the server's Keeper (`keeper.ts`).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { exitCode, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import { createTurn } from "../../turns.ts";

/** Resolves to what gives the lock up; undefined when another process has it. */
export type TryLock = () => Promise<(() => Promise<void> | void) | undefined>;

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
export async function acquire(
  tryLock: TryLock,
  { home, lockTimeoutMs, signal, onWait }: LockOptions,
): Promise<() => Promise<void> | void> {
  const turn = createTurn(home);
  const started = performance.now();
  let noticed = false;
  try {
    for (;;) {
      const waitedMs = performance.now() - started;
      const { before, first } = turn.look();
      if (before === 0 || waitedMs >= lockTimeoutMs) {
        const release = await tryLock();
        if (release) return release;
      }
      const others = first ? `process ${first.pid} (${first.command})` : "another process";
      if (waitedMs >= lockTimeoutMs) {
        throw new UserError(
          exitCode.busy,
          `the database is busy: waited ${Math.round(lockTimeoutMs / 1000)} s for ${others}; ` +
            "try again later or wait longer with --lock-timeout",
        );
      }
      if (!noticed && waitedMs >= noticeMs) {
        onWait(`waiting for ${others}`);
        noticed = true;
      }
      turn.join();
      const pause = Math.min(retryMs.least * (1 + before) + waitedMs / 10, retryMs.most);
      await sleep(pause, undefined, signal ? { signal } : {});
    }
  } finally {
    turn.leave();
  }
}
