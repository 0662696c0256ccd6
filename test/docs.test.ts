/** docs/cli.md is the help of every command, word for word. `UPDATE_DOCS=1 npm test` writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { createWorkdir } from "./workdir.ts";

const file = resolve(import.meta.dirname, "../docs/cli.md");

const commands = [
  "ingest",
  "order",
  "order list",
  "order show",
  "order export",
  "order cancel",
  "stats",
  "generate",
  "doctor",
];

test("docs/cli.md is what --help prints", async () => {
  const dir = createWorkdir();
  const sections = await Promise.all(
    ["", ...commands].map(async (command) => {
      const { stdout } = await dir.ok([...command.split(" ").filter(Boolean), "--help"]);
      const title = `## numbers ${command}`.trimEnd();
      return `${title}\n\n\`\`\`\n${stdout.trimEnd()}\n\`\`\`\n`;
    }),
  );
  const text = `# Commands\n\nThe help of every command, as it is printed; a test keeps this page so.\n\n${sections.join("\n")}`;
  if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("every command that the program has is in the list above", async () => {
  const dir = createWorkdir();
  const { stdout } = await dir.ok(["--help"]);
  const listed = [...stdout.matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name);
  expect(listed.filter((name) => name !== "help" && !commands.includes(name ?? ""))).toEqual([]);
});
