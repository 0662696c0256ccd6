/** `numbers blacklist add|remove|list`: single numbers on and off a list, and what the lists hold. */
import type { Command } from "commander";
import {
  checkOwner,
  checkReason,
  type ListFlags,
  parseKind,
  parseListing,
  requireOwner,
  spelled,
  strangerWarning,
} from "../blacklist/kinds.ts";
import type { Context } from "../context.ts";
import type { BlacklistCount, BlacklistEntry } from "../engine/blacklist.ts";
import { usageError } from "../errors.ts";
import { parseCount } from "../orders/criteria.ts";
import { localTime, parseDuration } from "../time.ts";
import { count, counted } from "../words.ts";
import { addGlobalOptions, type Run } from "./run.ts";

type AddFlags = ListFlags & { readonly reason?: string };

export function addSuppressions(blacklist: Command, run: Run): void {
  const phones = "numbers in any form, or - for one a line from stdin";
  const owner = "whose own list, for --kind customer";
  addGlobalOptions(
    blacklist
      .command("add")
      .description("Put numbers on a list, for ever.")
      .argument("<phones...>", phones)
      .optionsGroup("Which list:")
      .option("--kind <kind>", "dnc, invalid or customer")
      .option("--reason <text>", "why, for people who look later")
      .option("--customer <name>", owner)
      .action(run<AddFlags>("blacklist add", addPhones)),
  );
  addGlobalOptions(
    blacklist
      .command("remove")
      .description("Take numbers off a list, also where it knows them by their digest.")
      .argument("<phones...>", phones)
      .optionsGroup("Which list:")
      .option("--kind <kind>", "dnc, invalid or customer")
      .option("--customer <name>", owner)
      .action(run<ListFlags>("blacklist remove", removePhones)),
  );
  addGlobalOptions(
    blacklist
      .command("list")
      .description("Show how much is on each list, and its newest entries.")
      .optionsGroup("Which lists, and how much of them:")
      .option("--kind <kind>", "of this kind alone: sold, dnc, invalid, customer")
      .option("--customer <name>", "of this customer's own list alone")
      .option("--limit <n>", "how many entries at most", "20")
      .action(run<ListFlags & { limit: string }>("blacklist list", showLists)),
  );
}

async function addPhones(context: Context, args: readonly string[], flags: AddFlags) {
  const listing = parseListing(
    flags,
    "a sale is not added by hand; import it with its date: numbers blacklist import FILE --kind sold",
  );
  const reason = checkReason(flags.reason);
  if (reason === undefined) throw usageError('--reason: say why, such as --reason "asked by mail"');
  const typed = await typedPhones(context, args);
  const engine = await context.engine();
  const owners = listing.customer === undefined ? [] : await engine.readListOwners();
  const customer = listing.customer && spelled(listing.customer, owners);
  const warning = strangerWarning(customer, owners);
  if (warning) context.terminal.warn(warning);
  const { added, known } = await engine.addSuppressed(
    typed.map(({ phone }) => phone),
    { kind: listing.kind, customer },
    reason,
    context.now,
  );
  if (context.isJson) {
    context.print({ kind: listing.kind, customer: customer ?? null, added, known });
  }
  context.terminal.say(`${listing.kind}: ${counted(added, "number")} added, ${count(known)} known`);
  return undefined;
}

async function removePhones(context: Context, args: readonly string[], flags: ListFlags) {
  const listing = parseListing(
    flags,
    "what was sold keeps its cooldown; an order that was never delivered can be cancelled: numbers order cancel ID",
  );
  const typed = await typedPhones(context, args);
  const { placesOf } = await import("../blacklist/phones.ts");
  const engine = await context.engine();
  const customer =
    listing.customer && requireOwner(listing.customer, await engine.readListOwners());
  const { removed, unknown } = await engine.removeSuppressed(
    typed.map(({ phone }) => phone),
    { kind: listing.kind, customer },
    context.now,
  );
  if (context.isJson) {
    context.print({
      kind: listing.kind,
      customer: customer ?? null,
      removed,
      unknown: unknown.length,
    });
  }
  context.terminal.say(`${listing.kind}: ${counted(removed, "number")} removed`);
  if (unknown.length > 0) {
    context.terminal.warn(
      `${counted(unknown.length, "number")} not on that list: ${placesOf(unknown, typed)}`,
    );
  }
  return undefined;
}

/** The number reader takes a tenth of a second to load: only for those who need it. */
async function typedPhones({ signal }: Context, args: readonly string[]) {
  const { readPhones } = await import("../blacklist/phones.ts");
  return readPhones(args, process.stdin, signal);
}

async function showLists(
  context: Context,
  _args: readonly string[],
  flags: ListFlags & { limit: string },
) {
  const kind = parseKind(flags.kind) ?? (flags.customer === undefined ? undefined : "customer");
  checkOwner(kind, flags.customer);
  const limit = parseCount(flags.limit, "--limit");
  const engine = await context.engine();
  const customer = flags.customer && requireOwner(flags.customer, await engine.readListOwners());
  const cooldownMs = parseDuration(context.settings.cooldown, "cooldown");
  const query = { kind, customer, at: context.now, cooldownMs };
  const kinds = await engine.countBlacklist(query);
  const entries = await engine.readBlacklist(query, limit);
  if (context.isJson) {
    context.print({ kinds: kinds.map(kindJson), entries: entries.map(entryJson) });
    return undefined;
  }
  if (kinds.length === 0) {
    context.terminal.say("nothing is listed; begin with: numbers blacklist import FILE --kind dnc");
    return undefined;
  }
  const local = (at: Date) => localTime(at, context.settings.timeZone);
  const totals = kinds.map((one) => [
    one.kind,
    one.customer ?? "",
    count(one.numbers),
    count(one.digests),
    local(one.newest),
  ]);
  context.stdout.write(
    `${context.table(["kind", "customer", "numbers", "digests", "newest"], totals)}\n`,
  );
  if (entries.length === 0) return undefined;
  const rows = entries.map((entry) => [
    entry.phone,
    entry.kind,
    entry.customer ?? "",
    entry.reason ?? "",
    local(entry.addedAt),
    entry.until ? local(entry.until) : "for ever",
  ]);
  context.stdout.write(
    `\n${context.table(["phone", "kind", "customer", "reason", "added", "until"], rows)}\n`,
  );
  return undefined;
}

function kindJson({ kind, customer, numbers, digests, newest }: BlacklistCount) {
  return { kind, customer: customer ?? null, numbers, digests, newest: newest.toISOString() };
}

function entryJson({ phone, kind, customer, reason, addedAt, until }: BlacklistEntry) {
  return {
    phone,
    kind,
    customer: customer ?? null,
    reason: reason ?? null,
    added_at: addedAt.toISOString(),
    until: until?.toISOString() ?? null,
  };
}
