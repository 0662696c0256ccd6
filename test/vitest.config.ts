import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Minutes long: npm run test:faults.
    exclude: ["test/faults/**"],
    // Tests start the real binary, several processes each; two cores do not want more files at once.
    maxWorkers: 2,
    // Only to end what hangs: a machine that is busy with other work takes five times as long and proves the same.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
