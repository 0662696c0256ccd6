/** Rows counted in the bytes of a delivery, however these are cut. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRowCount } from "../../src/orders/row-count.ts";

function count(format: "csv" | "tsv" | "txt" | "jsonl", blocks: readonly string[]): number {
  const counter = createRowCount(format);
  for (const block of blocks) counter?.add(Buffer.from(block));
  return counter?.rows() ?? -1;
}

describe("rows", () => {
  test("a line break inside a cell ends no row", () => {
    expect(count("csv", ['phone,note\n62812,"a\nb ""c""\n"\n62813,\n'])).toBe(2);
    expect(count("tsv", ['phone\tnote\n62812\t"a\nb"\n'])).toBe(1);
  });

  test("a format without a header counts its first line, and its quotes are letters", () => {
    expect(count("txt", ['62812\n628"13\n62814\n'])).toBe(3);
    expect(count("jsonl", ['{"a":"\\""}\n{"a":"x"}\n'])).toBe(2);
  });

  test("the same however it is cut", () => {
    const text = 'phone,note\n62812,"a\n""b"\n62813,c\n62814,"d"\n';
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), text.length];
        const blocks = at.slice(1).map((end, index) => text.slice(at[index], end));
        expect(count("csv", blocks)).toBe(3);
      }),
    );
  });

  test("Parquet says nothing", () => expect(createRowCount("parquet")).toBeUndefined());
});
