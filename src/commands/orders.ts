/** `numbers order list|show|export|cancel`: what became of orders, and what can still be done with them. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Engine, Order, OrderState } from "../engine/engine.ts";
import { usageError } from "../errors.ts";
import { loadProviders } from "../intake/providers.ts";
import { hintFor, unknownWord } from "../nearest.ts";
import { parseCount } from "../orders/criteria.ts";
import { defaultOutput, findTarget, requireFile, requireTaker } from "../orders/output.ts";
import { printable } from "../text.ts";
import { localTime, startOfDay } from "../time.ts";
import { count, counted, size } from "../words.ts";
import { handOver, orderJson, reportDelivery, review, warnOfChange, wordsOf } from "./handover.ts";
import { addGlobalOptions, type Run } from "./run.ts";

type ListFlags = {
  readonly limit: string;
  readonly state?: string;
  readonly customer?: string;
  readonly provider?: string;
  readonly since?: string;
};

const anyOrder = {
  state: undefined,
  customer: undefined,
  provider: undefined,
  since: undefined,
};

type ExportFlags = { readonly output?: string; readonly manifest?: boolean };

const states: readonly OrderState[] = ["reserved", "delivered", "cancelled"];

export function addOrderSubcommands(order: Command, run: Run): void {
  addGlobalOptions(
    order
      .command("list")
      .description("List orders, newest first.")
      .optionsGroup("Which orders:")
      .option("--state <state>", "reserved, delivered or cancelled")
      .option("--customer <name>", "of this customer")
      .option("--provider <code>", "with numbers of this provider")
      .option("--since <day>", "made on this day or later, YYYY-MM-DD")
      .option("--limit <n>", "how many at most", "20")
      .action(run<ListFlags>("order list", listOrders)),
  );
  addGlobalOptions(
    order
      .command("show")
      .description("Show one order: what was asked, what it took and from where.")
      .argument("<id>", "the order's id")
      .action(run("order show", showOrder)),
  );
  addGlobalOptions(
    order
      .command("export")
      .description("Deliver an order once more, byte for byte the same.")
      .argument("<id>", "the order's id")
      .optionsGroup("As what:")
      .option(
        "-o, --output <file>",
        "a file, or - for stdout (default: stdout unless it is a terminal)",
      )
      .option("--manifest", "a JSON file beside it: order, criteria, counts, sha256")
      .action(run<ExportFlags>("order export", exportOrder)),
  );
  addGlobalOptions(
    order
      .command("cancel")
      .description("Cancel an order, so that numbers that nobody has seen can be sold again.")
      .argument("<id>", "the order's id")
      .optionsGroup("When somebody has seen them:")
      .option(
        "--disclosed",
        "its numbers are in somebody's hands: cancel it and keep their cooldown",
      )
      .action(run<{ disclosed?: boolean }>("order cancel", cancelOrder)),
  );
}

async function listOrders(context: Context, _args: readonly string[], flags: ListFlags) {
  const { settings } = context;
  const state = states.find((one) => one === flags.state?.toLowerCase());
  if (flags.state !== undefined && state === undefined) {
    throw usageError(unknownWord("--state", flags.state, states));
  }
  const codes = flags.provider === undefined ? [] : loadProviders(settings).expand(flags.provider);
  if (codes.length > 1) {
    throw usageError(`--provider: "${flags.provider}" is ${codes.join(", ")}; name one of them`);
  }
  const query = {
    limit: parseCount(flags.limit, "--limit"),
    state,
    customer: flags.customer,
    provider: codes[0],
    since:
      flags.since === undefined ? undefined : startOfDay(flags.since, settings.timeZone, "--since"),
  };
  const engine = await context.engine();
  const orders = await engine.listOrders(query);
  if (context.isJson) {
    context.print({ orders: orders.map(orderJson) });
    return undefined;
  }
  if (orders.length === 0) {
    const isFiltered = query.state || query.customer || query.provider || query.since;
    const hint = await hintForCustomer(engine, flags.customer);
    context.terminal.say(
      isFiltered
        ? `no such orders${hint}`
        : "no orders yet: numbers order --provider tsel --count 1000",
    );
    return undefined;
  }
  const rows = orders.map((order) => [
    order.orderId,
    localTime(order.reservedAt, context.settings.timeZone).slice(0, "2026-11-20 09:00".length),
    order.state,
    order.providers.join(","),
    count(order.numbers),
    order.customer ?? "",
    order.output ?? "",
  ]);
  const head = ["order", "reserved", "state", "provider", "numbers", "customer", "output"];
  // order show has it.
  context.stdout.write(`${context.table(head, rows, "output")}\n`);
  return undefined;
}

/** A customer who never ordered may be a slip of the pen. */
async function hintForCustomer(engine: Engine, customer: string | undefined): Promise<string> {
  if (customer === undefined) return "";
  const orders = await engine.listOrders({ ...anyOrder, limit: 1000 });
  const known = [...new Set(orders.flatMap((order) => order.customer ?? []))];
  if (known.length === 0 || known.some((name) => name.toLowerCase() === customer.toLowerCase()))
    return "";
  return `: "${customer}" has none. ${hintFor(customer, known)}`;
}

