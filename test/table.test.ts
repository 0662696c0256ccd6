/** Tables: as wide as what they are for, and never without the digits of an id or a phone. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fitOf, table } from "../src/table.ts";
import { widthOf } from "../src/text.ts";

const head = ["order", "provider", "numbers", "customer", "output"];
const rows = [
  ["20261120-xxg4xnxm", "tsel", "100,000", "Toko Sumber Rejeki", "/srv/out/telkomsel.csv"],
  ["20261120-kzwq5g7t", "isat", "1,000", "", "-"],
];
const inColumns = (columns: number) => ({ columns, more: "…" });

test("where there is no terminal nothing is cut", () => {
  expect(table(head, rows).split("\n")).toEqual([
    "            order  provider  numbers  customer            output",
    "20261120-xxg4xnxm  tsel      100,000  Toko Sumber Rejeki  /srv/out/telkomsel.csv",
    "20261120-kzwq5g7t  isat        1,000                      -",
  ]);
  expect(fitOf({ isTTY: false, columns: 40 }, {})).toBeUndefined();
});

test("the widest columns of words are cut first, a path at its beginning", () => {
  expect(table(head, rows, inColumns(72)).split("\n")).toEqual([
    "            order  provider  numbers  customer          output",
    "20261120-xxg4xnxm  tsel      100,000  Toko Sumber Rej…  …t/telkomsel.csv",
    "20261120-kzwq5g7t  isat        1,000                    -",
  ]);
});

test("a column that is spare is left out before words are cut to little", () => {
  expect(table(head, rows, inColumns(58), "output").split("\n")).toEqual([
    "            order  provider  numbers  customer",
    "20261120-xxg4xnxm  tsel      100,000  Toko Sumber Rejeki",
    "20261120-kzwq5g7t  isat        1,000",
  ]);
  expect(table(head, rows, inColumns(72), "output")).toBe(table(head, rows, inColumns(72)));
  expect(table(head, rows, undefined, "output")).toContain("output");
});

test("titles are broken into lines before words are cut to little", () => {
  const titles = ["provider", "pool", "left in 3d", "sold a day"];
  const lines = [
    ["tsel (synthetic)", "1,000", "900", "7"],
    ["tsel", "20", "10", "-"],
  ];
  expect(table(titles, lines, inColumns(36)).split("\n")).toEqual([
    "                         left  sold",
    "                           in     a",
    "provider           pool    3d   day",
    "tsel (synthetic)  1,000   900     7",
    "tsel                 20    10     -",
  ]);
});

test("a column of nothing is left out where there is a terminal", () => {
  const without = rows.map(([order = "", provider = ""]) => [order, provider, ""]);
  const titles = ["order", "provider", "customer"];
  expect(table(titles, without, inColumns(80)).split("\n")).toEqual([
    "            order  provider",
    "20261120-xxg4xnxm  tsel",
    "20261120-kzwq5g7t  isat",
  ]);
  expect(table(titles, without)).toContain("customer");
});

test("what is still too wide becomes a record for each row, without a cut", () => {
  expect(table(head, rows, inColumns(40)).split("\n")).toEqual([
    "order     20261120-xxg4xnxm",
    "provider  tsel",
    "numbers   100,000",
    "customer  Toko Sumber Rejeki",
    "output    /srv/out/telkomsel.csv",
    "",
    "order     20261120-kzwq5g7t",
    "provider  isat",
    "numbers   1,000",
    "output    -",
  ]);
});

test("a letter of Chinese takes two columns, an accent of its own none", () => {
  expect(
    table(
      ["name", "n"],
      [
        ["漢字", "1"],
        ["cafe\u0301", "2"],
        ["🙂🙂", "3"],
      ],
    ).split("\n"),
  ).toEqual(["name  n", "漢字  1", "cafe\u0301  2", "🙂🙂  3"]);
});

test("a locale of ASCII cuts in ASCII", () => {
  const stdout = { isTTY: true, columns: 20 };
  expect(fitOf(stdout, { LANG: "C" })?.more).toBe("...");
  expect(fitOf(stdout, { LANG: "C", LC_ALL: "C.UTF-8" })?.more).toBe("…");
  expect(fitOf(stdout, {})?.more).toBe("…");
});

test("whatever is in it, no line is wider than the terminal unless each cell has its own line", () => {
  const cell = fc.oneof(fc.string({ unit: "grapheme", maxLength: 30 }), fc.nat().map(String));
  const grid = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(grid, fc.integer({ min: 10, max: 80 }), (cells, columns) => {
      const text = table(["first", "second", "third"], cells, inColumns(columns));
      for (const one of cells.flat()) if (/^\d+$/.test(one)) expect(text).toContain(one);
      const isTable = /^ *first +second +third/.test(text);
      const widest = Math.max(...text.split("\n").map(widthOf));
      expect(isTable && widest > columns).toBe(false);
    }),
  );
});
