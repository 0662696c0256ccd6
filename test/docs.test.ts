/** Pages that are made from the program itself, word for word. `UPDATE_DOCS=1 npm test` writes them anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { listReasons } from "../src/blacklist/kinds.ts";
import { documented, nameOf } from "../src/help/format.ts";
import { reasonCodes } from "../src/intake/phone.ts";
import { brokenReasons } from "../src/intake/records.ts";
import { personReasons } from "../src/intake/rejections.ts";
import { buildProgram } from "../src/main.ts";
import { version } from "../src/version.ts";
import { manualOf } from "./help/manual.ts";
import { createWorkdir } from "./workdir.ts";

/** Compares a page with what it should be, or writes it. */
function expectPage(name: string, text: string): void {
  const file = resolve(import.meta.dirname, "../docs", name);
  if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  expect(readFileSync(file, "utf8")).toBe(text);
}

const program = buildProgram(() => async () => {});
const commands = documented(program);

test("docs/cli.md is what --help prints", async () => {
  const dir = createWorkdir();
  const sections = await Promise.all(
    commands.map(async (command) => {
      const words = command.parent === null ? [] : nameOf(command).split(" ");
      const { stdout } = await dir.ok([...words, "--help"]);
      const title = `## ${["numbers", ...words].join(" ")}`;
      return `${title}\n\n\`\`\`\n${stdout.trimEnd()}\n\`\`\`\n`;
    }),
  );
  const text = `# Commands\n\nThe help of every command, as it is printed; a test keeps this page so.\n\n${sections.join("\n")}`;
  expectPage("cli.md", text);
});

test("docs/numbers.1 says what the help says", () => {
  expectPage("numbers.1", manualOf(program, version()));
});

test("docs/reject-codes.md has every code with an example", () => {
  const rows = (codes: Readonly<Record<string, string>>) =>
    Object.entries(codes).map(([code, meaning]) => {
      const [, what = meaning, example = ""] = /^(.*?): (.*)$/.exec(meaning) ?? [];
      expect(what).not.toBe("");
      return `- \`${code}\`: ${what}${example && `, such as \`${example}\``}`;
    });
  expectPage(
    "reject-codes.md",
    [
      "# Why a line was rejected",
      "",
      "The codes in the column `reason` of a rejects file and in `reasons` of `ingest --json`. A code keeps its meaning",
      "for ever. Correct the lines in the file, leave the column as it is, and ingest the file: the reasons are not kept.",
      "",
      "## The phone cell",
      "",
      ...rows(reasonCodes),
      "",
      "## The line itself",
      "",
      "Of these the cells are cut at every delimiter, quotes kept, so that nothing is lost; of an overlong line the file",
      "has the first 1,000 bytes.",
      "",
      ...rows(brokenReasons),
      "",
      "## The person",
      "",
      "Who was erased (`numbers erase`) is not kept even among the rejects. A line of the sections above that holds such a",
      "number keeps its code and loses its cells.",
      "",
      ...rows(personReasons),
      "",
      "## In a list for the blacklist",
      "",
      "Only in `reasons` of `blacklist import --json`, with those above; no file is kept.",
      "",
      ...rows(listReasons),
      "",
    ].join("\n"),
  );
});
