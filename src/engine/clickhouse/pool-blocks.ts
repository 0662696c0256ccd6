/**
 * A Parquet file of the pool on its way to the server: as it is, or as blocks of rows. An import sends it whole where it can;
 * small files go together, and what is very large, has odd names or rows of erased persons goes in blocks.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Session as FileSession } from "../duckdb/session.ts";
import { identifier } from "../duckdb/statements.ts";
import { fragment, joined } from "../statements.ts";
import type { Session } from "./session.ts";
import { identifier as inServer, text } from "./statements.ts";

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

/**
 * Of a file that is sent whole, at most: the server has all of it in memory. To write it once more as blocks takes longer than
 * the server's own work (1 million rows of 490 bytes: 3.7 s of two processors, then 3.4; as it is, 3.3 in all).
 */
const wholeBytes = 256 * 1024 * 1024;
/** Of the statement that names its columns: it stands in the address of the request. */
const namesMost = 32 * 1024;
/** The server finds a cell by its name: in some signs it sees more than a name, and some names it keeps for itself. */
const plainName = /^(?!(?:null|size\d*|keys|values)$)[\p{L}_][\p{L}\p{N}_ -]*$/iu;

/** Whether a file that was just staged can be sent as it is: no row of it is empty. */
export function isSentWhole({
  rows,
  bytes,
  columns,
}: {
  readonly rows: number;
  readonly bytes: number;
  readonly columns: readonly string[];
}): boolean {
  const names = columns.reduce((sum, name) => sum + encodeURIComponent(name).length + 70, 0);
  return (
    rows > smallRows &&
    bytes <= wholeBytes &&
    names <= namesMost &&
    columns.every((name) => plainName.test(name))
  );
}

/** Sends all rows of a staged file, in their order. */
export function sendFile(session: Session, entry: PoolRows, token: string): Promise<void> {
  const { path, poolPath, date, provider, columns } = entry;
  const names = columns.map((name) => fragment`${inServer(name)} Nullable(String)`);
  const file = fragment`phone Nullable(Int64), raw_data Tuple(${joined(names, ", ")})`;
  const cells = columns.map((_, n) => fragment`tupleElement(raw_data, ${n + 1})`);
  return session.send(
    "insert_pool_file",
    path,
    token,
    { date, provider, path: poolPath },
    { file: text(file.sql), cells: joined(cells, ", ") },
  );
}

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
