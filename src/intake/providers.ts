/**
 * Which provider a number belongs to, and what the words mean that people type for one. All of it is data: the
 * packaged tables, rows in the home's `numbering` folder that override them, and lines of `config.toml` that override
 * both. Invariant: a code that leaves this module is in `codes`, and safe as a folder name of the pool.
 */

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import type { Numbering, TableEntry } from "../configuration.ts";
import { messageOf, usageError } from "../errors.ts";
import { editDistance, hintFor } from "../nearest.ts";
import { packaged } from "../root.ts";

/** The code of a valid number whose prefix no row of the table claims. */
const unknownProvider = "other";

const fileNames = {
  prefixes: "providers.csv",
  synonyms: "synonyms.csv",
} as const;

type Row = {
  readonly file: string;
  readonly line: number;
  /** Of the home's own, not packaged. */
  readonly isOwn: boolean;
  readonly values: Readonly<Record<string, string>>;
};

/** What the tables say, later files over earlier ones. */
type Tables = {
  readonly prefixes: Map<string, string>;
  /** Codes in the order of the table. */
  readonly codes: Set<string>;
  /** Folded name of a company -> its codes. */
  readonly companies: Map<string, Set<string>>;
  /** Folded word -> what it stands for, with the word as the table writes it. */
  readonly words: Map<string, { readonly word: string; readonly codes: readonly string[] }>;
  /** What the home says itself, by what it is said of. */
  readonly own: Map<string, OwnEntry>;
};

/** A prefix (`prefixes.0899`) or a word (`synonyms.simpati`) of the home's own, what it stands for, and who says so. */
export type OwnEntry = { readonly key: string; readonly value: string; readonly from: string };

export class Providers {
  /** Prefix of the national number (3 to 5 digits, `812`) -> code. */
  readonly prefixes: ReadonlyMap<string, string>;
  /** Every code a number or a pool folder can carry, `other` last. */
  readonly codes: readonly string[];
  /** Which of it the home says itself. */
  readonly own: readonly OwnEntry[];
  readonly #words: Tables["words"];

  constructor(tables: Tables) {
    this.prefixes = tables.prefixes;
    this.codes = [...tables.codes, unknownProvider];
    this.own = [...tables.own.values()];
    this.#words = tables.words;
  }

  /** Every word that stands for one or several codes, as the tables write it. */
  words(): readonly { readonly word: string; readonly codes: readonly string[] }[] {
    return [...this.#words.values()];
  }

  /** The code of canonical digits (`6281234567890`) by their longest known prefix, else `other`. */
  codeOf(phone: string): string {
    for (const length of [5, 4, 3]) {
      const code = this.prefixes.get(phone.slice(2, 2 + length));
      if (code !== undefined) return code;
    }
    return unknownProvider;
  }

  /**
   * What a user means by `tsel`, `Kartu Halo` or `ioh,axis`: the codes in the order typed, each once. Case,
   * blanks and punctuation do not count, and a company stands for all its codes. Throws a usage error on an
   * unknown word and on a list without words.
   */
  expand(text: string): readonly string[] {
    const codes = new Set<string>();
    for (const typed of text.split(",")) {
      if (typed.trim() === "") continue;
      const known = this.#words.get(fold(typed));
      if (known === undefined) throw usageError(this.#unknownMessage(typed.trim()));
      for (const code of known.codes) codes.add(code);
    }
    if (codes.size === 0) throw usageError(`No provider named. Known are ${this.#listing()}`);
    return [...codes];
  }

  #unknownMessage(typed: string): string {
    const nearest = this.#nearest(fold(typed));
    const hint = nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
    return `Unknown provider "${typed}".${hint} Known are ${this.#listing()}`;
  }

  /** The known word with the fewest edits, unless more than half of what was typed would have to change. */
  #nearest(folded: string): string | undefined {
    if (folded === "") return undefined;
    let nearest: string | undefined;
    let fewest = Math.max(1, Math.floor(folded.length / 2)) + 1;
    for (const [known, { word }] of this.#words) {
      // The difference in length is a lower bound, so an absurdly long word costs nothing.
      if (Math.abs(known.length - folded.length) >= fewest) continue;
      const edits = editDistance(folded, known);
      if (edits < fewest) {
        nearest = word;
        fewest = edits;
      }
    }
    return nearest;
  }

