import { expect, test } from "vitest";
import { dayAround, monthAround, parseMonth } from "../src/periods.ts";

const span = ({ name, from, until }: { name: string; from: Date; until: Date }) => [
  name,
  from.toISOString(),
  until.toISOString(),
];

test("days and months are those of the time zone", () => {
  const before = new Date("2026-11-30T16:59:59.999Z");
  const after = new Date("2026-11-30T17:00:00Z");
  expect(span(dayAround(before, "Asia/Jakarta"))).toEqual([
    "2026-11-30",
    "2026-11-29T17:00:00.000Z",
    "2026-11-30T17:00:00.000Z",
  ]);
  expect(dayAround(after, "Asia/Jakarta").name).toBe("2026-12-01");
  expect(monthAround(before, "Asia/Jakarta").name).toBe("2026-11");
  expect(span(monthAround(after, "Asia/Jakarta"))).toEqual([
    "2026-12",
    "2026-11-30T17:00:00.000Z",
    "2026-12-31T17:00:00.000Z",
  ]);
  expect(monthAround(after, "UTC").name).toBe("2026-11");
});

test("a day on which clocks are changed is as long as it is", () => {
  const { from, until } = dayAround(new Date("2026-10-25T12:00:00Z"), "Europe/Berlin");
  expect((until.getTime() - from.getTime()) / 3_600_000).toBe(25);
});

test("a month is YYYY-MM and nothing else", () => {
  expect(span(parseMonth("2028-02", "UTC", "--month"))).toEqual([
    "2028-02",
    "2028-02-01T00:00:00.000Z",
    "2028-03-01T00:00:00.000Z",
  ]);
  for (const text of [
    "2026-13",
    "2026-00",
    "2026-1",
    "26-11",
    "2026-11-01",
    "0000-01",
    "",
    "now",
  ]) {
    expect(() => parseMonth(text, "UTC", "--month")).toThrow(/--month: .*YYYY-MM/);
  }
});
