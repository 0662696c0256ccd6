/** Sales from another system, into the ledger. */
import type { Addition, Dating, ReadList } from "../blacklist.ts";
import { erasureKeyIn } from "../catalog/erasures.ts";
import { stageHistory } from "../duckdb/history.ts";
import { logImport, withScratch } from "../duckdb/lists.ts";
import type { Access } from "./access.ts";
import { dropList, nameList, sendList, siftList } from "./listed.ts";

/** Takes the sales that are not there yet into the ledger. */
export async function importHistory(
  access: Access,
  list: ReadList,
  dating: Dating,
): Promise<Addition> {
  return withScratch(access, async (folder) => {
    const slices = await stageHistory(access, list, dating, folder);
    const named = await nameList(access, slices, folder);
    const listed = slices.reduce((sum, slice) => sum + slice.listed, 0);
    const { fresh_id } = named.ids;
    return access.write(async (session) => {
      await sendList(session, named, "send_listed_sales");
      const key = await erasureKeyIn(session, access.home);
      const addition = await siftList(session, named.ids, "sift_sales", { key }, listed);
      if (list.dryRun) {
        await dropList(session, named.ids);
        return addition;
      }
      const blocks = await session.rows("count_listed_blocks", { list_id: fresh_id });
      await session.transaction(async () => {
        for (const row of blocks) {
          await session.run("insert_history", {
            fresh_id,
            block: row.block as bigint,
            import_id: list.importId,
          });
        }
        await logImport(session, access, list, addition, { kind: "sold" });
        await dropList(session, named.ids);
      });
      return addition;
    });
  });
}
