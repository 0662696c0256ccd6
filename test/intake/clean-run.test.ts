/**
 * The gate's fast path decides nothing: with and without it the same goes on, is counted and is taken out. The seed is
 * fixed so that a failure can be had again; `GATE_TEST_SEED=n` tries another.
 */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type CleanRuns, createCleanRuns, noCleanRuns } from "../../src/intake/clean-run.ts";
import { type BrokenRecord, createGate, type Shape } from "../../src/intake/records.ts";

const seed = Number(process.env.GATE_TEST_SEED ?? 20261120);
const lineBytesMost = 1_000_000;
const plain: Shape = {
  delimiter: ",",
  columns: 3,
  newline: "\n",
  loneReturns: false,
  skip: 0,
};

/** Pushes `input` in blocks of these sizes in turn; all that can be seen of it. */
function through(input: Buffer, shape: Shape, sizes: readonly number[], runs: CleanRuns) {
  const broken: BrokenRecord[] = [];
  const gate = createGate(shape, (record) => broken.push(record), runs);
  const out: Buffer[] = [];
  const keep = (pieces: readonly Buffer[]) => {
    for (const piece of pieces) out.push(Buffer.from(piece));
  };
  for (let at = 0, turn = 0; at < input.length; turn += 1) {
    const size = sizes[turn % sizes.length] as number;
    // A copy, so that nothing can rely on what follows a block.
    keep(gate.push(Uint8Array.from(input.subarray(at, at + size))));
    at += size;
  }
  keep(gate.end());
  return { text: Buffer.concat(out).toString("latin1"), tally: { ...gate.tally }, broken };
}

/** Compares with and without; how many records the fast path passed and where it stopped short of the data's end. */
function compare(input: Buffer, shape: Shape, sizes: readonly number[] = [1 << 20]) {
  const runs = createCleanRuns(shape, lineBytesMost);
  const seen = { passed: 0, stops: 0 };
  const watched: CleanRuns = {
    ...runs,
    pass: (at, end, isValid) => {
      const next = runs.pass(at, end, isValid);
      seen.passed += runs.passed();
      if (next > at && next < end) seen.stops += 1;
      return next;
    },
  };
  const fast = through(input, shape, sizes, watched);
  expect(fast).toEqual(through(input, shape, sizes, noCleanRuns()));
  return { ...fast, ...seen };
}

/** Where the fast path stops in a memory that holds `text`, with rubbish behind it. */
function stopIn(text: string, shape: Shape = plain, isValid = true): number {
  const runs = createCleanRuns(shape, lineBytesMost);
  const bytes = Buffer.from(text);
  const memory = runs.room(bytes.length);
  memory.fill('",\n', bytes.length, bytes.length + 64);
  bytes.copy(memory);
  return runs.pass(0, bytes.length, isValid);
}

// A tilde stands for 0 to 140 letters, so that what follows it comes to lie on every side of every edge of a block.
const clean: Record<string, string> = {
  "plain cells": "~a,b,c\n",
  "empty cells": "~,,\n",
  "an empty first cell": ",~,\n",
  "a delimiter inside quotes": '~,"a, b",c\n',
  "quotes around everything": '"~","b","c"\n',
  "quotes around nothing": '~,"",""\n',
  "doubled quotes": '~,"a ""b"" c",""""\n',
  "doubled quotes after a long stretch": '"~""~",,\n',
  "doubled quotes side by side": '~,"""""",""""""""\n',
  "a delimiter behind doubled quotes": '~,"a""b"",c",d\n',
  "line feeds inside quotes": '~,"a\n\nb",c\n',
  "a delimiter after a line feed inside quotes": '~,"a\n,b","\n"\n',
  "blanks in and around plain cells": "~, b ,c \n",
  "blanks just inside quotes": '~," b "," "\n',
  "letters beyond ASCII": '~é,"ス",é\n',
};
const doubtful: Record<string, string> = {
  "text behind a closing quote": '~,"a"b,c\n',
  "a blank behind a closing quote": '~,"a" ,c\n',
  "a blank before an opening quote": '~, "a",c\n',
  "a quote inside a plain cell": '~,a"b,c\n',
  "a quote at the end of a plain cell": '~,a",c\n',
  "text behind a quote that doubled ones precede": '~,"a""b"",c"d,\n',
  "a quote that never closes": '~,"b,c\n',
  "a return before the line feed": "~,b,c\r\n",
  "a return in a cell": "~,b\rb,c\n",
  "a NUL byte": "~,b\0,c\n",
  "a NUL byte inside quotes": '~,"b\0",c\n',
  "a cell too few": "~,b\n",
  "a cell too many": "~,b,c,d\n",
  "cells too few but for quoted delimiters": '~,"b,c"\n',
  "an empty line": "\n",
};

function fillers(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, n) => "x".repeat(from + n));
}

