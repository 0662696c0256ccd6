/** What is too long for the address of a request, or for a field of a form, reaches a server all the same. */
import { expect, test } from "vitest";
import { createWorkdir, list } from "../workdir.ts";
import { startServer } from "./server.ts";

test("hundreds of persons are erased by one change, thousands of numbers are put on a list", async () => {
  const server = await startServer();
  const dir = createWorkdir();
  const env = { NUMBERS_ENGINE: "clickhouse", NUMBERS_CLICKHOUSE_URL: `${server.url}/numbers` };
  const phones = (count: number) =>
    Array.from({ length: count }, (_, n) => `0812${String(n + 1).padStart(8, "0")}`).join("\n");
  try {
    dir.write("a.csv", list("812", 400));
    await dir.ok(["ingest", "a.csv"], { env });
    const added = await dir.ok(["blacklist", "add", "-", "--kind", "dnc", "--reason", "asked"], {
      env,
      input: phones(9_500),
    });
    expect(added.stderr).toContain("9,500 numbers added");
    await dir.ok(["erase", "-", "--reason", "asked"], { env, input: phones(400) });
    const { ledger, pool } = JSON.parse((await dir.ok(["stats", "--json"], { env })).stdout);
    expect(ledger.numbers).toBe(0);
    expect(pool.reduce((sum: number, { numbers }: { numbers: number }) => sum + numbers, 0)).toBe(
      0,
    );
    expect((await dir.ok(["doctor"], { env })).stderr).toContain("all promises hold");
  } finally {
    await server.stop();
  }
});
