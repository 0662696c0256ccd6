/** A folder of many small files, three of them bad: the others enter, the three are named, and a second run changes nothing. */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createWorkdir, type Outcome, type Workdir } from "../workdir.ts";
import { type Report, readPool } from "./cases.ts";

const files = 500;
const rows = 3;

const numberOf = (file: number, row: number) =>
  `812${String(file * rows + row + 1).padStart(8, "0")}`;

/** What is wrong with a file, by its place. */
const bad: ReadonlyMap<number, readonly [status: string, message: RegExp]> = new Map([
  [7, ["quarantined", /rejected.*ceiling/]],
  [250, ["failed", /gzip data is cut short or damaged/]],
  [499, ["failed", /no column holds phones; the columns are 1 "colour", 2 "size"/]],
]);

/** Plain, CRLF, packed and tabbed by turns. */
function writeFile(work: Workdir, file: number): string {
  const lines = Array.from({ length: rows }, (_, row) => `n${file},0${numberOf(file, row)}`);
  const list = `name,phone\n${lines.join("\n")}\n`;
  const name = `in/${String(file).padStart(3, "0")}`;
  if (file === 7) return work.write(`${name}.csv`, `${list}a,abc\nb,abd\nc,abe\nd,112\n`);
  if (file === 250) return work.write(`${name}.csv.gz`, gzipSync(list).subarray(0, -9));
  if (file === 499) return work.write(`${name}.csv`, "colour,size\nred,L\nblue,M\n");
  if (file % 10 === 3) return work.write(`${name}.csv`, list.replaceAll("\n", "\r\n"));
  if (file % 10 === 5) return work.write(`${name}.csv.gz`, gzipSync(list));
  if (file % 10 === 9) return work.write(`${name}.tsv`, list.replaceAll(",", "\t"));
  return work.write(`${name}.csv`, list);
}

/** The report in JSON and what stderr says agree on which files are in (`status`), and on the three that are not. */
function checkOutcome(outcome: Outcome, paths: readonly string[], status: string): Report[] {
  expect(outcome.code, outcome.stderr).toBe(3);
  const { files: reports } = JSON.parse(outcome.stdout) as { files: Report[] };
  expect(reports.map((report) => [report.path, report.status])).toEqual(
    paths.map((path, file) => [path, bad.get(file)?.[0] ?? status]),
  );
  const said = outcome.stderr.trimEnd().split("\n");
  expect(said).toHaveLength(bad.size);
  for (const [line, [file, [badStatus, message]]] of [...bad].entries()) {
    expect(reports[file]).toMatchObject({ import_id: null, numbers: 0 });
    expect(reports[file]?.message).toMatch(message);
    expect(said[line]).toContain(`${paths[file]}: ${badStatus}: ${reports[file]?.message}`);
  }
  return reports;
}

// Without a time limit: how long it takes is for the benchmark to say.
test("500 files, 3 of them bad: 497 enter once, the 3 are named each time", {
  timeout: 0,
}, async () => {
  const work = createWorkdir();
  const paths = Array.from({ length: files }, (_, file) => writeFile(work, file));
  const good = paths.map((_, file) => file).filter((file) => !bad.has(file));

  const first = await work.run(["ingest", work.path("in"), "--json"]);
  const reports = checkOutcome(first, paths, "ingested");
  const checkPool = async () => {
    const pool = await readPool(work.home);
    expect(pool.size).toBe(good.length);
    for (const file of good) {
      const phones = (pool.get(reports[file]?.import_id ?? "") ?? []).map(([phone]) => phone);
      const all = Array.from({ length: rows }, (_, row) => `62${numberOf(file, row)}`);
      expect(phones.sort(), paths[file] ?? "").toEqual(all);
    }
  };
  await checkPool();

  // The glob finds the same files; without --json the three are named as well, and the run is summed up.
  const again = await work.run(["ingest", work.path("in/*"), "--json"]);
  checkOutcome(again, paths, "skipped");
  const told = await work.run(["ingest", work.path("in")]);
  expect(told.code).toBe(3);
  expect(told.stdout).toBe("");
  expect(told.stderr.match(/: skipped, /g)).toHaveLength(good.length);
  for (const [file, [status]] of bad) expect(told.stderr).toContain(`${paths[file]}: ${status}: `);
  await checkPool();
  await work.checkPromises();
});
