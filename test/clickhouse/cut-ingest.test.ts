/** An ingest that dies when its rows are on the server and nobody knows of them. */
import { expect, test } from "vitest";
import { list } from "../workdir.ts";
import { startServer } from "./server.ts";
import { createShop } from "./shop.ts";

test("what a killed ingest sent counts for nothing, is named, and is removed", async () => {
  const server = await startServer();
  try {
    const { dir, run, ok, json, sql, checkPromises } = createShop(server.url, "cut");
    dir.write("a.csv", list("812", 300));
    const env = { NUMBERS_FAILPOINT: "import.block-sent=kill" };
    expect((await run(["ingest", "a.csv"], { env })).code).toBeNull();
    expect(await sql("select count() as rows from pool")).toEqual([{ rows: 300 }]);
    expect((await json(["stats"])).pool).toEqual([]);
    expect((await run(["order", "--provider", "tsel", "--count", "1", "-o", "-"])).code).toBe(4);
    expect((await ok(["doctor"])).stderr).toContain("300 rows of 1 files that belong to no import");
    expect((await ok(["doctor", "--repair"])).stderr).toContain("removed 300 rows of 1 pool file");
    expect(await sql("select count() as rows from pool")).toEqual([{ rows: 0 }]);
    expect((await json(["ingest", "a.csv"])).numbers).toBe(300);
    await ok(["order", "--provider", "tsel", "--count", "300", "-o", "all.csv"]);
    await checkPromises();
  } finally {
    await server.stop();
  }
});
