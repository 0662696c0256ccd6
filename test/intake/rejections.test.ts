/** The words for what was rejected: the commonest first, and nobody's number or name in them. */
import { expect, test } from "vitest";
import { commonest, masked } from "../../src/intake/rejections.ts";

test.each([
  ["0812-0000-000x", "081*-****-****"],
  ["Budi Santoso", "Bud* *******"],
  ["+62 812 0000 0001", "+62 8** **** ****"],
  ["", ""],
  ["٠٨١٢٠٠٠٠", "٠٨١*****"],
  ["a\nb\0c\u202ed", "a b?c?*"],
  ["0812000000010812000000020812", "081*********************…"],
])("%j is shown as %j", (cell, shown) => {
  expect(masked(cell)).toBe(shown);
});

test("the three commonest, with an example each", () => {
  const rejections = new Map([
    ["empty", { lines: 2, example: "" }],
    ["foreign", { lines: 1, example: "+60100000000" }],
    ["no_digits", { lines: 7, example: "Budi" }],
    ["masked", { lines: 3, example: "0812****0001" }],
  ]);
  expect(commonest(rejections)).toBe(
    'no_digits 7 ("Bud*"), masked 3 ("081*********"), empty 2 ("")',
  );
});
