/** Changes that are cut off, made twice, or made by two at once, in real tables. An error stands for the end of the process. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createLog, verifyAudit } from "../../../src/engine/catalog/audit.ts";
import { addSource, readSources, setSource } from "../../../src/engine/catalog/sources.ts";
import { createAccess } from "../../../src/engine/clickhouse/access.ts";
import { createChanges, isPending } from "../../../src/engine/clickhouse/changes.ts";
import { type Make, openSession, type Session } from "../../../src/engine/clickhouse/session.ts";
import { armFailpoint } from "../../../src/failpoints.ts";
import { closeHome, type Home, openHome } from "../../../src/home.ts";
import { clickhouseAccessTo, connectionTo, freshDatabase } from "./access.ts";

const now = new Date("2026-11-20T02:00:00Z");
const log = createLog("test", () => undefined);
const terms = { basis: "contract", contact: undefined, expires: undefined };
const add = (session: Session, name: string) => addSource(session, log, name, terms, now);

const folder = mkdtempSync(join(tmpdir(), "numbers-changes-"));
let home: Home;
let database: string;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A database with tables and one change in it, and the home that it belongs to. */
beforeEach(async () => {
  database = freshDatabase();
  home = openHome(join(folder, database), "test");
  onTestFinished(() => closeHome(home));
  await createAccess(clickhouseAccessTo(home, database)).write((session) => add(session, "first"));
});

/** As the next process comes to the database. */
function next<T>(work: (session: Session) => Promise<T>): Promise<T> {
  return createAccess(clickhouseAccessTo(home, database)).write(work);
}

/** What is there, and whether each source has its entry in the log. */
async function found() {
  return next(async (session) => ({
    sources: (await readSources(session)).map(({ name, basis }) => `${name} ${basis}`),
    audit: await verifyAudit(session).then(({ entries, breach }) => breach ?? entries),
    isPending: await isPending(session),
  }));
}

