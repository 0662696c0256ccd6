/** Customers in the catalog: on what terms they buy, and whether an order is within them. */
import { exitCode, UserError, usageError } from "../../errors.ts";
import { hintFor } from "../../nearest.ts";
import { dayAround, monthAround, type Period } from "../../periods.ts";
import { localTime } from "../../time.ts";
import type { Access } from "../access.ts";
import type {
  Customer,
  CustomerAccount,
  CustomerTerms,
  CustomerVerbs,
  Statement,
  Terms,
} from "../customers.ts";
import type { Row, Session } from "../session.ts";
import type { Log } from "./audit.ts";

export function customerVerbs({ read, write, log, timeZone }: Access): CustomerVerbs {
  return {
    addCustomer: (customer) => write((session) => addCustomer(session, log, customer, timeZone)),
    setCustomer: (name, changes, at) =>
      write((session) => setCustomer(session, log, name, changes, at, timeZone)),
    listCustomers: (at) => read((session) => selectCustomers(session, undefined, at, timeZone)),
    readCustomer: (name, at) => read((session) => requireCustomer(session, name, at, timeZone)),
    admitOrder: (customer, count, at) =>
      read((session) => admit(session, customer, count, at, timeZone)),
    readStatement: (name, month) =>
      read((session) => readStatement(session, name, month, timeZone)),
  };
}

/**
 * The terms for an order of `count` numbers, called under the lock and before anything is reserved. Throws `policy` for a
 * suspended customer and for an order over a cap; a usage error for an unknown name, unless nobody is registered: then
 * any name will do.
 */
export async function admit(
  session: Session,
  name: string | undefined,
  count: number,
  at: Date,
  timeZone: string,
): Promise<Terms> {
  const noTerms = { customer: name, price: undefined, neverTwice: false };
  if (name === undefined) return noTerms;
  const customers = await selectCustomers(session, undefined, at, timeZone);
  if (customers.length === 0) return noTerms;
  const [customer] = await selectCustomers(session, name, at, timeZone);
  if (!customer) throw unknown(name, customers);
  if (customer.suspended) {
    throw refusal(
      `the customer ${customer.name} is suspended; numbers customer set ${quoted(customer.name)} --status active admits it again`,
    );
  }
  checkCap(customer, count, at, timeZone);
  return { customer: customer.name, price: customer.price, neverTwice: customer.neverTwice };
}

/** The month first: who may order again tomorrow by the one may have to wait longer by the other. */
function checkCap(customer: CustomerAccount, count: number, at: Date, timeZone: string): void {
  const caps = [
    {
      cap: customer.monthlyCap,
      taken: customer.takenThisMonth,
      word: "month",
      when: "in",
      period: monthAround(at, timeZone),
    },
    {
      cap: customer.dailyCap,
      taken: customer.takenToday,
      word: "day",
      when: "on",
      period: dayAround(at, timeZone),
    },
  ];
  for (const { cap, taken, word, when, period } of caps) {
    if (cap === undefined || taken + count <= cap) continue;
    const left = Math.max(0, cap - taken);
    const again =
      count > cap
        ? "so many are never possible under this cap"
        : `so many are possible again from ${localTime(period.until, timeZone)} (${timeZone})`;
    throw refusal(
      `the customer ${customer.name} has a cap of ${cap} numbers a ${word}: ${taken} were taken ${when} ${period.name}, ` +
        `${count} more were asked for, ${left} are left; ${again}`,
    );
  }
}

function refusal(message: string): UserError {
  return new UserError(exitCode.policy, `${message}. Nothing was sold`);
}

async function addCustomer(
  session: Session,
  log: Log,
  customer: Customer,
  timeZone: string,
): Promise<Customer | undefined> {
  return session.transaction(async () => {
    const [known] = await selectCustomers(session, customer.name, customer.addedAt, timeZone);
    if (known) return known;
    await session.run("insert_customer", {
      ...inCatalog(customer),
      name: customer.name,
      added_at: customer.addedAt.toISOString(),
    });
    await log(
      session,
      {
        at: customer.addedAt,
        action: "customer.add",
        subject: customer.name,
        details: inCatalog(customer),
      },
      { customer: [customer.name] },
    );
    return undefined;
  });
}

