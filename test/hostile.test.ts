/**
 * Names and values that were made to do harm: in every option and argument of every command, in the names of files and
 * columns. Nothing outside of the home and the named files is touched, nothing reaches the terminal raw, and whatever is
 * refused is refused with a message.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command, Option } from "commander";
import { describe, expect, test } from "vitest";
import type { Run } from "../src/commands/run.ts";
import { buildProgram } from "../src/main.ts";
import { createWorkdir, list, type Outcome, spawnNumbers, type Workdir } from "./workdir.ts";

const nasties = [
  "'; drop table orders; --",
  "\"; attach 'stolen.db' as x; copy orders to 'stolen.csv'; --",
  "$(touch stolen) `touch stolen` | touch stolen",
  "../../stolen",
  "two\nlines\u001b[2J\u001b]0;title\u0007\u202eevil",
  "-rf",
  "x".repeat(4096),
  "{{slot}} {id} %s $1 \\0",
  "",
  "日本語 ＝1+1",
] as const;

/** What a command needs to get as far as its options matter. `ORDER` is an order of the home. */
const usual: Readonly<Record<string, readonly string[]>> = {
  ingest: ["good.csv", "--dry-run"],
  order: ["--provider", "tsel", "--count", "1", "-o", "o.csv"],
  "order show": ["ORDER"],
  "order export": ["ORDER", "-o", "o.csv"],
  "order cancel": ["ORDER"],
  "order return": ["ORDER", "good.csv", "--reason", "other"],
  "blacklist import": ["good.csv", "--kind", "dnc", "--dry-run"],
  "blacklist add": ["081200000099", "--kind", "dnc", "--reason", "asked"],
  "blacklist remove": ["081200000099", "--kind", "dnc", "--reason", "asked"],
  "blacklist export": ["--kind", "dnc", "-o", "o.csv"],
  "customer add": ["PT Baru"],
  "customer show": ["PT Contoh"],
  "customer set": ["PT Contoh"],
  "customer statement": ["PT Contoh", "-o", "o.csv"],
  "source add": ["Sumber"],
  "source show": ["Sumber"],
  "source set": ["Sumber"],
  search: ["0812"],
  lookup: ["081200000001"],
  erase: ["081200000098", "--reason", "asked"],
  generate: ["--rows", "1", "-o", "g.csv"],
};

/** They name what is written or read, wherever it is. */
const namesPlaces = new Set(["--home", "--output", "--move-to", "--html"]);

type Case = { readonly path: string; readonly option: Option | undefined };

/** Every command with each of its options that takes a value, and with its arguments. */
function cases(): Case[] {
  const run: Run = () => async () => undefined;
  const walk = (command: Command, path: string): Case[] => {
    const own = command.options.filter((option) => option.required || option.optional);
    const isGlobal = ({ long }: Option) => path !== "stats" && globals.has(String(long));
    const found: Case[] = own
      .filter((option) => !isGlobal(option))
      .map((option) => ({ path, option }));
    if (command.registeredArguments.length > 0) found.push({ path, option: undefined });
    return [
      ...found,
      ...command.commands.flatMap((one) => walk(one, `${path} ${one.name()}`.trim())),
    ];
  };
  return walk(buildProgram(run), "");
}

const globals = new Set([
  "--home",
  "--lock-timeout",
  "--time-zone",
  "--threads",
  "--memory",
  "--log-format",
]);

async function prepared(): Promise<{ dir: Workdir; cwd: string; order: string }> {
  const dir = createWorkdir();
  // Deep down: what climbs out with ../ is still seen.
  const cwd = dir.path("a/b/c");
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "good.csv"), list("812", 60));
  await dir.ok(["ingest", join(cwd, "good.csv")]);
  await dir.ok(["customer", "add", "PT Contoh"]);
  await dir.ok(["source", "add", "Sumber"]);
  const { order_id } = await dir.json([
    "order",
    "--provider",
    "tsel",
    "--count",
    "2",
    "--customer",
    "PT Contoh",
    "-o",
    "first.csv",
  ]);
  return { dir, cwd, order: order_id };
}

/** Every path outside of the home. */
function outside(dir: Workdir): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      if (path === dir.home) return [];
      return statSync(path).isDirectory() ? [path, ...walk(path)] : [path];
    });
  return walk(dir.folder).sort();
}

