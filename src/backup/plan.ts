/** What a backup has to do: which files it has already, which may be there, which are in nobody's way any more. Pure. */
import type { HeldFile } from "../engine/backup.ts";
import { type Identity, isSame, type Kept, partsOfStored } from "./manifest.ts";

/** A file in the backup's folder. */
export type Stored = { readonly stored: string; readonly bytes: number };

export type Plan = {
  /** As the last manifest has them, and still there. */
  readonly unchanged: readonly Kept[];
  /** To be copied, unless one of `candidates` proves to be the same when the file is read. */
  readonly changed: readonly {
    readonly file: HeldFile;
    readonly candidates: ReadonlySet<string>;
  }[];
  /** Bytes that have to be read, and the most that may have to be written. */
  readonly bytes: number;
  readonly spaceMost: number;
};

/** Files of the last manifest by their place in the home, as far as they are still there. */
export function knownFiles(
  files: readonly Kept[],
  stored: readonly Stored[],
): ReadonlyMap<string, Kept> {
  const sizes = new Map(stored.map((one) => [one.stored, one.bytes]));
  return new Map(
    files.filter((file) => sizes.get(file.stored) === file.bytes).map((file) => [file.path, file]),
  );
}

/** Whether `file` has to be held and read: it is new, or not as it was. */
export function isChanged(
  known: ReadonlyMap<string, Identity>,
  path: string,
  identity: Identity,
): boolean {
  const before = known.get(path);
  return before === undefined || !isSame(before, identity);
}

/** Decides from what is there; nothing is read for it. */
export function planOf(
  files: readonly HeldFile[],
  known: ReadonlyMap<string, Kept>,
  stored: readonly Stored[],
): Plan {
  // What an interrupted backup copied is under its checksum's name: the same content need not be written again.
  const byPlace = new Map<string, Stored[]>();
  for (const one of stored) {
    const place = partsOfStored(one.stored)?.path;
    if (place !== undefined) byPlace.set(place, [...(byPlace.get(place) ?? []), one]);
  }
  const unchanged: Kept[] = [];
  const changed: Plan["changed"][number][] = [];
  let bytes = 0;
  let spaceMost = 0;
  for (const file of files) {
    const before = known.get(file.path);
    if (before !== undefined && isSame(before, file)) {
      unchanged.push(before);
      continue;
    }
    const candidates = new Set(
      (byPlace.get(file.path) ?? [])
        .filter((one) => one.bytes === file.bytes)
        .map((one) => one.stored),
    );
    changed.push({ file, candidates });
    bytes += file.bytes;
    if (candidates.size === 0) spaceMost += file.bytes;
  }
  return { unchanged, changed, bytes, spaceMost };
}

/** What lies in the backup's folder and is not named by its manifest. */
export function unnamed(stored: readonly Stored[], files: readonly Kept[]): Stored[] {
  const named = new Set(files.map((file) => file.stored));
  return stored.filter((one) => !named.has(one.stored));
}
