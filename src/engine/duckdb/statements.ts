/**
 * The SQL files, read once each. A statement is static text with named parameters; the only things ever put
 * into it are fragments made by `identifier`, because SQL cannot bind the name of a column.
 */
import { readFileSync } from "node:fs";
import { packaged } from "../../root.ts";

const texts = new Map<string, string>();

/** A piece of SQL that may stand in a `{{slot}}` of a statement. Only this file and its callers' lists make them. */
export type Fragment = { readonly sql: string };

/** A column name as SQL: quoted, its quotes doubled, so that no name can end the identifier. */
export function identifier(name: string): Fragment {
  return { sql: `"${name.replaceAll('"', '""')}"` };
}

/** A text as SQL, for the few statements that take no parameters. */
export function text(value: string): Fragment {
  return { sql: `'${value.replaceAll("'", "''")}'` };
}

/** Joins fragments, for a list of columns or the branches of a union. */
export function joined(fragments: readonly Fragment[], separator: string): Fragment {
  return { sql: fragments.map((fragment) => fragment.sql).join(separator) };
}

/** A fragment from a template whose holes are fragments or whole numbers: ``fragment`c${1} := ${name}` ``. */
export function fragment(
  parts: TemplateStringsArray,
  ...holes: readonly (Fragment | number)[]
): Fragment {
  let sql = parts[0] ?? "";
  holes.forEach((hole, index) => {
    sql += (typeof hole === "number" ? String(Math.trunc(hole)) : hole.sql) + parts[index + 1];
  });
  return { sql };
}

/**
 * The text of `sql/duckdb/<name>.sql` with its `{{slots}}` filled, all at once: what fills one may hold braces itself.
 * Throws when the file is missing, a slot is left open or a fragment has no slot: all three are defects.
 */
export function statement(
  name: string,
  fragments: Readonly<Record<string, Fragment>> = {},
): string {
  const unused = new Set(Object.keys(fragments));
  const text = textOf(name).replaceAll(/\{\{(\w+)\}\}/g, (_, slot: string) => {
    const filling = Object.hasOwn(fragments, slot) ? fragments[slot] : undefined;
    if (!filling) throw new Error(`${name}.sql: slot {{${slot}}} was left open`);
    unused.delete(slot);
    return filling.sql;
  });
  for (const slot of unused) throw new Error(`${name}.sql has no slot {{${slot}}}`);
  return text;
}

/** The file without its comments, which name slots and parameters that the engine must not see. */
function textOf(name: string): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(packaged(`sql/duckdb/${name}.sql`), "utf8").replaceAll(
    /^\s*--.*\n/gm,
    "",
  );
  texts.set(name, text);
  return text;
}
