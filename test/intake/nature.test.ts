/** What is surely no table is known by its first bytes; what may be a list, however damaged, is not refused by them. */
import { describe, expect, test } from "vitest";
import { natureOf } from "../../src/intake/nature.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("no tables", () => {
  test.each([
    ["a JPEG picture", "\xff\xd8\xff\xe0\0\x10JFIF"],
    ["a PNG picture", "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"],
    ["a PDF document", "%PDF-1.7\n"],
    ["a film or sound", "\0\0\0\x18ftypmp42"],
    ["a web page", "<!DOCTYPE html><html>"],
    ["a web page", "\xef\xbb\xbf\r\n  <HTML>"],
    ["an XML document", '<?xml version="1.0"?>'],
    ["binary data", "\x01\x02\x03\x04\x05".repeat(50) + "a".repeat(500)],
  ])("%s", (nature, start) => {
    expect(natureOf(bytes(start), false)).toBe(nature);
  });
});

describe("lists", () => {
  test.each([
    ["a header", "phone,name\n081200000001,Budi\n"],
    ["a name in angle brackets", "<phone>,name\n"],
    ["one damaged line in many", `phone\n${"\0".repeat(40)}\n${"081200000001\n".repeat(80)}`],
    ["the end mark of old text files", "phone\n081200000001\n\x1a"],
    ["nothing", ""],
  ])("%s", (_, start) => {
    expect(natureOf(bytes(start), false)).toBeUndefined();
  });

  test("UTF-16, of which every other byte is zero", () => {
    expect(natureOf(Buffer.from("phone\n081200000001\n", "utf16le"), true)).toBeUndefined();
  });
});
