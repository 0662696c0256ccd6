/** The rows of a sheet, each as the texts of its cells. */
import { damaged } from "./refusal.ts";
import { createTextCollector, type Strings } from "./strings.ts";
import { columnOf, dateText, numberText, unescaped } from "./values.ts";
import { type Attributes, parseXml } from "./xml.ts";

/** What a cell's meaning depends on besides itself. */
export type SheetContext = {
  readonly strings: Strings;
  /** By the number of a cell's format: whether it shows a point in time. */
  readonly isDate: readonly boolean[];
  readonly is1904: boolean;
};

/** Excel's own limit. */
const columnsMost = 16_384;
/** The gate calls a line of 1 MB too long; beyond this it is not even written down for the rejects. */
const rowLettersMost = 8 << 20;

/**
 * Yields the rows as they lie, some at a time: columns in their places, empty cells empty, no empty cells at the end.
 * A row without a text is none. Throws `refused input` for a sheet that is damaged.
 */
export async function* sheetRows(
  chunks: AsyncIterable<Uint8Array>,
  context: SheetContext,
): AsyncGenerator<string[][]> {
  let rows: string[][] = [];
  let hasData = false;
  const reader = createRowReader(context, (row) => rows.push(row));
  const handlers = {
    open: (name: string, attributes: Attributes) => {
      if (name === "sheetData") hasData = true;
      else reader.open(name, attributes);
    },
    text: reader.text,
    close: reader.close,
  };
  for await (const _ of parseXml(chunks, handlers)) {
    if (rows.length === 0) continue;
    yield rows;
    rows = [];
  }
  if (!hasData) throw damaged(new Error("the sheet has no rows' part"));
}

type RowReader = {
  open(name: string, attributes: Attributes): void;
  text(piece: string): void;
  close(name: string): void;
};

function createRowReader(context: SheetContext, onRow: (row: string[]) => void): RowReader {
  const inline = createTextCollector();
  let row: string[] = [];
  let letters = 0;
  let isInRow = false;
  let column = -1;
  let type = "";
  let format = 0;
  let value = "";
  let isValue = false;
  let isInline = false;

  function beginCell({ r, t, s }: Attributes): void {
    column = r === undefined ? column + 1 : columnOf(r);
    if (!(column >= 0 && column < columnsMost)) {
      throw damaged(new Error(`there is no cell ${r ?? "behind column XFD"}`));
    }
    type = t ?? "n";
    format = s === undefined ? 0 : Number(s);
    value = "";
    if (type === "inlineStr") inline.begin();
  }

  function endCell(): void {
    const text = type === "inlineStr" ? inline.end() : cellText(type, value, format, context);
    if (text === "") return;
    while (row.length < column) row.push("");
    row[column] = text;
    letters += text.length;
    if (letters > rowLettersMost) throw damaged(new Error("a row of more than 8 MB"));
  }

  return {
    open: (name, attributes) => {
      if (name === "c") {
        if (isInRow) beginCell(attributes);
      } else if (name === "v") isValue = true;
      else if (name === "row") {
        isInRow = true;
        row = [];
        letters = 0;
        column = -1;
      } else if (name === "is") isInline = true;
      else if (isInline) inline.open(name);
    },
    text: (piece) => {
      if (isValue) {
        value += piece;
        if (value.length > rowLettersMost) throw damaged(new Error("a cell of more than 8 MB"));
      } else if (isInline) inline.text(piece);
    },
    close: (name) => {
      if (name === "c") {
        if (isInRow) endCell();
      } else if (name === "v") isValue = false;
      else if (name === "row") {
        isInRow = false;
        if (row.length > 0) onRow(row);
      } else if (name === "is") isInline = false;
      else if (isInline) inline.close(name);
    },
  };
}

/** The text of a cell by its type (ECMA-376-1, 18.18.11). An error is its name (`#N/A`), so that the rejects show it. */
function cellText(
  type: string,
  value: string,
  format: number,
  { strings, isDate, is1904 }: SheetContext,
): string {
  if (value === "") return "";
  switch (type) {
    case "n":
      return isDate[format] ? dateText(value, is1904) : numberText(value);
    case "s":
      return strings.at(Number(value));
    case "str":
      return unescaped(value);
    case "b":
      return value.trim() === "1" || value.trim() === "true" ? "true" : "false";
    default:
      return value; // `e`, an error, and `d`, a date in ISO 8601
  }
}
