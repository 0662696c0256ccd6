/** What an erasure says in the end, or when it is cut off: the same on both engines. */
import { exitCode, messageOf, UserError } from "../../errors.ts";
import { isOutOfSpace, wordsOfFullDisk } from "../../space.ts";
import type { Erasure } from "../erasures.ts";
import type { Session } from "../session.ts";

/** The error of an erasure that is recorded and did not come to its end. */
export function unfinishedErasure(cause: unknown): UserError {
  return new UserError(
    cause instanceof UserError ? cause.exitCode : exitCode.unexpected,
    `${isOutOfSpace(cause) ? wordsOfFullDisk(cause) : messageOf(cause)}; who was named is not sold any more, but files still hold their rows: ` +
      "numbers erase --resume finishes it",
    { cause },
  );
}

/** Added up from the audit log, which has every step of them. */
export async function receipts(
  session: Session,
  ids: readonly string[],
  repeated: ReadonlySet<string>,
): Promise<Erasure[]> {
  const counts = new Map<string, Record<string, number>>();
  const deeds = await session.rows("select_deeds_of", { subjects: ids, action: "person." });
  for (const { subject, details } of deeds) {
    const sums = counts.get(String(subject)) ?? {};
    for (const [name, value] of Object.entries(JSON.parse(String(details)))) {
      if (typeof value === "number") sums[name] = (sums[name] ?? 0) + value;
    }
    counts.set(String(subject), sums);
  }
  const rows = await session.rows("select_erasures", { ids });
  const byId = new Map(rows.map((row) => [String(row.erasure_id), row]));
  return ids.map((erasureId) => {
    const row = byId.get(erasureId);
    if (!row) throw new Error(`erasure ${erasureId} is not in the catalog`);
    const sums = counts.get(erasureId) ?? {};
    return {
      erasureId,
      reason: String(row.reason),
      erasedAt: row.erased_at as Date,
      isRepeated: repeated.has(erasureId),
      poolRows: sums.pool_rows ?? 0,
      poolFiles: sums.pool_files ?? 0,
      ledgerRows: sums.ledger_rows ?? 0,
      rejectsRows: sums.rejects_rows ?? 0,
      suppressions: sums.suppressions ?? 0,
    };
  });
}
