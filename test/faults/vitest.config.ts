import { defineConfig } from "vitest/config";

/** `npm run test:faults`: the long form; `npm test` has a short one (test/faults.test.ts). */
export default defineConfig({
  test: {
    include: ["test/faults/**/*.test.ts"],
    // Each case is a home of its own, and mostly waits for the processes that it starts.
    maxConcurrency: 3,
    // Only to end what hangs: a machine that is busy with other work takes five times as long and proves the same.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
