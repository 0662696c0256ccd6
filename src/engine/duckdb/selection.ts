/**
 * Taking numbers out of the pool: in slices, newest first, until there are enough. The cost follows what is asked for
 * and not the size of the pool.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { exitCode, UserError } from "../../errors.ts";
import type { Availability, Criteria } from "../engine.ts";
import type { Row, Session } from "./session.ts";

export type CandidateFile = {
  readonly path: string;
  readonly provider: string;
  readonly synthetic: boolean;
  readonly numbers: number;
  readonly taken: number;
  readonly columns: readonly string[];
  readonly phoneColumn: string;
};

/** A range of rows of one file, or several whole files that follow each other. */
export type Slice = {
  readonly position: number;
  readonly files: readonly CandidateFile[];
  readonly first: number;
  readonly last: number;
  readonly rows: number;
};

export type Selection = {
  readonly files: readonly CandidateFile[];
  readonly picked: number;
  readonly availability: Availability;
};

/** Below it a slice costs more in statements than in rows; above it memory grows past a few hundred megabytes. */
const sliceRows = { least: 50_000, most: 4_000_000 };

/**
 * The files that meet the criteria, newest first; the numbers of the other kind (synthetic or real) and of sources whose
 * terms have ended are counted apart.
 */
export async function candidateFiles(
  session: Session,
  criteria: Criteria,
): Promise<{ files: CandidateFile[]; otherKind: number; expired: number }> {
  const rows = await session.rows("select_candidate_files", {
    providers: criteria.providers,
    imported_since: criteria.importedSince.toISOString(),
    day: criteria.day,
  });
  const all = rows.filter((row) => row.expired === false).map(candidateFile);
  return {
    expired: rows
      .filter((row) => row.expired === true && row.synthetic === criteria.synthetic)
      .reduce((sum, row) => sum + Number(row.numbers), 0),
    files: all.filter((file) => file.synthetic === criteria.synthetic),
    otherKind: all
      .filter((file) => file.synthetic !== criteria.synthetic)
      .reduce((sum, file) => sum + file.numbers, 0),
  };
}

function candidateFile(row: Row): CandidateFile {
  return {
    path: String(row.path),
    provider: String(row.provider),
    synthetic: row.synthetic === true,
    numbers: Number(row.numbers),
    taken: Number(row.taken),
    columns: row.columns as string[],
    phoneColumn: String(row.phone_column),
  };
}

/**
 * Fills the temporary table `picks` with up to `need` numbers, or only counts when `need` is `"all"`.
 * The counts of what was excluded cover the rows that had to be looked at.
 */
export async function selectNumbers(
  session: Session,
  home: string,
  criteria: Criteria,
  need: number | "all",
  at: Date,
): Promise<Selection> {
  const { files, otherKind, expired } = await candidateFiles(session, criteria);
  await session.run("create_candidates");
  await session.run("create_picks");
  const suppression = {
    customer: criteria.customer ?? null,
    at: at.toISOString(),
  };
  const totals = { rows: 0, distinct: 0, unsold: 0, free: 0, picked: 0 };
  const remaining = () => (need === "all" ? Number.POSITIVE_INFINITY : need - totals.picked);

  const cursor = sliceCursor(files);
  for (let number = 0; remaining() > 0; number += 1) {
    const share = totals.rows > 0 ? totals.free / totals.rows : undefined;
    const slice = cursor(remaining(), share);
    if (!slice) break;
    for (const file of slice.files) requirePoolFile(home, file.path);
    totals.rows += slice.rows;
    totals.distinct += await session.run("select_candidates", {
      paths: slice.files.map((file) => join(home, file.path)),
      position: slice.position,
      first: slice.first,
      last: slice.last,
      slice: number,
    });
    await session.run("create_unsold");
    totals.unsold += await session.run("select_unsold", {
      slice: number,
      sold_since: criteria.soldSince.toISOString(),
    });
    const [free] = await session.rows("count_unsuppressed", suppression);
    totals.free += Number(free?.numbers);
    if (need !== "all") {
      totals.picked += await session.run("select_picks", {
        ...suppression,
        need: remaining(),
      });
    }
  }
  return {
    files,
    picked: totals.picked,
    availability: {
      available: totals.free,
      excluded: {
        sold: totals.distinct - totals.unsold,
        suppressed: totals.unsold - totals.free,
        duplicate: totals.rows - totals.distinct,
        expired,
      },
      otherKind,
    },
  };
}

/**
 * Hands out slices from the newest rows on. The size of a slice is what is needed over the share of rows that is
 * expected to be free: first by what is known of the file, then (`share`) by what the slices before it gave.
 */
export function sliceCursor(
  files: readonly CandidateFile[],
): (need: number, share?: number) => Slice | undefined {
  let position = 0;
  let end = files[0]?.numbers ?? 0;
  return (need, share) => {
    while (end === 0 && position < files.length - 1) {
      position += 1;
      end = files[position]?.numbers ?? 0;
    }
    const file = files[position];
    if (!file || end === 0) return undefined;
    const expected = Math.max(share ?? 1 - file.taken / file.numbers, 0.02);
    const wanted = Math.ceil((need * 1.05) / expected) + 1_000;
    const rows = Math.min(Math.max(wanted, sliceRows.least), sliceRows.most);
    if (end > rows || end < file.numbers) {
      const first = Math.max(0, end - rows);
      const slice = {
        position,
        files: [file],
        first,
        last: end - 1,
        rows: end - first,
      };
      end = first;
      return slice;
    }
    const group: CandidateFile[] = [];
    let total = 0;
    const start = position;
    for (
      let next = files[position];
      next && (group.length === 0 || total + next.numbers <= rows);
    ) {
      group.push(next);
      total += next.numbers;
      position += 1;
      next = files[position];
    }
    end = files[position]?.numbers ?? 0;
    const longest = Math.max(...group.map((entry) => entry.numbers));
    return {
      position: start,
      files: group,
      first: 0,
      last: longest - 1,
      rows: total,
    };
  };
}

/** A pool file that the catalog knows and the disk does not is a broken promise, not a smaller pool. */
export function requirePoolFile(home: string, path: string): void {
  if (existsSync(join(home, path))) return;
  throw new UserError(
    exitCode.integrity,
    `the pool file ${path} is missing from ${home}; run numbers doctor, then restore it from a backup`,
  );
}
