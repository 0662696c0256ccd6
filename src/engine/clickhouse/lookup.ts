/** Where a number came from and who got it; searching. */
import type { LookupVerbs } from "../lookup.ts";
import type { SearchVerbs } from "../search.ts";
import type { Access } from "./access.ts";

export function lookupVerbs(_access: Access): LookupVerbs & SearchVerbs {
  const missing = () => Promise.reject(new Error("not built"));
  return { lookUp: missing, search: missing };
}
