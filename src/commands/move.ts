/** `numbers move`: carries the numbers of a home from one engine to the other, and proves that all has arrived. */
import { type Command, Option } from "commander";
import type { Context } from "../context.ts";
import type { Moved } from "../engine/move/move.ts";
import { type EngineName, engineNames } from "../engine/names.ts";
import { usageError } from "../errors.ts";
import { count, counted, seconds } from "../words.ts";
import type { Run } from "./run.ts";

type MoveFlags = { readonly to?: EngineName; readonly cancel?: boolean };

export function addMove(program: Command, run: Run): Command {
  return program
    .command("move")
    .description("Move all numbers of the home, sold ones and lists too, to the other engine.")
    .optionsGroup("Where to:")
    .addOption(
      new Option("--to <engine>", "the engine that keeps them from now on").choices(engineNames),
    )
    .optionsGroup("To stay:")
    .option("--cancel", "give up a move that is not done: the numbers stay where they were")
    .action(run<MoveFlags>("move", move));
}

async function move(context: Context, _args: readonly string[], { to, cancel }: MoveFlags) {
  if (cancel && to !== undefined) throw usageError("--to and --cancel: say one of them");
  if (cancel) return giveUp(context);
  if (to === undefined) {
    throw usageError(
      `where to? Write --to ${engineNames.join(" or --to ")}; --cancel gives up a move that is not done`,
    );
  }
  const { terminal } = context;
  const started = performance.now();
  const moved = await (await context.mover()).move(to);
  terminal.progress.stop();
  const took = (performance.now() - started) / 1000;
  if (context.isJson) context.print(documentOf(moved, took));
  if (moved.verified) {
    const { numbers, poolFiles, sales, rows } = moved.verified;
    terminal.say(
      `moved ${counted(numbers, "number")} in ${counted(poolFiles, "pool file")}, ${counted(sales, "sale")}, ` +
        `${counted(rows.orders ?? 0, "order")} and ${count(suppressed(moved))} suppressed to ${moved.where} in ` +
        `${seconds(took)}; both sides hold the same`,
    );
  } else {
    terminal.say(`the numbers are at ${moved.where}${moved.isThere ? " already" : ""}`);
  }
  if (moved.aside !== undefined) {
    terminal.say(
      `what the home had is in ${moved.aside} below it: no erasure reaches it any more, so delete it when all is well`,
    );
  }
  if (moved.left !== undefined) {
    terminal.say(
      `${moved.left} holds the numbers still: no erasure reaches them any more, so drop that database when all is well`,
    );
  }
  terminal.say(`from now on: --engine ${to}`);
  return undefined;
}

function suppressed({ verified }: Moved): number {
  return (verified?.rows.suppression ?? 0) + (verified?.rows.suppressed_digests ?? 0);
}

function documentOf({ to, where, id, isResumed, isThere, verified, aside }: Moved, took: number) {
  return {
    to,
    where,
    move_id: id ?? null,
    resumed: isResumed,
    already: isThere,
    verified: verified
      ? {
          pool_files: verified.poolFiles,
          numbers: verified.numbers,
          sales: verified.sales,
          picks: verified.picks,
          rows: verified.rows,
        }
      : null,
    kept: aside ?? null,
    seconds: Math.round(took * 1000) / 1000,
  };
}

async function giveUp(context: Context) {
  const { terminal } = context;
  const { where, to, left } = await (await context.mover()).cancel();
  if (context.isJson) context.print({ cancelled: true, where, to, left: left ?? null });
  if (left !== undefined) {
    terminal.warn(
      `what was carried to ${to} could not be removed there (${left}): it is marked, and nobody can sell from it; ` +
        "the next move into it begins anew",
    );
  }
  terminal.say(`the move is given up: the numbers are at ${where}, as before`);
  return undefined;
}
