/** A Parquet file of the pool as blocks of rows that the server takes: what an import sends, and what a home that moves does. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Session as FileSession } from "../duckdb/session.ts";
import { identifier } from "../duckdb/statements.ts";
import { fragment, joined } from "../statements.ts";

/**
 * Rows of one insert. Above 1,048,449 rows or 256 MB the server makes several blocks of it, and only one block is there
 * whole or not at all.
 */
export const blockRows = 500_000;
const smallRows = 20_000;

/** The rows of one entry of `pool_files`, in a file that it may share with others. */
export type PoolRows = {
  /** Where the Parquet file lies. */
  readonly path: string;
  /** As the catalog names it: `pool/date=…/provider=…/<import>-<n>.parquet`. */
  readonly poolPath: string;
  readonly date: string;
  readonly provider: string;
  /** Of the source, in the order in which their cells are kept. */
  readonly columns: readonly string[];
  /** Of its rows in the file. */
  readonly firstRow: number;
  /** Erased ones with them. */
  readonly rows: number;
};

/** What `insert_pool` takes; the same token a second time inserts nothing. `rows`: of them, without erased ones. */
export type Block = { readonly path: string; readonly token: string; readonly rows: number };

/** Rows of one entry, or all of several small ones. */
type Wanted = {
  readonly entries: readonly PoolRows[];
  readonly first: number;
  readonly last: number;
};

/**
 * Writes the blocks one after the other into `folder`, the next one while one is being sent; each is removed when the next one
 * is asked for. Rows keep their places, counted from the first one of the entry; those of erased persons are left out, and a
 * row whose cells went has none. The entries are of one day and have the same columns; of several, each is all of its file.
 */
export async function* writeBlocks(
  session: FileSession,
  entries: readonly PoolRows[],
  folder: string,
): AsyncGenerator<Block> {
  const wanted = blocksOf(entries);
  const write = async (one: Wanted, n: number): Promise<Block> => {
    const path = join(folder, `block-${n % 2}.parquet`);
    const rows = await writeBlock(session, one, path);
    return { path, token: `${one.entries[0]?.poolPath} ${one.first}`, rows };
  };
  let next: Promise<Block> | undefined;
  try {
    for (const [n, one] of wanted.entries()) {
      const block = await (next ?? write(one, n));
      const after = wanted[n + 1];
      next = after && write(after, n + 1);
      // Who asks for it is told; a consumer that stops asks no more.
      next?.catch(() => undefined);
      if (block.rows > 0) yield block;
      rmSync(block.path, { force: true });
    }
  } finally {
    await next?.catch(() => undefined);
    for (const n of [0, 1]) rmSync(join(folder, `block-${n}.parquet`), { force: true });
  }
}

/** Small entries go together: an insert of a few rows takes a tenth of a second, whatever is in it. */
function blocksOf(entries: readonly PoolRows[]): Wanted[] {
  const blocks: Wanted[] = [];
  let small: PoolRows[] = [];
  const close = () => {
    const last = Math.max(...small.map(({ rows }) => rows)) - 1;
    if (small.length > 0) blocks.push({ entries: small, first: 0, last });
    small = [];
  };
  for (const entry of entries) {
    if (entry.rows <= smallRows && entry.firstRow === 0) {
      if (small.reduce((sum, { rows }) => sum + rows, entry.rows) > blockRows) close();
      small.push(entry);
      continue;
    }
    for (let first = 0; first < entry.rows; first += blockRows) {
      blocks.push({
        entries: [entry],
        first,
        last: Math.min(first + blockRows, entry.rows) - 1,
      });
    }
  }
  close();
  return blocks;
}

/** Resolves to the rows that were written. */
function writeBlock(
  session: FileSession,
  { entries, first, last }: Wanted,
  target: string,
): Promise<number> {
  const { date, columns, firstRow } = entries[0] as PoolRows;
  const cells = joined(
    columns.map((column) => fragment`raw_data.${identifier(column)}`),
    ", ",
  );
  return session.run(
    "write_pool_block",
    {
      files: entries.map(({ path }) => path),
      pool_paths: entries.map(({ poolPath }) => poolPath),
      providers: entries.map(({ provider }) => provider),
      date,
      before: firstRow,
      first: firstRow + first,
      last: firstRow + last,
      target,
    },
    { cells },
  );
}
