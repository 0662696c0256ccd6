/** Names for imports and orders: the day for people, the rest so that no two machines ever agree. */
import { randomInt } from "node:crypto";

/** No vowels, so no words; no 0, 1, l: read over the phone without a mistake. */
const letters = "23456789bcdfghjkmnpqrstvwxz";
const randomLetters = 8; // 27^8 = 2.8e11

/** Such as `20261120-k7d2m9xq`; the day is the one of `at` in UTC. */
export function newId(at: Date): string {
  const day = at.toISOString().slice(0, 10).replaceAll("-", "");
  let random = "";
  for (let n = 0; n < randomLetters; n += 1) random += letters[randomInt(letters.length)];
  return `${day}-${random}`;
}
