/**
 * The home: one folder with all state. Owns its layout, its permissions, this process's temporary folder and the
 * sweeping of folders that dead processes left.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { messageOf, UserError, usageError } from "./errors.ts";
import { failpoint } from "./failpoints.ts";
import { checkPrivate, makePrivate, requireOwner, wordsOfOwner } from "./ownership.ts";
import { isOutOfSpace } from "./space.ts";

export type Home = {
  readonly folder: string;
  readonly database: string;
  readonly pool: string;
  readonly ledger: string;
  readonly rejects: string;
  /** Of this process alone; gone when it ends. */
  readonly temporary: string;
};

/** Who is behind a temporary folder: shown to those who wait for its lock. */
export type Owner = {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
  readonly since: string;
  /** When the system says that it began: process ids come again. Not there where the system does not say. */
  readonly began?: string;
};

/**
 * Creates the folders that are missing (0700), sweeps what dead processes left and makes this process's own
 * temporary folder. `command` is the subcommand's name alone: arguments may hold phone numbers.
 */
export function openHome(
  folder: string,
  command: string,
  warn: (message: string) => void = () => {},
): Home {
  const home = {
    folder,
    database: join(folder, "numbers.duckdb"),
    pool: join(folder, "pool"),
    ledger: join(folder, "ledger"),
    rejects: join(folder, "rejects"),
  };
  if (/[*?[\]{}]/.test(folder)) {
    throw usageError(
      `the home ${folder} has a * ? [ ] { or } in its path, which the engine reads as a pattern`,
    );
  }
  const shared = join(folder, "tmp");
  try {
    makeFolders(folder);
    checkPrivate(folder, warn);
    for (const path of [home.pool, home.ledger, home.rejects, shared]) makeFolder(path, path);
    // Days; what is below them is looked at by whoever writes or removes something there.
    for (const path of [home.pool, home.ledger]) refuseLinks(path);
    for (const path of ownFiles(home)) {
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat && !stat.isFile()) throw misplaced(path, stat);
    }
    failpoint("home.folders-made");
    sweep(shared);
    const temporary = join(shared, `${process.pid}-${randomBytes(4).toString("hex")}`);
    mkdirSync(temporary, { mode: 0o700 });
    try {
      failpoint("home.temporary-made");
      requireOwner(folder, home.database, temporary);
    } catch (error) {
      rmdirSync(temporary);
      throw error;
    }
    makePrivate([home.pool, home.ledger, home.rejects, shared, ...ownFiles(home)]);
    const owner: Owner = {
      pid: process.pid,
      host: hostname(),
      command: `numbers ${command}`,
      since: new Date().toISOString(),
      began: beginningOf(process.pid),
    };
    try {
      writeOwner(join(temporary, "owner.json"), owner);
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
    return { ...home, temporary };
  } catch (error) {
    if (error instanceof UserError || isOutOfSpace(error)) throw error;
    // A disk that fails is nobody's usage.
    if ((error as NodeJS.ErrnoException).code === "EIO") throw error;
    throw usageError(
      `the home ${folder} cannot be used: ${messageOf(error)}${wordsOfOwner(folder)}; ` +
        "name another with --home or NUMBERS_HOME, or mend its permissions",
      error,
    );
  }
}

/** Files that are written or removed by name. (What is only read may well be a link to where it is kept.) */
function ownFiles({ folder, database }: Pick<Home, "folder" | "database">): string[] {
  return [database, `${database}.wal`, join(folder, "erasure.key")];
}

/** Whether something was ever kept there. */
export function isHome(folder: string): boolean {
  return ["numbers.duckdb", "journal", "pool"].some((name) => existsSync(join(folder, name)));
}

function writeOwner(path: string, owner: Owner): void {
  try {
    writeFileSync(path, JSON.stringify(owner), { mode: 0o600 });
  } catch (error) {
    // A courtesy to those who wait. On a full disk looking, erasing and pruning must still be possible.
    if (!isOutOfSpace(error)) throw error;
    rmSync(path, { force: true });
  }
}

