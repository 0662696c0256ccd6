import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import { openSource, type Source } from "../../src/intake/source.ts";

const swapped = (text: string) => Buffer.from(text, "utf16le").swap16();

function write(bytes: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), "numbers-source-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "list");
  writeFileSync(path, bytes);
  return path;
}

async function open(bytes: string | Buffer, encoding = "auto"): Promise<Source> {
  const source = await openSource(write(bytes), encoding);
  onTestFinished(() => source.close());
  return source;
}

async function textOf(source: Source): Promise<string> {
  const blocks: Buffer[] = [];
  // A block is valid until the next one: copied.
  for await (const { text } of source.blocks()) blocks.push(Buffer.from(text));
  return Buffer.concat(blocks).toString();
}

describe("encodings", () => {
  const text = "name,phone\nJosé €,0812\n";
  const wide = "name,phone\nスズキ,0812\n";
  const cases: [string, string | Buffer, string, string][] = [
    ["UTF-8", wide, "auto", wide],
    ["UTF-8 with a mark", `\uFEFF${wide}`, "auto", wide],
    ["UTF-16 LE with a mark", Buffer.from(`\uFEFF${wide}`, "utf16le"), "auto", wide],
    ["UTF-16 LE", Buffer.from(wide, "utf16le"), "auto", wide],
    ["UTF-16 BE with a mark", swapped(`\uFEFF${wide}`), "auto", wide],
    ["UTF-16 BE", swapped(wide), "auto", wide],
    ["Windows-1252", Buffer.from("J\xe9, \x80\x92\n", "latin1"), "auto", "Jé, €’\n"],
    ["Windows-1252, named", Buffer.from("J\xe9\x80,1\n", "latin1"), "windows-1252", "Jé€,1\n"],
    ["Latin-1, named", Buffer.from("J\xe9,1\n", "latin1"), "iso-8859-1", "Jé,1\n"],
    ["UTF-16, named", Buffer.from(text, "utf16le"), "utf-16", text],
    ["UTF-16 BE with a mark, named utf-16", swapped(`\uFEFF${text}`), "utf-16", text],
    ["Shift JIS, named", Buffer.from([0x83, 0x58, 0x2c, 0x31, 0x0a]), "shift_jis", "ス,1\n"],
    ["nothing", "", "auto", ""],
    ["a mark alone", "\uFEFF", "auto", ""],
    ["a letter", "a", "auto", "a"],
  ];
  test.each(cases)("%s", async (_, bytes, encoding, expected) => {
    const source = await open(bytes, encoding);
    expect(source.head.replace(/^\uFEFF/, "")).toBe(expected);
    expect(await textOf(source)).toBe(expected);
    expect(source.isWhole).toBe(true);
  });

  test("a character across two blocks is whole", async () => {
    const long = "é".repeat((1 << 20) + 7);
    expect(await textOf(await open(`a${long}`))).toBe(`a${long}`);
    const other = Buffer.from(`\uFEFFa${long}`, "utf16le");
    expect((await textOf(await open(Buffer.concat([other])))) === `a${long}`).toBe(true);
  });
});

describe("packing, by what is inside", () => {
  const zstd = (text: string) => execFileSync("zstd", ["-q", "-c"], { input: text });
  const text = `name,phone\n${"A,0812\n".repeat(1_000)}`;
  const isThere = () => {
    try {
      execFileSync("zstd", ["--version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  };

  test("plain, gzip and several gzip members", async () => {
    const plain = await open(text);
    expect(plain.isDirect).toBe(true);
    const packed = gzipSync(text);
    for (const bytes of [packed, Buffer.concat([packed, gzipSync("B,1\n")])]) {
      const source = await open(bytes);
      expect(source.isDirect).toBe(false);
      expect(await textOf(source)).toBe(bytes === packed ? text : `${text}B,1\n`);
      expect(source.bytesRead()).toBe(bytes.length);
    }
  });

  test("a gzip file cut anywhere is refused, never short", async () => {
    const packed = gzipSync(text);
    for (let length = 2; length < packed.length; length += 7) {
      const reading = (async () => textOf(await open(packed.subarray(0, length))))();
      await expect(reading, `${length} bytes`).rejects.toThrow(UserError);
    }
  });

  test.skipIf(!isThere())("zstd: frames, cut and damaged", async () => {
    const packed = zstd(text);
    expect(await textOf(await open(packed))).toBe(text);
    expect(await textOf(await open(Buffer.concat([packed, zstd("B,1\n")])))).toBe(`${text}B,1\n`);
    for (let length = 4; length < packed.length; length += 1) {
      const reading = (async () => textOf(await open(packed.subarray(0, length))))();
      await expect(reading, `${length} bytes`).rejects.toThrow(UserError);
    }
    const wrong = Buffer.from(packed);
    wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
    await expect((async () => textOf(await open(wrong)))()).rejects.toThrow(UserError);
  });
});

test("a file that changed since it was opened is refused", async () => {
  const path = write("a,b\n1,2\n");
  const source = await openSource(path, "auto");
  await textOf(source);
  source.checkUnchanged();
  appendFileSync(path, "3,4\n");
  expect(() => source.checkUnchanged()).toThrow(/still being written/);
  source.close();
});
