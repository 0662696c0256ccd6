/** A pool file that is written anew, or taken away, between the look at the catalog and the reading of the pool. */
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { type Access, createAccess } from "../../../src/engine/duckdb/access.ts";
import { searchPool } from "../../../src/engine/duckdb/search.ts";
import { closeHome, openHome } from "../../../src/home.ts";
import { createWorkdir, list } from "../../workdir.ts";
import { accessTo } from "../access.ts";

const search = {
  text: "0812",
  phone: { digits: "62812", isBeginning: true },
  limit: 20,
  page: 1,
};

/** A home with one pool file, and a way to search it where `between` happens before the pool is read. */
async function interrupted(between: (home: string, path: string) => Promise<void>) {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 5));
  await dir.ok(["ingest", "a.csv"]);
  const [file] = await dir.query("select path from pool_files");
  const home = openHome(dir.home, "test");
  const access = createAccess(accessTo(home));
  let once = false;
  const late: Access = {
    ...access,
    aside: async (work) => {
      if (!once) await between(dir.home, String(file?.path));
      once = true;
      return access.aside(work);
    },
  };
  return searchPool(late, search).finally(() => closeHome(home));
}

async function change(home: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(home, "numbers.duckdb"));
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

test("a file that was written anew is found where it lies now", async () => {
  const found = await interrupted(async (home, path) => {
    renameSync(join(home, path), join(home, path.replace("-1.parquet", "-1-anew.parquet")));
    await change(
      home,
      "update pool_files set file = replace(path, '-1.parquet', '-1-anew.parquet')",
    );
  });
  expect(found).toMatchObject({ numbersTotal: 5 });
  expect(found.numbers).toHaveLength(5);
});

test("a file that was dropped is no longer searched", async () => {
  const found = await interrupted(async (home, path) => {
    rmSync(join(home, path));
    await change(home, "delete from pool_files");
  });
  expect(found).toMatchObject({ numbersTotal: 0, numbers: [] });
});

test("a file that the catalog still names is missing", async () => {
  const found = interrupted(async (home, path) => rmSync(join(home, path)));
  await expect(found).rejects.toThrow(/missing/);
});
