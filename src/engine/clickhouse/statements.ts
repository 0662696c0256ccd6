/** SQL as ClickHouse reads it. */
import { type Fragment, statementIn } from "../statements.ts";

/** A name as SQL: in backquotes, which and backslashes are escaped, so that no name can end the identifier. */
export function identifier(name: string): Fragment {
  return { sql: `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\`` };
}

/** A text as SQL, for the few statements that take no parameters. */
export function text(value: string): Fragment {
  return { sql: `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'` };
}

/** The text of `sql/clickhouse/<name>.sql`, its slots filled. */
export function statement(
  name: string,
  fragments: Readonly<Record<string, Fragment>> = {},
): string {
  return statementIn("clickhouse", name, fragments);
}
