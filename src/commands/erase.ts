/** `numbers erase`: a person out of everything that is kept, and never in again. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Erasure } from "../engine/erasures.ts";
import { usageError } from "../errors.ts";
import { nationalNumbersIn } from "../intake/rejects-file.ts";
import { localTime } from "../time.ts";
import { count, counted } from "../words.ts";
import { readPhones } from "./phones.ts";
import type { Run } from "./run.ts";

type EraseFlags = { readonly reason?: string; readonly resume?: boolean };

const reasonLengthMost = 200;

export function addErase(program: Command, run: Run): Command {
  return program
    .command("erase")
    .description(
      "Erase persons from pool, ledger, rejects and suppression, for ever, and print a receipt.",
    )
    .argument("[phones...]", "numbers in any written form, or - to read them from standard input")
    .optionsGroup("The erasure:")
    .option("--reason <text>", "why: it is kept with the erasure")
    .option("--resume", "finish what was interrupted")
    .action(run<EraseFlags>("erase", erase));
}

async function erase(context: Context, args: readonly string[], flags: EraseFlags) {
  if (flags.resume && args.length > 0) {
    throw usageError("--resume takes no numbers: it finishes what was begun before");
  }
  const phones = flags.resume ? [] : await requirePhones(args, context.signal);
  const reason = flags.resume ? "" : requireReason(flags.reason, phones);
  const { progress } = context.terminal;
  progress.begin(flags.resume ? "erasing" : `erasing ${counted(phones.length, "person")}`);
  const engine = await context.engine();
  const erasures = await engine.erase({ phones, reason, at: context.now });
  progress.stop();
  if (context.isJson) context.print({ erasures: erasures.map(erasureJson), finished: true });
  else if (erasures.length === 0) context.terminal.say("no erasure was interrupted");
  else context.stdout.write(receipt(context, erasures));
  return undefined;
}

/** Each number once. An error names its place, not the number. */
async function requirePhones(args: readonly string[], signal: AbortSignal): Promise<bigint[]> {
  const phones = new Set<bigint>();
  for (const [index, typed] of (await readPhones(args, process.stdin, signal)).entries()) {
    if ("phone" in typed) phones.add(typed.phone);
    else {
      throw usageError(
        `number ${index + 1} is no single Indonesian mobile number (${typed.reason}); nobody was erased: ` +
          "write each one by itself, such as 081200000001",
      );
    }
  }
  return [...phones];
}

function requireReason(reason: string | undefined, phones: readonly bigint[]): string {
  const text = reason?.trim() ?? "";
  if (text === "" || text.length > reasonLengthMost || /\p{Cc}/u.test(text)) {
    throw usageError(
      `--reason: say in 1 to ${reasonLengthMost} characters why, such as --reason "asked by mail"`,
    );
  }
  const written = new Set(nationalNumbersIn(text));
  if (phones.some((phone) => written.has(String(phone).slice(2)))) {
    throw usageError("--reason: it holds the number that is to be erased; write it without");
  }
  return text;
}

function erasureJson(erasure: Erasure) {
  return {
    erasure_id: erasure.erasureId,
    reason: erasure.reason,
    erased_at: erasure.erasedAt.toISOString(),
    repeated: erasure.isRepeated,
    pool_rows: erasure.poolRows,
    pool_files: erasure.poolFiles,
    ledger_rows: erasure.ledgerRows,
    rejects_rows: erasure.rejectsRows,
    suppressions: erasure.suppressions,
  };
}

/** Without a number: who asked for it knows whose it is, in the order of their erasures. */
function receipt(context: Context, erasures: readonly Erasure[]): string {
  const repeated = erasures.filter(({ isRepeated }) => isRepeated).length;
  const since = repeated > 0 ? `, ${count(repeated)} of them erased already` : "";
  const rows = erasures.map((erasure) => [
    erasure.erasureId,
    `${erasure.isRepeated ? "since " : ""}${localTime(erasure.erasedAt, context.settings.timeZone)}`,
    count(erasure.poolRows),
    count(erasure.poolFiles),
    count(erasure.ledgerRows),
    count(erasure.rejectsRows),
    count(erasure.suppressions),
    erasure.reason,
  ]);
  const head = [
    "erasure",
    "erased",
    "pool rows",
    "pool files",
    "ledger rows",
    "rejects rows",
    "suppressions",
    "reason",
  ];
  return `${counted(erasures.length, "person")} erased${since}\n\n${context.table(head, rows)}\n`;
}
