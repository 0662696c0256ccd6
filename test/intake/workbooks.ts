/** Workbooks for the tests, written part by part: what Excel, and what other programs, would put into them. */
import { crc32, deflateRawSync } from "node:zlib";

/** What a cell holds; `xml` is a cell as it stands, between `<c r="…"` and `</c>`. */
export type TestCell = string | number | boolean | undefined | { readonly xml: string };

export type TestSheet = {
  readonly name: string;
  readonly state?: "hidden" | "veryHidden";
  readonly rows: readonly (readonly TestCell[])[];
  /** Instead of the rows: what stands in `sheetData`. */
  readonly xml?: string;
};

export type TestWorkbook = {
  readonly sheets: readonly TestSheet[];
  readonly is1904?: boolean;
  /** Formats beyond 0 General, 1 a day (14), 2 a duration (46), 3 and on: these. */
  readonly formats?: readonly string[];
  /** As the table of texts has them, tags included, before those of the rows. */
  readonly strings?: readonly string[];
  readonly prefix?: string;
};

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** The parts of a workbook by name. */
export function workbookParts(book: TestWorkbook): Record<string, string> {
  const p = book.prefix ? `${book.prefix}:` : "";
  const space = book.prefix ? `xmlns:${book.prefix}="${main}"` : `xmlns="${main}"`;
  const strings = [...(book.strings ?? [])];
  const known = new Map<string, number>();
  const textAt = (text: string) => {
    const index = known.get(text) ?? strings.length;
    if (index === strings.length) {
      strings.push(`<${p}t xml:space="preserve">${escaped(text)}</${p}t>`);
      known.set(text, index);
    }
    return index;
  };
  const cellXml = (cell: TestCell, at: string) => {
    if (cell === undefined) return "";
    if (typeof cell === "object") return `<${p}c r="${at}"${cell.xml}</${p}c>`;
    if (typeof cell === "string")
      return `<${p}c r="${at}" t="s"><${p}v>${textAt(cell)}</${p}v></${p}c>`;
    if (typeof cell === "boolean")
      return `<${p}c r="${at}" t="b"><${p}v>${Number(cell)}</${p}v></${p}c>`;
    return `<${p}c r="${at}"><${p}v>${cell}</${p}v></${p}c>`;
  };
  const rowXml = (row: readonly TestCell[], index: number) => {
    const cells = row.map((cell, column) => cellXml(cell, `${lettersOf(column)}${index + 1}`));
    return cells.join("") && `<${p}row r="${index + 1}">${cells.join("")}</${p}row>`;
  };
  const sheetXml = ({ rows, xml }: TestSheet) =>
    `${head}<${p}worksheet ${space}><${p}sheetData>${xml ?? rows.map(rowXml).join("")}</${p}sheetData></${p}worksheet>`;
  const sheets = book.sheets.map(sheetXml);
  const formats = book.formats ?? [];
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${types}/${type}" Target="${target}"/>`;
  const relations = (items: readonly string[]) =>
    `${head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${items.join("")}</Relationships>`;
  const content = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const override = (part: string, type: string) =>
    `<Override PartName="/${part}" ContentType="${content}.${type}+xml"/>`;
  return {
    "[Content_Types].xml": `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override("xl/workbook.xml", "sheet.main")}${override("xl/styles.xml", "styles")}${override("xl/sharedStrings.xml", "sharedStrings")}${sheets.map((_, n) => override(`xl/worksheets/sheet${n + 1}.xml`, "worksheet")).join("")}</Types>`,
    "_rels/.rels": relations([relation("rId1", "officeDocument", "xl/workbook.xml")]),
    "xl/workbook.xml": `${head}<${p}workbook ${space} xmlns:r="${types}">${book.is1904 ? `<${p}workbookPr date1904="1"/>` : ""}<${p}sheets>${book.sheets
      .map(
        ({ name, state }, n) =>
          `<${p}sheet name="${escaped(name)}" sheetId="${n + 1}"${state ? ` state="${state}"` : ""} r:id="rId${n + 1}"/>`,
      )
      .join("")}</${p}sheets></${p}workbook>`,
    "xl/_rels/workbook.xml.rels": relations([
      ...sheets.map((_, n) => relation(`rId${n + 1}`, "worksheet", `worksheets/sheet${n + 1}.xml`)),
      relation("rId901", "styles", "styles.xml"),
      relation("rId902", "sharedStrings", "sharedStrings.xml"),
    ]),
    "xl/styles.xml": `${head}<${p}styleSheet ${space}><${p}numFmts>${formats
      .map((code, n) => `<${p}numFmt numFmtId="${164 + n}" formatCode="${escaped(code)}"/>`)
      .join(
        "",
      )}</${p}numFmts><${p}fonts><${p}font/></${p}fonts><${p}fills><${p}fill/></${p}fills><${p}borders><${p}border/></${p}borders><${p}cellStyleXfs><${p}xf numFmtId="14"/></${p}cellStyleXfs><${p}cellXfs>${[
      0,
      14,
      46,
      ...formats.map((_, n) => 164 + n),
    ]
      .map((id) => `<${p}xf numFmtId="${id}"/>`)
      .join("")}</${p}cellXfs></${p}styleSheet>`,
    "xl/sharedStrings.xml": `${head}<${p}sst ${space}>${strings.map((item) => `<${p}si>${item}</${p}si>`).join("")}</${p}sst>`,
    ...Object.fromEntries(sheets.map((xml, n) => [`xl/worksheets/sheet${n + 1}.xml`, xml])),
  };
}

/** A workbook as Excel would save it. */
export function makeWorkbook(book: TestWorkbook, level = 6): Buffer {
  return makeZip(workbookParts(book), level);
}

/** A ZIP archive; level 0 stores instead of packing. `claimed` lies about what a part unpacks to. */
export function makeZip(
  parts: Readonly<Record<string, string | Buffer>>,
  level = 6,
  claimed?: number,
): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const bytes = Buffer.from(content);
    const packed = level === 0 ? bytes : deflateRawSync(bytes, { level });
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(level === 0 ? 0 : 8, 4);
    fields.writeUInt16LE(0x21, 8); // the first day that the format knows
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claimed ?? bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    files.push(Buffer.from("PK\x03\x04"), fields, Buffer.from(name), packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00"), fields, rest, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(directory.length / 4, 8);
  end.writeUInt16LE(directory.length / 4, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, listed, end]);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function lettersOf(column: number): string {
  const before = Math.floor(column / 26) - 1;
  return (before < 0 ? "" : lettersOf(before)) + String.fromCharCode(65 + (column % 26));
}
