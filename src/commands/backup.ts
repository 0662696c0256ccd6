/** `numbers backup`: a copy of the home that is proved by checksums, made while others work; and reading one again. */
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Backup } from "../backup/backup.ts";
import { noteBackup } from "../backup/last-backup.ts";
import type { Verdict } from "../backup/verify.ts";
import type { Context } from "../context.ts";
import { exitCode, messageOf } from "../errors.ts";
import { localTime } from "../time.ts";
import { version } from "../version.ts";
import { count, counted, seconds, size } from "../words.ts";
import type { Run } from "./run.ts";

type BackupFlags = { readonly verify?: boolean };

export function addBackup(program: Command, run: Run): Command {
  return program
    .command("backup")
    .description("Back the home up into a folder, best on another disk, while others work.")
    .argument("<folder>", "where the backup is to be: empty, new, or a backup of this home")
    .optionsGroup("To read one again:")
    .option("--verify", "change nothing: compare every file of the backup with its checksum")
    .action(
      run<BackupFlags>("backup", (context, [folder = ""], flags) =>
        flags.verify ? verify(context, resolve(folder)) : backup(context, resolve(folder)),
      ),
    );
}

async function backup(context: Context, folder: string) {
  const { terminal, settings, now, signal } = context;
  const started = performance.now();
  context.requireEmbedded("backup");
  const { makeBackup } = await import("../backup/backup.ts");
  const made = await makeBackup(folder, {
    engine: () => context.engine(),
    lock: context.lockFile,
    home: settings.home,
    numbers: version(),
    now,
    signal,
    progress: terminal.progress,
  });
  terminal.progress.stop();
  try {
    noteBackup(settings.home, context.home().temporary, folder, now);
  } catch (error) {
    terminal.warn(
      `the backup is whole, but that it was made could not be noted: ${messageOf(error)}`,
    );
  }
  const took = (performance.now() - started) / 1000;
  if (context.isJson) context.print(backupJson(folder, settings.home, made, took));
  const { copied, unchanged, removed } = made;
  const gone = removed.files > 0 ? `, ${counted(removed.files, "older one")} removed` : "";
  terminal.say(
    `${folder}: ${counted(copied.files, "file")} copied (${size(copied.bytes)}), ` +
      `${count(unchanged.files)} unchanged (${size(unchanged.bytes)})${gone}, in ${seconds(took)}`,
  );
  return undefined;
}

function backupJson(folder: string, home: string, made: Backup, took: number) {
  const { manifest, copied, unchanged, removed } = made;
  return {
    folder,
    home,
    made_at: manifest.madeAt.toISOString(),
    head: manifest.head ?? null,
    files: copied.files + unchanged.files,
    bytes: copied.bytes + unchanged.bytes,
    copied,
    unchanged,
    removed,
    ...manifest.counts,
    last_sale: manifest.lastSale?.toISOString() ?? null,
    seconds: Math.round(took * 1000) / 1000,
  };
}

async function verify(context: Context, folder: string) {
  const { terminal, settings, signal } = context;
  const { verifyBackup } = await import("../backup/verify.ts");
  const verdict = await verifyBackup(folder, {
    lock: context.lockFile,
    signal,
    progress: terminal.progress,
  });
  terminal.progress.stop();
  const { manifest, problems, leftOver } = verdict;
  if (context.isJson) context.print(verdictJson(folder, verdict));
  for (const { stored, found } of problems) terminal.warn(`${stored} ${found}`);
  if (leftOver > 0) {
    terminal.say(
      `${counted(leftOver, "file")} of an interrupted backup; the next one uses or removes them`,
    );
  }
  const made = `the backup of ${localTime(manifest.madeAt, settings.timeZone)}`;
  if (problems.length > 0) {
    terminal.warn(
      `${made} in ${folder} is not as it was written: ${counted(problems.length, "file")}. Delete what is damaged or too ` +
        "many; numbers backup copies again what is missing, while the home has it",
    );
    return exitCode.integrity;
  }
  terminal.say(`${made} is as it was written: ${counted(manifest.files.length, "file")}`);
  return undefined;
}

function verdictJson(folder: string, { manifest, problems, leftOver }: Verdict) {
  return {
    ok: problems.length === 0,
    folder,
    made_at: manifest.madeAt.toISOString(),
    head: manifest.head ?? null,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    left_over: leftOver,
    problems: problems.map(({ stored, problem, found }) => ({ path: stored, problem, found })),
  };
}
