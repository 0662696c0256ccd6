/**
 * Merging the parts of each day of the pool. The server merges by itself, as long as a day grows; a day that no list comes for any
 * more may keep several parts for ever, each of which an order looks into. What orders know a row by stays as it is, nothing is
 * changed in the catalog, and nobody waits meanwhile: so it takes no lock and is not in the audit log.
 */
import type { CompactedDay, Compaction, CompactVerbs } from "../keeping.ts";
import type { Row, Session } from "../session.ts";
import type { Access } from "./access.ts";
import { text } from "./statements.ts";

/** Days of more than one part, newest first; `files` are parts, and after it there is one of each day, or few very large ones. */
export async function compact(
  { read }: Access,
  { dryRun, onDay }: Parameters<CompactVerbs["compact"]>[0],
): Promise<Compaction> {
  const plan = (await read(poolParts)).filter(({ parts }) => Number(parts) > 1);
  const days: CompactedDay[] = [];
  for (const [index, before] of plan.entries()) {
    const date = String(before.partition);
    onDay?.(date, index + 1, plan.length);
    const after = dryRun ? undefined : await read((session) => mergeDay(session, date));
    // Pruned meanwhile.
    if (!dryRun && !after) continue;
    days.push({
      date,
      files: Number(before.parts),
      joined: Number(after?.parts ?? 1),
      rows: Number(before.rows),
      bytesBefore: Number(before.bytes),
      bytesAfter: after && Number(after.bytes),
    });
  }
  return { days, overtaken: 0 };
}

async function mergeDay(session: Session, date: string): Promise<Row | undefined> {
  await session.run("merge_partition", {}, { day: text(date) });
  return (await poolParts(session)).find(({ partition }) => partition === date);
}

async function poolParts(session: Session): Promise<Row[]> {
  return (await session.rows("select_parts")).filter(({ table }) => table === "pool");
}
