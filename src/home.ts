/**
 * The home: one folder with all state. Owns its layout, its permissions, this process's temporary folder and the
 * sweeping of folders that dead processes left.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { exitCode, messageOf, UserError, usageError } from "./errors.ts";
import { failpoint } from "./failpoints.ts";

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
};

/**
 * Creates the folders that are missing (0700), sweeps what dead processes left and makes this process's own
 * temporary folder. `command` is the subcommand's name alone: arguments may hold phone numbers.
 */
export function openHome(folder: string, command: string): Home {
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
    for (const path of [folder, home.pool, home.ledger, home.rejects, shared]) {
      makeFolders(path);
    }
    failpoint("home.folders-made");
    sweep(shared);
    const temporary = join(shared, `${process.pid}-${randomBytes(4).toString("hex")}`);
    mkdirSync(temporary, { mode: 0o700 });
    const owner: Owner = {
      pid: process.pid,
      host: hostname(),
      command: `numbers ${command}`,
      since: new Date().toISOString(),
    };
    try {
      failpoint("home.temporary-made");
      writeFileSync(join(temporary, "owner.json"), JSON.stringify(owner), { mode: 0o600 });
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      throw error;
    }
    return { ...home, temporary };
  } catch (error) {
    if (["ENOSPC", "EDQUOT", "EIO"].includes((error as NodeJS.ErrnoException).code ?? "")) {
      throw new UserError(
        exitCode.unexpected,
        `the home ${folder} cannot be written to: ${messageOf(error)}; make room on its disk, or mend it`,
        { cause: error },
      );
    }
    throw usageError(
      `the home ${folder} cannot be used: ${messageOf(error)}; ` +
        "name another with --home or NUMBERS_HOME, or mend its permissions",
      error,
    );
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
  return owners(join(home.folder, "tmp")).find((entry) => entry.owner?.pid === pid)?.owner;
}

function owners(shared: string): { path: string; pid: number; owner: Owner | undefined }[] {
  return readdirSync(shared).map((name) => {
    const path = join(shared, name);
    let owner: Owner | undefined;
    try {
      owner = JSON.parse(readFileSync(join(path, "owner.json"), "utf8")) as Owner;
    } catch {
      // Just being made, or half removed: the process id in its name is all there is.
    }
    return { path, pid: Number.parseInt(name, 10), owner };
  });
}

function sweep(shared: string): void {
  for (const { path, pid, owner } of owners(shared)) {
    const elsewhere = owner !== undefined && owner.host !== hostname();
    if (!elsewhere && !isAlive(pid)) rmSync(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
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

/**
 * Creates a folder and those above it, 0700. Not by mkdir's own `recursive`: Node 20 tries for ever where the system says
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
}

/** Creates a folder below the home and syncs each parent that gained an entry. */
export function makeFolder(path: string, parent: string): void {
  if (existsSync(path)) return;
  makeFolders(path);
  for (let at = path; at.length > parent.length; at = join(at, "..")) syncPath(join(at, ".."));
}
