/** Imports: what is there already, and publishing a new one. */
import type { Content, Import, Publication, SummedFile } from "../engine.ts";
import type { Access } from "./access.ts";

export type ImportVerbs = {
  readContents(): Promise<readonly Content[]>;
  publishImport(record: Import, files: readonly SummedFile[]): Promise<Publication>;
};

export function importVerbs(_access: Access): ImportVerbs {
  const missing = () => Promise.reject(new Error("not built"));
  return { readContents: missing, publishImport: missing };
}
