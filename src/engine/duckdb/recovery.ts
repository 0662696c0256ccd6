/** Looking a home through, mending it, making its database anew. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { exitCode, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { makeFolder, syncPath } from "../../home.ts";
import type { Progress } from "../../progress.ts";
import { readAuditHead } from "../catalog/audit.ts";
import type { Examination, RecoveryVerbs } from "../recovery.ts";
import type { Access } from "./access.ts";
import { schemaVersion } from "./catalog.ts";
import { removeDoomedFiles, removeEmpty } from "./doomed.ts";
import { isCutOff, writeGeneration } from "./journal.ts";
import { findDifferences } from "./journal-proof.ts";
import {
  hasPendingCopies,
  ledgerCopyPath,
  pending,
  publishLedgerCopy,
  settleLedgerCopies,
} from "./ledger-copies.ts";
import { findChanged, notedSums } from "./pool-sums.ts";
import { checkPromises, flawOfCopy, unnamedFiles } from "./promises.ts";
import { rebuildCatalog } from "./rebuild.ts";
import type { Session } from "./session.ts";

export function recoveryVerbs(access: Access): RecoveryVerbs {
  return {
    checkPromises: (progress) =>
      examineAll(access, progress).catch((error) => {
        // A database that cannot be opened is a finding like any other.
        if (!(error instanceof UserError && error.exitCode === exitCode.integrity)) throw error;
        const unopened = { promise: 5, check: "database", found: error.message };
        return { violations: [unopened], leftovers: [] };
      }),
    repair: (at) => access.write((session) => repair(session, access, at)),
    rebuild: (at) => rebuildCatalog(access, at),
  };
}

async function examineAll(access: Access, progress: Progress): Promise<Examination> {
  const { home, signal } = access;
  // What a crash cut off after a commit is no broken promise: it is finished first.
  if (hasPendingCopies(home)) {
    await access.hold((session) => settleLedgerCopies(session, home));
  }
  if (await access.examine((session) => isCutOff(session, home))) {
    await access.write(async () => undefined);
  }
  const { examination, sums } = await access.examine(async (catalog) => ({
    examination: await access.aside((files) => checkPromises(access, catalog, files, progress)),
    // What cannot be read is in the examination already.
    sums: await notedSums(catalog).catch(() => new Map<string, string>()),
  }));
  const changed = await findChanged(home, sums, progress, signal);
  const violations = changed.map((found) => ({ promise: 4, check: "pool_file", found }));
  return { ...examination, violations: [...examination.violations, ...violations] };
}

/** All under the lock: so that what belongs to no import belongs to nobody who is at work. */
async function repair(session: Session, access: Access, at: Date): Promise<string[]> {
  const { home } = access;
  const done: string[] = [];
  if (hasPendingCopies(home)) {
    await settleLedgerCopies(session, home);
    done.push("settled the copies that a crash left without a name");
  }
  await removeDoomedFiles(session, home);
  done.push(...(await removeUnnamed(session, access)));
  done.push(...(await access.aside((files) => mendCopies(session, files, access))));
  const differences = await findDifferences(access, session).catch((error: Error) => {
    access.signal?.throwIfAborted();
    return [error.message];
  });
  if (done.length > 0) {
    await session.transaction(() =>
      access.log(
        session,
        { at, action: "home.repair", subject: "home", details: { done } },
        "everything",
      ),
    );
  }
  const head = await readAuditHead(session);
  if (differences.length > 0 && head !== undefined) {
    await writeGeneration(session, home, head, schemaVersion);
    done.push("wrote the journal anew from the database");
  }
  return done;
}

async function removeUnnamed(session: Session, { home }: Access): Promise<string[]> {
  const files = await unnamedFiles(session, home);
  for (const { path } of files) {
    rmSync(path);
    await failpoint("repair.file-removed");
    removeEmpty(dirname(path));
  }
  return files.map(
    ({ path, bytes }) =>
      `removed ${path.slice(home.folder.length + 1)} (${bytes} B), which belonged to no import`,
  );
}

/**
 * Writes the copies that are missing or damaged from the ledger, so that the sales in them are not lost with the database.
 * Which rows of the pool they were is known to nobody any more: such an order cannot be delivered again.
 */
async function mendCopies(session: Session, files: Session, { home }: Access): Promise<string[]> {
  const done: string[] = [];
  for (const row of await session.rows("select_orders_of_ledger")) {
    if (row.is_live !== true) continue;
    const orderId = String(row.order_id);
    const copy = ledgerCopyPath(home, orderId, row.reserved_at as Date);
    const flaw = await flawOfCopy(files, copy, row);
    if (flaw === undefined) continue;
    const [known] = await session.rows("read_order_record", { order_id: orderId });
    makeFolder(join(copy, ".."), home.ledger);
    const written = await session.run("write_copy_of_ledger", {
      order_id: orderId,
      order: String(known?.record),
      path: copy + pending,
    });
    if (BigInt(written) !== row.numbers) {
      rmSync(copy + pending);
      done.push(
        `left the copy of order ${orderId} as it is: the ledger has ${written} of its ${row.numbers} numbers`,
      );
      continue;
    }
    syncPath(copy + pending);
    await failpoint("repair.copy-written");
    if (existsSync(copy)) renameSync(copy, `${copy}.damaged`);
    publishLedgerCopy(copy);
    done.push(
      `wrote the copy of order ${orderId} anew: its numbers stay sold, but which rows they were is lost, so that it ` +
        "cannot be delivered again",
    );
  }
  return done;
}
