/** An order from its sale to its delivery: under the lock it is sold and marked, beside it the rows are written out. */
import { markDelivered, requireUnchanged } from "../catalog/orders.ts";
import { requireExportable } from "../catalog/pruned.ts";
import type { Engine, Order } from "../engine.ts";
import type { Access } from "./access.ts";
import { deliveryBytes, exportOrder } from "./export.ts";
import { holdFiles } from "./held.ts";
import { fillOrder } from "./orders.ts";
import { markDisclosed } from "./review.ts";
import type { Session } from "./session.ts";
import { settleFilling, writeOrSettle } from "./uncertain.ts";

type DeliveryVerbs = Pick<
  Engine,
  "fillOrder" | "exportOrder" | "markDisclosed" | "markDelivered" | "markAround"
>;

/** What a delivery has to know of the catalog: the order's files, held, and how long their rows are on average. */
type Sources = { readonly files: ReturnType<typeof holdFiles>; readonly rowBytes: number };

export function deliveryVerbs(access: Access): DeliveryVerbs {
  const { home, log, timeZone, read, write, aside, signal } = access;
  /** Of the order that was sold last: its delivery follows, and is spared an opening of the database, 0.08 s. */
  let sold: { readonly order: Order; readonly sources: Sources } | undefined;

  async function findSources(session: Session, { orderId }: Order): Promise<Sources> {
    const of = { order_id: orderId };
    const [lists] = await session.rows("read_row_bytes", of);
    const files = holdFiles(home, await session.rows("select_order_files", of));
    return { files, rowBytes: Number(lists?.bytes ?? 0) };
  }

  async function sourcesOf(order: Order): Promise<Sources> {
    if (sold?.order !== order) {
      return read(async (session) => {
        await requireExportable(session, order, timeZone);
        return findSources(session, order);
      });
    }
    const { sources } = sold;
    sold = undefined;
    return sources;
  }

  return {
    fillOrder: (request) =>
      writeOrSettle(
        access,
        async (session) => {
          const filling = await fillOrder(session, home, log, request, timeZone);
          if (filling.outcome !== "filled") return filling;
          const { order } = filling;
          // It is sold: what cannot be found now the delivery looks for once more, and says why not.
          const sources = await findSources(session, order).catch(() => undefined);
          sold = sources && { order, sources };
          return filling;
        },
        (session, failure) => settleFilling(session, home, request.orderId, failure),
      ),
    exportOrder: async (order, path, compression, range) => {
      const { files, rowBytes } = await sourcesOf(order);
      try {
        return await aside(async (session) => {
          await session.limitMemory(deliveryBytes(order.layout.format, rowBytes));
          return exportOrder(session, home, order, files.rows, path, compression, range);
        });
      } catch (error) {
        signal?.throwIfAborted();
        await read((session) => requireUnchanged(session, order, timeZone));
        throw error;
      } finally {
        files.release();
      }
    },
    markDisclosed: (order, at) => write((session) => markDisclosed(session, home, order, at)),
    markDelivered: (orderId, delivery) =>
      write((session) => markDelivered(session, log, orderId, delivery)),
    // One opening of the database in place of two, 0.12 s: names are given in a moment.
    markAround: (order, at, name) =>
      write(async (session) => {
        await markDisclosed(session, home, order, at);
        return markDelivered(session, log, order.orderId, await name());
      }),
  };
}
