/** Customers in the catalog: on what terms they buy. */
import type { Session } from "./session.ts";

/** What an order takes over of its customer's terms. */
export type Terms = {
  /** Of a thousand numbers, as decimal text. */
  readonly price: string | undefined;
  /** Never sell a number that this customer had before. */
  readonly neverTwice: boolean;
};

/** The terms for an order of `count` numbers. */
export async function admit(
  _session: Session,
  _customer: string | undefined,
  _count: number,
  _at: Date,
): Promise<Terms> {
  return { price: undefined, neverTwice: false };
}
