import { defineConfig } from "vitest/config";

/** `npm run test:faults`: the long form; `npm test` has a short one (test/faults.test.ts). */
export default defineConfig({
  test: {
    include: ["test/faults/**/*.test.ts"],
    // Each case is a home of its own, and mostly waits for the processes that it starts.
    maxConcurrency: 3,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
