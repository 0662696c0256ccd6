/** What a server answers when it refuses, and what a person is told. */
import { ClickHouseError } from "@clickhouse/client";
import { describe, expect, test } from "vitest";
import { connect } from "../../../src/engine/clickhouse/connection.ts";
import { isPassing, isStillRunning, refusalOf } from "../../../src/engine/clickhouse/failures.ts";
import { UserError } from "../../../src/errors.ts";
import { connectionTo, freshDatabase } from "./access.ts";

const where = "http://db.example:8123";
const answered = (code: number, message = "it said why\nand more") =>
  new ClickHouseError({ message, code: String(code), type: "TYPE" });
const away = (code: string, message = `connect ${code} 192.0.2.1:8123`) =>
  Object.assign(new Error(message), { code });

describe("the same again, later", () => {
  test.each([159, 202, 209, 210, 216, 242, 252, 279, 285, 319, 999])("error %i", (code) => {
    expect(isPassing(answered(code))).toBe(true);
    expect(isStillRunning(answered(code))).toBe(code === 216);
    expect(refusalOf(answered(code), where)).toMatchObject({
      ...{ exitCode: 6, message: expect.stringMatching(`^${where} is busy: it said why; `) },
    });
  });

  test.each([
    away("ECONNREFUSED"),
    away("ECONNRESET"),
    away("EAI_AGAIN"),
    new Error("Timeout error."),
    new Error("socket hang up"),
    Object.assign(new Error("half"), { name: "CutOff" }),
  ])("%s", (error) => {
    expect(isPassing(error)).toBe(true);
    expect(isStillRunning(error)).toBe(false);
    expect(refusalOf(error, where)).toMatchObject({
      ...{
        exitCode: 6,
        message: expect.stringMatching(`^${where} does not answer: `),
        cause: error,
      },
    });
  });
});

test.each([
  [answered(516), 2, "does not admit this user"],
  [answered(194), 2, "NUMBERS_CLICKHOUSE_PASSWORD"],
  [answered(497), 2, "does not allow it: it said why; grant it"],
  [answered(243), 1, "is full: it said why; make room"],
  [answered(241), 1, "not enough memory: it said why; "],
  [away("ENOTFOUND"), 2, "there is no such host"],
  [away("SELF_SIGNED_CERT_IN_CHAIN"), 2, "name the one that signed it as clickhouse_ca"],
  [away("ERR_TLS_CERT_ALTNAME_INVALID"), 2, "its certificate is not trusted"],
] as const)("%s is told in words, and not tried again", (error, exitCode, words) => {
  expect(isPassing(error)).toBe(false);
  const refusal = refusalOf(error, where);
  expect(refusal).toMatchObject({ exitCode, cause: error });
  expect(refusal?.message).toContain(where);
  expect(refusal?.message).toContain(words);
  expect(refusal?.message).not.toContain("\n");
});

test("a defect of ours is none of these, whatever its words", () => {
  for (const error of [
    answered(62, "Syntax error: certificate aborted 503"),
    answered(47, "Unknown identifier ssl"),
    new TypeError("x is not a function"),
  ]) {
    expect(isPassing(error)).toBe(false);
    expect(refusalOf(error, where)).toBeUndefined();
  }
  const told = new UserError(2, "told already");
  expect(refusalOf(told, where)).toBe(told);
});

test("inside the process errors are of another class, and told the same", async () => {
  const connection = await connect(connectionTo(freshDatabase()));
  const sql = "select throwIf(1, 'the certificate was aborted', 243::Int32)";
  const setting = { allow_custom_error_code_in_throwif: 1 } as const;
  const read = connection.read({ sql, parameters: {}, settings: setting });
  await expect(read).rejects.toMatchObject({ exitCode: 1 });
  const broken = connection.read({ sql: "select ssl", parameters: {} });
  await expect(broken).rejects.not.toBeInstanceOf(UserError);
  await connection.close();
});
