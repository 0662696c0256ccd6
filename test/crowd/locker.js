/** A process of a home that takes its lock the way every command does, and gives it back when it is told to. */
import { withCatalog } from "../../dist/engine/duckdb/catalog.js";
import { closeHome, openHome } from "../../dist/home.js";

const [folder, name, access] = process.argv.slice(2);
const home = openHome(folder, name);
const resources = { temporary: home.temporary, threads: 1, memory: "256MB", signal: undefined };
const options = { home, resources, lockTimeoutMs: 100_000, onWait: () => undefined };
const released = new Promise((done) => process.stdin.once("data", done));
await withCatalog(options, access, async (session) => {
  process.stdout.write("held\n");
  if (access === "read") return released;
  // What it writes is never committed.
  const undone = new Error("undone");
  return session
    .transaction(async () => {
      await session.run("write_version", { version: 99 });
      await released;
      throw undone;
    })
    .catch((error) => {
      if (error !== undone) throw error;
    });
});
closeHome(home);
process.stdout.write("released\n");
process.stdin.destroy();
