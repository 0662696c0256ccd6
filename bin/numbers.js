#!/usr/bin/env node
// The engine's conversions and the pipes around them wait in libuv's threads; four of them are too few.
process.env.UV_THREADPOOL_SIZE ??= "16";
// The engine's allocator reads this when it is loaded: it keeps freed memory for 10 s, as jemalloc does by itself, not for the
// engine's 1 s. Much of what a statement frees it wants back: half the page faults, a sixth less time of an ingest.
process.env.DUCKDB_JE_MALLOC_CONF ??= "dirty_decay_ms:10000";
// The bundle's stack traces, in the words of its sources.
if (process.argv.includes("--debug")) process.setSourceMapsEnabled(true);
const { main } = await import("../dist/bundle/main.js");
process.exitCode = await main(process.argv);
// What was interrupted may have a write under way into a pipe that nobody reads; everybody else's output is awaited.
if (process.exitCode >= 130) process.exit();
