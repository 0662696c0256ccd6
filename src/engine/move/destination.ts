/** The database on the server that a home moves into: nobody else's, and empty. */
import { usageError } from "../../errors.ts";
import { movedOf, readMarks } from "../clickhouse/owner.ts";
import { migrate, tableNames } from "../clickhouse/schema.ts";
import type { Session } from "../clickhouse/session.ts";
import { identifier } from "../clickhouse/statements.ts";
import type { Moving } from "../place.ts";

/**
 * Throws a usage error unless this home may be moved into it. Resolves to whether all has arrived there already, and only the
 * home does not know it yet. What an abandoned move of the same home left is dropped.
 */
export async function requireDestination(
  session: Session,
  { id, where: begun }: Moving,
  owner: string,
  where: string,
): Promise<boolean> {
  const marks = await readMarks(session);
  const arriving = movedOf(marks.arriving);
  if (marks.database === id || arriving?.id === id) return arriving === undefined;
  if (begun !== where) {
    throw usageError(
      `the move that is under way goes to ${begun}; the database at ${where} knows nothing of it: name the same one again, ` +
        "or give the move up with numbers move --cancel",
    );
  }
  if (arriving?.home === owner) {
    await dropTables(session);
    await migrate(session, 0);
    return false;
  }
  if (arriving) {
    throw usageError(
      `the database at ${where} is being filled with the numbers of ${arriving.where} since ${arriving.since}: name another one`,
    );
  }
  const left = movedOf(marks.left);
  const [held] = await session.rows("count_anything");
  if (left || Number(held?.rows) > 0) {
    const what = left ? `has what was moved to ${left.where} since ${left.since}` : "has numbers";
    throw usageError(
      `the database at ${where} ${what}: a home is moved into one that is empty. Name another one, or drop it there first`,
    );
  }
  if (marks.home !== undefined && marks.home !== owner) {
    throw usageError(
      `the database at ${where} belongs to another home (${marks.home}): name another one, or drop it there first`,
    );
  }
  return false;
}

/** Leaves nothing of ours there; the marks go last, so that what is cut off can be done again. */
export async function dropTables(session: Session): Promise<void> {
  for (const table of [...tableNames].reverse()) {
    await session.run("drop_table", {}, { table: identifier(table) });
  }
}