describe("passes to the end", () => {
  test.each(Object.entries(clean))("%s", (_, line) => {
    for (const filler of fillers(0, 141)) {
      const text = `1,2,3\n${line.replaceAll("~", filler)}4,5,6\n`;
      expect(stopIn(text), text).toBe(Buffer.byteLength(text));
    }
  });

  test("lists of one column", () => {
    const shape = { ...plain, columns: 1, delimiter: "\x01" };
    for (const text of ['a\n"b"\n""\n', "a,b\n".repeat(200), '"a\n\n\n"\n'.repeat(64)]) {
      expect(stopIn(text, shape), text).toBe(text.length);
    }
  });

  test("records that end where a block does", () => {
    for (const length of [32, 64, 128]) {
      const text = `${"x".repeat(length - 5)},"",\n`.replace('""', "yy").repeat(9);
      expect(text.length % 32).toBe(0);
      expect(stopIn(text)).toBe(text.length);
    }
  });

  test("records up to the longest that pass", () => {
    const line = (length: number) => `1,"${"x\n".repeat(10)}${"y".repeat(length - 25)}",\n`;
    expect(line(lineBytesMost)).toHaveLength(lineBytesMost + 1);
    for (const [length, isClean] of [
      [lineBytesMost, true],
      [lineBytesMost + 1, false],
    ] as const) {
      const text = `1,2,3\n${line(length)}4,5,6\n`;
      expect(stopIn(text)).toBe(isClean ? text.length : 6);
      compare(Buffer.from(text), plain, [1 << 20]);
    }
  });
});

describe("stops before", () => {
  test.each(Object.entries(doubtful))("%s", (_, line) => {
    for (const filler of fillers(0, 141)) {
      for (const before of ["", "1,2,3\n", '1,"2\n2",3\n'.repeat(20)]) {
        const text = `${before}${line.replaceAll("~", filler)}4,5,6\n`;
        expect(stopIn(text), text).toBe(before.length);
      }
    }
  });

  test("a last line without its end", () => {
    for (const filler of fillers(0, 141)) {
      for (const last of [`${filler},b,c`, `"${filler}",b,"c"`, `${filler},b,"c\n`, filler]) {
        expect(stopIn(`1,2,3\n${last}`), last).toBe(6);
      }
    }
  });

  test("letters beyond ASCII where not all of it is UTF-8", () => {
    for (const filler of fillers(0, 141)) {
      expect(stopIn(`1,2,3\n${filler}é,b,c\n`, plain, false), filler).toBe(6);
    }
  });
});

