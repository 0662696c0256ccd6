/** `numbers compact`: joins the small files of the pool. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { numbered } from "../progress.ts";
import { count, counted, seconds, size } from "../words.ts";
import type { Run } from "./run.ts";

type CompactFlags = { readonly dryRun?: boolean };

export function addCompact(program: Command, run: Run): Command {
  return program
    .command("compact")
    .description(
      "Join the small pool files (below 32 MB) of each day, today included, and provider.",
    )
    .optionsGroup("To see it first:")
    .option("--dry-run", "only say what would be joined")
    .action(run<CompactFlags>("compact", compact));
}

async function compact(context: Context, _args: readonly string[], flags: CompactFlags) {
  const { terminal } = context;
  const dryRun = flags.dryRun === true;
  const started = performance.now();
  const engine = await context.engine();
  terminal.progress.begin("looking for small files");
  const onDay = (date: string, number: number, of: number) =>
    numbered(terminal.progress, number, of).begin(`joining the files of ${date}`);
  const { days, overtaken } = await engine.compact({ at: context.now, dryRun, onDay });
  terminal.progress.stop();
  const sum = (of: (day: (typeof days)[number]) => number) =>
    days.reduce((total, day) => total + of(day), 0);
  const files = sum((day) => day.files);
  const joined = sum((day) => day.joined);
  const bytesBefore = sum((day) => day.bytesBefore);
  const bytesAfter = dryRun ? undefined : sum((day) => day.bytesAfter ?? 0);
  const took = (performance.now() - started) / 1000;
  if (context.isJson) {
    context.print({
      dry_run: dryRun,
      days: days.map((day) => ({
        date: day.date,
        files: day.files,
        joined: day.joined,
        rows: day.rows,
        bytes_before: day.bytesBefore,
        bytes_after: day.bytesAfter ?? null,
      })),
      files,
      joined,
      bytes_before: bytesBefore,
      bytes_after: bytesAfter ?? null,
      overtaken,
      seconds: Number(took.toFixed(3)),
    });
  }
  if (overtaken > 0) {
    terminal.say(
      `${counted(overtaken, "time")} somebody else changed the files of a day meanwhile: it was looked at again`,
    );
  }
  if (days.length === 0) {
    terminal.say("nothing to join");
    return undefined;
  }
  for (const day of days) {
    const after = day.bytesAfter === undefined ? "" : `, ${size(day.bytesAfter)} now`;
    terminal.say(
      `${day.date}: ${counted(day.files, "file")} of ${count(day.rows)} rows into ${count(day.joined)}, ` +
        `${size(day.bytesBefore)}${after}`,
    );
  }
  terminal.say(
    dryRun
      ? `${counted(files, "file")} would become ${count(joined)}; nothing was written`
      : `${counted(files, "file")} became ${count(joined)} in ${seconds(took)}`,
  );
  return undefined;
}
