/**
 * Where the numbers of a home are: noted in `engine.json` in the home when it is first used with a server, or moved. A flag that
 * is forgotten in one line of a crontab must not sell from the place where the numbers were before.
 */
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Elsewhere, exitCode, messageOf, UserError } from "../errors.ts";
import { type Home, syncPath } from "../home.ts";
import type { EngineName } from "./names.ts";

/** A move that was begun and is neither done nor cancelled. */
export type Moving = {
  readonly id: string;
  readonly to: EngineName;
  /** Where to, in words. */
  readonly where: string;
  readonly since: string;
  /** Of a home that they are moved into: it was not the one that uses them. */
  readonly isNew?: boolean;
};

export type Place = {
  /** Of this home: a database notes it as the one that may write to it. */
  readonly home: string;
  /** Which engine has the numbers; while they are moved, the one they are moved from. */
  readonly engine: EngineName;
  /** Where the server is, without user and password. */
  readonly where?: string;
  /** The id of the database there. */
  readonly database?: string;
  /** The id that the database is about to get: its owner has it first. */
  readonly claiming?: string;
  readonly moving?: Moving;
};

type Folder = Pick<Home, "folder">;

/** What is noted; undefined of a home that was only ever an embedded one. Throws `integrity` when it cannot be read. */
export function readPlace(home: Folder): Place | undefined {
  const path = pathIn(home);
  if (!existsSync(path)) return undefined;
  try {
    const place = JSON.parse(readFileSync(path, "utf8")) as Place;
    if (typeof place.home !== "string") throw new Error("it names no home");
    return place;
  } catch (error) {
    throw new UserError(
      exitCode.integrity,
      `${path}, which says where the numbers of this home are, cannot be read: ${messageOf(error)}; put ` +
        "it back from a copy of the home",
      { cause: error },
    );
  }
}

/** Notes it, whole or not at all. */
export function writePlace(home: Pick<Home, "folder" | "temporary">, place: Place): void {
  const fresh = join(home.temporary, "engine.json");
  writeFileSync(fresh, `${JSON.stringify(place, undefined, 2)}\n`, { mode: 0o600 });
  syncPath(fresh);
  renameSync(fresh, pathIn(home));
  syncPath(home.folder);
}

/** The id of this home: the one that is noted, or a new one. */
export function homeIdOf(place: Place | undefined): string {
  return place?.home ?? randomUUID();
}

/**
 * Throws a usage error when `engine` is not where the numbers of the home are, or while they are moved: then `stats` may
 * look at what is left behind, and nothing else.
 */
export function requirePlace(home: Folder, engine: EngineName, command: string): void {
  const place = readPlace(home);
  if (place === undefined) return;
  const { moving } = place;
  if (moving && (command !== "stats" || engine !== place.engine))
    throw beingMoved(home, place, moving);
  if (place.engine === "clickhouse" && engine === "duckdb") throw elsewhere(home, place);
}

/** Asked once more when the database is opened: somebody may have moved the numbers since this process began. */
export function requireEmbedded(home: Folder, access: "read" | "write"): void {
  const place = readPlace(home);
  if (place?.engine === "clickhouse") throw elsewhere(home, place);
  if (place?.moving && access === "write") throw beingMoved(home, place, place.moving);
}

/** The folder of the home that gets the files that it had before its numbers moved away. */
export function asideOf(database: string): string {
  return `moved-${database.slice(0, 8)}`;
}

/** Those that are still there: whoever is erased now is in them all the same. */
export function findAside({ folder }: Folder): string[] {
  return readdirSync(folder).filter((name) => /^moved-[0-9a-f]{8}$/.test(name));
}

function elsewhere({ folder }: Folder, { where }: Place): Elsewhere {
  return new Elsewhere(
    `the numbers of the home ${folder} are in ClickHouse at ${where}: use --engine clickhouse --clickhouse-url URL, or ` +
      'write engine = "clickhouse" and clickhouse_url into its config.toml; numbers move --to duckdb brings them back',
  );
}

function beingMoved({ folder }: Folder, place: Place, { to, where, since }: Moving): Elsewhere {
  const what =
    to === "clickhouse"
      ? `the numbers of the home ${folder} are being moved to ${where}`
      : `the numbers at ${place.where} are being moved into the home ${folder}`;
  return new Elsewhere(
    `${what} since ${since}, and nothing is sold meanwhile: ` +
      `numbers move --to ${to} goes on with it, numbers move --cancel gives it up`,
  );
}

function pathIn({ folder }: Folder): string {
  return join(folder, "engine.json");
}