/** Removes this process's temporary folder. Never throws: what stays is swept by the next process. */
export function closeHome(home: Home): void {
  try {
    rmSync(home.temporary, { recursive: true, force: true });
  } catch {
    // A folder that cannot be removed now is swept once this process is dead.
  }
}

/** The process of that id, if it works on this home. */
export function ownerOf(home: Home, pid: number): Owner | undefined {
  const shared = join(home.folder, "tmp");
  return readdirSync(shared)
    .map((name) => ownerIn(join(shared, name)))
    .find((owner) => owner?.pid === pid);
}

/** Whose temporary folder this is; undefined while it is being made, or half removed. */
export function ownerIn(folder: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "owner.json"), "utf8")) as Owner;
  } catch {
    return undefined;
  }
}

function sweep(shared: string): void {
  for (const name of readdirSync(shared)) {
    const path = join(shared, name);
    const owner = ownerIn(path);
    const elsewhere = owner !== undefined && owner.host !== hostname();
    if (elsewhere || isAlive(Number.parseInt(name, 10), owner?.began)) continue;
    rmSync(path, { recursive: true, force: true });
  }
}

/** Whether that process runs, and not another one that got its id since. */
export function isAlive(pid: number, began?: string): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  const now = beginningOf(pid);
  if (began !== undefined && now !== undefined) return began === now;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The boot and the tick of the system's clock at which a process began, on Linux. */
function beginningOf(pid: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name of the program, in parentheses, may hold anything; the 22nd field is the 20th after it.
    const tick = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return tick && `${boot} ${tick}`;
  } catch {
    return undefined;
  }
}

/** Makes what was written to a file or folder survive a power cut. DuckDB's COPY does not do this itself. */
export function syncPath(path: string): void {
  const handle = openSync(path, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The same for a file and its name, and for the names of the folders on the way to it, from `top` on. */
export function syncNamed(path: string, top: string = dirname(path)): void {
  syncPath(path);
  for (let at = dirname(path); at.length >= top.length; at = dirname(at)) syncPath(at);
}

/**
 * Creates a folder and those above it, 0700, so that they survive a power cut. Not by mkdir's own `recursive`: Node 20 tries for ever where the system says
 * that a folder cannot be made because it is not there, as below /proc.
 */
export function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeFolders(above);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
  try {
    syncPath(above);
  } catch (error) {
    // A folder that one may go through but not look into, as others' homes are.
    if (!/^(EACCES|EPERM|EINVAL)$/.test(String((error as NodeJS.ErrnoException).code))) throw error;
  }
}

/**
 * Creates a folder below `top`, a folder of the home, and those between. Throws for a symbolic link on the way: what is
 * written and deleted there would be somewhere else.
 */
export function makeFolder(path: string, top: string): void {
  if (path.length > top.length) makeFolder(dirname(path), top);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return;
  if (stat) throw misplaced(path, stat);
  makeFolders(path);
}

/** What stands in the home where a folder or a file of its own should be. */
function misplaced(path: string, stat: Stats): UserError {
  const found = stat.isSymbolicLink()
    ? `a symbolic link to ${readlinkSync(path)}`
    : "something else";
  return usageError(
    `${path} is ${found}: a home keeps its own folders and files, and nothing is written or deleted through a link; ` +
      "put back what belongs there, or move the whole home and link to that",
  );
}

/** The paths of all files below a folder of the home. Throws for a symbolic link among them. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) throw misplaced(path, lstatSync(path));
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** Throws when a folder on the way to a file of the home is a symbolic link: the file is somebody else's. */
export function requireWay(path: string, top: string): void {
  for (let at = dirname(path); at.length >= top.length; at = dirname(at)) {
    const stat = lstatSync(at, { throwIfNoEntry: false });
    if (stat?.isSymbolicLink()) throw misplaced(at, stat);
  }
}

function refuseLinks(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) throw misplaced(path, lstatSync(path));
  }
}
