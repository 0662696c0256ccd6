/** The suppression lists in the catalog. Long work is done aside; what is under the lock is a few statements. */

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
import type { Changed } from "../changed.ts";
import type { Parameters } from "../session.ts";
import { fragment } from "../statements.ts";
import type { Access } from "./access.ts";
import { importDigests, matchDigests } from "./digests.ts";
import { countUndated, importHistory } from "./history.ts";
import { linePhonesMost } from "./journal.ts";
import {
  countFresh,
  everyPhone,
  logImport,
  pathsOf,
  type Select,
  type Slice,
  spansOf,
  withScratch,
} from "./lists.ts";
import type { Session } from "./session.ts";
import { statement } from "./statements.ts";

const compressions = {
  none: fragment`none`,
  gzip: fragment`gzip`,
  zstd: fragment`zstd`,
} as const;

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
        await read((session) => setAside(session, query, source));
        return writeExport(access, query, source, path, compression);
      }),
    readListOwners: () => read(readListOwners),
  };
}

/** Writes what was set aside as CSV; resolves to the number of rows. */
export function writeExport(
  { aside }: Pick<Access, "aside">,
  { kind }: BlacklistQuery,
  source: string,
  target: string,
  compression: keyof typeof compressions,
): Promise<number> {
  return aside((session) =>
    session.run(
      kind === "sold" ? "export_sold" : "export_suppressed",
      { source, target },
      { compression: compressions[compression] },
    ),
  );
}

async function importSuppressed(
  access: Access,
  list: ReadList,
  listing: Listing,
  reason: string | undefined,
): Promise<Addition> {
  return withScratch(access, async (folder) => {
    const slices = await collectPhones(access, list, folder);
    const listed = slices.reduce((sum, slice) => sum + slice.listed, 0);
    const fresh = async (session: Session) => {
      const key = await erasureKeyIn(session, access.home);
      return slices.map(({ path, first, last }) =>
        freshPhones(statement("listed_file"), { list: path, first, last, key }, listing),
      );
    };
    if (list.dryRun) {
      const added = await access.read(async (session) => countFresh(session, await fresh(session)));
      return { added, known: listed - added };
    }
    return access.write((session) =>
      session.transaction(async () => {
        let added = 0;
        for (const one of await fresh(session)) {
          added += await insertSuppressed(session, one, reason ?? null, list.at);
        }
        const addition = { added, known: listed - added };
        await logImport(session, access, list, addition, scopeOf(listing));
        return addition;
      }),
    );
  });
}

/** The distinct phones of a read list, in order, a file for each slice. */
export async function collectPhones(
  access: Pick<Access, "aside">,
  { files }: ReadList,
  folder: string,
): Promise<readonly Slice[]> {
  if (files.length === 0) return [];
  return access.aside(async (session) => {
    const slices: Slice[] = [];
    for (const span of await spansOf(session, files)) {
      const path = join(folder, `phones-${slices.length}.parquet`);
      const parameters = { paths: pathsOf(files), ...span, target: path };
      slices.push({ ...span, path, listed: await session.run("collect_phones", parameters) });
    }
    return slices;
  });
}

/** The phones of a list that are not on it yet; `listed` is the text of a select of distinct phones. */
function freshPhones(listed: string, parameters: Parameters, listing: Listing): Select {
  const sql = statement("fresh_phones", { listed: { sql: listed } });
  return { sql: { sql }, parameters: { ...parameters, ...scopeOf(listing) } };
}

function insertSuppressed(
  session: Session,
  fresh: Select,
  reason: string | null,
  at: Date,
): Promise<number> {
  return session.run(
    "insert_suppressed",
    { ...fresh.parameters, reason, at: at.toISOString() },
    { fresh: fresh.sql },
  );
}

async function addSuppressed(
  session: Session,
  { home, log }: Access,
  phones: readonly string[],
  listing: Listing,
  reason: string,
  at: Date,
): Promise<Addition> {
  const distinct = [...new Set(phones)];
  const key = await erasureKeyIn(session, home);
  const fresh = freshPhones(
    statement("listed_phones"),
    { phones: distinct.map((phone) => BigInt(phone)), ...everyPhone, key },
    listing,
  );
  return session.transaction(async () => {
    const added = await insertSuppressed(session, fresh, reason, at);
    const addition = { added, known: distinct.length - added };
    const changed = await changedPhones(session, distinct);
    await log(session, additionDeed(listing, addition, at), changed);
    return addition;
  });
}

/** Those of some phones that are suppressed now: an erased person's number must not get into the journal. */
async function changedPhones(session: Session, phones: readonly string[]): Promise<Changed> {
  if (phones.length > linePhonesMost) return "everything";
  const rows = await session.rows("select_suppressed_among", { phones });
  return { phone: rows.map(({ phone }) => String(phone)) };
}

async function removeSuppressed(
  session: Session,
  { log }: Access,
  phones: readonly string[],
  listing: Listing,
  at: Date,
): Promise<{ removed: number; unknown: string[] }> {
  const distinct = [...new Set(phones)];
  const which = { phones: distinct.map((phone) => BigInt(phone)), ...scopeOf(listing) };
  await session.run("written_as");
  await session.run("digest_of");
  return session.transaction(async () => {
    const rows = await session.rows("find_suppressed", which);
    const found = new Set(rows.map((row) => String(row.phone)));
    const unknown = distinct.filter((phone) => !found.has(phone));
    if (found.size > 0) {
      await session.run("delete_suppressed", which);
      const digests = await session.run("delete_suppressed_digests", which);
      const counts = { removed: found.size, unknown: unknown.length };
      const changed = digests > 0 ? "everything" : { phone: [...found] };
      await log(session, removalDeed(listing, counts, at), changed);
    }
    return { removed: found.size, unknown };
  });
}

/** Copies what is to be exported: whoever reads it may be slow, and the catalog is everybody's. */
function setAside(session: Session, query: BlacklistQuery, target: string): Promise<number> {
  if (query.kind === "sold") return session.run("copy_sold", { ...cooldownOf(query), target });
  const at = query.at.toISOString();
  return session.run("copy_suppressed", { ...scopeOf(query), at, target });
}
