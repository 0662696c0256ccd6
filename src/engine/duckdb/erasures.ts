/**
 * Erasing persons. First, in one transaction, they leave everything that is sold from: ledger, order copies, suppression;
 * their digest blocks them from then on. Then, without the lock, the files that hold them are written anew, and a second
 * transaction puts these in their place. At last the database itself is written anew. Each step can be taken again.
 */
import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { makeErasureKey, readErasureKey } from "../../erasure-key.ts";
import { failpoint } from "../../failpoints.ts";
import { type Home, syncPath } from "../../home.ts";
import { newId } from "../../ids.ts";
import { sharesOf } from "../../pool/compaction.ts";
import { namesBeside } from "../../pool/files.ts";
import type { Log } from "../catalog/audit.ts";
import { countErasures } from "../catalog/erasures.ts";
import { receipts, unfinishedErasure } from "../catalog/receipts.ts";
import { identityOf, type Person } from "../erased-rejects.ts";
import type { Erased, Erasure, ErasureRequest } from "../erasures.ts";
import type { Row } from "../session.ts";
import type { Access } from "./access.ts";
import { removeDoomedFiles } from "./doomed.ts";
import { eraseFromHistories, eraseFromOrders } from "./erased-orders.ts";
import { type Cleaned, cleanFiles, findPlaces } from "./erasure-files.ts";
import { pending, publishLedgerCopy, settleLedgerCopies } from "./ledger-copies.ts";
import { movePieces, Overtaken, requirePlaces } from "./pieces.ts";
import { renewCatalog } from "./renewal.ts";
import { algorithms, phoneForms } from "./rules.ts";
import { requirePoolFile } from "./selection.ts";
import type { Session } from "./session.ts";
import { writeWithCopies } from "./uncertain.ts";

/** Rounds that somebody else may spoil by writing the same files anew, before we give up. */
const roundsMost = 20;

export async function erase(
  access: Access,
  { phones, reason, at }: ErasureRequest,
  signal: AbortSignal | undefined,
): Promise<Erasure[]> {
  const asked =
    phones.length === 0
      ? { ids: [], repeated: new Set<string>() }
      : await writeWithCopies(access, (session) => record(session, access, phones, reason, at));
  try {
    const unfinished = await clean(access, at, signal);
    const ids = [...new Set([...asked.ids, ...unfinished])];
    if (unfinished.length > 0) {
      await renewCatalog(access);
      removeReplaced(access.home);
      await access.write((session) =>
        session.run("finish_erasures", { ids: unfinished, at: at.toISOString() }),
      );
      await failpoint("erasure.finished");
    }
    return await access.read((session) => receipts(session, ids, asked.repeated));
  } catch (error) {
    throw unfinishedErasure(error);
  }
}

export async function copyErasures(
  session: Session,
  home: Home,
  path: string,
): Promise<Erased | undefined> {
  const persons = await countErasures(session);
  if (persons === 0) return undefined;
  await session.run("write_erased_digests", { path });
  return { persons, digests: path, key: readErasureKey(home) };
}

/** What `doctor` kept of a damaged home holds the persons too, and cannot be cleaned of them. */
function removeReplaced(home: Home): void {
  const kept = [home.folder, ...readdirSync(home.ledger).map((day) => join(home.ledger, day))]
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => /\.duckdb\.replaced-[^/]+$|\.parquet\.damaged$/.test(path));
  for (const path of kept) rmSync(path);
}

