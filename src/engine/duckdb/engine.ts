/** The engine on one machine: a DuckDB file for what is known, Parquet files for what is kept. */

import { readAudit, verifyAudit } from "../catalog/audit.ts";
import { readSuppressionAge } from "../catalog/blacklist.ts";
import { readColumns } from "../catalog/candidates.ts";
import { readCategories } from "../catalog/categories.ts";
import { customerVerbs } from "../catalog/customers.ts";
import { findErased } from "../catalog/erasures.ts";
import { findOrder, listOrders, readOrderFiles, requireOrder } from "../catalog/found-orders.ts";
import { readContents } from "../catalog/imports.ts";
import { cancelOrder, markDelivered, requireNumbers } from "../catalog/orders.ts";
import { readLedgerStart, requireExportable } from "../catalog/pruned.ts";
import { readReport } from "../catalog/report.ts";
import { addSource, readSources, setSource } from "../catalog/sources.ts";
import { readStats } from "../catalog/stats.ts";
import type { Engine } from "../engine.ts";
import { type AccessOptions, createAccess } from "./access.ts";
import { backupVerbs } from "./backup.ts";
import { blacklistVerbs } from "./blacklist.ts";
import { compactVerbs } from "./compact.ts";
import { copyErasures, erase } from "./erasures.ts";
import { deliveryBytes, exportOrder } from "./export.ts";
import { holdFiles } from "./held.ts";
import { publishImport } from "./imports.ts";
import { lookUp } from "./lookup.ts";
import { fillOrder } from "./orders.ts";
import { prune } from "./prune.ts";
import { recoveryVerbs } from "./recovery.ts";
import { returnVerbs } from "./returns.ts";
import { markDisclosed, reviewOrder } from "./review.ts";
import { searchPool } from "./search.ts";
import { selectNumbers } from "./selection.ts";
import type { Session } from "./session.ts";
import { settleFilling, settlePublication, writeOrSettle, writeWithCopies } from "./uncertain.ts";

const freeSales = (session: Session, orderId: string) =>
  session.run("delete_sales", { order_id: orderId });

export function createDuckdbEngine(options: AccessOptions): Engine {
  const access = createAccess(options);
  const { home, log, timeZone, read, write, aside } = access;
  return {
    ...backupVerbs(access),
    ...blacklistVerbs(access),
    ...compactVerbs(access),
    readContents: () => read(readContents),
    publishImport: (record, files) =>
      writeOrSettle(
        access,
        (session) => publishImport(session, home, log, record, files),
        (session, failure) => settlePublication(session, home, record, files, failure),
      ),
    countCandidates: (criteria, at) =>
      read(async (session) => {
        const selection = await selectNumbers(session, home.folder, criteria, "all", at);
        return selection.availability;
      }),
    readColumns: (criteria) => read((session) => readColumns(session, criteria)),
    fillOrder: (request) =>
      writeOrSettle(
        access,
        (session) => fillOrder(session, home, log, request, timeZone),
        (session, failure) => settleFilling(session, home, request.orderId, failure),
      ),
    exportOrder: async (order, path, compression, range) => {
      const { orderId, numbers } = order;
      const { files, rowBytes } = await read(async (session) => {
        await requireExportable(session, order, timeZone);
        const [lists] = await session.rows("read_row_bytes", { order_id: orderId });
        return {
          files: holdFiles(home, await session.rows("select_order_files", { order_id: orderId })),
          rowBytes: Number(lists?.bytes ?? 0),
        };
      });
      try {
        return await aside(async (session) => {
          await session.limitMemory(deliveryBytes(order.layout.format, rowBytes));
          return exportOrder(session, home, order, files.rows, path, compression, range);
        });
      } catch (error) {
        // An order that lost numbers meanwhile is no broken one, nor is one that was pruned.
        options.resources.signal?.throwIfAborted();
        await read(async (session) => {
          await requireNumbers(session, orderId, numbers);
          await requireExportable(session, await requireOrder(session, orderId), timeZone);
        });
        throw error;
      } finally {
        files.release();
      }
    },
    markDisclosed: (order, at) => write((session) => markDisclosed(session, home, order, at)),
    markDelivered: (orderId, delivery) =>
      write((session) => markDelivered(session, log, orderId, delivery)),
    cancelOrder: (orderId, keepsCooldown, at) =>
      write((session) => cancelOrder(session, log, orderId, keepsCooldown, at, freeSales)),
    reviewOrder: (orderId, at) =>
      writeWithCopies(access, (session) => reviewOrder(session, home, log, timeZone, orderId, at)),
    readSuppressionAge: () => read(readSuppressionAge),
    listOrders: (query) => read((session) => listOrders(session, query)),
    findOrder: (orderId) => read((session) => findOrder(session, orderId)),
    readOrderFiles: (orderId) => read((session) => readOrderFiles(session, orderId)),
    readStats: (importedSince, soldSince) =>
      read((session) => readStats(session, importedSince, soldSince)),
    readReport: (query) => read((session) => readReport(session, query)),
    readAudit: (limit, action) => read((session) => readAudit(session, limit, action)),
    verifyAudit: () => access.examine(verifyAudit),
    ...recoveryVerbs(access),
    ...customerVerbs(access),
    ...returnVerbs(access),
    addSource: (name, terms, at) => write((session) => addSource(session, log, name, terms, at)),
    setSource: (name, terms, at) => write((session) => setSource(session, log, name, terms, at)),
    readSources: () => read(readSources),
    readCategories: () => read(readCategories),
    search: (search) => searchPool(access, search),
    erase: (request) => erase(access, request, options.resources.signal),
    copyErasures: (path) => read((session) => copyErasures(session, home, path)),
    findErased: (phones) => read((session) => findErased(session, home, phones)),
    lookUp: (query) => lookUp(access, query),
    prune: (request) => prune(access, request),
    readLedgerStart: () => read(readLedgerStart),
  };
}
