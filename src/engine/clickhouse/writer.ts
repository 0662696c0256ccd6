/**
 * The right to change a database that homes on other hosts change too: a lock in the server's Keeper. The home's own lock is
 * taken before it, so that the processes of one home queue fairly.
 */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { ownerIn } from "../../home.ts";
import type { ConnectionOptions } from "./connection.ts";
import { isPassing } from "./failures.ts";
import { type Hold, tryHold } from "./keeper.ts";
import { placeOf, storeOn } from "./keeper-store.ts";
import { insist, type LockOptions } from "./lock.ts";
import { openSession } from "./session.ts";

/** A statement of the lock that takes longer is asked once more. */
const answerMs = 5_000;

export type WriterOptions = LockOptions & {
  readonly connection: ConnectionOptions;
  /** The home's lock file, which this process has locked. */
  readonly file: string;
};

/** Waits for the lock, on a connection of its own, whose statements are never those of a change. */
export async function holdKeeper({ connection, file, ...options }: WriterOptions): Promise<Hold> {
  const { home, signal, lockTimeoutMs } = options;
  signal?.throwIfAborted();
  // An interruption ends the wait for the lock; one that is held is given back all the same.
  const waiting = new AbortController();
  const interrupt = () => waiting.abort(signal?.reason);
  signal?.addEventListener("abort", interrupt, { once: true });
  const limitMs = Math.min(answerMs, Math.max(1_000, lockTimeoutMs));
  const own = await openSession(
    { ...connection, signal: waiting.signal, guard: undefined, patienceMs: 0, limitMs },
    () => Promise.reject(new Error("a change of the lock")),
  );
  const store = storeOn(own);
  const command = ownerIn(home.temporary)?.command ?? "numbers";
  const owner = {
    name: `process ${process.pid} on ${hostname()} (${command})`,
    place: placeOf(file),
  };
  const token = randomUUID();
  try {
    const hold = await insist<Hold>(async () => {
      try {
        const found = await tryHold(store, owner, token);
        return "holder" in found ? found : { lock: found };
      } catch (error) {
        signal?.throwIfAborted();
        if (!isPassing(error)) throw error;
        return { holder: `the server's Keeper, which does not answer` };
      }
    }, options);
    return {
      requireHeld: hold.requireHeld,
      release: () => hold.release().finally(() => own.close()),
    };
  } catch (error) {
    await own.close();
    throw error;
  } finally {
    signal?.removeEventListener("abort", interrupt);
  }
}
