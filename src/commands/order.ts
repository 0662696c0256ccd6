/** `numbers order`: takes numbers, marks them sold, delivers them. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Availability, Order } from "../engine/engine.ts";
import { exitCode, UserError, usageError } from "../errors.ts";
import { newId } from "../ids.ts";
import { loadProviders } from "../intake/providers.ts";
import { checkColumns, type OrderFlags, type OrderPlan, planOrder } from "../orders/criteria.ts";
import { type Delivered, defaultOutput, deliver, findTarget } from "../orders/delivery.ts";
import { count, counted, seconds, size } from "../terminal.ts";
import type { Run } from "./run.ts";

export type OrderCommandFlags = OrderFlags & {
  readonly provider?: string;
  readonly dryRun?: boolean;
};

export function addOrder(program: Command, run: Run): Command {
  return program
    .command("order")
    .description("Take distinct sellable numbers, newest first, mark them sold and deliver them.")
    .usage("--provider CODE --count N [options]")
    .optionsGroup("Which numbers:")
    .option(
      "--provider <codes>",
      "tsel, isat, tri, xl, axis, sf, … or synonyms; several with commas",
    )
    .option("--count <n>", "how many")
    .option("--within <duration>", "imported within this time (default 3d)")
    .option("--cooldown <duration>", "not sold within this time (default 30d)")
    .option("--synthetic", "take generated test numbers, and only those")
    .option("--allow-partial", "take what there is when it is less than --count")
    .optionsGroup("For whom, and as what:")
    .option("--customer <name>", "who gets them")
    .option("--key <text>", "the same key again delivers the same order")
    .option(
      "-o, --output <file>",
      "a file, or - for stdout (default: stdout unless it is a terminal)",
    )
    .option(
      "--format <format>",
      "csv, tsv, jsonl, parquet or txt (default: by the file's name, else csv)",
    )
    .option("--columns <list>", "all, phone, or names: phone,name,city:kota (default all)")
    .option("--phone-format <form>", "digits 6281…, e164 +6281… or national 081… (default digits)")
    .option("--dry-run", "sell nothing; count what could be taken")
    .action(run("order", takeOrder));
}

async function takeOrder(context: Context, _args: readonly string[], flags: OrderCommandFlags) {
  const started = performance.now();
  if (flags.provider === undefined)
    throw usageError("--provider: name one, such as --provider tsel");
  if (flags.count === undefined && !flags.dryRun) {
    throw usageError("--count: say how many, such as --count 1000000");
  }
  const providers = loadProviders(context.settings.home).expand(flags.provider);
  const plan = planOrder(
    providers,
    { ...flags, count: flags.count ?? "1" },
    context.settings,
    context.now,
  );
  if (flags.dryRun)
    return dryRun(context, plan, flags.count === undefined ? undefined : plan.count);
  const named = flags.output === undefined ? undefined : findTarget(flags.output);

  const engine = await context.engine();
  if (plan.layout.columns !== "all") {
    checkColumns(plan.layout, await engine.readColumns(plan.criteria));
  }
  const filling = await engine.fillOrder({
    ...plan,
    orderId: newId(context.now),
    key: flags.key,
    allowPartial: flags.allowPartial ?? false,
    at: context.now,
  });
  if (filling.outcome === "short") throw shortage(plan, filling.availability);
  const { order } = filling;
  if (filling.outcome === "repeated") checkRepeated(order, plan, context);
  const reserved = performance.now();

  const target =
    named ?? findTarget(defaultOutput(order, context.stdout.isTTY === true, process.cwd()));
  const delivered = await deliver(order, target, {
    engine,
    stdout: context.stdout,
    temporary: context.home().temporary,
    fileMode: context.fileMode,
    now: context.now,
    signal: context.signal,
  });
  const ended = performance.now();
  reportDelivery(context, delivered, {
    reserve: (reserved - started) / 1000,
    export: (ended - reserved) / 1000,
    total: (ended - started) / 1000,
  });
  return undefined;
}

async function dryRun(context: Context, plan: OrderPlan, requested: number | undefined) {
  const engine = await context.engine();
  const { available, excluded, otherKind } = await engine.countCandidates(
    plan.criteria,
    context.now,
  );
  const provider = plan.criteria.providers.join(",");
  if (context.isJson) {
    context.print({
      provider,
      requested: requested ?? null,
      available,
      excluded,
    });
  }
  context.terminal.say(`${counted(available, `${provider} number`)} could be sold now`);
  context.terminal.say(`left out: ${wordsOf(excluded)}`);
  if (available === 0) explainOtherKind(context, plan, otherKind);
  if (requested !== undefined && available < requested) {
    context.terminal.warn(
      `that is ${count(requested - available)} too few for ${count(requested)}`,
    );
  }
  return undefined;
}

function explainOtherKind(context: Context, plan: OrderPlan, otherKind: number): void {
  if (otherKind === 0) return;
  const kind = plan.criteria.synthetic ? "real" : "synthetic";
  context.terminal.warn(`there are ${count(otherKind)} ${kind} numbers, which are never mixed in`);
}

function shortage(plan: OrderPlan, { available, excluded, otherKind }: Availability): UserError {
  const providers = plan.criteria.providers.join(",");
  if (available === 0 && otherKind > 0 && !plan.criteria.synthetic) {
    return new UserError(
      exitCode.policy,
      `the pool has only synthetic ${providers} numbers (${count(otherKind)} in the last ${plan.within}); ` +
        "they are for tests: take them with --synthetic. Nothing was sold",
    );
  }
  return new UserError(
    exitCode.shortage,
    `asked for ${counted(plan.count, `${providers} number`)}, there are ${count(available)} in the last ` +
      `${plan.within} (left out: ${wordsOf(excluded)}). Nothing was sold; take what there is with ` +
      "--allow-partial, look further back with --within, or ingest more",
  );
}

function wordsOf({ sold, suppressed, duplicate, expired }: Availability["excluded"]): string {
  return `${count(sold)} sold, ${count(suppressed)} suppressed, ${count(duplicate)} duplicate, ${count(expired)} expired`;
}

/** A key promises the same order: what asks for something else under it is a mistake, not a repetition. */
function checkRepeated(order: Order, plan: OrderPlan, context: Context): void {
  const was = `${counted(order.requested, `${order.providers.join(",")} number`)}`;
  if (order.state === "cancelled") {
    throw usageError(`--key: order ${order.orderId} of this key is cancelled; use a new key`);
  }
  const isSame =
    order.requested === plan.count &&
    order.providers.join() === plan.criteria.providers.join() &&
    order.customer === plan.criteria.customer &&
    JSON.stringify(order.layout) === JSON.stringify(plan.layout);
  if (!isSame) {
    throw usageError(
      `--key: order ${order.orderId} of this key is for ${was}, with other options; ` +
        `repeat them, use a new key, or export it: numbers order export ${order.orderId}`,
    );
  }
  context.terminal.say(`order ${order.orderId} has this key already: delivering it again`);
}

