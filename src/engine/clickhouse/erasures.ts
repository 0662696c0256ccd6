/** Persons who asked to be forgotten. */
import type { ErasureVerbs } from "../erasures.ts";
import type { Access } from "./access.ts";

export function erasureVerbs(_access: Access): ErasureVerbs {
  const missing = () => Promise.reject(new Error("not built"));
  return { erase: missing, copyErasures: missing, findErased: missing };
}
