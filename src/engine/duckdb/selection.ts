/**
 * Which numbers an order may take: candidates in slices, in the order of picking, each slice minus the ledger inside the
 * cooldown, minus what a rule blocks. The cost follows the number asked for, not the pool.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { exitCode, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import {
  type CandidateFile,
  candidateFiles,
  directionOf,
  wantsAll,
  withoutSoldOut,
} from "../catalog/candidates.ts";
import { requireLedger } from "../catalog/pruned.ts";
import type { Availability, Criteria, Excluded } from "../engine.ts";
import type { Parameter, Parameters } from "../session.ts";
import { type Fragment, fragment, joined } from "../statements.ts";
import { beginsWith } from "./beginnings.ts";
import { type Candidate, withPassedRows } from "./passed-rows.ts";
import { blockForOrder } from "./rules.ts";
import type { Session } from "./session.ts";
import { goneInFront, type Slice, sliceCursor } from "./slices.ts";
import { identifier } from "./statements.ts";

export type Selection = {
  /** In the order of picking: a pick's rank counts them. */
  readonly files: readonly CandidateFile[];
  readonly picked: number;
  readonly availability: Availability;
};

/** A row's place among those of its file, in the order of picking: the low 32 bits of a rank. */
export const rowRanks = {
  newest: fragment`(4294967295 - place)`,
  oldest: fragment`place`,
} as const;

/** The row number that a rank stands for. */
export const rowsOfRanks = {
  newest: fragment`(4294967295 - (p.rank & 4294967295))`,
  oldest: fragment`(p.rank & 4294967295)`,
} as const;

/**
 * Fills the temporary table `picks` with up to `need` numbers, or only counts when `need` is `"all"`. Not to be called inside a
 * transaction: that would keep all that is dropped on the way. The lock sees to it that nobody writes meanwhile.
 * The counts of what was excluded cover the rows that had to be looked at, and those that were passed over or left out because
 * they were sold; a duplicate of such a row counts as sold too. Throws a usage error where the ledger does not
 * reach back as far as the cooldown.
 */
export async function selectNumbers(
  session: Session,
  home: Home,
  criteria: Criteria,
  need: number | "all",
  at: Date,
): Promise<Selection> {
  await requireLedger(session, criteria.soldSince);
  const { files: all, otherKind, expired } = await candidateFiles(session, criteria);
  const { files, sold } = withoutSoldOut(all, criteria);
  // A draw is from everything that may be sold.
  const isDraw = criteria.pick === "random" && need !== "all";
  await session.run("create_seen");
  await session.run("create_picks");
  if (isDraw) await session.run("create_free");
  const totals = { looked: 0, rows: sold, distinct: sold, unsold: 0, picked: 0 };
  const blocked: Record<string, number> = {};
  const free = () => totals.unsold - sumOf(blocked);
  const remaining = () =>
    need === "all" || isDraw ? Number.POSITIVE_INFINITY : need - totals.picked;

  const fitting = files.filter((file) => conditionsOn(file, criteria) !== undefined);
  const wantedFiles =
    need === "all" || isDraw
      ? fitting
      : await withPassedRows(session, home, fitting, criteria, need);
  const direction = directionOf(criteria);
  // Most orders take the newest of all: what they took lies at the front. What was chosen by its cells lies anywhere.
  const cursor = sliceCursor(wantedFiles, {
    shape: (file) => shapeOf(file, criteria),
    front: wantsAll(criteria) && direction === "newest" ? goneInFront(wantedFiles) : 0,
    direction,
  });
  while (remaining() > 0) {
    const isFirst = totals.looked === 0;
    const slice = cursor(remaining(), isFirst ? undefined : free() / totals.looked);
    if (!slice) break;
    // Passed over because they were sold.
    totals.rows += slice.passed;
    totals.distinct += slice.passed;
    if (slice.rows === 0) continue;
    totals.looked += slice.rows;
    if (!isFirst) {
      await session.run("keep_seen");
      await dropTables(session, sliceTables);
    }
    const { rows, phones } = await readSlice(session, home.folder, slice, criteria);
    totals.rows += rows;
    totals.distinct += phones;
    const ranges = (await session.rows("read_slice_ranges")) as unknown as PhoneRange[];
    if (!isFirst) {
      for (const range of ranges) totals.distinct -= await session.run("delete_seen", range);
    }
    await session.run("create_unsold");
    totals.unsold += await selectUnsold(session, criteria, ranges);
    for (const [rule, numbers] of Object.entries(
      await blockForOrder(session, home.folder, criteria, at),
    )) {
      blocked[rule] = (blocked[rule] ?? 0) + numbers;
    }
    // The last slice: nobody asks for those before it, and picks need the room.
    if (free() - totals.picked >= remaining()) await dropTables(session, [fragment`seen`]);
    if (isDraw) await session.run("insert_free");
    else if (need !== "all") {
      totals.picked += await session.run("select_picks", { need: remaining() });
    }
  }
  if (isDraw) {
    totals.picked = await session.run("draw_picks", { need, seed: criteria.seed ?? 0 });
  }
  // What was looked at makes room for what will be written.
  await dropTables(session, [...sliceTables, fragment`seen`, fragment`free`]);
  return {
    files: wantedFiles,
    picked: totals.picked,
    availability: {
      available: free(),
      excluded: excludedOf({ ...totals, expired }, blocked),
      otherKind,
    },
  };
}