describe("with and without it the same goes on", () => {
  const lines = { ...clean, ...doubtful };
  test.each(Object.entries(lines))("%s, cut anywhere", (_, line) => {
    for (const filler of fillers(57, 65)) {
      for (const last of ["4,5,6\n", "4,5,6", '4,"5', ""]) {
        const text = `1,2,3\n${line.replaceAll("~", filler)}${last}`;
        for (const sizes of [[1 << 20], [64], [5], [6, 63, 1]]) {
          compare(Buffer.from(text), plain, sizes);
        }
      }
    }
  });

  /** Parts of a record: cells that are in order nearly always, and what breaks them. */
  const letters = fc.constantFrom("a", "0812", " ", "é", "ス", "x".repeat(30), "-");
  const word = fc.array(letters, { maxLength: 5 }).map((parts) => parts.join(""));
  const cellOf = (delimiter: string) => {
    const insides = fc.constantFrom('""', "\n", delimiter, " ", "b", "é", "y".repeat(61));
    return fc.oneof(
      { weight: 3, arbitrary: word },
      {
        weight: 2,
        arbitrary: fc.array(insides, { maxLength: 6 }).map((parts) => `"${parts.join("")}"`),
      },
    );
  };
  const spoilers = ['"', "\n", "\r", "\r\n", "\0", " ", "\xe9", '"\n', ' "', '" ', ",", ";", ""];

  const lists = fc
    .record({
      delimiter: fc.constantFrom(",", ";", "\t", "|", "\x01", " "),
      columns: fc.integer({ min: 1, max: 5 }),
      newline: fc.constantFrom("\n", "\n", "\n", "\n", "\r\n") as fc.Arbitrary<"\n" | "\r\n">,
      loneReturns: fc.integer({ max: 9, min: 0 }).map((dice) => dice === 0),
      skip: fc.constantFrom(0, 0, 0, 1, 2),
    })
    .chain((shape) => {
      const { delimiter, columns, newline } = shape;
      const good = fc
        .array(cellOf(delimiter), { minLength: columns, maxLength: columns })
        .map((cells) => Buffer.from(`${cells.join(delimiter)}${newline}`));
      const spoilt = fc
        .tuple(good, fc.nat(), fc.constantFrom(...spoilers, delimiter), fc.nat({ max: 2 }))
        .map(([line, place, what, gone]) => {
          const at = place % line.length;
          // Not as UTF-8: 0xE9 alone is what Windows-1252 has for é.
          const parts = [line.subarray(0, at), Buffer.from(what, "latin1")];
          return Buffer.concat([...parts, line.subarray(at + gone)]);
        });
      const noise = fc
        .array(fc.constantFrom(...spoilers, delimiter, "a"), { maxLength: 12 })
        .map((parts) => Buffer.from(parts.join(""), "latin1"));
      const line = fc.oneof(
        { weight: 12, arbitrary: good },
        { weight: 2, arbitrary: spoilt },
        { weight: 1, arbitrary: noise },
      );
      const many = fc.array(line, { maxLength: 40, size: "max" });
      return fc.tuple(fc.constant(shape), many.map(Buffer.concat));
    });
  const blocks = fc.oneof(
    fc.constant([1 << 20]),
    fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 }),
  );

  test(`lists that are mostly in order, of any shape, cut anywhere (seed ${seed})`, () => {
    const sum = { passed: 0, stops: 0, all: 0, broken: 0, mended: 0 };
    fc.assert(
      fc.property(lists, blocks, ([shape, input], sizes) => {
        const { passed, stops, tally } = compare(input, shape, sizes);
        sum.passed += passed;
        sum.stops += stops;
        sum.all += tally.passed;
        sum.mended += tally.mended;
        sum.broken += tally.broken;
      }),
      { numRuns: 3_000, seed },
    );
    // It saw enough of both: long runs, and doubts behind them.
    const about = JSON.stringify(sum);
    expect(sum.passed, about).toBeGreaterThan(sum.all / 4);
    expect(sum.stops, about).toBeGreaterThan(3_000);
    expect(sum.mended, about).toBeGreaterThan(1_000);
    expect(sum.broken, about).toBeGreaterThan(1_000);
  });

  test("a block that fills the memory to its last byte", () => {
    const size = createCleanRuns(plain, lineBytesMost).room(1).length - 1;
    const text = Buffer.from(`head,,\n${"1,2,3\n".repeat(500_000)}`.slice(0, size));
    for (const shorter of [0, 1, 63, 64, 65]) {
      compare(text.subarray(shorter), { ...plain, skip: 1 }, [size]);
    }
  });

  test("a list longer than the memory it began with", () => {
    const text = Buffer.from('1,"a ""b""\n c",3\n'.repeat(400_000));
    for (const sizes of [[text.length], [1 << 20], [100_000, 5_000_000]]) {
      expect(compare(text, plain, sizes).passed).toBe(400_000);
    }
  });
});

describe("where it does not help", () => {
  afterEach(() => void vi.unstubAllGlobals());

  test("a doubt is waited out twice as long each time, a clean record ends that", () => {
    const runs = createCleanRuns(plain, lineBytesMost);
    const memory = runs.room(100);
    memory.write("1,2,3\n1,2\n");
    const isTried = () => runs.pass(0, 6, true) > 0;
    const waitedAfter = (doubts: number) => {
      for (let n = 0; n < doubts; n += 1) runs.pass(6, 10, true);
      let waited = 0;
      while (!isTried()) waited += 1;
      return waited;
    };
    expect(isTried()).toBe(true);
    // Tried at the first, third, seventh, …, 255th, then at every 256th.
    expect([1, 2, 3, 6, 7, 100, 255, 1_000].map(waitedAfter)).toEqual([1, 0, 3, 0, 7, 26, 255, 22]);
    expect(isTried()).toBe(true);
  });

  test("clean records after a thousand others pass by it again", () => {
    const text = Buffer.from(`${"1,2\n".repeat(1_000)}${"1,2,3\n".repeat(1_000)}`);
    const { passed, tally } = compare(text, plain);
    expect(tally).toMatchObject({ passed: 2_000, mended: 1_000 });
    expect(passed).toBeGreaterThan(700);
  });

  test("CRLF, lone returns and cells cut at blanks are none of its business", () => {
    const text = Buffer.from("1,2,3\n".repeat(10));
    for (const odd of [{ newline: "\r\n" }, { loneReturns: true }, { delimiter: " " }] as const) {
      expect(compare(text, { ...plain, ...odd }).passed).toBe(0);
    }
  });

  test("without memory for it everything passes the slow way", () => {
    const { Module } = (globalThis as unknown as { WebAssembly: { Module: unknown } }).WebAssembly;
    class Instance {
      constructor() {
        throw new RangeError("WebAssembly.Instance(): Out of memory");
      }
    }
    vi.stubGlobal("WebAssembly", { Module, Instance });
    expect(compare(Buffer.from("1,2,3\n".repeat(10)), plain)).toMatchObject({
      tally: { passed: 10, mended: 0 },
      passed: 0,
    });
  });
});
