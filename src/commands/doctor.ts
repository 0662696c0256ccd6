/** `numbers doctor`: checks the promises that the home makes. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { exitCode } from "../errors.ts";
import type { Run } from "./run.ts";

export function addDoctor(program: Command, run: Run): Command {
  return program
    .command("doctor")
    .description(
      "Check that every promise of the home holds; exit 5 if one does not. Changes nothing.",
    )
    .action(run("doctor", examine));
}

async function examine(context: Context) {
  const engine = await context.engine();
  const violations = await engine.checkPromises();
  if (context.isJson) context.print({ ok: violations.length === 0, violations });
  for (const { promise, found } of violations) {
    context.terminal.warn(`promise ${promise} is broken: ${found}`);
  }
  if (violations.length > 0) return exitCode.integrity;
  context.terminal.say("all promises hold");
  return undefined;
}
