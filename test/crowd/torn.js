/**
 * A process that changes the catalog and its journal and is killed before it has closed the database: what it changed is
 * in the write-ahead log alone.
 */

import { addSource } from "../../dist/engine/catalog/sources.js";
import { createAccess } from "../../dist/engine/duckdb/access.js";
import { schemaVersion } from "../../dist/engine/duckdb/catalog.js";
import { keepJournal } from "../../dist/engine/duckdb/journal.js";
import { openHome } from "../../dist/home.js";

const home = openHome(process.argv[2], "torn");
const access = createAccess({
  home,
  resources: { temporary: home.temporary, threads: 1, memory: "256MB", signal: undefined },
  lockTimeoutMs: 10_000,
  onWait: () => undefined,
  warn: () => undefined,
  actor: "test",
  timeZone: "Asia/Jakarta",
});
await access.hold(async (session) => {
  for (const name of ["first", "second", "third"]) {
    await addSource(session, access.log, name, {}, new Date());
    await keepJournal(session, home, schemaVersion);
  }
  process.kill(process.pid, "SIGKILL");
  await new Promise(() => undefined);
});
