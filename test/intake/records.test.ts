import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BrokenRecord, createGate, type Shape } from "../../src/intake/records.ts";

const shape: Shape = {
  delimiter: ",",
  columns: 3,
  newline: "\n",
  loneReturns: false,
  skip: 0,
};

/** Pushes `input` in blocks of `size` bytes; what came out, what was taken out, and the counts. */
function through(input: string | Buffer, overrides: Partial<Shape> = {}, size = 1 << 20) {
  const broken: BrokenRecord[] = [];
  const gate = createGate({ ...shape, ...overrides }, (record) => broken.push(record));
  const bytes = Buffer.from(input as string);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    for (const piece of gate.push(bytes.subarray(at, at + size))) pieces.push(Buffer.from(piece));
  }
  for (const piece of gate.end()) pieces.push(Buffer.from(piece));
  return { ...gate.tally, text: Buffer.concat(pieces).toString(), broken };
}

describe("what passes untouched", () => {
  const cases: Record<string, string> = {
    "plain lines": "1,2,3\n4,5,6\n",
    "quoted cells with delimiters, quotes and line breaks": '1,"a, b",3\n"4 ""x""","5\n5",6\n',
    "empty cells": ",,\n1,,\n",
    "letters beyond ASCII": "1,é,ス\n",
    "a cell that is one escaped quote": '"""",2,3\n',
  };
  for (const [name, text] of Object.entries(cases)) {
    test(name, () => {
      const result = through(text);
      expect(result.text).toBe(text);
      expect(result).toMatchObject({ mended: 0, broken: [] });
    });
  }

  test("CRLF lines where CRLF is the habit, but for their ends", () => {
    const text = '1,2,3\r\n4,"5\r\n5",6\r\n\r\n7,8,9';
    for (const size of [1, 7, 1000]) {
      expect(through(text, { newline: "\r\n" }, size)).toMatchObject({
        text: '1,2,3\n4,"5\r\n5",6\n7,8,9\n',
        passed: 3,
        mended: 0,
        empty: 1,
      });
    }
  });

  test("a last line without an end gets one", () => {
    expect(through("1,2,3\n4,5,6")).toMatchObject({
      text: "1,2,3\n4,5,6\n",
      passed: 2,
      mended: 0,
    });
  });

  test("empty lines are no records", () => {
    expect(through("\n1,2,3\n\n\n4,5,6\n\n")).toMatchObject({
      text: "1,2,3\n4,5,6\n",
      passed: 2,
    });
  });

  test("the header is skipped, over several lines too", () => {
    expect(through('a,"b\nb",c\n1,2,3\n', { skip: 1 })).toMatchObject({
      text: "1,2,3\n",
      passed: 1,
    });
  });
});

describe("what is mended", () => {
  const cases: Record<string, [string, string]> = {
    "a short row gets empty cells": ["1,2\n4,5,6\n", "1,2,\n4,5,6\n"],
    "empty cells too many go": ["1,2,3,,\n", "1,2,3\n"],
    "a quote inside a cell is a letter": ['1,5" disk,3\n', '1,"5"" disk",3\n'],
    "blanks around a quoted cell go": ['1, "2, 2" ,3\n', '1,"2, 2",3\n'],
    "another line end becomes the usual one": ["1,2,3\r\n4,5,6\n", "1,2,3\n4,5,6\n"],
    "a lone return ends a full row": ["1,2,3\r4,5,6\n", "1,2,3\n4,5,6\n"],
    "a lone return inside a cell is a blank": ["1,2\r2,3\n", "1,2 2,3\n"],
  };
  for (const [name, [input, output]] of Object.entries(cases)) {
    test(name, () => {
      const result = through(input);
      expect(result.text).toBe(output);
      expect(result.mended).toBeGreaterThan(0);
      expect(result.broken).toEqual([]);
    });
  }

  test("a line that is not UTF-8 is read as Windows-1252", () => {
    const line = Buffer.from([0x31, 0x2c, 0xe9, 0x2c, 0x33, 0x0a]);
    expect(through(Buffer.concat([line, Buffer.from("4,é,6\n")]))).toMatchObject({
      text: "1,é,3\n4,é,6\n",
      passed: 2,
      mended: 1,
    });
  });

  test("lone returns are line ends where they are the habit", () => {
    expect(through("1,2,3\r4,5\r", { loneReturns: true })).toMatchObject({
      text: "1,2,3\n4,5,\n",
      passed: 2,
    });
  });
});

