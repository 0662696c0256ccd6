/** What tells two states of a file apart without reading it. */
import { statSync } from "node:fs";
import type { Identity } from "./manifest.ts";

/** Undefined when there is no such file. */
export function identityOf(path: string): Identity | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (!stat?.isFile()) return undefined;
  return { bytes: Number(stat.size), inode: String(stat.ino), modified: String(stat.mtimeNs) };
}
