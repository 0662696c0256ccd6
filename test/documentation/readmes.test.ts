/**
 * README.md and README.id.md say the same, and nothing that is not so: the commands and options that they and the other
 * pages name are there, figures of speed are those of bench/RESULTS.md, links lead somewhere.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { blocksOf, commandsOf, pages, readPage, root } from "./pages.ts";

const english = readPage("README.md");
const indonesian = readPage("README.id.md");
const titles = (text: string) => [...text.matchAll(/^## (.*)$/gm)].map(([, title = ""]) => title);
const section = (text: string, title: string) =>
  text.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? "";

test("both have the same sections, and one a glossary more", () => {
  const glossary = "Istilah";
  expect(titles(indonesian)).toContain(glossary);
  expect(titles(indonesian).filter((title) => title !== glossary)).toHaveLength(
    titles(english).length,
  );
});

test("both have the same commands, with the same results", () => {
  const said = (page: string) =>
    blocksOf(page)
      .flatMap(commandsOf)
      .filter(({ command }) => !/^\s*(source file|berkas sumber|└|catalog|katalog)/.test(command))
      .map(({ command, code, output }) => ({ command, code, output }));
  expect(said("README.id.md")).toEqual(said("README.md"));
  expect(said("README.md").length).toBeGreaterThan(8);
});

test("both name the same commands, options, settings and files", () => {
  const spans = (text: string) => (text.match(/`[^`\n]+`|\]\((?!#|README)[^)]+\)/g) ?? []).sort();
  const without = indonesian.replace(section(indonesian, "Istilah"), "");
  expect(spans(without)).toEqual(spans(english));
});

test("both have the same tables, row by row", () => {
  const names = titles(english);
  const counterparts = titles(indonesian).filter((title) => title !== "Istilah");
  const rows = (text: string, title: string) =>
    section(text, title)
      .split("\n")
      .filter((line) => line.startsWith("|"))
      .map((line) => (line.match(/`[^`]+`|\b\d+\b/g) ?? []).sort());
  for (const [index, name] of names.entries()) {
    expect(rows(indonesian, counterparts[index] ?? ""), name).toEqual(rows(english, name));
  }
});

test("figures of speed stand in bench/RESULTS.md", () => {
  const results = readPage("bench/RESULTS.md");
  const figures = section(english, "How fast").match(/\b[\d.,]+ (s|MB|GiB|cores)\b/g) ?? [];
  expect(figures.length).toBeGreaterThan(12);
  // There the unit stands once behind a median and what it lies between, or behind several figures.
  const stands = (figure: string) =>
    new RegExp(`\\b${figure.split(" ")[0]?.replaceAll(".", "\\.")}\\b`).test(results);
  expect(figures.filter((figure) => !stands(figure))).toEqual([]);
  const date = /\b20\d\d-\d\d-\d\d\b/.exec(section(english, "How fast"))?.[0];
  expect(results).toMatch(new RegExp(`\\| ${date} +\\|`));
});

test("the commands and options that pages name are there", () => {
  const help = new Map(
    readPage("docs/cli.md")
      .split(/^## /m)
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf("\n")), text]),
  );
  const unknown = pages
    .filter((page) => page !== "docs/cli.md")
    .flatMap((page) =>
      [...readPage(page).matchAll(/`(numbers [^`]*)`/g)].flatMap(([, line = ""]) =>
        slips(line, help).map((slip) => `${page}: ${line}: ${slip}`),
      ),
    );
  expect(unknown).toEqual([]);
});

test("a slip in a name would be noticed", () => {
  const help = new Map([
    ["numbers order", "--count <n>\n"],
    ["numbers order list", "--state <state>\n"],
  ]);
  expect(slips("numbers order --count 5", help)).toEqual([]);
  expect(slips("numbers order list --state X", help)).toEqual([]);
  expect(slips("numbers order --cout 5", help)).toEqual(["--cout"]);
  expect(slips("numbers ordr", help)).toEqual(["no such command"]);
});

test("links lead to files and titles that are there", () => {
  const broken = pages.flatMap((page) =>
    [...readPage(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [file = "", anchor] = link.split("#");
        const path = file === "" ? page : join(dirname(page), file);
        if (!existsSync(join(root, path))) return true;
        return anchor !== undefined && !anchors(readPage(path)).includes(anchor);
      })
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});

/** What of a command line the help does not know. */
function slips(line: string, help: ReadonlyMap<string, string>): string[] {
  const words = line.split(" ");
  const length = [3, 2].find((count) => help.has(words.slice(0, count).join(" ")));
  if (length === undefined) {
    return /^numbers (--|help\b)/.test(line) ? [] : ["no such command"];
  }
  const page = help.get(words.slice(0, length).join(" ")) ?? "";
  return (line.match(/(?<= )--[a-z-]+/g) ?? []).filter(
    (option) => !new RegExp(`${option}(?![a-z-])`).test(page),
  );
}

/** As GitHub makes them of titles. */
function anchors(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
