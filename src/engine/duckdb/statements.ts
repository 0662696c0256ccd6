/** SQL as DuckDB reads it. */
import { type Fragment, statementIn } from "../statements.ts";

/** A column name as SQL: quoted, its quotes doubled, so that no name can end the identifier. */
export function identifier(name: string): Fragment {
  return { sql: `"${name.replaceAll('"', '""')}"` };
}

/** A text as SQL, for the few statements that take no parameters. */
export function text(value: string): Fragment {
  return { sql: `'${value.replaceAll("'", "''")}'` };
}

/** The text of `sql/duckdb/<name>.sql`, its slots filled. */
export function statement(
  name: string,
  fragments: Readonly<Record<string, Fragment>> = {},
): string {
  return statementIn("duckdb", name, fragments);
}
