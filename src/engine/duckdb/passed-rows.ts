/**
 * Rows of a pool file that orders took inside the cooldown, passed over without a look at the ledger: orders take the newest
 * numbers, so most of what the next one meets first was sold by those before it. Their copies in `ledger/` say which rows.
 * What is passed over here would have been found sold; what is not is looked up as ever.
 */
import { existsSync } from "node:fs";
import type { Home } from "../../home.ts";
import { type CandidateFile, directionOf, wantsAll } from "../catalog/candidates.ts";
import type { Criteria } from "../engine.ts";
import { type Fragment, fragment } from "../statements.ts";
import { damageIn } from "./damage.ts";
import { ledgerCopyPath } from "./ledger-copies.ts";
import type { Session } from "./session.ts";
import { sumBy } from "./sums.ts";

/** Of a pool file, the rows that are passed over. */
export type PassedRows = {
  readonly numbers: number;
  /** How many of each block of `blockRows`, counted from the file's first row; none where it has no entry. */
  readonly inBlocks: ReadonlyMap<number, number>;
  /** Whether the row at `place` is none of them. */
  readonly isOpen: Fragment;
};

export type Candidate = CandidateFile & { readonly passed?: PassedRows };

export const blockRows = 2_048;

/**
 * A file of which less was sold is looked at whole: reading the copies takes about as long as looking for so many numbers. An
 * order that took less of the file is looked for in the ledger: it would be one more file to open.
 */
const least = { ofFile: 200_000, ofOrder: 10_000 };

/** More of a file than an order needs is read, as some of it turns out to be sold or blocked. */
const spare = 2;

/**
 * Tells of the files that an order for `need` numbers will meet which of their rows are passed over; they count as taken no
 * more. Only for the newest numbers, as what such orders took lies in front of what the next one wants; and only where every row
 * of a file will do: else nobody knows how many of those that are passed over were wanted.
 */
export async function withPassedRows(
  session: Session,
  home: Home,
  files: readonly CandidateFile[],
  criteria: Criteria,
  need: number,
): Promise<readonly Candidate[]> {
  if (!wantsAll(criteria) || directionOf(criteria) !== "newest") return files;
  const result: Candidate[] = [];
  let met = 0;
  for (const [n, file] of files.entries()) {
    const isMet = met < need * spare && file.sold >= least.ofFile;
    const passed = isMet ? await passedRows(session, home, file, criteria, n) : undefined;
    result.push(
      passed ? { ...file, taken: Math.max(file.taken - passed.numbers, 0), passed } : file,
    );
    met += file.rows - file.sold;
  }
  return result;
}

/** Undefined where nothing can be passed over, also because a copy cannot be read: the doctor names it, and the ledger has all. */
async function passedRows(
  session: Session,
  home: Home,
  file: CandidateFile,
  { soldSince }: Criteria,
  n: number,
): Promise<PassedRows | undefined> {
  const orders = await session.rows("select_passing_orders", {
    ...{ path: file.path, sold_since: soldSince.toISOString(), least: least.ofOrder },
  });
  const numbersOf = new Map(
    orders.map((row) => [
      ledgerCopyPath(home, String(row.order_id), row.reserved_at as Date),
      Number(row.numbers),
    ]),
  );
  const copies = [...numbersOf.keys()].filter((copy) => existsSync(copy));
  if (copies.length === 0) return undefined;
  try {
    return await bitsOf(session, file, copies, numbersOf, n);
  } catch (error) {
    if (damageIn(home, error)) return undefined;
    throw error;
  }
}

/** A copy that has other rows of the file than the catalog says, such as an older one that was put back, is not believed. */
async function bitsOf(
  session: Session,
  { path, rows }: CandidateFile,
  all: readonly string[],
  numbersOf: ReadonlyMap<string, number>,
  n: number,
): Promise<PassedRows | undefined> {
  const blocks = await session.rows("count_passed_rows", {
    ...{ copies: all, path, block_rows: blockRows, rows },
  });
  const held = sumBy(blocks, "copy");
  const copies = all.filter((copy) => held.get(copy) === numbersOf.get(copy));
  if (copies.length === 0) return undefined;
  const counts = sumBy(
    blocks.filter(({ copy }) => copies.includes(String(copy))),
    "block",
  );
  const inBlocks = new Map([...counts].map(([block, count]) => [Number(block), count]));
  const name = { n: fragment`${n}` };
  await session.run("set_passed_rows", { copies, path }, { ...name, last: fragment`${rows - 1}` });
  const [bits] = await session.rows("count_passed_bits", {}, name);
  const numbers = copies.reduce((sum, copy) => sum + (numbersOf.get(copy) ?? 0), 0);
  if (Number(bits?.numbers) !== numbers) return undefined;
  // Where several pool files lie in one file the engine may ask for rows of the others before it leaves them out.
  const bit = fragment`least(greatest(place, 0), ${rows - 1})::integer`;
  return { numbers, inBlocks, isOpen: fragment`get_bit(getvariable('passed_${n}'), ${bit}) = 0` };
}
