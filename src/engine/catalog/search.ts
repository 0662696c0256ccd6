/** Imports that are found by a part of what they are called, and the page of numbers that are found in them. */
import type { Found, FoundImport, FoundNumber, Search } from "../search.ts";
import type { Row, Session } from "../session.ts";

/** One page of the imports, and how many there are. */
export async function searchImports(
  session: Session,
  { text, limit, page }: Search,
): Promise<Pick<Found, "imports" | "importsTotal">> {
  const parameters = { text, limit, offset: (page - 1) * limit };
  const rows = await session.rows("search_imports", parameters);
  const found = rows.filter((row) => row.import_id !== null);
  return { imports: found.map(foundImport), importsTotal: Number(rows[0]?.total ?? 0) };
}

/**
 * One page of the numbers found: groups are the imports that have matches, in their order, of which those are read that the
 * page touches.
 */
export async function readPage<G extends { readonly matches: number }>(
  groups: readonly G[],
  { limit, page }: Search,
  readGroup: (
    group: G,
    part: { readonly offset: number; readonly limit: number },
  ) => Promise<readonly FoundNumber[]>,
): Promise<Pick<Found, "numbers" | "numbersTotal">> {
  const numbers: FoundNumber[] = [];
  let skip = (page - 1) * limit;
  for (const group of groups) {
    if (numbers.length === limit) break;
    if (skip < group.matches) {
      numbers.push(...(await readGroup(group, { offset: skip, limit: limit - numbers.length })));
    }
    skip = Math.max(0, skip - group.matches);
  }
  return { numbers, numbersTotal: groups.reduce((sum, { matches }) => sum + matches, 0) };
}

function foundImport(row: Row): FoundImport {
  return {
    importId: String(row.import_id),
    date: String(row.date),
    path: String(row.path),
    source: text(row.source),
    category: text(row.category),
    numbers: Number(row.numbers),
  };
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
