/** The short form of `npm run test:faults`: the moments at which most would be lost. */
import { afterAll, expect, test } from "vitest";
import type { Failpoint } from "../src/failpoints.ts";
import { type Action, interrupt, type Rehearsal, rehearse, removeAll } from "./faults/harness.ts";
import { scenarios } from "./faults/scenarios.ts";
import { createWorkdir } from "./workdir.ts";

afterAll(removeAll);

const moments: [string, Action, Failpoint][] = [
  ["ingest", "kill", "import.folders-synced"],
  ["ingest", "kill", "transaction.committed"],
  ["ingest", "ENOSPC", "import.file-renamed"],
  ["ingest", "EIO", "transaction.committed"],
  ["order in parts", "kill", "order.copy-synced"],
  ["order in parts", "kill", "transaction.committed"],
  ["order in parts", "term", "copy.renamed"],
  ["order in parts", "kill", "file.renamed"],
  ["order in parts", "int", "delivery.arrived"],
];

const rehearsals = new Map<string, Promise<Rehearsal>>();

test.each(moments)("%s: %s at %s", async (name, action, point) => {
  const scenario = scenarios.find((one) => one.name === name);
  if (!scenario) throw new Error(`there is no scenario "${name}"`);
  const rehearsal = rehearsals.get(name) ?? rehearse(scenario);
  rehearsals.set(name, rehearsal);
  const at = { point, nth: 1 };
  await interrupt({ scenario, action, at, doctorFirst: false, sells: true }, await rehearsal);
});

test.each([
  "import.file-renmaed=kill",
  "import.file-renamed",
  "import.file-renamed=stop",
  "import.file-renamed=kill@0",
  "*=kill",
])("NUMBERS_FAILPOINT=%s is refused", async (told) => {
  const dir = createWorkdir();
  const { code, stderr } = await dir.run(["stats"], { env: { NUMBERS_FAILPOINT: told } });
  expect(code).toBe(2);
  expect(stderr).toContain("NUMBERS_FAILPOINT");
});
