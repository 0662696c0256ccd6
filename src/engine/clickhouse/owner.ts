/**
 * Whose a database is. It has an id, which the home that uses it notes too: an address that leads to another database, or to an
 * empty one, would sell everything again. And it notes the home that may write to it: the lock is a file in that home.
 */
import { randomUUID } from "node:crypto";
import { Elsewhere } from "../../errors.ts";
import type { Home } from "../../home.ts";
import { homeIdOf, type Place, readPlace, writePlace } from "../place.ts";
import type { Session as Shared } from "../session.ts";
import type { Session } from "./session.ts";

/** What a database notes of itself; undefined where it notes nothing. */
export type Marks = {
  readonly database: string | undefined;
  /** The home that may write. */
  readonly home: string | undefined;
  /** JSON of a `Moved`: it is being filled by a move, and nothing may be sold from it yet. */
  readonly arriving: string | undefined;
  /** JSON of a `Moved`: its numbers are being moved away. */
  readonly leaving: string | undefined;
  /** JSON of a `Moved`: they were moved away; what is here is old. */
  readonly left: string | undefined;
};

/** A move, as the database that it leads to, or from, has it. */
export type Moved = {
  readonly id: string;
  /** The home that moves. */
  readonly home: string;
  readonly where: string;
  readonly since: string;
};

/** Of a database that has its tables. */
export async function readMarks(session: Shared): Promise<Marks> {
  const rows = await session.rows("read_marks");
  const found = new Map(rows.map(({ key, value }) => [String(key), String(value)]));
  return {
    database: found.get("database_id"),
    home: found.get("home"),
    arriving: found.get("arriving"),
    leaving: found.get("leaving"),
    left: found.get("left"),
  };
}

/** One that has none yet. */
export const unmarked: Marks = {
  database: undefined,
  home: undefined,
  arriving: undefined,
  leaving: undefined,
  left: undefined,
};

/** Empty text takes the mark away. */
export async function writeMark(
  session: Shared,
  key: "database_id" | "home" | "arriving" | "leaving" | "left",
  value: string,
): Promise<void> {
  await session.run("write_meta", { key, value });
}

export function movedOf(mark: string | undefined): Moved | undefined {
  return mark === undefined ? undefined : (JSON.parse(mark) as Moved);
}

/** Throws a usage error when nothing that is read there would be true of this home's numbers. */
export function requireReadable(home: Pick<Home, "folder">, marks: Marks, where: string): void {
  const place = readPlace(home);
  if (place?.database !== undefined && place.database !== marks.database) {
    const what =
      marks.database === undefined ? "holds no numbers" : `is another one, ${marks.database}`;
    throw new Elsewhere(
      `the numbers of the home ${home.folder} are in the database ${place.database}, last seen at ${place.where}; the one at ` +
        `${where} ${what}: mend clickhouse_url (nothing is sold from a database that does not know what was sold before)`,
    );
  }
  const arriving = movedOf(marks.arriving);
  if (arriving) {
    throw new Elsewhere(
      `the database at ${where} is being filled with the numbers of ${arriving.where} since ${arriving.since}: numbers move ` +
        "--to clickhouse goes on with it there, numbers move --cancel gives it up",
    );
  }
  const left = movedOf(marks.left);
  if (left) {
    throw new Elsewhere(
      `the numbers of the database at ${where} were moved to ${left.where}; what is here is as old as ${left.since}: use ` +
        "that home with --engine duckdb",
    );
  }
}

/** Throws a usage error when this home may not change the database. */
export function requireWritable(
  home: Pick<Home, "folder">,
  marks: Marks,
  where: string,
  sharesWriters: boolean,
): void {
  requireReadable(home, marks, where);
  const leaving = movedOf(marks.leaving);
  if (leaving) {
    throw new Elsewhere(
      `the numbers of the database at ${where} are being moved to ${leaving.where} since ${leaving.since}, and nothing is ` +
        "sold meanwhile: numbers move --to duckdb goes on with it there, numbers move --cancel gives it up",
    );
  }
  if (isOwnedBy(home, marks, sharesWriters)) return;
  throw new Elsewhere(
    `the database at ${where} belongs to another home (${marks.home}), and ${home.folder} may only look at it, as with ` +
      "numbers stats: the lock that keeps two from selling one number is a file in that home. Use that home, or another " +
      "database",
  );
}

/** Whether the lock of this home is the one that counts there. */
export function isOwnedBy(
  home: Pick<Home, "folder">,
  marks: Marks,
  sharesWriters: boolean,
): boolean {
  return sharesWriters || marks.home === undefined || readPlace(home)?.home === marks.home;
}

/** Makes a database that is nobody's the one of this home, and notes it there. Called under the lock. */
export async function claim(
  session: Session,
  home: Home,
  marks: Marks,
  where: string,
): Promise<void> {
  const place = readPlace(home);
  if (marks.database !== undefined && marks.home !== undefined) {
    const isNoted = place?.database === marks.database && place.where === where;
    // One of several that share it, or the folder that it is in was moved.
    if (!isNoted) writePlace(home, noted(place, marks.database, where));
    return;
  }
  const database = marks.database ?? place?.claiming ?? randomUUID();
  const owner = homeIdOf(place);
  // First here: should this process be killed in between, the same home goes on with the same id.
  writePlace(home, { home: owner, engine: "clickhouse", where, claiming: database });
  await session.transaction(async () => {
    await writeMark(session, "database_id", database);
    await writeMark(session, "home", owner);
  });
  writePlace(home, noted(readPlace(home), database, where));
}

function noted(place: Place | undefined, database: string, where: string): Place {
  return { home: homeIdOf(place), engine: "clickhouse", where, database };
}