async function withSession<T>(make: Make, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(connectionTo(database), make);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

const nothing = { sources: ["first contract"], audit: 1, isPending: false };
const whole = { sources: ["first contract", "second contract"], audit: 2, isPending: false };

describe("a change that is cut off", () => {
  test.each(["transaction.begun", "transaction.written"])("at %s was never", async (point) => {
    armFailpoint(`${point}=EIO`);
    await expect(next((session) => add(session, "second"))).rejects.toThrow("EIO");
    expect(await found()).toEqual(nothing);
    expect(await next((session) => add(session, "second"))).toBe(true);
    expect(await found()).toEqual(whole);
  });

  test.each([
    "change.logged=EIO",
    "change.step-made=EIO@1",
    "change.step-made=EIO@2",
    "change.step-made=EIO@3",
    "change.made=EIO",
  ])("at %s is made by whoever comes next", async (point) => {
    armFailpoint(point);
    await expect(next((session) => add(session, "second"))).rejects.toThrow("EIO");
    expect(await found()).toEqual(whole);
    expect(await next((session) => add(session, "second"))).toBe(false);
    expect(await found()).toEqual(whole);
  });

  test("again while it is mended, is mended by the one after", async () => {
    armFailpoint("change.logged=EIO");
    await expect(next((session) => add(session, "second"))).rejects.toThrow("EIO");
    armFailpoint("change.step-made=EIO@2");
    await expect(next(readSources)).rejects.toThrow("EIO");
    expect(await found()).toEqual(whole);
  });

  test("is told to be pending to those who only read", async () => {
    armFailpoint("change.step-made=EIO");
    await expect(next((session) => add(session, "second"))).rejects.toThrow("EIO");
    expect(await withSession(createChanges("test").make, isPending)).toBe(true);
  });

  test("by a failure in its work is nothing", async () => {
    const fails = next((session) =>
      session.transaction(async () => {
        await session.run("write_audit_head", { value: "9 x" });
        throw new Error("no");
      }),
    );
    await expect(fails).rejects.toThrow("no");
    expect(await found()).toEqual(nothing);
  });
});

test("steps may be made twice, one by one and all over again", async () => {
  const make: Make = async (session, steps) => {
    for (const round of [1, 2]) {
      for (const [n, step] of steps.entries()) {
        for (const time of [1, 2]) {
          await session.runStep(step, `${round}-${n}-${time}`, 1_000n);
        }
      }
    }
  };
  await withSession(make, async (session) => {
    await add(session, "second");
    await setSource(session, log, "SECOND", { basis: "changed" }, now);
    await setSource(session, log, "second", { expires: "2026-12-31" }, now);
  });
  expect(await found()).toEqual({
    ...nothing,
    sources: ["first contract", "second changed"],
    audit: 4,
  });
});

describe("two that hold the lock at once", () => {
  /** Both saw the same last change. */
  async function bothSettled(work: (a: Session, b: Session) => Promise<void>): Promise<void> {
    const [one, other] = [createChanges("one"), createChanges("other")];
    await withSession(one.make, (a) =>
      withSession(other.make, async (b) => {
        await one.settle(a);
        await other.settle(b);
        await work(a, b);
      }),
    );
  }

  test("the later one finds the number taken and withdraws", async () => {
    await bothSettled(async (a, b) => {
      await add(a, "second");
      const refused = {
        exitCode: 6,
        message: expect.stringContaining("nothing was done, try again"),
      };
      await expect(add(b, "third")).rejects.toMatchObject(refused);
      // Its number is still behind: it has to come again with the lock.
      await expect(add(b, "third")).rejects.toMatchObject(refused);
    });
    expect(await found()).toEqual(whole);
    expect(await next((session) => add(session, "third"))).toBe(true);
  });

  test("one that dies before it looked is made, and the other was refused", async () => {
    await bothSettled(async (a, b) => {
      armFailpoint("change.logged=EIO");
      await expect(add(a, "second")).rejects.toThrow("EIO");
      await expect(add(b, "third")).rejects.toMatchObject({ exitCode: 6 });
    });
    expect(await found()).toEqual(whole);
  });

  test("one that dies before it saw that another was made is nothing", async () => {
    await bothSettled(async (a, b) => {
      await add(a, "second");
      armFailpoint("change.logged=EIO");
      await expect(add(b, "third")).rejects.toThrow("EIO");
    });
    expect(await found()).toEqual(whole);
  });

  test.each([
    ["change.logged=EIO", "before it looked"],
    ["change.step-made=EIO", "half made"],
  ])("of two that die the first is made, at %s (%s)", async (point) => {
    await bothSettled(async (a, b) => {
      armFailpoint(point);
      await expect(add(a, "second")).rejects.toThrow("EIO");
      armFailpoint("change.logged=EIO");
      await expect(add(b, "third")).rejects.toThrow("EIO");
    });
    expect(await found()).toEqual(whole);
    expect(await next((session) => add(session, "third"))).toBe(true);
  });
});

test("a change without the lock is a defect", async () => {
  await withSession(createChanges("test").make, async (session) => {
    await expect(add(session, "second")).rejects.toThrow("a change without the lock");
  });
  expect(await found()).toEqual(nothing);
});

test("a change may hold any value", async () => {
  const odd = `it's "odd" \\ {{slot}} {name:String} \u{1F418}\n\t`;
  await next((session) =>
    session.transaction(async () => {
      await session.run("insert_source", {
        ...{
          name: odd,
          basis: null,
          contact: odd,
          expires: "2026-12-31",
          added_at: now.toISOString(),
        },
      });
      await session.run("insert_import_categories", {
        ...{ import_id: "i", categories: [odd, ""], numbers: [2n ** 62n, -1n] },
      });
    }),
  );
  expect(await next(readSources)).toMatchObject([{ name: "first" }, { name: odd, contact: odd }]);
  expect(await next((session) => session.rows("count_categories"))).toMatchObject([
    { category: odd, numbers: 2n ** 62n },
    { category: "", numbers: -1n, imports: 0n },
  ]);
});
