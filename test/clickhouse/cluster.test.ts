/**
 * The statements of a cluster: that they are the ones that were looked at, and that the server's parser takes them. After a change of
 * the schema `vitest -u` writes the fixtures anew: read them before they are kept.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Session } from "chdb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clusterSettings, onCluster } from "../../src/engine/clickhouse/cluster.ts";
import { statement } from "../../src/engine/clickhouse/statements.ts";

const root = resolve(import.meta.dirname, "../..");
const cluster = { name: "main", database: "numbers" };

const folder = mkdtempSync(join(tmpdir(), "numbers-cluster-"));
let session: Session;
beforeAll(() => {
  session = new Session(folder);
});
afterAll(() => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
});

const textOf = (name: string, slots: Record<string, string> = {}) =>
  statement(
    name,
    Object.fromEntries(Object.entries(slots).map(([slot, sql]) => [slot, { sql }])),
  ).trim();

const schema = readdirSync(join(root, "sql/clickhouse/schema")).map((file) => {
  const name = file.replace(".sql", "");
  return [name, onCluster(textOf(`schema/${name}`), cluster)] as const;
});

const others = (
  [
    ["create_database", { database: "`numbers`" }],
    ["create_locks", { path: "'/numbers/numbers/lock'" }],
    ["delete_pool_rows"],
    ["delete_withdrawn"],
    ["delete_withdrawn_picks"],
    ["delete_erased", { table: "ledger" }],
    ["delete_erased_rows"],
    ["empty_rows"],
    ["drop_look", { table: "candidates", look: "'a'" }],
    ["drop_look", { table: "blocked", look: "'a'" }],
    ["drop_partition", { table: "pool", day: "'2026-11-20'" }],
    ["drop_table", { table: "pool" }],
    ["select_old_looks"],
    ["select_parts"],
    // As on one server.
    ["renew_lock"],
    ["forget_erasing"],
    ["block_sold", { within: "true" }],
  ] as const
).map(([name, slots]) => [name, onCluster(textOf(name, slots), cluster)] as const);

test.each([...schema, ["statements", others.flatMap(([, all]) => all)] as const])(
  "%s",
  async (name, statements) => {
    const path = join(root, `fixtures/clickhouse/cluster/${name}.sql`);
    await expect(`${statements.join(";\n\n")};\n`).toMatchFileSnapshot(path);
  },
);

test.each([...schema, ...others])("the parser takes %s", (_, statements) => {
  for (const one of statements) {
    // Parsing does not look at values.
    const bound = one.replaceAll(/\{\w+:[^}]+\}/g, "null");
    expect(session.query(`explain ast ${bound}`, "TabSeparatedRaw")).toMatch(/^\w+Query/);
  }
});

test("what the parser does not take, it says", () => {
  expect(() => session.query("explain ast create table t on cluster", "TabSeparatedRaw")).toThrow();
});

test("the server knows the settings", () => {
  const known = session
    .query(
      `select name from system.settings where name in (${Object.keys(clusterSettings)
        .map((name) => `'${name}'`)
        .join(", ")}) order by name`,
      "TabSeparatedRaw",
    )
    .trim()
    .split("\n");
  expect(known).toEqual(Object.keys(clusterSettings).sort());
});

test("tables that are compared by phone are the sharded ones, and no others", () => {
  const distributed = schema.filter(([, statements]) => statements[1]?.includes("Distributed("));
  expect(distributed.map(([name]) => name.replace(/^\d+_/, ""))).toEqual([
    "pool",
    "picks",
    "ledger",
    "candidates",
    "blocked",
  ]);
  const engines = schema.flatMap(([, statements]) =>
    statements.flatMap((one) => /engine = (\w+)/.exec(one)?.[1] ?? []),
  );
  expect(new Set(engines)).toEqual(
    new Set(["ReplicatedReplacingMergeTree", "ReplicatedMergeTree", "Distributed"]),
  );
});
