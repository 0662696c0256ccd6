/** What the order commands share: handing an order over, and saying what it is and what became of it. */
import { basename } from "node:path";
import type { Context } from "../context.ts";
import type { Engine, Excluded, Order } from "../engine/engine.ts";
import { exitCode, messageOf, UserError } from "../errors.ts";
import type { Delivered } from "../orders/delivery.ts";
import type { Target } from "../orders/output.ts";
import { inertProgress } from "../progress.ts";
import { count, counted, seconds, size } from "../words.ts";

/** Before an order that was made earlier leaves: takes out what was suppressed since, and says so. */
export async function review(context: Context, engine: Engine, order: Order): Promise<Order> {
  const reviewed = await engine.reviewOrder(order.orderId, context.now);
  if (reviewed.suppressed === 0) return reviewed.order;
  const numbers = counted(reviewed.suppressed, "number");
  context.terminal.warn(
    order.state === "reserved"
      ? `${numbers} of order ${order.orderId} were suppressed since it was made and are left out`
      : `${numbers} of order ${order.orderId} were suppressed since it was delivered; the export repeats them as they were`,
  );
  return reviewed.order;
}

/** An export repeats the first delivery byte for byte, unless persons were erased since. */
export function warnOfChange(context: Context, first: Order, again: Delivered): void {
  const packing = (output: string) => /\.(gz|zst)$/.exec(output)?.[1];
  if (first.state !== "delivered" || first.output === undefined) return;
  if (packing(first.output) !== packing(again.output) || first.sha256 === again.sha256) return;
  const gone =
    first.erased > 0
      ? `without ${counted(first.erased, "number")} erased since`
      : "lines that held a number erased since have lost their cells";
  context.terminal.warn(
    `this is not byte for byte what order ${first.orderId} delivered first: ${gone}`,
  );
}

/** Delivers an order, and its manifest if that is wanted. */
export async function handOver(
  context: Context,
  engine: Engine,
  order: Order,
  target: Target,
  withManifest = false,
): Promise<Delivered> {
  const { deliver } = await import("../orders/delivery.ts");
  const { progress } = context.terminal;
  // Numbers that somebody reads as they come have the terminal for themselves.
  const isShown =
    target.kind === "device" || (target.kind === "stdout" && context.stdout.isTTY === true);
  if (isShown) progress.stop();
  const effects = {
    engine,
    stdout: context.stdout,
    temporary: context.home().temporary,
    fileMode: context.fileMode,
    timeZone: context.settings.timeZone,
    now: context.now,
    signal: context.signal,
    progress: isShown ? inertProgress : progress,
  };
  const delivered = await context.profile.phase(
    "deliver",
    () => deliver(order, target, effects),
    (done) => done.order.numbers,
  );
  if (withManifest) {
    const suppressedAt = await engine.readSuppressionAge();
    const { manifestOf, writeManifest } = await import("../orders/manifest.ts");
    const document = manifestOf(delivered, suppressedAt, context.now);
    const path = await writeManifest(delivered.output, document, context.fileMode).catch(
      (error: unknown) => {
        throw new UserError(
          exitCode.unexpected,
          `order ${order.orderId} is delivered to ${delivered.output}, without its manifest: ${messageOf(error)}; ` +
            `numbers order export ${order.orderId} -o ${delivered.output} --manifest writes both`,
          { cause: error },
        );
      },
    );
    context.terminal.say(`manifest: ${path}`);
  }
  progress.stop();
  return delivered;
}

/** `3 sold, 2 suppressed (1 dnc, 1 invalid), 0 duplicate`, and the customer's own rules where they left something out. */
export function wordsOf(excluded: Excluded): string {
  const kinds = Object.entries(excluded.by_kind).map(([kind, n]) => `${count(n)} ${kind}`);
  const suppressed = `${count(excluded.suppressed)} suppressed${kinds.length > 0 ? ` (${kinds.join(", ")})` : ""}`;
  const words = [`${count(excluded.sold)} sold`, suppressed];
  words.push(`${count(excluded.duplicate)} duplicate`);
  if (excluded.expired > 0) words.push(`${count(excluded.expired)} of expired sources`);
  if (excluded.had_before > 0) words.push(`${count(excluded.had_before)} had before`);
  if (excluded.max_sales > 0) words.push(`${count(excluded.max_sales)} sold too often`);
  return words.join(", ");
}

/** Counts of what was left out; a rule beyond the usual three is there when it left something out. */
export function excludedJson({ sold, suppressed, duplicate, ...rules }: Excluded) {
  return {
    sold,
    suppressed,
    duplicate,
    ...(rules.expired > 0 ? { expired: rules.expired } : {}),
    ...(rules.had_before > 0 ? { had_before: rules.had_before } : {}),
    ...(rules.max_sales > 0 ? { max_sales: rules.max_sales } : {}),
    ...(suppressed > 0 ? { by_kind: rules.by_kind } : {}),
  };
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
    const files = delivered.parts === undefined ? {} : { files: delivered.parts };
    const document = { ...orderJson(order), output, bytes, sha256, ...files, seconds: took };
    context.print(document, output === "-");
    return;
  }
  const numbers = counted(order.numbers, `${order.providers.join(",")} number`);
  context.terminal.say(
    `order ${order.orderId}: ${numbers}, ${size(bytes)} to ${placeOf(delivered)} in ${seconds(took.total)}`,
    numbers,
  );
  const reserved = order.numbers + order.withdrawn + order.erased;
  if (reserved < order.requested) {
    context.terminal.warn(
      `that is ${count(order.requested - reserved)} fewer than the ${count(order.requested)} asked for`,
    );
  }
}

function placeOf({ output, parts = [] }: Delivered): string {
  const [first, last] = [parts[0], parts.at(-1)];
  if (first === undefined || last === undefined) return output === "-" ? "stdout" : output;
  if (parts.length === 1) return first.path;
  return `${count(parts.length)} files, ${first.path} to ${basename(last.path)},`;
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
    withdrawn: order.withdrawn,
    erased: order.erased,
    output: order.output ?? null,
    bytes: order.bytes ?? null,
    sha256: order.sha256 ?? null,
    excluded: excludedJson(order.excluded),
    synthetic: order.synthetic,
    key: order.key ?? null,
    reserved_at: order.reservedAt.toISOString(),
    delivered_at: order.deliveredAt?.toISOString() ?? null,
    cancelled_at: order.cancelledAt?.toISOString() ?? null,
    pruned_at: order.prunedAt?.toISOString() ?? null,
  };
}
