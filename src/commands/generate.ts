/** `numbers generate`: synthetic source files, marked as such in every row. */
import { chmodSync, renameSync, rmSync, statSync } from "node:fs";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { usageError } from "../errors.ts";
import { loadProviders } from "../intake/providers.ts";
import { parseCount } from "../orders/criteria.ts";
import { findTarget } from "../orders/output.ts";
import { inertProgress } from "../progress.ts";
import { count, seconds } from "../words.ts";
import type { Run } from "./run.ts";

type GenerateFlags = {
  readonly rows?: string;
  readonly size?: string;
  readonly output?: string;
  readonly seed: string;
  readonly provider: string;
  readonly dirty: string;
  readonly duplicates: string;
};

export function addGenerate(program: Command, run: Run): Command {
  return program
    .command("generate")
    .description("Write a synthetic source file: real in shape, marked synthetic=yes in every row.")
    .optionsGroup("How much, and where to:")
    .option("--rows <n>", "how many rows")
    .option("--size <size>", "about how large a file, such as 6GB")
    .option("-o, --output <file>", "a file, or - for stdout")
    .optionsGroup("What is in it:")
    .option("--seed <n>", "the same seed writes the same bytes", "1")
    .option("--provider <code>", "mix, or the provider of all numbers", "mix")
    .option("--dirty <share>", "rows whose phone cell is odd or hopeless", "0.02")
    .option("--duplicates <share>", "rows that repeat an earlier phone", "0.05")
    .action(run<GenerateFlags>("generate", writeSynthetic));
}

async function writeSynthetic(context: Context, _args: readonly string[], flags: GenerateFlags) {
  const started = performance.now();
  const amount = amountOf(flags);
  const providers = loadProviders(context.settings);
  const wanted =
    flags.provider.toLowerCase() === "mix" ? undefined : providers.expand(flags.provider);
  const all = [...providers.prefixes]
    .filter(([, code]) => wanted?.includes(code) ?? true)
    .map(([prefix]) => prefix)
    .sort();
  // A sub-block of five digits has room for a hundredth of the numbers: only for those who have nothing else.
  const whole = all.filter((prefix) => prefix.length === 3);
  const prefixes = whole.length > 0 ? whole : all;
  if (prefixes.length === 0) {
    throw usageError(`--provider: "${flags.provider}" has no prefixes to draw from`);
  }
  const plan = {
    seed: parseSeed(flags.seed),
    prefixes,
    dirty: parseShare(flags.dirty, "--dirty"),
    duplicates: parseShare(flags.duplicates, "--duplicates"),
  };
  if (flags.output === undefined && context.stdout.isTTY) {
    throw usageError("--output: name a file, or - to fill this terminal");
  }
  const { progress } = context.terminal;
  const target = findTarget(flags.output ?? "-");
  let rows: number;
  if (target.kind === "file") {
    const { partOf } = await import("../whole-file.ts");
    const part = partOf(target.path);
    try {
      rows = await context.generate(plan, amount, part, progress, () => bytesIn(part));
      chmodSync(part, context.fileMode);
      renameSync(part, target.path);
    } finally {
      rmSync(part, { force: true });
    }
  } else {
    const { openSink } = await import("../orders/delivery.ts");
    const { pump } = await import("../fifo.ts");
    const sink = await openSink(target, context);
    const isShown = target.kind === "device" || context.stdout.isTTY;
    let bytes = 0;
    try {
      rows = await pump(
        context.home().temporary,
        (path) =>
          context.generate(plan, amount, path, isShown ? inertProgress : progress, () => bytes),
        sink,
        {
          keepsOpen: target.kind === "stdout",
          signal: context.signal,
          onBlock: (block) => {
            bytes += block.length;
          },
        },
      );
    } catch (error) {
      // A reader who has seen enough (`| head`) is no failure.
      if ((error as NodeJS.ErrnoException).code === "EPIPE") return undefined;
      throw error;
    }
  }
  progress.stop();
  const place = target.kind === "stdout" ? "stdout" : target.path;
  const took = (performance.now() - started) / 1000;
  if (context.isJson)
    context.print({ rows, output: place, seconds: took }, target.kind === "stdout");
  else context.terminal.say(`${count(rows)} synthetic rows to ${place} in ${seconds(took)}`);
  return undefined;
}

function bytesIn(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function amountOf({ rows, size }: GenerateFlags): { rows: number } | { bytes: number } {
  if ((rows === undefined) === (size === undefined)) {
    throw usageError("say either --rows N or --size SIZE, such as --rows 1000000 or --size 6GB");
  }
  if (rows !== undefined) return { rows: rows === "0" ? 0 : parseCount(rows, "--rows") };
  const match = /^(\d+(?:\.\d+)?)\s?(k|M|G|T)?B$/i.exec(size ?? "");
  const unit = { k: 1e3, m: 1e6, g: 1e9, t: 1e12 }[match?.[2]?.toLowerCase() ?? ""] ?? 1;
  if (!match) throw usageError(`--size: "${size}" is no size; write it as 6GB, 500MB or 100kB`);
  return { bytes: Number(match[1]) * unit };
}

function parseSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw usageError(`--seed: "${text}" is no seed; write a whole number from 0 to 999999999`);
}

function parseShare(text: string, option: string): number {
  const share = text.trim() === "" ? Number.NaN : Number(text);
  if (share >= 0 && share <= 1) return share;
  throw usageError(`${option}: "${text}" is no share; write 0 to 1, such as 0.02`);
}
