/** Categories as the cells of a list have them: neither case nor blanks around them, of whatever kind, count, on either engine. */
import { expect, test } from "vitest";
import { createWorkdir } from "../workdir.ts";

const noBreak = "\u{a0}";
const ideographic = "\u{3000}";

test.each(["duckdb", "clickhouse"])("blanks around a category on %s", async (engine) => {
  const dir = createWorkdir();
  const env = {
    NUMBERS_ENGINE: engine,
    ...(engine === "clickhouse"
      ? { NUMBERS_CLICKHOUSE_URL: `chdb:${dir.path("clickhouse")}` }
      : {}),
  };
  const cells = ["Grosir", ` Grosir${noBreak}`, `${ideographic}grosir `, `${noBreak}`, "Eceran"];
  const rows = cells.map((cell, n) => `08120000${String(1001 + n)},${cell}`);
  dir.write("a.csv", `phone,jenis\n${rows.join("\n")}\n`);
  await dir.run(["ingest", "a.csv", "--category-column", "jenis", "--category", "lain"], { env });

  const order = ["order", "--provider", "tsel", "--dry-run", "--json", "--count", "1"];
  const available = async (category: string) =>
    JSON.parse((await dir.run([...order, "--category", category], { env })).stdout).available;
  expect(await available("GROSIR")).toBe(3);
  expect(await available("lain")).toBe(1);

  await dir.run(["erase", "081200001002", "081200001003", "--reason", "asked"], { env });
  const stats = JSON.parse((await dir.run(["stats", "--json"], { env })).stdout);
  expect(stats.categories).toContainEqual({ category: "Grosir", numbers: 1, imports: 1 });
});
