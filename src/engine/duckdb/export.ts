/** Writing out an order: always the same rows in the same order, from the order's own copy of its sales. */
import { join } from "node:path";
import { exitCode, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import { unionOfColumns } from "../catalog/candidates.ts";
import { type Column, columnsOf, safeTitle } from "../delivery-columns.ts";
import type { Layout, Order, Range } from "../engine.ts";
import type { Parameter, Row } from "../session.ts";
import { type Fragment, fragment, joined } from "../statements.ts";
import { branchesOf, type Picked } from "./branches.ts";
import { hasLedgerCopy, ledgerCopyPath } from "./ledger-copies.ts";
import { phoneForms } from "./rules.ts";
import { requirePoolFile } from "./selection.ts";
import type { Session } from "./session.ts";
import { identifier, statement } from "./statements.ts";

const compressions = { none: fragment`none`, zstd: fragment`zstd` } as const;

/**
 * What each thread of a delivery may hold. Text waits in memory until the row groups before it are written: with 2 GB that were
 * 600 MB of it, each page of them new memory, and the delivery of a million took a tenth longer than with 512 MB on two threads;
 * with 384 to 640 MB it takes as long, with 256 MB longer again, as threads wait for each other. `rowBytes`: what a row has in
 * the order's lists, on average; fifteen row groups of 551 bytes a row are 256 MB. A row group of Parquet is four times as large:
 * there the engine's own limit stays.
 */
export function deliveryBytes(format: Layout["format"], rowBytes: number): number {
  if (format === "parquet") return Number.POSITIVE_INFINITY;
  return Math.max(256e6, Math.ceil(15 * rowGroupRows * rowBytes));
}

/** Of a pool file: `stage_rows.sql`. */
const rowGroupRows = 30_720;

/**
 * Runs in a session of its own, in memory: a slow reader holds up nobody else.
 * `catalogFiles` is what the catalog says of the order's files (`select_order_files`).
 */
export async function exportOrder(
  session: Session,
  home: Home,
  order: Order,
  catalogFiles: readonly Row[],
  target: string,
  compression: "none" | "zstd",
  range: Range = { first: 0, last: order.numbers - 1 },
): Promise<number> {
  const ledger = ledgerCopyPath(home, order.orderId, order.reservedAt);
  if (!hasLedgerCopy(home, order)) {
    throw new UserError(
      exitCode.integrity,
      `order ${order.orderId}: its copy ${ledger} is missing; restore it from a backup`,
    );
  }
  const known = new Map(catalogFiles.map((row) => [String(row.path), row]));
  const part = { ledger, from: range.first, to: range.last };
  const picked = (await session.rows("read_picked_files", part)).map((row): Picked => {
    if (row.path === null) throw new UserError(exitCode.integrity, unplaced(order.orderId));
    const path = String(row.path);
    const columns = known.get(path)?.columns as string[] | null | undefined;
    if (!columns) throw new UserError(exitCode.integrity, unknownFile(order.orderId, path));
    const file = String(known.get(path)?.file);
    requirePoolFile(home.folder, file);
    return {
      file,
      columns,
      phoneColumn: String(known.get(path)?.phone_column),
      fileNo: Number(row.file_no),
      firstRow: Number(known.get(path)?.first_row),
      first: Number(row.first),
      last: Number(row.last),
    };
  });

  const isSafe = order.layout.safeCells === true;
  if (isSafe) await session.run("safe_cell");
  const wanted = columnsOf(order.layout, () => unionOfColumns(picked));
  const parameters: Record<string, Parameter> = {};
  const branches: Fragment[] = [];
  const phones: Fragment[] = [];
  for (const [n, { files, rows }] of branchesOf(picked).entries()) {
    const { first, last } = rows;
    const bits = last - first + 1;
    const bitsOfFiles = files.flatMap((pieces, index) =>
      pieces.map(({ fileNo, firstRow }) => ({ fileNo, bit: index * bits + firstRow - first })),
    );
    await session.run(
      "load_picks",
      {
        ...part,
        file_nos: bitsOfFiles.map(({ fileNo }) => BigInt(fileNo)),
        bits: bitsOfFiles.map(({ bit }) => BigInt(bit)),
      },
      { n: fragment`${n}`, last: fragment`${files.length * bits - 1}` },
    );
    parameters[`paths_${n}`] = files.map(([{ file }]) => join(home.folder, file));
    parameters[`first_${n}`] = BigInt(first);
    parameters[`last_${n}`] = BigInt(last);
    const [[file]] = files;
    const columns = joined(
      wanted.map((column) => columnOf(file, column, order.layout.phoneFormat, isSafe)),
      ", ",
    );
    branches.push({
      sql: statement("deliver_file", { n: fragment`${n}`, columns }),
    });
    phones.push({
      sql: statement("deliver_file", { n: fragment`${n}`, columns: fragment`phone` }),
    });
  }
  await requireSold(session, order, part, parameters, joined(phones, "\nunion all\n"));
  const rows = await session.run(
    `deliver_${order.layout.format}`,
    { ...parameters, target },
    {
      files: joined(branches, "\nunion all\n"),
      ...(order.layout.format === "parquet" ? {} : { compression: compressions[compression] }),
    },
  );
  const expected = Math.min(range.last, order.numbers - 1) - range.first + 1;
  if (rows !== expected) {
    throw new UserError(
      exitCode.integrity,
      `order ${order.orderId} should give ${expected} numbers, its files gave ${rows}; run numbers doctor`,
    );
  }
  return rows;
}

function unplaced(orderId: string): string {
  return (
    `order ${orderId}: its copy was lost and written anew by numbers doctor --repair, which does not know the rows of the ` +
    "pool that it took: it cannot be delivered again. Its numbers stay sold; a backup may have the first copy"
  );
}

/**
 * Throws `integrity` when the rows that the order took hold other phones than its copy says were sold. Parquet files have no
 * checksums: of bits changed in a pool file the engine noticed one in seven, half of the others were in phones.
 */
async function requireSold(
  session: Session,
  { orderId }: Order,
  part: { readonly ledger: string; readonly from: number; readonly to: number },
  parameters: Readonly<Record<string, Parameter>>,
  files: Fragment,
): Promise<void> {
  const [inPool] = await session.rows("sum_picked_phones", parameters, { files });
  const [inCopy] = await session.rows("sum_sold_phones", part);
  if (inPool?.numbers === inCopy?.numbers && inPool?.fingerprint === inCopy?.fingerprint) return;
  throw new UserError(
    exitCode.integrity,
    `order ${orderId}: the pool files that it took have other phones than were sold: one of them, or the order's copy ` +
      "in ledger/, was changed or is damaged. Nothing was delivered; numbers doctor names the file: put it back from a backup",
  );
}

function columnOf(
  file: { readonly columns: readonly string[]; readonly phoneColumn: string },
  { source, as }: Column,
  phoneFormat: Layout["phoneFormat"],
  isSafe: boolean,
): Fragment {
  const title = identifier(isSafe ? safeTitle(as) : as);
  // A phone is digits behind at most a plus: whatever a spreadsheet makes of it, it is that number.
  if (source === "phone") return fragment`${phoneForms[phoneFormat]} as ${title}`;
  const wanted = source.name.toLowerCase();
  const name = file.columns.find((column) => column.toLowerCase() === wanted);
  // The phone cell as it was written may hold somebody else's number too: it never leaves.
  if (name === undefined || name === file.phoneColumn) {
    return fragment`null::varchar as ${title}`;
  }
  const cell = fragment`raw_data.${identifier(name)}`;
  return isSafe ? fragment`safe_cell(${cell}) as ${title}` : fragment`${cell} as ${title}`;
}

/** After a restore: the order is newer than the backup, and so is the list that it was sold from. */
function unknownFile(orderId: string, path: string): string {
  return (
    `order ${orderId}: this home does not know ${path}, so its rows cannot be written out again; its numbers stay ` +
    "sold. Where the list is still there, ingest it and make a new order"
  );
}
