/** How much of the machine the engine takes, and what happens when it was given too little. */
import { expect, test } from "vitest";
import { shareOf } from "../src/machine.ts";
import { createWorkdir, list } from "./workdir.ts";

const nobody = { threads: undefined, memory: undefined };

test.each([
  { name: "2 processors, 4 GB", bytes: 4.2e9, processors: 2, memory: "1400MB", threads: undefined },
  { name: "2 processors, 24 GB", bytes: 24e9, processors: 2, memory: "2000MB", threads: undefined },
  { name: "64 processors, 256 GB", bytes: 256e9, processors: 64, memory: "8192MB", threads: 64 },
  {
    name: "64 processors, 4 GB of them",
    bytes: 4.2e9,
    processors: 64,
    memory: "1400MB",
    threads: 10,
  },
  { name: "a container of 600 MB", bytes: 600e6, processors: 2, memory: "200MB", threads: 1 },
])("$name", ({ bytes, processors, memory, threads }) => {
  expect(shareOf({ bytes, processors }, nobody)).toEqual({
    memory,
    threads: threads === processors ? undefined : threads,
  });
});

test("what is told is taken, and threads find room in it", () => {
  const machine = { bytes: 256e9, processors: 64 };
  expect(shareOf(machine, { threads: 64, memory: "1GB" })).toEqual({ threads: 64, memory: "1GB" });
  expect(shareOf(machine, { threads: undefined, memory: "1 GiB" }).threads).toBe(8);
  expect(shareOf(machine, { threads: 2, memory: undefined }).memory).toBe("2000MB");
  expect(shareOf(machine, { threads: 2, memory: undefined }, 1.5e9).memory).toBe("1500MB");
  expect(shareOf(machine, { threads: 2, memory: "1GB" }, 1.5e9).memory).toBe("1GB");
});

test("too little memory is one message that names --memory, and nothing half done", async () => {
  const dir = createWorkdir();
  // 14 MB: several of the reader's buffers, which no 16 MB hold.
  dir.write("list.csv", list("812", 60_000, { name: "Budi".repeat(55) }));
  const { code, stdout, stderr } = await dir.run(["ingest", "list.csv", "--memory", "16MB"]);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    "list.csv: failed: the engine may use 16MB and needs more for this: give it more with --memory, " +
      "or fewer threads to share it with --threads; nothing of it was kept\n",
  );
  await dir.checkPromises();
  expect(await dir.query("select * from imports")).toEqual([]);
  await dir.ok(["ingest", "list.csv", "--memory", "128MB"]);
  await dir.ok([
    "order",
    "--provider",
    "tsel",
    "--count",
    "200",
    "-o",
    "out.csv",
    "--memory",
    "64MB",
  ]);
  await dir.checkPromises();
});

test("a limit that no home can be opened with is a usage error", async () => {
  const { code, stderr } = await createWorkdir().run(["stats", "--memory", "1MB"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--memory: "1MB" is too little/);
});
