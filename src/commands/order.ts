/** `numbers order`: takes numbers, marks them sold, delivers them. */
import { dirname } from "node:path";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Availability, Engine } from "../engine/engine.ts";
import { exitCode, UserError, usageError } from "../errors.ts";
import { newId } from "../ids.ts";
import { loadProviders } from "../intake/providers.ts";
import {
  checkCategory,
  checkColumns,
  checkFilters,
  type OrderFlags,
  type OrderPlan,
  planOrder,
} from "../orders/criteria.ts";
import {
  defaultOutput,
  findTarget,
  requireFile,
  requireTaker,
  type Target,
} from "../orders/output.ts";
import { requireSame } from "../orders/repeated.ts";
import { hasPlenty, needsOfOrder, requireSpace } from "../space.ts";
import { count, counted } from "../words.ts";
import { requireAny, tellIfEmpty } from "./empty.ts";
import { excludedJson, handOver, reportDelivery, review, wordsOf } from "./handover.ts";
import type { Run } from "./run.ts";

export type OrderCommandFlags = OrderFlags & {
  readonly provider?: string;
  readonly dryRun?: boolean;
  readonly manifest?: boolean;
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
    .option("--category <name>", "of this category")
    .option("--prefix <list>", "that begin so: 0812,0813")
    .option("--filter <column=value>", "whose column has this value (repeatable)", repeated)
    .option("--pick <which>", "newest, oldest or random (default newest)")
    .option("--seed <n>", "the same seed draws the same numbers from the same pool")
    .option("--max-sales <n>", "sold less often than this in their life")
    .option("--synthetic", "take generated test numbers, and only those")
    .option("--allow-partial", "take what there is when it is less than --count")
    .optionsGroup("For whom, and as what:")
    .option("--customer <name>", "who gets them")
    .option("--key <text>", "the same key again delivers the same order")
    .option(
      "-o, --output <file>",
      "a file, or - for stdout (default: stdout unless it is a terminal); {id} {provider} {date} {count} {customer} are filled",
    )
    .option("--split <n>", "several files of n numbers each: numbers-001.csv, …")
    .option("--manifest", "a JSON file beside it: order, criteria, counts, sha256")
    .option(
      "--format <format>",
      "csv, tsv, jsonl, parquet or txt (default: by the file's name, else csv)",
    )
    .option("--columns <list>", "all, phone, or names: phone,name,city:kota (default all)")
    .option(
      "--safe-cells",
      "for spreadsheets: an apostrophe before cells that would be formulas (csv, tsv)",
    )
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
  const { randomInt } = await import("node:crypto");
  const providers = loadProviders(context.settings).expand(flags.provider);
  const plan = planOrder(
    providers,
    { ...flags, count: flags.count ?? "1" },
    context.settings,
    context.now,
    () => randomInt(2 ** 47),
  );
  if (flags.dryRun)
    return dryRun(context, plan, flags.count === undefined ? undefined : plan.count);
  const named = flags.output === undefined ? undefined : findTarget(flags.output);
  if (flags.split !== undefined) requireFile(named, "--split");
  if (flags.manifest) requireFile(named, "--manifest");
  requireTaker(named);

  const { progress } = context.terminal;
  progress.begin("looking at the pool");
  const engine = await context.engine();
  await checkNames(engine, plan);
  await checkSpace(context, engine, plan, named);
  if (plan.criteria.maxSales !== undefined) await warnOfPruned(context, engine);
  progress.begin(`reserving ${counted(plan.count, `${providers.join(",")} number`)}`);
  const filling = await engine.fillOrder({
    ...plan,
    orderId: newId(context.now),
    key: flags.key,
    allowPartial: flags.allowPartial ?? false,
    at: context.now,
  });
  if (filling.outcome === "short") {
    await requireAny(context, engine, plan.count);
    throw shortage(plan, filling.availability);
  }
  let { order } = filling;
  if (filling.outcome === "repeated") {
    requireSame(order, plan);
    context.terminal.say(`order ${order.orderId} has this key already: delivering it again`);
    order = await review(context, engine, order);
  }
  const reserved = performance.now();

  const target =
    named ?? findTarget(defaultOutput(order, context.stdout.isTTY === true, process.cwd()));
  const delivered = await handOver(context, engine, order, target, flags.manifest);
  const ended = performance.now();
  reportDelivery(context, delivered, {
    reserve: (reserved - started) / 1000,
    export: (ended - reserved) / 1000,
    total: (ended - started) / 1000,
  });
  return undefined;
}

/** Before anything is sold: that the home has room for the order, and the disk of its file for that. */
async function checkSpace(
  context: Context,
  engine: Engine,
  { count: numbers, criteria, layout }: OrderPlan,
  target: Target | undefined,
): Promise<void> {
  const home = context.home().folder;
  const path = target?.kind === "file" ? target.path : undefined;
  if (hasPlenty(numbers, path === undefined ? [home] : [home, dirname(path)])) return;
  const { pool } = await engine.readStats(criteria.importedSince, criteria.soldSince);
  const eligible = pool.filter(
    ({ provider, synthetic, recent }) =>
      recent > 0 && synthetic === criteria.synthetic && criteria.providers.includes(provider),
  );
  // A count that is too large is for the order to refuse.
  const most = eligible.reduce((sum, { recent }) => sum + recent, 0);
  const delivery = path === undefined ? undefined : { path, isWide: layout.columns === "all" };
  requireSpace(needsOfOrder(Math.min(numbers, most), home, delivery, eligible));
}

/** A number may have been sold more often than the ledger still knows. */
async function warnOfPruned(context: Context, engine: Engine): Promise<void> {
  const since = await engine.readLedgerStart();
  if (since === undefined) return;
  const day = since.toISOString().slice(0, 10);
  context.terminal.warn(`--max-sales counts sales since ${day}: older ones were pruned`);
}

function repeated(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** A category that nobody knows, and columns that no list in the window has, are a mistake and not a shortage. */
async function checkNames(engine: Engine, { layout, criteria }: OrderPlan): Promise<void> {
  if (criteria.category !== undefined) {
    checkCategory(criteria.category, await engine.readCategories());
  }
  if (layout.columns === "all" && criteria.filters.length === 0) return;
  const known = await engine.readColumns(criteria);
  checkFilters(criteria, known);
  checkColumns(layout, known);
}

async function dryRun(context: Context, plan: OrderPlan, requested: number | undefined) {
  const { progress } = context.terminal;
  progress.begin("counting");
  const engine = await context.engine();
  await checkNames(engine, plan);
  const terms = await engine.admitOrder(plan.criteria.customer, plan.count, context.now);
  const { available, excluded, otherKind } = await engine.countCandidates(
    { ...plan.criteria, customer: terms.customer, neverTwice: terms.neverTwice },
    context.now,
  );
  progress.stop();
  const provider = plan.criteria.providers.join(",");
  if (context.isJson) {
    context.print({
      provider,
      requested: requested ?? null,
      available,
      excluded: excludedJson(excluded),
    });
  }
  const numbers = counted(available, `${provider} number`);
  context.terminal.say(`${numbers} could be sold now`, numbers);
  context.terminal.say(`left out: ${wordsOf(excluded)}`);
  if (available === 0) {
    await tellIfEmpty(context, engine);
    explainOtherKind(context, plan, otherKind);
  }
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
