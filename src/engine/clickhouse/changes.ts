/**
 * Changes in a database without transactions. A change is written down in one row, with all its statements, before the
 * first of them runs; every statement may be run again. So a change that was cut off is made by whoever holds the lock next,
 * and one that was not written down is nothing.
 *
 * Changes are numbered. The lock lets one process number them at a time; should a lock fail (its holder was stopped for
 * longer than a lock in Keeper lives), two get the same number, and who finds another one there withdraws.
 */
import { randomUUID } from "node:crypto";
import { exitCode, UserError, withoutAdvice } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import type { Row, Session as Shared } from "../session.ts";
import { isPassing } from "./failures.ts";
import { isLostLock } from "./keeper.ts";
import type { Make, Session, Step } from "./session.ts";

/** Numbers the changes of whoever holds the lock, from the last one that is there. */
export type Changes = {
  readonly make: Make;
  settle(session: Session): Promise<void>;
  /** Runs `work`; what fails in it after a change nobody must take for the change's own failure. */
  follow<T>(work: () => Promise<T>): Promise<T>;
};

export function createChanges(host: string): Changes {
  let last: bigint | undefined;
  let made: bigint | undefined;
  return {
    follow: async (work) => {
      made = undefined;
      try {
        return await work();
      } catch (error) {
        const isBusy = error instanceof UserError && error.exitCode === exitCode.busy;
        throw made !== undefined && isBusy && isPassing(error) && !told.has(error)
          ? uncertain(made, "is made", error)
          : error;
      }
    },
    settle: async (session) => {
      await settleChanges(session);
      last = await readLastChange(session);
    },
    make: async (session, steps) => {
      if (last === undefined) throw new Error("a change without the lock");
      const sequence = last + 1n;
      const change = { sequence, change_id: randomUUID() };
      await written(sequence, () =>
        session.run("insert_change", { ...change, host, steps: encode(steps) }),
      );
      await failpoint("change.logged");
      await begun(sequence, async () => {
        const rivals = await session.rows("select_rivals", { sequence });
        if (rivals.length !== 1) {
          await session.run("withdraw_change", change);
          throw overtaken(sequence);
        }
        last = sequence;
        // Who was stopped here for long finds that the next one has made it.
        if (rivals[0]?.state === "logged") await perform(session, change, steps);
      });
      made = sequence;
    },
  };
}

/** That a change was not written down is certain only if the server refused it. */
async function written(sequence: bigint, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError) || !isPassing(error)) throw error;
    throw uncertain(
      sequence,
      "may be written down and will then be made by the next command",
      error,
    );
  }
}

/** What fails from here on is made by the next process: to do it once more would do it twice. */
async function begun(sequence: bigint, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof UserError) || told.has(error)) throw error;
    const fate = isLostLock(error)
      ? "is written down, and is made or taken back by whoever has the lock"
      : "is written down and will be made by the next command";
    throw uncertain(sequence, fate, error);
  }
}

/** Failures that say already what became of the change. */
const told = new WeakSet<Error>();

function uncertain(sequence: bigint, state: string, error: UserError): UserError {
  const said = new UserError(
    error.exitCode,
    `${withoutAdvice(error.message)}; change ${sequence} ${state}: look with numbers audit show before you do it again`,
    { cause: error },
  );
  told.add(said);
  return said;
}

/** The number of the last change that was written down; 0 before the first. */
export async function readLastChange(session: Shared): Promise<bigint> {
  const [row] = await session.rows("read_last_change");
  return BigInt(String(row?.sequence ?? 0));
}

/** Whether something was written down that is not made yet: by a process that is at it, or by one that is dead. */
export async function isPending(session: Shared): Promise<boolean> {
  return (await session.rows("select_pending_changes")).length > 0;
}

/**
 * Makes what others left, under the lock. Of two with one number only the one that was written down first can have gone on:
 * the other would have found it there.
 */
async function settleChanges(session: Session): Promise<void> {
  for (const row of await session.rows("select_pending_changes")) {
    const change = { sequence: row.sequence as bigint, change_id: String(row.change_id) };
    const rivals = await session.rows("select_rivals", { sequence: change.sequence });
    const isLate = rivals.some(({ state }) => state === "made");
    if (isLate) await session.run("withdraw_change", change);
    else await perform(session, change, decode(row));
  }
}

async function perform(
  session: Session,
  change: { readonly sequence: bigint; readonly change_id: string },
  steps: readonly Step[],
): Promise<void> {
  for (const [n, step] of steps.entries()) {
    await session.runStep(step, `${change.change_id}-${n}`, change.sequence);
    await failpoint("change.step-made");
  }
  await session.run("close_change", change);
  await failpoint("change.made");
}

/** JSON has no bigint: it is written as an object with one key. */
function encode(steps: readonly Step[]): string {
  return JSON.stringify(steps, (_, value: unknown) =>
    typeof value === "bigint" ? { $bigint: String(value) } : value,
  );
}

function decode(row: Row): Step[] {
  return JSON.parse(String(row.steps), (_, value: unknown) => {
    const isBigint = typeof value === "object" && value !== null && "$bigint" in value;
    return isBigint ? BigInt(String(value.$bigint)) : value;
  }) as Step[];
}

function overtaken(sequence: bigint): UserError {
  const error = new UserError(
    exitCode.busy,
    `another process changed the database at the same moment, although it was locked (change ${sequence}); ` +
      "nothing was done, try again",
  );
  told.add(error);
  return error;
}
