/** What bin/numbers.js says to the engine's library before that is loaded. */
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { binary, cleanEnvironment, createWorkdir } from "./workdir.ts";

const atExit =
  "data:text/javascript,process.on('exit',()=>console.error(process.env.DUCKDB_JE_MALLOC_CONF))";

test.each([
  { name: "10 s where nobody says", told: {}, set: "dirty_decay_ms:10000\n" },
  {
    name: "what the operator says",
    told: { DUCKDB_JE_MALLOC_CONF: "dirty_decay_ms:500" },
    set: "dirty_decay_ms:500\n",
  },
])("the allocator keeps freed memory for $name", ({ told, set }) => {
  const { home } = createWorkdir();
  const { stderr, status } = spawnSync(process.execPath, [binary, "--version"], {
    env: { ...cleanEnvironment(home), ...told, NODE_OPTIONS: `--import="${atExit}"` },
    encoding: "utf8",
  });
  expect({ stderr, status }).toEqual({ stderr: set, status: 0 });
});

// jemalloc is in the engine's library for Linux on x64 alone; elsewhere the setting is of no effect.
const hasJemalloc = process.platform === "linux" && process.arch === "x64";
if (!hasJemalloc) {
  process.stderr.write("skipped: the engine's library has no jemalloc on this platform\n");
}

test.skipIf(!hasJemalloc)("the engine's library reads what the process set itself", () => {
  const script = `
    process.env.DUCKDB_JE_MALLOC_CONF = "dirty_decay_ms:12345,stats_print:true";
    const { DuckDBInstance } = await import("@duckdb/node-api");
    await DuckDBInstance.create();`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: dirname(binary),
    encoding: "utf8",
  });
  expect(stderr).toContain("opt.dirty_decay_ms: 12345");
});
