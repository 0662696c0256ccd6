/** Pool files as ranges of rows: several may lie in one file, once small ones were joined. */
import { join } from "node:path";
import type { Home } from "../../home.ts";
import type { Row } from "../session.ts";
import type { Session } from "./session.ts";

export type Piece = {
  /** The name by which orders know it; of a file that the catalog does not know, its own. */
  readonly path: string;
  /** Where its rows lie: the whole path. */
  readonly file: string;
  /** The import whose list its rows were read from. */
  readonly list: string;
  /** Its rows in the file. */
  readonly first: number;
  readonly last: number;
};

/** A row of `select_whole_pool`. */
export function pieceOf({ folder }: Home, row: Row): Piece {
  const first = Number(row.first_row);
  return {
    path: String(row.path),
    file: join(folder, String(row.file)),
    list: String(row.import_id),
    first,
    last: first + Number(row.rows) - 1,
  };
}

/** Where the rows of a pool file lay when they were read, below the home. */
export type Place = {
  readonly path: string;
  readonly file: string;
  readonly firstRow: number;
  readonly rows: number;
};

/** Something was written anew, moved or dropped by somebody else meanwhile: look again. */
export class Overtaken extends Error {}

/** Throws `Overtaken` unless these pool files, and no others, lie in those files now. Called under the lock. */
export async function requirePlaces(session: Session, places: readonly Place[]): Promise<void> {
  const files = [...new Set(places.map(({ file }) => file))];
  if (files.length === 0) return;
  const rows = await session.rows("select_pieces", { files });
  const keyOf = (one: Place) => JSON.stringify([one.path, one.file, one.firstRow, one.rows]);
  const expected = new Set(places.map(keyOf));
  for (const row of rows) {
    const place = {
      path: String(row.path),
      file: String(row.file),
      firstRow: Number(row.first_row),
      rows: Number(row.rows),
    };
    if (!expected.delete(keyOf(place))) throw new Overtaken(place.path);
  }
  for (const one of expected) throw new Overtaken(one);
}

/** Records where rows lie now; `erased` were taken out of them on the way. */
export async function movePieces(
  session: Session,
  moved: readonly (Place & {
    readonly bytes: number;
    readonly sum: string;
    readonly erased: number;
  })[],
): Promise<void> {
  await session.run("move_pool_files", {
    paths: moved.map(({ path }) => path),
    files: moved.map(({ file }) => file),
    first_rows: moved.map(({ firstRow }) => BigInt(firstRow)),
    bytes: moved.map(({ bytes }) => BigInt(bytes)),
    sums: moved.map(({ sum }) => sum),
    erased: moved.map(({ erased }) => BigInt(erased)),
  });
}

/** The files that they lie in, each once. */
export function filesOf(pieces: readonly Piece[]): string[] {
  return [...new Set(pieces.map(({ file }) => file))];
}

/** Makes the temporary table `pieces`, by which a row of a file finds its pool file. */
export async function createPieces(session: Session, pieces: readonly Piece[]): Promise<void> {
  await session.run("create_pieces", {
    files: pieces.map(({ file }) => file),
    paths: pieces.map(({ path }) => path),
    lists: pieces.map(({ list }) => list),
    firsts: pieces.map(({ first }) => BigInt(first)),
    lasts: pieces.map(({ last }) => BigInt(last)),
  });
}
