/** Reading files to their end, hashed on the way; what is written is on the disk when it gets its name. */
import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { failpoint } from "../failpoints.ts";
import type { Progress } from "../progress.ts";

export type Copying = {
  readonly signal: AbortSignal;
  /** Told how many bytes more were read. */
  onBytes(bytes: number): void;
};

/** Reading that is followed: `total` bytes of it. */
export function followed(
  phase: string,
  total: number,
  progress: Progress,
  signal: AbortSignal,
): Copying {
  let done = 0;
  progress.begin(phase, { bytes: total });
  return {
    signal,
    onBytes: (bytes) => {
      done += bytes;
      progress.at({ bytes: done });
    },
  };
}

export type Sum = { readonly bytes: number; readonly sha256: string };

const blockBytes = 1 << 20;
const partPattern = /^\..+\.part-[0-9a-f]{8}$/;

/** Small files wait for the disk, one after the other: that many at once share its syncs. */
const filesAtOnce = 8;

/** Does the work for each item, several at once. Rejects with the first failure when nothing is under way any more. */
export async function forEach<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async () => {
    while (failure === undefined && next < items.length) {
      const item = items[next] as T;
      next += 1;
      await work(item).catch((error: unknown) => {
        failure ??= { error };
      });
    }
  };
  await Promise.all(Array.from({ length: filesAtOnce }, worker));
  if (failure) throw failure.error;
}

/** Whether a name is that of a file that was never finished. */
export function isPart(name: string): boolean {
  return partPattern.test(basename(name));
}

/** The checksum of a file. */
export async function sumOf(path: string, copying: Copying): Promise<Sum> {
  const source = await open(path, "r");
  try {
    return await readAll(source, copying, async () => undefined);
  } finally {
    await source.close();
  }
}

/**
 * Copies a file into `folder`, where it gets the name that `nameOf` makes of its checksum once it is whole and on the
 * disk. What fails leaves nothing. `nameOf` may throw to refuse what was read. Whoever calls it syncs the folder.
 */
export async function copyNamed(
  from: string,
  part: { readonly folder: string; readonly name: string },
  nameOf: (sum: Sum) => string,
  copying: Copying,
): Promise<Sum> {
  const path = join(part.folder, `.${part.name}.part-${randomBytes(4).toString("hex")}`);
  const source = await open(from, "r");
  try {
    const target = await open(path, "wx", 0o600);
    let sum: Sum;
    try {
      sum = await readAll(source, copying, (block) => writeAll(target, block));
      await failpoint("backup.file-written");
      await target.sync();
      await failpoint("backup.file-synced");
    } finally {
      await target.close();
    }
    await rename(path, nameOf(sum));
    await failpoint("backup.file-renamed");
    return sum;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await source.close();
  }
}

/** As `copyNamed`, to a name that is known: the caller compares the checksum before, by throwing in `check`. */
export function copyTo(
  from: string,
  to: string,
  check: (sum: Sum) => void,
  copying: Copying,
): Promise<Sum> {
  const nameOf = (sum: Sum) => {
    check(sum);
    return to;
  };
  return copyNamed(from, { folder: dirname(to), name: basename(to) }, nameOf, copying);
}

async function readAll(
  source: FileHandle,
  { signal, onBytes }: Copying,
  onBlock: (block: Buffer) => Promise<void>,
): Promise<Sum> {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(blockBytes);
  for (let bytes = 0; ; ) {
    signal.throwIfAborted();
    const { bytesRead } = await source.read(buffer, 0, buffer.length, bytes);
    if (bytesRead === 0) return { bytes, sha256: hash.digest("hex") };
    const block = buffer.subarray(0, bytesRead);
    hash.update(block);
    await onBlock(block);
    bytes += bytesRead;
    onBytes(bytesRead);
  }
}

async function writeAll(target: FileHandle, block: Buffer): Promise<void> {
  for (let at = 0; at < block.length; ) {
    at += (await target.write(block, at, block.length - at)).bytesWritten;
  }
}
