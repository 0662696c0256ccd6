/**
 * Writing files anew without erased persons, beside the old ones and without the lock. A person's rows stay as empty rows,
 * so that all others keep the places that orders know them by.
 */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { sumOfFile } from "../../checksum.ts";
import { failpoint } from "../../failpoints.ts";
import { filesIn, type Home, syncPath } from "../../home.ts";
import { type CleanedRejects, cleanRejects, type Person } from "../erased-rejects.ts";
import type { Row } from "../session.ts";
import { type Fragment, fragment } from "../statements.ts";
import { ledgerCopyPath } from "./ledger-copies.ts";
import { createPieces, Overtaken, type Place } from "./pieces.ts";
import type { Session } from "./session.ts";
import { identifier } from "./statements.ts";
import { sumBy } from "./sums.ts";

/** A pool file as the catalog knows it. */
export type PoolPiece = Place & {
  readonly importId: string;
  readonly phoneColumn: string;
  readonly category: string | undefined;
  readonly categoryColumn: string | undefined;
};

/** A file in the pool and the pool files that lie in it; none when the catalog does not know it: a crash left it. */
export type PoolFile = {
  /** Below the home. */
  readonly file: string;
  readonly pieces: readonly PoolPiece[];
};

/** Where everything lies that may hold a person. */
export type Places = {
  readonly pool: readonly PoolFile[];
  readonly copies: readonly { readonly orderId: string; readonly path: string }[];
};

export type Cleaned = {
  readonly pool: readonly {
    readonly file: string;
    readonly fresh: string;
    readonly bytes: number;
    readonly sum: string;
    /** Each with its rows of erased persons. */
    readonly pieces: readonly (PoolPiece & { readonly erased: number })[];
    readonly byErasure: ReadonlyMap<string, number>;
  }[];
  readonly categories: readonly {
    readonly importId: string;
    readonly category: string;
    readonly numbers: number;
  }[];
  readonly rejects: readonly CleanedRejects[];
  /** Orders whose copies in ledger/ hold a person although the ledger does not. */
  readonly orders: readonly string[];
};

/** What the catalog names, and what lies in the pool without a name. Called under the lock: nobody is publishing. */
export async function findPlaces(session: Session, home: Home): Promise<Places> {
  const text = (value: unknown) => (value === null ? undefined : String(value));
  const pool = new Map<string, PoolPiece[]>();
  for (const row of await session.rows("select_whole_pool")) {
    const file = String(row.file);
    const pieces = pool.get(file) ?? [];
    pool.set(file, pieces);
    pieces.push({
      path: String(row.path),
      file,
      firstRow: Number(row.first_row),
      rows: Number(row.rows),
      importId: String(row.import_id),
      phoneColumn: String(row.phone_column),
      category: text(row.category),
      categoryColumn: text(row.category_column),
    });
  }
  const named = new Set(pool.keys());
  for (const { path } of await session.rows("select_doomed_files")) named.add(String(path));
  const unnamed = filesIn(home.pool)
    .map((path) => relative(home.folder, path))
    .filter((file) => file.endsWith(".parquet") && !named.has(file));
  const orders = await session.rows("select_order_copies");
  return {
    pool: [
      ...[...pool].map(([file, pieces]) => ({ file, pieces })),
      ...unnamed.map((file) => ({ file, pieces: [] })),
    ],
    copies: orders
      .map((row) => {
        const orderId = String(row.order_id);
        return { orderId, path: ledgerCopyPath(home, orderId, row.reserved_at as Date) };
      })
      .filter(({ path }) => existsSync(path)),
  };
}

/** Writes everything anew that holds one of the persons. Throws `Overtaken` when a file has gone meanwhile. */
export async function cleanFiles(
  session: Session,
  home: Home,
  persons: readonly Person[],
  places: Places,
  signal: AbortSignal | undefined,
): Promise<Cleaned> {
  const folder = join(home.temporary, "erased");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await session.run("create_erasing", {
    ids: persons.map(({ erasureId }) => erasureId),
    phones: persons.map(({ phone }) => phone),
  });
  try {
    const { pool, categories } = await cleanPool(session, home, places.pool, folder);
    const paths = places.copies.map(({ path }) => path);
    const copies = paths.length === 0 ? [] : await session.rows("find_copies_of_erased", { paths });
    const held = new Set(copies.map(({ copy }) => String(copy)));
    const orders = places.copies.filter(({ path }) => held.has(path)).map((one) => one.orderId);
    const rejects = await cleanRejects(home, persons, folder, signal);
    return { pool, categories, orders, rejects };
  } catch (error) {
    const isGone =
      places.pool.some(({ file }) => !existsSync(join(home.folder, file))) ||
      places.copies.some(({ path }) => !existsSync(path));
    throw isGone ? new Overtaken("a file has gone", { cause: error }) : error;
  }
}

