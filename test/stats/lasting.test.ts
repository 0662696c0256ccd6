/** How long what is left lasts, by hand. */
import { expect, test } from "vitest";
import { firstSale, lasting, rateSince } from "../../src/stats/lasting.ts";

const now = new Date("2026-11-20T02:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

test("the present rate is that of the last week", () => {
  expect(rateSince(now)).toEqual(daysAgo(7));
  expect(lasting(300, 700, daysAgo(90), now)).toEqual({
    soldPerDay: 100,
    daysLeft: 3,
    runsShort: false,
  });
});

test("a home that has sold for less than a week is measured over that time, a day at least", () => {
  expect(lasting(300, 200, daysAgo(2), now).soldPerDay).toBe(100);
  expect(lasting(300, 200, daysAgo(0.01), now).soldPerDay).toBe(200);
  expect(lasting(300, 200, now, now).soldPerDay).toBe(200);
});

test("real and synthetic numbers have customers of their own", () => {
  const sold = [
    { synthetic: true, first: daysAgo(9) },
    { synthetic: false, first: daysAgo(2) },
    { synthetic: false, first: daysAgo(3) },
  ];
  expect(firstSale(sold, false)).toEqual(daysAgo(3));
  expect(firstSale(sold, true)).toEqual(daysAgo(9));
  expect(firstSale([], false)).toBeUndefined();
});

test("less than two days run short, two do not", () => {
  expect(lasting(199, 700, daysAgo(90), now).runsShort).toBe(true);
  expect(lasting(200, 700, daysAgo(90), now).runsShort).toBe(false);
  expect(lasting(0, 700, daysAgo(90), now)).toMatchObject({ daysLeft: 0, runsShort: true });
});

test("what is not sold lasts for no time that is known, and is not short", () => {
  for (const first of [undefined, daysAgo(90)]) {
    expect(lasting(0, 0, first, now)).toEqual({
      soldPerDay: 0,
      daysLeft: undefined,
      runsShort: false,
    });
  }
});
