/**
 * The doctor: every promise that a home makes, proved from the catalog, the pool, the ledger's copies and the journal.
 * What cannot be checked counts as broken, and the checks after it are made all the same.
 */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { readErasureKey } from "../../erasure-key.ts";
import { messageOf } from "../../errors.ts";
import { filesIn, type Home } from "../../home.ts";
import { numbered, type Progress } from "../../progress.ts";
import { isOutOfSpace, wordsOfFullDisk } from "../../space.ts";
import { wordsOfBreach } from "../audit.ts";
import { verifyAudit } from "../catalog/audit.ts";
import { countErasures } from "../catalog/erasures.ts";
import type { Examination, Violation } from "../recovery.ts";
import type { Row } from "../session.ts";
import type { Access } from "./access.ts";
import { damageIn } from "./damage.ts";
import { historySince } from "./history.ts";
import { findLost } from "./journal.ts";
import { findDifferences } from "./journal-proof.ts";
import { ledgerCopyPath, ledgerFiles } from "./ledger-copies.ts";
import type { Session } from "./session.ts";
import { identifier } from "./statements.ts";

/** What a check looks at: the catalog under its lock, and an in-memory session for files. */
type Ward = {
  readonly access: Access;
  readonly home: Home;
  readonly catalog: Session;
  readonly files: Session;
};

type Check = {
  readonly promise: number;
  readonly check: string;
  /** What is wrong, in words; empty when nothing is. */
  readonly run: (ward: Ward) => Promise<readonly string[]>;
};

/** A statement that gives a row for every breach. */
function byCatalog(promise: number, check: string): Check {
  return {
    promise,
    check,
    run: async ({ catalog }) => (await catalog.rows(check)).map(({ found }) => String(found)),
  };
}

const checks: readonly Check[] = [
  { promise: 5, check: "database", run: brokenTables },
  { promise: 8, check: "journal_behind", run: lostChanges },
  byCatalog(1, "check_sold_twice"),
  byCatalog(2, "check_erasures"),
  { promise: 2, check: "erasure_key", run: missingKey },
  byCatalog(3, "check_order_counts"),
  byCatalog(4, "check_import_counts"),
  { promise: 4, check: "pool_file", run: brokenPoolFiles },
  byCatalog(6, "check_content_twice"),
  byCatalog(6, "check_key_twice"),
  { promise: 8, check: "links", run: foreignFiles },
  { promise: 8, check: "ledger_copy", run: brokenCopies },
  { promise: 8, check: "journal", run: ({ access, catalog }) => findDifferences(access, catalog) },
  { promise: 9, check: "audit_chain", run: brokenChain },
];

export async function checkPromises(
  access: Access,
  catalog: Session,
  files: Session,
  progress: Progress,
): Promise<Examination> {
  const { home, signal } = access;
  const violations: Violation[] = [];
  const unproved: string[] = [];
  for (const [index, { promise, check, run }] of checks.entries()) {
    numbered(progress, index + 1, checks.length).begin(`checking promise ${promise}`);
    const found = await run({ access, home, catalog, files }).catch((error) => {
      signal?.throwIfAborted();
      if (isOutOfSpace(error)) {
        unproved.push(`promise ${promise} was not proved (${check}): ${wordsOfFullDisk(error)}`);
        return [];
      }
      const why = messageOf(damageIn(home, error) ?? error);
      const isKnown = violations.some((one) => one.found.includes(why));
      return [`it could not be checked (${check})${isKnown ? " for the same reason" : `: ${why}`}`];
    });
    for (const one of found) violations.push({ promise, check, found: one });
  }
  return {
    violations,
    leftovers: [
      ...unproved,
      ...wordsOfLeftovers(await unnamedFiles(catalog, home).catch(() => [])),
    ],
  };
}

/** Every block of the database has a checksum, which is looked at when the block is read: so all are read. */
async function brokenTables({ catalog, home }: Ward): Promise<string[]> {
  const found = new Set<string>();
  const tables = new Set((await catalog.rows("select_columns")).map(({ table }) => String(table)));
  for (const table of tables) {
    try {
      await catalog.rows("read_table", {}, { table: identifier(table) });
    } catch (error) {
      const damage = damageIn(home, error);
      if (!damage) throw error;
      found.add(damage.message);
    }
  }
  return [...found];
}

async function lostChanges({ catalog, home }: Ward): Promise<string[]> {
  const lost = await findLost(catalog, home);
  return lost === undefined ? [] : [lost];
}

/** A link in the home leads to what is not the home's. */
async function foreignFiles({ home }: Ward): Promise<string[]> {
  for (const folder of [home.pool, home.ledger, home.rejects]) filesIn(folder);
  return [];
}

