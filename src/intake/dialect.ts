/**
 * How a source is written: delimiter, line ends, header, which column holds the phone. Decided from its first block,
 * before the engine reads a byte: an engine that sniffs for itself falls back to one column on ragged files. Pure.
 */
import { parse } from "csv-parse/sync";
import { exitCode, UserError, usageError } from "../errors.ts";
import { readPhoneCell, reasonCodes } from "./phone.ts";
import { brokenReasons, type Shape } from "./records.ts";

export type DialectOptions = {
  readonly delimiter: string | undefined;
  /** A name, or the column's number counted from 1. */
  readonly phoneColumn: string | undefined;
  /** The same, of the column that holds each row's category. */
  readonly categoryColumn: string | undefined;
  readonly hasHeader: boolean | undefined;
};

export type Dialect = {
  readonly shape: Shape;
  /** Unique whatever their case, none empty; made up where there is no header. */
  readonly names: readonly string[];
  /** The header as the source has it, for the rejects. */
  readonly header: readonly string[];
  /** Index of the column that holds the phone. */
  readonly phone: number;
  /** Index of the column that holds the category, if one was named. */
  readonly category: number | undefined;
  /** Index of the column that says whether a row is synthetic, if there is one. */
  readonly synthetic: number | undefined;
  /** The first column holds the reasons of an earlier import's rejects: it is read but not kept. */
  readonly hasReasons: boolean;
  /** The engine may read the file as it lies there, if the gate finds nothing to mend. */
  readonly isPlain: boolean;
};

const delimiters = [",", ";", "\t", "|"] as const;
/** What a one-column source is read with: a byte that stands in no list. */
const noDelimiter = "\x1f";
/** What the column of reasons is called while it is read; no trimmed header can be called so. */
const reasonName = " reason";
const sampleRecords = 200;
/** Of the first block; 200 records of a wide list. */
const sampleLength = 1 << 18;
const columnsMost = 1_000;

/** What lists call the column, punctuation and case taken away; the surest names first. */
const phoneNames = [
  ["msisdn", "phone", "phonenumber", "nohp", "nomorhp", "nohandphone", "handphone", "hp", "ponsel"],
  ["mobile", "mobilephone", "mobilenumber", "nomorponsel", "noponsel", "cellphone", "cell", "gsm"],
  ["notelp", "notelepon", "nomortelepon", "telepon", "telp", "tel", "telephone", "phoneno", "tlp"],
  ["nowa", "nomorwa", "wa", "whatsapp", "nowhatsapp", "nomorwhatsapp", "nohpwa", "nowahp"],
  ["nomor", "number", "nomer", "no", "contact", "kontak", "contactnumber", "nokontak", "phone1"],
] as const;

/** Words that make a longer name one of a phone column: `hp_1`, `Phone 1 - Value`, `Nomor Telepon Seluler`. */
const phoneWords = new Set(
  "phone handphone hp ponsel telepon telephone telp tlp tel seluler mobile cell gsm msisdn wa whatsapp".split(
    " ",
  ),
);
/** Words for numbers of another kind, some of which look like phones. */
const otherWords = new Set(
  "id nik ktp kk npwp nip nisn bpjs rek rekening account acc acct bank va kartu card kode code imei order invoice faktur resi trx transaksi".split(
    " ",
  ),
);

