/**
 * Which numbers an order may take: candidates minus what a rule blocks, both in tables of their own under the id of the look.
 * Files are looked at in the order of picking, and no more of their rows than are needed.
 */
import { randomUUID } from "node:crypto";
import type { Home } from "../../home.ts";
import {
  type CandidateFile,
  candidateFiles,
  directionOf,
  wantsAll,
  withoutSoldOut,
} from "../catalog/candidates.ts";
import { erasureKeyIn } from "../catalog/erasures.ts";
import { requireLedger } from "../catalog/pruned.ts";
import type { Availability, Criteria, Excluded } from "../engine.ts";
import type { Parameter, Row } from "../session.ts";
import { type Fragment, fragment, joined } from "../statements.ts";
import { isPassing } from "./failures.ts";
import type { Session } from "./session.ts";
import { statement, text } from "./statements.ts";

/** A row's place among those of its file, in the order of picking: the low 32 bits of a place. */
const placesOf = {
  newest: fragment`4294967295 - p.row`,
  oldest: fragment`p.row`,
} as const;

const placesOfFile = 2n ** 32n;

/** The row that a place stands for. */
const rowsOf = {
  newest: fragment`4294967295 - bitAnd(place, 4294967295)`,
  oldest: fragment`bitAnd(place, 4294967295)`,
} as const;

/** So much more than what is needed is looked at first: some of it was sold from other files, or is suppressed. */
const spare = 1.3;
/** Fewer rows cost as much in statements as in reading. */
const rowsLeast = 50_000;
/** Numbers of all providers are in some thirty ranges; more of them pass over too little of the ledger. */
const rangesMost = 60;
/** Looks of processes that are dead: nobody looks for so long. */
const oldMs = 24 * 3_600_000;

export type Selection = {
  readonly lookId: string;
  /** In the order of picking. */
  readonly files: readonly CandidateFile[];
  readonly availability: Availability;
};

export type Buyer = {
  readonly customer: string | undefined;
  readonly neverTwice: boolean;
  readonly maxSales: number | undefined;
};

/** Runs `work` with a new look, and forgets it. What the dead left is swept. */
export async function withLook<T>(
  session: Session,
  work: (lookId: string) => Promise<T>,
): Promise<T> {
  const before = new Date(Date.now() - oldMs).toISOString();
  for (const { table, look_id } of await session.rows("select_old_looks", { before })) {
    await dropLook(session, String(table), String(look_id));
  }
  const lookId = randomUUID();
  let result: T;
  try {
    result = await work(lookId);
  } catch (error) {
    await forget(session, lookId, error);
    throw error;
  }
  await forget(session, lookId);
  return result;
}

/** That it cannot be forgotten is no failure: it is swept some day. A server that is away is not asked again. */
async function forget(session: Session, lookId: string, failure?: unknown): Promise<void> {
  if (failure !== undefined && isPassing(failure)) return;
  try {
    for (const table of ["candidates", "blocked"]) await dropLook(session, table, lookId);
  } catch (error) {
    if (failure === undefined && !isPassing(error)) throw error;
  }
}

async function dropLook(session: Session, table: string, lookId: string): Promise<void> {
  await session.run("drop_look", {}, { table: { sql: table }, look: text(lookId) });
}

/**
 * Finds up to `need` numbers that may be taken, or all of them; counts of what was excluded cover the rows that had to be
 * looked at. Throws a usage error where the ledger does not reach back as far as the cooldown.
 */
export async function selectNumbers(
  session: Session,
  home: Home,
  lookId: string,
  criteria: Criteria,
  need: number | "all",
  at: Date,
): Promise<Selection> {
  await requireLedger(session, criteria.soldSince);
  const { files: all, otherKind, expired } = await candidateFiles(session, criteria);
  const { files, sold } = withoutSoldOut(all, criteria);
  const wanted = files.filter((file) => meets(file, criteria));
  // A draw is from everything that may be sold.
  const most = need === "all" || criteria.pick === "random" ? Number.POSITIVE_INFINITY : need;
  for (let rows = Math.max(most * spare, rowsLeast); ; rows *= 4) {
    const looked = firstOf(wanted, Math.ceil(rows), criteria);
    const counts = await look(session, home, lookId, looked, criteria, at);
    const available = counts.phones - sumOf(counts.blocked);
    if (available >= most || looked.isAll) {
      const excluded = excludedOf(counts, { sold, expired });
      return { lookId, files: looked.files, availability: { available, excluded, otherKind } };
    }
    await forget(session, lookId);
  }
}

