/** Giving a move up that is not done: the numbers stay where they were, and what was carried goes. */
import { messageOf, UserError, usageError } from "../../errors.ts";
import { createAccess as createServerAccess } from "../clickhouse/access.ts";
import { wordsOf } from "../clickhouse/address.ts";
import { movedOf, readMarks, writeMark } from "../clickhouse/owner.ts";
import { createAccess } from "../duckdb/access.ts";
import { type Moving, type Place, readPlace, writePlace } from "../place.ts";
import { removeCarried } from "./carried.ts";
import { dropTables } from "./destination.ts";
import type { MoveOptions } from "./move.ts";
import { removeBrought } from "./to-duckdb.ts";

export type Cancelled = {
  /** Where the numbers are, as before. */
  readonly where: string;
  readonly to: string;
  /** Why what was carried could not be removed there; it stays unusable. */
  readonly left: string | undefined;
};

export async function cancelMove(options: MoveOptions): Promise<Cancelled> {
  const place = readPlace(options.home);
  if (!place?.moving) {
    throw usageError(
      `no move is under way in the home ${options.home.folder}: there is nothing to give up`,
    );
  }
  const { moving } = place;
  return moving.to === "clickhouse"
    ? stayHere(options, place, moving)
    : stayThere(options, place, moving);
}

/** A server that is away or lost keeps nobody from going on: what is there is marked, and sold by nobody. */
async function stayHere(
  { home, server, embedded, at }: MoveOptions,
  place: Place,
  { id, where }: Moving,
): Promise<Cancelled> {
  let left: string | undefined;
  try {
    await createServerAccess(server).write(async (session) => {
      const marks = await readMarks(session);
      if (movedOf(marks.arriving)?.id === id || marks.database === id) await dropTables(session);
    });
  } catch (error) {
    if (!(error instanceof UserError) || embedded.resources.signal?.aborted) throw error;
    left = messageOf(error);
  }
  const here = createAccess(embedded);
  await here.write((catalog) =>
    catalog.transaction(() =>
      here.log(catalog, { at, action: "home.stay", subject: id, details: { to: where } }, {}),
    ),
  );
  removeCarried(home);
  writePlace(home, { home: place.home, engine: "duckdb" });
  return { where: home.folder, to: where, left };
}

async function stayThere(
  { home, server }: MoveOptions,
  place: Place,
  { id, where, isNew }: Moving,
): Promise<Cancelled> {
  await createServerAccess(server).write(async (session) => {
    const marks = await readMarks(session);
    if (movedOf(marks.left)?.id === id) {
      throw usageError(
        "the numbers are moved already, only the end of it was cut off: numbers move --to duckdb ends it",
      );
    }
    removeBrought(home);
    removeCarried(home);
    if (movedOf(marks.leaving)?.id === id) {
      await session.transaction(() => writeMark(session, "leaving", ""));
    }
    const { moving: _, ...before } = place;
    writePlace(home, isNew ? { home: place.home, engine: "duckdb" } : before);
  });
  return { where: wordsOf(server.address), to: where, left: undefined };
}
