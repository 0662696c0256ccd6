/** Finding numbers in rejects files however they were written, and emptying their records and no others. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { emptyRejects, findInRejects, nationalNumbersIn } from "../../src/intake/rejects-file.ts";

const wanted = ["81200000001", "8130000002"];
const choose = async (nationals: readonly string[]) =>
  nationals.filter((national) => wanted.includes(national));

async function cleaned(text: string | Buffer, reason?: string) {
  const folder = mkdtempSync(join(tmpdir(), "numbers-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [path, target] = [join(folder, "a.csv"), join(folder, "b.csv")];
  writeFileSync(path, text);
  const found = await findInRejects(path, choose, undefined);
  await emptyRejects(path, target, new Set(found.keys()), reason, undefined);
  return { found: Object.fromEntries(found), text: readFileSync(target) };
}

test.each([
  "081200000001",
  "+6281200000001",
  "0812-0000-0001 0",
  "62 812.0000.0001",
  "(0812) 0000/0001x",
  "99081200000001",
])("the digits of %s hold the number", (cell) => {
  expect(nationalNumbersIn(cell)).toContain("81200000001");
});

test("digits of two cells are no number", async () => {
  const text = "reason,phone,name\nempty,0812000,00001\n";
  expect((await cleaned(text)).found).toEqual({});
});

test("only the records that hold it, across quotes, line breaks and bytes of any kind", async () => {
  const others = Buffer.concat([
    Buffer.from('bad_quote,"no 8130000003\nsecond line, ""x""",'),
    Buffer.from([0xff, 0x00, 0xe9]),
    Buffer.from("\n"),
  ]);
  const { found, text } = await cleaned(
    Buffer.concat([
      Buffer.from("reason,phone,name\n"),
      others,
      Buffer.from('ambiguous_tail,"0812 0000 0001 0\nand 0813-000-0002",Budi\n'),
      others,
      Buffer.from("too_long,0812000000019999,Edi"),
    ]),
    "erased",
  );
  expect(found).toEqual({ "81200000001": 2, "8130000002": 1 });
  expect(text).toEqual(
    Buffer.concat([
      Buffer.from("reason,phone,name\n"),
      others,
      Buffer.from("erased,,\n"),
      others,
      Buffer.from("erased,,\n"),
    ]),
  );
});

test("the reason stays when it is not to change, and so does a file without the number", async () => {
  expect((await cleaned("reason,phone\nbad_quote,081200000001\n")).text.toString()).toBe(
    "reason,phone\nbad_quote,\n",
  );
  const text = 'reason,phone\nbad_quote,"0812""\n';
  expect((await cleaned(text)).text.toString()).toBe(text);
  expect((await cleaned("")).text.toString()).toBe("");
});

test("a file of many blocks, its records cut anywhere", async () => {
  const rows = Array.from({ length: 60_000 }, (_, n) =>
    n % 1000 === 7 ? '"bad, one",081200000001\n' : `empty,"row ${n}\n${n}"\n`,
  );
  const { found, text } = await cleaned(`reason,phone\n${rows.join("")}`, "erased");
  expect(found).toEqual({ "81200000001": 60 });
  expect(text.toString()).toBe(
    `reason,phone\n${rows.map((row) => (row.startsWith('"bad') ? "erased,\n" : row)).join("")}`,
  );
});
