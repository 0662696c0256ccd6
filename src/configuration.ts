/**
 * Reads `config.toml`: settings by their keys, and the tables `[prefixes]` and `[synonyms]`, each with the line that says
 * so. What the values mean is for others to judge.
 */
import { isUtf8 } from "node:buffer";
import { lstatSync, readFileSync, statSync } from "node:fs";
import { parse, TomlError } from "smol-toml";
import { messageOf, usageError } from "./errors.ts";
import { didYouMean } from "./nearest.ts";

/** A value, and who said so: a flag, a variable, or a line of a file. */
export type Told = { readonly value: string; readonly where: string };
/** A line of a table: a prefix or a word, and the provider that it stands for. */
export type TableEntry = Told & { readonly name: string };

/** What a home calls its own: later lines over earlier ones, all of them over the tables in `numbering/`. */
export type Numbering = {
  readonly prefixes: readonly TableEntry[];
  readonly synonyms: readonly TableEntry[];
};

export type Configuration<Key extends string> = {
  readonly values: ReadonlyMap<Key, Told>;
  readonly numbering: Numbering;
};

const tables = ["prefixes", "synonyms"] as const;
type TableName = (typeof tables)[number];

/** Written as true or false. */
const switches: readonly string[] = ["require_source"];

/** Throws a usage error that names the file, and the line and the key where there is one. No file: nothing is told. */
export function readConfiguration<Key extends string>(
  file: string,
  keys: readonly Key[],
): Configuration<Key> {
  const values = new Map<Key, Told>();
  const numbering: Record<TableName, TableEntry[]> = { prefixes: [], synonyms: [] };
  const text = readText(file);
  if (text === undefined) return { values, numbering };
  const lines = text.split("\n");
  const placeOf = (name: string, table?: TableName) => {
    const line = lineOf(lines, name, table);
    return `${file}${line === undefined ? "" : ` line ${line}`}: ${table ? `${table}.` : ""}${name}`;
  };
  for (const [name, value] of Object.entries(parseText(file, text))) {
    const table = tables.find((known) => known === name);
    const key = keys.find((known) => known === name);
    if (table) numbering[table] = entriesOf(table, value, placeOf);
    else if (key) values.set(key, { value: scalar(key, value, placeOf(key)), where: placeOf(key) });
    else {
      const known = [...keys, ...tables];
      throw usageError(
        `${placeOf(name)}: unknown key. ${didYouMean(name, known)}Known are ${known.join(", ")}`,
      );
    }
  }
  return { values, numbering };
}

/** What the file says, without a byte order mark; undefined where there is none. */
function readText(file: string): string | undefined {
  let bytes: Buffer;
  try {
    // A link that leads nowhere was meant to say something.
    if (!lstatSync(file, { throwIfNoEntry: false })) return undefined;
    const stat = statSync(file);
    if (!stat.isFile()) {
      throw usageError(
        `${file} is ${stat.isDirectory() ? "a folder" : "no file"}; it has to be a text file, or not there`,
      );
    }
    bytes = readFileSync(file);
  } catch (error) {
    // The home is a file, or may not be looked into: whoever opens it says so.
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR" || (code === "EACCES" && syscall === "lstat")) return undefined;
    if (code === undefined) throw error;
    throw usageError(
      `${file} cannot be read: ${messageOf(error)}; mend it, or take it away`,
      error,
    );
  }
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  const lines = bytes.toString("latin1").split("\n");
  const line = lines.findIndex((it) => !isUtf8(Buffer.from(it, "latin1"))) + 1;
  throw usageError(`${file} line ${line}: this is not UTF-8; save the file in that encoding`);
}

function parseText(file: string, text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    const line = error instanceof TomlError ? ` line ${error.line}` : "";
    throw usageError(`${file}${line}: ${messageOf(error).split("\n")[0]}`, error);
  }
}

function scalar(key: string, value: unknown, place: string): string {
  if (switches.includes(key)) {
    if (typeof value === "boolean") return String(value);
    throw usageError(
      `${place}: ${JSON.stringify(value)} is neither; write true or false, without quotes`,
    );
  }
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw usageError(`${place} must be a text or a number`);
}

function entriesOf(
  table: TableName,
  value: unknown,
  placeOf: (name: string, table?: TableName) => string,
): TableEntry[] {
  const example = { prefixes: '"0899" = "tri"', synonyms: 'simpati = "tsel"' }[table];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw usageError(
      `${placeOf(table)} must be a table: a line [${table}], and below it lines such as ${example}`,
    );
  }
  return Object.entries(value).map(([name, code]) => {
    const where = placeOf(name, table);
    if (typeof code === "string") return { name, value: code, where };
    throw usageError(
      `${where} must be a provider in quotes, such as ${example}; a name with a point in it needs quotes too`,
    );
  });
}

/** Where a key stands, counted from 1: of a table below its header, or in a line that begins with the table's name. */
function lineOf(
  lines: readonly string[],
  name: string,
  table: string | undefined,
): number | undefined {
  const beginsWith = (line: string, word: string) => {
    const bare = line.replace(/^[\s["']+/, "");
    return bare.startsWith(word) && !/[\w-]/.test(bare.charAt(word.length));
  };
  if (table === undefined) {
    return lines.findIndex((line) => beginsWith(line, name)) + 1 || undefined;
  }
  const header = lines.findIndex((line) => beginsWith(line, table));
  const line = lines.findIndex(
    (it, at) =>
      at >= header && (beginsWith(it, name) || (beginsWith(it, table) && it.includes(name))),
  );
  return (line < 0 ? header : line) + 1 || undefined;
}
