/** `numbers customer add|list|show|set|statement`: who buys, on what terms, and what it comes to. */
import type { Command } from "commander";
import type { Context } from "../context.ts";
import type { CustomerAccount } from "../engine/customers.ts";
import { usageError } from "../errors.ts";
import { checkName } from "../names.ts";
import { findTarget } from "../orders/output.ts";
import { parseTerms, type TermFlags } from "../orders/terms.ts";
import { monthAround, parseMonth } from "../periods.ts";
import { printable } from "../text.ts";
import { localTime } from "../time.ts";
import { count, counted } from "../words.ts";
import { addGlobalOptions, type Run } from "./run.ts";

type StatementFlags = { readonly month?: string; readonly output?: string };

export function addCustomers(program: Command, run: Run): void {
  const customer = addGlobalOptions(
    program
      .command("customer")
      .description("Keep a register of who buys, on what terms, and what it comes to."),
  );
  addGlobalOptions(
    addTerms(
      customer
        .command("add")
        .description("Register a customer.")
        .argument("<name>", "1 to 100 characters, the same whatever their case"),
    ).action(run<TermFlags>("customer add", addCustomer)),
  );
  addGlobalOptions(
    customer
      .command("list")
      .description("List the customers, their terms and what they took.")
      .action(run("customer list", listCustomers)),
  );
  addGlobalOptions(
    customer
      .command("show")
      .description("Show one customer: its terms, and what it took against them.")
      .argument("<name>", "the customer")
      .action(run("customer show", showCustomer)),
  );
  addGlobalOptions(
    addTerms(
      customer
        .command("set")
        .description("Change a customer's terms.")
        .argument("<name>", "the customer"),
    ).action(run<TermFlags>("customer set", setCustomer)),
  );
  addGlobalOptions(
    customer
      .command("statement")
      .description(
        "Print what a customer owes for a month, as CSV: its delivered orders, what it gave back, and the total.",
      )
      .argument("<name>", "the customer")
      .optionsGroup("Which month, and where to:")
      .option("--month <month>", "YYYY-MM (default: this month)")
      .option("-o, --output <file>", "a file, or - for stdout (default: stdout)")
      .action(run<StatementFlags>("customer statement", printStatement)),
  );
}

function addTerms(command: Command): Command {
  return command
    .optionsGroup("Its terms:")
    .option("--daily-cap <n>", "numbers in a calendar day at most, or none")
    .option("--monthly-cap <n>", "numbers in a calendar month at most, or none")
    .option("--price <price>", "of a thousand numbers, such as 150000 or 12.50, or none")
    .option("--never-twice [on|off]", "never sell it a number that it had before")
    .option("--status <status>", "active or suspended");
}

async function addCustomer(context: Context, [name = ""]: readonly string[], flags: TermFlags) {
  const { now, settings } = context;
  const terms = {
    dailyCap: undefined,
    monthlyCap: undefined,
    price: settings.price,
    neverTwice: false,
    suspended: false,
    ...parseTerms(flags),
  };
  checkName(name, "the customer");
  const engine = await context.engine();
  const known = await engine.addCustomer({ ...terms, name, addedAt: now });
  if (known) {
    throw usageError(
      `there is a customer "${known.name}" already; change its terms with numbers customer set "${known.name}"`,
    );
  }
  tell(context, await engine.readCustomer(name, now));
  return undefined;
}

async function setCustomer(context: Context, [name = ""]: readonly string[], flags: TermFlags) {
  const changes = parseTerms(flags);
  if (Object.keys(changes).length === 0) {
    throw usageError(
      "nothing to change; name --daily-cap, --monthly-cap, --price, --never-twice or --status",
    );
  }
  const engine = await context.engine();
  await engine.setCustomer(name, changes, context.now);
  const since = changes.neverTwice ? await engine.readLedgerStart() : undefined;
  if (since !== undefined) {
    const day = since.toISOString().slice(0, 10);
    context.terminal.warn(`sales before ${day} may be pruned: what it had before is not known`);
  }
  tell(context, await engine.readCustomer(name, context.now));
  return undefined;
}

function tell(context: Context, customer: CustomerAccount): void {
  if (context.isJson) context.print(customerJson(customer));
  else {
    const terms = factsOf(customer).map(([fact, value]) => `${fact} ${value}`);
    context.terminal.say(`customer ${customer.name}: ${terms.join(", ")}`);
  }
}

