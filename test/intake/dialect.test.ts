import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { type Dialect, type DialectOptions, findDialect } from "../../src/intake/dialect.ts";

const free: DialectOptions = {
  delimiter: undefined,
  phoneColumn: undefined,
  categoryColumn: undefined,
  hasHeader: undefined,
};
const find = (text: string, options: Partial<DialectOptions> = {}): Dialect =>
  findDialect(text, true, { ...free, ...options });
/** What is refused as input, as opposed to a usage error. */
const refusal = (text: string, options: Partial<DialectOptions> = {}) => {
  try {
    find(text, options);
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 3) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
};

const a = "081200000001";
const b = "081200000002";
const c = "081200000003";

describe("the delimiter", () => {
  test.each([",", ";", "\t", "|"])("%j", (delimiter) => {
    const row = (...cells: string[]) => cells.join(delimiter);
    const text = `${row("nama", "no hp", "kota")}\n${row("A", a, "X")}\n${row("B", b, "Y")}\n`;
    expect(find(text)).toMatchObject({ shape: { delimiter, columns: 3, skip: 1 }, phone: 1 });
  });

  test("the one that makes rows alike wins over the one that is there more often", () => {
    const text = `nama;hp\n"A, B, C";${a}\nD, E, F, G;${b}\nH;${c}\n`;
    expect(find(text).shape).toMatchObject({ delimiter: ";", columns: 2 });
  });

  test("cells of one column may hold any of them", () => {
    for (const text of [`${a}\n${b}, ${c}\n${a}\n`, `phone\n"${a}; ${b}"\n${c}\n`]) {
      expect(find(text).shape.columns).toBe(1);
    }
  });

  test("one line of nothing but phones is one cell", () => {
    for (const line of [`${a}, ${b},${c}`, `${a};${b};${c};\n`, `\n${a}\t${b}\t${c}\r\n`]) {
      expect(find(line).shape).toMatchObject({ columns: 1, delimiter: "\x1f", skip: 0 });
    }
    expect(find(`${a},${b},${c}\n${c},${b},${a}\n`).shape).toMatchObject({ columns: 3 });
    expect(find(`${a},Budi,${b},Bandung\n`).shape).toMatchObject({ columns: 4 });
    expect(find(`${a},${b},${c}\n`, { delimiter: "," }).shape).toMatchObject({ columns: 3 });
  });

  test("sep= says it, whatever ends the line", () => {
    for (const newline of ["\n", "\r\n", "\r"]) {
      const text = ["sep=|", "nama|hp", `A,A|${a}`, ""].join(newline);
      expect(find(text), JSON.stringify(newline)).toMatchObject({
        shape: { delimiter: "|", columns: 2, skip: 2 },
        phone: 1,
        isPlain: false,
      });
    }
  });

  test("a sep= of no use is the file's fault, not the user's", () => {
    for (const mark of ["é", '"']) {
      expect(refusal(`sep=${mark}\nnama,hp\nA,${a}\n`)).toContain("sep=");
    }
  });

  test("a given one is taken", () => {
    expect(find(`nama:hp\nA, b; c:${a}\n`, { delimiter: ":" }).shape.columns).toBe(2);
  });
});

describe("line ends", () => {
  const cases: [string, string, object][] = [
    ["LF", `x,hp\nA,${a}\n`, { newline: "\n", loneReturns: false }],
    ["CRLF", `x,hp\r\nA,${a}\r\n`, { newline: "\r\n", loneReturns: false }],
    ["lone CR", `x,hp\rA,${a}\r`, { loneReturns: true }],
    ["CRLF with LF inside cells", `x,hp\r\n"A\nA",${a}\r\n"B\nB",${b}\r\n`, { newline: "\r\n" }],
    ["lone CR with LF inside cells", `x,hp\r"A\nA",${a}\rB,${b}\r`, { loneReturns: true }],
  ];
  test.each(cases)("%s", (_, text, shape) => {
    expect(find(text).shape).toMatchObject({ columns: 2, ...shape });
  });
});

