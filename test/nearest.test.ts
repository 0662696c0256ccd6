import { expect, test } from "vitest";
import { nearest } from "../src/nearest.ts";

test("the nearest words first, whatever their case, and no more than asked for", () => {
  const known = ["Gamma", "Acme", "Beta", "acne"];
  expect(nearest("ACME", known, 2)).toEqual(["Acme", "acne"]);
  expect(nearest("gama", known, 1)).toEqual(["Gamma"]);
  expect(nearest("anything", [])).toEqual([]);
  expect(nearest("x".repeat(1_000_000), known)).toHaveLength(3);
});
