/** Every command has its page, and what stands there is true of the program: its words, its options, its codes. */
import { expect, test } from "vitest";
import type { Run } from "../../src/commands/run.ts";
import { exitCode } from "../../src/errors.ts";
import { documented, everywhere, exitsOf, nameOf, pageOf } from "../../src/help/format.ts";
import { pages } from "../../src/help/pages.ts";
import { buildProgram } from "../../src/main.ts";

const inert: Run = () => async () => {};
const commands = documented(buildProgram(inert)).map((command) => ({
  name: nameOf(command),
  command,
}));

/** The command that a command line reaches, with handlers that do nothing. Rejects for what would be refused. */
async function reachedBy(line: string): Promise<string | undefined> {
  let reached: string | undefined;
  const words = line.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
  const program = buildProgram(inert);
  for (const command of documented(program)) {
    command.configureOutput({ writeErr: () => {} }).action(() => {
      reached = nameOf(command);
    });
  }
  await program.parseAsync(["node", ...words.map((word) => word.replaceAll('"', ""))]);
  return reached;
}

test.each(commands)(
  "$name: has a page with two examples that it takes",
  async ({ name, command }) => {
    const { examples } = pageOf(command);
    expect(
      examples.length,
      `numbers ${name} needs two examples in src/help/pages.ts`,
    ).toBeGreaterThan(1);
    expect(new Set(examples).size).toBe(examples.length);
    for (const example of examples) {
      const reached = await reachedBy(example);
      if (command.parent === null) expect(reached).toBeDefined();
      else expect(`${reached} `.startsWith(`${name} `), `${example} is no ${name}`).toBe(true);
    }
  },
);

test("a command line that is refused would be noticed", async () => {
  await expect(reachedBy("numbers stats --nope")).rejects.toThrow("unknown option '--nope'");
  await expect(reachedBy("numbers backup")).rejects.toThrow("missing required argument");
  expect(await reachedBy("numbers order list")).toBe("order list");
});

test.each(commands)("$name: ends with codes that there are", ({ command }) => {
  const exits = exitsOf(command);
  const codes = Object.keys(exits).map(Number);
  const known = Object.values<number>(exitCode);
  expect(codes.filter((code) => !known.includes(code))).toEqual([]);
  expect(codes).toEqual(expect.arrayContaining([0, 1, 2, 130, 143]));
  for (const words of Object.values(exits)) expect(words).toMatch(/^\S.{0,69}\S$/);
  if (command.parent === null) expect(codes).toEqual(known);
});

test.each(commands)("$name: is said in one sentence, its options in groups", ({ command }) => {
  expect(command.description()).toMatch(/^[A-Z].*[^.]\.$/);
  expect(command.description()).not.toMatch(/[.!?;]\s/);
  const headings = command.options
    .filter(({ long }) => long !== "--version")
    .map(({ long, helpGroupHeading }) => `${long} ${helpGroupHeading}`);
  expect(headings.filter((heading) => !/ .+:$/.test(heading))).toEqual([]);
  expect(headings.some((heading) => heading.endsWith(everywhere))).toBe(true);
});

test("no page is left of a command that is gone", () => {
  const names = commands.map(({ name }) => name);
  expect(Object.keys(pages).filter((name) => !names.includes(name))).toEqual([]);
});

test("a command without a page is named", () => {
  const program = buildProgram(inert);
  const added = program.command("polish");
  expect(documented(program)).toContain(added);
  expect(() => pageOf(added)).toThrow("numbers polish has no page in src/help/pages.ts");
  // What is not for people needs none.
  expect(documented(program)).not.toContain(program.command("__polish", { hidden: true }));
});
