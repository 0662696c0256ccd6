/** `numbers lookup`: where a number came from, who got it, and whether it may be sold. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { Finding } from "../engine/lookup.ts";
import { loadProviders, type Providers } from "../intake/providers.ts";
import { printable } from "../text.ts";
import { localTime, parseDuration } from "../time.ts";
import { counted } from "../words.ts";
import { readPhones, type TypedPhone } from "./phones.ts";
import type { Run } from "./run.ts";

export function addLookup(program: Command, run: Run): Command {
  return program
    .command("lookup")
    .description("Tell where numbers came from, who got them, and whether they may be sold.")
    .argument("<phones...>", "numbers in any written form, or - to read them from standard input")
    .action(run("lookup", lookUp));
}

async function lookUp(context: Context, args: readonly string[]) {
  const { settings, now } = context;
  const providers = loadProviders(settings);
  const typed = await readPhones(args, process.stdin, context.signal);
  const phones = [...new Set(typed.flatMap((one) => ("phone" in one ? [one.phone] : [])))];
  const findings = new Map<bigint, Finding>();
  if (phones.length > 0) {
    const { progress } = context.terminal;
    progress.begin(`looking up ${counted(phones.length, "number")}`);
    const engine = await context.engine();
    const cooldownMs = parseDuration(settings.cooldown, "cooldown");
    const importedSince = new Date(now.getTime() - parseDuration(settings.within, "within"));
    for (const finding of await engine.lookUp({ phones, importedSince, cooldownMs, at: now })) {
      findings.set(finding.phone, finding);
    }
    progress.stop();
  }
  const entries = typed.map((one) => ({
    one,
    finding: "phone" in one ? findings.get(one.phone) : undefined,
  }));
  if (context.isJson) {
    const numbers = entries.map(({ one, finding }) =>
      finding ? findingJson(finding, providers) : invalidJson(one),
    );
    context.print(numbers.length === 1 ? numbers[0] : { numbers });
  } else {
    const texts = entries.map(({ one, finding }) =>
      finding
        ? findingText(finding, providers, context)
        : `${printable(one.typed.trim())}: no number (${"reason" in one ? one.reason : "invalid"})\n`,
    );
    context.stdout.write(texts.join("\n"));
  }
  return undefined;
}

function invalidJson(one: TypedPhone) {
  return {
    phone: one.typed,
    valid: false,
    reason: "reason" in one ? one.reason : "invalid",
    provider: null,
    occurrences: [],
    sales: [],
    suppressions: [],
    erased: null,
    sellable: false,
    sellable_from: null,
  };
}

function findingJson(finding: Finding, providers: Providers) {
  const phone = String(finding.phone);
  return {
    phone,
    valid: true,
    reason: finding.reason ?? null,
    provider: providers.codeOf(phone),
    occurrences: finding.occurrences.map((one) => ({
      date: one.date,
      import_id: one.importId,
      imported_at: one.importedAt?.toISOString() ?? null,
      source: one.source ?? null,
      category: one.category ?? null,
      path: one.list ?? null,
      provider: one.provider,
      synthetic: one.synthetic,
      rows: one.rows,
    })),
    sales: finding.sales.map((sale) => ({
      order_id: sale.orderId ?? null,
      customer: sale.customer ?? null,
      state: sale.state ?? null,
      sold_at: sale.soldAt.toISOString(),
      import_id: sale.importId ?? null,
    })),
    suppressions: finding.suppressions.map((one) => ({
      kind: one.kind,
      customer: one.customer ?? null,
      reason: one.reason ?? null,
      added_at: one.addedAt.toISOString(),
      until: one.until?.toISOString() ?? null,
      digest: one.digest ?? null,
    })),
    erased: finding.erased
      ? { since: finding.erased.since.toISOString(), finished: finding.erased.isFinished }
      : null,
    sellable: finding.isSellable,
    sellable_from: finding.sellableFrom?.toISOString() ?? null,
  };
}

function findingText(finding: Finding, providers: Providers, { settings }: Context): string {
  const phone = String(finding.phone);
  const at = (instant: Date) => localTime(instant, settings.timeZone);
  const lines = [`${phone} (${providers.codeOf(phone)})`];
  for (const one of finding.occurrences) {
    const where = [one.list ?? "an unknown list", one.source && `from ${one.source}`, one.category];
    const rows = one.rows > 0 ? counted(one.rows, "row") : "no longer in the pool";
    lines.push(
      `  came   ${one.date}  import ${one.importId}, ${rows}: ${where.filter(Boolean).join(", ")}`,
    );
  }
  if (finding.occurrences.length === 0) lines.push("  came   never, as far as is known");
  for (const sale of finding.sales) {
    const order = sale.orderId ? `order ${sale.orderId} (${sale.state})` : "history";
    lines.push(`  sold   ${at(sale.soldAt)}  ${order} to ${sale.customer ?? "nobody named"}`);
  }
  if (finding.sales.length === 0) lines.push("  sold   never");
  for (const one of finding.suppressions) {
    const words = [one.kind, one.customer, one.digest, one.reason].filter(Boolean).join(", ");
    const until = one.until ? `until ${at(one.until)}` : "for ever";
    lines.push(`  not    ${at(one.addedAt)}  ${words}, ${until}`);
  }
  if (finding.erased) lines.push(`  erased ${at(finding.erased.since)}`);
  lines.push(`  ${sellableText(finding, settings, at)}`);
  return `${lines.map(printable).join("\n")}\n`;
}

function sellableText(
  { isSellable, reason, sellableFrom }: Finding,
  { within, cooldown }: Context["settings"],
  at: (instant: Date) => string,
): string {
  if (isSellable) return "can be sold now";
  const why = {
    erased: "the person was erased",
    suppressed: "it is suppressed",
    not_in_pool: "it is not in the pool",
    too_old: `it did not come within ${within}`,
    sold: `it was sold within ${cooldown}`,
  }[reason ?? "not_in_pool"];
  const from = sellableFrom ? `; nothing else stands in the way from ${at(sellableFrom)}` : "";
  return `cannot be sold now: ${why}${from}`;
}
