/**
 * Writing files anew without erased persons, beside the old ones and without the lock. A person's rows stay as empty rows,
 * so that all others keep the places that orders know them by.
 */
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { failpoint } from "../../failpoints.ts";
import { type Home, syncPath } from "../../home.ts";
import { emptyRejects, findInRejects } from "../../intake/rejects-file.ts";
import { ledgerCopyPath } from "./orders.ts";
import type { Session } from "./session.ts";
import { type Fragment, fragment, identifier } from "./statements.ts";

export type Person = { readonly erasureId: string; readonly phone: bigint };

/** A pool file as the catalog knows it; one that it does not know has no `path`: a crash left it. */
export type PoolFile = {
  readonly path: string | undefined;
  /** Where its rows lie, below the home. */
  readonly file: string;
  readonly importId: string | undefined;
  readonly phoneColumn: string | undefined;
  readonly category: string | undefined;
  readonly categoryColumn: string | undefined;
};

/** Where everything lies that may hold a person. */
export type Places = {
  readonly pool: readonly PoolFile[];
  readonly copies: readonly { readonly orderId: string; readonly path: string }[];
};

export type Cleaned = {
  readonly pool: readonly (PoolFile & {
    readonly fresh: string;
    readonly bytes: number;
    /** Rows of erased persons. */
    readonly numbers: number;
    readonly byErasure: ReadonlyMap<string, number>;
  })[];
  readonly categories: readonly {
    readonly importId: string;
    readonly category: string;
    readonly numbers: number;
  }[];
  readonly rejects: readonly {
    readonly path: string;
    readonly fresh: string;
    /** What the file was when it was read. */
    readonly identity: string;
    readonly byErasure: ReadonlyMap<string, number>;
  }[];
  /** Orders whose copies in ledger/ hold a person although the ledger does not. */
  readonly orders: readonly string[];
};

/** Something was written anew by somebody else meanwhile: look again. */
export class Overtaken extends Error {}

/** What the catalog names, and what lies in the pool without a name. Called under the lock: nobody is publishing. */
export async function findPlaces(session: Session, home: Home): Promise<Places> {
  const text = (value: unknown) => (value === null ? undefined : String(value));
  const pool: PoolFile[] = (await session.rows("select_whole_pool")).map((row) => ({
    path: String(row.path),
    file: String(row.file),
    importId: String(row.import_id),
    phoneColumn: String(row.phone_column),
    category: text(row.category),
    categoryColumn: text(row.category_column),
  }));
  const named = new Set(pool.map(({ file }) => file));
  for (const { path } of await session.rows("select_doomed_files")) named.add(String(path));
  const unnamed = readdirSync(home.pool, { recursive: true, encoding: "utf8" })
    .map((name) => join("pool", name))
    .filter((file) => file.endsWith(".parquet") && !named.has(file));
  const unknown = {
    path: undefined,
    importId: undefined,
    phoneColumn: undefined,
    category: undefined,
    categoryColumn: undefined,
  };
  const orders = await session.rows("select_order_copies");
  return {
    pool: [...pool, ...unnamed.map((file) => ({ ...unknown, file }))],
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
  await session.run("find_erased_rows", { paths: [...byPath.keys()] });
  const hits = new Map<string, Map<string, number>>();
  for (const row of await session.rows("count_erased_rows")) {
    const path = String(row.file);
    const byErasure = hits.get(path) ?? new Map<string, number>();
    hits.set(path, byErasure.set(String(row.erasure_id), Number(row.numbers)));
  }
  const pool: Cleaned["pool"][number][] = [];
  const categories: Cleaned["categories"][number][] = [];
  for (const list of listsOf(byPath, [...hits.keys()])) {
    const [like] = list.hit;
    const file = like && byPath.get(like);
    if (!file) continue;
    categories.push(...(await countCategories(session, file, list.hit)));
    await session.run("find_emptied_rows", list, { cell: cellOf(file) });
    for (const row of await session.rows("count_emptied_rows")) {
      const path = String(row.file);
      const emptied = byPath.get(path);
      if (!emptied) throw new Error(`${path} is not among the files that were read`);
      const byErasure = hits.get(path) ?? new Map<string, number>();
      const numbers = [...byErasure.values()].reduce((sum, some) => sum + some, 0);
      const fresh = join(folder, `pool-${pool.length}-${statSync(path).ino}.parquet`);
      await writeEmptied(session, path, fresh, numbers);
      pool.push({ ...emptied, fresh, bytes: statSync(fresh).size, numbers, byErasure });
    }
  }
  return { pool, categories };
}

/** All files of each list that has a hit; what one list says of a cell is nothing to another. */
function listsOf(
  byPath: ReadonlyMap<string, PoolFile>,
  hit: readonly string[],
): { hit: string[]; paths: string[] }[] {
  const key = (path: string) => byPath.get(path)?.importId ?? path;
  const lists = new Map<string, { hit: string[]; paths: string[] }>();
  for (const path of hit) lists.set(key(path), { hit: [], paths: [] });
  for (const path of byPath.keys()) lists.get(key(path))?.paths.push(path);
  for (const path of hit) lists.get(key(path))?.hit.push(path);
  return [...lists.values()];
}

/** What a row's phones were read from. Of a file that nobody knows, all of the row. */
function cellOf({ phoneColumn }: PoolFile): Fragment {
  if (phoneColumn === undefined) return fragment`s.raw_data`;
  return fragment`s.raw_data.${identifier(phoneColumn)}`;
}

async function countCategories(
  session: Session,
  { importId, category, categoryColumn }: PoolFile,
  hit: readonly string[],
): Promise<Cleaned["categories"][number][]> {
  if (importId === undefined || (category === undefined && categoryColumn === undefined)) return [];
  const fallback = fragment`$default_category::varchar`;
  const rows = await session.rows(
    "count_erased_categories",
    { hit, default_category: category ?? null },
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

async function cleanRejects(
  home: Home,
  persons: readonly Person[],
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Cleaned["rejects"]> {
  const idOf = new Map(
    persons.map(({ erasureId, phone }) => [String(phone).slice(2), erasureId] as const),
  );
  const choose = async (nationals: readonly string[]) =>
    nationals.filter((national) => idOf.has(national));
  const cleaned: Cleaned["rejects"][number][] = [];
  for (const name of readdirSync(home.rejects)) {
    const path = join(home.rejects, name);
    const identity = identityOf(path);
    if (identity === undefined) continue;
    const found = await findInRejects(path, choose, signal);
    if (found.size === 0) continue;
    const fresh = join(folder, `rejects-${cleaned.length}.csv`);
    await emptyRejects(path, fresh, new Set(found.keys()), "erased", signal);
    syncPath(fresh);
    await failpoint("erasure.rejects-written");
    const byErasure = new Map([...found].map(([national, n]) => [idOf.get(national) ?? "", n]));
    cleaned.push({ path, fresh, identity, byErasure });
  }
  return cleaned;
}

/** Changes with whatever is written to a file; undefined when there is none. */
export function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat?.isFile() ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : undefined;
}
