import { describe, expect, test } from "vitest";
import {
  parseHashing,
  parseKind,
  parseList,
  requireOwner,
  spelled,
  strangerWarning,
} from "../../src/blacklist/kinds.ts";

const owners = [
  { name: "Acme", registered: true },
  { name: "acme", registered: false },
  { name: "Beta", registered: false },
];

describe("kinds", () => {
  test("are known whatever their case; an unknown one gets the nearest and all of them", () => {
    expect(parseKind("DNC")).toBe("dnc");
    expect(() => parseKind("custmer")).toThrow(/"custmer" is unknown\. Did you mean "customer"\?/);
    expect(() => parseKind("dncc")).toThrow(/Did you mean "dnc"\?.*sold, dnc, invalid or customer/);
    expect(() => parseKind("")).toThrow(/Write sold, dnc/);
  });

  test("customer goes with its kind, and with no other", () => {
    expect(parseList({ kind: "customer", customer: "A" })).toEqual({
      kind: "customer",
      customer: "A",
    });
    expect(() => parseList({ kind: "customer" })).toThrow(/--customer: say whose/);
    expect(() => parseList({ kind: "dnc", customer: "A" })).toThrow(/nobody's own/);
    expect(() => parseList({ kind: "customer", customer: " A" })).toThrow(/1 to 100/);
    expect(() => parseList({})).toThrow(/--kind: name one of/);
  });
});

test("a hash needs its form, and the other way round", () => {
  expect(parseHashing({})).toBeUndefined();
  expect(parseHashing({ hash: "MD5", hashOf: "e164" })).toEqual({ algorithm: "md5", form: "e164" });
  expect(() => parseHashing({ hash: "md5" })).toThrow(/--hash-of: say what/);
  expect(() => parseHashing({ hashOf: "e164" })).toThrow(/needs --hash/);
  expect(() => parseHashing({ hash: "sha1", hashOf: "e164" })).toThrow(/"sha1".*md5 or sha256/);
  expect(() => parseHashing({ hash: "md5", hashOf: "intl" })).toThrow(/"intl".*digits/);
});

test("names are spelled as they are known, the registered ones first", () => {
  expect(spelled("ACME", owners)).toBe("Acme");
  expect(spelled("New", owners)).toBe("New");
  expect(requireOwner("beta", owners)).toBe("Beta");
  expect(() => requireOwner("Bta", owners)).toThrow(/"Bta" has no list\. Did you mean "Beta"\?/);
  expect(strangerWarning("acme", owners)).toBeUndefined();
  expect(strangerWarning("Acmee", owners)).toMatch(/Did you mean "Acme"/);
  expect(strangerWarning("Acmee", owners.slice(2))).toBeUndefined();
});
