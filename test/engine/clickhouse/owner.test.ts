/** Whose a database is: one home writes to it, others may look; and a home knows its own database again. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type AccessOptions, createAccess } from "../../../src/engine/clickhouse/access.ts";
import { wordsOf } from "../../../src/engine/clickhouse/address.ts";
import { writeMark } from "../../../src/engine/clickhouse/owner.ts";
import { readPlace, requirePlace, writePlace } from "../../../src/engine/place.ts";
import type { Home } from "../../../src/home.ts";
import { clickhouseAccessTo, freshDatabase } from "./access.ts";

function home(): Home {
  const folder = mkdtempSync(join(tmpdir(), "numbers-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const [database, pool, ledger, rejects] = ["numbers.duckdb", "pool", "ledger", "rejects"].map(
    (name) => join(folder, name),
  ) as [string, string, string, string];
  return { folder, temporary, database, pool, ledger, rejects };
}

const nothing = async () => undefined;

function use(options: AccessOptions) {
  const { read, write } = createAccess(options);
  return { read: () => read(nothing), write: () => write(nothing) };
}

test("the first home that writes owns it, and both know it", async () => {
  const database = freshDatabase();
  const first = home();
  const options = clickhouseAccessTo(first, database);
  await use(options).write();
  const place = readPlace(first);
  expect(place).toEqual({
    home: expect.stringMatching(/^[0-9a-f-]{36}$/),
    engine: "clickhouse",
    where: wordsOf(options.address),
    database: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  await use(options).write();
  expect(readPlace(first)).toEqual(place);
  // Forgetting the flag sells nothing.
  expect(() => requirePlace(first, "duckdb", "order")).toThrow("are in ClickHouse at");
  expect(() => requirePlace(first, "duckdb", "stats")).toThrow("are in ClickHouse at");
  expect(() => requirePlace(first, "clickhouse", "order")).not.toThrow();
  // No password stands in it.
  expect(readFileSync(join(first.folder, "engine.json"), "utf8")).not.toContain("@");
});

test("another home is refused where the lock is a file in the first one", async () => {
  const database = freshDatabase();
  await use(clickhouseAccessTo(home(), database)).write();
  const other = home();
  const options = clickhouseAccessTo(other, database);
  await expect(use(options).write()).rejects.toThrow("belongs to another home");
  await expect(use(options).write()).rejects.toMatchObject({ exitCode: 2 });
  await use(options).read();
  expect(readPlace(other)).toBeUndefined();
});

test("an address that leads to another database is refused, for looking too", async () => {
  const own = home();
  await use(clickhouseAccessTo(own, freshDatabase())).write();
  const strange = freshDatabase();
  await use(clickhouseAccessTo(home(), strange)).write();
  for (const [database, words] of [
    [strange, "is another one"],
    [freshDatabase(), "holds no numbers"],
  ] as const) {
    const { read, write } = use(clickhouseAccessTo(own, database));
    await expect(write()).rejects.toThrow(words);
    await expect(read()).rejects.toThrow(words);
    await expect(read()).rejects.toMatchObject({ exitCode: 2 });
  }
});

test("a home that was stopped while it made a database its own goes on", async () => {
  const database = freshDatabase();
  const own = home();
  const options = clickhouseAccessTo(own, database);
  await use(options).write();
  const place = readPlace(own);
  // Both ends: before the database knew it, and before the home knew that it does.
  const { database: claiming = "", ...before } = place ?? { home: "", engine: "clickhouse" };
  writePlace(own, { ...before, claiming });
  await use(options).write();
  expect(readPlace(own)).toEqual(place);
  const fresh = { ...options, address: { ...options.address, database: freshDatabase() } };
  writePlace(own, { ...before, claiming });
  await use(fresh).write();
  expect(readPlace(own)?.database).toBe(claiming);
});

test("while its numbers come or go nobody writes, and what is old is not looked at", async () => {
  const options = clickhouseAccessTo(home(), freshDatabase());
  await use(options).write();
  const mark = (key: "arriving" | "leaving" | "left", value: string) =>
    createAccess({ ...options, isMover: true }).write((session) =>
      session.transaction(() => writeMark(session, key, value)),
    );
  const move = JSON.stringify({ id: "m", home: "h", where: "/srv/numbers", since: "2026-11-20" });
  for (const [key, words] of [
    ["arriving", "is being filled with the numbers of /srv/numbers"],
    ["leaving", "are being moved to /srv/numbers"],
    ["left", "were moved to /srv/numbers"],
  ] as const) {
    await mark(key, move);
    await expect(use(options).write()).rejects.toThrow(words);
    if (key === "leaving") await use(options).read();
    else await expect(use(options).read()).rejects.toThrow(words);
    await mark(key, "");
    await use(options).write();
  }
});
