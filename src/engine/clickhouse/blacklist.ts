/** The suppression lists, and the history of other systems. */
import { join } from "node:path";
import type { Addition, BlacklistQuery, BlacklistVerbs, Listing, ReadList } from "../blacklist.ts";
import {
  additionDeed,
  cooldownOf,
  countBlacklist,
  readBlacklist,
  readListOwners,
  removalDeed,
  scopeOf,
} from "../catalog/blacklist.ts";
import { erasureKeyIn } from "../catalog/erasures.ts";
import { collectPhones, writeExport } from "../duckdb/blacklist.ts";
import { countUndated } from "../duckdb/history.ts";
import { logImport, withScratch } from "../duckdb/lists.ts";
import type { Access } from "./access.ts";
import { importDigests, matchDigests } from "./digests.ts";
import { importHistory } from "./history.ts";
import {
  dropList,
  type ListIds,
  nameList,
  newListIds,
  putPhones,
  sendList,
  siftList,
} from "./listed.ts";
import type { Session } from "./session.ts";
import { statement } from "./statements.ts";

export function blacklistVerbs(access: Access): BlacklistVerbs {
  const { read, write } = access;
  return {
    importSuppressed: (list, listing, reason) => importSuppressed(access, list, listing, reason),
    importDigests: (list, listing, hashing, reason) =>
      importDigests(access, list, listing, hashing, reason),
    matchDigests: (files, hashing, since) => matchDigests(access, files, hashing, since),
    countUndated: (files, dating) => countUndated(access, files, dating),
    importHistory: (list, dating) => importHistory(access, list, dating),
    addSuppressed: (phones, listing, reason, at) =>
      write((session) => addSuppressed(session, access, phones, listing, reason, at)),
    removeSuppressed: (phones, listing, at) =>
      write((session) => removeSuppressed(session, access, phones, listing, at)),
    countBlacklist: (query) => read((session) => countBlacklist(session, query)),
    readBlacklist: (query, limit) => read((session) => readBlacklist(session, query, limit)),
    exportBlacklist: (query, path, compression) =>
      withScratch(access, async (folder) => {
        const source = join(folder, "export.parquet");
        await read((session) => fetchAll(session, query, source));
        return writeExport(access, query, source, path, compression);
      }),
    readListOwners: () => read(readListOwners),
  };
}

async function importSuppressed(
  access: Access,
  list: ReadList,
  listing: Listing,
  reason: string | undefined,
): Promise<Addition> {
  return withScratch(access, async (folder) => {
    const slices = await collectPhones(access, list, folder);
    const named = await nameList(access, slices, folder);
    const listed = slices.reduce((sum, slice) => sum + slice.listed, 0);
    return access.write(async (session) => {
      await sendList(session, named, "send_listed_phones");
      const addition = await siftPhones(session, access, named.ids, listing, listed);
      if (list.dryRun) {
        await dropList(session, named.ids);
        return addition;
      }
      await session.transaction(async () => {
        await suppress(session, named.ids, listing, reason ?? null, list.at);
        await logImport(session, access, list, addition, scopeOf(listing));
        await dropList(session, named.ids);
      });
      return addition;
    });
  });
}

async function siftPhones(
  session: Session,
  { home }: Access,
  ids: ListIds,
  listing: Listing,
  listed: number,
): Promise<Addition> {
  const key = await erasureKeyIn(session, home);
  return siftList(session, ids, "sift_phones", { ...scopeOf(listing), key }, listed);
}

function suppress(
  session: Session,
  { fresh_id }: ListIds,
  listing: Listing,
  reason: string | null,
  at: Date,
): Promise<number> {
  return session.run("insert_suppressed", {
    fresh_id,
    ...scopeOf(listing),
    reason,
    at: at.toISOString(),
  });
}

async function addSuppressed(
  session: Session,
  access: Access,
  phones: readonly string[],
  listing: Listing,
  reason: string,
  at: Date,
): Promise<Addition> {
  const distinct = [...new Set(phones)];
  const ids = newListIds();
  await putPhones(session, ids, distinct);
  const addition = await siftPhones(session, access, ids, listing, distinct.length);
  await session.transaction(async () => {
    await suppress(session, ids, listing, reason, at);
    await access.log(session, additionDeed(listing, addition, at), "everything");
    await dropList(session, ids);
  });
  return addition;
}

async function removeSuppressed(
  session: Session,
  { log }: Access,
  phones: readonly string[],
  listing: Listing,
  at: Date,
): Promise<{ removed: number; unknown: string[] }> {
  const distinct = [...new Set(phones)];
  const ids = newListIds();
  const which = { list_id: ids.list_id, ...scopeOf(listing) };
  const digest = { sql: statement("phone_digest") };
  await putPhones(session, ids, distinct);
  const rows = await session.rows("find_suppressed", which, { digest });
  const found = new Set(rows.map((row) => String(row.phone)));
  const unknown = distinct.filter((phone) => !found.has(phone));
  if (found.size === 0) {
    await dropList(session, ids);
    return { removed: 0, unknown };
  }
  await session.transaction(async () => {
    await session.run("delete_suppressed", which);
    await session.run("delete_suppressed_digests", which, { digest });
    const counts = { removed: found.size, unknown: unknown.length };
    await log(session, removalDeed(listing, counts, at), "everything");
    await dropList(session, ids);
  });
  return { removed: found.size, unknown };
}

function fetchAll(session: Session, query: BlacklistQuery, target: string): Promise<void> {
  if (query.kind === "sold") return session.fetch("copy_sold", target, cooldownOf(query));
  const at = query.at.toISOString();
  return session.fetch("copy_suppressed", target, { ...scopeOf(query), at });
}
