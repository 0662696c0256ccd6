/** Who goes first where processors are short. */
import { existsSync, readdirSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** Niceness: a third of the time of one who has none (sched(7)). At 10, a tenth, a busy machine would hardly ingest at all. */
const background = 5;
const threads = "/proc/self/task";

/**
 * Lets others go first: somebody waits for an order, at a terminal or behind a pipe; an ingest is mostly cron's. Where
 * nobody else needs the processors it is as fast as ever. To be called before the engine has threads. On Linux each thread
 * has a priority of its own, and a new one its maker's, which may be any of Node's: so all of them step back (sched(7)). A
 * process that was started with a lower priority keeps it.
 */
export function stepBack(): void {
  if (getPriority() >= background) return;
  const ids = existsSync(threads) ? readdirSync(threads).map(Number) : [process.pid];
  for (const id of ids) setPriority(id, background);
}