/** The summary of a delivery; its JSON goes to stderr when stdout carries the numbers. */
export function reportDelivery(
  context: Context,
  delivered: Delivered,
  took: {
    readonly reserve: number;
    readonly export: number;
    readonly total: number;
  },
): void {
  const { order, output, bytes, sha256 } = delivered;
  if (context.isJson) {
    context.print({ ...orderJson(order), output, bytes, sha256, seconds: took }, output === "-");
    return;
  }
  const place = output === "-" ? "stdout" : output;
  context.terminal.say(
    `order ${order.orderId}: ${counted(order.numbers, `${order.providers.join(",")} number`)}, ` +
      `${size(bytes)} to ${place} in ${seconds(took.total)}`,
  );
  if (order.numbers < order.requested) {
    context.terminal.warn(
      `that is ${count(order.requested - order.numbers)} fewer than the ${count(order.requested)} asked for`,
    );
  }
}

/** An order as scripts see it. */
export function orderJson(order: Order) {
  return {
    order_id: order.orderId,
    state: order.state,
    provider: order.providers.join(","),
    customer: order.customer ?? null,
    requested: order.requested,
    numbers: order.numbers,
    output: order.output ?? null,
    bytes: order.bytes ?? null,
    sha256: order.sha256 ?? null,
    excluded: order.excluded,
    synthetic: order.synthetic,
    key: order.key ?? null,
    reserved_at: order.reservedAt.toISOString(),
    delivered_at: order.deliveredAt?.toISOString() ?? null,
    cancelled_at: order.cancelledAt?.toISOString() ?? null,
  };
}
