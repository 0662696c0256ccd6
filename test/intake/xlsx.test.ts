/** Workbooks: what their cells become as CSV, which sheet is read, and what is refused. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import {
  columnOf,
  dateText,
  isDateFormat,
  numberText,
  unescaped,
} from "../../src/intake/xlsx/values.ts";
import {
  loadWorkbook,
  readWorkbook,
  type WorkbookOptions,
  workbookLimits,
} from "../../src/intake/xlsx/workbook.ts";
import { createWorkdir } from "../workdir.ts";
import {
  makeWorkbook,
  makeZip,
  type TestCell,
  type TestSheet,
  workbookParts,
} from "./workbooks.ts";

async function csvOf(bytes: Buffer, options?: WorkbookOptions): Promise<string> {
  const blocks: Buffer[] = [];
  for await (const block of readWorkbook(bytes, options)) blocks.push(block);
  return Buffer.concat(blocks).toString();
}

const rowsOf = (rows: TestCell[][], more: object = {}) =>
  csvOf(makeWorkbook({ sheets: [{ name: "Data", rows }], ...more }));
const cell = (xml: string) => ({ xml });
const phoneOf = (n: number) => `0812${String(n).padStart(8, "0")}`;

describe("values", () => {
  test.each([
    ["6281200000001", "6281200000001"],
    ["8.1200000001E10", "81200000001"],
    ["6.2812E+12", "6281200000000"],
    ["6.281200000001e12", "6281200000001"],
    ["81200000001.0", "81200000001"],
    ["081200000001", "081200000001"],
    ["12345678901234567890", "12345678901234567890"],
    ["1.2345678901234567E19", "12345678901234567000"],
    ["-5", "-5"],
    ["-0.0", "0"],
    ["0", "0"],
    ["0E5", "0"],
    ["1E-2", "0.01"],
    ["12.50", "12.5"],
    ["0.1", "0.1"],
    [".5", "0.5"],
    ["100E-2", "1"],
    [" 7 ", "7"],
    ["NaN", "NaN"],
    ["1E9999", "1E9999"],
  ])("the number %s is %s", (stored, expected) => {
    expect(numberText(stored)).toBe(expected);
  });

  test.each([
    ["1", false, "1900-01-01"],
    ["59", false, "1900-02-28"],
    ["60", false, "1900-02-29"],
    ["61", false, "1900-03-01"],
    ["46346", false, "2026-11-20"],
    ["46346.5", false, "2026-11-20T12:00:00"],
    ["46346.999999999", false, "2026-11-21"],
    ["0.25", false, "06:00:00"],
    ["0", true, "1904-01-01"],
    ["44884", true, "2026-11-20"],
    ["2958465", false, "9999-12-31"],
    ["2958465.9999999", false, "2958465.9999999"],
    ["81200000001", false, "81200000001"],
    ["8.1200000001E10", false, "81200000001"],
    ["-1", false, "-1"],
  ])("the day %s (of 1904: %s) is %s", (stored, is1904, expected) => {
    expect(dateText(stored, is1904)).toBe(expected);
  });

  test.each([
    [0, undefined, false],
    [14, undefined, true],
    [22, undefined, true],
    [46, undefined, false],
    [49, undefined, false],
    [164, "dd/mm/yyyy", true],
    [164, "[$-421]dd mmmm yyyy;@", true],
    [164, "[h]:mm", false],
    [164, "0000-0000-0000", false],
    [164, '"+62 "000', false],
    [164, '"hari" 0', false],
    [164, "\\d0", false],
    [164, "[Red]0;General", false],
    [164, "General", false],
  ])("format %s %s is a date: %s", (id, code, expected) => {
    expect(isDateFormat(id, code)).toBe(expected);
  });

  test("references and escapes", () => {
    expect(["A1", "Z9", "AA1", "XFD1048576", "ab12", "1", ""].map(columnOf)).toEqual([
      0, 25, 26, 16383, 27, -1, -1,
    ]);
    expect(unescaped("a_x000D_b_x005F_x_x00_")).toBe("a\rb_x_x00_");
  });
});

describe("cells", () => {
  test("texts, numbers, logical values, nothing", async () => {
    const rows = [
      ["nama", "no hp", "saldo", "aktif"],
      ['Budi "B", S', 6281200000001, 12.5, true],
      ["baris\nkedua", "081200000002", undefined, false],
      [" & <é>😀 ", 81200000003],
    ];
    expect(await rowsOf(rows)).toBe(
      'nama,no hp,saldo,aktif\n"Budi ""B"", S",6281200000001,12.5,true\n"baris\nkedua",081200000002,,false\n" & <é>😀 ",81200000003,,\n',
    );
  });

  test("every kind that a program may write", async () => {
    const kinds = [
      cell("><v>8.1200000001E10</v>"),
      cell(' t="str"><f>A1&amp;"x"</f><v>teks_x000D_</v>'),
      cell("><f>1+1</f><v>2</v>"),
      cell("><f>1+1</f>"),
      cell(' t="e"><v>#N/A</v>'),
      cell(' t="inlineStr"><is><r><t>ka</t></r><r><rPr><b/></rPr><t>ya</t></r></is>'),
      cell(' t="inlineStr"><is><t>in</t><rPh sb="0" eb="1"><t>no</t></rPh></is>'),
      cell(' t="s"><v>0</v>'),
      cell(' s="1"><v>46346</v>'),
      cell(' s="2"><v>1.5</v>'),
      cell(' s="3"><v>46346.25</v>'),
      cell(' s="4"><v>81200000001</v>'),
      cell(' t="d"><v>2026-11-20</v>'),
      cell(' s="1">'),
      "akhir",
    ];
    const more = {
      formats: ["dd/mm/yyyy hh:mm", "0000-0000-000"],
      strings: ["<r><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh>"],
    };
    expect(await rowsOf([kinds], more)).toBe(
      '81200000001,"teks\r",2,,#N/A,kaya,in,ab,2026-11-20,1.5,2026-11-20T06:00:00,81200000001,2026-11-20,,akhir\n',
    );
  });

  test("columns stay in their places; empty rows and cells without text are none", async () => {
    const rows = [
      [],
      [undefined, undefined, "hp", "", cell(' s="1">')],
      [],
      [cell(' s="1">'), ""],
      [undefined, "x"],
    ];
    expect(await rowsOf(rows)).toBe(",,hp\n,x,\n");
  });

  test("cells without references, and with a prefix before every name", async () => {
    const xml = '<row><c><v>1</v></c><c r="C1"><v>3</v></c><c t="b"><v>1</v></c></row>';
    expect(await csvOf(makeWorkbook({ sheets: [{ name: "a", rows: [], xml }] }))).toBe(
      "1,,3,true\n",
    );
    expect(await rowsOf([["a", 1]], { prefix: "x" })).toBe("a,1\n");
  });

  test("the calendar that begins in 1904", async () => {
    expect(await rowsOf([[cell(' s="1"><v>44884</v>')]], { is1904: true })).toBe("2026-11-20\n");
  });

  test("rows are as wide as the widest of the first megabyte", async () => {
    const long = Array.from({ length: 60_000 }, (_, n) => [`nama orang ${n}`, 6281200000000 + n]);
    const text = await rowsOf([["a"], ...long, ["z", 1, "more"]]);
    const lines = text.split("\n");
    expect(lines).toHaveLength(60_003);
    expect(lines[0]).toBe("a,");
    expect(lines.at(-2)).toBe("z,1,more");
    expect(lines[59_000]).toBe("nama orang 58999,6281200058999");
  });

  test("archives that store, and part names of another case", async () => {
    const parts = workbookParts({ sheets: [{ name: "a", rows: [["x", "y"]] }] });
    expect(await csvOf(makeZip(parts, 0))).toBe("x,y\n");
    const loud = Object.entries(parts).map(([name, text]) => [
      name.replace("sharedStrings", "SharedStrings"),
      text,
    ]);
    expect(await csvOf(makeZip(Object.fromEntries(loud)))).toBe("x,y\n");
  });
});

describe("which sheet", () => {
  const sheet = (name: string, state?: "hidden" | "veryHidden"): TestSheet => ({
    name,
    rows: [[name]],
    ...(state ? { state } : {}),
  });
  const book = makeWorkbook({
    sheets: [
      sheet("Lama", "hidden"),
      sheet("Data & <1>"),
      sheet("Arsip", "veryHidden"),
      sheet("2"),
    ],
  });

  test.each([
    [undefined, "Data & <1>"],
    ["lama", "Lama"],
    [" ARSIP ", "Arsip"],
    ["data & <1>", "Data & <1>"],
    ["3", "Arsip"],
    ["2", "2"],
    ["4", "2"],
  ])("%s is %s", async (wanted, expected) => {
    expect(await csvOf(book, { sheet: wanted })).toBe(`${expected}\n`);
  });

  test("one that is not there: the message lists them", async () => {
    for (const wanted of ["Daftar", "5", "0", ""]) {
      await expect(csvOf(book, { sheet: wanted })).rejects.toThrow(
        `there is no sheet "${wanted}"; the sheets are 1 "Lama" (hidden), 2 "Data & <1>", 3 "Arsip" (hidden), 4 "2"`,
      );
    }
  });

  test("all are hidden: the first", async () => {
    expect(
      await csvOf(makeWorkbook({ sheets: [sheet("a", "hidden"), sheet("b", "hidden")] })),
    ).toBe("a\n");
  });
});

describe("what is refused", () => {
  const rows = Array.from({ length: 300 }, (_, n) => [`nama ${n}`, phoneOf(n)]);
  const book = { sheets: [{ name: "Data", rows }] };
  const refusal = async (bytes: Buffer, options?: WorkbookOptions) => {
    const error = await csvOf(bytes, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).exitCode).toBe(3);
    return (error as UserError).message;
  };

  test("a workbook cut short anywhere, or with a byte of its sheet changed", async () => {
    const whole = makeWorkbook(book);
    for (let length = 4; length < whole.length; length += 97) {
      expect(await refusal(whole.subarray(0, length))).toMatch(/cut short or damaged/);
    }
    const { "xl/worksheets/sheet1.xml": xml = "" } = workbookParts(book);
    const stored = makeZip(workbookParts(book), 0);
    const other = Buffer.from(stored);
    const at = stored.indexOf("<v>", stored.indexOf(xml.slice(0, 200)));
    other[at + 3] = (other[at + 3] ?? 0) ^ 1;
    expect(await refusal(other)).toMatch(/checksum/);
  });

  test.each([
    ["no ZIP at all", Buffer.from("PK\x03\x04 and then a list\n0812\n"), /damaged/],
    ["a ZIP of a list", makeZip({ "list.csv": "phone\n081200000001\n" }), /no \.xlsx workbook/],
    ["a ZIP of nothing", makeZip({}), /no \.xlsx workbook/],
    ["no sheets", makeWorkbook({ sheets: [] }), /no sheet with cells/],
  ])("%s", async (_, bytes, expected) => {
    expect(await refusal(bytes)).toMatch(expected);
  });

  const without = (part: string) => {
    const { [part]: _, ...parts } = workbookParts(book);
    return makeZip(parts);
  };
  const changed = (part: string, from: string | RegExp, to: string) => {
    const parts = workbookParts(book);
    return makeZip({ ...parts, [part]: (parts[part] ?? "").replace(from, to) });
  };
  const sheet1 = "xl/worksheets/sheet1.xml";
  test.each([
    ["without its sheet", without(sheet1)],
    ["without its texts", without("xl/sharedStrings.xml")],
    ["a text that is not in the table", changed(sheet1, "<v>5</v>", "<v>6000</v>")],
    ["a column that is none", changed(sheet1, 'r="A5"', 'r="XFE5"')],
    ["XML that ends early", changed(sheet1, /<row r="200".*/, "")],
    ["XML that is none", changed(sheet1, /.*/s, "0812,0813\n")],
    ["bytes that are no UTF-8", makeZip({ ...workbookParts(book), [sheet1]: Buffer.of(60, 255) })],
    ["a document type with entities", changed(sheet1, "<v>5</v>", "<v>&big;</v>")],
    ["tags without end", changed(sheet1, "<sheetData>", `<sheetData>${"<a>".repeat(300)}`)],
    ["a cell without end", changed(sheet1, "<v>5</v>", `<v>${"5".repeat(9 << 20)}</v>`)],
    ["a target that is none", changed("xl/_rels/workbook.xml.rels", "worksheets/", "%zz")],
  ])("%s", async (_, bytes) => {
    expect(await refusal(bytes)).toMatch(/cut short or damaged/);
  });

  test("more than the stated size, whatever the archive says of itself", async () => {
    const limits = { ...workbookLimits, unpacked: 20_000 };
    const bytes = makeWorkbook(book);
    expect(await refusal(bytes, { limits })).toMatch(/more than 19\.5 KiB/);
    expect(await refusal(makeZip(workbookParts(book), 6, 100), { limits })).toMatch(/damaged/);
    expect(await refusal(bytes, { limits: { ...workbookLimits, file: 1_000 } })).toMatch(
      /its file/,
    );
    expect(await refusal(bytes, { limits: { ...workbookLimits, strings: 1_000 } })).toMatch(
      /texts/,
    );
    const long = `<t>${"x".repeat(30_000)}</t>`;
    const many = rows.map(() => [cell(' t="s"><v>0</v>')]);
    const grown = makeWorkbook({ sheets: [{ name: "a", rows: many }], strings: [long] });
    const most = { ...workbookLimits, unpacked: 1 << 20 };
    expect(await refusal(grown, { limits: most })).toMatch(/its sheet has more than 1 MiB/);
  });

  test("a pipe that brings too much", async () => {
    async function* blocks() {
      for (let n = 0; n < 3; n += 1) yield Buffer.alloc(10);
    }
    const limits = { ...workbookLimits, piped: 29 };
    await expect(loadWorkbook(blocks(), limits)).rejects.toThrow(/comes through the pipe/);
    expect(await loadWorkbook(blocks())).toHaveLength(30);
  });
});