describe("what is taken out", () => {
  test("text behind a closing quote costs that line", () => {
    const result = through('1,2,3\n4,"pedro"holanda,z\n7,8,9\n');
    expect(result.text).toBe("1,2,3\n7,8,9\n");
    expect(result.broken).toEqual([{ reason: "bad_quote", cells: ["4", '"pedro"holanda', "z"] }]);
  });

  test("a quote that never closes costs its own line, whatever follows", () => {
    const rest = Array.from({ length: 500 }, (_, n) => `${n},"b, b",c\n`).join("");
    for (const opening of ['x,"y,z\n', 'x,y,"\n']) {
      const result = through(`1,2,3\n${opening}${rest}`);
      expect(result).toMatchObject({ passed: 501, text: `1,2,3\n${rest}` });
      expect(result.broken).toHaveLength(1);
    }
  });

  test("a quote that never closes before a long stretch without quotes costs one line", () => {
    const rest = "abc,def,ghi\n".repeat(300_000);
    const result = through(`1,"2,3\n${rest}`);
    expect(result).toMatchObject({ passed: 300_000 });
    expect(result.broken).toHaveLength(1);
  });

  test("too many cells cost that line, and nothing of it is lost", () => {
    const result = through("1,2,3,4,5\n6,7,8\n");
    expect(result.text).toBe("6,7,8\n");
    expect(result.broken).toEqual([{ reason: "too_many_cells", cells: ["1", "2", "3,4,5"] }]);
  });

  test("a NUL byte costs that line", () => {
    const result = through("1,2\0,3\n4,5,6\n");
    expect(result.text).toBe("4,5,6\n");
    expect(result.broken.map(({ reason }) => reason)).toEqual(["nul_byte"]);
  });

  test("a line of five megabytes costs that line", () => {
    for (const last of ["\n4,5,6\n", ""]) {
      const result = through(`1,2,3\n1,${"x".repeat(5_000_000)},3${last}`, {}, 65_536);
      expect(result.broken.map(({ reason }) => reason)).toEqual(["line_too_long"]);
      expect(result.text).toBe(last === "" ? "1,2,3\n" : "1,2,3\n4,5,6\n");
    }
  });

  test("a line of 0xFF costs at most that line", () => {
    const result = through(Buffer.concat([Buffer.alloc(3000, 0xff), Buffer.from("\n4,5,6\n")]));
    expect(result.passed + result.broken.length).toBe(2);
    expect(result.text).toContain("4,5,6\n");
  });
});

describe("properties", () => {
  const cell = fc.stringMatching(/^[a-z0-9 ,"\n]{0,8}$/);
  const table = fc.array(fc.tuple(cell, cell, cell), {
    minLength: 1,
    maxLength: 40,
  });
  const csv = (rows: readonly (readonly string[])[]) =>
    rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")).join("\n");

  test("well-formed CSV passes byte for byte, cut into blocks anywhere", () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 50 }), (rows, size) => {
        const text = `${csv(rows)}\n`;
        expect(through(text, {}, size)).toMatchObject({
          text,
          passed: rows.length,
          mended: 0,
        });
      }),
    );
  });

  test("whatever comes in, what goes out is strict CSV with as many records as were counted", () => {
    const noise = fc.array(
      fc.constantFrom('"', ",", "\n", "\r\n", "\r", "a", " ", '""', "1,2,3\n", "\0", "é", ',"x"'),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(noise, fc.integer({ min: 1, max: 30 }), (parts, size) => {
        const input = parts.join("");
        const result = through(input, {}, size);
        const records: string[][] = parse(result.text, {
          record_delimiter: "\n",
        });
        expect(records).toHaveLength(result.passed);
        for (const record of records) expect(record).toHaveLength(3);
        // The same whatever the blocks.
        expect(through(input)).toEqual(result);
      }),
      { numRuns: 2_000 },
    );
  });

  test("one spoilt line costs no other line", () => {
    const line = fc.constantFrom('x"y",2,3', '"x,2,3', '1,"2"x,3', "1,2,3,4", "1,2\0,3", '1,2,"');
    fc.assert(
      fc.property(table, line, fc.nat(), (rows, spoilt, place) => {
        const flat = rows.map((row) => row.map((one) => one.replaceAll(/["\n,]/g, "_")));
        const lines = flat.map((row) => csv([row]));
        lines.splice(place % (lines.length + 1), 0, spoilt);
        const { passed, mended, broken } = through(`${lines.join("\n")}\n`);
        expect(passed - mended + broken.length).toBeGreaterThanOrEqual(rows.length);
        expect(passed + broken.length).toBe(rows.length + 1);
      }),
    );
  });
});
