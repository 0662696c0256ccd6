/** docs/architecture.md, "On disk": a home in which much has happened has the files, tables and columns that the page names. */
import { expect, test } from "vitest";
import { createWorkdir, filesBelow, list } from "../workdir.ts";
import { blocksOf, readPage } from "./pages.ts";

const page = "docs/architecture.md";

test("files, columns, tables and views are as told", async () => {
  const dir = createWorkdir();
  dir.write("list.csv", `${list("812", 300)}broken,x,y\n`);
  dir.write("history.csv", list("813", 5));
  await dir.ok(["ingest", "list.csv", "--source", "Sumber", "--category", "retail"]);
  await dir.ok(["order", "--provider", "tsel", "--count", "20", "-o", "sold.csv"]);
  await dir.ok(["blacklist", "import", "history.csv", "--kind", "sold", "--at", "2026-11-01"]);
  await dir.ok(["erase", "081200000001", "--reason", "test"]);
  await dir.ok(["doctor", "--rebuild"]);
  await dir.ok(["backup", "backup"]);

  const [block] = blocksOf(page).filter(({ section }) => section === "On disk");
  const told = (block?.lines ?? []).flatMap((line) => {
    const [names = ""] = line.split(/ {2,}/);
    const [first = "", ...others] = names.split(", ");
    // What follows a comma lies beside the first, or has a place of its own.
    const beside = first.includes("/") ? first.replace(/[^/]*$/, "") : "";
    return [first, ...others.map((name) => (name.includes("/") ? name : `${beside}${name}`))];
  });
  const files = filesBelow(dir.home).map((path) => path.slice(dir.home.length + 1));
  expect(files.filter((file) => !told.some((name) => fits(name, file)))).toEqual([]);
  // What a home has only while somebody writes, because its owner put it there, or once its numbers were moved.
  const rare =
    /^(numbers\.duckdb\.wal|tmp\/|config\.toml|numbering\/|engine\.json|mov(ing|ed-<id>)\/|clickhouse\.lock)/;
  const unseen = told.filter((name) => !rare.test(name) && !files.some((file) => fits(name, file)));
  expect(unseen).toEqual([]);

  const columnsBelow = async (folder: string) =>
    (await dir.query(`describe select * from read_parquet('${dir.home}/${folder}/*/*.parquet')`))
      .map(({ column_name }) => String(column_name))
      .filter((name) => name !== "date");
  const toldOf = (folder: string) =>
    block?.lines.find((line) => line.startsWith(folder))?.split(/ {2,}/)[1];
  expect(toldOf("ledger/")).toBe((await columnsBelow("ledger")).join(", "));
  expect(toldOf("pool/")).toContain("phone, raw_data");

  const text = readPage(page);
  const named = (title: string) =>
    [...(text.split(`| ${title} `)[1]?.split("\n\n")[0] ?? "").matchAll(/^\| `(\w+)`/gm)].map(
      ([, name]) => name,
    );
  const tables = await dir.query("select table_name as name from duckdb_tables() order by name");
  expect(named("table").sort()).toEqual(tables.map(({ name }) => name));
  const views = await dir.query(`
    select view_name as name, string_agg(column_name, ', ' order by column_index) as columns
    from duckdb_views() v join duckdb_columns() c on c.table_name = v.view_name
    where not v.internal group by all order by name`);
  expect(named("view").sort()).toEqual(views.map(({ name }) => name));
  for (const { columns } of views) expect(text).toContain(`| ${columns}`);
});

test("a file that is not told would be noticed", () => {
  expect(fits("rejects/<import>.csv", "rejects/20261120-abcdefgh.csv")).toBe(true);
  expect(fits("rejects/<import>.csv", "rejects/20261120-abcdefgh.json")).toBe(false);
  expect(fits("numbers.duckdb", "numbers.duckdb.wal")).toBe(false);
});

/** Whether a file of a home is what the page calls it: `<…>` is a name, YYYY-MM-DD a day, CODE a provider. */
function fits(name: string, file: string): boolean {
  const pattern = name
    .replaceAll(".", "\\.")
    .replaceAll(/<\w+>/g, "[\\w:-]+")
    .replaceAll("YYYY-MM-DD", "\\d{4}-\\d\\d-\\d\\d")
    .replaceAll("CODE", "\\w+");
  return new RegExp(`^${pattern}$`).test(file);
}
