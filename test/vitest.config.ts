import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Minutes long: npm run test:faults.
    exclude: ["test/faults/**"],
    // Tests start the real binary, several processes each; two cores do not want more files at once.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
