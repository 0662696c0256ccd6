/** A customer's terms as they are written on the command line. Pure: options in, terms out. */
import type { CustomerTerms } from "../engine/customers.ts";
import { usageError } from "../errors.ts";
import { unknownWord } from "../nearest.ts";

export type TermFlags = {
  readonly dailyCap?: string;
  readonly monthlyCap?: string;
  readonly price?: string;
  /** `true` where the option stands alone. */
  readonly neverTwice?: string | true;
  readonly status?: string;
};

const capMost = 1_000_000_000;

/** The terms that were given, and no others; `none` takes one away. Throws a usage error that names the option. */
export function parseTerms(flags: TermFlags): Partial<CustomerTerms> {
  const { dailyCap, monthlyCap, price, neverTwice, status } = flags;
  return {
    ...(dailyCap !== undefined && { dailyCap: parseCap(dailyCap, "--daily-cap") }),
    ...(monthlyCap !== undefined && { monthlyCap: parseCap(monthlyCap, "--monthly-cap") }),
    ...(price !== undefined && { price: parsePrice(price, "--price") }),
    ...(neverTwice !== undefined && { neverTwice: parseSwitch(neverTwice) }),
    ...(status !== undefined && { suspended: parseStatus(status) }),
  };
}

function parseCap(text: string, option: string): number | undefined {
  if (isNone(text)) return undefined;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= capMost) return value;
  throw usageError(
    `${option}: "${text}" is no cap; write a whole number from 1 to ${capMost}, or none ` +
      "(who may take nothing is --status suspended)",
  );
}

/** Kept as text: money never becomes a floating-point number. Throws a usage error that says where it was found. */
export function parsePrice(text: string, where: string): string | undefined {
  if (isNone(text)) return undefined;
  if (/^\d{1,9}(\.\d{1,2})?$/.test(text)) return text;
  throw usageError(
    `${where}: "${text}" is no price of a thousand numbers; write digits with at most two places behind a point, ` +
      "such as 150000 or 12.50, or none",
  );
}

function parseSwitch(text: string | true): boolean {
  const word = text === true ? "on" : text.toLowerCase();
  if (word === "on" || word === "off") return word === "on";
  throw usageError(unknownWord("--never-twice", word, ["on", "off"]));
}

function parseStatus(text: string): boolean {
  const word = text.toLowerCase();
  if (word === "active" || word === "suspended") return word === "suspended";
  throw usageError(unknownWord("--status", text, ["active", "suspended"]));
}

function isNone(text: string): boolean {
  return text.toLowerCase() === "none";
}
