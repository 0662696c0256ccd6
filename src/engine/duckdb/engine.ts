/** The engine on one machine: a DuckDB file for what is known, Parquet files for what is kept. */

import { readAudit, verifyAudit } from "../catalog/audit.ts";
import { readSuppressionAge } from "../catalog/blacklist.ts";
import { readColumns } from "../catalog/candidates.ts";
import { readCategories } from "../catalog/categories.ts";
import { customerVerbs } from "../catalog/customers.ts";
import { findErased } from "../catalog/erasures.ts";
import { findOrder, listOrders, readOrderFiles } from "../catalog/found-orders.ts";
import { readContents } from "../catalog/imports.ts";
import { cancelOrder } from "../catalog/orders.ts";
import { readLedgerStart } from "../catalog/pruned.ts";
import { readReport } from "../catalog/report.ts";
import { addSource, readSources, setSource } from "../catalog/sources.ts";
import { readStats } from "../catalog/stats.ts";
import type { Engine } from "../engine.ts";
import { type AccessOptions, createAccess } from "./access.ts";
import { backupVerbs } from "./backup.ts";
import { blacklistVerbs } from "./blacklist.ts";
import { compactVerbs } from "./compact.ts";
import { deliveryVerbs } from "./deliveries.ts";
import { copyErasures, erase } from "./erasures.ts";
import { publishImport } from "./imports.ts";
import { lookUp } from "./lookup.ts";
import { prune } from "./prune.ts";
import { recoveryVerbs } from "./recovery.ts";
import { returnVerbs } from "./returns.ts";
import { reviewOrder } from "./review.ts";
import { searchPool } from "./search.ts";
import { selectNumbers } from "./selection.ts";
import type { Session } from "./session.ts";
import { settlePublication, writeOrSettle, writeWithCopies } from "./uncertain.ts";

const freeSales = (session: Session, orderId: string) =>
  session.run("delete_sales", { order_id: orderId });

export function createDuckdbEngine(options: AccessOptions): Engine {
  const access = createAccess(options);
  const { home, log, timeZone, read, write } = access;
  return {
    ...backupVerbs(access),
    ...blacklistVerbs(access),
    ...compactVerbs(access),
    ...deliveryVerbs(access),
    readContents: () => read(readContents),
    publishImport: (record, files) =>
      writeOrSettle(
        access,
        (session) => publishImport(session, home, log, record, files),
        (session, failure) => settlePublication(session, home, record, files, failure),
      ),
    countCandidates: (criteria, at) =>
      read(async (session) => {
        const selection = await selectNumbers(session, home, criteria, "all", at);
        return selection.availability;
      }),
    readColumns: (criteria) => read((session) => readColumns(session, criteria)),
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
