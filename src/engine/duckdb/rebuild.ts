/**
 * Making the database anew from the files beside it: the tables of the journal's generation, what changed since, and the
 * sales from the copies in `ledger/`. When in doubt a number counts as sold: an order whose copy is there is an order.
 */
import { existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { exitCode, messageOf, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, syncPath } from "../../home.ts";
import { findOrder } from "../catalog/found-orders.ts";
import type { Rebuilt } from "../recovery.ts";
import type { Row } from "../session.ts";
import type { Access } from "./access.ts";
import { writeViewFile } from "./catalog.ts";
import { historySince } from "./history.ts";
import { loadJournal } from "./journal-load.ts";
import { ledgerCopyPath, ledgerFiles, pending, settleLedgerCopies } from "./ledger-copies.ts";
import type { Session } from "./session.ts";

/**
 * Builds the new database beside the old one and then puts it in its place; the old one, if there is one, keeps a name of
 * its own. Throws `integrity`, and changes nothing, when a file that it needs is missing or damaged.
 */
export async function rebuildCatalog(access: Access, at: Date): Promise<Rebuilt> {
  const { home } = access;
  const build = async () => {
    const before = identityOf(home.database);
    const scratch = join(home.temporary, "rebuilt");
    const fresh = join(scratch, "numbers.duckdb");
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { mode: 0o700 });
    const counts = await access.aside((session) => fill(session, home, scratch, at), fresh);
    if (existsSync(`${fresh}.wal`)) throw new Error(`${fresh} was not written out`);
    if (identityOf(home.database) !== before) {
      throw new Error(
        `${home.database} was replaced by somebody else meanwhile; nothing was changed`,
      );
    }
    await failpoint("rebuild.filled");
    const replaced = putInPlace(home, fresh, at);
    return { ...counts, replaced: replaced && relative(home.folder, replaced) };
  };
  const rebuilt = await underItsLock(access, build);
  await access.write(async (session) => {
    // A home that was restored from its files has none.
    await writeViewFile(session, home.folder);
    const deed = { at, action: "home.rebuild", subject: "database", details: rebuilt };
    // Orders that the journal did not know, and what is not known of the others any more, are in no line of it.
    await session.transaction(() => access.log(session, deed, "everything"));
  });
  return rebuilt;
}

/** A database that can be opened is held, so that nobody sells from it meanwhile; one that cannot be sells nothing. */
async function underItsLock<T>({ home, hold }: Access, work: () => Promise<T>): Promise<T> {
  if (!existsSync(home.database)) return work();
  let isOpen = false;
  try {
    // Closing it moves the log that a crash may have left into the file: what holds it next has none.
    await hold((session) => session.run("checkpoint"));
    return await hold(() => {
      isOpen = true;
      return work();
    });
  } catch (error) {
    if (isOpen || !(error instanceof UserError && error.exitCode === exitCode.integrity))
      throw error;
    return work();
  }
}

async function fill(
  session: Session,
  home: Home,
  scratch: string,
  at: Date,
): Promise<Omit<Rebuilt, "replaced">> {
  await loadJournal(session, home, scratch);
  const adopted = await adoptCopies(session, home);
  await settleLedgerCopies(session, home);
  await session.run("settle_rebuilt", { at: at.toISOString() });
  await session.run("disclose_rebuilt");
  const sales = await loadLedger(session, home);
  await session.run("checkpoint");
  const [counts] = await session.rows("count_rebuilt");
  return {
    imports: Number(counts?.imports),
    orders: Number(counts?.orders),
    suppressed: Number(counts?.suppressed),
    sales,
    adopted,
  };
}

/**
 * Copies that the journal does not know: an order, or a history, whose change did not reach it any more. Their numbers
 * count as sold; the order is a reserved one, which can be exported.
 */
async function adoptCopies(session: Session, home: Home): Promise<string[]> {
  const adopted: string[] = [];
  for (const { copy, id, isPending } of ledgerFiles(home)) {
    if (await findOrder(session, id)) continue;
    const path = isPending ? copy + pending : copy;
    const [footer] = isPending ? await readablePending(session, path) : await read(session, path);
    if (footer?.numbers_order) {
      await session.run("insert_order", orderOf(JSON.parse(String(footer.numbers_order))));
      await session.run("insert_order_files_of_copy", { order_id: id, copy: path });
      adopted.push(id);
    } else if (footer?.numbers_history === null) {
      throw new UserError(
        exitCode.integrity,
        `${path} is no copy of sales; move it out of the home`,
      );
    }
    if (footer && isPending && !existsSync(copy)) renameSync(path, copy);
  }
  return adopted;
}

