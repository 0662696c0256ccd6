/**
 * The cases in `fixtures/intake`: a folder each, with one source, `expected.json` and, where lines are rejected, the
 * `rejects.csv` that is expected. Another folder is another test.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { filesBelow, type Outcome, spawnNumbers } from "../workdir.ts";

const root = resolve(import.meta.dirname, "../../fixtures/intake");

export type Report = {
  readonly path: string;
  readonly status: string;
  readonly import_id: string | null;
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly numbers: number;
  readonly mismatched: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly providers: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly stored_bytes: number;
  readonly rejects_path: string | null;
  readonly message: string | null;
};

export type Expected = Pick<
  Report,
  "status" | "lines" | "accepted" | "rejected" | "numbers" | "reasons"
> & {
  readonly exit: number;
  readonly args?: readonly string[];
  /** A part of the message. */
  readonly message?: string;
  /** In any order; `rows` are the cells that are not empty, in the same order as `phones`. */
  readonly phones?: readonly string[];
  readonly rows?: readonly Readonly<Record<string, string>>[];
};

export type Case = {
  readonly name: string;
  readonly path: string;
  readonly expected: Expected;
  readonly rejects: string | undefined;
};

/** What became of a source. `report` is missing where the program did not come to an end with it. */
export type Result = {
  readonly exit: number | null;
  readonly stderr: string;
  readonly report: Report | undefined;
  readonly rows: readonly Row[];
  readonly rejects: string | undefined;
  /** What is left in the home's tmp, and what its doctor says. */
  readonly left: readonly string[];
  readonly doctor: Outcome;
};

/** A number of the pool and the cells of its row that are not empty. */
export type Row = readonly [phone: string, cells: Readonly<Record<string, string>>];

export function readCases(): Case[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = join(root, name);
      const rejects = join(folder, "rejects.csv");
      const source = readdirSync(folder).find((file) => file.startsWith("list."));
      return {
        name,
        path: join(folder, source ?? "list.csv"),
        expected: JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")),
        rejects: existsSync(rejects) ? readFileSync(rejects, "utf8") : undefined,
      };
    });
}

/**
 * Ingests all cases: those with the same options by one command into one home, as a start costs more than a small file;
 * all alone when the program did not survive them together.
 */
export async function ingestCases(cases: readonly Case[]): Promise<Map<string, Result>> {
  const groups = new Map<string, Case[]>();
  for (const one of cases) {
    const key = JSON.stringify(one.expected.args ?? []);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const results = new Map<string, Result>();
  for (const group of groups.values()) {
    for (const [name, result] of await ingestGroup(group)) results.set(name, result);
  }
  return results;
}

async function ingestGroup(group: readonly Case[]): Promise<Map<string, Result>> {
  const folder = mkdtempSync(join(tmpdir(), "numbers-cases-"));
  const home = join(folder, "home");
  try {
    const paths = group.map(({ path }) => path);
    const args = ["ingest", ...paths, ...(group[0]?.expected.args ?? []), "--json"];
    const outcome = await spawnNumbers(args, home, folder);
    const reports = parseReports(outcome.stdout);
    if (reports === undefined && group.length > 1) {
      const alone = new Map<string, Result>();
      for (const one of group) {
        for (const [name, result] of await ingestGroup([one])) alone.set(name, result);
      }
      return alone;
    }
    const rows = await readPool(home);
    const doctor = await spawnNumbers(["doctor"], home, folder);
    const left = readdirSync(join(home, "tmp"));
    return new Map(
      group.map(({ name, path }) => {
        const report = reports?.find((one) => one.path === path);
        const rejectsPath = report?.rejects_path;
        return [
          name,
          {
            exit: outcome.code,
            stderr: outcome.stderr,
            report,
            rows: rows.get(report?.import_id ?? "") ?? [],
            rejects: rejectsPath ? readFileSync(rejectsPath, "utf8") : undefined,
            left,
            doctor,
          },
        ];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function parseReports(stdout: string): Report[] | undefined {
  try {
    return (JSON.parse(stdout) as { files: Report[] }).files;
  } catch {
    return undefined;
  }
}

/** The pool by import, read from its files rather than through the program or its views. */
export async function readPool(home: string): Promise<Map<string, Row[]>> {
  const pool = new Map<string, Row[]>();
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const folder = join(home, "pool");
    // A command that is refused before it begins makes no home.
    for (const path of existsSync(folder) ? filesBelow(folder) : []) {
      const importId = path.replace(/^.*\/([^/]+)-\d+\.parquet$/, "$1");
      const reader = await connection.runAndReadAll(
        "select phone::varchar, to_json(raw_data)::varchar from read_parquet($path, hive_partitioning = false)",
        { path },
      );
      const rows = reader.getRows().map(([phone, cells]): Row => {
        const filled = Object.entries(JSON.parse(String(cells))).filter(
          ([, cell]) => cell !== null,
        );
        return [String(phone), Object.fromEntries(filled) as Record<string, string>];
      });
      pool.set(importId, [...(pool.get(importId) ?? []), ...rows]);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return pool;
}

/** Rows in an order of their own, so that two lists of them can be compared. */
export function sortedRows(rows: readonly Row[]): string[] {
  return rows
    .map(([phone, cells]) => `${phone} ${JSON.stringify(Object.entries(cells).sort())}`)
    .sort();
}
