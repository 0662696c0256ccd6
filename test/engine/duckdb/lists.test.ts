import { expect, test } from "vitest";
import { everyPhone, sliceNumbers, spansOf } from "../../../src/engine/duckdb/lists.ts";
import type { Session } from "../../../src/engine/duckdb/session.ts";

/** A session that knows only what a sample of phones looks like. */
function sampled(phones: readonly number[]): Session {
  return { rows: async () => phones.map((phone) => ({ phone: BigInt(phone) })) } as never;
}

const file = (numbers: number) => ({
  ...{ path: "x.parquet", provider: "tsel", synthetic: false, bytes: 1 },
  numbers,
});

test.each([
  ["a short list is one slice", sliceNumbers, [], 1],
  ["a long one is cut where its numbers are", 3 * sliceNumbers, [5, 1, 3, 2, 4, 6], 3],
  ["of one number again and again there are two", 9 * sliceNumbers, [7, 7, 7, 7], 2],
])("%s; together they hold every phone once", async (_, numbers, sample, slices) => {
  const spans = await spansOf(sampled(sample), [file(numbers)]);
  expect(spans).toHaveLength(slices);
  expect(spans[0]?.first).toBe(everyPhone.first);
  expect(spans.at(-1)?.last).toBe(everyPhone.last);
  for (const [index, span] of spans.slice(1).entries()) {
    expect(span.first).toBe((spans[index]?.last ?? 0n) + 1n);
  }
});
