/**
 * Moving the numbers of a home from one engine to the other. Nobody sells meanwhile: first the side that they leave is marked,
 * then the one that they go to; the second mark goes when both hold the same, the first says then where the numbers are. A move
 * that is cut off anywhere is gone on with by the same command, or given up (`cancel.ts`).
 */
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { readErasureKey } from "../../erasure-key.ts";
import { exitCode, UserError, usageError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import type { Home } from "../../home.ts";
import type { Progress } from "../../progress.ts";
import { hasDeed } from "../catalog/audit.ts";
import {
  createAccess as createServerAccess,
  type AccessOptions as ServerOptions,
} from "../clickhouse/access.ts";
import { wordsOf } from "../clickhouse/address.ts";
import { movedOf, readMarks, writeMark } from "../clickhouse/owner.ts";
import type { Session as ServerSession } from "../clickhouse/session.ts";
import { createAccess, type AccessOptions as HomeOptions } from "../duckdb/access.ts";
import { removeDoomedFiles } from "../duckdb/doomed.ts";
import { wordsOfEmbedded } from "../duckdb/embedded.ts";
import { journalFolder } from "../duckdb/journal-files.ts";
import { ledgerCopyPath, settleLedgerCopies } from "../duckdb/ledger-copies.ts";
import { flawOfCopy } from "../duckdb/promises.ts";
import type { Session } from "../duckdb/session.ts";
import type { EngineName } from "../names.ts";
import { homeIdOf, type Moving, type Place, readPlace, writePlace } from "../place.ts";
import { putAside } from "./aside.ts";
import { openCarried, removeCarried } from "./carried.ts";
import { requireDestination } from "./destination.ts";
import { placeDatabase, withNewDatabase } from "./new-home.ts";
import { carryToClickhouse } from "./to-clickhouse.ts";
import { carryToDuckdb } from "./to-duckdb.ts";
import { type Verified, verify } from "./verify.ts";

export type MoveOptions = {
  readonly home: Home;
  readonly embedded: HomeOptions;
  readonly server: ServerOptions;
  readonly at: Date;
  readonly progress: Progress;
};

/** `verified` is missing where the move was done before, and only its end was cut off. */
export type Moved = {
  readonly to: EngineName;
  readonly where: string;
  readonly id: string | undefined;
  /** It was begun before. */
  readonly isResumed: boolean;
  /** There was nothing left to do. */
  readonly isThere: boolean;
  readonly verified: Verified | undefined;
  /** The folder of the home that has its former files now. */
  readonly aside: string | undefined;
  /** The server's database that has the former numbers still. */
  readonly left: string | undefined;
};

export async function move(options: MoveOptions, to: EngineName): Promise<Moved> {
  const place = readPlace(options.home);
  if (place?.moving && place.moving.to !== to) {
    throw usageError(
      `a move to ${place.moving.where} is under way: numbers move --to ${place.moving.to} goes on with it, numbers move ` +
        "--cancel gives it up",
    );
  }
  try {
    return await (to === "clickhouse" ? toClickhouse(options, place) : toDuckdb(options, place));
  } catch (error) {
    if (!options.embedded.resources.signal?.aborted) throw error;
    const isBegun = readPlace(options.home)?.moving !== undefined;
    throw new UserError(
      exitCode.interrupted,
      isBegun
        ? `the move is not done, and nothing is sold until it is: numbers move --to ${to} goes on with it, numbers move ` +
            "--cancel gives it up"
        : "nothing was moved",
      { cause: error },
    );
  }
}

/** What a move that is done has to say where it was done before. */
function done(to: EngineName, where: string, more: Partial<Moved>): Moved {
  const nothing = { id: undefined, isResumed: false, isThere: false, verified: undefined };
  return { to, where, ...nothing, aside: undefined, left: undefined, ...more };
}

async function toClickhouse(options: MoveOptions, place: Place | undefined): Promise<Moved> {
  const { home, server, embedded, at, progress } = options;
  const where = wordsOf(server.address);
  if (place?.engine === "clickhouse") {
    if (place.database === undefined || place.moving) throw new Error("a home without a place");
    const aside = await putAside(home, place.database);
    removeCarried(home);
    return done("clickhouse", place.where ?? where, { id: place.database, isThere: true, aside });
  }
  if (!existsSync(home.database)) {
    throw usageError(
      `the home ${home.folder} has no numbers of its own to be moved: numbers --engine clickhouse begins on the server`,
    );
  }
  const id = place?.moving?.id ?? randomUUID();
  const moving = place?.moving ?? { id, to: "clickhouse", where, since: at.toISOString() };
  const owner = homeIdOf(place);
  const verified = await createServerAccess(server).write(async (session) => {
    const isArrived = await requireDestination(session, moving, owner, where);
    if (isArrived) return undefined;
    const here = createAccess(embedded);
    await here.write(async (catalog) => {
      await settleLedgerCopies(catalog, home);
      await removeDoomedFiles(catalog, home);
      if (!place?.moving) await here.aside((files) => requireSound(catalog, files, home));
      writePlace(home, { home: owner, engine: "duckdb", moving });
      await failpoint("move.marked");
      if (await hasDeed(catalog, "home.move", id)) return;
      const details = { to: "clickhouse", where };
      await catalog.transaction(() =>
        here.log(catalog, { at, action: "home.move", subject: id, details }, {}),
      );
    });
    const mark = { id, home: owner, where: home.folder, since: moving.since };
    await session.transaction(() => writeMark(session, "arriving", JSON.stringify(mark)));
    await failpoint("move.announced");
    const carried = openCarried(home, id);
    const found = await here.read((catalog) =>
      here.aside(async (files) => {
        const { signal } = embedded.resources;
        const carrying = { home, id, carried, progress, signal, catalog, files, server: session };
        await carryToClickhouse(carrying);
        return verify(carrying);
      }),
    );
    await failpoint("move.verified");
    await session.transaction(async () => {
      await writeMark(session, "home", owner);
      await writeMark(session, "database_id", id);
      await writeMark(session, "arriving", "");
    });
    await failpoint("move.arrived");
    return found;
  });
  writePlace(home, { home: owner, engine: "clickhouse", where, database: id });
  await failpoint("move.noted");
  const aside = await putAside(home, id);
  removeCarried(home);
  const isResumed = place?.moving !== undefined;
  return done("clickhouse", where, { id, isResumed, verified, aside });
}

/** What would not arrive whole, or not as it should be, is said before anything is marked. */
async function requireSound(catalog: Session, files: Session, home: Home): Promise<void> {
  if ((await catalog.rows("select_unfinished_erasures")).length > 0) throw unfinished();
  for (const row of await catalog.rows("select_orders_of_ledger")) {
    if (row.is_live !== true) continue;
    const copy = ledgerCopyPath(home, String(row.order_id), row.reserved_at as Date);
    const flaw = await flawOfCopy(files, copy, row);
    if (flaw === undefined) continue;
    throw new UserError(exitCode.integrity, `order ${row.order_id}: its copy ${copy} ${flaw}`);
  }
}

function unfinished(): UserError {
  return usageError(
    "an erasure is not finished: numbers erase --resume finishes it, then the numbers can be moved",
  );
}

async function toDuckdb(options: MoveOptions, place: Place | undefined): Promise<Moved> {
  const { home, server, embedded, at, progress } = options;
  const where = wordsOf(server.address);
  const owner = homeIdOf(place);
  return createServerAccess(server).write(async (session) => {
    const marks = await readMarks(session);
    const isNew = place?.engine !== "clickhouse";
    const moving = place?.moving ?? {
      id: randomUUID(),
      to: "duckdb",
      where: home.folder,
      since: at.toISOString(),
      isNew,
    };
    const left = movedOf(marks.left);
    if (left && left.id === moving.id) return finish(options, place, moving, undefined);
    if (left && left.home === owner) {
      removeCarried(home);
      return done("duckdb", home.folder, { isThere: true });
    }
    if (isNew) await requireEmpty(embedded, where);
    const database = await requireSource(session, options, place, moving);
    writePlace(home, { home: owner, engine: "clickhouse", where, database, moving });
    await failpoint("move.marked");
    const mark = { id: moving.id, home: owner, where: home.folder, since: moving.since };
    await session.transaction(() => writeMark(session, "leaving", JSON.stringify(mark)));
    await failpoint("move.announced");
    const carried = openCarried(home, moving.id);
    const { signal } = embedded.resources;
    const here = createAccess(embedded);
    // By what it knows, not by its name: a home may have an empty one from before.
    const isPlaced = async () =>
      existsSync(home.database) &&
      (await here.examine((catalog) => hasDeed(catalog, "home.move", moving.id)));
    const verified = (await isPlaced())
      ? undefined
      : await withNewDatabase(here, embedded.resources, async (catalog, seal) =>
          here.aside(async (files) => {
            const carrying = {
              home,
              id: moving.id,
              carried,
              progress,
              signal,
              catalog,
              files,
              server: session,
            };
            await carryToDuckdb(carrying);
            const found = await verify(carrying);
            await failpoint("move.verified");
            const details = { to: "duckdb", from: where };
            await seal({ at, action: "home.move", subject: moving.id, details });
            return found;
          }),
        );
    await placeDatabase(home);
    if (!(await isPlaced())) throw new Error(`${home.database} is not what was brought`);
    await failpoint("move.placed");
    await session.transaction(async () => {
      await writeMark(session, "left", JSON.stringify(mark));
      await writeMark(session, "leaving", "");
    });
    await failpoint("move.arrived");
    return finish(options, place, moving, verified);
  });
}

async function finish(
  { home, server }: MoveOptions,
  place: Place | undefined,
  moving: Moving,
  verified: Verified | undefined,
): Promise<Moved> {
  writePlace(home, { home: homeIdOf(place ?? readPlace(home)), engine: "duckdb" });
  await failpoint("move.noted");
  removeCarried(home);
  const isResumed = place?.moving !== undefined;
  const left = wordsOf(server.address);
  return done("duckdb", home.folder, { id: moving.id, isResumed, verified, left });
}

/** Throws unless the numbers there may be moved into this home; resolves to the id of their database. */
async function requireSource(
  session: ServerSession,
  { home, server }: MoveOptions,
  place: Place | undefined,
  moving: Moving,
): Promise<string> {
  const where = wordsOf(server.address);
  const marks = await readMarks(session);
  if (marks.database === undefined) throw usageError(`the database at ${where} has no numbers`);
  if (place?.database !== undefined && place.database !== marks.database) {
    throw usageError(
      `the numbers of the home ${home.folder} are in the database ${place.database}, last seen at ${place.where}; the one at ` +
        `${where} is another, ${marks.database}: mend clickhouse_url`,
    );
  }
  const arriving = movedOf(marks.arriving);
  if (arriving) {
    throw usageError(
      `the database at ${where} is being filled with the numbers of ${arriving.where}: let that move end first`,
    );
  }
  const other = movedOf(marks.leaving) ?? movedOf(marks.left);
  if (other && other.id !== moving.id) {
    throw usageError(
      `the numbers of ${where} ${marks.left ? "were" : "are being"} moved to ${other.where} since ${other.since}: use that home`,
    );
  }
  const [erasures] = await session.rows("count_unfinished");
  if (Number(erasures?.unfinished) > 0) throw unfinished();
  if (Number(erasures?.persons) > 0) readErasureKey(home);
  return marks.database;
}

/** Throws a usage error for a home that has numbers of its own. */
async function requireEmpty(embedded: HomeOptions, where: string): Promise<void> {
  const { folder } = embedded.home;
  const journal = journalFolder(folder);
  const isJournalled = existsSync(journal) && readdirSync(journal).length > 0;
  const held = isJournalled ? `files in ${journal}` : await wordsOfEmbedded(embedded);
  if (held === undefined) return;
  throw usageError(
    `the home ${folder} has numbers of its own (${held}): name an empty --home to move those of ${where} into`,
  );
}
