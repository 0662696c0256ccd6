import { expect, test } from "vitest";
import { hintFor, nearest } from "../src/nearest.ts";

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
