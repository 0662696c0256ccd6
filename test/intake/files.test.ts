import { utimesSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findSources } from "../../src/intake/files.ts";
import { createWorkdir } from "../workdir.ts";

describe("the age of a source", () => {
  const now = Date.UTC(2026, 10, 20, 2);
  const aged = (seconds: number) => {
    const path = createWorkdir().path("a.csv");
    writeFileSync(path, "");
    utimesSync(path, now / 1000 - seconds, now / 1000 - seconds);
    return path;
  };

  test.each([
    ["no age asked, written by a clock that is ahead", -3600, 0, false],
    ["no age asked, written just now", 0, 0, false],
    ["a minute asked, written by a clock that is ahead", -1, 60, true],
    ["a minute asked, 59 seconds old", 59, 60, true],
    ["a minute asked, a minute old", 60, 60, false],
  ])("%s", (_name, seconds, minimum, isYoung) => {
    const path = aged(seconds);
    const found = findSources([path], { minAgeMs: minimum * 1000, now });
    expect(found).toEqual(
      isYoung ? { sources: [], young: [path] } : { sources: [path], young: [] },
    );
  });
});
