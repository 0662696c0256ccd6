/** The register of sources in the catalog. */

import type { Session } from "../session.ts";
import type { Source, SourceTerms } from "../sources.ts";
import type { Log } from "./audit.ts";

export async function addSource(
  session: Session,
  log: Log,
  name: string,
  terms: SourceTerms,
  at: Date,
): Promise<boolean> {
  return session.transaction(async () => {
    if ((await session.rows("find_source", { name })).length > 0) return false;
    await session.run("insert_source", { name, ...boundTerms(terms), added_at: at.toISOString() });
    await log(
      session,
      { at, action: "source.add", subject: name, details: detailsOf(terms) },
      {
        source: [name],
      },
    );
    return true;
  });
}

export async function setSource(
  session: Session,
  log: Log,
  name: string,
  terms: Partial<SourceTerms>,
  at: Date,
): Promise<boolean> {
  return session.transaction(async () => {
    const [known] = await session.rows("find_source", { name });
    if (!known) return false;
    const subject = String(known.name);
    await session.run("update_source", {
      name: subject,
      ...boundTerms({ ...termsOf(known), ...terms }),
    });
    await log(
      session,
      { at, action: "source.set", subject, details: detailsOf(terms) },
      { source: [subject] },
    );
    return true;
  });
}

export async function readSources(session: Session): Promise<Source[]> {
  const rows = await session.rows("select_sources");
  return rows.map((row) => ({
    ...termsOf(row),
    name: String(row.name),
    addedAt: row.added_at as Date,
    imports: Number(row.imports),
    numbers: Number(row.numbers),
  }));
}

function termsOf(row: Readonly<Record<string, unknown>>): SourceTerms {
  const text = (value: unknown) => (value === null ? undefined : String(value));
  return { basis: text(row.basis), contact: text(row.contact), expires: text(row.expires) };
}

function boundTerms({ basis, contact, expires }: SourceTerms) {
  return { basis: basis ?? null, contact: contact ?? null, expires: expires ?? null };
}

/** A contact may be somebody's phone, and a basis name one: the audit says that they changed, not what they are. */
function detailsOf(terms: Partial<SourceTerms>): Record<string, unknown> {
  const named = Object.keys(terms).filter((key) => key !== "expires");
  return "expires" in terms ? { named, expires: terms.expires ?? null } : { named };
}
