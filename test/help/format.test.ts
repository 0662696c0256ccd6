/** The page of a command in the width of a terminal. */
import { describe, expect, test } from "vitest";
import type { Run } from "../../src/commands/run.ts";
import { documented, formatExample, nameOf } from "../../src/help/format.ts";
import { pages } from "../../src/help/pages.ts";
import { buildProgram } from "../../src/main.ts";

const inert: Run = () => async () => {};

function helpAt(columns: number | undefined): Map<string, string> {
  return new Map(
    documented(buildProgram(inert)).map((command) => {
      command.configureOutput({ getOutHelpWidth: () => columns as number });
      return [nameOf(command), command.helpInformation()];
    }),
  );
}

const pageAt = (columns: number | undefined, name: string) => helpAt(columns).get(name) ?? "";

describe("width", () => {
  test.each([40, 60, 80, 100])("%i columns are enough for every line", (columns) => {
    for (const [name, help] of helpAt(columns)) {
      const wide = help.split("\n").filter((line) => line.length > columns);
      expect(wide, name).toEqual([]);
    }
  });

  test("where there is no width, or a terminal says 0, it is 80", () => {
    expect(pageAt(undefined, "order")).toBe(pageAt(80, "order"));
    expect(pageAt(0, "order")).toBe(pageAt(80, "order"));
    expect(pageAt(40, "order")).not.toBe(pageAt(80, "order"));
  });

  test("every example is one line of 80 columns; a narrower one goes on behind a backslash", () => {
    for (const { examples } of Object.values(pages)) {
      for (const example of examples) {
        expect(formatExample(example, 80)).toBe(`  ${example}`);
        const narrow = formatExample(example, 40);
        expect(narrow.replaceAll(/ \\\n +/g, " ")).toBe(`  ${example}`);
      }
    }
    expect(formatExample('numbers order cancel --reason "a b" --quiet', 30)).toBe(
      '  numbers order cancel \\\n      --reason "a b" --quiet',
    );
  });
});

describe("a page", () => {
  test("has the sentence, the groups, what else there is, examples and codes, in this order", () => {
    const help = pageAt(80, "order");
    const places = [
      "Usage: numbers order --provider CODE --count N [options]",
      "Take distinct sellable numbers",
      "Which numbers:\n  --provider <codes> ",
      "For whom, and as what:\n  --customer <name> ",
      "Commands:\n  list ",
      "All or nothing:",
      "Options of every command (numbers --help): --home, ",
      "Examples:\n  numbers order --provider tsel ",
      "Exit codes:\n  0         done\n",
      "\n  130, 143  interrupted",
    ].map((part) => help.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(help.endsWith("\n")).toBe(true);
  });

  test("says defaults and choices in plain words", () => {
    expect(pageAt(80, "order list")).toContain("how many at most (default 20)");
    expect(pageAt(80, "completion")).toContain("whose script (one of bash, zsh, fish)");
    expect([...helpAt(80).values()].join("")).not.toMatch(/\((default|choices): "/);
  });

  test("has the codes of its command alone", () => {
    expect(pageAt(80, "config")).not.toMatch(/^ {2}[3-8] /m);
    expect(pageAt(80, "ingest")).toMatch(/^ {2}3 +a file was refused or failed/m);
    expect(pageAt(80, "ingest")).not.toMatch(/^ {2}7 /m);
  });

  test("of a command that only has commands has their codes", () => {
    expect(pageAt(80, "blacklist")).toMatch(/^ {2}7 +not all of it arrived/m);
    expect(pageAt(80, "source")).not.toMatch(/^ {2}[3478] /m);
  });

  test("explains what every command has in one place alone", () => {
    for (const [name, help] of helpAt(80)) {
      expect(help.includes("--lock-timeout <duration>"), name).toBe(name === "numbers");
      expect(help, name).toContain("--lock-timeout");
      expect(help, name).toContain("--help");
    }
  });

  test("has words below their terms where there is no room beside them", () => {
    expect(pageAt(40, "ingest")).toContain("  --phone-column <name>\n      the column that holds");
    expect(pageAt(80, "ingest")).toContain("  --phone-column <name>      the column");
  });
});
