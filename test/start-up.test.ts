/** What a command loads before it works. How long that takes is for the benchmark; that it is little can be counted. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { createWorkdir, list, type Workdir } from "./workdir.ts";

async function loadedBy(dir: Workdir, args: readonly string[]): Promise<string[]> {
  const preload = pathToFileURL(join(import.meta.dirname, "loaded.js"));
  const { stderr } = await dir.ok(args, { env: { NODE_OPTIONS: `--import=${preload}` } });
  return [...stderr.matchAll(/^loaded (\w+)/gm)].map(([, name]) => name ?? "");
}

test.each([[["--help"]], [["--version"]], [["ingest", "--help"]], [["order", "list", "--help"]]])(
  "%s loads nothing native",
  async (args) => {
    expect(await loadedBy(createWorkdir(), args)).toEqual([]);
  },
);

test("only who reads a source loads more than the engine", async () => {
  const dir = createWorkdir();
  dir.write("list.csv", list("812", 3));
  expect(await loadedBy(dir, ["ingest", "list.csv"])).toEqual(["xxhash", "duckdb"]);
  expect(await loadedBy(dir, ["stats"])).toEqual(["duckdb"]);
  const order = ["order", "--provider", "tsel", "--count", "2", "-o", "out.csv"];
  expect(await loadedBy(dir, order)).toEqual(["duckdb"]);
});

test("an unexpected failure is shown in the words of the sources", async () => {
  const { stderr } = await createWorkdir().run(["stats", "--time-zone", "Nowhere", "--debug"]);
  expect(stderr).toMatch(/at readSettings \(.*src\/settings\.ts:\d+/);
});
