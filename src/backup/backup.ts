/**
 * Making a backup: one moment under the home's lock to find and hold the files, then copying without it. Until the new
 * manifest is in its place the earlier one holds, and everything it names is there: an interrupted backup costs nothing.
 */
import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { BackupVerbs, Held, HeldFile } from "../engine/backup.ts";
import { exitCode, messageOf, UserError, usageError } from "../errors.ts";
import { failpoint } from "../failpoints.ts";
import { isHome, makeFolders, syncPath } from "../home.ts";
import type { Progress } from "../progress.ts";
import { isOutOfSpace, requireSpace, wordsOfFullDisk } from "../space.ts";
import { writeWhole } from "../whole-file.ts";
import { type Copying, copyNamed, followed, forEach, sumOf } from "./copying.ts";
import {
  findManifest,
  type Lock,
  listStored,
  manifestName,
  openForBackup,
  removeParts,
  removeStored,
} from "./folder.ts";
import { identityOf } from "./identity.ts";
import {
  filesFolder,
  isSame,
  type Kept,
  type Manifest,
  partsOfStored,
  storedName,
  writeManifest,
} from "./manifest.ts";
import { isChanged, knownFiles, type Plan, planOf, unnamed } from "./plan.ts";

export type BackupEffects = {
  /** Called when the folder is locked: a home is not made for a backup that is refused. */
  engine(): Promise<BackupVerbs>;
  readonly lock: Lock;
  readonly home: string;
  /** The version of the program. */
  readonly numbers: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly progress: Progress;
};

export type Backup = {
  readonly manifest: Manifest;
  readonly copied: Tally;
  readonly unchanged: Tally;
  /** Files of earlier backups that no file of the home is any more. */
  readonly removed: Tally;
};

export type Tally = { readonly files: number; readonly bytes: number };

/** Where files could not be held: how often they may change while they are copied. */
const roundsMost = 5;

/** A file that could not be held was replaced while it was copied. */
class Overtaken extends Error {}

export async function makeBackup(folder: string, effects: BackupEffects): Promise<Backup> {
  if (!isHome(effects.home)) {
    throw usageError(
      `there is nothing to back up: ${effects.home} is no home; name the right one with --home or NUMBERS_HOME`,
    );
  }
  const release = await openForBackup(folder, effects.home, effects.lock);
  try {
    const engine = await effects.engine();
    removeParts(folder);
    for (let round = 1; ; round += 1) {
      try {
        return await copyOnce(folder, engine, effects);
      } catch (error) {
        if (!(error instanceof Overtaken) || round === roundsMost) throw error;
      }
    }
  } catch (error) {
    throw inWords(error, folder, effects.signal);
  } finally {
    release();
  }
}

async function copyOnce(
  folder: string,
  engine: BackupVerbs,
  effects: BackupEffects,
): Promise<Backup> {
  effects.progress.begin("listing what there is");
  const earlier = findManifest(folder);
  const stored = listStored(folder);
  const known = knownFiles(earlier?.files ?? [], stored);
  const held = await engine.holdEverything(
    (path, identity) => isChanged(known, path, identity),
    earlier?.head,
    effects.now,
  );
  try {
    await failpoint("backup.held");
    if (earlier) requireLater(folder, earlier, held);
    const plan = planOf(held.files, known, stored);
    // The manifest is written beside the earlier one.
    const manifestBytes = 512 * held.files.length;
    requireSpace([{ what: "the backup", folder, bytes: plan.spaceMost + manifestBytes }]);
    const { written, found } = await copyChanged(folder, plan, effects);
    const unchanged = [...plan.unchanged, ...found];
    const manifest: Manifest = {
      numbers: effects.numbers,
      madeAt: effects.now,
      home: held.home,
      head: held.head,
      counts: held.counts,
      lastSale: held.lastSale,
      files: [...unchanged, ...written].sort((a, b) => (a.path < b.path ? -1 : 1)),
    };
    await writeWhole([join(folder, manifestName)], 0o600, (part) =>
      writeFileSync(part, writeManifest(manifest), { mode: 0o600 }),
    );
    // What has a name that no backup gives is somebody else's: --verify names it.
    const removed = unnamed(listStored(folder), manifest.files).filter(({ stored: name }) =>
      partsOfStored(name),
    );
    removeStored(folder, removed);
    await failpoint("backup.removed");
    return {
      manifest,
      copied: tallyOf(written),
      unchanged: tallyOf(unchanged),
      removed: tallyOf(removed),
    };
  } finally {
    held.release();
  }
}