async function cleanPool(
  session: Session,
  home: Home,
  files: readonly PoolFile[],
  folder: string,
): Promise<Pick<Cleaned, "pool" | "categories">> {
  const byPath = new Map(files.map((file) => [join(home.folder, file.file), file]));
  if (byPath.size === 0) return { pool: [], categories: [] };
  await createPieces(
    session,
    [...byPath].flatMap(([file, { pieces }]) =>
      pieces.map(({ path, importId: list, firstRow: first, rows }) => {
        return { path, file, list, first, last: first + rows - 1 };
      }),
    ),
  );
  await session.run("find_erased_rows", { paths: [...byPath.keys()] });
  const hits = await session.rows("count_erased_rows");
  const categories: Cleaned["categories"][number][] = [];
  await session.run("create_emptied_rows");
  for (const { like, ...list } of listsOf(byPath, hits)) {
    if (like) categories.push(...(await countCategories(session, like, list)));
    await session.run("find_emptied_rows", list, { cell: cellOf(like) });
  }
  const pool: Cleaned["pool"][number][] = [];
  for (const row of await session.rows("count_emptied_rows")) {
    const path = String(row.file);
    const emptied = byPath.get(path);
    if (!emptied) throw new Error(`${path} is not among the files that were read`);
    const own = hits.filter(({ file }) => file === path);
    const byErasure = sumBy(own, "erasure_id");
    const byPiece = sumBy(own, "path");
    const numbers = [...byErasure.values()].reduce((sum, some) => sum + some, 0);
    const fresh = join(folder, `pool-${pool.length}-${statSync(path).ino}.parquet`);
    await writeEmptied(session, path, fresh, numbers);
    const pieces = emptied.pieces.map((one) => ({ ...one, erased: byPiece.get(one.path) ?? 0 }));
    const sum = await sumOfFile(fresh);
    pool.push({ file: emptied.file, fresh, bytes: statSync(fresh).size, sum, pieces, byErasure });
  }
  return { pool, categories };
}

/** A list that erased persons stand in, its files that have them, and all that have rows of it. */
type HitList = { readonly list: string; readonly hit: string[]; readonly paths: string[] };

/** What one list says of a cell is nothing to another, though they share a file. `like`: one of the list's pool files. */
function listsOf(
  byPath: ReadonlyMap<string, PoolFile>,
  hits: readonly Row[],
): (HitList & { readonly like: PoolPiece | undefined })[] {
  const hit = new Map<string, Set<string>>();
  for (const row of hits) {
    const list = String(row.list);
    hit.set(list, (hit.get(list) ?? new Set()).add(String(row.file)));
  }
  return [...hit].map(([list, found]) => {
    const own = [...byPath].flatMap(([path, { pieces }]) => {
      const like = pieces.find(({ importId }) => importId === list);
      return like ? [{ path, like }] : [];
    });
    // A file that nobody knows is a list of its own.
    const paths = own.length > 0 ? own.map(({ path }) => path) : [...found];
    return { list, hit: [...found], paths, like: own[0]?.like };
  });
}

/** What a row's phones were read from. Of a file that nobody knows, all of the row. */
function cellOf(like: PoolPiece | undefined): Fragment {
  if (like === undefined) return fragment`s.raw_data`;
  return fragment`s.raw_data.${identifier(like.phoneColumn)}`;
}

async function countCategories(
  session: Session,
  { importId, category, categoryColumn }: PoolPiece,
  { list, hit }: HitList,
): Promise<Cleaned["categories"][number][]> {
  if (category === undefined && categoryColumn === undefined) return [];
  const fallback = fragment`$default_category::varchar`;
  const rows = await session.rows(
    "count_erased_categories",
    { hit, list, default_category: category ?? null },
    {
      category:
        categoryColumn === undefined
          ? fallback
          : fragment`coalesce(nullif(trim(s.raw_data.${identifier(categoryColumn)}), ''), ${fallback})`,
    },
  );
  return rows
    .filter((row) => row.category !== null)
    .map((row) => ({ importId, category: String(row.category), numbers: Number(row.numbers) }));
}

/** Writes one file anew and compares: as many rows, so many numbers fewer, and every other row as it was where it was. */
async function writeEmptied(
  session: Session,
  file: string,
  target: string,
  numbers: number,
): Promise<void> {
  const [counted] = await session.rows("count_rows", { path: file });
  const rows = fragment`${Number(counted?.numbers)}`;
  await session.run("load_erased", { file }, { rows });
  await session.run("load_emptied", { file }, { rows });
  await session.run("write_emptied", { file, target });
  const [before] = await session.rows("check_emptied", { file });
  const [after] = await session.rows("check_emptied", { file: target });
  const isSame =
    before?.rows === after?.rows &&
    before?.kept === after?.kept &&
    Number(before?.numbers) - numbers === Number(after?.numbers);
  if (!isSame) {
    throw new Error(
      `${file} would not be the same without ${numbers} of its numbers; it was left as it is`,
    );
  }
  syncPath(target);
  await failpoint("erasure.file-written");
}
