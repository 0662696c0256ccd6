/**
 * The samples of csv-spectrum, a public acid test of CSV readers: through the gate, read back by a strict reader that is
 * not ours, and through the real binary with a phone in front of every record. Both must give what the package says;
 * where we differ, or the package does from itself, `differences` says why, and a difference that is gone fails.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { findDialect } from "../../src/intake/dialect.ts";
import { createGate } from "../../src/intake/records.ts";
import { createWorkdir } from "../workdir.ts";
import { type Report, readPool } from "./cases.ts";

type Cells = Readonly<{ [column: string]: string }>;
type Sample = {
  readonly name: string;
  readonly csv: Buffer;
  readonly records: readonly Cells[];
};

const folder = dirname(createRequire(import.meta.url).resolve("csv-spectrum/package.json"));

/** Every file of both folders: one without its partner throws. */
const samples: readonly Sample[] = [
  ...new Set([
    ...namesIn("csvs").map((file) => file.replace(/\.csv$/, "")),
    ...namesIn("json").map((file) => file.replace(/\.json$/, "")),
  ]),
].map((name) => {
  const json = JSON.parse(readFileSync(join(folder, "json", `${name}.json`), "utf8"));
  return {
    name,
    csv: readFileSync(join(folder, "csvs", `${name}.csv`)),
    records: Array.isArray(json) ? json : [json],
  };
});

function namesIn(part: string): string[] {
  return readdirSync(join(folder, part));
}

type Difference = {
  readonly sample: string;
  readonly where: "everywhere" | "pool";
  readonly why: string;
  /** What is right, made of what the package says. */
  readonly right: (records: readonly Cells[]) => readonly Cells[];
};

const differences: readonly Difference[] = [
  {
    sample: "location_coordinates",
    where: "everywhere",
    why: "the package's JSON has another phone (1234567890) than its CSV",
    right: (records) => records.map((one) => ({ ...one, "Contact Phone Number": "2095257564" })),
  },
  ...["empty", "empty_crlf"].map(
    (sample): Difference => ({
      sample,
      where: "pool",
      why: 'the pool tells a quoted "" and nothing apart no more than a spreadsheet does: both are no cell',
      right: (records) =>
        records.map((one) =>
          Object.fromEntries(Object.entries(one).filter(([, cell]) => cell !== "")),
        ),
    }),
  ),
];

/** The records as we should read them; a difference that makes none is stale. */
function wanted({ name, records }: Sample, where: Difference["where"]): readonly Cells[] {
  let right = records;
  for (const difference of differences) {
    if (difference.sample !== name || ![where, "everywhere"].includes(difference.where)) continue;
    const before = right;
    right = difference.right(before);
    expect(right, `${name}: ${difference.why}`).not.toEqual(before);
  }
  return right;
}

test("the package is there, and every difference is of a sample", () => {
  expect(samples.length).toBeGreaterThanOrEqual(12);
  const names = samples.map(({ name }) => name);
  for (const { sample } of differences) expect(names).toContain(sample);
});

describe("through the gate", () => {
  const options = {
    delimiter: undefined,
    phoneColumn: "1",
    categoryColumn: undefined,
    hasHeader: undefined,
  };
  test.each(samples.map((sample) => [sample.name, sample] as const))("%s", (_, sample) => {
    const dialect = findDialect(sample.csv.toString("utf8"), true, options);
    for (const size of [1, 3, 1 << 16]) {
      const gate = createGate(dialect.shape, (broken) => expect.fail(JSON.stringify(broken)));
      const pieces: Buffer[] = [];
      for (let at = 0; at < sample.csv.length; at += size) {
        const block = sample.csv.subarray(at, at + size);
        for (const piece of gate.push(block)) pieces.push(Buffer.from(piece));
      }
      for (const piece of gate.end()) pieces.push(Buffer.from(piece));
      const read = parse(Buffer.concat(pieces), {
        columns: [...dialect.names],
        record_delimiter: "\n",
      });
      expect(read, `blocks of ${size}`).toEqual(wanted(sample, "everywhere"));
      expect(gate.tally).toMatchObject({ passed: sample.records.length, broken: 0 });
    }
  });
});

/** Puts `phone` or a number in front of every record. A line break belongs to a cell while the quotes before it are odd. */
function withPhones(csv: string, phoneOf: (record: number) => string): string {
  let record = 0;
  let isOpen = false;
  let text = "phone,";
  for (const [at, letter] of [...csv].entries()) {
    if (letter === '"') isOpen = !isOpen;
    text += letter;
    if (letter === "\n" && !isOpen && at < csv.length - 1) text += `${phoneOf(record++)},`;
  }
  return text;
}

test("through the binary, with a phone in front of every record", async () => {
  const work = createWorkdir();
  const phones = samples.map(
    (_, file) => (record: number) => `0812${10_000_001 + file * 100 + record}`,
  );
  const paths = samples.map(({ name, csv }, file) =>
    work.write(`${name}.csv`, withPhones(csv.toString("utf8"), phones[file] as () => string)),
  );
  const { files } = await work.json(["ingest", ...paths, "--phone-column", "phone"]);
  const pool = await readPool(work.home);
  for (const [file, sample] of samples.entries()) {
    const report = files[file] as Report;
    const { length } = sample.records;
    expect(report, sample.name).toMatchObject({ status: "ingested", lines: length, rejected: 0 });
    const rows = [...(pool.get(report.import_id ?? "") ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    const records = [...wanted(sample, "pool").entries()].map(([record, cells]) => {
      const phone = phones[file]?.(record) ?? "";
      return [`62${phone.slice(1)}`, { phone, ...cells }];
    });
    expect(rows, sample.name).toEqual(records);
  }
  await work.checkPromises();
});
