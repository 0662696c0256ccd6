/** `numbers audit show|verify`: what was done, by whom, and whether the log of it is as it was written. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { exitCode } from "../errors.ts";
import { parseCount } from "../orders/criteria.ts";
import { localTime } from "../time.ts";
import { counted } from "../words.ts";
import { addGlobalOptions, type Run } from "./run.ts";

type ShowFlags = { readonly limit: string; readonly action?: string };

export function addAudit(program: Command, run: Run): void {
  const audit = addGlobalOptions(
    program
      .command("audit")
      .description("Show what was done, by whom and when: a log that only grows."),
  );
  addGlobalOptions(
    audit
      .command("show")
      .description("Show the newest entries, newest first.")
      .optionsGroup("Which entries:")
      .option("--limit <n>", "how many at most", "20")
      .option("--action <name>", "only actions that begin so, such as order or order.cancel")
      .action(run<ShowFlags>("audit show", showAudit)),
  );
  addGlobalOptions(
    audit
      .command("verify")
      .description("Check that no entry was changed, added or taken away.")
      .action(run("audit verify", verifyAudit)),
  );
}

async function showAudit(context: Context, _args: readonly string[], flags: ShowFlags) {
  const limit = parseCount(flags.limit, "--limit");
  const engine = await context.engine();
  const entries = await engine.readAudit(limit, flags.action);
  if (context.isJson) {
    context.print({
      entries: entries.map(({ at, details, ...entry }) => ({
        ...entry,
        at: at.toISOString(),
        details: JSON.parse(details),
      })),
    });
    return undefined;
  }
  if (entries.length === 0) {
    context.terminal.say("no such entries: numbers audit show without --action shows all");
    return undefined;
  }
  const rows = entries.map((entry) => [
    String(entry.sequence),
    localTime(entry.at, context.settings.timeZone),
    entry.actor,
    entry.action,
    entry.subject,
    entry.details,
  ]);
  const head = ["entry", "time", "user", "action", "of", "details"];
  context.stdout.write(`${context.table(head, rows)}\n`);
  return undefined;
}

async function verifyAudit(context: Context) {
  const engine = await context.engine();
  const { progress } = context.terminal;
  progress.begin("reading the log");
  const { entries, head, breach } = await engine.verifyAudit();
  progress.stop();
  if (context.isJson) {
    context.print({
      ok: breach === undefined,
      entries,
      broken_at: breach?.sequence ?? null,
      problem: breach?.kind ?? null,
      head: head ?? null,
    });
  }
  if (breach) {
    const { wordsOfBreach } = await import("../engine/audit.ts");
    context.terminal.warn(
      `${wordsOfBreach(breach)}; ${counted(entries, "entry", "entries")} before it can be trusted. ` +
        "Keep the home as it is and compare it with a backup",
    );
    return exitCode.integrity;
  }
  const end = head ? `; the last is ${head.sequence}, hash ${head.hash}` : "";
  context.terminal.say(`${counted(entries, "entry", "entries")}, all as written${end}`);
  return undefined;
}
