/** Customers and on what terms they buy, what they took, and what they owe for it. */
import type { Period } from "../periods.ts";
import type { OrderState } from "./engine.ts";

/** What a customer agreed to; undefined where nothing was agreed. */
export type CustomerTerms = {
  /** Numbers in a calendar day of the home's time zone. */
  readonly dailyCap: number | undefined;
  readonly monthlyCap: number | undefined;
  /** Of a thousand numbers, as decimal text. */
  readonly price: string | undefined;
  /** Never sell it a number that it had before. */
  readonly neverTwice: boolean;
  readonly suspended: boolean;
};

export type Customer = CustomerTerms & {
  /** As it was registered; names are one whatever their case. */
  readonly name: string;
  readonly addedAt: Date;
};

/** A customer and what it took. Numbers are counted as they were reserved, by the time of the reservation. */
export type CustomerAccount = Customer & {
  readonly takenToday: number;
  readonly takenThisMonth: number;
  readonly orders: Readonly<Record<OrderState, number>>;
};

/** What an order takes over of its customer's terms. */
export type Terms = {
  /** In its registered spelling. */
  readonly customer: string | undefined;
  /** Of a thousand numbers, as decimal text. */
  readonly price: string | undefined;
  /** Never sell a number that this customer had before. */
  readonly neverTwice: boolean;
};

/** An order or a return of the month; money is decimal text, undefined where the order has no price. */
export type StatementRow = {
  readonly at: Date;
  readonly kind: "order" | "return";
  readonly orderId: string;
  readonly providers: readonly string[];
  /** Negative for a return. */
  readonly numbers: number;
  readonly pricePerThousand: string | undefined;
  readonly amount: string | undefined;
};

export type Statement = {
  /** In its registered spelling. */
  readonly customer: string;
  readonly rows: readonly StatementRow[];
  readonly total: { readonly numbers: number; readonly amount: string };
  /** Orders of the month that are not delivered yet, and so not in it. */
  readonly undelivered: number;
};

export type CustomerVerbs = {
  /** Registers a customer; resolves to the one that has its name already, if there is one: then nothing was changed. */
  addCustomer(customer: Customer): Promise<Customer | undefined>;
  /** Changes the terms that are given. Throws a usage error for an unknown customer. */
  setCustomer(name: string, changes: Partial<CustomerTerms>, at: Date): Promise<void>;
  /** All of them, by name. */
  listCustomers(at: Date): Promise<readonly CustomerAccount[]>;
  /** Throws a usage error for an unknown customer. */
  readCustomer(name: string, at: Date): Promise<CustomerAccount>;
  /** What an order of `count` numbers would be held to now; throws what `fillOrder` would throw. */
  admitOrder(customer: string | undefined, count: number, at: Date): Promise<Terms>;
  /** What a customer owes for a month. Throws a usage error for an unknown customer. */
  readStatement(name: string, month: Period): Promise<Statement>;
};
