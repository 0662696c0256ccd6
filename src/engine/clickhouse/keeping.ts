/** What is old goes: whole days of the pool and of the ledger. */
import type { KeepingVerbs } from "../keeping.ts";
import type { Access } from "./access.ts";

export function keepingVerbs(_access: Access): Omit<KeepingVerbs, "readLedgerStart"> {
  const missing = () => Promise.reject(new Error("not built"));
  return { prune: missing, compact: missing };
}
