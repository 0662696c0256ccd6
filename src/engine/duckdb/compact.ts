/**
 * Joining small pool files: written beside them without the lock, from files that are held, compared row by row, and put in
 * their place in one short transaction a day. Orders go on knowing a row by the name of its first file.
 */
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { sumOfFile } from "../../checksum.ts";
import { exitCode, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { makeFolder, syncPath } from "../../home.ts";
import { newId } from "../../ids.ts";
import {
  type DayPlan,
  firstRowsOf,
  type Group,
  type PoolPiece,
  planCompaction,
  type Run,
  runsOf,
  sharesOf,
} from "../../pool/compaction.ts";
import { poolPath } from "../../pool/files.ts";
import type { CompactedDay, CompactVerbs } from "../keeping.ts";
import type { Parameter } from "../session.ts";
import { type Fragment, fragment, joined } from "../statements.ts";
import type { Access } from "./access.ts";
import { removeDoomedFiles } from "./doomed.ts";
import { holdFiles } from "./held.ts";
import { movePieces, Overtaken, requirePlaces } from "./pieces.ts";
import { notedSums } from "./pool-sums.ts";
import { requirePoolFile } from "./selection.ts";
import type { Session } from "./session.ts";
import { statement } from "./statements.ts";

/** How often others may spoil a day before we give up. */
const roundsMost = 20;

/** A joined file that has no name in the pool yet. */
type Staged = {
  readonly group: Group;
  readonly path: string;
  readonly bytes: number;
  readonly sum: string;
};

export function compactVerbs(access: Access): CompactVerbs {
  return {
    compact: async ({ at, dryRun, onDay }) => {
      const { plan, isDoomed } = await access.read(async (session) => ({
        plan: await planOf(session, null),
        isDoomed: (await session.rows("select_doomed_files")).length > 0,
      }));
      // A crash may have left nothing to do but to remove files.
      if (isDoomed && !dryRun) {
        await access.write((session) => removeDoomedFiles(session, access.home));
      }
      const days: CompactedDay[] = [];
      let overtaken = 0;
      for (const [index, { date, groups }] of plan.entries()) {
        onDay?.(date, index + 1, plan.length);
        if (dryRun) days.push(dayOf(date, groups, undefined));
        else {
          const done = await compactDay(access, date, at);
          overtaken += done.overtaken;
          if (done.day) days.push(done.day);
        }
      }
      return { days, overtaken };
    },
  };
}

async function planOf(session: Session, date: string | null): Promise<DayPlan[]> {
  const rows = await session.rows("select_pool_pieces", { date });
  return planCompaction(
    rows.map((row) => ({
      path: String(row.path),
      file: String(row.file),
      firstRow: Number(row.first_row),
      rows: Number(row.rows),
      bytes: Number(row.bytes),
      date: String(row.date),
      provider: String(row.provider),
      synthetic: row.synthetic === true,
      columns: row.columns as string[],
      phoneColumn: String(row.phone_column),
    })),
  );
}

function dayOf(
  date: string,
  groups: readonly Group[],
  bytesAfter: number | undefined,
): CompactedDay {
  const sum = (of: (group: Group) => number) => groups.reduce((total, one) => total + of(one), 0);
  return {
    date,
    files: sum(({ files }) => files),
    joined: groups.length,
    rows: sum(({ rows }) => rows),
    bytesBefore: sum(({ bytes }) => bytes),
    bytesAfter,
  };
}

/** Joins what a day has now; resolves to no day when somebody else has done it meanwhile. */
async function compactDay(
  access: Access,
  date: string,
  at: Date,
): Promise<{ day: CompactedDay | undefined; overtaken: number }> {
  for (let overtaken = 0; ; overtaken += 1) {
    const { groups, files, sums, release } = await access.read((session) =>
      holdDay(session, access, date),
    );
    const staged: Staged[] = [];
    try {
      if (groups.length === 0) return { day: undefined, overtaken };
      await requireUnchanged(files, sums, access.signal);
      await access.aside(async (session) => {
        for (const [n, group] of groups.entries()) {
          const path = join(access.home.temporary, `joined-${date}-${n}.parquet`);
          const bytes = await writeJoined(session, group, files, path);
          staged.push({ group, path, bytes, sum: await sumOfFile(path) });
        }
      });
      await access.write((session) => publish(session, access, date, staged, at));
      const bytes = staged.reduce((sum, one) => sum + one.bytes, 0);
      return { day: dayOf(date, groups, bytes), overtaken };
    } catch (error) {
      // On a file system without second names nothing can be held.
      const isGone = [...files.values()].some((path) => !existsSync(path));
      if (!(error instanceof Overtaken || isGone) || overtaken + 1 === roundsMost) throw error;
    } finally {
      release();
      for (const { path } of staged) rmSync(path, { force: true });
    }
  }
}

/** What is to be joined of a day, and where its files can be read whatever becomes of them. */
async function holdDay(
  session: Session,
  { home }: Access,
  date: string,
): Promise<{
  groups: readonly Group[];
  files: ReadonlyMap<string, string>;
  sums: ReadonlyMap<string, string>;
  release: () => void;
}> {
  const groups = (await planOf(session, date)).flatMap((day) => day.groups);
  const names = [...new Set(groups.flatMap(({ pieces }) => pieces.map(({ file }) => file)))];
  for (const name of names) requirePoolFile(home.folder, name);
  const { rows, release } = holdFiles(
    home,
    names.map((file) => ({ file })),
  );
  const files = new Map(names.map((name, n) => [name, join(home.folder, String(rows[n]?.file))]));
  return { groups, files, sums: await notedSums(session), release };
}

/** A file that was damaged since it was written must not become a good part of another, where nobody would find it. */
async function requireUnchanged(
  files: ReadonlyMap<string, string>,
  sums: ReadonlyMap<string, string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const [name, path] of files) {
    signal?.throwIfAborted();
    const sum = sums.get(name);
    if (sum === undefined || (await sumOfFile(path)) === sum) continue;
    throw new UserError(
      exitCode.integrity,
      `${name} does not hold what was written: put it back from a backup; its day was left as it is`,
    );
  }
}

