/** Names for imports and orders: the day for people, the rest so that no two machines ever agree. */

/** No vowels, so no words; no 0, 1, l: read over the phone without a mistake. */
const letters = "23456789bcdfghjkmnpqrstvwxz";
const randomLetters = 8; // 27^8 = 2.8e11

/** Such as `20261120-k7d2m9xq`; the day is the one of `at` in UTC. */
export function newId(at: Date): string {
  const day = at.toISOString().slice(0, 10).replaceAll("-", "");
  // 32 bits for one of 27: even to a billionth. The global one, because to load node:crypto takes ten milliseconds.
  const random = Array.from(crypto.getRandomValues(new Uint32Array(randomLetters)));
  return `${day}-${random.map((bits) => letters[bits % letters.length]).join("")}`;
}