async function missingKey({ catalog, home }: Ward): Promise<string[]> {
  if ((await countErasures(catalog)) === 0) return [];
  try {
    readErasureKey(home);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

async function brokenChain({ catalog }: Ward): Promise<string[]> {
  const { breach } = await verifyAudit(catalog);
  return breach ? [wordsOfBreach(breach)] : [];
}

async function brokenPoolFiles({ catalog, files, home }: Ward): Promise<string[]> {
  const found: string[] = [];
  for (const row of await catalog.rows("select_pool_files")) {
    const path = String(row.path);
    const what = await flawOfPoolFile(files, join(home.folder, path), row);
    if (what !== undefined) found.push(`${path} ${what}`);
  }
  return found;
}

async function flawOfPoolFile(files: Session, path: string, row: Row): Promise<string | undefined> {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return "is missing: put it back from a backup";
  if (size !== Number(row.bytes)) {
    return `has ${size} bytes, the catalog says ${row.bytes}: put it back from a backup`;
  }
  try {
    const [counted] = await files.rows("count_rows", { path });
    if (counted?.numbers === row.rows) {
      if (row.misplaced === 0n) return undefined;
      return `has ${row.misplaced} parts that begin elsewhere than the catalog says`;
    }
    return `has ${counted?.numbers} rows, the catalog says ${row.rows}`;
  } catch (error) {
    return `cannot be read, put it back from a backup: ${messageOf(error)}`;
  }
}

/** Each order's sales, and those of histories, are the same in the ledger and in the files beside it. */
async function brokenCopies({ catalog, files, home }: Ward): Promise<string[]> {
  const found: string[] = [];
  const known = new Set<string>();
  for (const row of await catalog.rows("select_orders_of_ledger")) {
    const orderId = String(row.order_id);
    known.add(orderId);
    if (row.is_live !== true) continue;
    const copy = ledgerCopyPath(home, orderId, row.reserved_at as Date);
    const what = await flawOfCopy(files, copy, row);
    if (what !== undefined) found.push(`order ${orderId}: its copy ${copy} ${what}`);
  }
  const histories = ledgerFiles(home).filter(({ id, isPending }) => !isPending && !known.has(id));
  for (const { copy } of histories) {
    const [footer] = await files.rows("read_copy_footer", { copy });
    if (footer?.numbers_history === null) {
      found.push(
        `${copy} has the sales of an order that the database does not know: numbers doctor --rebuild takes it in`,
      );
    }
  }
  const [inLedger] = await catalog.rows("sum_histories");
  const inFiles = { numbers: 0, fingerprint: 0n };
  for (const { copy, id } of histories) {
    const since = await historySince(catalog, id);
    const [sum] = await files.rows("sum_history_file", { path: copy, since });
    inFiles.numbers += Number(sum?.numbers);
    inFiles.fingerprint ^= BigInt((sum?.fingerprint as string | null) ?? 0);
  }
  if (Number(inLedger?.numbers) !== inFiles.numbers) {
    found.push(
      `the ledger has ${inLedger?.numbers} sales of imported histories, the files in ${home.ledger} have ` +
        `${inFiles.numbers}: put the missing file back from a backup`,
    );
  } else if (BigInt((inLedger?.fingerprint as string | null) ?? 0) !== inFiles.fingerprint) {
    found.push("the sales of imported histories in the ledger and in its files are not the same");
  }
  return found;
}

/** What is wrong with an order's copy, in words; `row` is of select_orders_of_ledger. */
export async function flawOfCopy(
  files: Session,
  copy: string,
  row: Row,
): Promise<string | undefined> {
  const mend =
    "put it back from a backup; numbers doctor --repair writes what the database knows of it";
  if (!existsSync(copy)) return `is missing: ${mend}`;
  try {
    const [sum] = await files.rows("sum_copy", { copy });
    if (sum?.numbers !== row.numbers)
      return `has ${sum?.numbers} rows, the order ${row.numbers}: ${mend}`;
    return sum?.fingerprint === row.fingerprint
      ? undefined
      : `has other sales than the ledger: ${mend}`;
  } catch (error) {
    return `cannot be read: ${messageOf(error)}; ${mend}`;
  }
}

/** Pool files that no import names: a crash between renaming them and the commit leaves them. Under the lock only. */
export async function unnamedFiles(
  catalog: Session,
  home: Home,
): Promise<{ path: string; bytes: number }[]> {
  const named = new Set((await catalog.rows("select_pool_files")).map(({ path }) => String(path)));
  return filesIn(home.pool)
    .filter((path) => !named.has(path.slice(home.folder.length + 1)))
    .map((path) => ({ path, bytes: statSync(path).size }));
}

function wordsOfLeftovers(files: readonly { readonly bytes: number }[]): string[] {
  if (files.length === 0) return [];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `${files.length} files in pool/ (${bytes} B) belong to no import: a crash left them, numbers doctor --repair ` +
      "removes them",
  ];
}