/** What is made anew for each slice. Dropped before the next is read, they are not there twice. */
const sliceTables = [fragment`slice`, fragment`unsold`, fragment`blocked`];

async function dropTables(session: Session, tables: readonly Fragment[]): Promise<void> {
  for (const table of tables) await session.run("drop_temporary", {}, { table });
}

/** A row of `read_slice_ranges`. */
type PhoneRange = { readonly lowest: bigint; readonly highest: bigint };

/**
 * Of the ledger's blocks the engine may keep so many bytes when the next range is read, and when all are. To give them back makes
 * the allocator give back all that it keeps, which what comes next has to find anew: 0.1 s.
 */
const blockBytes = { between: 48e6, afterwards: 64e6 };

/**
 * Fills the temporary table `unsold` with what of a slice was not sold inside the cooldown; resolves to how many that are.
 * Range by range: the tables that a join makes are smaller, and so is what the engine keeps of a ledger that it reads.
 */
async function selectUnsold(
  session: Session,
  { soldSince }: Criteria,
  ranges: readonly PhoneRange[],
): Promise<number> {
  let unsold = 0;
  for (const range of ranges) {
    await session.forgetBlocks(blockBytes.between);
    unsold += await session.run("select_unsold", { ...range, sold_since: soldSince.toISOString() });
  }
  await session.forgetBlocks(blockBytes.afterwards);
  return unsold;
}

function excludedOf(
  totals: {
    readonly rows: number;
    readonly distinct: number;
    readonly unsold: number;
    readonly expired: number;
  },
  { had_before = 0, max_sales = 0, ...byKind }: Readonly<Record<string, number>>,
): Excluded {
  return {
    sold: totals.distinct - totals.unsold,
    suppressed: sumOf(byKind),
    duplicate: totals.rows - totals.distinct,
    expired: totals.expired,
    had_before,
    max_sales,
    by_kind: byKind,
  };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, numbers) => sum + numbers, 0);
}

/** Reads a slice into the temporary table `slice`; resolves to the rows that met the criteria, and how many phones they have. */
async function readSlice(
  session: Session,
  home: string,
  slice: Slice,
  criteria: Criteria,
): Promise<{ rows: number; phones: number }> {
  for (const file of new Set(slice.files.map((one) => one.file))) requirePoolFile(home, file);
  const [like] = slice.files;
  const conditions = like && conditionsOn(like, criteria);
  if (!conditions) throw new Error("a slice holds a file that cannot meet the criteria");
  const isShared = slice.files.length > 1 && slice.files.some((file) => file.isShared);
  await session.run(
    isShared ? "read_shared_slice" : "read_slice",
    { ...(isShared ? sharedRows(home, slice) : ownRows(home, slice)), ...conditions.parameters },
    { row: rowRanks[directionOf(criteria)], wanted: conditions.wanted },
  );
  const [counted] = await session.rows("count_slice");
  return { rows: Number(counted?.rows), phones: Number(counted?.phones) };
}

