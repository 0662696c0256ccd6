/** The files of the pool that an order may take from, and the columns that they have. */
import type { Criteria } from "../engine.ts";
import type { Row, Session } from "../session.ts";

export type CandidateFile = {
  /** The name by which orders know it. */
  readonly path: string;
  /** Where its rows lie. */
  readonly file: string;
  /** The row of `file` that is its first one. */
  readonly firstRow: number;
  /** Other pool files lie in the same file. */
  readonly isShared: boolean;
  readonly provider: string;
  readonly synthetic: boolean;
  readonly numbers: number;
  /** Its rows: the numbers, and the empty rows of erased persons. */
  readonly rows: number;
  readonly taken: number;
  /** Of those, what was sold inside the cooldown, each number once. */
  readonly sold: number;
  readonly columns: readonly string[];
  readonly phoneColumn: string;
  readonly category: string | undefined;
  readonly categoryColumn: string | undefined;
};

/** In which direction the pool is read: a draw has none of its own. */
export function directionOf({ pick }: Criteria): "newest" | "oldest" {
  return pick === "oldest" ? "oldest" : "newest";
}

/**
 * The files that meet the criteria, in the order of picking; the numbers of the other kind (synthetic or real) and of
 * sources whose terms have ended are counted apart.
 */
export async function candidateFiles(
  session: Session,
  criteria: Criteria,
): Promise<{ files: CandidateFile[]; otherKind: number; expired: number }> {
  const rows = await session.rows("select_candidate_files", {
    providers: criteria.providers,
    imported_since: criteria.importedSince.toISOString(),
    sold_since: criteria.soldSince.toISOString(),
    day: criteria.day,
  });
  const all = rows.filter((row) => row.expired === false).map(candidateFile);
  const files = all.filter((file) => file.synthetic === criteria.synthetic);
  return {
    expired: rows
      .filter((row) => row.expired === true && row.synthetic === criteria.synthetic)
      .reduce((sum, row) => sum + Number(row.numbers), 0),
    files: directionOf(criteria) === "oldest" ? files.reverse() : files,
    otherKind: all
      .filter((file) => file.synthetic !== criteria.synthetic)
      .reduce((sum, file) => sum + file.numbers, 0),
  };
}

/** Whether every row of a file will do: else only looking at them tells how many. */
export function wantsAll({ prefixes, category, filters }: Criteria): boolean {
  return prefixes.length === 0 && category === undefined && filters.length === 0;
}

/** Smaller files are looked at whatever was sold of them: it takes less than a second. */
const soldOutLeast = 500_000;

/**
 * Leaves out files of which every number was sold inside the cooldown, and tells how many those are: of a pool whose newest days
 * are gone, an order would read nothing else. Not where only some rows are wanted: how many those files had of them is not known.
 */
export function withoutSoldOut(
  files: readonly CandidateFile[],
  criteria: Criteria,
): { readonly files: readonly CandidateFile[]; readonly sold: number } {
  if (!wantsAll(criteria)) return { files, sold: 0 };
  const isSoldOut = ({ rows, numbers, sold }: CandidateFile) =>
    rows >= soldOutLeast && sold === numbers;
  return {
    files: files.filter((file) => !isSoldOut(file)),
    sold: files.filter(isSoldOut).reduce((sum, { numbers }) => sum + numbers, 0),
  };
}

function candidateFile(row: Row): CandidateFile {
  const text = (value: unknown) => (value === null ? undefined : String(value));
  return {
    path: String(row.path),
    file: String(row.file),
    firstRow: Number(row.first_row),
    isShared: row.shared === true,
    provider: String(row.provider),
    synthetic: row.synthetic === true,
    numbers: Number(row.numbers),
    rows: Number(row.numbers) + Number(row.erased),
    taken: Number(row.taken),
    sold: Number(row.sold),
    columns: row.columns as string[],
    phoneColumn: String(row.phone_column),
    category: text(row.category),
    categoryColumn: text(row.category_column),
  };
}

/** The columns that candidates have, newest file first, each once whatever its case; no phone column among them. */
export async function readColumns(session: Session, criteria: Criteria): Promise<string[]> {
  const { files } = await candidateFiles(session, criteria);
  return unionOfColumns(files);
}

/** The union of several files' columns without the ones that held the phone; the first spelling wins. */
export function unionOfColumns(
  files: readonly {
    readonly columns: readonly string[];
    readonly phoneColumn: string;
  }[],
): string[] {
  const union = new Map<string, string>();
  for (const { columns, phoneColumn } of files) {
    for (const column of columns) {
      if (column !== phoneColumn && !union.has(column.toLowerCase())) {
        union.set(column.toLowerCase(), column);
      }
    }
  }
  return [...union.values()];
}
