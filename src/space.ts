/**
 * Room on the disk: what a piece of work surely needs, before it starts, and the words for a disk that filled up in the
 * middle. What is asked for is a lower bound: nobody who has enough is turned away, and whom it lets pass may still meet
 * a full disk, which leaves nothing behind.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  statfsSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { deflateRawSync } from "node:zlib";
import { exitCode, messageOf, UserError } from "./errors.ts";
import { size } from "./words.ts";

/** What a disk is asked; a test gives other answers. */
export type Disk = {
  /** Bytes that this user may still write in a folder; undefined where the system does not say. */
  free(folder: string): number | undefined;
  /** Tells file systems apart. */
  deviceOf(folder: string): number;
};

export const realDisk: Disk = {
  free: (folder) => {
    try {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    } catch {
      return undefined;
    }
  },
  deviceOf: (folder) => statSync(folder).dev,
};

/** The database grows in blocks of 256 KiB, and a commit needs one or two: below this nothing can be begun. */
const reserveBytes = 512 << 10;

/**
 * Of a source's bytes, deflated, so much is surely stored: the pool is packed better than that, most where a list repeats
 * itself. Measured were 0.49 to 0.89, and 0.21 for a list that consists of one part again and again.
 */
const storedShare = 0.2;

/** A sold number in its copy: measured 2 for numbers in one series, 7 for others. The database may have room already. */
const soldBytes = 2;

/** The shortest line of a delivery: a phone of 11 digits and a line end. */
const lineBytes = 12;

/** Of a delivery that is packed so much is surely left. */
const packedShare = 0.2;

/** For one number, whatever its row holds, with a copy of everything. */
const plentyBytes = 8192;

/** A sample is four pieces of a source: most lists look alike from their beginning to their end. */
const pieces = 4;
const pieceBytes = 64 << 10;

/** Bytes that the pool will surely gain from a source, whatever it is packed in. 0 for what has no size, such as a pipe. */
export function bytesStored(path: string): number {
  if (path === "-" || statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return 0;
  const handle = openSync(path, "r");
  try {
    const { size } = fstatSync(handle);
    const buffer = Buffer.allocUnsafe(pieceBytes);
    let taken = 0;
    let deflated = 0;
    for (let piece = 0; piece < pieces; piece += 1) {
      const from = Math.max(0, Math.floor(((size - pieceBytes) * piece) / (pieces - 1)));
      const read = readSync(handle, buffer, 0, pieceBytes, from);
      taken += read;
      deflated += deflateRawSync(buffer.subarray(0, read), { level: 1 }).length;
    }
    return taken === 0 ? 0 : Math.floor((size * deflated * storedShare) / taken);
  } finally {
    closeSync(handle);
  }
}

/** Room for rows of any length: no need to look how long they are. */
export function hasPlenty(
  numbers: number,
  folders: readonly string[],
  disk: Disk = realDisk,
): boolean {
  return folders.every((folder) => (disk.free(folder) ?? 0) > (numbers + 1000) * plentyBytes);
}

/**
 * What an order needs in the home, and where it is delivered to when that is a file. `pool` is what it may choose from:
 * the text of a row is longer than what is stored of it. `isWide`: all columns are delivered.
 */
export function needsOfOrder(
  numbers: number,
  home: string,
  delivery: { readonly path: string; readonly isWide: boolean } | undefined,
  pool: readonly { readonly numbers: number; readonly bytes: number }[],
): Need[] {
  const needs = [{ what: "the order", folder: home, bytes: numbers * soldBytes }];
  if (!delivery) return needs;
  const stored = Math.min(...pool.map((part) => part.bytes / part.numbers));
  const line = delivery.isWide && Number.isFinite(stored) ? Math.max(lineBytes, stored) : lineBytes;
  const share = /\.(gz|zst|parquet)$/.test(delivery.path) ? packedShare : 1;
  const bytes = Math.floor(numbers * line * share);
  return [...needs, { what: "the delivery", folder: dirname(delivery.path), bytes }];
}

/** A disk that has less than is surely needed. */
class NoRoom extends UserError {}

/** What is to be written where: `what` is a noun with its article. */
export type Need = { readonly what: string; readonly folder: string; readonly bytes: number };

/** Throws when a disk has less than is surely needed. Needs on the same disk are added up. */
export function requireSpace(needs: readonly Need[], disk: Disk = realDisk): void {
  const byDevice = new Map<number, Need>();
  for (const need of needs) {
    const device = disk.deviceOf(need.folder);
    const before = byDevice.get(device);
    byDevice.set(device, before ? { ...before, bytes: before.bytes + need.bytes } : need);
  }
  for (const { what, folder, bytes } of byDevice.values()) {
    const free = disk.free(folder);
    const needed = bytes + reserveBytes;
    if (free === undefined || free >= needed) continue;
    throw new NoRoom(
      exitCode.unexpected,
      `${what} needs at least ${size(needed)}, the disk of ${folder} has ${size(free)} free; nothing was begun: ` +
        "free some space, or move the home to a larger disk",
    );
  }
}

/** Whether something failed because the disk, a quota or a limit on the size of files had no more room. */
export function isOutOfSpace(error: unknown): boolean {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one instanceof NoRoom) return true;
    if (/^(ENOSPC|EDQUOT|EFBIG)$/.test(String((one as NodeJS.ErrnoException).code))) return true;
    if (outOfSpace.test(messageOf(one))) return true;
  }
  return false;
}

/** The system's words, which the engine repeats, and the engine's own for its temporary files. */
const outOfSpace =
  /No space left|ENOSPC|Disk quota exceeded|EDQUOT|File too large|EFBIG|max_temp_directory_size/i;

/** What a full disk is called, what could not be written there and how much is left, in one clause. */
export function wordsOfFullDisk(error: unknown, disk: Disk = realDisk): string {
  const words = allWords(error);
  const path = /"(\/[^"\n]+)"|'(\/[^'\n]+)'/.exec(words);
  const file = path?.[1] ?? path?.[2];
  const what = /File too large|EFBIG/i.test(words)
    ? "a file may not become larger (see ulimit -f)"
    : /quota|EDQUOT/i.test(words)
      ? "the disk quota is used up"
      : "the disk is full";
  if (file === undefined) return what;
  const free = disk.free(existingAbove(file));
  return `${what}: ${file} could not be written${free === undefined ? "" : `, ${size(free)} are free there`}`;
}

/** The folder may have been removed since. */
function existingAbove(path: string): string {
  let folder = dirname(path);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  return folder;
}

function allWords(error: unknown): string {
  const words: string[] = [];
  for (let one = error; one instanceof Error; one = one.cause) {
    words.push(messageOf(one), String((one as NodeJS.ErrnoException).code ?? ""));
  }
  return words.join(" ");
}
