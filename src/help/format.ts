/**
 * How the help of a command is laid out: its sentence, its options in their groups, its commands, and what `pages.ts`
 * says of it, in the width of the terminal. Pure: a command in, a text out.
 */
import { type Command, Help } from "commander";
import { plain } from "../text.ts";
import { type Item, type Page, pages, type Section } from "./pages.ts";
import { instead } from "./typos.ts";

/** The heading of the options that every command has. They fill a page, so only `numbers --help` explains them. */
export const everywhere = "Everywhere:";

/** For output that is no terminal, or one that does not know its width. */
const usualWidth = 80;
/** Words beside their term have at least so many columns; in a narrower terminal they stand below it. */
const wordsLeast = 24;

/** With its value where one follows. */
const optionOrWord = /-\S+ (?:"[^"]*"|[^\s"-]\S*)|(?:[^\s"]|"[^"]*")+/g;

type Layout = Help & { isError?: boolean };
const usual = new Help();

/**
 * For `configureHelp` of the program, before its commands are added: they inherit it. `isAscii`: the locale has nothing
 * else.
 */
export const helpLayout = (isAscii: boolean): Partial<Help> => ({
  minWidthToWrap: 20,
  prepareContext(this: Layout, { error, helpWidth }) {
    this.isError = error ?? false;
    this.helpWidth = helpWidth || usualWidth;
  },
  // Every command has options, so it is not worth a word.
  subcommandTerm: (command) => usual.subcommandTerm(command).replace(" [options]", ""),
  optionDescription: (option) => unquoted(usual.optionDescription(option)),
  argumentDescription: (argument) => unquoted(usual.argumentDescription(argument)),
  formatHelp(this: Layout, command, helper) {
    const error = this.isError ? instead(command) : undefined;
    return `${error ?? formatPage(command, helper, (words) => plain(words, isAscii))}\n`;
  },
});

/** A command and all below it, without those that are hidden and the `help` that commander adds. */
export function documented(command: Command): Command[] {
  const shown = command.createHelp().visibleCommands(command);
  return [command, ...command.commands.filter((one) => shown.includes(one)).flatMap(documented)];
}

/** `order list` and `numbers` for the program itself: the name in `pages`. */
export function nameOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${nameOf(parent)} ${command.name()}` : command.name();
}

/** What is said of a command. Throws when it has no page: a test walks through all of them. */
export function pageOf(command: Command): Page {
  const page = pages[nameOf(command)];
  if (page) return page;
  throw new Error(`numbers ${nameOf(command)} has no page in src/help/pages.ts; write one`);
}

/** The codes of a command and what they mean; of one that only has commands, what these end with. */
export function exitsOf(command: Command): NonNullable<Page["exits"]> {
  const { exits } = pageOf(command);
  return exits ?? Object.assign({}, ...documented(command).slice(1).map(exitsOf));
}

/** The arguments, options by their groups, and commands, in the order of the page. */
export function sectionsOf(command: Command, helper: Help): Section[] {
  const itemsOfArguments = helper.visibleArguments(command).map((argument) => ({
    term: helper.argumentTerm(argument),
    words: helper.argumentDescription(argument),
  }));
  const options = helper.visibleOptions(command);
  const groups = helper.groupItems(
    [...command.options],
    options,
    ({ helpGroupHeading }) => helpGroupHeading ?? "Options:",
  );
  const sectionsOfOptions = [...groups].map(([title, some]) => ({
    title,
    items: some.map((option) => ({
      term: helper.optionTerm(option),
      words: helper.optionDescription(option),
    })),
  }));
  const commands = helper.visibleCommands(command).map((one) => ({
    term: helper.subcommandTerm(one),
    words: helper.subcommandDescription(one).replace(/\.$/, ""),
  }));
  const sections = [
    { title: "Arguments:", items: itemsOfArguments },
    // Who asks the program itself looks for a command.
    ...(command.parent === null ? [{ title: "Commands:", items: commands }] : []),
    ...sectionsOfOptions.filter(({ title }) => command.parent === null || title !== everywhere),
    ...(command.parent === null ? [] : [{ title: "Commands:", items: commands }]),
  ];
  return sections.filter(({ items }) => items.length > 0);
}

/** The codes as items; those of one meaning together: `130, 143`. */
export function exitItems(exits: NonNullable<Page["exits"]>): Item[] {
  const codes = new Map<string, string[]>();
  for (const [code, words] of Object.entries(exits)) {
    codes.set(words, [...(codes.get(words) ?? []), code]);
  }
  return [...codes].map(([words, some]) => ({ term: some.join(", "), words }));
}

/** `say` writes words in the letters that there are; before they are laid out, because it makes them longer. */
function formatPage(command: Command, helper: Help, say: (words: string) => string): string {
  const width = helper.helpWidth ?? usualWidth;
  const { about, more, examples } = pageOf(command);
  const sections = [...sectionsOf(command, helper), ...(more ? [more] : [])].map(
    ({ title, items }) => ({
      title,
      items: items.map(({ term, words }) => ({ term, words: say(words) })),
    }),
  );
  const termWidth = widest(sections.flatMap(({ items }) => items));
  const shared = helper
    .visibleOptions(command)
    .filter((one) => one.helpGroupHeading === everywhere);
  const names = shared.map(({ long }) => long).join(", ");
  const exits = exitItems(exitsOf(command));
  return [
    indented(helper.boxWrap(helper.commandUsage(command), width - 7), "Usage: "),
    helper.boxWrap(say(command.description()), width),
    ...sections.map((section) => formatSection(section, termWidth, width, helper)),
    ...(about === undefined ? [] : [helper.boxWrap(say(about), width)]),
    ...(command.parent === null
      ? []
      : [helper.boxWrap(`Options of every command (numbers --help): ${names}`, width)]),
    ["Examples:", ...examples.map((line) => formatExample(line, width))].join("\n"),
    formatSection({ title: "Exit codes:", items: exits }, widest(exits), width, helper),
  ].join("\n\n");
}

/** `(default 20)` and `(one of bash, zsh)`, as the descriptions themselves say it where a default is no plain word. */
function unquoted(words: string): string {
  return words.replace(/\((default|choices): (".*")\)$/, (_, kind: string, values: string) => {
    const called = kind === "choices" ? "one of" : kind;
    return `(${called} ${values.replaceAll('"', "")})`;
  });
}

function widest(items: readonly Item[]): number {
  return Math.max(0, ...items.map(({ term }) => term.length));
}

function formatSection(
  { title, items }: Section,
  termWidth: number,
  width: number,
  helper: Help,
): string {
  const besides = width - termWidth - 4;
  const lines = items.map(({ term, words }) =>
    besides < wordsLeast
      ? `  ${term}\n${indented(helper.boxWrap(words, width - 6), "      ")}`
      : indented(helper.boxWrap(words, besides), `  ${term.padEnd(termWidth)}  `),
  );
  return [helper.boxWrap(title, width), ...lines].join("\n");
}

/** `first` before the first line, as many blanks before the others. */
function indented(text: string, first: string): string {
  return first + text.replaceAll("\n", `\n${" ".repeat(first.length)}`);
}

/** A command line that can be copied: a long one goes on behind a backslash, never inside quotes or before a value. */
export function formatExample(line: string, width: number): string {
  const words = line.match(optionOrWord) ?? [];
  const lines: string[] = [];
  for (const [index, word] of words.entries()) {
    const room = index === words.length - 1 ? width : width - " \\".length;
    const last = lines.at(-1);
    if (last === undefined) lines.push(`  ${word}`);
    else if (last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`      ${word}`);
  }
  return lines.join(" \\\n");
}
