/** What a command loads before it works. How long that takes is for the benchmark; that it is little can be counted. */
import { mkdtempSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { createWorkdir, filesBelow, list, type Workdir } from "./workdir.ts";

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

/** The files of the bundle that a command loads, by what Node itself counts. */
async function bundleOf(dir: Workdir, args: readonly string[]): Promise<string[]> {
  const counts = mkdtempSync(join(dir.folder, "coverage-"));
  await dir.run(args, { env: { NODE_V8_COVERAGE: counts } });
  const urls = filesBelow(counts).flatMap((path) => {
    const { result } = JSON.parse(readFileSync(path, "utf8")) as { result: { url: string }[] };
    return result.map(({ url }) => url);
  });
  return urls.filter((url) => url.includes("/dist/bundle/")).map((url) => fileURLToPath(url));
}

test("only who keeps numbers there loads the way to ClickHouse", async () => {
  const dir = createWorkdir();
  dir.write("list.csv", list("812", 3));
  const isTheWay = (path: string) => readFileSync(path, "utf8").includes("X-ClickHouse-");
  for (const args of [["ingest", "list.csv"], ["stats"], ["config"], ["--help"]]) {
    const loaded = await bundleOf(dir, args);
    expect(loaded.map((path) => basename(path))).toContain("main.js");
    expect(loaded.filter(isTheWay)).toEqual([]);
  }
  const server = ["--clickhouse-url", "http://127.0.0.1:1", "--lock-timeout", "0s"];
  const loaded = await bundleOf(dir, ["stats", "--engine", "clickhouse", ...server]);
  expect(loaded.filter(isTheWay)).not.toEqual([]);
});

test("an unexpected failure is shown in the words of the sources", async () => {
  const { stderr } = await createWorkdir().run(["stats", "--time-zone", "Nowhere", "--debug"]);
  expect(stderr).toMatch(/at readSettings \(.*src\/settings\.ts:\d+/);
});
