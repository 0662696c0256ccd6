/** Numbers of a delivered order that come back. */
import type { ReturnVerbs } from "../returns.ts";
import type { Access } from "./access.ts";

export function returnVerbs(_access: Access): ReturnVerbs {
  const missing = () => Promise.reject(new Error("not built"));
  return { returnNumbers: missing, readReturned: missing };
}
