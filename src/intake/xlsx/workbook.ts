/**
 * A workbook (.xlsx) as the CSV text of one of its sheets. Read as a stream: in memory are the table of texts and a
 * megabyte of rows, however long the sheet is.
 */
import { statSync } from "node:fs";
import { csvLine } from "../cells.ts";
import { damaged, refused, tooLarge } from "./refusal.ts";
import { type SheetContext, sheetRows } from "./sheet.ts";
import { noStrings, readStrings } from "./strings.ts";
import { isDateFormat } from "./values.ts";
import { type Attributes, prefixed, readXml } from "./xml.ts";
import { openZip, type Zip } from "./zip.ts";

export type WorkbookLimits = {
  /** Of the file, in bytes. */
  readonly file: number;
  /** The same when it comes through a pipe: a ZIP is read from its end, so all of it is held in memory. */
  readonly piped: number;
  /** What its parts unpack to, and again what comes out as CSV. */
  readonly unpacked: number;
  /** What the table of texts unpacks to; it is held in memory. */
  readonly strings: number;
};

/** A sheet of 1,048,576 rows and ten columns is a file of 71 MB, 509 MB unpacked, of which texts 120 MB. */
export const workbookLimits: WorkbookLimits = {
  file: 512 << 20,
  piped: 256 << 20,
  unpacked: 4 * 2 ** 30,
  strings: 512 << 20,
};

const blockLetters = 1 << 20;

export type WorkbookOptions = {
  /** A name, or a number counted from 1; undefined is the first sheet that is not hidden. */
  readonly sheet?: string | undefined;
  /** Told of every piece of the file that was read, in bytes. What it throws ends the reading. */
  readonly onRead?: (bytes: number) => void;
  readonly limits?: WorkbookLimits;
};

/**
 * Reads a sheet as CSV from a file (its path) or from a whole workbook in memory. Throws `refused input` for what is no
 * workbook, has no such sheet, is damaged or too large.
 */
export async function* readWorkbook(
  from: string | Buffer,
  { sheet: wanted, onRead, limits = workbookLimits }: WorkbookOptions = {},
): AsyncGenerator<Buffer> {
  const size = typeof from === "string" ? statSync(from).size : from.length;
  if (size > limits.file) throw tooLarge("its file has", limits.file);
  const zip = await openZip(from, limits.unpacked, onRead);
  try {
    const book = await readBook(zip);
    const sheet = chooseSheet(book.sheets, wanted);
    const context: SheetContext = {
      is1904: book.is1904,
      isDate: book.styles === undefined ? [] : await readDateStyles(zip.read(book.styles)),
      strings: await stringsOf(zip, book.strings, limits.strings),
    };
    yield* csvBlocks(sheetRows(zip.read(sheet.part), context), limits.unpacked);
  } finally {
    zip.close();
  }
}

/** Takes a workbook that comes through a pipe into memory. Throws `refused input` when it is too large for that. */
export async function loadWorkbook(
  blocks: AsyncIterable<Uint8Array>,
  { piped }: WorkbookLimits = workbookLimits,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const block of blocks) {
    bytes += block.length;
    if (bytes > piped) throw tooLarge("what comes through the pipe has", piped);
    chunks.push(Buffer.from(block)); // a block is good until three more have been read
  }
  return Buffer.concat(chunks);
}

/**
 * Rows as CSV, a megabyte at a time. Every row is as wide as the widest of the first megabyte: a sheet does not store
 * the empty cells at the end of its rows.
 */
async function* csvBlocks(
  rows: AsyncIterable<string[][]>,
  bytesMost: number,
): AsyncGenerator<Buffer> {
  let waiting: string[][] = [];
  let letters = 0;
  let text = "";
  let width: number | undefined;
  let written = 0;
  const add = (row: string[]) => {
    while (row.length < (width ?? 0)) row.push("");
    text += `${csvLine(row, ",")}\n`;
  };
  const settleWidth = () => {
    width = waiting.reduce((widest, { length }) => Math.max(widest, length), 0);
    for (const row of waiting) add(row);
    waiting = [];
  };
  const block = () => {
    const bytes = Buffer.from(text);
    text = "";
    written += bytes.length;
    if (written > bytesMost) throw tooLarge("its sheet has", bytesMost);
    return bytes;
  };
  for await (const some of rows) {
    for (const row of some) {
      if (width !== undefined) add(row);
      else {
        waiting.push(row);
        for (const cell of row) letters += cell.length + 1;
        if (letters >= blockLetters) settleWidth();
      }
      if (text.length >= blockLetters) yield block();
    }
  }
  if (width === undefined) settleWidth();
  if (text !== "") yield block();
}