/** Backing up over what is of another home, or knows more than this one, would destroy the only copy of it. */
function requireLater(folder: string, earlier: Manifest, held: Held): void {
  if (earlier.home === undefined || earlier.head === undefined) return;
  if (held.home !== earlier.home) {
    throw usageError(
      `${folder} is the backup of another home, made at ${earlier.madeAt.toISOString()}; name another folder`,
    );
  }
  if (held.isLater) return;
  throw new UserError(
    exitCode.integrity,
    `${folder} knows of change ${earlier.head.sequence}, which this home does not have (its last is ` +
      `${held.head?.sequence ?? 0}): the home has lost changes, or was restored from an older backup. Nothing was ` +
      "changed; keep that backup, and back this home up into another folder",
  );
}

/** `found`: what proved to be there already when it was read. */
async function copyChanged(
  folder: string,
  plan: Plan,
  { signal, progress }: BackupEffects,
): Promise<{ written: Kept[]; found: Kept[] }> {
  const copying = followed("copying", plan.bytes, progress, signal);
  const copied = { written: [] as Kept[], found: [] as Kept[] };
  const folders = new Set<string>();
  await forEach(plan.changed, async ({ file, candidates }) => {
    const kept = await copyOne(folder, file, candidates, copying);
    copied[candidates.has(kept.stored) ? "found" : "written"].push(kept);
    // With the folders above: each has an entry more, perhaps.
    for (let at = dirname(kept.stored); at !== "."; at = dirname(at)) folders.add(at);
  });
  for (const at of folders) syncPath(join(folder, at));
  await failpoint("backup.folders-synced");
  return copied;
}

async function copyOne(
  folder: string,
  file: HeldFile,
  candidates: ReadonlySet<string>,
  copying: Copying,
): Promise<Kept> {
  try {
    if (candidates.size > 0) {
      const sum = await sumOf(file.from, { ...copying, onBytes: () => undefined });
      const stored = storedName(file.path, sum.sha256);
      if (candidates.has(stored)) {
        copying.onBytes(sum.bytes);
        requireUnchanged(file, sum.sha256);
        return keptOf(file, sum.bytes, sum.sha256);
      }
    }
    const target = join(folder, filesFolder, dirname(file.path));
    makeFolders(target);
    const { bytes, sha256 } = await copyNamed(
      file.from,
      { folder: target, name: basename(file.path) },
      (sum) => {
        requireUnchanged(file, sum.sha256);
        return join(folder, storedName(file.path, sum.sha256));
      },
      copying,
    );
    return keptOf(file, bytes, sha256);
  } catch (error) {
    const isGone = (error as NodeJS.ErrnoException).code === "ENOENT" && !file.isHeld;
    throw isGone ? new Overtaken(`${file.path} has gone`, { cause: error }) : error;
  }
}

function keptOf({ path, inode, modified }: HeldFile, bytes: number, sha256: string): Kept {
  return { path, stored: storedName(path, sha256), bytes, sha256, inode, modified };
}

/** Since it was found, and since it was written. */
function requireUnchanged(file: HeldFile, sha256: string): void {
  if (file.sum !== undefined && file.sum !== sha256) {
    throw new UserError(
      exitCode.integrity,
      `${file.path} does not hold what was written: the backup that was made before may have it as it was, and stays as ` +
        "it is. Put the file back from there, or run numbers doctor",
    );
  }
  if (file.isHeld) return;
  const identity = identityOf(file.from);
  if (!identity || !isSame(identity, file)) {
    throw new Overtaken(`${file.path} was changed while it was copied; try again`);
  }
}

function tallyOf(files: readonly { readonly bytes: number }[]): Tally {
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** What stays, when a backup does not come to its end. */
function inWords(error: unknown, folder: string, signal: AbortSignal): unknown {
  if (error instanceof UserError) return error;
  const kept = `${folder} is as it was before, and what was copied by now is not copied again by the next numbers backup`;
  if (signal.aborted) return new UserError(exitCode.interrupted, kept, { cause: error });
  const isFull = isOutOfSpace(error);
  if (!isFull && (error as NodeJS.ErrnoException).syscall === undefined) return error;
  const what = isFull ? wordsOfFullDisk(error) : messageOf(error);
  return new UserError(exitCode.unexpected, `the backup was not made: ${what}; ${kept}`, {
    cause: error,
  });
}
