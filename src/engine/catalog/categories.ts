/** Categories in the catalog. */
import type { Categories, CategoryNumbers } from "../categories.ts";
import type { Session } from "../session.ts";

export async function readCategories(session: Session): Promise<Categories> {
  const rows = await session.rows("count_categories");
  return rows.map((row) => ({
    category: String(row.category),
    numbers: Number(row.numbers),
    imports: Number(row.imports),
  }));
}

/**
 * How names are spelled in the catalog: as they were when they first came in, or as they are given. Asked inside the
 * transaction that records them, so that two who bring a new one at once agree on its spelling.
 */
export async function spellingOf(
  session: Session,
  names: readonly string[],
): Promise<(name: string) => string> {
  if (names.length === 0) return (name) => name;
  const rows = await session.rows("find_category_spellings", { names });
  const spellings = new Map(rows.map((row) => [String(row.name), String(row.spelling)]));
  return (name) => spellings.get(name) ?? name;
}

/** Records the numbers of an import by category; call it inside the import's own transaction. */
export async function insertCategories(
  session: Session,
  importId: string,
  categories: readonly CategoryNumbers[],
): Promise<void> {
  if (categories.length === 0) return;
  await session.run("insert_import_categories", {
    import_id: importId,
    categories: categories.map(({ category }) => category),
    numbers: categories.map(({ numbers }) => BigInt(numbers)),
  });
}
