/** `--safe-cells`: nothing of a delivery is a formula to a spreadsheet, and every export is the same. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { expect, test } from "vitest";
import { createWorkdir } from "../workdir.ts";

const cells = [
  '=HYPERLINK(""http://example.org"")',
  "+1+1",
  "-2+3",
  "@SUM(1)",
  "\ttab",
  "\rreturn",
  "\nfeed",
  "＝1",
  "plain",
  "a=b",
  " =blank first",
  "'quoted",
  "",
];

test("cells and titles get an apostrophe where they need one, and nothing else changes", async () => {
  const dir = createWorkdir();
  const rows = cells.map(
    (cell, index) => `0812${String(index + 1).padStart(8, "0")},"${cell}",Budi\n`,
  );
  dir.write("a.csv", `phone,=note,name\n${rows.join("")}`);
  await dir.ok(["ingest", "a.csv"]);
  const order = ["order", "--provider", "tsel", "--count", String(cells.length), "--safe-cells"];
  const { order_id } = await dir.json([...order, "--phone-format", "e164", "-o", "o.csv"]);
  const written = readFileSync(dir.path("o.csv"), "utf8");
  const [head, ...delivered] = parse(written) as string[][];
  expect(head).toEqual(["phone", "'=note", "name"]);
  const plain = cells.map((cell) => cell.replaceAll('""', '"'));
  expect(delivered.map(([, cell]) => cell)).toEqual(
    plain.map((cell, index) => (index < 8 ? `'${cell}` : cell)),
  );
  // The phone is a number and no formula: it stays what was asked for.
  expect(delivered.map(([phone]) => phone)).toContain("+6281200000001");
  await dir.ok(["order", "export", order_id, "-o", "again.csv"]);
  expect(readFileSync(dir.path("again.csv"), "utf8")).toBe(written);
  expect((await dir.json(["order", "show", order_id])).criteria.safe_cells).toBe(true);
  await dir.checkPromises();
});

test("a key is for one layout, and other formats are refused", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", "phone,note\n081200000001,=1\n081200000002,=2\n");
  await dir.ok(["ingest", "a.csv"]);
  const order = ["order", "--provider", "tsel", "--count", "1", "-o", "o.tsv", "--key", "k"];
  await dir.ok([...order, "--safe-cells"]);
  expect(readFileSync(dir.path("o.tsv"), "utf8")).toMatch(/\t'=\d/);
  expect(await dir.run(order)).toMatchObject({ code: 2 });
  const jsonl = await dir.run([...order.slice(0, 5), "--format", "jsonl", "--safe-cells"]);
  expect(jsonl).toMatchObject({ code: 2 });
  expect(jsonl.stderr).toMatch(/--safe-cells: .* csv and tsv/);
  await dir.checkPromises();
});
