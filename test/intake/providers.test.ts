/** The tables as data: lookup by the longest prefix, the words of `--provider`, a home's own rows, the SQL table. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, listValue } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Numbering } from "../../src/configuration.ts";
import { UserError } from "../../src/errors.ts";
import { loadProviders } from "../../src/intake/providers.ts";

let home = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "numbers-providers-"));
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

const load = (numbering: Partial<Numbering> = {}) =>
  loadProviders({ home, numbering: { prefixes: [], synonyms: [], ...numbering } });

function writeTable(name: string, lines: readonly string[]): string {
  mkdirSync(join(home, "numbering"), { recursive: true });
  const file = join(home, "numbering", name);
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

function messageFrom(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).exitCode).toBe(2);
    return (error as UserError).message;
  }
  throw new Error("nothing was thrown");
}

test("the packaged tables know the providers in the table's order, and other", () => {
  const wanted = ["tsel", "isat", "xl", "net1", "axis", "psn", "sf", "tri", "byu", "other"];
  expect(load().codes).toEqual(wanted);
});

test.each([
  ["6281234567890", "tsel"],
  ["62811123456", "tsel"],
  ["6285123456789", "tsel"],
  ["6285712345678", "isat"],
  ["6287812345678", "xl"],
  ["6283812345678", "axis"],
  ["6288412345678", "sf"],
  ["6289512345678", "tri"],
  ["6282812345678", "net1"],
  ["6286812345678", "psn"],
  ["6281012345678", "other"],
  ["6287012345678", "other"],
])("codeOf %s is %s", (phone, code) => {
  expect(load().codeOf(phone)).toBe(code);
});

test.each([
  ["tsel", ["tsel"]],
  ["TSEL", ["tsel"]],
  ["Telkomsel", ["tsel"]],
  ["Kartu Halo", ["tsel"]],
  ["kartu-halo", ["tsel"]],
  ["by.U", ["byu"]],
  ["IM3", ["isat"]],
  ["Three", ["tri"]],
  ["3", ["tri"]],
  ["smart", ["sf"]],
  ["ioh", ["isat", "tri"]],
  ["Indosat Ooredoo Hutchison", ["isat", "tri"]],
  ["indosat", ["isat"]],
  ["XLSmart", ["xl", "axis", "sf"]],
  ["xl-smart", ["xl", "axis", "sf"]],
  ["axis,xlsmart", ["axis", "xl", "sf"]],
  [" tri , tsel,,tri ", ["tri", "tsel"]],
  ["other", ["other"]],
])("expand %j", (text, codes) => {
  expect(load().expand(text)).toEqual(codes);
});

test("an unknown provider is named, with the nearest word and the list", () => {
  const message = messageFrom(() => load().expand("tsel,telkomsell"));
  expect(message).toContain('Unknown provider "telkomsell". Did you mean "telkomsel"?');
  expect(message).toContain("isat (indosat, indosat ooredoo), xl (");
  expect(message).toContain(", ioh = isat,tri, ");
  expect(message).toContain(", xlsmart = xl,axis,sf");
  // A message is one line: a line break would be printed as \x0a.
  expect(message).not.toContain("\n");
});

test.each(["zzzzzzzzzz", "...", "%", "x".repeat(1_000_000)])("no guess for %.20s", (text) => {
  expect(messageFrom(() => load().expand(text))).not.toContain("Did you mean");
});

test.each(["", " , "])("an empty list is refused: %j", (text) => {
  expect(messageFrom(() => load().expand(text))).toContain("No provider named");
});

test("a home's rows override by prefix and synonym, and add codes", () => {
  writeTable("providers.csv", [
    "prefix,operator,brand,code",
    "85155,Telkomsel,by.U,byu",
    "870,New Operator,New,new1",
    "8701,New Operator,Newer,new2",
    "828,,,other",
  ]);
  writeTable("synonyms.csv", [
    "synonym,code,note",
    "as,axis,",
    "newco,new1,company level",
    "merah,tsel,",
  ]);
  const providers = load();
  expect(providers.codeOf("6285155123456")).toBe("byu");
  expect(providers.codeOf("6285154123456")).toBe("tsel");
  expect(providers.codeOf("6287022345678")).toBe("new1");
  expect(providers.codeOf("6287011345678")).toBe("new2");
  expect(providers.codeOf("6282812345678")).toBe("other");
  expect(providers.expand("AS,newco,merah")).toEqual(["axis", "new1", "new2", "tsel"]);
  expect(providers.codes.at(-1)).toBe("other");
});

test.each([
  ["providers.csv", ["prefix,code", "0812,tsel"], ':2: prefix "0812"'],
  ["providers.csv", ["prefix,code", "812,tsel", "81,tsel"], ':3: prefix "81"'],
  ["providers.csv", ["prefix,code", "812,../tsel"], ':2: code "../tsel"'],
  ["providers.csv", ["prefix,code", "812"], ':2: code ""'],
  ["providers.csv", ["prefix,code", "812,tsel,more"], ':2: "812,tsel,more" has 3 values'],
  ["providers.csv", ["prefix;code", "812;tsel"], ':1: no column "prefix", "code"'],
  ["providers.csv", ["prefix,code", '"812,tsel'], "Cannot read the provider table"],
  ["synonyms.csv", ["synonym,code", "merah,nobody"], ':2: code "nobody"'],
  ["synonyms.csv", ["synonym,code", "..,tsel"], ':2: synonym ".."'],
])("a malformed row of %s is named: %j", (name, lines, wanted) => {
  const file = writeTable(name, lines);
  const message = messageFrom(() => load());
  expect(message).toContain(wanted);
  expect(message).toContain(file);
});

test.each([
  [100, undefined],
  [10, ["8591,axis"]],
  [1, ["85155,byu", "8591,axis"]],
])(
  "the engine's list of providers, %d prefixes an entry, and codeOf agree on every five-digit prefix",
  async (width, own) => {
    if (own) writeTable("providers.csv", ["prefix,code", ...own]);
    const providers = load();
    const sql = (name: string) =>
      readFileSync(new URL(`../../sql/duckdb/${name}.sql`, import.meta.url), "utf8");
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    try {
      await connection.run(sql("set_providers"), {
        prefixes: listValue([...providers.prefixes.keys()]),
        codes: listValue([...providers.prefixes.values()]),
        width: BigInt(width),
      });
      await connection.run(sql("prefix5_of"));
      await connection.run(sql("place_of").replaceAll("{{width}}", String(width)));
      await connection.run(sql("provider_of"));
      for (const rest of ["0000", "99999", "123456", "9999999"]) {
        const result = await connection.runAndReadAll(
          "select range, prefix5_of(phone), provider_of(phone) " +
            "from (select range, cast('62' || range || $rest as bigint) as phone from range(80000, 90000)) order by range",
          { rest },
        );
        const rows = result.getRows();
        expect(rows).toHaveLength(10_000);
        for (const [digits, prefix5, code] of rows) {
          expect(prefix5).toBe(digits);
          expect(code).toBe(providers.codeOf(`62${digits}${rest}`));
        }
      }
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  },
);

test("what is no file is no table: a pipe would be waited for", () => {
  mkdirSync(join(home, "numbering", "providers.csv"), { recursive: true });
  expect(messageFrom(load)).toMatch(
    /providers\.csv is no file; it has to be a table, or not there/,
  );
});
