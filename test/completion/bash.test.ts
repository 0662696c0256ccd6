/** What bash leaves to the completion: the words of a line, and quoting that bash itself reads back. */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { insertion, readLine } from "../../src/completion/bash.ts";

const breaks = " \t\n\"'><=;|&(:";

test.each([
  ["numbers ", [], ""],
  ["numbers ord", [], "ord"],
  ["numbers order --customer Acme\\ Co", ["order", "--customer"], "Acme Co"],
  ['numbers order --customer "Acme C', ["order", "--customer"], "Acme C"],
  ["numbers order --customer 'it'\\''s", ["order", "--customer"], "it's"],
  ["numbers \"a b\" 'c d' e", ["a b", "c d"], "e"],
  ['numbers "\\"\\$\\`\\\\\\n" x', ['"$`\\\\n'], "x"],
  ["numbers '' x", [""], "x"],
  ["numbers a\\", [], "a"],
  ["numbers $(touch x) `id`", ["$(touch", "x)"], "`id`"],
] as const)("%s", (line, words, typed) => {
  expect(readLine(line, breaks)).toMatchObject({ words, typed });
});

test("what the editor does not replace is kept", () => {
  expect(readLine("numbers --provider=ts", breaks).kept).toBe("--provider=".length);
  expect(readLine("numbers --provider=ts", " \t\n").kept).toBe(0);
  expect(readLine("numbers Foo:b", breaks).kept).toBe("Foo:".length);
  expect(readLine("numbers Foo\\:b", breaks).kept).toBe(0);
  expect(readLine('numbers --customer="Foo: b', breaks).kept).toBe("--customer=".length);
});

describe("bash reads back what was inserted, and nothing more", () => {
  const names = [
    "Acme Corp",
    'Say "hi"',
    "it's",
    "'",
    '"',
    "$HOME `id` $(id) \\ \\\\",
    "Wow!",
    "!! and !x",
    "a\\",
    "~root/*?[x]{a,b}",
    "# no; rm -rf & | > < ( )",
    "Ünïcode 数 é",
    "--dash=x:y",
    "a='b\"c",
  ];
  const hasBash = (() => {
    try {
      execFileSync("bash", ["--version"]);
      return true;
    } catch {
      process.stderr.write("skipped: there is no bash\n");
      return false;
    }
  })();

  test.skipIf(!hasBash).each(["", "'", '"'] as const)("behind %j", (quote) => {
    // As an interactive shell reads it: there an exclamation mark means something.
    const script = names
      .map((name) => {
        const text = insertion(name, readLine(`numbers ${quote}`, breaks));
        // The editor closes the quote unless the last letter is one.
        const end = text.endsWith(quote) ? "" : quote;
        return `printf '%s\\n' ${quote}${text}${end}\n`;
      })
      .join("");
    const input = `set -o history -o histexpand\n${script}`;
    const stdout = execFileSync("bash", ["--norc"], { input });
    expect(stdout.toString().trimEnd().split("\n")).toEqual(names);
  });
});
