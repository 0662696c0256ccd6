/**
 * Homes of earlier versions, as they were left by those versions: `fixtures/homes/v<n>.tar.gz`. Each is opened by this
 * version, keeps its promises and its orders, and can be sold from.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { createWorkdir, phonesOf, type Workdir } from "../../workdir.ts";

const homes = resolve(import.meta.dirname, "../../../fixtures/homes");

function unpacked(name: string): Workdir {
  const dir = createWorkdir();
  mkdirSync(dir.home, { recursive: true, mode: 0o700 });
  execFileSync("tar", ["-xzf", resolve(homes, name), "-C", dir.home]);
  return dir;
}

/** Of seven tsel numbers each home has sold 2 and reserved 1. */
test.each(readdirSync(homes))("%s", async (name) => {
  const dir = unpacked(name);
  const { orders } = await dir.json(["order", "list"]);
  const [reserved, delivered] = orders;
  expect([reserved.state, delivered.state]).toEqual(["reserved", "delivered"]);
  expect(delivered).toMatchObject({ numbers: 2, withdrawn: 0, key: "first" });
  await dir.checkPromises();
  await dir.ok(["order", "export", delivered.order_id, "-o", "again.csv"]);
  const bytes = readFileSync(dir.path("again.csv"));
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(delivered.sha256);
  await dir.ok(["order", "export", reserved.order_id, "-o", "first.csv"]);
  const { stdout } = await dir.ok(["order", "--provider", "tsel", "--count", "4", "-o", "-"]);
  const phones = [
    ...phonesOf(stdout),
    ...phonesOf(bytes.toString()),
    ...phonesOf(readFileSync(dir.path("first.csv"), "utf8")),
  ];
  expect(new Set(phones).size).toBe(7);
  expect((await dir.run(["order", "--provider", "tsel", "--count", "1"])).code).toBe(4);
  await dir.checkPromises();
});

test("a home of a newer version is refused and left as it is", async () => {
  const dir = createWorkdir();
  await dir.ok(["stats"]);
  const database = `${dir.home}/numbers.duckdb`;
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  await connection.run("insert into meta values ('version', '999')");
  connection.closeSync();
  instance.closeSync();
  const before = readFileSync(database);
  for (const command of [["stats"], ["order", "--provider", "tsel", "--count", "1"]]) {
    const { code, stderr } = await dir.run(command);
    expect(code).toBe(2);
    expect(stderr).toContain("newer numbers");
  }
  expect(readFileSync(database).equals(before)).toBe(true);
});
