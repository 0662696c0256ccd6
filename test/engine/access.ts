/** What the engine is given when a test uses it in its own process. */
import type { AccessOptions } from "../../src/engine/duckdb/access.ts";
import type { Home } from "../../src/home.ts";

export function accessTo(home: Home, threads = 1): AccessOptions {
  return {
    home,
    resources: { temporary: home.temporary, threads, memory: undefined, signal: undefined },
    lockTimeoutMs: 60_000,
    onWait: () => undefined,
    warn: (message) => {
      throw new Error(message);
    },
    timeZone: "Asia/Jakarta",
    actor: "test",
  };
}