/** The first step. From its commit on the persons are in no order and come into none. */
async function record(
  session: Session,
  { home, log }: Access,
  phones: readonly bigint[],
  reason: string,
  at: Date,
): Promise<{ ids: string[]; repeated: Set<string> }> {
  await settleLedgerCopies(session, home);
  await removeDoomedFiles(session, home);
  const persons = await countErasures(session);
  const key = persons > 0 ? readErasureKey(home) : makeErasureKey(home);
  const known = new Map<bigint, string>();
  for (const row of await session.rows("find_erasures", { phones, key })) {
    known.set(row.phone as bigint, String(row.erasure_id));
  }
  const idOf = new Map(phones.map((phone) => [phone, known.get(phone) ?? newId(at)]));
  const ids = [...idOf.values()];
  await session.run("create_erasing", { ids, phones: [...idOf.keys()] });
  const copies: string[] = [];
  await session.transaction(
    async () => {
      await session.run("insert_erasures", { key, reason, at: at.toISOString() });
      await session.run("reopen_erasures");
      const sales = await session.rows("delete_erased_sales");
      const suppressed = [
        ...(await session.rows("delete_erased_suppression")),
        ...(await deleteDigests(session)),
      ];
      await session.run("delete_erased_returned");
      await eraseFromOrders(session, home, countByOrder(sales), copies);
      await eraseFromHistories(session, home, ids[0] ?? "", copies);
      for (const [phone, id] of idOf) {
        const own = sales.filter((sale) => sale.phone === phone);
        await log(
          session,
          {
            at,
            action: "person.erase",
            subject: id,
            details: {
              reason,
              ledger_rows: own.length,
              suppressions: suppressed.filter((row) => row.phone === phone).length,
              orders: own.map(({ order_id }) => order_id),
            },
          },
          "everything",
        );
      }
    },
    () => {
      for (const copy of copies) rmSync(copy + pending, { force: true });
    },
  );
  try {
    for (const copy of copies) publishLedgerCopy(copy);
    await failpoint("erasure.recorded");
  } catch (error) {
    throw unfinishedErasure(error);
  }
  return { ids, repeated: new Set(known.values()) };
}

function countByOrder(sales: readonly Row[]): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const { order_id } of sales) {
    if (order_id === null) continue;
    numbers.set(String(order_id), (numbers.get(String(order_id)) ?? 0) + 1);
  }
  return numbers;
}

async function deleteDigests(session: Session): Promise<{ phone: bigint }[]> {
  const found: { phone: bigint }[] = [];
  for (const [algorithm, digestOf] of Object.entries(algorithms)) {
    for (const [form, text] of Object.entries(phoneForms)) {
      const digest = digestOf(text);
      const rows = await session.rows("select_erased_digests", { algorithm, form }, { digest });
      if (rows.length === 0) continue;
      await session.run("delete_erased_digests", { algorithm, form }, { digest });
      found.push(...rows.map((row) => ({ phone: row.phone as bigint })));
    }
  }
  return found;
}

/** Round after round until no file holds an unfinished person; resolves to the erasures that are not finished yet. */
async function clean(access: Access, at: Date, signal: AbortSignal | undefined): Promise<string[]> {
  for (let round = 1; ; round += 1) {
    const { unfinished, persons, places } = await access.read(async (session) => {
      const rows = await session.rows("select_unfinished_erasures");
      const people = rows.flatMap((row): Person[] =>
        row.phone === null
          ? []
          : [{ erasureId: String(row.erasure_id), phone: row.phone as bigint }],
      );
      const ids = rows.map((row) => String(row.erasure_id));
      return { unfinished: ids, persons: people, places: await findPlaces(session, access.home) };
    });
    if (persons.length === 0) {
      // A crash may have left nothing to do but to remove files.
      await access.write((session) => removeDoomedFiles(session, access.home));
      return unfinished;
    }
    try {
      const cleaned = await access.aside((session) =>
        cleanFiles(session, access.home, persons, places, signal),
      );
      await writeWithCopies(access, (session) =>
        publishCleaned(session, access.home, access.log, persons, cleaned, at),
      );
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      if (round < roundsMost) continue;
      for (const { file } of places.pool) requirePoolFile(access.home.folder, file);
      throw error;
    }
  }
}

