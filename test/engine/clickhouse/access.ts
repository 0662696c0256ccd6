/**
 * What the engine is given when a test uses it in its own process: ClickHouse itself, in a folder. A process can have one such
 * folder open, so the tests of a file share it; each has a database of its own in it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { AccessOptions } from "../../../src/engine/clickhouse/access.ts";
import type { ConnectionOptions } from "../../../src/engine/clickhouse/connection.ts";
import { lockFile } from "../../../src/engine/duckdb/folder-lock.ts";
import type { Home } from "../../../src/home.ts";
import { accessTo } from "../access.ts";

let folder: string | undefined;
let databases = 0;

afterAll(() => {
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** The name of a database that no test had before. */
export function freshDatabase(): string {
  databases += 1;
  return `numbers_${databases}`;
}

/** The way to `database`, for a test of what is below the engine. */
export function connectionTo(database: string): ConnectionOptions {
  folder ??= mkdtempSync(join(tmpdir(), "numbers-clickhouse-"));
  return {
    address: { kind: "folder", path: join(folder, "data"), database },
    tls: { ca: undefined, cert: undefined, key: undefined },
    threads: undefined,
    signal: undefined,
    patienceMs: 1_000,
    onWait: () => undefined,
  };
}

/** Options for the engine on `database`; two calls with the same one are two engines on the same numbers. */
export function clickhouseAccessTo(home: Home, database: string): AccessOptions {
  const options = accessTo(home);
  const { address, tls, threads } = connectionTo(database);
  return {
    ...options,
    address,
    tls,
    threads,
    lockFile: (path) => lockFile(path, "alone", options.resources),
  };
}
