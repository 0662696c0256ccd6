/** The engine on ClickHouse: pool, ledger and catalog in the server's tables; only staged files and rejects in the home. */
import { embeddedOnly } from "../backup.ts";
import { readAudit, verifyAudit } from "../catalog/audit.ts";
import { readSuppressionAge } from "../catalog/blacklist.ts";
import { readCategories } from "../catalog/categories.ts";
import { customerVerbs } from "../catalog/customers.ts";
import { findOrder, listOrders, readOrderFiles } from "../catalog/found-orders.ts";
import { cancelOrder, markDelivered } from "../catalog/orders.ts";
import { readLedgerStart } from "../catalog/pruned.ts";
import { readReport } from "../catalog/report.ts";
import { addSource, readSources, setSource } from "../catalog/sources.ts";
import { readStats } from "../catalog/stats.ts";
import type { Engine } from "../engine.ts";
import { type AccessOptions, createAccess } from "./access.ts";
import { blacklistVerbs } from "./blacklist.ts";
import { erasureVerbs } from "./erasures.ts";
import { importVerbs } from "./imports.ts";
import { keepingVerbs } from "./keeping.ts";
import { lookupVerbs } from "./lookup.ts";
import { orderVerbs } from "./orders.ts";
import { recoveryVerbs } from "./recovery.ts";
import { returnVerbs } from "./returns.ts";
import { refused } from "./unsupported.ts";

export function createClickhouseEngine(options: AccessOptions): Engine {
  const access = createAccess(options);
  const { log, read, write } = access;
  const orders = orderVerbs(access);
  const recordDelivered: Engine["markDelivered"] = (orderId, delivery) =>
    write((session) => markDelivered(session, log, orderId, delivery));
  return {
    ...importVerbs(access),
    ...orders,
    ...blacklistVerbs(access),
    ...customerVerbs(access),
    ...erasureVerbs(access),
    ...keepingVerbs(access),
    ...lookupVerbs(access),
    ...recoveryVerbs(access),
    ...returnVerbs(access),
    markDelivered: recordDelivered,
    // The lock of many hosts is not held while a disk is waited for.
    markAround: async (order, at, name) => {
      await orders.markDisclosed(order, at);
      return recordDelivered(order.orderId, await name());
    },
    cancelOrder: (orderId, keepsCooldown, at) =>
      write((session) => cancelOrder(session, log, orderId, keepsCooldown, at)),
    readSuppressionAge: () => read(readSuppressionAge),
    listOrders: (query) => read((session) => listOrders(session, query)),
    findOrder: (orderId) => read((session) => findOrder(session, orderId)),
    readOrderFiles: (orderId) => read((session) => readOrderFiles(session, orderId)),
    readStats: (importedSince, soldSince) =>
      read((session) => readStats(session, importedSince, soldSince)),
    readReport: (query) => read((session) => readReport(session, query)),
    readAudit: (limit, action) => read((session) => readAudit(session, limit, action)),
    verifyAudit: () => read(verifyAudit),
    addSource: (name, terms, at) => write((session) => addSource(session, log, name, terms, at)),
    setSource: (name, terms, at) => write((session) => setSource(session, log, name, terms, at)),
    readSources: () => read(readSources),
    readCategories: () => read(readCategories),
    readLedgerStart: () => read(readLedgerStart),
    holdEverything: refused(embeddedOnly.backup),
    noteRestore: refused(embeddedOnly.restore),
  };
}
