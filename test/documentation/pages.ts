/** The pages of the documentation as the tests read them: sections, blocks, and in the blocks the lines that are commands. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

/** Paths from the root of the repository. */
export const pages: readonly string[] = [
  "README.md",
  "README.id.md",
  "bench/RESULTS.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

export type Block = {
  readonly page: string;
  /** The nearest title above it. */
  readonly section: string;
  /** The last line of text above it. */
  readonly intro: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
};

export type Command = {
  readonly page: string;
  readonly section: string;
  readonly line: number;
  readonly command: string;
  /** 0, or what the line says behind it: `# exit 4`. */
  readonly code: number;
  /** What the page says that it prints; nothing when it does not say. `…` stands for what is left out. */
  readonly output: readonly string[];
};

export function readPage(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

/** All code blocks of a page: fenced ones, and those that are indented by four columns or more. */
export function blocksOf(page: string): Block[] {
  const lines = readPage(page).split("\n");
  const blocks: Block[] = [];
  let section = "";
  let intro = "";
  for (let index = 0; index < lines.length; index += 1) {
    const text = lines[index] ?? "";
    section = /^#+ (.*)$/.exec(text)?.[1] ?? section;
    const fence = /^ *```/.test(text);
    if (!fence && !isIndented(text)) {
      intro = text || intro;
      continue;
    }
    const from = fence ? index + 1 : index;
    const end = fence ? endOfFence(lines, from) : endOfIndented(lines, from);
    blocks.push({ page, section, intro, line: from + 1, lines: dedent(lines.slice(from, end)) });
    index = fence ? end : end - 1;
  }
  return blocks;
}

const isIndented = (text: string) => /^ {4,}\S/.test(text);

function endOfFence(lines: readonly string[], from: number): number {
  const end = lines.findIndex((text, index) => index >= from && /^ *```/.test(text));
  return end < 0 ? lines.length : end;
}

/** Empty lines belong to it when more of it follows. */
function endOfIndented(lines: readonly string[], from: number): number {
  let end = from;
  for (let index = from; index < lines.length; index += 1) {
    if (isIndented(lines[index] ?? "")) end = index + 1;
    else if (lines[index] !== "") break;
  }
  return end;
}

function dedent(lines: readonly string[]): string[] {
  const indents = lines.filter((text) => text !== "").map((text) => text.search(/\S/));
  const least = Math.min(...indents);
  return lines.map((text) => text.slice(least));
}

/**
 * The commands of a block. What a block is shows in its lines: a session (`$ …` and what it prints), a help page with
 * examples, a crontab, errands of a unit, or nothing but commands. A block that is none of these is taken for commands
 * too, so that nothing new goes by unrun; those that are something else have to be named by the caller.
 */
export function commandsOf(block: Block): Command[] {
  const { lines } = block;
  if (lines.some((text) => text.startsWith("$ "))) return session(block);
  if (lines.some((text) => text.startsWith("Usage: "))) return examples(block);
  if (lines.some((text) => text.startsWith("COMMAND="))) return errands(block);
  return lines.flatMap((text, index) => {
    if (text === "" || text.startsWith("#")) return [];
    const scheduled = /^(?:[-*/,\d]+ +){5}(?:\w+ {2,})?(.*)$/.exec(text)?.[1];
    if (scheduled === undefined && /^[A-Z_]+=\S*$/.test(text)) return []; // a crontab's environment
    return [one(block, index, scheduled ?? text)];
  });
}

function session(block: Block): Command[] {
  const starts = block.lines.flatMap((text, index) => (text.startsWith("$ ") ? [index] : []));
  return starts.map((start, which) => {
    const output = block.lines.slice(start + 1, starts[which + 1]).filter((text) => text !== "");
    return { ...one(block, start, block.lines[start]?.slice(2) ?? ""), output };
  });
}

/** From `Examples:` to the next empty line; a line that ends in a backslash goes on in the next. */
function examples(block: Block): Command[] {
  const start = block.lines.indexOf("Examples:");
  if (start < 0) return [];
  const length = block.lines.slice(start).indexOf("");
  const lines = block.lines.slice(start + 1, length < 0 ? undefined : start + length);
  return lines.flatMap((text, index) => {
    if (lines[index - 1]?.endsWith("\\")) return [];
    let whole = text.trim();
    for (let next = index + 1; whole.endsWith("\\"); next += 1) {
      whole = `${whole.slice(0, -1).trimEnd()} ${lines[next]?.trim()}`;
    }
    return [one(block, start + 1 + index, whole)];
  });
}

function errands(block: Block): Command[] {
  return block.lines.flatMap((text, index) =>
    text.startsWith("COMMAND=") ? [one(block, index, `numbers ${text.slice(8)}`)] : [],
  );
}

function one(block: Block, index: number, text: string): Command {
  const [, command = text, comment = ""] = /^(.*?)\s+# (.*)$/.exec(text) ?? [];
  const code = Number(/^exit (\d+)/.exec(comment)?.[1] ?? 0);
  const { page, section } = block;
  return { page, section, line: block.line + index, command, code, output: [] };
}

/** Where a page says one thing and the program printed another; undefined when they agree. */
export function disagreement(said: readonly string[], printed: string): string | undefined {
  const lines = printed.split("\n").filter((text) => text !== "");
  const matches = (pattern: string, text: string) =>
    new RegExp(`^${masked(pattern).split("…").map(escapeText).join(".*")}$`).test(masked(text));
  let at = 0;
  let isElided = false;
  for (const pattern of said) {
    if (pattern.trim() === "…") {
      isElided = true;
      continue;
    }
    const found = lines.findIndex((text, index) => index >= at && matches(pattern, text));
    if (found < 0 || (!isElided && found > at)) return `no such line: ${pattern}\n${printed}`;
    at = found + 1;
    isElided = false;
  }
  return isElided || at === lines.length ? undefined : `not on the page: ${lines[at]}`;
}

/** Times, days, ids and sizes differ from run to run, and with them the width of their columns. */
function masked(text: string): string {
  return text
    .trim()
    .replaceAll(/\b20\d{6}-[a-z0-9]{8}\b/g, "ID")
    .replaceAll(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/g, "TIME")
    .replaceAll(/\b20\d\d-\d\d-\d\d\b/g, "DAY")
    .replaceAll(/\b[\d.]+ [kM]?B\b/g, "SIZE")
    .replaceAll(/\b[\d.]+ s\b/g, "SECONDS")
    .replaceAll(/ {2,}/g, "  ");
}

function escapeText(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
