/** `numbers prune`: drops days of the pool and of the ledger that are older than they have to be kept. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { compareDays } from "../days.ts";
import type { Pruned, PrunedLedger, PrunedPool } from "../engine/keeping.ts";
import { usageError } from "../errors.ts";
import { parseDuration } from "../time.ts";
import { count, counted, size } from "../words.ts";
import type { Run } from "./run.ts";

type PruneFlags = {
  readonly pool?: string;
  readonly ledger?: string;
  readonly dropExports?: boolean;
  readonly dryRun?: boolean;
};

const dayMs = 86_400_000;
/** So many orders are named to people; scripts get all of them. */
const ordersNamed = 5;

export function addPrune(program: Command, run: Run): Command {
  return program
    .command("prune")
    .description("Drop whole days of the pool and of the sold ledger that are older than a window.")
    .optionsGroup("How much is kept:")
    .option("--pool <duration>", "keep so much of the pool, and of the rejects: 7d")
    .option("--ledger <duration>", "keep so much of the sales: 400d")
    .option(
      "--drop-exports",
      "drop days of the pool too that delivered orders came from: these cannot be exported again",
    )
    .optionsGroup("To see it first:")
    .option("--dry-run", "drop nothing, say what would go")
    .action(run<PruneFlags>("prune", prune));
}

async function prune(context: Context, _args: readonly string[], flags: PruneFlags) {
  if (flags.pool === undefined && flags.ledger === undefined) {
    throw usageError(
      "nothing to prune: say how much to keep, such as --pool 7d, --ledger 400d or both",
    );
  }
  if (flags.dropExports && flags.pool === undefined) {
    throw usageError(
      "--drop-exports is about days of the pool: name --pool too, such as --pool 7d",
    );
  }
  const { settings, now } = context;
  const request = {
    poolMs: flags.pool === undefined ? undefined : parseDuration(flags.pool, "--pool"),
    ledger:
      flags.ledger === undefined
        ? undefined
        : {
            windowMs: parseDuration(flags.ledger, "--ledger"),
            cooldownMs: parseDuration(settings.cooldown, "cooldown"),
            returnWindowMs: parseDuration(settings.returnWindow, "return_window"),
          },
    dropsExports: flags.dropExports ?? false,
    isDryRun: flags.dryRun ?? false,
    at: now,
  };
  const engine = await context.engine();
  context.terminal.progress.begin(request.isDryRun ? "looking at the days" : "pruning");
  const pruned = await engine.prune(request);
  context.terminal.progress.stop();
  if (context.isJson) context.print(prunedJson(pruned, request.isDryRun, now));
  else print(context, pruned, request.isDryRun);
  tellOfKept(context, pruned);
  return undefined;
}

function print(context: Context, { pool, ledger, unexportable, database }: Pruned, isDry: boolean) {
  const { stdout, terminal } = context;
  const verb = isDry ? "would go" : "dropped";
  if (pool) {
    const { partitions, kept } = pool;
    const rows = [
      ...partitions.map((one) => [one.date, one.provider, count(one.numbers), verb]),
      ...kept.map((one) => [one.date, one.provider, count(one.numbers), `stays: ${holders(one)}`]),
    ].sort(([a = ""], [b = ""]) => compareDays(a, b));
    if (rows.length > 0) {
      stdout.write(`${context.table(["day", "provider", "numbers", ""], rows)}\n\n`);
    }
    const isNothing = pool.numbers === 0 && pool.files === 0 && pool.rejects.files === 0;
    terminal.say(
      isNothing
        ? `pool before ${pool.since}: nothing ${isDry ? "would go" : "to drop"}`
        : `pool before ${pool.since}: ${poolWords(pool)} ${verb}`,
    );
  }
  if (ledger) {
    const isNothing = ledger.sales === 0 && ledger.orders === 0 && ledger.files === 0;
    const before = `ledger before ${ledger.since.toISOString().slice(0, 10)} (UTC)`;
    terminal.say(
      isNothing
        ? `${before}: nothing ${isDry ? "would go" : "to drop"}`
        : `${before}: ${ledgerWords(ledger)} ${verb}`,
    );
  }
  if (unexportable.length > 0) {
    const named = unexportable.slice(0, ordersNamed).join(", ");
    const more = unexportable.length > ordersNamed ? ", …" : "";
    terminal.say(
      `${counted(unexportable.length, "delivered order")} ${isDry ? "could" : "can"} not be exported any more: ${named}${more}`,
    );
  }
  if (database?.isRenewed) {
    terminal.say(
      `the database went from ${size(database.bytesBefore)} to ${size(database.bytesAfter)}`,
    );
  }
}