async function listCustomers(context: Context) {
  const engine = await context.engine();
  const customers = await engine.listCustomers(context.now);
  if (context.isJson) {
    context.print({ customers: customers.map(customerJson) });
    return undefined;
  }
  if (customers.length === 0) {
    context.terminal.say("no customers yet, so any name may order: numbers customer add NAME");
    return undefined;
  }
  const rows = customers.map((customer) => [
    customer.name,
    statusOf(customer),
    limit(customer.dailyCap),
    count(customer.takenToday),
    limit(customer.monthlyCap),
    count(customer.takenThisMonth),
    customer.price ?? "none",
    customer.neverTwice ? "on" : "off",
  ]);
  const head = [
    "customer",
    "status",
    "daily cap",
    "today",
    "monthly cap",
    "this month",
    "price",
    "never twice",
  ];
  context.stdout.write(`${context.table(head, rows)}\n`);
  return undefined;
}

async function showCustomer(context: Context, [name = ""]: readonly string[]) {
  const engine = await context.engine();
  const customer = await engine.readCustomer(name, context.now);
  if (context.isJson) {
    context.print(customerJson(customer));
    return undefined;
  }
  const { takenToday, takenThisMonth, dailyCap, monthlyCap, orders } = customer;
  const facts: [string, string][] = [
    ["customer", customer.name],
    ...factsOf(customer),
    ["today", againstCap(takenToday, dailyCap)],
    ["this month", againstCap(takenThisMonth, monthlyCap)],
    [
      "orders",
      `${count(orders.delivered)} delivered, ${count(orders.reserved)} reserved, ${count(orders.cancelled)} cancelled`,
    ],
    ["since", localTime(customer.addedAt, context.settings.timeZone)],
  ];
  const width = Math.max(...facts.map(([fact]) => fact.length));
  const lines = facts.map(([fact, value]) => `${fact.padEnd(width)}  ${value}`);
  context.stdout.write(`${lines.map(printable).join("\n")}\n`);
  return undefined;
}

async function printStatement(
  context: Context,
  [name = ""]: readonly string[],
  { month: text, output }: StatementFlags,
) {
  const { timeZone } = context.settings;
  const month =
    text === undefined ? monthAround(context.now, timeZone) : parseMonth(text, timeZone, "--month");
  const target = output === undefined ? undefined : findTarget(output);
  const engine = await context.engine();
  const statement = await engine.readStatement(name, month);
  const { statementCsv, statementJson } = await import("../orders/statement.ts");
  const { writeText } = await import("../orders/text-output.ts");
  const document = statementJson(statement, month.name, timeZone);
  if (target) await writeText(statementCsv(document), target, context);
  if (context.isJson) context.print(document, target?.kind === "stdout");
  else if (!target) await writeText(statementCsv(document), { kind: "stdout" }, context);
  if (statement.undelivered > 0) {
    context.terminal.warn(
      `${counted(statement.undelivered, "order")} of ${month.name} not delivered yet: once delivered, ` +
        "they will stand on the statement of this month",
    );
  }
  return undefined;
}

/** A customer as scripts see it. */
function customerJson(customer: CustomerAccount) {
  return {
    name: customer.name,
    daily_cap: customer.dailyCap ?? null,
    monthly_cap: customer.monthlyCap ?? null,
    price: customer.price ?? null,
    never_twice: customer.neverTwice,
    status: statusOf(customer),
    added_at: customer.addedAt.toISOString(),
    taken_today: customer.takenToday,
    taken_this_month: customer.takenThisMonth,
    orders: customer.orders,
  };
}

function factsOf(customer: CustomerAccount): [string, string][] {
  return [
    ["status", statusOf(customer)],
    ["daily cap", limit(customer.dailyCap)],
    ["monthly cap", limit(customer.monthlyCap)],
    ["price", customer.price ?? "none"],
    ["never twice", customer.neverTwice ? "on" : "off"],
  ];
}

function statusOf({ suspended }: CustomerAccount): "active" | "suspended" {
  return suspended ? "suspended" : "active";
}

function limit(cap: number | undefined): string {
  return cap === undefined ? "none" : count(cap);
}

function againstCap(taken: number, cap: number | undefined): string {
  if (cap === undefined) return `${count(taken)} taken, no cap`;
  return `${count(taken)} of ${count(cap)} taken, ${count(Math.max(0, cap - taken))} left`;
}
