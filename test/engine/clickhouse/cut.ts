/** Changes that are cut off after each of their statements, and begun again from the first, as the next process does it. */
import { randomUUID } from "node:crypto";
import {
  type Access,
  type AccessOptions,
  createAccess,
} from "../../../src/engine/clickhouse/access.ts";
import { type Make, openSession } from "../../../src/engine/clickhouse/session.ts";
import { connectionTo } from "./access.ts";

/** Later than all that is there. */
let sequence = 1_000n;

const makeInPieces: Make = async (session, steps) => {
  const id = randomUUID();
  sequence += 1n;
  for (let made = 1; made <= steps.length; made += 1) {
    for (const [n, step] of steps.slice(0, made).entries()) {
      await session.runStep(step, `${id}-${n}`, sequence);
    }
  }
  // And all of it once more: it was made, and not noted.
  for (const [n, step] of steps.entries()) await session.runStep(step, `${id}-${n}`, sequence);
};

/** Access to a database that has its tables, for verbs whose changes are cut off wherever they can be. */
export function cutAccess(options: AccessOptions): Access {
  if (options.address.kind !== "folder") throw new Error("cut off in a folder only");
  const connection = connectionTo(options.address.database);
  return {
    ...createAccess(options),
    write: async (work) => {
      const session = await openSession(connection, makeInPieces);
      try {
        return await work(session);
      } finally {
        await session.close();
      }
    },
  };
}