async function showOrder(context: Context, [id = ""]: readonly string[]) {
  const engine = await context.engine();
  const order = await requireOrder(engine, id);
  const files = await engine.readOrderFiles(order.orderId);
  const { returned, credit } = await engine.readReturned(order.orderId);
  if (context.isJson) {
    const { criteriaJson } = await import("../orders/manifest.ts");
    context.print({
      ...orderJson(order),
      returned,
      credit: credit ?? null,
      criteria: criteriaJson(order),
      parts: order.parts ?? null,
      files,
    });
    return undefined;
  }
  const zone = context.settings.timeZone;
  const facts: [string, string][] = [
    ["order", order.orderId],
    ["state", order.state],
    ["provider", order.providers.join(",")],
    ["customer", order.customer ?? "none"],
    ["numbers", `${count(order.numbers)} of ${count(order.requested)} asked for`],
    ["criteria", criteriaWords(order)],
    ["left out", wordsOf(order.excluded)],
    ["reserved", localTime(order.reservedAt, zone)],
  ];
  if (order.deliveredAt) facts.push(["delivered", localTime(order.deliveredAt, zone)]);
  if (returned > 0) facts.push(["returned", `${count(returned)}, credit ${credit ?? "none"}`]);
  if (order.cancelledAt) facts.push(["cancelled", localTime(order.cancelledAt, zone)]);
  if (order.prunedAt) facts.push(["pruned", localTime(order.prunedAt, zone)]);
  if (order.output) facts.push(["output", `${order.output} (${size(order.bytes ?? 0)})`]);
  if (order.sha256) facts.push(["sha256", order.sha256]);
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  const from = files.map((file) => [file.date, file.provider, count(file.numbers), file.path]);
  context.stdout.write(`${lines.map(printable).join("\n")}\n\n`);
  context.stdout.write(`${context.table(["day", "provider", "numbers", "from"], from)}\n`);
  return undefined;
}

/** What was asked for, as the options would say it. */
function criteriaWords({ within, cooldown, selected, synthetic }: Order): string {
  const words = [`within ${within}`, `cooldown ${cooldown}`];
  if (synthetic) words.push("synthetic");
  if (selected.category !== undefined) words.push(`category ${selected.category}`);
  if (selected.prefixes.length > 0) words.push(`prefix ${selected.prefixes.join(",")}`);
  for (const { column, values } of selected.filters) {
    words.push(`${column} = ${values.join(" or ")}`);
  }
  if (selected.pick !== "newest") words.push(`pick ${selected.pick}`);
  if (selected.seed !== undefined) words.push(`seed ${selected.seed}`);
  if (selected.maxSales !== undefined) words.push(`max sales ${selected.maxSales}`);
  return words.join(", ");
}

async function exportOrder(context: Context, [id = ""]: readonly string[], flags: ExportFlags) {
  const started = performance.now();
  const engine = await context.engine();
  const order = await requireOrder(engine, id);
  if (order.state === "cancelled") {
    throw usageError(`order ${id} is cancelled; there is nothing to deliver`);
  }
  const output = flags.output ?? defaultOutput(order, context.stdout.isTTY === true, process.cwd());
  const target = findTarget(output);
  if (order.layout.split !== undefined) requireFile(target, "an order that was split");
  if (flags.manifest) requireFile(target, "--manifest");
  requireTaker(target);
  context.terminal.progress.begin(`looking at order ${id}`);
  const reviewed = await review(context, engine, order);
  const delivered = await handOver(context, engine, reviewed, target, flags.manifest);
  warnOfChange(context, reviewed, delivered);
  const total = (performance.now() - started) / 1000;
  reportDelivery(context, delivered, { reserve: 0, export: total, total });
  return undefined;
}

async function cancelOrder(
  context: Context,
  [id = ""]: readonly string[],
  flags: { disclosed?: boolean },
) {
  const engine = await context.engine();
  const order = await requireOrder(engine, id);
  const keepsCooldown = flags.disclosed ?? false;
  await engine.cancelOrder(order.orderId, keepsCooldown, context.now);
  if (order.disclosed && !keepsCooldown) {
    context.terminal.warn(
      `a delivery of order ${id} had begun: whoever read from it has numbers that can now be sold again`,
    );
  }
  const cancelled = await requireOrder(engine, id);
  if (context.isJson) context.print(orderJson(cancelled));
  else {
    const fate = keepsCooldown ? "keep their cooldown" : "can be sold again";
    context.terminal.say(
      `order ${id} is cancelled; its ${counted(order.numbers, "number")} ${fate}`,
    );
  }
  return undefined;
}

/** Throws a usage error for an id that no order has. */
export async function requireOrder(engine: Engine, id: string): Promise<Order> {
  const order = await engine.findOrder(id);
  if (order) return order;
  const ids = (await engine.listOrders({ ...anyOrder, limit: 1000 })).map(({ orderId }) => orderId);
  throw usageError(
    `there is no order "${id}". ${hintFor(id, ids)} numbers order list shows those that are`,
  );
}
