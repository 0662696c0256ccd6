/** Which files an ingest means, and where they go afterwards. */
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { globSync, isDynamicPattern } from "tinyglobby";
import { messageOf, usageError } from "../errors.ts";
import { failpoint } from "../failpoints.ts";
import { makeFolders, syncNamed } from "../home.ts";

const sourceName = /\.((csv|tsv|txt)(\.(gz|zst))?|xlsx)$/i;
/** Names that copying programs give to what is not whole yet. */
const partialName = /\.(part|tmp|partial|crdownload|filepart)$/i;

export type FoundSources = {
  /** In the order of the arguments, each folder and glob by name; every path once, however it is spelt. */
  readonly sources: readonly string[];
  /** Left for the next run: too young, or by its name not whole yet. */
  readonly young: readonly string[];
};

/**
 * Expands folders (their own .csv, .tsv, .txt and .xlsx files, not those of folders inside) and globs. A path that is
 * not there stays in the list: to say so is the report's business.
 */
export function findSources(
  paths: readonly string[],
  { minAgeMs, now }: { readonly minAgeMs: number; readonly now: number },
): FoundSources {
  const seen = new Set<string>();
  const found = paths.flatMap(expand).filter((path) => {
    const key = path === "-" ? path : resolve(path);
    return !seen.has(key) && seen.add(key);
  });
  const isYoung = (path: string) => {
    if (path === "-") return false;
    if (partialName.test(basename(path))) return true;
    // Without an age to reach nothing is too young, not even what was written after `now` or by a clock that is ahead.
    if (minAgeMs === 0) return false;
    const stat = look(path);
    return stat?.isFile() === true && now - stat.mtimeMs < minAgeMs;
  };
  const sources: string[] = [];
  const young: string[] = [];
  // Asked once for each: a file that grows meanwhile would be in both, or in neither.
  for (const path of found) (isYoung(path) ? young : sources).push(path);
  return { sources, young };
}

function expand(path: string): string[] {
  if (path === "-") return [path];
  const stat = look(path);
  if (stat?.isDirectory()) return filesIn(path);
  if (!stat && isDynamicPattern(path)) {
    const matches = globSync(path, {
      onlyFiles: true,
      expandDirectories: false,
      absolute: isAbsolute(path),
    }).sort();
    return matches.length > 0 ? matches : [path];
  }
  return [path];
}

function filesIn(folder: string): string[] {
  try {
    return (
      readdirSync(folder, { withFileTypes: true })
        // rsync and its like write to hidden names first.
        .filter(({ name }) => sourceName.test(name) && !name.startsWith("."))
        // A named pipe that nobody writes to would be waited for; by its own name it may be.
        .filter((entry) => entry.isFile() || entry.isSymbolicLink())
        .map((entry) => join(folder, entry.name))
        .sort()
    );
  } catch {
    // That it cannot be read is found, and said, when it is its turn.
    return [folder];
  }
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Bytes of a file as it lies there; 0 for what has no size before it is read. */
export function sizeOf(path: string): number {
  if (path === "-") return 0;
  const stat = look(path);
  return stat?.isFile() ? stat.size : 0;
}

/** Makes sure, before anything is ingested, that files can be moved to a folder. Throws a usage error. */
export function prepareMove(folder: string): void {
  try {
    makeFolders(resolve(folder));
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw usageError(`--move-to: ${folder} cannot be used: ${messageOf(error)}`, error);
  }
}

/**
 * Moves a file into a folder, under another name when its own is taken there; never over another file. What is no file
 * (standard input, a pipe) and what is in that folder already stays.
 */
export function moveTo(path: string, folder: string): void {
  if (path === "-" || look(path)?.isFile() !== true) return;
  if (resolve(dirname(path)) === resolve(folder)) return;
  const name = basename(path);
  const ending = sourceName.exec(name)?.[0] ?? "";
  const stem = name.slice(0, name.length - ending.length);
  let target = join(folder, name);
  for (let n = 2; existsSync(target); n += 1) target = join(folder, `${stem}-${n}${ending}`);
  try {
    renameSync(path, target);
    failpoint("import.source-moved");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    copyFileSync(path, target, constants.COPYFILE_EXCL);
    syncNamed(target);
    rmSync(path);
  }
}
