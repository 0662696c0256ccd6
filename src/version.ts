/** The version of this program and of what it runs on, as their packages say it: nothing native is loaded for that. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { packaged } from "./root.ts";

export function version(): string {
  return versionIn(packaged("package.json"));
}

/** One a line, `numbers` first: what to name in a report of a fault. */
export function versions(): string {
  return [`numbers ${version()}`, `duckdb ${engineVersion()}`, `node ${process.version}`].join(
    "\n",
  );
}

/** Of the engine that is installed. Its package counts its own releases behind the engine's version: `1.5.6-r.1`. */
function engineVersion(): string {
  const { resolve } = createRequire(packaged("package.json"));
  try {
    return versionIn(resolve("@duckdb/node-bindings/package.json")).replace(/-r\.\d+$/, "");
  } catch {
    return "is not installed; install numbers again";
  }
}

function versionIn(path: string): string {
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}
