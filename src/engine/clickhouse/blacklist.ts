/** The suppression lists, and the history of other systems. */
import type { BlacklistVerbs } from "../blacklist.ts";
import { countBlacklist, readBlacklist, readListOwners } from "../catalog/blacklist.ts";
import type { Access } from "./access.ts";

export function blacklistVerbs({ read }: Access): BlacklistVerbs {
  const missing = () => Promise.reject(new Error("not built"));
  return {
    importSuppressed: missing,
    importDigests: missing,
    matchDigests: missing,
    countUndated: missing,
    importHistory: missing,
    addSuppressed: missing,
    removeSuppressed: missing,
    countBlacklist: (query) => read((session) => countBlacklist(session, query)),
    readBlacklist: (query, limit) => read((session) => readBlacklist(session, query, limit)),
    exportBlacklist: missing,
    readListOwners: () => read(readListOwners),
  };
}
