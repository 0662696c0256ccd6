/** The writer's lock in the server's Keeper, by statements: a table of the engine KeeperMap, in strict mode. */
import { readFileSync, statSync } from "node:fs";
import { codeOf, isNodeThere } from "./failures.ts";
import type { LockStore } from "./keeper.ts";
import type { Session } from "./session.ts";
import { text } from "./statements.ts";

/** Whether the server keeps locks for all hosts; makes the table where it does. Not to be called inside a change. */
export async function hasKeeper(session: Session): Promise<boolean> {
  const [found] = await session.rows("find_locks");
  if (Number(found?.tables) > 0) return true;
  try {
    await session.run("create_locks", {}, { path: text(`/numbers/${found?.database}/lock`) });
    return true;
  } catch (error) {
    // BAD_ARGUMENTS: its configuration has no keeper_map_path_prefix. READONLY, ACCESS_DENIED: nobody made it, so nobody relies
    // on it.
    if (/^(36|164|497)$/.test(codeOf(error) ?? "")) return false;
    throw error;
  }
}

/** The lock of the session's database. The session tries each statement once, and not for long. */
export function storeOn(session: Session): LockStore {
  return {
    insert: async (row, lifeMs) => {
      try {
        await session.run("insert_lock", { ...row, life_ms: lifeMs });
        return true;
      } catch (error) {
        if (isNodeThere(error)) return false;
        throw error;
      }
    },
    find: async () => {
      const [row] = await session.rows("find_lock");
      return (
        row && {
          token: String(row.token),
          owner: String(row.owner),
          place: String(row.place),
          isOver: Number(row.is_over) === 1,
        }
      );
    },
    renew: (token, lifeMs) => unlessChanged(session.run("renew_lock", { token, life_ms: lifeMs })),
    remove: (token) => unlessChanged(session.run("remove_lock", { token })),
  };
}

/** In strict mode Keeper refuses to touch a row that somebody changed meanwhile; what it is then, the next `find` says. */
async function unlessChanged(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!/Bad version|No node/i.test(String(error))) throw error;
  }
}

/**
 * What tells a file apart from all others, as long as the kernel runs that keeps its locks. Empty where the system does
 * not say which start of the kernel this is: names of hosts are no proof, they come twice.
 */
export function placeOf(path: string): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const { dev, ino } = statSync(path, { bigint: true });
    return `${boot} ${dev}:${ino}`;
  } catch {
    return "";
  }
}
