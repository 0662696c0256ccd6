/** Addresses of servers: what is read from one, and that no message ever holds a password. */
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAddress, wordsOf } from "../../../src/engine/clickhouse/address.ts";
import { messageOf } from "../../../src/errors.ts";

const where = "NUMBERS_CLICKHOUSE_URL";
const parse = (value: string, password?: string) => parseAddress(value, where, password);

describe("a server", () => {
  test("all parts", () => {
    expect(parse("https://me:p%40ss%2Fw%25@db.example:8443/sales/")).toEqual({
      ...{ kind: "server", url: "https://db.example:8443", user: "me" },
      ...{ password: "p@ss/w%", database: "sales" },
    });
  });

  test("as little as possible", () => {
    expect(parse("http://[::1]")).toEqual({
      ...{
        kind: "server",
        url: "http://[::1]",
        user: "default",
        password: "",
        database: "numbers",
      },
    });
  });

  test("a password that is given apart stands for the one in the address", () => {
    expect(parse("http://me:old@db.example", "new")).toMatchObject({ user: "me", password: "new" });
    expect(parse("http://me@db.example", "new")).toMatchObject({ user: "me", password: "new" });
  });

  test("its words hold neither user nor password", () => {
    expect(wordsOf(parse("http://me:secret@db.example:8123/x"))).toBe("http://db.example:8123/x");
  });
});

test("a folder", () => {
  expect(parse("chdb:some/where")).toEqual({
    ...{ kind: "folder", path: resolve("some/where"), database: "numbers" },
  });
  expect(wordsOf(parse("chdb:/data"))).toBe("chdb:/data");
  expect(() => parse("chdb:")).toThrow("chdb: names no folder");
});

test.each([
  ["nonsense", "no address of a server"],
  ["", "no address of a server"],
  ["ftp://me:secret@db.example/x", '"ftp:" is no protocol'],
  ["me:secret@db.example:8123", '"me:" is no protocol'],
  ["http://me:secret@db.example:99999/x", "no address of a server"],
  ["http://me:sec/ret@db.example/x", "no address of a server"],
  ["http://me:12/secret@db.example/x", "nothing may stand behind the database"],
  ["http://me:12?secret@db.example/x", "nothing may stand behind the database"],
  ["http://me:12#secret@db.example/x", "nothing may stand behind the database"],
  ["http://me:secret@db.example/x?password=secret", "nothing may stand behind the database"],
  ["http://me:secret%@db.example/x", "write %25 for a % itself"],
  ["http://me:secret@db.example/a-b", '"a-b" is no name of a database'],
  ["http://me:secret@db.example/a%20b", '"a%20b" is no name of a database'],
  ["http://me:secret@db.example/a/b", '"a/b" is no name of a database'],
])("%s is refused, and the password not shown", (value, words) => {
  let said = "";
  try {
    parse(value);
  } catch (error) {
    expect(error).toMatchObject({ exitCode: 2, cause: undefined });
    said = messageOf(error);
  }
  expect(said).toMatch(/^NUMBERS_CLICKHOUSE_URL: /);
  expect(said).toContain(words);
  expect(said).not.toMatch(/secret|ret@/);
});
