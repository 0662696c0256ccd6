import { copyFileSync, existsSync, renameSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkdir, filesBelow, list } from "../../workdir.ts";

test.each([
  ["order", ["order", "--provider", "tsel", "--count", "1", "-o", "o.csv"]],
  ["import", ["blacklist", "import", "sold.csv", "--kind", "sold"]],
])("a history's file that a crash left pending is settled by the next %s", async (_, next) => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 50));
  await dir.ok(["ingest", "a.csv"]);
  dir.write("sold.csv", list("812", 5));
  await dir.ok(["blacklist", "import", "sold.csv", "--kind", "sold"]);
  const copy = filesBelow(`${dir.home}/ledger`)[0] as string;
  // As if killed after the commit, before the file got its name; and, beside it, before another commit.
  const lost = copy.replace(/[^/]*$/, "20261120-neversold.parquet");
  copyFileSync(copy, `${lost}.pending`);
  renameSync(copy, `${copy}.pending`);
  await dir.ok(next);
  expect(existsSync(copy)).toBe(true);
  expect(existsSync(`${lost}.pending`)).toBe(false);
  expect(existsSync(lost)).toBe(false);
  await dir.checkPromises();
});
