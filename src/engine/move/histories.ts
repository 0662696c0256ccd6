/** Orders' copies and histories in `ledger/` of an embedded home, as a move needs them. */
import { join } from "node:path";
import type { Home } from "../../home.ts";
import { historySince } from "../duckdb/history.ts";
import { ledgerFiles } from "../duckdb/ledger-copies.ts";
import type { Session } from "../duckdb/session.ts";

/** Sales from another system: the file, and since when its sales are kept. */
export type History = { readonly importId: string; readonly copy: string; readonly since: string };

export type Copies = {
  /** Of orders, by the UTC day of their sale, `YYYY-MM-DD`. */
  readonly ofOrders: ReadonlyMap<string, readonly string[]>;
  readonly histories: readonly History[];
};

/** What lies in `ledger/`: what is no copy of a known order is a history. */
export async function readCopies(catalog: Session, home: Home): Promise<Copies> {
  const orders = new Map(
    (await catalog.rows("select_moved_orders")).map((row) => [String(row.order_id), row.is_pruned]),
  );
  const ofOrders = new Map<string, string[]>();
  const histories: History[] = [];
  for (const { copy, id, isPending } of ledgerFiles(home)) {
    if (isPending) continue;
    if (!orders.has(id)) {
      histories.push({ importId: id, copy, since: await historySince(catalog, id) });
      continue;
    }
    if (orders.get(id) === true) continue;
    const day = /date=([0-9-]+)$/.exec(join(copy, ".."))?.[1] ?? "";
    ofOrders.set(day, [...(ofOrders.get(day) ?? []), copy]);
  }
  for (const copies of ofOrders.values()) copies.sort();
  return { ofOrders: new Map([...ofOrders].sort()), histories };
}
