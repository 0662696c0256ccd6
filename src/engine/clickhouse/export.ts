/**
 * Writing out an order: its rows come from the server as one Parquet file, are counted, and are written by DuckDB as on the
 * embedded engine, byte for byte. A slow reader holds up no server, and an answer that broke off never leaves the house.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { exitCode, UserError } from "../../errors.ts";
import { unionOfColumns } from "../catalog/candidates.ts";
import { requireUnchanged } from "../catalog/orders.ts";
import { requireExportable } from "../catalog/pruned.ts";
import { type Column, columnsOf, safeTitle } from "../delivery-columns.ts";
import { phoneForms } from "../duckdb/rules.ts";
import { identifier, statement } from "../duckdb/statements.ts";
import type { Layout, Order, Range } from "../engine.ts";
import { type Fragment, fragment, joined } from "../statements.ts";
import type { Access } from "./access.ts";
import { dayOfOrder } from "./orders.ts";
import type { Session } from "./session.ts";

const compressions = { none: fragment`none`, zstd: fragment`zstd` } as const;

/** Resolves to the number of rows written to `target`, a file or a named pipe. */
export async function exportOrder(
  { home, read, aside, signal, timeZone }: Access,
  order: Order,
  target: string,
  compression: "none" | "zstd",
  range: Range = { first: 0, last: order.numbers - 1 },
): Promise<number> {
  const { orderId, numbers, layout } = order;
  const fetched = join(home.temporary, `${orderId}-${range.first}.parquet`);
  const expected = Math.min(range.last, numbers - 1) - range.first + 1;
  try {
    const columns = await read(async (session) => {
      await requireExportable(session, order, timeZone);
      return fetchRows(session, order, range, fetched);
    });
    return await aside(async (session) => {
      const [found] = await session.rows("count_rows", { path: fetched });
      if (Number(found?.numbers) !== expected)
        throw incomplete(orderId, expected, Number(found?.numbers));
      const isSafe = layout.safeCells === true;
      if (isSafe) await session.run("safe_cell");
      const shown = joined(
        columns.map((column, n) => columnOf(column, n, layout.phoneFormat, isSafe)),
        ", ",
      );
      const rows = { sql: statement("deliver_fetched", { columns: shown }) };
      const written = await session.run(
        `deliver_${layout.format}`,
        { path: fetched, target },
        {
          files: rows,
          ...(layout.format === "parquet" ? {} : { compression: compressions[compression] }),
        },
      );
      if (written !== expected) throw incomplete(orderId, expected, written);
      return written;
    });
  } catch (error) {
    signal?.throwIfAborted();
    await read((session) => requireUnchanged(session, order, timeZone));
    throw error;
  } finally {
    rmSync(fetched, { force: true });
  }
}

/** Fetches a part of an order, a column `c0`, `c1`, … for each that is delivered; resolves to what they are. */
async function fetchRows(
  session: Session,
  { orderId, reservedAt, layout }: Order,
  { first, last }: Range,
  path: string,
): Promise<Column[]> {
  const part = { order_id: orderId, day: dayOfOrder(reservedAt), first, last };
  const files = (await session.rows("select_picked_files", part)).map((row) => ({
    path: String(row.path),
    date: String(row.date),
    provider: String(row.provider),
    columns: row.columns as string[],
    phoneColumn: String(row.phone_column),
  }));
  const columns = columnsOf(layout, () => unionOfColumns(files));
  const names: string[] = [];
  const cells = columns.flatMap(({ source }, n) => {
    if (source === "phone") return [];
    names.push(source.name.toLowerCase());
    return [cellOf(names.length, n)];
  });
  if (cells.length === 0) await session.fetch("fetch_phones", path, part);
  else
    await session.fetch(
      "fetch_order",
      path,
      {
        ...part,
        paths: files.map((file) => file.path),
        dates: [...new Set(files.map(({ date }) => date))],
        providers: [...new Set(files.map(({ provider }) => provider))],
        names,
      },
      { cells: joined([fragment`k.phone as phone`, ...cells], ", ") },
    );
  return columns;
}

/**
 * The `place`-th of the names, as column `n` of the delivery. The phone cell as it was written may hold somebody else's number
 * too: it never leaves.
 */
function cellOf(place: number, n: number): Fragment {
  const name = fragment`{names:Array(String)}[${place}]`;
  return fragment`if(f.phone_column = ${name}, null, p.cells[indexOf(f.columns, ${name})]) as c${n}`;
}

/** As the embedded engine writes it. */
function columnOf(
  { source, as }: Column,
  n: number,
  phoneFormat: Layout["phoneFormat"],
  isSafe: boolean,
): Fragment {
  const title = identifier(isSafe ? safeTitle(as) : as);
  if (source === "phone") return fragment`${phoneForms[phoneFormat]} as ${title}`;
  const cell = fragment`c${n}`;
  return isSafe ? fragment`safe_cell(${cell}) as ${title}` : fragment`${cell} as ${title}`;
}

function incomplete(orderId: string, expected: number, found: number): UserError {
  return new UserError(
    exitCode.integrity,
    `order ${orderId} should give ${expected} numbers, the database gave ${found}; nothing was delivered: run numbers doctor`,
  );
}