function expectTame(what: string, { code, stdout, stderr }: Outcome): void {
  const shown = `${what}: exit ${code}: ${stderr.slice(0, 500)}`;
  expect([0, 2, 3, 4, 7, 8], shown).toContain(code);
  expect(stderr, shown).not.toMatch(/\n\s+at |not expected/);
  // What the shells' scripts read has a tab in each line, before the description.
  const text = stderr + (what.startsWith("__complete") ? stdout.replaceAll("\t", "") : stdout);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not come out
  expect(text, shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
}

describe("every option and argument", () => {
  const all = cases();

  test("of every command takes what was made to do harm as a value, or refuses it", async () => {
    expect(all.length).toBeGreaterThan(60);
    const { dir, cwd, order } = await prepared();
    const before = outside(dir);
    const failures: string[] = [];
    for (const [index, { path, option }] of all.entries()) {
      // Each gets another one; with another seed all get all.
      const nasty = nasties[(index + Number(process.env.HOSTILE_SEED ?? 0)) % nasties.length] ?? "";
      const args = (usual[path] ?? []).map((arg) => (arg === "ORDER" ? order : arg));
      if (option === undefined) args.splice(0, 1, "--", nasty);
      const given =
        option === undefined
          ? reordered(args)
          : [...without(args, option), `${option.long}=${nasty}`];
      const what = `${path} ${option?.long ?? "argument"} ${JSON.stringify(nasty.slice(0, 60))}`;
      const outcome = await spawnNumbers(
        [...path.split(" ").filter(Boolean), ...given],
        dir.home,
        cwd,
      );
      try {
        expectTame(what, outcome);
      } catch (error) {
        failures.push(String(error));
      }
      const made = outside(dir).filter((one) => !before.includes(one));
      const isNamed = option ? namesPlaces.has(String(option.long)) : path === "backup";
      if (!isNamed) {
        expect(
          made.filter((one) => !/\/(o|g)\.csv$/.test(one)),
          what,
        ).toEqual([]);
      }
      before.push(...made);
    }
    expect(failures).toEqual([]);
    expect((await dir.query("select count(*)::int as n from orders"))[0]?.n).toBeGreaterThan(0);
    await dir.run(["erase", "--resume"]);
    await dir.checkPromises();
  }, 600_000);

  /** Options first: behind `--` all are arguments. */
  function reordered(args: readonly string[]): string[] {
    const [, nasty = "", ...others] = args;
    const at = others.findIndex((arg) => arg.startsWith("-"));
    const positional = at < 0 ? others : others.slice(0, at);
    return [...(at < 0 ? [] : others.slice(at)), "--", nasty, ...positional];
  }

  function without(args: readonly string[], { long, short }: Option): string[] {
    const at = args.findIndex((arg) => arg === long || arg === short);
    return at < 0 ? [...args] : [...args.slice(0, at), ...args.slice(at + 2)];
  }
});

describe("names of files and columns", () => {
  test("of any kind are ingested, kept and shown as what they are", async () => {
    const dir = createWorkdir();
    const names = [
      "-rf.csv",
      "it's; drop table imports; --.csv",
      'two\nlines "quoted" \u001b[2J.csv',
      "*?[x]{y}.csv",
      `${"x".repeat(251)}.csv`,
    ];
    for (const [index, name] of names.entries()) {
      dir.write(`in/${name}`, list("812", 3, { from: index * 10 + 1 }));
    }
    const { files } = await dir.json(["ingest", "in"]);
    expect(files.map(({ status }: { status: string }) => status)).toEqual(
      names.map(() => "ingested"),
    );
    const again = await dir.ok(["ingest", "--", ...names.map((name) => `in/${name}`)]);
    expectTame("ingest again", again);
    for (const args of [
      ["search", "lines"],
      ["lookup", "081200000021"],
    ]) {
      const outcome = await dir.ok(args);
      expectTame(args.join(" "), outcome);
      expect(outcome.stdout).toContain("two\\x0alines");
    }
    await dir.checkPromises();
  });

  test("columns: each is delivered under its name and can be chosen and filtered by", async () => {
    const dir = createWorkdir();
    const columns = [
      "it's",
      'say "hi"',
      "two\nlines",
      "'; drop table orders; --",
      "{{slot}}",
      "../../up",
      "-rf",
      "y".repeat(4096),
      "select",
      "2024",
    ];
    const quoted = (cells: readonly string[]) =>
      cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",");
    const rows = [1, 2, 3].map((n) =>
      quoted([`08120000000${n}`, ...columns.map((_, c) => `r${n}c${c}`)]),
    );
    dir.write("a.csv", `${quoted(["phone", ...columns])}\n${rows.join("\n")}\n`);
    await dir.ok(["ingest", "a.csv"]);
    const order = ["order", "--provider", "tsel", "--count", "1"];
    for (const [file, more] of [
      ["o.csv", ["--filter", "it's=r1c0"]],
      ["o.jsonl", ["--filter", "'; drop table orders; --=r2c3"]],
      ["o.parquet", ["--filter", "two\nlines=r3c2", "--safe-cells", "--format", "csv"]],
    ] as const) {
      await dir.ok([...order, ...more, "-o", file]);
    }
    expect(readFileSync(dir.path("o.csv"), "utf8")).toContain('"say ""hi"""');
    const delivered = JSON.parse(readFileSync(dir.path("o.jsonl"), "utf8"));
    expect(Object.keys(delivered).sort()).toEqual(["phone", ...columns].sort());
    await dir.checkPromises();
  });
});
