/** Writing out an order: always the same rows in the same order, from the order's own copy of its sales. */
import { join } from "node:path";
import { exitCode, UserError } from "../../errors.ts";
import type { Home } from "../../home.ts";
import type { Layout, Order, Range } from "../engine.ts";
import { unionOfColumns } from "./columns.ts";
import { hasLedgerCopy, ledgerCopyPath } from "./orders.ts";
import { phoneForms } from "./rules.ts";
import { requirePoolFile } from "./selection.ts";
import type { Parameter, Row, Session } from "./session.ts";
import { type Fragment, fragment, identifier, joined, statement } from "./statements.ts";

const compressions = { none: fragment`none`, zstd: fragment`zstd` } as const;

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
  const picked = (await session.rows("read_picked_files", part)).map((row) => {
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
      first: Number(row.first),
      last: Number(row.last),
    };
  });

  const wanted =
    order.layout.columns === "all"
      ? allColumns(unionOfColumns(picked))
      : order.layout.columns.map(
          ({ name, as }): Column => ({
            source: name === "phone" ? "phone" : { name },
            as,
          }),
        );
  const parameters: Record<string, Parameter> = { target };
  const branches: Fragment[] = [];
  for (const [n, file] of picked.entries()) {
    await session.run(
      "load_picks",
      { ...part, file_no: file.fileNo },
      { n: fragment`${n}`, last: fragment`${file.last}` },
    );
    parameters[`path_${n}`] = join(home.folder, file.file);
    parameters[`first_${n}`] = file.first;
    parameters[`last_${n}`] = file.last;
    const columns = joined(
      wanted.map((column) => columnOf(file, column, order.layout.phoneFormat)),
      ", ",
    );
    branches.push({
      sql: statement("deliver_file", { n: fragment`${n}`, columns }),
    });
  }
  const rows = await session.run(`deliver_${order.layout.format}`, parameters, {
    files: joined(branches, "\nunion all\n"),
    ...(order.layout.format === "parquet" ? {} : { compression: compressions[compression] }),
  });
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

/** A column of the delivery: the phone, or a column of the sources. */
type Column = {
  readonly source: "phone" | { readonly name: string };
  readonly as: string;
};

/** The phone first; a source's own column of that name gets another. */
function allColumns(union: readonly string[]): Column[] {
  const taken = new Set(["phone", ...union.map((name) => name.toLowerCase())]);
  const columns = union.map((name) => {
    let as = name;
    for (let n = 2; as.toLowerCase() === "phone"; n += 1) {
      if (!taken.has(`phone_${n}`)) as = `phone_${n}`;
    }
    return { source: { name }, as };
  });
  return [{ source: "phone", as: "phone" }, ...columns];
}

function columnOf(
  file: { readonly columns: readonly string[]; readonly phoneColumn: string },
  { source, as }: Column,
  phoneFormat: Layout["phoneFormat"],
): Fragment {
  if (source === "phone") return fragment`${phoneForms[phoneFormat]} as ${identifier(as)}`;
  const wanted = source.name.toLowerCase();
  const name = file.columns.find((column) => column.toLowerCase() === wanted);
  // The phone cell as it was written may hold somebody else's number too: it never leaves.
  if (name === undefined || name === file.phoneColumn) {
    return fragment`null::varchar as ${identifier(as)}`;
  }
  return fragment`raw_data.${identifier(name)} as ${identifier(as)}`;
}

/** After a restore: the order is newer than the backup, and so is the list that it was sold from. */
function unknownFile(orderId: string, path: string): string {
  return (
    `order ${orderId}: this home does not know ${path}, so its rows cannot be written out again; its numbers stay ` +
    "sold. Where the list is still there, ingest it and make a new order"
  );
}
