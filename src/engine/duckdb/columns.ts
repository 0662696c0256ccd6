/** The columns of several lists together. */
import type { Criteria } from "../engine.ts";
import { candidateFiles } from "./selection.ts";
import type { Session } from "./session.ts";

/** The columns that candidates have, newest file first, each once whatever its case; no phone column among them. */
export async function readColumns(session: Session, criteria: Criteria): Promise<string[]> {
  const { files } = await candidateFiles(session, criteria);
  return unionOfColumns(files);
}

/** The union of several files' columns without the ones that held the phone; the first spelling wins. */
export function unionOfColumns(
  files: readonly {
    readonly columns: readonly string[];
    readonly phoneColumn: string;
  }[],
): string[] {
  const union = new Map<string, string>();
  for (const { columns, phoneColumn } of files) {
    for (const column of columns) {
      if (column !== phoneColumn && !union.has(column.toLowerCase())) {
        union.set(column.toLowerCase(), column);
      }
    }
  }
  return [...union.values()];
}
