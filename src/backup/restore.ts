/**
 * Restoring a backup into an empty home. Everything happens in a folder beside it, which is renamed into its place when the
 * database is made and every promise was checked: an interrupted restore leaves no half home.
 */
import { randomBytes } from "node:crypto";
import {
  existsSync,
  lstatSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { BackupVerbs } from "../engine/backup.ts";
import type { RecoveryVerbs } from "../engine/recovery.ts";
import { exitCode, messageOf, UserError, usageError } from "../errors.ts";
import { failpoint } from "../failpoints.ts";
import { isAlive, makeFolders, syncPath } from "../home.ts";
import type { Progress } from "../progress.ts";
import { requireSpace } from "../space.ts";
import { type Copying, copyTo, followed, forEach } from "./copying.ts";
import { type Lock, openBackup, realPath, requireApart } from "./folder.ts";
import { noteBackup } from "./last-backup.ts";
import type { Counts, Kept, Manifest } from "./manifest.ts";

export type RestoreEffects = {
  readonly lock: Lock;
  /** Opens another home than the one of this run. */
  openHome(folder: string): Promise<{ engine: BackupVerbs & RecoveryVerbs; close(): void }>;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly progress: Progress;
};

export type Restored = {
  readonly manifest: Manifest;
  readonly bytes: number;
  readonly counts: Counts;
  readonly lastSale: Date | undefined;
  /** Files of `ledger` that the backup does not have. */
  readonly salvaged: number;
  /** Orders of them. */
  readonly adopted: readonly string[];
  /** What a crash had left before the backup, in words. */
  readonly leftovers: readonly string[];
};

/** `ledger`: of the lost home, where it is still there; what was sold after the backup is taken from it. */
export async function restoreBackup(
  folder: string,
  home: string,
  ledger: string | undefined,
  effects: RestoreEffects,
): Promise<Restored> {
  const { manifest, release } = await openBackup(folder, effects.lock);
  try {
    const place = realPath(home);
    requireApart(folder, place);
    requireEmpty(place);
    const newer = ledger === undefined ? [] : findNewer(ledger, manifest);
    const stage = makeStage(place);
    try {
      const restored = await fill(stage, folder, manifest, newer, effects);
      await failpoint("restore.checked");
      putInPlace(stage, place);
      await failpoint("restore.renamed");
      return restored;
    } catch (error) {
      rmSync(stage, { recursive: true, force: true });
      if (!effects.signal.aborted) throw error;
      throw new UserError(exitCode.interrupted, `${home} is as empty as it was before`, {
        cause: error,
      });
    }
  } finally {
    release();
  }
}

function requireEmpty(home: string): void {
  const stat = statSync(home, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isDirectory()) throw usageError(`${home} is no folder; name another --home`);
  const found = readdirSync(home).find((name) => name !== "tmp" || !isEmpty(join(home, name)));
  if (found !== undefined) {
    throw usageError(
      `the home ${home} is not empty: it has ${JSON.stringify(found)}. A restore overwrites nothing; move that home ` +
        "away, or name another with --home",
    );
  }
  if (stat.dev !== statSync(dirname(home)).dev) {
    throw usageError(
      `${home} is where a disk is mounted, and cannot be put in its place as a whole; restore into a folder below it, ` +
        `such as --home ${join(home, "numbers")}`,
    );
  }
}

function isEmpty(path: string): boolean {
  return lstatSync(path).isDirectory() && readdirSync(path).length === 0;
}

type Newer = { readonly path: string; readonly from: string };

/** Files of sales that the backup does not have; none of those that it has is replaced. */
function findNewer(ledger: string, { files }: Manifest): Newer[] {
  if (!statSync(ledger, { throwIfNoEntry: false })?.isDirectory()) {
    throw usageError(`--ledger: ${ledger} is no folder; name the folder ledger of the lost home`);
  }
  const known = new Set(files.map(({ path }) => path));
  const found = readdirSync(ledger, { recursive: true, encoding: "utf8" }).filter((name) =>
    /^date=\d{4}-\d{2}-\d{2}\/[^/]+\.parquet$/.test(name),
  );
  if (found.length === 0) {
    throw usageError(
      `--ledger: ${ledger} has no sales (date=YYYY-MM-DD/….parquet); name the folder ledger of the lost home`,
    );
  }
  return found
    .map((name) => ({ path: `ledger/${name}`, from: join(ledger, name) }))
    .filter(({ path }) => !known.has(path));
}

/** A folder beside the home, for this process; those of dead ones go. */
function makeStage(home: string): string {
  const above = dirname(home);
  const prefix = `.${basename(home)}.restoring-`;
  try {
    makeFolders(above);
    for (const name of readdirSync(above)) {
      const pid =
        name.startsWith(prefix) && /^(\d+)-[0-9a-f]{8}$/.exec(name.slice(prefix.length))?.[1];
      if (pid && !isAlive(Number(pid))) rmSync(join(above, name), { recursive: true, force: true });
    }
    const stage = join(above, `${prefix}${process.pid}-${randomBytes(4).toString("hex")}`);
    makeFolders(stage);
    return stage;
  } catch (error) {
    throw usageError(
      `${above} cannot be written to: ${messageOf(error)}; a restore works beside the home. Name another --home, or mend ` +
        "its permissions",
      error,
    );
  }
}

async function fill(
  stage: string,
  folder: string,
  manifest: Manifest,
  newer: readonly Newer[],
  effects: RestoreEffects,
): Promise<Restored> {
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  requireSpace([{ what: "the restored home", folder: stage, bytes }]);
  await copyAll(stage, folder, manifest, newer, bytes, effects);
  effects.progress.begin("making the database");
  const { engine, close } = await effects.openHome(stage);
  try {
    // A home in which nothing was done yet has no journal; opening it makes its database.
    const adopted = manifest.head ? (await engine.rebuild(effects.now)).adopted : [];
    const { counts, lastSale } = await engine.noteRestore(manifest, effects.now);
    requireCounts(counts, manifest.counts, newer.length > 0);
    const { violations, leftovers } = await engine.checkPromises(effects.progress);
    if (violations.length > 0) {
      const found = violations.map((one) => `promise ${one.promise} is broken: ${one.found}`);
      throw refused(`the home that it makes breaks its promises: ${found.join("; ")}`);
    }
    noteBackup(stage, stage, resolve(folder), manifest.madeAt);
    return { manifest, bytes, counts, lastSale, salvaged: newer.length, adopted, leftovers };
  } finally {
    close();
  }
}

async function copyAll(
  stage: string,
  folder: string,
  { files }: Manifest,
  newer: readonly Newer[],
  bytes: number,
  { signal, progress }: RestoreEffects,
): Promise<void> {
  const copying = followed("restoring", bytes, progress, signal);
  const folders = new Set<string>();
  const place = (path: string) => {
    const target = join(stage, path);
    makeFolders(dirname(target));
    for (let at = dirname(target); at.length >= stage.length; at = dirname(at)) folders.add(at);
    return target;
  };
  await forEach(files, (file) => copyOne(folder, file, place(file.path), copying));
  await forEach(newer, async ({ path, from }) => {
    await copyTo(from, place(path), () => undefined, copying);
  });
  for (const at of folders) syncPath(at);
  await failpoint("restore.folders-synced");
}

async function copyOne(
  folder: string,
  { stored, sha256, bytes }: Kept,
  target: string,
  copying: Copying,
): Promise<void> {
  const check = (sum: { readonly bytes: number; readonly sha256: string }) => {
    if (sum.sha256 !== sha256) {
      throw refused(
        `${stored} is damaged: its ${sum.bytes} bytes (of ${bytes}) have another checksum`,
      );
    }
  };
  try {
    await copyTo(join(folder, stored), target, check, copying);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || existsSync(join(folder, stored)))
      throw error;
    throw refused(`${stored} is missing`);
  }
}

/** The database is made anew from files: it must come to what the backup noted of the one that was there. */
function requireCounts(found: Counts, noted: Counts, hasMore: boolean): void {
  for (const [name, value] of Object.entries(found) as [keyof Counts, number][]) {
    const mayBeMore = hasMore && (name === "orders" || name === "sales");
    if (value === noted[name] || (mayBeMore && value > noted[name])) continue;
    throw refused(
      `the home that it makes has ${value} ${name}, the backed up one had ${noted[name]}`,
    );
  }
}

function refused(what: string): UserError {
  return new UserError(
    exitCode.integrity,
    `the backup cannot be restored: ${what}. Nothing was restored; numbers backup --verify reads all of it, and an older ` +
      "backup may be whole",
  );
}

function putInPlace(stage: string, home: string): void {
  try {
    if (existsSync(join(home, "tmp"))) rmdirSync(join(home, "tmp"));
    renameSync(stage, home);
  } catch (error) {
    throw usageError(
      `${home} did not stay empty: ${messageOf(error)}; nothing was restored. Name another with --home`,
      error,
    );
  }
  syncPath(dirname(home));
}
