/** Searching the pool and the imports: the right ones, each once, whatever the pattern has in it. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorkdir, filesBelow, list, type Workdir } from "../workdir.ts";

type Document = {
  numbers: { phone: string; import_id: string; category: string | null }[];
  numbers_total: number;
  imports: { import_id: string; path: string; category: string | null }[];
  imports_total: number;
};

const hour = (hour: number) => ({ now: `2026-11-20T${String(hour).padStart(2, "0")}:00:00+07:00` });

describe("a pool of several lists", () => {
  let dir: Workdir;
  const search = (pattern: string): Promise<Document> => dir.json(["search", pattern]);
  const paths = async (pattern: string) => (await search(pattern)).imports.map(({ path }) => path);

  beforeAll(async () => {
    dir = createWorkdir((remove) => afterAll(remove));
    dir.write("lists/tsel.csv", list("812", 30));
    dir.write("isat_100%.csv", list("815", 5));
    dir.write(
      "kinds.csv",
      "phone,kind\n081200000001,Pinjaman Kilat\n081200000002,\n0817 0000 0003 / 0817 0000 0004,mobil\n",
    );
    await dir.ok(["ingest", "lists/tsel.csv", "--source", 'O\'Brien "& Co"'], hour(6));
    await dir.ok(["ingest", "isat_100%.csv", "--category", "Tele_shop"], hour(7));
    const byColumn = ["--category-column", "kind", "--category", "rest"];
    await dir.ok(["ingest", "kinds.csv", ...byColumn], hour(8));
    await dir.checkPromises();
  });

  test("a number by its beginning in any form, newest import first", async () => {
    const forms = ["0812 0000 0001", "+62 812-0000-0001", "6281200000001", "081200000001"];
    for (const form of forms) {
      const found = await search(form);
      expect(found).toMatchObject({
        page: 1,
        limit: 20,
        pattern: form,
        numbers_total: 2,
        imports: [],
        imports_total: 0,
      });
      expect(found.numbers).toMatchObject([
        { phone: "6281200000001", provider: "tsel", date: "2026-11-20", source: null },
        { phone: "6281200000001", category: null, source: 'O\'Brien "& Co"' },
      ]);
      expect(found.numbers[0]?.category).toBe("Pinjaman Kilat");
    }
    expect((await search("0812 0000 0002")).numbers[0]?.category).toBe("rest");
    expect(
      (await search("08170000")).numbers.map(({ phone, category }) => [phone, category]),
    ).toEqual([
      ["6281700000003", "mobil"],
      ["6281700000004", "mobil"],
    ]);
  });

  test("a number by any part of it", async () => {
    expect((await search("00003")).numbers.map(({ phone }) => phone)).toEqual([
      "6281700000003",
      "6281500000003",
      "6281200000003",
      "6281200000030",
    ]);
    // As a beginning only the numbers of that prefix; in the middle anywhere.
    expect((await search("0815")).numbers_total).toBe(5);
    expect((await search("815")).numbers_total).toBe(5);
    expect((await search("0999")).numbers_total).toBe(0);
    expect((await search("12")).numbers_total).toBe(0);
  });

  test("imports by category, source, file name and id, whatever the case", async () => {
    expect(await paths("tele_SHOP")).toEqual(["isat_100%.csv"]);
    expect(await paths("KILAT")).toEqual(["kinds.csv"]);
    expect(await paths("rest")).toEqual(["kinds.csv"]);
    expect(await paths("o'brien")).toEqual(["lists/tsel.csv"]);
    expect(await paths(".CSV")).toEqual(["kinds.csv", "isat_100%.csv", "lists/tsel.csv"]);
    // The folder is no part of a file's name.
    expect(await paths("lists")).toEqual([]);
    const [kinds] = (await search("pinjaman")).imports;
    expect(kinds).toMatchObject({ category: "Pinjaman Kilat", numbers: 4, date: "2026-11-20" });
    expect(await paths(kinds?.import_id.slice(3) ?? "")).toEqual(["kinds.csv"]);
  });

  test("quotes, percent, underscore and SQL are ordinary characters", async () => {
    expect(await paths("%")).toEqual(["isat_100%.csv"]);
    expect(await paths("_")).toEqual(["isat_100%.csv"]);
    expect(await paths('"& Co"')).toEqual(["lists/tsel.csv"]);
    const nothing = [
      "%%",
      "____",
      "' or 1=1 --",
      "'; drop table imports; --",
      '"; select 1',
      "\\",
      "$text",
      "{{cell}}",
      "[a-z]",
      "*",
      "081%",
    ];
    for (const pattern of nothing) {
      expect(await search(pattern)).toMatchObject({ numbers_total: 0, imports_total: 0 });
    }
    await dir.checkPromises();
  });

  test("nothing found: exit 0, a line on stderr that does not repeat the pattern", async () => {
    const outcome = await dir.ok(["search", "081299999999"]);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr).toMatch(/nothing found/);
    expect(outcome.stderr).not.toContain("0812");
  });

  test("in words: two tables, and which page it is", async () => {
    const { stdout, stderr } = await dir.ok(["search", "0812", "--limit", "10", "--page", "2"]);
    expect(stdout).toMatch(/phone +provider +day +import +category +source\n6281200000009 +tsel/);
    expect(stdout.trim().split("\n")).toHaveLength(11);
    expect(stderr).toMatch(/32 numbers and 0 imports: page 2 of 4/);
    const files = await dir.ok(["search", "kinds"]);
    expect(files.stdout).toMatch(/import +day +numbers +category +source +file\n.* 4 +rest +kinds/);
    expect((await dir.ok(["search", "0812", "--page", "9"])).stderr).toMatch(/page 2 is the last/);
  });

  test("what is wrong is told with what is accepted", async () => {
    const refusals: [string[], RegExp][] = [
      [[""], /pattern is empty/],
      [["  "], /pattern is empty/],
      [["0812", "--limit", "0"], /--limit: "0"/],
      [["0812", "--limit", "1001"], /--limit: "1001".*1 to 1000/],
      [["0812", "--page", "0"], /--page: "0"/],
      [["0812", "--page", "-1"], /--page: "-1"/],
      [[], /pattern/],
    ];
    for (const [args, message] of refusals) {
      const outcome = await dir.run(["search", ...args]);
      expect(outcome.stderr).toMatch(message);
      expect(outcome).toMatchObject({ code: 2, stdout: "" });
    }
  });
});

test("an empty home has nothing", async () => {
  const dir = createWorkdir();
  expect(await dir.json(["search", "0812"])).toMatchObject({ numbers_total: 0, imports_total: 0 });
});

test("over all pages every number and every import is there once, in one order", async () => {
  const dir = createWorkdir();
  // Several lists of one instant, of two providers, the same phones again and again within and among them.
  for (let n = 0; n < 4; n += 1) {
    const twice = list("812", 3, { from: 5 }).split("\n").slice(1).join("\n");
    const others = list("815", 4, { from: 1 + n })
      .split("\n")
      .slice(1)
      .join("\n");
    dir.write(`628-${n}.csv`, `${list("812", 9, { from: 1 + n })}${twice}${others}`);
  }
  await dir.ok(["ingest", "628-0.csv", "628-1.csv", "628-2.csv", "628-3.csv"]);
  const expected = await dir.query(
    "select import_id, phone from raw_numbers join imports using (import_id) order by sequence desc, phone",
  );
  expect(expected).toHaveLength(64);
  for (const limit of [9, 64, 100]) {
    const pages: Document[] = [];
    for (let page = 1; pages.at(-1)?.numbers.length !== 0; page += 1) {
      pages.push(
        await dir.json(["search", "628", "--limit", String(limit), "--page", String(page)]),
      );
      expect(pages.at(-1)).toMatchObject({ numbers_total: 64, imports_total: 4, page, limit });
    }
    expect(pages).toHaveLength(Math.ceil(64 / limit) + 1);
    const numbers = pages.flatMap((page) => page.numbers);
    expect(numbers.map(({ import_id, phone }) => ({ import_id, phone }))).toEqual(expected);
    const files = pages.flatMap((page) => page.imports.map(({ path }) => path));
    expect(files).toEqual(["628-3.csv", "628-2.csv", "628-1.csv", "628-0.csv"]);
  }
  await dir.checkPromises();
});

test("a pool file that is gone is a broken promise, not a smaller pool", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 5));
  await dir.ok(["ingest", "a.csv"]);
  for (const path of filesBelow(`${dir.home}/pool`)) rmSync(path);
  const outcome = await dir.run(["search", "0812"]);
  expect(outcome).toMatchObject({ code: 5, stdout: "" });
  expect(outcome.stderr).toMatch(/missing.*doctor/);
  // The catalog alone answers what does not need the pool.
  expect(await dir.json(["search", "a.csv"])).toMatchObject({ imports_total: 1 });
});

test("beside an order, and changes nothing", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 5));
  await dir.ok(["ingest", "a.csv"]);
  const both = await Promise.all([
    dir.json(["search", "0812"]),
    dir.json(["order", "--provider", "tsel", "--count", "2", "-o", "o.csv"]),
    dir.json(["search", "0812"]),
  ]);
  expect(both).toMatchObject([{ numbers_total: 5 }, { numbers: 2 }, { numbers_total: 5 }]);
  await dir.checkPromises();
});
