/** Imports that are found by a part of what they are called. */
import type { Found, FoundImport, Search } from "../search.ts";
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
