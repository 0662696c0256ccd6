/** What commands say of a home that has nothing in it yet. */
import type { Context } from "../context.ts";
import type { Engine, Stats } from "../engine/engine.ts";
import { exitCode, UserError } from "../errors.ts";
import { howToBegin } from "../help/begin.ts";
import { counted } from "../words.ts";

/** Nothing came in yet. A pool that was pruned to nothing has sales. */
export function isEmpty({ pool, ledger }: Stats): boolean {
  return pool.length === 0 && ledger.numbers === 0;
}

/** Says how to begin, in three lines. */
export function tellToBegin({ terminal, settings }: Context): void {
  for (const line of howToBegin(`the home ${settings.home} is empty`)) terminal.say(line);
}

/** The same for a command that found nothing and does not know yet why. Resolves to whether the home is empty. */
export async function tellIfEmpty(context: Context, engine: Engine): Promise<boolean> {
  const found = isEmpty(await engine.readStats(context.now, context.now));
  if (found) tellToBegin(context);
  return found;
}

/** Throws a shortage that says how to begin, when the home is empty: there another window would not help. */
export async function requireAny(context: Context, engine: Engine, asked: number): Promise<void> {
  if (!isEmpty(await engine.readStats(context.now, context.now))) return;
  throw new UserError(
    exitCode.shortage,
    `asked for ${counted(asked, "number")}, and the home ${context.settings.home} is empty: begin with numbers ingest ` +
      "list.csv (to try: numbers generate --rows 10000 -o list.csv). Nothing was sold",
  );
}
