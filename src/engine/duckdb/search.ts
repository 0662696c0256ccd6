/** Searching: imports in the catalog, numbers in the pool's files, which are read without the lock. */
import { join } from "node:path";
import { readPage, searchImports } from "../catalog/search.ts";
import type { Found, FoundNumber, PhonePart, Search } from "../search.ts";
import { fragment } from "../statements.ts";
import type { Access } from "./access.ts";
import { requirePoolFile } from "./selection.ts";
import type { Session } from "./session.ts";
import { identifier } from "./statements.ts";

/** A pool file and what the catalog knows of all its rows. */
type SearchedFile = {
  /** Where its rows lie, and which they are. */
  readonly file: string;
  readonly firstRow: number;
  readonly lastRow: number;
  readonly provider: string;
  readonly date: string;
  readonly importId: string;
  readonly category: string | undefined;
  readonly categoryColumn: string | undefined;
  readonly source: string | undefined;
};

/** Files of one import, and how many of their rows match. */
type Group = { readonly files: SearchedFile[]; matches: number };

type Numbers = Pick<Found, "numbers" | "numbersTotal">;

/** The list of files comes from the catalog; when one of them is gone by the time it is read, there is a newer list. */
export async function searchPool(access: Access, search: Search): Promise<Found> {
  const { home, read, aside } = access;
  const { phone } = search;
  const list = () =>
    read(async (session) => ({
      imports: await searchImports(session, search),
      files: phone ? await searchedFiles(session) : [],
    }));
  let known = await list();
  for (;;) {
    const { imports, files } = known;
    try {
      const numbers = await aside((session) =>
        searchNumbers(session, home.folder, files, phone, search),
      );
      return { ...imports, ...numbers };
    } catch (error) {
      known = await list();
      const now = new Set(known.files.map(({ file }) => file));
      if (files.every(({ file }) => now.has(file))) throw error;
    }
  }
}

/** Newest import first. */
async function searchedFiles(session: Session): Promise<SearchedFile[]> {
  const rows = await session.rows("select_searched_files");
  return rows.map((row) => ({
    file: String(row.file),
    firstRow: Number(row.first_row),
    lastRow: Number(row.first_row) + Number(row.rows) - 1,
    provider: String(row.provider),
    date: String(row.date),
    importId: String(row.import_id),
    category: text(row.category),
    categoryColumn: text(row.category_column),
    source: text(row.source),
  }));
}

/**
 * Counts the matches of every file, then reads the rows of the page from the imports that it touches: what is held is a
 * count for each file and one page.
 */
async function searchNumbers(
  session: Session,
  home: string,
  files: readonly SearchedFile[],
  phone: PhonePart | undefined,
  search: Search,
): Promise<Numbers> {
  if (!phone || files.length === 0) return { numbers: [], numbersTotal: 0 };
  for (const file of new Set(files.map((one) => one.file))) requirePoolFile(home, file);
  const pattern = { digits: phone.digits, is_beginning: phone.isBeginning };
  const groups = await countMatches(session, home, files, pattern);
  return readPage(groups, search, ({ files: some }, part) =>
    readMatches(session, home, some, { ...pattern, ...part }),
  );
}

type Pattern = { readonly digits: string; readonly is_beginning: boolean };

/** The imports that have matches, in their order, each with those of its files that do. */
async function countMatches(
  session: Session,
  home: string,
  files: readonly SearchedFile[],
  pattern: Pattern,
): Promise<Group[]> {
  const places = new Map<string, bigint>();
  for (const { file } of files) {
    if (!places.has(file)) places.set(file, BigInt(places.size));
  }
  const counts = await session.rows("count_matches", {
    paths: [...places.keys()].map((file) => join(home, file)),
    files: files.map(({ file }) => places.get(file) as bigint),
    firsts: files.map(({ firstRow }) => BigInt(firstRow)),
    lasts: files.map(({ lastRow }) => BigInt(lastRow)),
    ...pattern,
  });
  const groups = new Map<string, Group>();
  for (const row of counts) {
    const file = files[Number(row.piece)] as SearchedFile;
    const group = groups.get(file.importId) ?? { files: [], matches: 0 };
    groups.set(file.importId, group);
    group.files.push(file);
    group.matches += Number(row.numbers);
  }
  return [...groups.values()];
}

/** Some matches of one import, by phone; the category of a column is read for these rows alone. */
async function readMatches(
  session: Session,
  home: string,
  files: readonly SearchedFile[],
  parameters: Pattern & { readonly offset: number; readonly limit: number },
): Promise<FoundNumber[]> {
  const firsts = files.map(({ firstRow }) => firstRow);
  const lasts = files.map(({ lastRow }) => lastRow);
  const within = {
    paths: files.map(({ file }) => join(home, file)),
    first: Math.min(...firsts),
    last: Math.max(...lasts),
  };
  const rows = await session.rows("select_matches", {
    ...within,
    firsts: firsts.map(BigInt),
    lasts: lasts.map(BigInt),
    ...parameters,
  });
  const places = rows.map((row) => `${row.piece}/${row.row_number}`);
  const column = files[0]?.categoryColumn;
  const categories = new Map<string, string>();
  if (column !== undefined) {
    const cell = fragment`s.raw_data.${identifier(column)}`;
    for (const row of await session.rows("read_match_cells", { ...within, places }, { cell })) {
      if (row.cell !== null) categories.set(String(row.place), String(row.cell));
    }
  }
  return rows.map((row, index) => {
    const { provider, date, importId, category, source } = files[Number(row.piece)] as SearchedFile;
    const own = categories.get(places[index] as string);
    const phone = row.phone as bigint;
    return { phone, provider, date, importId, category: own ?? category, source };
  });
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
