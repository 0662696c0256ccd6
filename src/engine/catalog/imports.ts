/** Imports in the catalog: what is there already, and what is kept of a new one. */
import type { Deed } from "../audit.ts";
import type { Content, Import, Publication } from "../engine.ts";
import type { Session } from "../session.ts";
import { spellingOf } from "./categories.ts";

export async function readContents(session: Session): Promise<Content[]> {
  const rows = await session.rows("read_contents");
  return rows.map((row) => ({
    importId: String(row.import_id),
    hash: String(row.content_hash),
    contentBytes: Number(row.content_bytes),
    fileBytes: Number(row.file_bytes),
  }));
}

/** What became of an import with this content, or this id, if it is there. */
export async function findPublished(
  session: Session,
  record: Import,
): Promise<Publication | undefined> {
  const [known] = await session.rows("find_content", {
    content_hash: record.contentHash,
    import_id: record.importId,
    forced: record.forced,
  });
  if (!known) return undefined;
  const importId = String(known.import_id);
  return { status: importId === record.importId ? "published" : "duplicate", importId };
}

/** Names as the catalog spells them. */
export type Names = Pick<Import, "source" | "category" | "categories">;

/** The parameters of `insert_import`. */
export function importRecord(record: Import, { source, category }: Names) {
  return {
    import_id: record.importId,
    content_hash: record.contentHash,
    content_bytes: record.contentBytes,
    file_bytes: record.fileBytes,
    path: record.path,
    source: source ?? null,
    category: category ?? null,
    category_column: record.categoryColumn ?? null,
    date: record.date,
    imported_at: record.importedAt.toISOString(),
    recorded_at: record.recordedAt.toISOString(),
    lines: record.lines,
    accepted: record.accepted,
    rejected: record.rejected,
    numbers: record.numbers,
    mismatched: record.mismatched,
    reasons: JSON.stringify(record.reasons),
    forced: record.forced,
  };
}

/** The entry of the audit log for a new import. */
export function publicationDeed(record: Import, { source, category }: Names): Deed {
  return {
    at: record.recordedAt,
    action: "import.publish",
    subject: record.importId,
    details: {
      lines: record.lines,
      accepted: record.accepted,
      rejected: record.rejected,
      numbers: record.numbers,
      source: source ?? null,
      category: category ?? null,
      forced: record.forced,
    },
  };
}

/** The names of an import as the catalog spells them already: the register for its source, earlier imports for categories. */
export async function spelled(
  session: Session,
  { source, category, categories }: Import,
): Promise<Names> {
  const [registered] =
    source === undefined ? [] : await session.rows("find_source", { name: source });
  const given = categories.map((one) => one.category);
  const spelling = await spellingOf(session, category === undefined ? given : [category, ...given]);
  return {
    source: registered ? String(registered.name) : source,
    category: category === undefined ? undefined : spelling(category),
    categories: categories.map((one) => ({ ...one, category: spelling(one.category) })),
  };
}