  /** On one line, as a message has to be: each code with two of its synonyms, then the words that stand for several codes. */
  #listing(): string {
    const codes = this.codes.map((code) => {
      const words = [...this.#words.values()]
        .filter((entry) => entry.codes.length === 1 && entry.codes[0] === code)
        .map((entry) => entry.word)
        .filter((word) => word !== code);
      return words.length > 0 ? `${code} (${words.slice(0, 2).join(", ")})` : code;
    });
    const companies = [...this.#words.values()]
      .filter((entry) => entry.codes.length > 1)
      .map((entry) => `${entry.word} = ${entry.codes.join(",")}`);
    return [...codes, ...companies].join(", ");
  }
}

/**
 * Reads the packaged tables, then `<home>/numbering/providers.csv` and `synonyms.csv` where they exist, then what
 * `config.toml` says: what comes later overrides by prefix and by synonym. A synonym noted as "company level" stands for
 * every code of the company; one that names itself (`byu,byu`) makes a code that no prefix leads to.
 * Throws a usage error with file, line and value for a row that cannot be right.
 */
export function loadProviders({ home, numbering }: NumberingPlace): Providers {
  const tables: Tables = {
    prefixes: new Map(),
    codes: new Set(),
    companies: new Map(),
    words: new Map(),
    own: new Map(),
  };
  for (const row of readTables(home, fileNames.prefixes, ["prefix", "code"]))
    addPrefix(tables, row);
  const synonyms = readTables(home, fileNames.synonyms, ["synonym", "code"]);
  for (const row of synonyms) declareCode(tables, row);
  for (const code of [...tables.codes, unknownProvider]) setWord(tables, code, [code]);
  for (const row of synonyms) addSynonym(tables, row);
  addConfigured(tables, numbering);
  return new Providers(tables);
}

/** The home, and what its `config.toml` says of numbers; a part of the settings. */
type NumberingPlace = { readonly home: string; readonly numbering: Numbering };

function addConfigured(tables: Tables, { prefixes, synonyms }: Numbering): void {
  for (const entry of prefixes) {
    const prefix = /^(?:\+?62|0)?(8\d{2,4})$/.exec(entry.name)?.[1];
    if (prefix === undefined) {
      throw usageError(
        `${entry.where}: it is no prefix; write 08 and two to four more digits, such as "0899" = "tri"`,
      );
    }
    const code = knownCode(tables, entry);
    tables.prefixes.set(prefix, code);
    noteOnce(tables, prefixes, `prefixes.0${prefix}`, code, entry);
  }
  for (const entry of synonyms) {
    const word = fold(entry.name);
    if (word === "") throw usageError(`${entry.where}: it has no letter or digit`);
    const code = knownCode(tables, entry);
    if ([...tables.codes, unknownProvider].some((known) => fold(known) === word)) {
      throw usageError(
        `${entry.where}: that is a provider's own code, and stands for nothing else`,
      );
    }
    setWord(tables, entry.name, [code]);
    noteOnce(tables, synonyms, `synonyms.${entry.name}`, code, entry);
  }
}

/** The code that the entry stands for, by itself or by a word for it. */
function knownCode({ words }: Tables, { value, where }: TableEntry): string {
  const codes = words.get(fold(value))?.codes ?? [];
  const [code] = codes;
  if (code !== undefined && codes.length === 1) return code;
  const problem =
    code === undefined
      ? `"${value}" is no provider. ${hintFor(
          value,
          [...words.values()].map(({ word }) => word),
        )}`
      : `"${value}" stands for ${codes.join(", ")}; name one of them`;
  throw usageError(`${where}: ${problem}`);
}

/** `0899` and `+62899` are one prefix, `by.U` and `byu` one word: which of two lines is meant, nobody knows. */
function noteOnce(
  tables: Tables,
  entries: readonly TableEntry[],
  key: string,
  code: string,
  { where }: TableEntry,
): void {
  const before = tables.own.get(fold(key))?.from;
  if (before !== undefined && entries.some((entry) => entry.where === before)) {
    throw usageError(`${where}: it is told twice, also in ${before}; take one of them out`);
  }
  noteOwn(tables, key, code, where);
}

/** What the home said of it before counts no more. */
function noteOwn(tables: Tables, key: string, value: string, from: string): void {
  const folded = fold(key);
  tables.own.delete(folded);
  tables.own.set(folded, { key, value, from });
}

function addPrefix(tables: Tables, row: Row): void {
  const { prefix = "", code = "", operator = "" } = row.values;
  if (!/^8\d{2,4}$/.test(prefix)) {
    throw rowError(row, `prefix "${prefix}" is not 8 and two to four more digits`);
  }
  checkCode(row, code);
  tables.prefixes.set(prefix, code);
  if (row.isOwn) noteOwn(tables, `prefixes.0${prefix}`, code, placeOf(row));
  if (code === unknownProvider) return;
  tables.codes.add(code);
  if (operator === "") return;
  const company = fold(operator);
  tables.companies.set(company, (tables.companies.get(company) ?? new Set()).add(code));
}

function declareCode(tables: Tables, row: Row): void {
  const { synonym = "", code = "" } = row.values;
  if (fold(synonym) === "") throw rowError(row, `synonym "${synonym}" has no letter or digit`);
  checkCode(row, code);
  const isCompany = tables.companies.has(fold(code));
  if (fold(synonym) === fold(code) && !isCompany && code !== unknownProvider)
    tables.codes.add(code);
}

function addSynonym(tables: Tables, row: Row): void {
  const { synonym = "", code = "", note = "" } = row.values;
  if (note.startsWith("company level")) {
    const companies = [...tables.companies].filter(
      ([name, has]) => name === fold(code) || has.has(code),
    );
    const codes = companies.flatMap(([, has]) => [...has]);
    if (codes.length > 0) {
      setWord(tables, synonym, codes);
      if (row.isOwn) noteOwn(tables, `synonyms.${synonym}`, codes.join(","), placeOf(row));
      return;
    }
  }
  if (!tables.codes.has(code) && code !== unknownProvider) {
    throw rowError(row, `code "${code}" is not in ${fileNames.prefixes}`);
  }
  setWord(tables, synonym, [code]);
  if (row.isOwn) noteOwn(tables, `synonyms.${synonym}`, code, placeOf(row));
}

function placeOf({ file, line }: Row): string {
  return `${file} line ${line}`;
}

function setWord(tables: Tables, word: string, codes: readonly string[]): void {
  tables.words.set(fold(word), { word, codes: [...new Set(codes)] });
}

/** Codes name folders of the pool, so no separator or wildcard may be in one. */
function checkCode(row: Row, code: string): void {
  if (!/^[a-z0-9][a-z0-9_]{0,31}$/.test(code)) {
    throw rowError(row, `code "${code}" is not made of small letters, digits and _`);
  }
}

function readTables(home: string, name: string, columns: readonly string[]): Row[] {
  const own = join(home, "numbering", name);
  return [packaged(`src/numbering/${name}`), own]
    .filter((file) => existsSync(file))
    .map(requireText)
    .flatMap((file) => readTable(file, columns, file === own));
}

/** A pipe would be waited for, for ever. */
function requireText(file: string): string {
  if (statSync(file).isFile()) return file;
  throw usageError(`${file} is no file; it has to be a table, or not there`);
}

function readTable(file: string, columns: readonly string[], isOwn: boolean): Row[] {
  const lines = readLines(file);
  const header = lines[0]?.record ?? [];
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw usageError(
      `${file}:1: no column "${missing.join('", "')}" in the header "${header.join(",")}".`,
    );
  }
  return lines.slice(1).map(({ record, info }) => {
    const values = Object.fromEntries(header.map((column, i) => [column, record[i] ?? ""]));
    const row = { file, line: info.lines, isOwn, values };
    if (record.length > header.length) {
      throw rowError(
        row,
        `"${record.join(",")}" has ${record.length} values for ${header.length} columns`,
      );
    }
    return row;
  });
}

function readLines(file: string): { record: string[]; info: { lines: number } }[] {
  try {
    // csv-parse's types do not know that `info` changes what comes back.
    return parse(readFileSync(file), {
      bom: true,
      columns: false,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
  } catch (error) {
    throw usageError(`Cannot read the provider table ${file}: ${messageOf(error)}`, error);
  }
}

function rowError(row: Row, problem: string): Error {
  return usageError(`${row.file}:${row.line}: ${problem}. Correct or remove the line.`);
}

/** "by.U", "BYU" and "by u" are one word. */
function fold(word: string): string {
  return word
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
