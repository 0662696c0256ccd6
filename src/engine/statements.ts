/**
 * The SQL files, read once each. A statement is static text with named parameters; the only things ever put
 * into it are fragments made here and by the engine's `identifier`, because SQL cannot bind the name of a column.
 */
import { readFileSync } from "node:fs";
import { packaged } from "../root.ts";

const texts = new Map<string, string>();

/** A piece of SQL that may stand in a `{{slot}}` of a statement. Only this file, the engines' own and their callers' lists make them. */
export type Fragment = { readonly sql: string };

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
 * The text of `sql/<folder>/<name>.sql` with its `{{slots}}` filled, all at once: what fills one may hold braces itself.
 * Throws when the file is missing, a slot is left open or a fragment has no slot: all three are defects.
 */
export function statementIn(
  folder: "duckdb" | "clickhouse",
  name: string,
  fragments: Readonly<Record<string, Fragment>> = {},
): string {
  const unused = new Set(Object.keys(fragments));
  const text = textOf(`sql/${folder}/${name}.sql`).replaceAll(
    /\{\{(\w+)\}\}/g,
    (_, slot: string) => {
      const filling = Object.hasOwn(fragments, slot) ? fragments[slot] : undefined;
      if (!filling) throw new Error(`${name}.sql: slot {{${slot}}} was left open`);
      unused.delete(slot);
      return filling.sql;
    },
  );
  for (const slot of unused) throw new Error(`${name}.sql has no slot {{${slot}}}`);
  return text;
}

/** The file without its comments, which name slots and parameters that the engine must not see. */
function textOf(path: string): string {
  const known = texts.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(packaged(path), "utf8").replaceAll(/^\s*--.*\n/gm, "");
  texts.set(path, text);
  return text;
}