/** Writes one group and compares: as many rows, every one as it was and in its place. Resolves to the bytes of the file. */
async function writeJoined(
  session: Session,
  group: Group,
  files: ReadonlyMap<string, string>,
  target: string,
): Promise<number> {
  const runs = runsOf(group);
  const from = branches(runs, group.pieces, files);
  await session.run("write_joined", { ...from.parameters, target }, { rows: from.rows });
  const [before] = await session.rows("check_joined", from.parameters, { rows: from.rows });
  const whole = [{ files: [target], first: 0, rows: group.rows }];
  const to = branches(whole, [{ file: target, rows: group.rows }], new Map([[target, target]]));
  const [after] = await session.rows("check_joined", to.parameters, { rows: to.rows });
  const isSame =
    Number(before?.rows) === group.rows &&
    before?.rows === after?.rows &&
    before?.numbers === after?.numbers &&
    before?.kept === after?.kept;
  if (!isSame) {
    throw new Error(
      `${group.files} files of ${group.provider} have ${before?.rows} rows, the catalog says ${group.rows}, and joined they ` +
        `would have ${after?.rows}; they were left as they are: run numbers doctor`,
    );
  }
  syncPath(target);
  await failpoint("compact.file-written");
  return statSync(target).size;
}

/** The rows of some runs, each with its place in the joined file, as one piece of SQL and what it binds. */
function branches(
  runs: readonly Run[],
  pieces: readonly Pick<PoolPiece, "file" | "rows">[],
  paths: ReadonlyMap<string, string>,
): { rows: Fragment; parameters: Record<string, Parameter> } {
  const parameters: Record<string, Parameter> = {};
  // Of files that are read whole: a file that is read in parts has several pieces, and its runs one file.
  const rowsOf = new Map(pieces.map(({ file, rows }) => [file, rows]));
  let place = 0;
  const parts = runs.map(({ files, first, rows }, n): Fragment => {
    const own = files.length === 1 ? [rows] : files.map((file) => rowsOf.get(file) ?? 0);
    parameters[`paths_${n}`] = files.map((file) => paths.get(file) ?? file);
    parameters[`first_${n}`] = first;
    parameters[`last_${n}`] = files.length === 1 ? first + rows - 1 : Math.max(...own) - 1;
    parameters[`before_${n}`] = firstRowsOf(own).map((before) => BigInt(place - first + before));
    place += rows;
    return { sql: statement("joined_rows", { n: fragment`${n}` }) };
  });
  return { rows: joined(parts, "\nunion all\n"), parameters };
}

/** Throws `Overtaken`, and changes nothing, when the files of the day are not what was read. */
async function publish(
  session: Session,
  { home, log }: Access,
  date: string,
  staged: readonly Staged[],
  at: Date,
): Promise<void> {
  await removeDoomedFiles(session, home);
  const pieces = staged.flatMap(({ group }) => group.pieces);
  await requirePlaces(session, pieces);
  const id = newId(at);
  const targets = staged.map(({ group }, n) => poolPath(date, group.provider, id, n + 1));
  const olds = [...new Set(pieces.map(({ file }) => file))];
  const details = {
    files: olds.length,
    joined: targets.length,
    rows: pieces.reduce((sum, { rows }) => sum + rows, 0),
    bytes_before: pieces.reduce((sum, { bytes }) => sum + bytes, 0),
    bytes_after: staged.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  const renamed: string[] = [];
  await session.transaction(
    async () => {
      for (const [n, target] of targets.entries()) {
        const path = join(home.folder, target);
        makeFolder(dirname(path), home.pool);
        renameSync(String(staged[n]?.path), path);
        renamed.push(path);
        await failpoint("compact.file-renamed");
      }
      for (const folder of new Set(renamed.map(dirname))) syncPath(folder);
      await failpoint("compact.folders-synced");
      await movePieces(
        session,
        staged.flatMap((one, n) => moved(one, targets[n] as string)),
      );
      await session.run("insert_doomed_files", { paths: olds });
      await log(session, { at, action: "pool.compact", subject: date, details }, "everything");
    },
    () => {
      for (const path of renamed) rmSync(path, { force: true });
    },
  );
  await removeDoomedFiles(session, home);
}

function moved(
  { group: { pieces }, bytes, sum }: Staged,
  file: string,
): Parameters<typeof movePieces>[1] {
  const rows = pieces.map((piece) => piece.rows);
  const firstRows = firstRowsOf(rows);
  const shares = sharesOf(bytes, rows);
  return pieces.map(({ path, rows: own }, n) => ({
    path,
    file,
    firstRow: firstRows[n] ?? 0,
    rows: own,
    bytes: shares[n] ?? 0,
    sum,
    erased: 0,
  }));
}
