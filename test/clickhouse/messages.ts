/** What a person reads when something fails: one message, what to do next, and nothing that is nobody's. */
import { expect } from "vitest";
import type { Outcome } from "../workdir.ts";

export function expectMessage(
  { code, stderr, stdout }: Outcome,
  exit: number,
  words: RegExp,
): void {
  const last = stderr.trim().split("\n").at(-1) ?? "";
  expect(last).toMatch(words);
  expect(last).toMatch(/^numbers: .*(; |: numbers )/);
  expect(code).toBe(exit);
  const nobodys = /\n\s+at |secret|sesame|DB::|not expected|select |insert into|version 26/;
  expect(stderr).not.toMatch(nobodys);
  expect(stdout).toBe("");
}
