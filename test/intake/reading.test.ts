/** What whoever watches is told while a source is read. */
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { createConverter } from "../../src/engine/duckdb/converter.ts";
import { loadProviders } from "../../src/intake/providers.ts";
import { read } from "../../src/intake/reading.ts";
import type { Amount, Progress } from "../../src/progress.ts";
import { createWorkdir, list, type Workdir } from "../workdir.ts";

/** Reads a source, and resolves to what was told: each phase with its size, and the last that was done of it. */
async function told(dir: Workdir, name: string) {
  const phases: { phase: string; total: Amount | undefined; done: Amount | undefined }[] = [];
  let look: (() => Amount) | undefined;
  const done = (amount: Amount) => {
    const phase = phases.at(-1);
    if (phase) phase.done = amount;
  };
  const progress: Progress = {
    isWatched: true,
    begin: (phase, total) => {
      phases.push({ phase, total, done: undefined });
      look = undefined;
    },
    at: done,
    watch: (asked) => {
      look = asked;
    },
    stop: () => {},
  };
  const { prefixes } = loadProviders({ home: dir.home, numbering: { prefixes: [], synonyms: [] } });
  const resources = {
    temporary: dir.folder,
    threads: 1,
    memory: undefined,
    signal: undefined,
    isWatched: true,
  };
  const converter = createConverter({ provider: undefined, prefixes }, resources);
  onTestFinished(() => converter.close());
  const folder = dir.path(`staged-${name}`);
  mkdirSync(folder);
  const options = {
    encoding: "auto",
    sheet: undefined,
    delimiter: undefined,
    phoneColumn: undefined,
    categoryColumn: undefined,
    hasHeader: undefined,
  };
  const effects = { openConversion: converter.open, progress, signal: undefined };
  await read(dir.path(name), folder, options, effects);
  if (look) done(look());
  return phases;
}

test("of a packed source its bytes are those that lie there, and its rows those that are in it", async () => {
  const dir = createWorkdir();
  dir.write("list.csv", list("812", 60_000));
  execFileSync("gzip", ["-k", "list.csv"], { cwd: dir.folder });
  const bytes = statSync(dir.path("list.csv.gz")).size;
  expect(bytes).toBeLessThan(statSync(dir.path("list.csv")).size / 2);
  expect(await told(dir, "list.csv.gz")).toEqual([
    { phase: "opening list.csv.gz", total: undefined, done: undefined },
    { phase: "reading list.csv.gz", total: { bytes }, done: { bytes, rows: 60_000 } },
  ]);
});

test("a file that is given up where it lies is read from its beginning", async () => {
  const dir = createWorkdir();
  const rows = list("812", 60_000).split("\n");
  rows[55_000] = '081200055000,"Budi" 9,Bandung';
  dir.write("list.csv", rows.join("\n"));
  const phases = await told(dir, "list.csv");
  expect(phases.map(({ phase }) => phase)).toEqual([
    "opening list.csv",
    "reading list.csv",
    "reading list.csv",
  ]);
  // Header and rows end in a line break each; the last line is empty.
  expect(phases.at(-1)?.done?.rows).toBeGreaterThan(59_990);
});

test("of a file that the engine reads where it lies too", async () => {
  const dir = createWorkdir();
  dir.write("list.csv", list("812", 60_000));
  const bytes = statSync(dir.path("list.csv")).size;
  const [, reading] = await told(dir, "list.csv");
  expect(reading).toEqual({
    phase: "reading list.csv",
    total: { bytes },
    done: { bytes, rows: 60_000 },
  });
});
