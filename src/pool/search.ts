/** What a person means who searches for a part of a number. Pure. */
import type { PhonePart } from "../engine/search.ts";

const digitsLeast = 3;

/**
 * The digits of the pool's form that are meant by `0812 0000`, `+62 812-0000` or `12000`; undefined for what is no part of
 * a number. A + and the 0 of a national number stand at the beginning. A 0 that no 8 follows begins no mobile number in
 * any form, so it is the middle of one: the last digits of 081200000001 are found by `0001`.
 */
export function phonePartOf(pattern: string): PhonePart | undefined {
  const written = pattern.replaceAll(/[\s-]/g, "");
  if (!/^\+?\d+$/.test(written)) return undefined;
  const digits = written.replace("+", "");
  if (digits.length < digitsLeast) return undefined;
  if (written.startsWith("+")) return { digits, isBeginning: true };
  if (digits.startsWith("08")) return { digits: `62${digits.slice(1)}`, isBeginning: true };
  return { digits, isBeginning: false };
}