function poolWords({ partitions, numbers, files, bytes, rejects }: PrunedPool): string {
  const words =
    `${counted(numbers, "number")} of ${counted(partitions.length, "partition")} ` +
    `(${counted(files, "file")}, ${size(bytes)})`;
  if (rejects.files === 0) return words;
  return `${words} and ${counted(rejects.files, "rejects file")} (${size(rejects.bytes)})`;
}

function ledgerWords({ sales, orders, days, files, bytes }: PrunedLedger): string {
  return (
    `${counted(sales, "sale")} of ${counted(days.length, "day")} and ${counted(orders, "order")} ` +
    `(${counted(files, "file")}, ${size(bytes)})`
  );
}

function holders({ reserved, delivered }: { reserved: number; delivered: number }): string {
  const words = [];
  if (reserved > 0) words.push(`${counted(reserved, "reserved order")}`);
  if (delivered > 0) words.push(`${counted(delivered, "delivered order")}`);
  return `${words.join(" and ")} came from it`;
}

/** What is older than was asked for and stays all the same. What somebody should do something about is a warning. */
function tellOfKept({ terminal }: Context, { pool, ledger }: Pruned): void {
  const reserved = pool?.kept.filter((one) => one.reserved > 0) ?? [];
  const exported = pool?.kept.filter((one) => one.reserved === 0) ?? [];
  if (reserved.length > 0) {
    terminal.warn(
      `${counted(reserved.length, "partition")} older than --pool stay for reserved orders: export or cancel these ` +
        "(numbers order list --state reserved)",
    );
  }
  if (exported.length > 0) {
    terminal.say(
      `${counted(exported.length, "partition")} older than --pool stay, because delivered orders can be exported from ` +
        "them; --drop-exports drops them too",
    );
  }
  if (!ledger) return;
  const tell = (reason: string, say: (line: string) => void, why: string) => {
    const sales = ledger.kept[reason] ?? 0;
    if (sales > 0) say(`${counted(sales, "sale")} older than --ledger stay: ${why}`);
  };
  const { say, warn } = terminal;
  tell("reserved", warn, "their orders are reserved; export or cancel these");
  tell(
    "max_sales",
    warn,
    `${counted(ledger.maxSalesOrders, "order")} inside the window used --max-sales, which counts every sale of a number, ` +
      "however old",
  );
  tell("cooldown", warn, `they are inside a cooldown of ${daysOf(ledger.cooldownMs)}`);
  tell("returnable", say, "their orders were delivered inside the return window");
  tell("never_twice", say, "their customers never have a number twice");
}

function daysOf(ms: number): string {
  return `${Number((ms / dayMs).toFixed(2))}d`;
}

/** A run as scripts see it. */
function prunedJson(pruned: Pruned, isDryRun: boolean, at: Date) {
  const { pool, ledger, unexportable, database } = pruned;
  return {
    at: at.toISOString(),
    dry_run: isDryRun,
    pool: pool
      ? {
          since: pool.since,
          partitions: pool.partitions.map(({ date, provider, numbers }) => ({
            date,
            provider,
            numbers,
          })),
          numbers: pool.numbers,
          files: pool.files,
          bytes: pool.bytes,
          rejects: pool.rejects,
          kept: pool.kept.map(({ date, provider, numbers, reserved, delivered }) => ({
            date,
            provider,
            numbers,
            reserved_orders: reserved,
            delivered_orders: delivered,
          })),
        }
      : null,
    ledger: ledger
      ? {
          since: ledger.since.toISOString(),
          window_since: ledger.asked.toISOString(),
          cooldown_days: ledger.cooldownMs / dayMs,
          days: ledger.days,
          sales: ledger.sales,
          orders: ledger.orders,
          files: ledger.files,
          bytes: ledger.bytes,
          kept: ledger.kept,
        }
      : null,
    unexportable_orders: unexportable,
    database: database
      ? {
          bytes_before: database.bytesBefore,
          bytes_after: database.bytesAfter,
          renewed: database.isRenewed,
        }
      : null,
  };
}
