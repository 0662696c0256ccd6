/**
 * Tables whose truth is known, and valid files damaged at random, through the real binary. The seed is fixed so that a
 * failure can be had again; `FUZZ_SEED=n` tries another, and every failure names the seed and the file.
 */
import { readFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { xxh64 } from "@node-rs/xxhash";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { randomFrom } from "../random.ts";
import { createWorkdir } from "../workdir.ts";
import { parseReports, type Report, type Row, readPool, sortedRows } from "./cases.ts";

const seed = Number(process.env.FUZZ_SEED ?? 20261120);

type Dice = {
  /** 0 to n - 1. */
  int(n: number): number;
  chance(share: number): boolean;
  pick<T>(of: readonly T[]): T;
};

function createDice(start: number): Dice {
  const next = randomFrom(start);
  const int = (n: number) => Math.floor(next() * n);
  return {
    int,
    chance: (share) => next() < share,
    pick: <T>(of: readonly T[]) => of[int(of.length)] as T,
  };
}

type Cell = { readonly text: string; readonly phones?: readonly string[] };
type Table = {
  readonly name: string;
  readonly bytes: Buffer;
  readonly rows: readonly Row[];
  readonly lines: number;
  readonly rejected: number;
  readonly dialect: unknown;
};

const words = [
  "Budi",
  "Ani Wijaya",
  'Kota "X"',
  "a,b;c",
  "x|y",
  "tab\there",
  "line\nbreak",
  "crlf\r\nbreak",
  " lead",
  "trail ",
  "",
  "NULL",
  "é ñ",
  "ス",
  "12",
  "-",
  "=1+1",
  "O'Neil",
  "#hash",
  "\\N",
  "\\",
  '"',
  '""',
  "\uFEFFmark",
  "0",
];
const phoneNames = ["phone", "No HP", "MSISDN", "no_telp", "Nomor WA", "HP"];
const noPhones = ["abc", "", "-", "0812****7890", "112", "081", "NULL"];
const writings: readonly ((digits: string) => string)[] = [
  (n) => `0812${n}`,
  (n) => `62812${n}`,
  (n) => `+62812${n}`,
  (n) => `812${n}`,
  (n) => `0812-${n.slice(0, 4)}-${n.slice(4)}`,
  (n) => `+62 812 ${n.slice(0, 4)} ${n.slice(4)}`,
  (n) => `(0812) ${n.slice(0, 4)}-${n.slice(4)}`,
  (n) => `0812${n} (WA)`,
  (n) => `'0812${n}`,
  (n) => `0812${n}.0`,
  (n) => `\uFEFF0812${n}`,
];

function createTable(dice: Dice, index: number): Table {
  const { int, chance, pick } = dice;
  const columns = 1 + int(5);
  const phoneAt = int(columns);
  const delimiter = columns === 1 ? "," : pick([",", ";", "\t", "|"]);
  const newline = pick(["\n", "\n", "\r\n", "\r"]);
  const encoding = pick(["utf8", "utf8", "utf8", "utf16le", "utf16be", "latin1"] as const);
  const hasHeader = chance(0.8);
  const quotesAll = chance(0.2);
  const hasBlankLines = chance(0.2);
  const hasMark = encoding !== "latin1" && chance(0.3);
  const isPacked = chance(0.2);
  const names = Array.from({ length: columns }, (_, column) =>
    column === phoneAt ? pick(phoneNames) : `${pick(["nama", "alamat", "kota"])}${column}`,
  );
  const madeUp = names.map((_, column) => (column === phoneAt ? "phone" : `column_${column + 1}`));
  const rejectShare = pick([0, 0, 0.1]);
  let serial = 10_000_001 + index * 1_000;
  const digits = () => String(serial++);
  const fits = (text: string) => encoding !== "latin1" || /^[\0-\xFF]*$/.test(text);

  const phoneCell = (row: number): Cell => {
    if (row > 2 && chance(rejectShare)) return { text: pick(noPhones) };
    const first = digits();
    const written = pick(writings)(first);
    if (!fits(written)) return { text: `0812${first}`, phones: [`62812${first}`] };
    if (!chance(0.05)) return { text: written, phones: [`62812${first}`] };
    const second = digits();
    return { text: `0812${first} / 0812${second}`, phones: [`62812${first}`, `62812${second}`] };
  };
  const otherCell = (): Cell => ({ text: pick(words.filter(fits)) });
  const table = Array.from({ length: 3 + int(30) }, (_, row) =>
    names.map((_, column) => (column === phoneAt ? phoneCell(row) : otherCell())),
  );

  const written = (text: string) => {
    const needsQuotes =
      quotesAll ||
      /["\r\n]/.test(text) ||
      text.includes(delimiter) ||
      (columns === 1 && (text === "" || /[,;\t|]/.test(text)));
    return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = table.flatMap((row) => [
    ...(hasBlankLines && chance(0.1) ? [""] : []),
    row.map(({ text }) => written(text)).join(delimiter),
  ]);
  if (hasHeader) lines.unshift(names.map(written).join(delimiter));
  // A first cell that begins with a mark keeps it only behind the file's own.
  const mark = hasMark || lines[0]?.startsWith("\uFEFF") ? "\uFEFF" : "";
  const text = mark + lines.join(newline) + (chance(0.8) ? newline : "");
  const plain =
    encoding === "utf16be" ? Buffer.from(text, "utf16le").swap16() : Buffer.from(text, encoding);

  const rows = table.flatMap((row): Row[] => {
    const cells = row.map(({ text }, column) => [(hasHeader ? names : madeUp)[column], text]);
    const filled = Object.fromEntries(cells.filter(([, text]) => text !== ""));
    return (row[phoneAt]?.phones ?? []).map((phone) => [phone, filled]);
  });
  return {
    name: `${index}.csv${isPacked ? ".gz" : ""}`,
    bytes: isPacked ? gzipSync(plain) : plain,
    rows,
    lines: table.length,
    rejected: table.filter((row) => row[phoneAt]?.phones === undefined).length,
    dialect: {
      columns,
      phoneAt,
      delimiter,
      newline,
      encoding,
      hasHeader,
      quotesAll,
      hasBlankLines,
    },
  };
}

test(`tables in random dialects enter as they are (seed ${seed})`, async () => {
  const work = createWorkdir();
  const dice = createDice(seed);
  const tables = Array.from({ length: 40 }, (_, index) => createTable(dice, index));
  const paths = tables.map(({ name, bytes }) => work.write(name, bytes));
  const outcome = await work.run(["ingest", ...paths, "--max-reject-rate", "1", "--json"]);
  const reports = parseReports(outcome.stdout);
  expect(reports, `seed ${seed}: ${outcome.stderr}`).toBeDefined();
  const pool = await readPool(work.home);
  for (const [index, { name, rows, lines, rejected, dialect }] of tables.entries()) {
    const report = reports?.[index];
    const about = `seed ${seed}, ${name}: ${JSON.stringify({ dialect, report })}`;
    expect.soft(report, about).toMatchObject({ status: "ingested", lines, rejected });
    const found = sortedRows(pool.get(report?.import_id ?? "") ?? []);
    expect.soft(found, about).toEqual(sortedRows(rows));
  }
  await work.checkPromises();
});

type List = {
  readonly bytes: Buffer;
  readonly delimiter: string;
  readonly newline: string;
  readonly encoding: "utf8" | "utf16le" | "utf16be" | "latin1";
  readonly packing: "none" | "gzip" | "zstd";
  readonly header: string | undefined;
};

/** A valid list of its own phones: 0812, then 20,000,001 and up. */
function createList(dice: Dice, index: number): List {
  const { int, chance, pick } = dice;
  const delimiter = pick([",", ";", "\t", "|"]);
  const newline = pick(["\n", "\r\n", "\r"]);
  const encoding = pick(["utf8", "utf8", "utf8", "utf16le", "utf16be", "latin1"] as const);
  const packing = pick(["none", "none", "none", "none", "none", "none", "gzip", "zstd"] as const);
  const hasQuotes = chance(0.5);
  const notes = hasQuotes ? ["x", '"q, q"', '"l\nb"', "é", '"a ""b"""'] : ["x", "é", "", "Kota"];
  const lines = Array.from({ length: 10 + int(60) }, (_, n) =>
    [n, `0812${20_000_001 + index * 100 + n}`, pick(notes), `Jl. ${n}`].join(delimiter),
  );
  const header = chance(0.9) ? ["id", "phone", "note", "alamat"].join(delimiter) : undefined;
  if (header) lines.unshift(header);
  const hasMark = encoding.startsWith("utf16") || (encoding === "utf8" && chance(0.2));
  const text = `${hasMark ? "\uFEFF" : ""}${lines.join(newline)}${chance(0.8) ? newline : ""}`;
  const plain =
    encoding === "utf16be" ? Buffer.from(text, "utf16le").swap16() : Buffer.from(text, encoding);
  const bytes = packing === "gzip" ? gzipSync(plain) : packing === "zstd" ? zstdOf(plain) : plain;
  return { bytes, delimiter, newline, encoding, packing, header };
}

/** A Zstandard frame that compresses nothing but has a checksum (RFC 8878): Node learnt the real thing after 20. */
function zstdOf(plain: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt32LE(0xfd2fb528, 0);
  head[4] = 0xa4; // a single segment, four bytes of size, a checksum
  head.writeUInt32LE(plain.length, 5);
  head.writeUIntLE((plain.length << 3) | 1, 9, 3); // the last block, stored
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(Number(xxh64(plain) & 0xffffffffn));
  return Buffer.concat([head, plain, checksum]);
}

const insertions = ['"', "\n", "\r", "\0", ",", ";", '""', "\r\n", "\uFEFF", "\x1f", " ", '"\n'];

/** Bits flipped, cut short, parts twice or gone, bytes put in, replaced and filled over: one to four of these. */
function damage({ int, pick }: Dice, whole: Buffer): Buffer {
  let bytes = Buffer.from(whole);
  for (let times = 1 + int(4); times > 0; times -= 1) {
    const at = int(Math.max(1, bytes.length));
    const head = bytes.subarray(0, at);
    const kind = int(7);
    if (kind === 0 && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << int(8));
    if (kind === 1) bytes = Buffer.from(head);
    if (kind === 2) bytes = Buffer.concat([head, bytes.subarray(int(at + 1))]);
    if (kind === 3)
      bytes = Buffer.concat([head, Buffer.from(pick(insertions)), bytes.subarray(at)]);
    if (kind === 4) bytes = Buffer.concat([head, bytes.subarray(at + int(30))]);
    if (kind === 5 && at < bytes.length) bytes[at] = int(256);
    if (kind === 6)
      bytes.fill(pick([0, 0xff, 0x22, 0x0a, 0x0d]), at, Math.min(bytes.length, at + int(10)));
  }
  return bytes;
}

/**
 * What a damaged file says, found without the program: `text` when its packing and encoding are beyond doubt, `refused`
 * when its packing is spoilt, `anything` when the damage hit what tells how to read it.
 */
function contentOf(list: List, damaged: Buffer): { text: string } | "refused" | "anything" {
  const isMagic = damaged.subarray(0, 4).equals(list.bytes.subarray(0, 4));
  let plain = damaged;
  if (list.packing !== "none") {
    if (!isMagic) return "anything";
    // A frame whose checksum holds is what was packed; whether it holds is the program's to find.
    if (list.packing === "zstd") return "anything";
    try {
      plain = gunzipSync(damaged);
    } catch {
      return "refused";
    }
  }
  if (list.encoding === "utf8" || list.encoding === "latin1") {
    const start = plain.subarray(0, 2).toString("latin1");
    if (["\xFF\xFE", "\xFE\xFF"].includes(start) || plain.includes(0)) return "anything";
    // What matters here is ASCII in both.
    return { text: plain.toString("latin1").replace(/^\xEF\xBB\xBF/, "") };
  }
  const mark = list.encoding === "utf16le" ? "fffe" : "feff";
  if (plain.subarray(0, 2).toString("hex") !== mark) return "anything";
  return { text: new TextDecoder(list.encoding.replace("utf16", "utf-16")).decode(plain) };
}

/**
 * How many records a text has, by a strict reader that is not ours; undefined where more than one reading is sound: a
 * spoilt header, other line ends than the list's own, and among quotes rows of other lengths or with a NUL.
 */
function countRecords({ header, delimiter, newline }: List, text: string): number | undefined {
  if (header === undefined || !text.startsWith(header + newline)) return undefined;
  const hasQuotes = text.includes('"');
  const bare = text.replaceAll(/"(?:[^"]|"")*"/g, "").replaceAll(newline, "");
  if (/["\r\n]/.test(bare) || (hasQuotes && text.includes("\0"))) return undefined;
  try {
    const options = { delimiter, record_delimiter: newline, skip_empty_lines: true };
    return parse(text, { ...options, relax_column_count: !hasQuotes }).length - 1;
  } catch {
    return undefined;
  }
}

const filesPerCommand = 125;

test(`500 damaged files are accounted for or refused (seed ${seed})`, { timeout: 0 }, async () => {
  const work = createWorkdir();
  const dice = createDice(seed + 1);
  const files = Array.from({ length: 500 }, (_, index) => {
    const list = createList(dice, index);
    const damaged = damage(dice, list.bytes);
    return { list, damaged, path: work.write(`${index}.csv`, damaged) };
  });
  const reports: Report[] = [];
  for (let first = 0; first < files.length; first += filesPerCommand) {
    const paths = files.slice(first, first + filesPerCommand).map(({ path }) => path);
    const outcome = await work.run(["ingest", ...paths, "--max-reject-rate", "1", "--json"]);
    const some = parseReports(outcome.stdout);
    const about = `seed ${seed}, files from ${first} on: ${outcome.stderr}`;
    expect(
      some?.map(({ path }) => path),
      about,
    ).toEqual(paths);
    expect([0, 3], about).toContain(outcome.code);
    reports.push(...(some ?? []));
  }
  const pool = await readPool(work.home);
  const outcomes = { accounted: 0, refused: 0, counted: 0 };
  for (const [index, { list, damaged }] of files.entries()) {
    const report = reports[index] as Report;
    const { bytes, ...dialect } = list;
    const about = `seed ${seed}, ${index}.csv: ${JSON.stringify({ ...dialect, report })}`;
    const content = contentOf(list, damaged);
    if (report.status !== "ingested") {
      outcomes.refused += 1;
      // Two files may have lost all but the same few bytes.
      if (report.status === "skipped") expect.soft(report.message, about).toMatch(/pool already/);
      else if (report.status === "quarantined") {
        // What is left may look like no text any more; a text never does.
        expect.soft(report.message, about).toMatch(/^it is .+, no table/);
        expect.soft(content, about).toBe("anything");
        expect.soft(report.lines, about).toBe(report.accepted + report.rejected);
      } else expect.soft(report, about).toMatchObject({ status: "failed", lines: 0 });
      expect.soft(report, about).toMatchObject({ import_id: null, numbers: 0 });
      expect.soft(report.message, about).toMatch(/.{10}/);
      expect
        .soft(report.message, about)
        .not.toMatch(/stage_rows|LINE \d|Parser Error|numbers-test/);
      continue;
    }
    outcomes.accounted += 1;
    expect.soft(content, about).not.toBe("refused");
    const { lines, accepted, rejected, numbers, reasons, providers } = report;
    const sum = (counts: Readonly<Record<string, number>>) =>
      Object.values(counts).reduce((total, some) => total + some, 0);
    const rows = pool.get(report.import_id ?? "") ?? [];
    const rejects = report.rejects_path ? readFileSync(report.rejects_path, "utf8") : "reason\n";
    const records = parse(rejects, { relax_column_count: true }) as string[][];
    const rejectedFor: Record<string, number> = {};
    for (const [reason = ""] of records.slice(1)) {
      rejectedFor[reason] = (rejectedFor[reason] ?? 0) + 1;
    }
    expect.soft(lines, about).toBe(accepted + rejected);
    expect.soft(sum(reasons), about).toBe(rejected);
    expect.soft(rejectedFor, about).toEqual(reasons);
    expect.soft(sum(providers), about).toBe(numbers);
    expect.soft(rows, about).toHaveLength(numbers);
    if (typeof content === "string") continue;
    const counted = countRecords(list, content.text);
    if (counted !== undefined) {
      outcomes.counted += 1;
      expect.soft(lines, about).toBe(counted);
    }
    // Every phone that the damage left whole is somewhere: in the pool, in a cell, in a name or in the rejects.
    const kept = JSON.stringify(rows) + rejects;
    const phones = content.text.match(/(?<!\d)08122\d{7}(?!\d)/g) ?? [];
    const lost = phones.filter((phone) => !kept.includes(phone) && !kept.includes(phone.slice(1)));
    expect.soft(lost, about).toEqual([]);
  }
  // The damage is neither so slight nor so heavy that the test says nothing.
  expect(outcomes.accounted, JSON.stringify(outcomes)).toBeGreaterThan(250);
  expect(outcomes.refused, JSON.stringify(outcomes)).toBeGreaterThan(25);
  expect(outcomes.counted, JSON.stringify(outcomes)).toBeGreaterThan(75);
  await work.checkPromises();
});
