/** The version of this program, as its package says it. */
import { readFileSync } from "node:fs";
import { packaged } from "./root.ts";

export function version(): string {
  const text = readFileSync(packaged("package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
