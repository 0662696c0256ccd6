import { expect, test } from "vitest";
import { dayOf, parseDuration, parseInstant, startOfDay } from "../src/time.ts";

test("a day belongs to a time zone", () => {
  const lateInJakarta = new Date("2026-11-20T16:59:59Z");
  expect(dayOf(lateInJakarta, "Asia/Jakarta")).toBe("2026-11-20");
  expect(dayOf(new Date("2026-11-20T17:00:00Z"), "Asia/Jakarta")).toBe("2026-11-21");
  expect(dayOf(lateInJakarta, "UTC")).toBe("2026-11-20");
});

test("a day begins at its own midnight, also where the clock changes", () => {
  const begin = (day: string, zone: string) => startOfDay(day, zone, "--date").toISOString();
  expect(begin("2026-11-20", "Asia/Jakarta")).toBe("2026-11-19T17:00:00.000Z");
  expect(begin("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
  expect(begin("2026-03-30", "Europe/Berlin")).toBe("2026-03-29T22:00:00.000Z");
  for (const wrong of ["2026-02-30", "20-11-2026", "tomorrow", "2026-13-01", ""]) {
    expect(() => begin(wrong, "Asia/Jakarta")).toThrow("--date");
  }
});

test("durations and instants say what they accept", () => {
  expect(parseDuration("3d", "x")).toBe(259_200_000);
  expect(parseDuration("0s", "x")).toBe(0);
  for (const wrong of ["3", "d", "-3d", "1.5h", "3 d", ""]) {
    expect(() => parseDuration(wrong, "--within")).toThrow("--within");
  }
  expect(() => parseInstant("2026-11-20T09:00:00", "NUMBERS_NOW")).toThrow("offset");
  expect(parseInstant("2026-11-20T09:00:00+07:00", "x").toISOString()).toBe(
    "2026-11-20T02:00:00.000Z",
  );
});
