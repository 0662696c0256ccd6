/**
 * Where this program lies: the folder of its package.json, from a source file, a compiled one or the bundle alike. What it
 * reads as data while it runs (SQL, tables of providers) is named from there.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of something in the package, such as `sql/duckdb`. */
export function packaged(path: string): string {
  return fileURLToPath(new URL(path, root));
}

const root = findRoot(new URL(".", import.meta.url));

function findRoot(folder: URL): URL {
  return existsSync(new URL("package.json", folder)) ? folder : findRoot(new URL("..", folder));
}