async function setCustomer(
  session: Session,
  log: Log,
  name: string,
  changes: Partial<CustomerTerms>,
  at: Date,
  timeZone: string,
): Promise<void> {
  await session.transaction(async () => {
    const customer = await requireCustomer(session, name, at, timeZone);
    const terms = inCatalog({ ...customer, ...changes });
    await session.run("update_customer", { ...terms, name: customer.name });
    await log(
      session,
      { at, action: "customer.set", subject: customer.name, details: terms },
      { customer: [customer.name] },
    );
  });
}

/** Terms under the names that the catalog and the audit log have for them. */
function inCatalog({ dailyCap, monthlyCap, price, neverTwice, suspended }: CustomerTerms) {
  return {
    daily_cap: dailyCap ?? null,
    monthly_cap: monthlyCap ?? null,
    price: price ?? null,
    never_twice: neverTwice,
    suspended,
  };
}

async function readStatement(
  session: Session,
  name: string,
  { from, until }: Period,
  timeZone: string,
): Promise<Statement> {
  const customer = await requireCustomer(session, name, from, timeZone);
  const span = { name: customer.name, from: from.toISOString(), until: until.toISOString() };
  const rows = await session.rows("select_statement", span);
  const total = rows.pop();
  const [undelivered] = await session.rows("count_undelivered", span);
  return {
    customer: customer.name,
    rows: rows.map((row) => ({
      at: row.done_at as Date,
      kind: row.kind as "order" | "return",
      orderId: String(row.order_id),
      providers: row.providers as string[],
      numbers: Number(row.numbers),
      pricePerThousand: text(row.price),
      amount: text(row.amount),
    })),
    total: { numbers: Number(total?.numbers), amount: String(total?.amount) },
    undelivered: Number(undelivered?.orders),
  };
}

async function requireCustomer(
  session: Session,
  name: string,
  at: Date,
  timeZone: string,
): Promise<CustomerAccount> {
  const [customer] = await selectCustomers(session, name, at, timeZone);
  if (customer) return customer;
  throw unknown(name, await selectCustomers(session, undefined, at, timeZone));
}

function unknown(name: string, known: readonly Customer[]): UserError {
  const names = known.map((customer) => customer.name);
  return usageError(
    `there is no customer ${quoted(name)}. ${hintFor(name, names)} Register it with numbers customer add ${quoted(name)}`,
  );
}

function quoted(name: string): string {
  return `"${name}"`;
}

async function selectCustomers(
  session: Session,
  name: string | undefined,
  at: Date,
  timeZone: string,
): Promise<CustomerAccount[]> {
  const day = dayAround(at, timeZone);
  const month = monthAround(at, timeZone);
  const rows = await session.rows("select_customers", {
    name: name ?? null,
    day_from: day.from.toISOString(),
    day_until: day.until.toISOString(),
    month_from: month.from.toISOString(),
    month_until: month.until.toISOString(),
  });
  return rows.map(accountOf);
}

function accountOf(row: Row): CustomerAccount {
  return {
    name: String(row.name),
    dailyCap: row.daily_cap === null ? undefined : Number(row.daily_cap),
    monthlyCap: row.monthly_cap === null ? undefined : Number(row.monthly_cap),
    price: text(row.price),
    neverTwice: row.never_twice === true,
    suspended: row.suspended === true,
    addedAt: row.added_at as Date,
    takenToday: Number(row.taken_today),
    takenThisMonth: Number(row.taken_this_month),
    orders: {
      reserved: Number(row.reserved),
      delivered: Number(row.delivered),
      cancelled: Number(row.cancelled),
    },
  };
}

function text(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