/** Throws `refused input` for what is no table or has no phones; the message lists the columns. */
export function findDialect(sample: string, isWhole: boolean, options: DialectOptions): Dialect {
  const text = sample.slice(0, sampleLength).replace(/^\uFEFF/, "");
  const declared = /^sep=(.)(?:\r\n|\n|\r)/i.exec(text);
  const body = declared ? text.slice(declared[0].length) : text;
  const lineEnds = countLineEnds(body);
  const complete =
    isWhole && sample.length <= sampleLength
      ? body
      : body.slice(0, body.lastIndexOf(lineEnds.last) + 1) || body;

  if (declared && !isDelimiter(declared[1] ?? "")) {
    throw refused(`its first line says ${declared[0].trim()}, which can stand between no cells`);
  }
  const said = options.delimiter ?? declared?.[1];
  const delimiter = said ?? (isLineOfPhones(complete) ? noDelimiter : guessDelimiter(complete));
  const records = readRecords(complete, delimiter);
  const [first] = records;
  if (!first) {
    throw refused("it holds no rows; nothing was read");
  }
  const hasHeader = options.hasHeader ?? isHeader(first);
  const rows = hasHeader ? records.slice(1) : records;
  const width = hasHeader ? first.length : usualWidth(records);
  if (width > columnsMost) {
    throw refused(`it has ${width} columns; at most ${columnsMost} can be read`);
  }
  if (hasHeader && first.some((name) => name.includes("\0"))) {
    throw refused(
      "its header has a NUL byte; it is no table, or in another encoding: name it with --encoding",
    );
  }
  const header = hasHeader ? first.map((name) => name.trim()) : madeUpNames(width);
  const hasReasons = hasHeader && isReasonColumn(header, rows);
  const phone = findPhoneColumn(header, rows, hasHeader, options.phoneColumn);
  const names = uniqueNames(hasHeader ? header : madeUpNames(width, phone), hasReasons);
  const synthetic = names.findIndex((name) => name.toLowerCase() === "synthetic");
  return {
    shape: {
      delimiter: width === 1 && options.delimiter === undefined ? noDelimiter : delimiter,
      columns: width,
      newline: lineEnds.usual === "\r\n" ? "\r\n" : "\n",
      loneReturns: lineEnds.usual === "\r",
      skip: (hasHeader ? 1 : 0) + (declared ? 1 : 0),
    },
    names,
    header: hasHeader ? first : names,
    phone,
    category:
      options.categoryColumn === undefined
        ? undefined
        : columnCalled(header, options.categoryColumn, "--category-column"),
    synthetic: synthetic < 0 ? undefined : synthetic,
    hasReasons,
    isPlain: !declared && !lineEnds.isMixed && lineEnds.usual === "\n",
  };
}

/** What is no table, read as one: a column of lines. */
export function lineByLine(): Dialect {
  return {
    shape: { delimiter: noDelimiter, columns: 1, newline: "\n", loneReturns: false, skip: 0 },
    names: ["line"],
    header: ["line"],
    phone: 0,
    category: undefined,
    synthetic: undefined,
    hasReasons: false,
    isPlain: false,
  };
}

/** Throws a usage error for what cannot stand between cells. `\\t` is a tab, for those who cannot type one. */
export function checkDelimiter(text: string): string {
  const delimiter = text === "\\t" ? "\t" : text;
  if (isDelimiter(delimiter)) return delimiter;
  throw usageError(
    `--delimiter: "${text}" is no delimiter; write one ASCII character, such as ; or \\t`,
  );
}

function isDelimiter(text: string): boolean {
  const code = text.charCodeAt(0);
  return text.length === 1 && code > 0 && code < 128 && !'\r\n"'.includes(text);
}

function refused(message: string): UserError {
  return new UserError(exitCode.refusedInput, message);
}

type LineEnds = {
  usual: "\n" | "\r\n" | "\r";
  isMixed: boolean;
  last: "\n" | "\r";
};

function countLineEnds(content: string): LineEnds {
  // A line break inside quotes says nothing about how lines end.
  const text = content.replaceAll(/"(?:[^"]|"")*"/g, "");
  const pairs = text.split("\r\n").length - 1;
  const feeds = text.split("\n").length - 1 - pairs;
  const loose = text.split("\r").length - 1 - pairs;
  if (pairs === 0 && feeds === 0 && loose > 0) return { usual: "\r", isMixed: false, last: "\r" };
  const usual = pairs > feeds ? "\r\n" : "\n";
  return { usual, isMixed: pairs > 0 && feeds > 0, last: "\n" };
}

/**
 * The first records, read forgivingly: this is a look, not the reading. A quote that never closes ends the look
 * before it; when that leaves nothing, lines are cut at the delimiter.
 */
function readRecords(text: string, delimiter: string): string[][] {
  const options = {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    to: sampleRecords,
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: 1_000_000,
  };
  try {
    return parse(text, options);
  } catch {
    return text
      .split(/\r\n|\n|\r/)
      .filter((line) => line !== "")
      .slice(0, sampleRecords)
      .map((line) => line.split(delimiter).map((cell) => cell.replace(/^"(.*)"$/, "$1")));
  }
}

/** The delimiter under which most records have the same number of cells, and more than one. */
function guessDelimiter(text: string): string {
  const scored = delimiters.map((delimiter) => {
    const records = readRecords(text, delimiter);
    const width = usualWidth(records);
    const share = records.filter((record) => record.length === width).length / records.length;
    return {
      delimiter,
      score: width > 1 ? share + Math.min(width, 50) / 1_000 : 0,
    };
  });
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  // Cells of one column may hold commas now and then ("0812…, 0813…"): no table if most rows disagree.
  return best.score >= 0.5 ? best.delimiter : noDelimiter;
}

