/** `numbers restore`: a home from a backup, made aside, checked, and then put in its place. */
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Restored } from "../backup/restore.ts";
import type { Context } from "../context.ts";
import { localTime } from "../time.ts";
import { count, counted, size } from "../words.ts";
import type { Run } from "./run.ts";

type RestoreFlags = { readonly ledger?: string };

export function addRestore(program: Command, run: Run): Command {
  return program
    .command("restore")
    .description(
      "Make a home from a backup: into an empty or a new folder, every checksum compared, every promise checked.",
    )
    .argument("<folder>", "where the backup is")
    .optionsGroup("What came after it:")
    .option(
      "--ledger <folder>",
      "the folder ledger of the lost home: sales that came after the backup",
    )
    .action(run<RestoreFlags>("restore", restore));
}

async function restore(context: Context, [folder = ""]: readonly string[], flags: RestoreFlags) {
  const { terminal, settings, now, signal } = context;
  const ledger = flags.ledger === undefined ? undefined : resolve(flags.ledger);
  context.requireEmbedded("restore");
  const { restoreBackup } = await import("../backup/restore.ts");
  const restored = await restoreBackup(resolve(folder), settings.home, ledger, {
    lock: context.lockFile,
    openHome: context.openOther,
    now,
    signal,
    progress: terminal.progress,
  });
  terminal.progress.stop();
  if (context.isJson) context.print(restoredJson(resolve(folder), settings.home, restored));
  const { manifest, counts, bytes, leftovers } = restored;
  terminal.say(
    `${settings.home}: ${counted(manifest.files.length, "file")} (${size(bytes)}) restored, all promises hold: ` +
      `${counted(counts.imports, "import")}, ${counted(counts.numbers, "number")}, ` +
      `${counted(counts.orders, "order")}, ${counted(counts.sales, "sale")}, ${count(counts.suppressed)} suppressed`,
  );
  for (const leftover of leftovers) terminal.say(leftover);
  for (const line of gap(restored, settings.timeZone)) terminal.warn(line);
  return undefined;
}

/** What this home cannot know. */
function gap({ manifest, lastSale, salvaged, adopted }: Restored, timeZone: string): string[] {
  const at = localTime(manifest.madeAt, timeZone);
  const last = lastSale ? `; the last sale it knows of is of ${localTime(lastSale, timeZone)}` : "";
  if (salvaged === 0) {
    return [
      `the backup was made ${at}${last}. What was sold after it is not known here and would be sold again: if the folder ` +
        "ledger of the lost home is still there, remove this home and restore with --ledger",
      "whoever was suppressed, erased or returned after it must be so again",
    ];
  }
  return [
    `the backup was made ${at}${last}. ${counted(salvaged, "file")} of later sales were added: ` +
      `${counted(adopted.length, "order")} are reserved that may have been delivered (numbers order list --state reserved)`,
    "whoever was suppressed, erased or returned after the backup must be so again",
  ];
}

function restoredJson(folder: string, home: string, restored: Restored) {
  const { manifest, bytes, counts, lastSale, salvaged, adopted } = restored;
  return {
    home,
    folder,
    made_at: manifest.madeAt.toISOString(),
    head: manifest.head ?? null,
    files: manifest.files.length,
    bytes,
    ...counts,
    last_sale: lastSale?.toISOString() ?? null,
    salvaged_files: salvaged,
    adopted_orders: adopted,
  };
}
