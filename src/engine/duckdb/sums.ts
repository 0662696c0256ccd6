/** Numbers that a statement counted, by one of its columns. */
import type { Row } from "../session.ts";

/** Sums the column `numbers` of the rows for each value of the column `key`, as text. */
export function sumBy(rows: readonly Row[], key: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const name = String(row[key]);
    sums.set(name, (sums.get(name) ?? 0) + Number(row.numbers));
  }
  return sums;
}
