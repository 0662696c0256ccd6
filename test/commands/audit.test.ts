/** The audit log: what it shows, and that nobody changes it unseen. */
import { cpSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorkdir, list, type Workdir } from "../workdir.ts";

/** A home with four entries: two imports, an order and its delivery. */
async function homeWithLog(removes?: (remove: () => void) => void): Promise<Workdir> {
  const dir = createWorkdir(removes);
  dir.write("a.csv", list("812", 20));
  dir.write("b.csv", list("813", 20));
  await dir.ok(["ingest", "a.csv", "b.csv"]);
  await dir.ok(["order", "--provider", "tsel", "--count", "5", "-o", "o.csv"]);
  return dir;
}

/** What somebody does who has the database open in another program. */
async function tamper(dir: Workdir, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(`${dir.home}/numbers.duckdb`);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

test("shows the newest entries first, those of one action, and no phone number", async () => {
  const dir = await homeWithLog();
  const { entries } = await dir.json(["audit", "show"]);
  expect(entries.map(({ action }: { action: string }) => action)).toEqual([
    "order.deliver",
    "order.reserve",
    "import.publish",
    "import.publish",
  ]);
  expect(entries[1]).toMatchObject({
    sequence: 3,
    at: "2026-11-20T02:00:00.000Z",
    details: { requested: 5, numbers: 5 },
    previous: entries[2].hash,
  });
  const { entries: last } = await dir.json(["audit", "show", "--limit", "1", "--action", "import"]);
  expect(last).toMatchObject([{ sequence: 2 }]);
  const shown = (await dir.ok(["audit", "show"])).stdout;
  expect(shown).toMatch(/^entry +time +user +action/);
  expect(shown).toContain("2026-11-20 09:00:00");
  expect(shown + JSON.stringify(entries)).not.toMatch(/8(12|13)0000/);
  expect((await dir.run(["audit", "show", "--limit", "0"])).code).toBe(2);
});

test("of an empty home: nothing, and nothing wrong with it", async () => {
  const dir = createWorkdir();
  expect(await dir.json(["audit", "show"])).toEqual({ entries: [] });
  expect(await dir.json(["audit", "verify"])).toEqual({
    ok: true,
    entries: 0,
    broken_at: null,
    problem: null,
    head: null,
  });
  expect((await dir.run(["audit"])).code).toBe(2);
});

test("is whole as it was written, and says which entry is the last", async () => {
  const dir = await homeWithLog();
  const [newest] = (await dir.json(["audit", "show"])).entries;
  expect(await dir.json(["audit", "verify"])).toEqual({
    ok: true,
    entries: 4,
    broken_at: null,
    problem: null,
    head: { sequence: 4, hash: newest.hash },
  });
  await dir.checkPromises();
});

describe("what was done to it is found", () => {
  let whole: Workdir;
  beforeAll(async () => {
    whole = await homeWithLog((remove) => afterAll(remove));
  });

  function copyOfHome(): Workdir {
    const dir = createWorkdir();
    cpSync(whole.home, dir.home, { recursive: true });
    return dir;
  }

  /** [what, as SQL, the first entry that is not as it was, what became of it] */
  const deeds: [string, string, number, string][] = [
    [
      "one byte of the details",
      "update audit set details = replace(details::varchar, '\"requested\":5', '\"requested\":6')::json where sequence = 3",
      3,
      "changed",
    ],
    [
      "a blank in the details",
      "update audit set details = (details::varchar || ' ')::json",
      1,
      "changed",
    ],
    ["the user", "update audit set actor = actor || 'x' where sequence = 2", 2, "changed"],
    [
      "the time, by a second",
      "update audit set done_at = done_at + interval 1 second where sequence = 4",
      4,
      "changed",
    ],
    ["a hash", "update audit set hash = repeat('0', 64) where sequence = 4", 4, "changed"],
    ["an entry taken from the middle", "delete from audit where sequence = 2", 2, "missing"],
    ["the first one taken away", "delete from audit where sequence = 1", 1, "missing"],
    ["the last one cut off", "delete from audit where sequence = 4", 4, "missing"],
    ["all cut off", "delete from audit", 1, "missing"],
    [
      "the gap closed by counting anew",
      "delete from audit where sequence = 2; update audit set sequence = sequence - 1 where sequence > 2",
      2,
      "changed",
    ],
    ["one twice", "insert into audit select * from audit where sequence = 2", 2, "repeated"],
    [
      "one more at the end",
      "insert into audit select * replace (5 as sequence) from audit where sequence = 4",
      5,
      "added",
    ],
    [
      "the last one cut off and the note with it",
      "delete from audit where sequence = 4; delete from meta where key = 'audit_head'",
      3,
      "unmarked",
    ],
  ];

  test.each(deeds)("%s", async (_what, sql, sequence, problem) => {
    const dir = copyOfHome();
    await tamper(dir, sql);
    const verified = await dir.run(["audit", "verify", "--json"]);
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: false, broken_at: sequence, problem });
    expect(verified.code).toBe(5);
    expect(verified.stderr).toContain(`entry ${sequence} of the audit log`);
    const doctor = await dir.run(["doctor"]);
    expect(doctor.code).toBe(5);
    expect(doctor.stderr).toContain(`entry ${sequence} of the audit log`);
  });

  test("and stays found when work goes on: the next entry does not close the gap", async () => {
    const dir = copyOfHome();
    await tamper(dir, "delete from audit where sequence = 4");
    await dir.ok(["order", "--provider", "tsel", "--count", "5", "-o", "p.csv"]);
    const verified = await dir.run(["audit", "verify", "--json"]);
    expect(verified.code).toBe(5);
    expect(JSON.parse(verified.stdout)).toMatchObject({ broken_at: 4, problem: "missing" });
  });
});
