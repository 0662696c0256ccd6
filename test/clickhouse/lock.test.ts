/** The lock in Keeper, its decisions alone: a store in memory, and a clock that the test moves. */
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  type Clock,
  type Hold,
  type LockRow,
  type LockStore,
  meaningOf,
  tryHold,
} from "../../src/engine/clickhouse/keeper.ts";

const times = { lifeMs: 40_000, trustMs: 30_000, beatMs: 10_000 };
const owner = { name: "process 1 on here", place: "boot 1:2" };
const other = { name: "process 2 on there", place: "boot 1:3" };

type World = { store: LockStore; clock: Clock; pass(ms: number): Promise<void>; row(): unknown };

/** `broken` says which calls fail now, as those to a server that is away. */
function createWorld(broken: Set<string> = new Set()): World {
  let now = 0;
  let row: (Omit<LockRow, "isOver"> & { expiresAt: number }) | undefined;
  const sleepers = new Set<{ until: number; wake: () => void }>();
  const asked = async (name: string) => {
    if (broken.has(name)) throw new Error(`${name}: away`);
  };
  return {
    row: () => row,
    store: {
      insert: async (given, lifeMs) => {
        await asked("insert");
        if (row) return false;
        row = { ...given, expiresAt: now + lifeMs };
        if (broken.has("answer")) throw new Error("the answer got lost");
        return true;
      },
      find: async () => {
        await asked("find");
        return row && { ...row, isOver: row.expiresAt < now };
      },
      renew: async (token, lifeMs) => {
        await asked("renew");
        if (row?.token === token) row.expiresAt = now + lifeMs;
      },
      remove: async (token) => {
        await asked("remove");
        if (row?.token === token) row = undefined;
      },
    },
    clock: {
      now: () => now,
      pause: (ms, signal) =>
        new Promise((done) => {
          const sleeper = { until: now + ms, wake: done };
          sleepers.add(sleeper);
          if (!signal.aborted) signal.onabort = () => done();
        }),
    },
    pass: async (ms) => {
      const end = now + ms;
      for (;;) {
        const next = [...sleepers].sort((a, b) => a.until - b.until)[0];
        if (!next || next.until > end) break;
        sleepers.delete(next);
        now = Math.max(now, next.until);
        next.wake();
        for (let n = 0; n < 5; n += 1) await turn();
      }
      now = end;
    },
  };
}

/** A stop: time passes and no heartbeat beats. */
function stopped(world: World): World {
  const pause: Clock["pause"] = (_, signal) =>
    new Promise((done) => signal.addEventListener("abort", () => done()));
  return { ...world, clock: { ...world.clock, pause } };
}

async function hold(world: World, who = owner, token = who.name): Promise<Hold> {
  const found = await tryHold(world.store, who, token, times, world.clock);
  if ("holder" in found) throw new Error(`held by ${found.holder}`);
  return found;
}

const tryFor = (world: World, who = other) =>
  tryHold(world.store, who, who.name, times, world.clock);

describe("what a row means", () => {
  const row = { token: "a", owner: "x", place: "boot 1:2", isOver: false };
  test.each([
    ["free", undefined, "b", ""],
    ["mine", row, "a", ""],
    ["taken", row, "b", ""],
    ["taken", row, "b", "boot 1:3"],
    ["left", row, "b", "boot 1:2"],
    ["left", { ...row, isOver: true }, "b", ""],
    // A system that cannot tell its files apart proves nothing.
    ["taken", { ...row, place: "" }, "b", ""],
  ] as const)("%s", (meaning, found, token, place) => {
    expect(meaningOf(found, token, place)).toBe(meaning);
  });
});

test("one holds it, the other is told who does, and gets it afterwards", async () => {
  const world = createWorld();
  const held = await hold(world);
  expect(await tryFor(world)).toEqual({ holder: owner.name });
  held.requireHeld();
  await held.release();
  expect(world.row()).toBeUndefined();
  await hold(world, other);
});

test("it lives for as long as its holder renews it", async () => {
  const world = createWorld();
  const held = await hold(world);
  for (let n = 0; n < 20; n += 1) {
    await world.pass(10_000);
    held.requireHeld();
    expect(await tryFor(world)).toEqual({ holder: owner.name });
  }
});

test("the holder of a dead process's home takes it at once, another one when it is over", async () => {
  const world = createWorld();
  await hold(stopped(world));
  const again = await hold(stopped(world), { ...owner, name: "process 3 on here" });
  again.requireHeld();
  expect(await tryFor(world)).toEqual({ holder: "process 3 on here" });
  await world.pass(40_000);
  expect(await tryFor(world)).toEqual({ holder: "process 3 on here" });
  await world.pass(1);
  await hold(world, other);
});

test("a holder that was stopped does nothing more, before the next one may have it", async () => {
  const world = createWorld();
  const held = await hold(stopped(world));
  await world.pass(30_000);
  held.requireHeld();
  await world.pass(1);
  expect(() => held.requireHeld()).toThrow(/not this process's any more.*more than 30 s/);
  expect(await tryFor(world)).toEqual({ holder: owner.name });
});

test("the release of one that was overtaken leaves the next one's lock alone", async () => {
  const world = createWorld();
  const held = await hold(stopped(world));
  await world.pass(40_001);
  const next = await hold(world, other);
  await held.release();
  next.requireHeld();
  expect(world.row()).toMatchObject({ token: other.name });
  expect(() => held.requireHeld()).toThrow();
});

test("a heartbeat that finds another token ends the holding at once", async () => {
  const world = createWorld();
  const held = await hold(world);
  await world.store.remove(owner.name);
  await world.store.insert({ token: "x", owner: "x", place: "" }, 40_000);
  await world.pass(9_000);
  held.requireHeld();
  await world.pass(1_001);
  expect(() => held.requireHeld()).toThrow("not this process's any more");
  await held.release();
  expect(world.row()).toMatchObject({ token: "x" });
});

test("a server that is away for a moment ends nothing, one that stays away does", async () => {
  const broken = new Set<string>();
  const world = createWorld(broken);
  const held = await hold(world);
  broken.add("renew");
  await world.pass(25_000);
  held.requireHeld();
  broken.delete("renew");
  await world.pass(10_000);
  held.requireHeld();
  broken.add("find");
  await world.pass(30_000);
  expect(() => held.requireHeld()).toThrow("not this process's any more");
});

test("an insert whose answer was lost is found again by its token, and lives anew", async () => {
  const broken = new Set(["answer"]);
  const world = createWorld(broken);
  await expect(hold(world)).rejects.toThrow("the answer got lost");
  broken.clear();
  await world.pass(39_000);
  const held = await hold(world);
  await world.pass(5_000);
  held.requireHeld();
  expect(await tryFor(world)).toEqual({ holder: owner.name });
});

test("a release that does not succeed is no failure: the lock ends by itself", async () => {
  const broken = new Set<string>();
  const world = createWorld(broken);
  const held = await hold(world);
  broken.add("remove");
  await held.release();
  broken.clear();
  await world.pass(40_001);
  await hold(world, other);
});
