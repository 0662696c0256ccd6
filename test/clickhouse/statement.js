// Where in a statement the front may put a file: chdb takes a result out and rows in through files
// (into outfile, from infile), which a real server's HTTP interface does not know.

const token =
  /\s+|--[^\n]*|#![^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S]|'')*'|`(?:[^`\\]|\\[\s\S])*`|"(?:[^"\\]|\\[\s\S])*"|[\p{L}_][\p{L}\p{N}_]*|[\s\S]/gu;

// Words and signs outside of brackets. An insert's own data is no SQL: reading ends where it begins.
function topLevel(sql) {
  const found = [];
  let depth = 0;
  let insert = false;
  for (const { 0: text, index } of sql.matchAll(token)) {
    if (/^(?:\s|--|#!|\/\*)/.test(text)) continue;
    if (text === "(" || text === "[") depth++;
    else if (text === ")" || text === "]") depth--;
    else if (depth === 0) {
      const word = text.toLowerCase();
      const previous = found.at(-1);
      if (found.length === 0) insert = word === "insert";
      found.push({ word, at: index, end: index + text.length });
      if (!insert) continue;
      if (word === "values") break;
      if (previous?.word === "format" && /^\w/.test(word)) break;
    }
  }
  return found;
}

/**
 * kind: "read" (it has a result), "insert" (rows come with the request), "other";
 * at: where a file clause belongs; format: name in the text, if any.
 */
export function analyse(text) {
  const sql = text.replace(/[\s;]+$/, "");
  const words = topLevel(sql);
  const opens = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*\(/.test(sql);
  const first = opens ? "select" : words[0]?.word;
  if (first === "insert") return insert(text, words);
  const read = ["select", "with", "show", "exists", "from", "describe", "desc", "explain"];
  if (!read.includes(first) || words.some((one) => one.word === "insert"))
    return { kind: "other", sql: text };
  const outfile = words.some((one, i) => one.word === "outfile" && words[i - 1]?.word === "into");
  // A column may be called format: the clause is what only settings follow.
  const place = words.findLastIndex(
    (one, i) =>
      one.word === "format" &&
      /^\w+$/.test(words[i + 1]?.word ?? "") &&
      (i + 2 >= words.length || words[i + 2]?.word === "settings"),
  );
  const name = words[place + 1];
  return {
    kind: "read",
    sql,
    outfile,
    at: place < 0 ? sql.length : words[place].at,
    format: place < 0 ? undefined : sql.slice(name.at, name.end),
  };
}

function insert(sql, words) {
  const find = (word) => words.find((one, i) => i > 1 && one.word === word);
  const format = find("format");
  const name = format && words[words.indexOf(format) + 1];
  const values = find("values");
  const select = find("select") ?? find("with");
  const rest = sql.slice((values ?? name)?.end ?? sql.length).replace(/^[\s;]+$/, "");
  return {
    kind: "insert",
    sql,
    select: select !== undefined,
    // Rows in the statement itself: chdb reads them as a server does.
    inline: rest !== "",
    format: name ? sql.slice(name.at, name.end) : "Values",
    at: (find("settings") ?? format ?? values)?.at ?? sql.length,
    values,
    clause: format,
  };
}

export const quoted = (text) => `'${text.replace(/[\\']/g, "\\$&")}'`;

/** The statement with its result into `path`. */
export function intoFile({ sql, at }, path) {
  // On a line of its own: what stands before may be a comment.
  return `${sql.slice(0, at)}\ninto outfile ${quoted(path)} truncate ${sql.slice(at)}`;
}

/** The insert with its rows from `path` instead of the request's body. */
export function fromFile(statement, path) {
  const { sql, at, format, values, clause } = statement;
  const input = /\binput\s*\(\s*('(?:[^'\\]|\\.|'')*')\s*\)/i;
  if (statement.select) {
    const text = clause ? sql.slice(0, clause.at) : sql;
    return text.replace(
      input,
      (_, structure) => `file(${quoted(path)}, ${quoted(format)}, ${structure})`,
    );
  }
  const end = clause || !values ? sql.slice(at) : sql.slice(at, values.at);
  const whole = clause ? end : `${end} format Values`;
  return `${sql.slice(0, at)}\nfrom infile ${quoted(path)} ${whole.replace(/[\s;]+$/, "")}`;
}

/** What a server knows about a query by its id chdb keeps as the log comment of the one that runs. */
export function knownById(sql, version) {
  const named = /^\s*kill\s+query\b/i.test(sql)
    ? sql.replace(/\bquery_id\b/gi, "Settings['log_comment']").replace(/\bsync\b/gi, "async")
    : sql.replace(
        /\bsystem\s*\.\s*processes\b/gi,
        "(select * replace (Settings['log_comment'] as query_id) from system.processes)",
      );
  if (version === undefined) return named;
  return named
    .replace(
      /(\bselect\s+)version\s*\(\s*\)(?=\s*(?:into\b|format\b|;|$))/gi,
      `$1'${version}' as "version()"`,
    )
    .replace(/(?<!")\bversion\s*\(\s*\)(?!")/gi, `'${version}'`);
}
