/** `numbers doctor`: checks the promises that the home makes, and mends what is broken. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Engine } from "../engine/engine.ts";
import type { Rebuilt } from "../engine/recovery.ts";
import { exitCode, usageError } from "../errors.ts";
import { count, counted } from "../words.ts";
import type { Run } from "./run.ts";

type Flags = { readonly repair?: boolean; readonly rebuild?: boolean };

export function addDoctor(program: Command, run: Run): Command {
  return program
    .command("doctor")
    .description("Check that every promise of the home holds.")
    .optionsGroup("To mend it:")
    .option("--repair", "mend what can be mended without a loss, then check")
    .option(
      "--rebuild",
      "make the database anew from the journal and the ledger's files, then check; the old one is kept beside it",
    )
    .action(run("doctor", examine));
}

async function examine(context: Context, _args: readonly string[], flags: Flags) {
  if (flags.repair && flags.rebuild) {
    throw usageError("--repair and --rebuild are two things: first rebuild, then repair");
  }
  const engine = await context.engine();
  const rebuilt = flags.rebuild ? await rebuild(context, engine) : undefined;
  const repaired = flags.repair ? await repair(context, engine) : undefined;
  const { violations, leftovers } = await engine.checkPromises(context.terminal.progress);
  context.terminal.progress.stop();
  if (context.isJson) {
    context.print({ ok: violations.length === 0, violations, leftovers, repaired, rebuilt });
  }
  for (const { promise, found } of violations) {
    context.terminal.warn(`promise ${promise} is broken: ${found}`);
  }
  for (const found of leftovers) context.terminal.say(found);
  if (violations.length > 0) return exitCode.integrity;
  context.terminal.say("all promises hold");
  return undefined;
}

async function repair({ now, terminal }: Context, engine: Engine): Promise<readonly string[]> {
  terminal.progress.begin("mending");
  const done = await engine.repair(now);
  terminal.progress.stop();
  for (const one of done) terminal.say(one);
  if (done.length === 0) terminal.say("nothing to repair");
  return done;
}

async function rebuild({ now, terminal }: Context, engine: Engine) {
  terminal.progress.begin("making the database anew");
  const { imports, orders, sales, suppressed, adopted, replaced }: Rebuilt =
    await engine.rebuild(now);
  terminal.progress.stop();
  terminal.say(
    `made the database anew: ${counted(imports, "import")}, ${counted(orders, "order")}, ` +
      `${counted(sales, "sale")}, ${count(suppressed)} suppressed`,
  );
  for (const orderId of adopted) {
    terminal.warn(
      `order ${orderId} was in ledger/ only: it is reserved now, its numbers count as sold: numbers order export ${orderId}`,
    );
  }
  if (replaced) terminal.say(`the database that was there is kept as ${replaced}`);
  return {
    imports,
    orders,
    sales,
    suppressed,
    adopted_orders: adopted,
    replaced_database: replaced ?? null,
  };
}