describe("the header", () => {
  test("a first row with a phone is data, and names are made up", () => {
    expect(find(`A,${a}\nB,${b}\n`)).toMatchObject({
      names: ["column_1", "phone"],
      shape: { skip: 0 },
      phone: 1,
    });
  });

  test("words above phones are a header though none names a phone", () => {
    expect(find(`Nama,Kolom\nA,${a}\n`)).toMatchObject({ names: ["Nama", "Kolom"], phone: 1 });
  });

  test("names are unique whatever their case, and none is empty", () => {
    const { names, header } = find(`Hp, name ,NAME,,name_2,""\n${a},1,2,3,4,5\n`);
    expect(names).toEqual(["Hp", "name", "NAME_2", "column_4", "name_2_2", "column_6"]);
    expect(header).toHaveLength(6);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(6);
  });

  test("said to be data, it is", () => {
    const { names, shape } = find(`phone,nama\n${a},A\n`, { hasHeader: false });
    expect(names).toEqual(["phone", "column_2"]);
    expect(shape.skip).toBe(0);
  });

  test("more than 1,000 columns are refused, 1,000 are not", () => {
    const wide = (width: number) =>
      `hp,${Array.from({ length: width - 1 }, (_, n) => `c${n}`).join(",")}\n${a}${",".repeat(width - 1)}\n`;
    expect(find(wide(1_000)).shape.columns).toBe(1_000);
    expect(refusal(wide(1_001))).toContain("1001 columns");
  });
});

describe("the column that holds the phone", () => {
  const names = ["phone", "No. HP", "MSISDN", "no_telp", "Nomor WA", "WhatsApp", "HANDPHONE"];
  test.each(names)("called %s", (name) => {
    expect(find(`nama,${name},kota\nA,,X\nB,,Y\n`).phone).toBe(1);
  });

  test("by content where the name says nothing, and where it lies", () => {
    expect(find(`kode,kolom\n12,${a}\n13,${b}\n`).phone).toBe(1);
    expect(find(`phone,no_hp\nrumah,${a}\nkantor,${b}\n`).phone).toBe(1);
    expect(find(`no,nama,kontak darurat\n1,A,${a}\n2,B,${b}\n`).phone).toBe(2);
  });

  test("a number of another kind that looks like a phone is left for one that is called so, or not so", () => {
    expect(find(`no_rekening,nama,hp_1\n${a},A,${b}\n`).phone).toBe(2);
    expect(find(`NIK,Rekening,Kontak Darurat\n320,${a},${b}\n`).phone).toBe(2);
    expect(find(`accountId,kolom\n${a},${b}\n`).phone).toBe(1);
    expect(find(`kolom,Phone 1 - Value,Phone 2 - Value\n${a},${b},${c}\n`).phone).toBe(1);
    // Half of its cells are enough for a column that is called so.
    expect(find(`kolom,Nomor Telepon Seluler\n${a},${b}\n${c},021\n`).phone).toBe(1);
    expect(find(`nama,no_rekening\nA,${a}\n`).phone).toBe(1);
  });

  test("by a given name or number", () => {
    const text = `phone,2,x\n${a},${b},${c}\n`;
    expect(find(text, { phoneColumn: " PHONE " }).phone).toBe(0);
    expect(find(text, { phoneColumn: "3" }).phone).toBe(2);
    expect(find(text, { phoneColumn: "2" }).phone).toBe(1);
    for (const phoneColumn of ["0", "4", "nope", ""]) {
      expect(refusal(text, { phoneColumn })).toContain('1 "phone", 2 "2", 3 "x"');
    }
  });

  test("none: the message lists the columns", () => {
    expect(refusal("colour,size\nred,12\n")).toContain('1 "colour", 2 "size"');
  });

  test.each(["", "\n\n", "\r\n", "\uFEFF"])("%j holds no rows", (text) => {
    expect(refusal(text)).toContain("no rows");
  });
});

describe("the reasons of an earlier import", () => {
  test("are known by their column and their words", () => {
    expect(find(`reason,hp\nmasked,${a}\nempty,${b}\nbad_quote,${c}\n`).hasReasons).toBe(true);
    expect(find(`hp,reason\n${a},masked\n`).hasReasons).toBe(false);
    expect(find(`reason,hp\nlate,${a}\nmasked,${b}\n`).hasReasons).toBe(false);
  });

  test("are not what every object inherits, nor nothing at all", () => {
    expect(find(`reason,hp\nconstructor,${a}\ntoString,${b}\n`).hasReasons).toBe(false);
    expect(find(`reason,hp\n,${a}\n,${b}\n`).hasReasons).toBe(false);
  });
});