/** A range of one pool file, wherever its rows begin, or whole files that nobody else has rows in. */
function ownRows(home: string, { files, position, first, last }: Slice): Parameters {
  const before = files.length === 1 ? (files[0]?.firstRow ?? 0) : 0;
  const paths = files.map(({ file }) => join(home, file));
  return { paths, position, before, first: before + first, last: before + last };
}

/** Whole pool files, some of which lie in one file. */
function sharedRows(home: string, { files, position }: Slice): Parameters {
  const stored = new Map<string, bigint>();
  for (const { file } of files) {
    if (!stored.has(file)) stored.set(file, BigInt(stored.size));
  }
  const firsts = files.map(({ firstRow }) => firstRow);
  const lasts = files.map(({ firstRow, rows }) => firstRow + rows - 1);
  return {
    paths: [...stored.keys()].map((file) => join(home, file)),
    first: Math.min(...firsts),
    last: Math.max(...lasts),
    files: files.map(({ file }) => stored.get(file) as bigint),
    firsts: firsts.map(BigInt),
    lasts: lasts.map(BigInt),
    positions: files.map((_, n) => BigInt(position + n)),
  };
}

/**
 * What the rows of a file must be, as SQL and what it binds; undefined when no row of it can be wanted. Values are
 * always bound, and a column is an identifier that the file itself has.
 */
function conditionsOn(
  file: Candidate,
  { prefixes, category, filters }: Criteria,
): { wanted: Fragment; parameters: Record<string, Parameter> } | undefined {
  const wanted: Fragment[] = [file.passed?.isOpen ?? fragment`true`];
  const parameters: Record<string, Parameter> = {};
  if (prefixes.length > 0) wanted.push(beginsWith(prefixes));
  if (category !== undefined) {
    const name = category.toLowerCase();
    if (file.categoryColumn === undefined) {
      if (file.category?.toLowerCase() !== name) return undefined;
    } else {
      parameters.category = name;
      const cell = fragment`nullif(trim(raw_data.${identifier(file.categoryColumn)}), '')`;
      wanted.push(fragment`lower(coalesce(${cell}, $default_category)) = $category`);
      parameters.default_category = file.category ?? null;
    }
  }
  for (const [n, filter] of filters.entries()) {
    const column = filter.column.toLowerCase();
    const name = file.columns.find((one) => one.toLowerCase() === column);
    if (name === undefined || name === file.phoneColumn) return undefined;
    // A single value as an equality: the engine can pass over row groups whose statistics exclude it.
    const [only] = filter.values;
    if (filter.values.length === 1 && only !== undefined) {
      wanted.push(
        only === ""
          ? fragment`coalesce(raw_data.${identifier(name)}, '') = $filter_${n}`
          : fragment`raw_data.${identifier(name)} = $filter_${n}`,
      );
      parameters[`filter_${n}`] = only;
    } else {
      const cell = fragment`coalesce(raw_data.${identifier(name)}, '')`;
      wanted.push(fragment`list_contains($filter_${n}::varchar[], ${cell})`);
      parameters[`filter_${n}`] = filter.values;
    }
  }
  return { wanted: joined(wanted, " and "), parameters };
}

/** Files of one shape can be read by one statement. */
function shapeOf(file: CandidateFile, { category, filters }: Criteria): string {
  const byColumn = category !== undefined && file.categoryColumn !== undefined;
  if (filters.length === 0 && !byColumn) return "";
  return JSON.stringify([file.columns, file.phoneColumn, file.categoryColumn, file.category]);
}

/** A pool file that the catalog knows and the disk does not is a broken promise, not a smaller pool. */
export function requirePoolFile(home: string, path: string): void {
  if (existsSync(join(home, path))) return;
  throw new UserError(
    exitCode.integrity,
    `the pool file ${path} is missing from ${home}; run numbers doctor, then restore it from a backup`,
  );
}