function read(session: Session, path: string): Promise<Row[]> {
  return session.rows("read_copy_footer", { copy: path });
}

/** What was cut off while it was written has no footer, and was never part of anything. */
async function readablePending(session: Session, path: string): Promise<Row[]> {
  return read(session, path).catch(() => []);
}

/** As `fillOrder` notes it in the footer of a copy; earlier versions noted less. */
function orderOf(record: Readonly<Record<string, unknown>>) {
  return {
    order_id: String(record.order_id),
    key: (record.key as string | null) ?? null,
    providers: record.providers as string[],
    customer: (record.customer as string | null) ?? null,
    synthetic: record.synthetic === true,
    requested: Number(record.requested),
    numbers: Number(record.numbers),
    criteria: String(record.criteria),
    excluded: String(record.excluded),
    price: (record.price as string | null) ?? null,
    at: String(record.at),
  };
}

/** A day at a time, so that memory does not follow the ledger. Resolves to the number of sales. */
async function loadLedger(session: Session, home: Home): Promise<number> {
  const byDay = new Map<string, string[]>();
  const add = (path: string) => {
    const day = join(path, "..");
    byDay.set(day, [...(byDay.get(day) ?? []), path]);
  };
  const known = new Set<string>();
  for (const row of await session.rows("select_orders_of_ledger")) {
    const id = String(row.order_id);
    known.add(id);
    if (row.is_live !== true) continue;
    const copy = ledgerCopyPath(home, id, row.reserved_at as Date);
    await requireCopy(session, id, copy, Number(row.numbers));
    add(copy);
  }
  let sales = 0;
  for (const [, paths] of [...byDay].sort()) sales += await session.run("load_sales", { paths });
  for (const { copy, id, isPending } of ledgerFiles(home)) {
    if (known.has(id) || isPending) continue;
    const since = await historySince(session, id);
    sales += await session.run("load_history", { path: copy, since });
  }
  return sales;
}

/** An order has the numbers of its copy, or nobody knows any more which they are. */
async function requireCopy(
  session: Session,
  orderId: string,
  copy: string,
  numbers: number,
): Promise<void> {
  const wrong = (what: string) =>
    new UserError(
      exitCode.integrity,
      `order ${orderId}: its copy ${copy} ${what}, so nobody knows which numbers it sold; put the copy back from a ` +
        "backup, then run numbers doctor --rebuild again. Nothing was changed",
    );
  if (!existsSync(copy)) throw wrong("is missing");
  const [counted] = await session.rows("count_rows", { path: copy }).catch((error: unknown) => {
    throw wrong(`cannot be read (${messageOf(error)})`);
  });
  if (Number(counted?.numbers) === numbers) return;
  // A withdrawal or an erasure whose change did not reach the journal any more.
  const [footer] = await read(session, copy);
  const record = JSON.parse(String(footer?.numbers_order ?? "{}")) as Record<string, number>;
  if (record.numbers !== Number(counted?.numbers)) {
    throw wrong(`has ${counted?.numbers} numbers in place of ${numbers}`);
  }
  await session.run("adopt_order_counts", {
    order_id: orderId,
    numbers: record.numbers,
    withdrawn: record.withdrawn ?? 0,
    erased: record.erased ?? 0,
  });
  await session.run("delete_order_files", { order_id: orderId });
  await session.run("insert_order_files_of_copy", { order_id: orderId, copy });
}

function identityOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.ino} ${found.size} ${found.mtimeMs}` : "missing";
}

/** Gives the new database its name; resolves to the name that the old one has then. */
function putInPlace(home: Home, fresh: string, at: Date): string | undefined {
  syncPath(fresh);
  const stamp = at.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const old = freeName(`${home.database}.replaced-${stamp}`);
  const hasOld = existsSync(home.database);
  // First its log: the new database must never find the log of another.
  if (existsSync(`${home.database}.wal`)) renameSync(`${home.database}.wal`, `${old}.wal`);
  failpoint("rebuild.log-renamed");
  if (hasOld) linkSync(home.database, old);
  failpoint("rebuild.old-linked");
  renameSync(fresh, home.database);
  failpoint("rebuild.renamed");
  syncPath(home.folder);
  failpoint("rebuild.folder-synced");
  return hasOld ? old : undefined;
}

function freeName(path: string): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? path : `${path}-${n}`;
    if (!existsSync(name)) return name;
  }
}
