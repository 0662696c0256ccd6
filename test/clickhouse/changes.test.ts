/** Changes when a lock fails: two of one number, and what is said of a change that was cut off. In memory. */
import { expect, test } from "vitest";
import { createChanges } from "../../src/engine/clickhouse/changes.ts";
import type { Session, Step } from "../../src/engine/clickhouse/session.ts";
import type { Row } from "../../src/engine/session.ts";
import { exitCode, UserError } from "../../src/errors.ts";

type Change = { sequence: bigint; change_id: string; steps: string; state: string };

/** `before` runs ahead of a statement of that name: what another process does, or the server. */
function createLogOf(changes: Change[], before: Record<string, () => void> = {}) {
  const made: string[] = [];
  const session = {
    rows: async (name: string, parameters: Row = {}) => {
      before[name]?.();
      const live = changes.filter(({ state }) => state !== "withdrawn");
      if (name === "select_pending_changes")
        return changes.filter(({ state }) => state === "logged");
      if (name === "select_rivals")
        return live.filter((one) => one.sequence === parameters.sequence);
      return [{ sequence: BigInt(Math.max(0, ...changes.map((one) => Number(one.sequence)))) }];
    },
    run: async (name: string, parameters: Row = {}) => {
      before[name]?.();
      const own = changes.find(({ change_id }) => change_id === parameters.change_id);
      if (name === "insert_change") changes.push({ ...(parameters as Change), state: "logged" });
      if (own && name === "close_change") own.state = "made";
      if (own && name === "withdraw_change") own.state = "withdrawn";
      return 0;
    },
    runStep: async ({ name }: Step) => {
      before[name]?.();
      made.push(name);
    },
  } as unknown as Session;
  return { session, made };
}

const steps = [{ name: "sell", parameters: {}, fragments: {} }];
const theirs = (state: string, change_id = "theirs"): Change => ({
  sequence: 1n,
  change_id,
  steps: JSON.stringify([{ ...steps[0], name: "sell_theirs" }]),
  state,
});
const away = new UserError(exitCode.busy, "http://here does not answer; try again later", {
  cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }),
});
const fail = () => {
  throw away;
};

test("two of one number: the one that finds the other there is taken back and made no more", async () => {
  for (const state of ["logged", "made"]) {
    const changes: Change[] = [];
    const { session, made } = createLogOf(changes, {
      insert_change: () => void changes.push(theirs(state)),
    });
    const own = createChanges("here");
    await own.settle(session);
    await expect(own.make(session, steps)).rejects.toMatchObject({
      exitCode: exitCode.busy,
      message: expect.stringMatching(
        /another process .*\(change 1\); nothing was done, try again$/,
      ),
    });
    expect(made).toEqual([]);
    expect(changes.map((one) => one.state)).toEqual([state, "withdrawn"]);
  }
});

test("one that came late, and whose process died, is not made by the next one", async () => {
  const changes = [theirs("made", "first"), theirs("logged", "late")];
  const { session, made } = createLogOf(changes);
  await createChanges("here").settle(session);
  expect(made).toEqual([]);
  expect(changes.map(({ state }) => state)).toEqual(["made", "withdrawn"]);
});

test("one that somebody else made meanwhile is not made again", async () => {
  const changes: Change[] = [];
  const { session, made } = createLogOf(changes, {
    select_rivals: () => {
      for (const one of changes) one.state = "made";
    },
  });
  const own = createChanges("here");
  await own.settle(session);
  await own.make(session, steps);
  expect(made).toEqual([]);
});

test.each([
  [
    "insert_change",
    /answer; change 1 may be written down and will then be made by the next command: /,
  ],
  [
    "select_rivals",
    /answer; change 1 is written down and will be made by the next command: look with /,
  ],
  ["sell", /answer; change 1 is written down and will be made by the next command: look with /],
  [
    "close_change",
    /answer; change 1 is written down and will be made by the next command: look with /,
  ],
  ["afterwards", /answer; change 1 is made: look with numbers audit show before you do it again$/],
])("a server that goes away at %s", async (where, words) => {
  const { session } = createLogOf([], { [where]: fail });
  const own = createChanges("here");
  await own.settle(session);
  const work = own.follow(async () => {
    await own.make(session, steps);
    await session.rows("afterwards");
  });
  await expect(work).rejects.toMatchObject({
    exitCode: exitCode.busy,
    message: expect.stringMatching(words),
  });
});

test("what fails before any change is told as it is", async () => {
  const own = createChanges("here");
  await expect(own.follow(async () => fail())).rejects.toBe(away);
});
