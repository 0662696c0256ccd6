import { expect, test } from "vitest";
import { didYouMean, editDistance, hintFor, nearest, unknownWord } from "../src/nearest.ts";

test("the nearest names come first, whatever their case; what is nothing alike is left out", () => {
  expect(nearest("ACNE", ["Zebra", "Acne Inc", "Acme", "acne"])).toEqual(["acne", "Acme"]);
  expect(nearest("x", [])).toEqual([]);
  expect(nearest("x".repeat(100_000), ["Acme"])).toEqual([]);
});

test("the hint names the nearest, else some of the known", () => {
  expect(hintFor("acm", ["Acme", "Zebra"])).toBe('Did you mean "Acme"?');
  expect(hintFor("quite another", ["A", "B"])).toBe("Known are A, B.");
  expect(hintFor("quite another", ["A", "B", "C", "D", "E", "F", "G"])).toBe(
    "Known are A, B, C, D, E and 2 more.",
  );
  expect(hintFor("acm", [])).toBe("None is known yet.");
});

test("two neighbours that changed places are one edit", () => {
  expect(editDistance("cvs", "csv")).toBe(1);
  expect(editDistance("iast", "isat")).toBe(1);
  expect(editDistance("ab", "ba")).toBe(1);
  expect(editDistance("", "ab")).toBe(2);
  expect(editDistance("kitten", "sitting")).toBe(3);
});

test("a value that is none of a few is told the nearest, and all of them", () => {
  expect(unknownWord("--format", "cvs", ["csv", "tsv", "txt"])).toBe(
    '--format: "cvs" is unknown. Did you mean "csv"? Write csv, tsv or txt',
  );
  expect(unknownWord("--status", "no", ["active", "suspended"])).toBe(
    '--status: "no" is unknown. Write active or suspended',
  );
  expect(didYouMean("no", ["active"])).toBe("");
});