/** `0812…, 0813…, 0814…` in one line is no row of a table: only the first of them would be read. */
function isLineOfPhones(text: string): boolean {
  const line = text.trim();
  if (/["\r\n]/.test(line)) return false;
  return delimiters.some((delimiter) => {
    const cells = line.split(delimiter).filter((cell) => cell.trim() !== "");
    return cells.length > 2 && cells.every(holdsPhone);
  });
}

function usualWidth(records: readonly (readonly string[])[]): number {
  const counts = new Map<number, number>();
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1);
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0])[0];
}

/** A first record is a header when it holds no phone and either names a phone column or is all words. */
function isHeader(first: readonly string[]): boolean {
  if (first.some((cell) => holdsPhone(cell))) return false;
  if (first.some((cell) => rankOf(cell) >= 0)) return true;
  const isWords = first.every((cell) => !/^[\d\s.+()-]{4,}$/.test(cell.trim()));
  const hasLetters = first.some((cell) => /\p{L}/u.test(cell));
  return isWords && hasLetters;
}

function holdsPhone(cell: string): boolean {
  return "phones" in readPhoneCell(cell);
}

/** How surely a name means the phone: 0 is surest, -1 not at all. `No. HP (WA)` is `nohpwa`. */
function rankOf(name: string): number {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return phoneNames.findIndex((names) => (names as readonly string[]).includes(plain));
}

/** 1 for a name with a word for the phone, -1 for one with a word for another kind of number, else 0. */
function likeness(name: string): number {
  const words =
    name
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[a-z]+/g) ?? [];
  if (words.some((word) => phoneWords.has(word))) return 1;
  return words.some((word) => otherWords.has(word)) ? -1 : 0;
}

function madeUpNames(width: number, phone?: number): string[] {
  return Array.from({ length: width }, (_, index) =>
    index === phone ? "phone" : `column_${index + 1}`,
  );
}

/** Empty names get their number, repeated ones a count: `name`, `name_2`. Case does not tell names apart in the engine. */
function uniqueNames(header: readonly string[], hasReasons: boolean): string[] {
  // The column of reasons is not kept: a list's own column of that name shall keep it.
  if (hasReasons) return [reasonName, ...uniqueNames(header.slice(1), false)];
  const taken = new Set<string>();
  return header.map((title, index) => {
    const base = title.trim() || `column_${index + 1}`;
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${base}_${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** The rejects of an earlier import, corrected and back: every one of its rows begins with a reason of ours. */
function isReasonColumn(header: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const isOurs = (code: string) =>
    Object.hasOwn(reasonCodes, code) || Object.hasOwn(brokenReasons, code);
  return (
    header[0]?.toLowerCase() === "reason" &&
    header.length > 1 &&
    rows.length > 0 &&
    rows.every(([cell = ""]) => isOurs(cell))
  );
}

function findPhoneColumn(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  hasHeader: boolean,
  wanted: string | undefined,
): number {
  if (wanted !== undefined) return columnCalled(header, wanted, "--phone-column");
  const share = (column: number) => {
    const cells = rows.map((row) => row[column]?.trim() ?? "").filter((cell) => cell !== "");
    return cells.length === 0 ? 0 : cells.filter(holdsPhone).length / cells.length;
  };
  const [byName] = header
    .map((name, column) => ({ column, rank: hasHeader ? rankOf(name) : -1 }))
    .filter(({ rank }) => rank >= 0)
    .map((named) => ({ ...named, share: share(named.column) }))
    .sort((a, b) => b.share - a.share || a.rank - b.rank);
  if (byName && byName.share > 0) return byName.column;
  // An account number can look like a phone: what the columns are called decides before how many cells fit.
  const [best] = header
    .map((name, column) => ({
      column,
      share: share(column),
      likeness: hasHeader ? likeness(name) : 0,
    }))
    .filter((one) => one.share >= 0.5)
    .sort((a, b) => b.likeness - a.likeness || b.share - a.share);
  if (best) return best.column;
  // A name is believed unless its column holds no phone at all and another one does.
  if (byName) return byName.column;
  throw refused(
    `no column holds phones; the columns are ${listed(header)}: name one with --phone-column`,
  );
}

function columnCalled(header: readonly string[], wanted: string, option: string): number {
  const plain = wanted.trim().toLowerCase();
  const byName = header.findIndex((name) => name.trim().toLowerCase() === plain);
  if (byName >= 0) return byName;
  const number = /^\d+$/.test(plain) ? Number(plain) : 0;
  if (number >= 1 && number <= header.length) return number - 1;
  throw refused(`${option}: there is no column "${wanted}"; the columns are ${listed(header)}`);
}

function listed(header: readonly string[]): string {
  const most = 30;
  const names = header.slice(0, most).map((name, index) => `${index + 1} "${name.slice(0, 60)}"`);
  return names.join(", ") + (header.length > most ? ` and ${header.length - most} more` : "");
}