type Sheet = { readonly name: string; readonly isHidden: boolean; readonly part: string };

type Book = {
  readonly sheets: readonly Sheet[];
  readonly is1904: boolean;
  readonly styles: string | undefined;
  readonly strings: string | undefined;
};

async function readBook(zip: Zip): Promise<Book> {
  const part = zip.has("_rels/.rels")
    ? (await readRelations(zip, "_rels/.rels", "")).find(({ type }) => type === "officeDocument")
        ?.part
    : undefined;
  const isRead = part !== undefined && /\.xml$/i.test(part) && zip.has(part);
  const relations = isRead ? await readRelations(zip, relationsOf(part), folderOf(part)) : [];
  const sheets: Sheet[] = [];
  let is1904 = false;
  let isBook = false;
  if (isRead) {
    await readXml(zip.read(part), {
      open: (name, attributes) => {
        if (name === "workbook") isBook = true;
        else if (name === "workbookPr") is1904 = isTrue(attributes.date1904);
        else if (name === "sheet") {
          const id = prefixed(attributes, "id");
          const relation = relations.find((one) => one.id === id && one.type === "worksheet");
          if (!relation) return; // a chart on a sheet of its own
          sheets.push({
            name: attributes.name ?? "",
            isHidden: (attributes.state ?? "visible") !== "visible",
            part: relation.part,
          });
        }
      },
    });
  }
  if (!isBook) {
    throw refused(
      "it is a ZIP archive and no .xlsx workbook; unpack it, or save the list as .xlsx or .csv",
    );
  }
  const partOf = (wanted: string) => relations.find(({ type }) => type === wanted)?.part;
  return { sheets, is1904, styles: partOf("styles"), strings: partOf("sharedStrings") };
}

function chooseSheet(sheets: readonly Sheet[], wanted: string | undefined): Sheet {
  if (wanted === undefined) {
    const first = sheets.find(({ isHidden }) => !isHidden) ?? sheets[0];
    if (!first) throw refused("its workbook has no sheet with cells; nothing was read");
    return first;
  }
  const plain = wanted.trim().toLowerCase();
  const chosen =
    sheets.find(({ name }) => name.trim().toLowerCase() === plain) ??
    (/^\d+$/.test(plain) ? sheets[Number(plain) - 1] : undefined);
  if (chosen) return chosen;
  const names = sheets.map(
    ({ name, isHidden }, index) => `${index + 1} "${name}"${isHidden ? " (hidden)" : ""}`,
  );
  throw refused(`--sheet: there is no sheet "${wanted}"; the sheets are ${names.join(", ")}`);
}

async function stringsOf(zip: Zip, part: string | undefined, bytesMost: number) {
  if (part === undefined || !zip.has(part)) return noStrings;
  const bytes = zip.bytesOf(part);
  if (bytes > bytesMost) throw tooLarge("its texts have", bytesMost);
  return readStrings(zip.read(part), bytes);
}

/** For every format that a cell can have, whether it shows a point in time. */
async function readDateStyles(chunks: AsyncIterable<Uint8Array>): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let isCells = false;
  await readXml(chunks, {
    open: (name, attributes) => {
      if (name === "numFmt") codes.set(Number(attributes.numFmtId), attributes.formatCode ?? "");
      else if (name === "cellXfs") isCells = true;
      else if (name === "xf" && isCells) formats.push(Number(attributes.numFmtId ?? 0));
    },
    close: (name) => {
      if (name === "cellXfs") isCells = false;
    },
  });
  return formats.map((id) => isDateFormat(id, codes.get(id)));
}

type Relation = { readonly id: string; readonly type: string; readonly part: string };

async function readRelations(zip: Zip, name: string, folder: string): Promise<Relation[]> {
  const relations: Relation[] = [];
  await readXml(zip.read(name), {
    open: (tag, { Id = "", Type = "", Target = "", TargetMode }: Attributes) => {
      if (tag !== "Relationship" || TargetMode === "External") return;
      // The two editions of the standard differ in all of the type but its last word.
      relations.push({ id: Id, type: lastOf(Type), part: resolvePart(folder, Target) });
    },
  });
  return relations;
}

function relationsOf(part: string): string {
  return `${folderOf(part)}_rels/${lastOf(part)}.rels`;
}

function folderOf(part: string): string {
  return part.slice(0, part.lastIndexOf("/") + 1);
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function resolvePart(folder: string, target: string): string {
  try {
    return decodeURI(new URL(target, `part:///${folder}`).pathname.slice(1));
  } catch (error) {
    throw damaged(error);
  }
}

function isTrue(value: string | undefined): boolean {
  return value === "1" || value === "true";
}
