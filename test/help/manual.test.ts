/** The manual page is roff without a mistake, and shows what can be copied into a shell. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { pages } from "../../src/help/pages.ts";
import { buildProgram } from "../../src/main.ts";
import { escaped, manualOf } from "./manual.ts";

const page = resolve(import.meta.dirname, "../../docs/numbers.1");

test("every letter comes out as it is", () => {
  expect(escaped("--a-b 'c' \"d\" `e` ~ ^ \\n é …")).toBe(
    "\\-\\-a\\-b \\(aqc\\(aq \\(dqd\\(dq \\(gae\\(ga \\(ti \\(ha \\(rsn \\[u00E9] ...",
  );
});

test("no line of text is taken for a request", () => {
  const program = buildProgram(() => async () => {});
  program.description(".hidden files come first.");
  const lines = manualOf(program, "1").split("\n");
  expect(lines).toContain("\\&.hidden files come first.");
  const requests = /^\.(\\"|TH|SH|PP|TP|RS|RE|nf|fi|ad|nh)( |$)/;
  expect(lines.filter((line) => /^[.']/.test(line) && !requests.test(line))).toEqual([]);
});

test("it comes with the package, and man finds it there", () => {
  const { files, man } = JSON.parse(
    readFileSync(resolve(import.meta.dirname, "../../package.json"), "utf8"),
  );
  expect(man).toEqual(["docs/numbers.1"]);
  expect(files).toContain(man[0]);
});

const { status: hasGroff } = spawnSync("groff", ["--version"]);
if (hasGroff !== 0) {
  process.stderr.write("skipped: there is no groff here, so the manual page is not rendered\n");
}

describe.skipIf(hasGroff !== 0)("rendered by groff", () => {
  const render = (...args: string[]) =>
    spawnSync("groff", ["-ww", "-man", "-Tascii", "-P-cbou", ...args, page], { encoding: "utf8" });

  test("without a warning", () => {
    expect(render("-z")).toMatchObject({ status: 0, stderr: "" });
  });

  test("with every command, every example, and options that can be copied", () => {
    const text = render().stdout;
    const plain = text.replaceAll(/ \\\n +/g, " ").replaceAll(/\s+/g, " ");
    for (const [name, { examples }] of Object.entries(pages)) {
      if (name !== "numbers") expect(text).toContain(`\n${name.toUpperCase()}\n`);
      for (const example of examples) expect(plain).toContain(example);
    }
    expect(text).toContain("--lock-timeout duration");
    expect(text).toContain("NUMBERS_LOCK_TIMEOUT");
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