/** The second step. Throws `Overtaken`, and changes nothing, when a file is not what was written anew. */
async function publishCleaned(
  session: Session,
  home: Home,
  log: Log,
  persons: readonly Person[],
  cleaned: Cleaned,
  at: Date,
): Promise<void> {
  await settleLedgerCopies(session, home);
  await removeDoomedFiles(session, home);
  await session.run("create_erasing", {
    ids: persons.map(({ erasureId }) => erasureId),
    phones: persons.map(({ phone }) => phone),
  });
  await requireUntouched(session, home, cleaned);
  const renamed: string[] = [];
  const copies: string[] = [];
  await session.transaction(
    async () => {
      for (const file of cleaned.pool) await replaceFile(session, home, file, renamed);
      for (const { importId, category, numbers } of cleaned.categories) {
        await session.run("subtract_category", { import_id: importId, category, numbers });
      }
      const unsold = cleaned.orders.map((orderId) => [orderId, undefined] as const);
      await eraseFromOrders(session, home, new Map(unsold), copies);
      await session.run("clear_erasures");
      for (const { erasureId } of persons) {
        const of = (byErasure: ReadonlyMap<string, number>) => byErasure.get(erasureId) ?? 0;
        const files = cleaned.pool.filter(({ byErasure }) => of(byErasure) > 0);
        await log(
          session,
          {
            at,
            action: "person.erased",
            subject: erasureId,
            details: {
              pool_rows: files.reduce((sum, { byErasure }) => sum + of(byErasure), 0),
              pool_files: files.length,
              rejects_rows: cleaned.rejects.reduce((sum, { byErasure }) => sum + of(byErasure), 0),
            },
          },
          "everything",
        );
      }
      // What has no row in the catalog takes its place before the commit: taken again, it does no harm.
      for (const { path, fresh } of cleaned.rejects) {
        renameSync(fresh, path);
        await failpoint("erasure.rejects-renamed");
      }
      const unnamed = cleaned.pool.filter(({ pieces }) => pieces.length === 0);
      for (const { file, fresh } of unnamed) {
        renameSync(fresh, join(home.folder, file));
        await failpoint("erasure.unnamed-renamed");
      }
      const written = [
        ...renamed,
        ...cleaned.rejects.map(({ path }) => path),
        ...unnamed.map(({ file }) => join(home.folder, file)),
      ];
      for (const folder of new Set(written.map(dirname))) syncPath(folder);
      await failpoint("erasure.folders-synced");
    },
    () => {
      for (const path of renamed) rmSync(path, { force: true });
      for (const copy of copies) rmSync(copy + pending, { force: true });
    },
  );
  for (const copy of copies) publishLedgerCopy(copy);
  await removeDoomedFiles(session, home);
}

async function requireUntouched(session: Session, home: Home, cleaned: Cleaned): Promise<void> {
  await requirePlaces(
    session,
    cleaned.pool.flatMap(({ pieces }) => pieces),
  );
  for (const { file } of cleaned.pool) {
    if (!identityOf(join(home.folder, file))) throw new Overtaken(file);
  }
  for (const { path, identity } of cleaned.rejects) {
    if (identityOf(path) !== identity) throw new Overtaken(path);
  }
}

/** Every pool file that lies in the file moves with it. */
async function replaceFile(
  session: Session,
  home: Home,
  { file, fresh, pieces, bytes, sum }: Cleaned["pool"][number],
  renamed: string[],
): Promise<void> {
  if (pieces.length === 0) return;
  const target = await freeName(session, home, file);
  renameSync(fresh, join(home.folder, target));
  renamed.push(join(home.folder, target));
  await failpoint("erasure.file-renamed");
  const shares = sharesOf(
    bytes,
    pieces.map(({ rows }) => rows),
  );
  await movePieces(
    session,
    pieces.map((piece, n) => ({ ...piece, file: target, bytes: shares[n] ?? 0, sum })),
  );
  for (const { importId, erased } of pieces) {
    if (erased === 0) continue;
    await session.run("subtract_import", { import_id: importId, numbers: erased });
  }
  await session.run("insert_doomed_files", { paths: [file] });
}

/** The next name that no file of that id has or had, beside `file`. */
async function freeName(session: Session, home: Home, file: string): Promise<string> {
  const { id, name } = namesBeside(file);
  const names = await session.rows("select_names", { id });
  const used = names.map((row) => Number(/-(\d+)\.parquet$/.exec(String(row.name))?.[1] ?? 0));
  for (let n = Math.max(0, ...used) + 1; ; n += 1) {
    if (!statSync(join(home.folder, name(n)), { throwIfNoEntry: false })) return name(n);
  }
}
