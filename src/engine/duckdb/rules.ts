/** The rules by which an unsold number may not be sold: each fills the temporary table `blocked` from `unsold`. */
import { readErasureKey } from "../../erasure-key.ts";
import { type Fragment, fragment } from "../statements.ts";
import type { Session } from "./session.ts";

export type Buyer = {
  readonly customer: string | undefined;
  readonly neverTwice: boolean;
  readonly maxSales: number | undefined;
};

/** A phone (BIGINT, 6281…) in each form, as SQL. */
export const phoneForms = {
  digits: fragment`phone::varchar`,
  e164: fragment`'+' || phone::varchar`,
  national: fragment`'0' || substr(phone::varchar, 3)`,
} as const satisfies Readonly<Record<string, Fragment>>;

/** The hexadecimal text of a digest, as SQL. */
export const algorithms = {
  md5: (text: Fragment) => fragment`md5(${text})`,
  sha256: (text: Fragment) => fragment`sha256(${text})`,
} as const;

/** Blocks what may not be sold to this buyer, suppressed or by the buyer's own rules. Resolves to numbers by rule. */
export async function blockForOrder(
  session: Session,
  home: string,
  buyer: Buyer,
  at: Date,
): Promise<Record<string, number>> {
  await session.run("create_blocked");
  await blockSuppressed(session, home, buyer.customer, at);
  if (buyer.neverTwice && buyer.customer !== undefined) {
    await session.run("block_had_before", { customer: buyer.customer });
  }
  if (buyer.maxSales !== undefined) await session.run("block_oversold", { most: buyer.maxSales });
  return countBlocked(session);
}

async function blockSuppressed(
  session: Session,
  home: string,
  customer: string | undefined,
  instant: Date,
): Promise<void> {
  const who = { customer: customer ?? null, at: instant.toISOString() };
  await session.run("block_suppressed", who);
  for (const row of await session.rows("select_digest_forms", who)) {
    const algorithm = String(row.algorithm) as keyof typeof algorithms;
    const form = String(row.form) as keyof typeof phoneForms;
    const digest = algorithms[algorithm](phoneForms[form]);
    await session.run("block_digests", { ...who, algorithm, form }, { digest });
  }
  const [erased] = await session.rows("count_erasures");
  if (Number(erased?.persons) > 0) {
    await session.run("block_erased", { key: readErasureKey({ folder: home }) });
  }
}

async function countBlocked(session: Session): Promise<Record<string, number>> {
  const rows = await session.rows("count_blocked");
  return Object.fromEntries(rows.map((row) => [String(row.rule), Number(row.numbers)]));
}
