/** What is refused before a server is asked, and what a flag of its own reaches. */
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkdir, list } from "../workdir.ts";
import { startServer } from "./server.ts";

const nowhere = "http://127.0.0.1:1/numbers";
const onServer = { NUMBERS_ENGINE: "clickhouse", NUMBERS_CLICKHOUSE_URL: nowhere };

test("a home that is new does not begin beside a server that is named", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 3));
  const env = { NUMBERS_CLICKHOUSE_URL: nowhere };
  const refused = await dir.run(["ingest", "a.csv"], { env });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(
    "NUMBERS_CLICKHOUSE_URL names a server, and nothing says that it is meant",
  );
  await dir.ok(["ingest", "a.csv", "--engine", "duckdb"], { env });
  // Once it has numbers of its own it is known where they are.
  await dir.ok(["stats"], { env });
});

test("backup and restore are for the files of a home, and leave nothing behind", async () => {
  const dir = createWorkdir();
  for (const command of ["backup", "restore"]) {
    const refused = await dir.run([command, "copy"], { env: onServer });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(`numbers ${command} `);
    expect(refused.stderr).toContain("numbers move");
    expect(existsSync(dir.path("copy"))).toBe(false);
  }
});

test("https to a port that does not speak it", async () => {
  const server = await startServer();
  try {
    const url = `${server.url.replace("http:", "https:")}/numbers`;
    const env = { ...onServer, NUMBERS_CLICKHOUSE_URL: url };
    const refused = await createWorkdir().run(["stats"], { env });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("does not speak TLS there: write http:// for this port");
  } finally {
    await server.stop();
  }
});

test("--clickhouse-cluster over its variable", async () => {
  const dir = createWorkdir();
  const env = { ...onServer, NUMBERS_CLICKHOUSE_CLUSTER: "other" };
  const args = ["config", "--clickhouse-cluster", "mine"];
  const { config } = JSON.parse((await dir.ok([...args, "--json"], { env })).stdout);
  expect(config).toContainEqual({
    key: "clickhouse_cluster",
    value: "mine",
    from: "--clickhouse-cluster",
  });
});