/** Stages the candidates of some files under the look, and what blocks them. */
async function look(
  session: Session,
  home: Home,
  lookId: string,
  { files, lastPlace }: Looked,
  criteria: Criteria,
  at: Date,
): Promise<Counts> {
  if (files.length === 0) return { rows: 0, phones: 0, blocked: {} };
  const conditions = conditionsOf(criteria);
  await session.run(
    "insert_candidates",
    {
      look_id: lookId,
      paths: files.map(({ path }) => path),
      last_place: lastPlace,
      ...conditions.parameters,
    },
    {
      place: placesOf[directionOf(criteria)],
      columns: { sql: conditions.needsColumns ? statement("columns_of_files") : "" },
      wanted: conditions.wanted,
    },
  );
  const ranges = await session.rows("read_look_ranges", { look_id: lookId });
  if (ranges.length > 0) {
    const { within, parameters } = withinSome(ranges.length > rangesMost ? [] : ranges);
    const since = { sold_since: criteria.soldSince.toISOString() };
    await session.run("block_sold", { look_id: lookId, ...since, ...parameters }, { within });
  }
  await blockForOrder(session, home, lookId, criteria, at);
  return countLook(session, lookId);
}

/** That a phone lies in one of some ranges, or true where there are none. */
function withinSome(ranges: readonly Row[]): {
  within: Fragment;
  parameters: Record<string, Parameter>;
} {
  const parameters: Record<string, Parameter> = {};
  const within = ranges.map(({ lowest, highest }, n) => {
    parameters[`lowest_${n}`] = BigInt(String(lowest));
    parameters[`highest_${n}`] = BigInt(String(highest));
    return fragment`phone between {lowest_${n}:Int64} and {highest_${n}:Int64}`;
  });
  return { within: within.length > 0 ? joined(within, " or ") : fragment`true`, parameters };
}

/** Blocks what may not be sold to this buyer, suppressed or by the buyer's own rules. */
export async function blockForOrder(
  session: Session,
  home: Home,
  lookId: string,
  buyer: Buyer,
  at: Date,
): Promise<void> {
  const who = { customer: buyer.customer ?? null, at: at.toISOString() };
  await session.run("block_suppressed", { look_id: lookId, ...who });
  const digest = { sql: statement("phone_digest") };
  for (const row of await session.rows("select_digest_forms", who)) {
    const which = { algorithm: String(row.algorithm), form: String(row.form) };
    await session.run("block_digests", { look_id: lookId, ...who, ...which }, { digest });
  }
  const key = await erasureKeyIn(session, home);
  if (key !== null) await session.run("block_erased", { look_id: lookId, key });
  if (buyer.neverTwice && buyer.customer !== undefined) {
    await session.run("block_had_before", { look_id: lookId, customer: buyer.customer });
  }
  if (buyer.maxSales !== undefined) {
    await session.run("block_oversold", { look_id: lookId, most: buyer.maxSales });
  }
}

type Counts = {
  readonly rows: number;
  readonly phones: number;
  readonly blocked: Readonly<Record<string, number>>;
};

export async function countLook(session: Session, lookId: string): Promise<Counts> {
  const [counted] = await session.rows("count_candidates", { look_id: lookId });
  const rules = await session.rows("count_blocked", { look_id: lookId });
  return {
    rows: Number(counted?.rows),
    phones: Number(counted?.phones),
    blocked: Object.fromEntries(
      rules.map((row) => [String(row.rule), Number(row.numbers)] as const),
    ),
  };
}

/** Stages the first `need` numbers of a look as the picks of an order. */
export async function stagePicks(
  session: Session,
  { lookId, files }: Selection,
  criteria: Criteria,
  order: { readonly order_id: string; readonly day: string },
  need: number,
): Promise<void> {
  const isDraw = criteria.pick === "random";
  const parameters = {
    look_id: lookId,
    ...order,
    need,
    paths: files.map(({ path }) => path),
    ...(isDraw ? { seed: criteria.seed ?? 0 } : {}),
  };
  const fragments = {
    row: rowsOf[directionOf(criteria)],
    order: isDraw ? fragment`cityHash64(c.phone, {seed:Int64}), c.phone` : fragment`c.place`,
  };
  // With a token: sent again because its answer was lost, it stages nothing more.
  await session.runStep({ name: "insert_picks", parameters, fragments }, randomUUID());
}

