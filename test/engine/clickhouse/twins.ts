/** Two engines that are given the same and must answer the same: DuckDB's, and ClickHouse's beside it. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "vitest";
import { sumOfFile } from "../../../src/checksum.ts";
import type { AccessOptions } from "../../../src/engine/clickhouse/access.ts";
import { createClickhouseEngine } from "../../../src/engine/clickhouse/engine.ts";
import { createDuckdbEngine } from "../../../src/engine/duckdb/engine.ts";
import type { Engine, StagedFile, SummedFile } from "../../../src/engine/engine.ts";
import { closeHome, type Home, openHome } from "../../../src/home.ts";
import { accessTo } from "../access.ts";
import { clickhouseAccessTo, freshDatabase } from "./access.ts";
import { ask, mirror } from "./mirror.ts";

export type Twins = {
  readonly folder: string;
  readonly home: Home;
  readonly duckdb: Engine;
  readonly clickhouse: Engine;
  readonly options: AccessOptions;
  /** Calls both, expects the same answer or refusal, and resolves to it. */
  both<T>(call: (engine: Engine, name: "duckdb" | "clickhouse") => Promise<T>): Promise<T>;
  /** Copies what the DuckDB engine has to the other one, which must have nothing. */
  mirror(): Promise<void>;
  /** Asks ClickHouse itself. */
  ask(query: string): Promise<unknown[]>;
  /** A Parquet file of what `select` selects, below the home's temporary folder. */
  parquet(name: string, select: string, numbers: number, provider?: string): Promise<SummedFile>;
  close(): void;
};

/** Two engines with nothing in them. */
export async function openTwins(): Promise<Twins> {
  const folder = mkdtempSync(join(tmpdir(), "numbers-twins-"));
  const home = openHome(join(folder, "home"), "test");
  // A home has its numbers in one place.
  const other = openHome(join(folder, "other"), "test");
  const options = clickhouseAccessTo(other, freshDatabase());
  const duckdb = createDuckdbEngine(accessTo(home));
  const clickhouse = createClickhouseEngine(options);
  // Makes the tables.
  await clickhouse.setSource("nobody", {}, new Date(0));
  return {
    folder,
    home,
    duckdb,
    clickhouse,
    options,
    both: async (call) => {
      const expected = await outcomeOf(call(duckdb, "duckdb"));
      const found = await outcomeOf(call(clickhouse, "clickhouse"));
      expect(found).toStrictEqual(expected);
      if ("refusal" in expected) throw new Error(expected.refusal);
      return expected.result;
    },
    ask: (query) => ask(options, query),
    mirror: async () => {
      await mirror(home, options);
      const key = join(home.folder, "erasure.key");
      if (existsSync(key)) copyFileSync(key, join(other.folder, "erasure.key"));
    },
    parquet: (name, select, numbers, provider = "tsel") =>
      parquet(join(home.temporary, name), select, numbers, provider),
    close: () => {
      closeHome(home);
      closeHome(other);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function outcomeOf<T>(
  work: Promise<T>,
): Promise<{ result: T } | { refusal: string; exitCode: unknown }> {
  return work.then(
    (result) => ({ result }),
    (error: unknown) => ({
      refusal: String(error),
      exitCode: (error as { exitCode?: unknown }).exitCode,
    }),
  );
}

async function parquet(
  path: string,
  select: string,
  numbers: number,
  provider: string,
): Promise<SummedFile> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("set time zone 'UTC'");
  await connection.run(`copy (${select}) to '${path}' (format parquet)`);
  connection.closeSync();
  instance.closeSync();
  return { ...stagedFile(path, numbers, provider), sum: await sumOfFile(path) };
}

function stagedFile(path: string, numbers: number, provider: string): StagedFile {
  return { path, provider, synthetic: false, numbers, bytes: 1 };
}
