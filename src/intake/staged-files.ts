/**
 * Staged files on their way into the pool: each synced to the disk and summed before it is published. It begins when the
 * clear rows are written, while the odd cells are still being settled: the disk and the second processor are idle then.
 */
import { open } from "node:fs/promises";
import { sumOfFile } from "../checksum.ts";

export type StagedFiles = {
  /** Begins with those of the files that were not begun before: what has a name here is not written to any more. */
  begin(paths: readonly string[]): void;
  /** SHA-256 of a file that was begun, as hexadecimal text, once the file is on the disk. */
  sum(path: string): Promise<string>;
  /** Ends what is under way; resolves when nothing is read any more. */
  stop(): Promise<void>;
};

export function createStagedFiles(): StagedFiles {
  const stopped = new AbortController();
  const sums = new Map<string, Promise<string>>();
  const inTurn = () => {
    let last: Promise<unknown> = Promise.resolve();
    return <T>(work: () => Promise<T>): Promise<T> => {
      const done = last.then(() => {
        stopped.signal.throwIfAborted();
        return work();
      });
      // One that fails, such as a file that was left out meanwhile, says nothing of the others.
      last = done.catch(() => undefined);
      return done;
    };
  };
  // Two rows, so that one file is summed while the disk takes another.
  const syncing = inTurn();
  const summing = inTurn();
  return {
    begin: (paths) => {
      for (const path of paths) {
        if (sums.has(path)) continue;
        const synced = syncing(() => syncFile(path));
        const summed = summing(() => sumOfFile(path, stopped.signal));
        const sum = Promise.all([summed, synced]).then(([text]) => text);
        // Whoever asks for it is told; nobody has to ask.
        sum.catch(() => undefined);
        sums.set(path, sum);
      }
    },
    sum: (path) => sums.get(path) ?? Promise.reject(new Error(`${path}: not begun`)),
    stop: async () => {
      stopped.abort();
      await Promise.all(
        [syncing, summing].map((turn) => turn(async () => undefined).catch(() => undefined)),
      );
    },
  };
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
