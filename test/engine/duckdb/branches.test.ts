/** In how many scans an order's rows are read, and that their order does not depend on it. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { branchesOf, type Picked } from "../../../src/engine/duckdb/branches.ts";
import { createWorkdir, phonesOf } from "../../workdir.ts";

const piece = (file: string, first: number, last: number, more: Partial<Picked> = {}): Picked => ({
  ...{
    file,
    columns: ["phone", "name"],
    phoneColumn: "phone",
    fileNo: 0,
    firstRow: 0,
    first,
    last,
  },
  ...more,
});

/** As `a,b 0-9 | c 0-4`: the files of each branch, and its rows. */
const shown = (picked: readonly Picked[]) =>
  branchesOf(picked)
    .map(({ files, rows }) => {
      const names = files.map((pieces) => pieces.map(({ file }) => file).join("+"));
      return `${names.join(",")} ${rows.first}-${rows.last}`;
    })
    .join(" | ");

const other = { columns: ["phone", "city"] };

test.each([
  ["nothing", [], ""],
  ["one file", [piece("a", 5, 9)], "a 5-9"],
  ["small files of the same columns", [piece("a", 5, 9), piece("b", 0, 3)], "a,b 0-9"],
  ["other columns", [piece("a", 5, 9), piece("b", 0, 3, other)], "a 5-9 | b 0-3"],
  [
    "the phone in another column",
    [piece("a", 5, 9), piece("b", 0, 3, { phoneColumn: "name" })],
    "a 5-9 | b 0-3",
  ],
  [
    "pool files that share a file",
    [piece("a", 0, 4), piece("a", 0, 4, { firstRow: 5 }), piece("b", 0, 3)],
    "a+a,b 0-9",
  ],
  [
    "a file again, before or after another",
    [piece("a", 0, 4, { firstRow: 5 }), piece("a", 0, 4), piece("b", 0, 3), piece("a", 20, 24)],
    "a 5-9 | a,b 0-4 | a 20-24",
  ],
  ["large files", [piece("a", 0, 999_999), piece("b", 0, 1_000_000)], "a 0-999999 | b 0-1000000"],
  ["files that are just small enough", [piece("a", 0, 999_999), piece("b", 0, 9)], "a,b 0-999999"],
  [
    "a large file between small ones",
    [piece("a", 0, 9), piece("b", 0, 3_999_999), piece("c", 0, 9), piece("d", 0, 9)],
    "a 0-9 | b 0-3999999 | c,d 0-9",
  ],
])("%s", (_name, picked, expected) => {
  expect(shown(picked)).toBe(expected);
});

test("thousands of small files are few scans", () => {
  const many = Array.from({ length: 5_000 }, (_, n) => piece(`f${n}`, 0, 2_999));
  expect(branchesOf(many).map(({ files }) => files.length)).toEqual([
    ...Array.from({ length: 7 }, () => 666),
    338,
  ]);
});

test("many small lists are delivered newest first, each in its own order, however they are read", async () => {
  const dir = createWorkdir();
  const lists = Array.from({ length: 14 }, (_, n) => {
    // Two kinds of lists in runs of different lengths, some longer than a vector of the engine's.
    const columns = n % 5 === 3 || n === 7 ? "phone,city" : "phone,name";
    const phones = Array.from(
      { length: n % 4 === 1 ? 2_500 : 40 + n },
      (_row, row) => `0812${String(n * 10_000 + 1 + ((row * 7919) % 9_973)).padStart(8, "0")}`,
    );
    return { columns, phones };
  });
  for (const [n, { columns, phones }] of lists.entries()) {
    dir.write(
      `${n}.csv`,
      `${columns}\n${phones.map((phone) => `${phone},x${phone}`).join("\n")}\n`,
    );
    await dir.ok(["ingest", `${n}.csv`]);
  }
  const expected = lists.toReversed().flatMap(({ phones }) => phones);
  const count = String(expected.length - 20);
  const order = ["order", "--provider", "tsel", "--count", count, "--columns", "phone,name,city"];
  const first = await dir.json([...order, "--phone-format", "national", "-o", "first.csv"]);
  const delivered = readFileSync(dir.path("first.csv"), "utf8");
  // The oldest list is taken from its end.
  const taken = [...expected.slice(0, -40), ...expected.slice(-20)];
  expect(phonesOf(delivered)).toEqual(taken);
  for (const line of delivered.trimEnd().split("\n").slice(1)) {
    const [phone, name, city] = line.split(",");
    expect(name || city).toBe(`x${phone}`);
  }
  const id = String(first.order_id);
  for (const threads of ["1", "3"]) {
    const again = ["order", "export", id, "-o", `again-${threads}.csv`, "--threads", threads];
    expect(await dir.json(again)).toMatchObject({ sha256: first.sha256 });
  }
  await dir.ok(["compact"]);
  expect(await dir.json(["order", "export", id, "-o", "compacted.csv"])).toMatchObject({
    sha256: first.sha256,
  });
  const split = await dir.json([
    ...order.slice(0, 3),
    "--count",
    "20",
    "--split",
    "7",
    "-o",
    "p.csv",
  ]);
  expect(split.numbers).toBe(20);
  const parts = readdirSync(dir.folder)
    .filter((name) => /^p-\d+\.csv$/.test(name))
    .sort();
  const rest = parts.flatMap((name) => phonesOf(readFileSync(dir.path(name), "utf8")));
  expect(rest.map((phone) => phone.replace(/^62/, "0"))).toEqual(expected.slice(-40, -20));
  await dir.ok(["doctor"]);
});