describe("through the real binary", () => {
  const book = makeWorkbook({
    sheets: [
      { name: "Data", rows: [["nama", "hp"], ...[1, 2, 3].map((n) => [`n${n}`, phoneOf(n)])] },
    ],
  });

  test("from stdin, a pipe, packed once more, under any name: the same content", async () => {
    const work = createWorkdir();
    const { files } = await work.json(["ingest", "-"], { input: book });
    expect(files[0]).toMatchObject({ status: "ingested", numbers: 3 });
    const stored = makeZip(
      workbookParts({
        sheets: [
          { name: "Other", rows: [["nama", "hp"], ...[1, 2, 3].map((n) => [`n${n}`, phoneOf(n)])] },
        ],
      }),
      0,
    );
    const paths = [
      work.write("again.xlsx", book),
      work.write("saved anew.csv", stored),
      work.write("packed.xlsx.gz", gzipSync(book)),
    ];
    const again = await work.json(["ingest", ...paths]);
    expect(again.files.map(({ status }: { status: string }) => status)).toEqual([
      "skipped",
      "skipped",
      "skipped",
    ]);
    const fifo = work.path("fifo");
    execFileSync("mkfifo", [fifo]);
    const piped = work.json(["ingest", fifo]);
    execFileSync("sh", ["-c", 'cat "$1" > "$2"', "sh", paths[0] ?? "", fifo]);
    expect((await piped).files[0].status).toBe("skipped");
    await work.checkPromises();
  });

  test("a folder of both kinds: --sheet and --delimiter concern only those that have them", async () => {
    const work = createWorkdir();
    const sheets = [
      { name: "Isi", rows: [["keterangan"]] },
      {
        name: "Hp",
        rows: [
          ["nama", "hp"],
          ["a", phoneOf(1)],
          ["b;c", phoneOf(2)],
        ],
      },
    ];
    work.write("lists/a.xlsx", makeWorkbook({ sheets }));
    work.write("lists/b.csv", `nama;hp\nc;${phoneOf(3)}\n`);
    const args = ["ingest", work.path("lists"), "--sheet", "hp", "--delimiter", ";"];
    const { files, numbers } = await work.json(args);
    expect(files.map(({ status }: { status: string }) => status)).toEqual(["ingested", "ingested"]);
    expect(numbers).toBe(3);
    await work.checkPromises();
  });

  test("the rejects of a sheet can be corrected and ingested", async () => {
    const work = createWorkdir();
    const rows = [
      ["nama", "hp", "catatan"],
      ["a", phoneOf(1)],
      ["b", "tidak ada", "x, y"],
    ];
    const path = work.write("list.xlsx", makeWorkbook({ sheets: [{ name: "a", rows }] }));
    const { files } = await work.json(["ingest", path]);
    const rejects = readFileSync(files[0].rejects_path, "utf8");
    expect(rejects).toMatch(/^reason,nama,hp,catatan\n\w+,b,tidak ada,"x, y"\n$/);
    const mended = work.write("mended.csv", rejects.replace("tidak ada", phoneOf(2)));
    expect((await work.json(["ingest", mended])).numbers).toBe(1);
  });
});
