/** Whether the promises hold, and mending what can be mended without a loss. */
import { exitCode, UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { leaveOutErased } from "../../intake/rejects-file.ts";
import { counted } from "../../words.ts";
import { countErasures, findErased } from "../catalog/erasures.ts";
import type { RecoveryVerbs } from "../recovery.ts";
import type { Access } from "./access.ts";
import { erase } from "./erasures.ts";
import { checkPromises, countUnnamed, rejectsOfErased } from "./promises.ts";
import type { Session } from "./session.ts";
import { refused } from "./unsupported.ts";

export function recoveryVerbs(access: Access): RecoveryVerbs {
  return {
    checkPromises: (progress) =>
      access
        .write((session) => checkPromises(access, session, progress))
        .catch((error) => {
          // A home that lacks the key of the erased persons is a finding like any other.
          if (!(error instanceof UserError && error.exitCode === exitCode.integrity)) throw error;
          const found = error.message;
          return { violations: [{ promise: 2, check: "erasure_key", found }], leftovers: [] };
        }),
    repair: (at) => repair(access, at),
    rebuild: refused(
      "numbers doctor --rebuild makes an embedded home's database anew from the files beside it; a ClickHouse database is " +
        "made anew from the server's own replicas or backups, or with numbers move from another home",
    ),
  };
}

/** What was written down and not made is made by whoever opens the database: so it is already when this begins. */
async function repair(access: Access, at: Date): Promise<string[]> {
  const finished = await erase(access, { phones: [], reason: "", at });
  const done = finished.map(({ erasureId }) => `finished the erasure ${erasureId}`);
  await access.write(async (session) => {
    done.push(...(await removeUnnamed(session)), ...(await cleanRejects(session, access)));
    if (done.length === 0) return;
    await session.transaction(() =>
      access.log(
        session,
        { at, action: "home.repair", subject: "home", details: { done } },
        "everything",
      ),
    );
  });
  return done;
}

/**
 * Under the lock, where nobody publishes. A list that is being sent loses its rows, is found not to have arrived when it is to
 * be published, and has to be ingested again.
 */
async function removeUnnamed(session: Session): Promise<string[]> {
  const { files, rows, orders, picks, persons } = await countUnnamed(session);
  const done: string[] = [];
  if (files > 0) {
    const paths = (await session.rows("select_unnamed_files")).map((row) => String(row.path));
    await session.run("delete_unnamed_rows", { paths });
    done.push(
      `removed ${counted(rows, "row")} of ${counted(files, "pool file")}, which belonged to no import`,
    );
  }
  if (orders > 0) {
    const ids = (await session.rows("select_unnamed_orders")).map((row) => String(row.order_id));
    await session.run("delete_unnamed_picks", { order_ids: ids });
    done.push(`removed ${counted(picks, "pick")} of ${counted(orders, "order")} that was not made`);
  }
  if (persons > 0) {
    await session.run("forget_erasing");
    done.push(`forgot ${counted(persons, "person")} of an erasure that was not recorded`);
  }
  await failpoint("repair.file-removed");
  return done;
}

/** Of persons who were erased by another home, which cannot reach this one's rejects. */
async function cleanRejects(session: Session, access: Access): Promise<string[]> {
  if ((await countErasures(session)) === 0) return [];
  const done: string[] = [];
  for (const { path, records } of await rejectsOfErased(access, session)) {
    await leaveOutErased(path, (phones) => findErased(session, access.home, phones), access.signal);
    done.push(`emptied ${counted(records, "record")} of erased persons in ${path}`);
  }
  return done;
}
