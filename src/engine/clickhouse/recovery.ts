/** Whether the promises hold, and mending what does not. */
import type { RecoveryVerbs } from "../recovery.ts";
import type { Access } from "./access.ts";

export function recoveryVerbs(_access: Access): RecoveryVerbs {
  const missing = () => Promise.reject(new Error("not built"));
  return { checkPromises: missing, repair: missing, rebuild: missing };
}