/** Whether a file can have rows that are wanted: it has the columns, or the category. */
function meets(file: CandidateFile, { category, filters }: Criteria): boolean {
  const hasCategory =
    category === undefined ||
    file.categoryColumn !== undefined ||
    file.category?.toLowerCase() === category.toLowerCase();
  return (
    hasCategory &&
    filters.every((filter) => {
      const column = filter.column.toLowerCase();
      const name = file.columns.find((one) => one.toLowerCase() === column);
      return name !== undefined && name !== file.phoneColumn;
    })
  );
}

/** What a row must be, as SQL and what it binds: values and names of columns are always bound. */
function conditionsOf({ prefixes, category, filters }: Criteria): {
  wanted: Fragment;
  needsColumns: boolean;
  parameters: Record<string, Parameter>;
} {
  const wanted: Fragment[] = [fragment`true`];
  const parameters: Record<string, Parameter> = {};
  if (prefixes.length > 0) {
    wanted.push(fragment`match(toString(p.phone), {prefixes:String})`);
    parameters.prefixes = `^(${prefixes.join("|")})`;
  }
  if (category !== undefined) {
    // Blanks of any kind, as the embedded engine takes them off; `trim` knows the ASCII one alone.
    const bare = fragment`replaceRegexpAll(p.cells[indexOf(f.columns, f.category_column)], '^\\\\p{Zs}+|\\\\p{Zs}+$', '')`;
    const cell = fragment`nullIf(${bare}, '')`;
    wanted.push(fragment`lowerUTF8(coalesce(${cell}, f.category, '')) = {category:String}`);
    parameters.category = category.toLowerCase();
  }
  for (const [n, { column, values }] of filters.entries()) {
    const cell = fragment`p.cells[indexOf(f.columns, {column_${n}:String})]`;
    wanted.push(fragment`has({filter_${n}:Array(String)}, ifNull(${cell}, ''))`);
    parameters[`column_${n}`] = column.toLowerCase();
    parameters[`filter_${n}`] = values;
  }
  const needsColumns = category !== undefined || filters.length > 0;
  return { wanted: joined(wanted, " and "), needsColumns, parameters };
}

type Looked = {
  readonly files: readonly CandidateFile[];
  /** The place, in the order of picking, of the last row that is looked at. */
  readonly lastPlace: bigint;
  readonly isAll: boolean;
};

/**
 * The first rows, in the order of picking, of which so many are not taken. Whichever rows of a file were taken, no more than
 * those come between. Where the criteria want some rows only, files are looked at whole: how many of them, nobody knows.
 */
function firstOf(files: readonly CandidateFile[], rowsWanted: number, criteria: Criteria): Looked {
  let missing = rowsWanted;
  for (const [n, { rows, taken }] of files.entries()) {
    const enough = missing + taken;
    missing -= rows - taken;
    if (missing > 0) continue;
    const looked = wantsAll(criteria) ? Math.min(rows, enough) : rows;
    const isNewest = directionOf(criteria) === "newest";
    const lastInFile = isNewest ? placesOfFile - 1n - BigInt(rows - looked) : BigInt(looked - 1);
    return {
      files: files.slice(0, n + 1),
      lastPlace: BigInt(n) * placesOfFile + lastInFile,
      isAll: n === files.length - 1 && looked === rows,
    };
  }
  return { files, lastPlace: BigInt(files.length) * placesOfFile, isAll: true };
}

/** `left`: what was not looked at. */
function excludedOf(
  { rows, phones, blocked }: Counts,
  left: { readonly sold: number; readonly expired: number },
): Excluded {
  const { sold = 0, had_before = 0, max_sales = 0, ...byKind } = blocked;
  return {
    sold: sold + left.sold,
    suppressed: sumOf(byKind),
    duplicate: rows - phones,
    expired: left.expired,
    had_before,
    max_sales,
    by_kind: byKind,
  };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, numbers) => sum + numbers, 0);
}
