/** The engine on one machine: a DuckDB file for what is known, Parquet files for what is kept. */
import type { Engine } from "../engine.ts";
import { type AccessOptions, createAccess } from "./access.ts";
import { readAudit, verifyAudit } from "./audit.ts";
import { blacklistVerbs } from "./blacklist.ts";
import { exportOrder } from "./export.ts";
import { publishImport, readContents } from "./imports.ts";
import {
  cancelOrder,
  fillOrder,
  findOrder,
  listOrders,
  markDelivered,
  readColumns,
  readOrderFiles,
} from "./orders.ts";
import { selectNumbers } from "./selection.ts";
import { checkPromises, readStats } from "./stats.ts";

export function createDuckdbEngine(options: AccessOptions): Engine {
  const access = createAccess(options);
  const { home, log, read, write, aside } = access;
  return {
    ...blacklistVerbs(access),
    readContents: () => read(readContents),
    publishImport: (record, files) =>
      write((session) => publishImport(session, home, log, record, files)),
    countCandidates: (criteria, at) =>
      read(async (session) => {
        const selection = await selectNumbers(session, home.folder, criteria, "all", at);
        return selection.availability;
      }),
    readColumns: (criteria) => read((session) => readColumns(session, criteria)),
    fillOrder: (request) => write((session) => fillOrder(session, home, log, request)),
    exportOrder: async (order, path, compression) => {
      const files = await read((session) =>
        session.rows("select_order_files", { order_id: order.orderId }),
      );
      return aside((session) => exportOrder(session, home, order, files, path, compression));
    },
    markDisclosed: (orderId) =>
      write(async (session) => void (await session.run("mark_disclosed", { order_id: orderId }))),
    markDelivered: (orderId, delivery) =>
      write((session) => markDelivered(session, log, orderId, delivery)),
    cancelOrder: (orderId, keepsCooldown, at) =>
      write((session) => cancelOrder(session, log, orderId, keepsCooldown, at)),
    listOrders: (limit) => read((session) => listOrders(session, limit)),
    findOrder: (orderId) => read((session) => findOrder(session, orderId)),
    readOrderFiles: (orderId) => read((session) => readOrderFiles(session, orderId)),
    readStats: (since) => read((session) => readStats(session, since)),
    checkPromises: () => read((catalog) => aside((files) => checkPromises(catalog, files, home))),
    readAudit: (limit, action) => read((session) => readAudit(session, limit, action)),
    verifyAudit: () => read(verifyAudit),
  };
}
