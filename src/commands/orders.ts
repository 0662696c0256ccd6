/** `numbers order list|show|export|cancel`: what became of orders, and what can still be done with them. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Engine, Order } from "../engine/engine.ts";
import { usageError } from "../errors.ts";
import { parseCount } from "../orders/criteria.ts";
import { defaultOutput, deliver, findTarget } from "../orders/delivery.ts";
import { count, counted, size, table } from "../terminal.ts";
import { localTime } from "../time.ts";
import { orderJson, reportDelivery } from "./order.ts";
import { addGlobalOptions, type Run } from "./run.ts";

export function addOrderSubcommands(order: Command, run: Run): void {
  addGlobalOptions(
    order
      .command("list")
      .description("List orders, newest first.")
      .option("--limit <n>", "how many at most", "20")
      .action(run<{ limit: string }>("order list", listOrders)),
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
      .option(
        "-o, --output <file>",
        "a file, or - for stdout (default: stdout unless it is a terminal)",
      )
      .action(run<{ output?: string }>("order export", exportOrder)),
  );
  addGlobalOptions(
    order
      .command("cancel")
      .description("Cancel an order; numbers that nobody has seen can be sold again.")
      .argument("<id>", "the order's id")
      .option(
        "--disclosed",
        "its numbers are in somebody's hands: cancel it and keep their cooldown",
      )
      .action(run<{ disclosed?: boolean }>("order cancel", cancelOrder)),
  );
}

async function listOrders(context: Context, _args: readonly string[], flags: { limit: string }) {
  const engine = await context.engine();
  const orders = await engine.listOrders(parseCount(flags.limit, "--limit"));
  if (context.isJson) {
    context.print({ orders: orders.map(orderJson) });
    return undefined;
  }
  if (orders.length === 0) {
    context.terminal.say("no orders yet: numbers order --provider tsel --count 1000");
    return undefined;
  }
  const rows = orders.map((order) => [
    order.orderId,
    localTime(order.reservedAt, context.settings.timeZone),
    order.state,
    order.providers.join(","),
    count(order.numbers),
    order.customer ?? "",
    order.output ?? "",
  ]);
  const head = ["order", "reserved", "state", "provider", "numbers", "customer", "output"];
  context.stdout.write(`${table(head, rows)}\n`);
  return undefined;
}

async function showOrder(context: Context, [id = ""]: readonly string[]) {
  const engine = await context.engine();
  const order = await requireOrder(engine, id);
  const files = await engine.readOrderFiles(order.orderId);
  const { within, cooldown, layout } = order;
  if (context.isJson) {
    context.print({
      ...orderJson(order),
      criteria: { within, cooldown, ...layout },
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
    ["criteria", `within ${within}, cooldown ${cooldown}${order.synthetic ? ", synthetic" : ""}`],
    [
      "left out",
      Object.entries(order.excluded)
        .map(([kind, n]) => `${count(n)} ${kind}`)
        .join(", "),
    ],
    ["reserved", localTime(order.reservedAt, zone)],
  ];
  if (order.deliveredAt) facts.push(["delivered", localTime(order.deliveredAt, zone)]);
  if (order.cancelledAt) facts.push(["cancelled", localTime(order.cancelledAt, zone)]);
  if (order.output) facts.push(["output", `${order.output} (${size(order.bytes ?? 0)})`]);
  if (order.sha256) facts.push(["sha256", order.sha256]);
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
  const from = files.map((file) => [file.date, file.provider, count(file.numbers), file.path]);
  context.stdout.write(`${lines.join("\n")}\n\n`);
  context.stdout.write(`${table(["day", "provider", "numbers", "from"], from)}\n`);
  return undefined;
}

async function exportOrder(
  context: Context,
  [id = ""]: readonly string[],
  flags: { output?: string },
) {
  const started = performance.now();
  const engine = await context.engine();
  const order = await requireOrder(engine, id);
  if (order.state === "cancelled") {
    throw usageError(`order ${id} is cancelled; there is nothing to deliver`);
  }
  const output = flags.output ?? defaultOutput(order, context.stdout.isTTY === true, process.cwd());
  const delivered = await deliver(order, findTarget(output), {
    engine,
    stdout: context.stdout,
    temporary: context.home().temporary,
    fileMode: context.fileMode,
    now: context.now,
    signal: context.signal,
  });
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
  if (order.state === "cancelled") throw usageError(`order ${id} is cancelled already`);
  if (order.state === "delivered" && !flags.disclosed) {
    throw usageError(
      `order ${id} is delivered: its numbers are in somebody's hands; cancel it with --disclosed, which keeps their cooldown`,
    );
  }
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

async function requireOrder(engine: Engine, id: string): Promise<Order> {
  const order = await engine.findOrder(id);
  if (order) return order;
  throw usageError(`there is no order "${id}"; numbers order list shows those that are`);
}
