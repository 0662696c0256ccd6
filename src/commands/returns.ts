/** `numbers order return`: takes bad numbers of an order back, credits them, and never sells them again. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { type ReturnReason, returnReasons } from "../engine/returns.ts";
import { usageError } from "../errors.ts";
import { newId } from "../ids.ts";
import { loadProviders } from "../intake/providers.ts";
import { unknownWord } from "../nearest.ts";
import type { ReturnReport } from "../orders/returns.ts";
import { parseShare } from "../settings.ts";
import { parseDuration } from "../time.ts";
import { count, counted } from "../words.ts";
import { requireOrder } from "./orders.ts";
import { addGlobalOptions, type Run } from "./run.ts";

type ReturnFlags = {
  readonly reason?: string;
  readonly returnWindow?: string;
  readonly maxReturnRate?: string;
  readonly phoneColumn?: string;
};

export function addReturn(order: Command, run: Run): void {
  addGlobalOptions(
    order
      .command("return")
      .description(
        "Take bad numbers of a delivered order back, credit them at its price and never sell them again.",
      )
      .argument("<id>", "the order's id")
      .argument("<file>", "the numbers: a list as ingest takes it, or -")
      .optionsGroup("What came back:")
      .option(
        "--reason <reason>",
        `${returnReasons.slice(0, -1).join(", ")} or ${returnReasons.at(-1)}`,
      )
      .option("--phone-column <name>", "the column that holds the phone, by name or number")
      .optionsGroup("How much is taken back:")
      .option("--return-window <duration>", "so long after the delivery (default 30d)")
      .option("--max-return-rate <share>", "of the order, all its returns together (default 0.5)")
      .action(run<ReturnFlags>("order return", returnNumbers)),
  );
}

async function returnNumbers(
  context: Context,
  [id = "", path = ""]: readonly string[],
  flags: ReturnFlags,
) {
  const { settings, now, signal } = context;
  const { progress } = context.terminal;
  const reason = parseReason(flags.reason);
  const window = flags.returnWindow ?? settings.returnWindow;
  const maxRate =
    flags.maxReturnRate === undefined
      ? settings.maxReturnRate
      : parseShare(flags.maxReturnRate, "--max-return-rate");
  const deliveredSince = new Date(now.getTime() - parseDuration(window, "--return-window"));
  const engine = await context.engine();
  const order = await requireOrder(engine, id);

  // The libraries behind it take a tenth of a second to load: only for those who return something.
  const { takeBack } = await import("../orders/returns.ts");
  const { prefixes } = loadProviders(settings);
  const converter = await context.openConverter({ provider: undefined, prefixes });
  const request = {
    returnId: newId(now),
    orderId: order.orderId,
    reason,
    deliveredSince,
    window,
    maxRate,
    at: now,
  };
  try {
    const { profile } = context;
    const effects = {
      ...{ home: context.home(), engine, converter },
      ...{ progress, signal, profile },
    };
    const report = await takeBack(order, path, flags.phoneColumn, request, effects);
    progress.stop();
    tell(context, order.orderId, reason, report);
  } finally {
    progress.stop();
    converter.close();
  }
  return undefined;
}

function parseReason(text: string | undefined): ReturnReason {
  const found = returnReasons.find((one) => one === text?.toLowerCase());
  if (found) return found;
  throw usageError(
    text === undefined
      ? `--reason: say why; write ${returnReasons.join(", ")}`
      : unknownWord("--reason", text, returnReasons),
  );
}

function tell(context: Context, orderId: string, reason: ReturnReason, report: ReturnReport): void {
  const { returnId, returned, foreign, repeated, lines, rejected, reasons, credit } = report;
  if (context.isJson) {
    context.print({
      order_id: orderId,
      return_id: returnId ?? null,
      reason,
      lines,
      returned,
      foreign,
      repeated,
      rejected,
      reasons,
      credit: credit ?? null,
    });
  } else {
    const why = Object.entries(reasons).map(([code, some]) => `${count(some)} ${code}`);
    const facts: [string, string][] = [
      ["order", orderId],
      ["return", returnId ?? "none"],
      ["returned", `${count(returned)} ${reason}, never sold again`],
      ["foreign", `${count(foreign)} not of this order`],
      ["repeated", `${count(repeated)} returned before`],
      ["rejected", `${counted(rejected, "line")}${why.length > 0 ? `: ${why.join(", ")}` : ""}`],
      ["credit", credit ?? "none: the order has no price"],
    ];
    const text = facts.map(([fact, value]) => `${fact.padEnd(10)}${value}\n`);
    context.stdout.write(text.join(""));
  }
  if (returned === 0) {
    context.terminal.warn(
      `nothing was taken back and nothing credited: no line of the list is a number of order ${orderId} that was not returned before`,
    );
  }
}
