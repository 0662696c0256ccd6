/** Lists of digests: keeping them, and finding out what they mean. */
import { join } from "node:path";
import type { Addition, Hashing, Listing, Matches, ReadList } from "../blacklist.ts";
import { scopeOf } from "../catalog/blacklist.ts";
import { collectDigests, lookMost, matchIn } from "../duckdb/digests.ts";
import { logImport, pathsOf, withScratch } from "../duckdb/lists.ts";
import type { StagedFile } from "../engine.ts";
import type { Access } from "./access.ts";
import { dropList, nameList, sendList, siftList } from "./listed.ts";

export async function importDigests(
  access: Access,
  list: ReadList,
  listing: Listing,
  hashing: Hashing,
  reason: string | undefined,
): Promise<Addition> {
  return withScratch(access, async (folder) => {
    const slices = await collectDigests(access, list, folder);
    const named = await nameList(access, slices, folder);
    const listed = slices.reduce((sum, slice) => sum + slice.listed, 0);
    const which = { ...scopeOf(listing), ...hashing };
    const { list_id, fresh_id } = named.ids;
    return access.write(async (session) => {
      await sendList(session, named, "send_listed_digests");
      const addition = await siftList(session, named.ids, "sift_digests", which, listed);
      if (list.dryRun) {
        await dropList(session, named.ids);
        return addition;
      }
      const [misread] = await session.rows("find_misread_digests", which);
      await session.transaction(async () => {
        if (misread) await session.run("delete_misread_digests", { list_id, ...which });
        await session.run("insert_digests", {
          fresh_id,
          ...which,
          reason: reason ?? null,
          at: list.at.toISOString(),
        });
        await logImport(session, access, list, addition, which);
        await dropList(session, named.ids);
      });
      return addition;
    });
  });
}

/** Hashes the newest numbers of the pool, which are fetched for it: so nothing has to be sent, and nobody has to wait. */
export async function matchDigests(
  access: Access,
  files: readonly StagedFile[],
  hashing: Hashing,
  since: Date,
): Promise<Matches> {
  return withScratch(access, async (folder) => {
    const path = join(folder, "newest.parquet");
    const newest = { since: since.toISOString(), most: lookMost };
    const looked = await access.read(async (session) => {
      const [row] = await session.rows("count_newest_phones", newest);
      const numbers = Number(row?.numbers);
      if (numbers > 0 && files.length > 0) await session.fetch("copy_newest_phones", path, newest);
      return numbers;
    });
    return matchIn(access, { paths: looked > 0 ? [path] : [], looked }, pathsOf(files), hashing);
  });
}
