/** A slip of the pen gets the nearest of what there is: command, option, value, name. */
import { Argument, Command, Option } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { explain } from "../../src/help/typos.ts";
import { createWorkdir, list, type Workdir } from "../workdir.ts";

const order = ["order", "--provider", "tsel", "--count", "1"];
const shells = ["bash", "zsh", "fish"];
const some = ["20261120-xxg4xnxm", "returned.csv"];

/** [arguments, what stands on stderr] */
const slips: [string[], string][] = [
  [["oder"], "unknown command 'oder'\n(Did you mean order?)"],
  [["help", "oder"], "unknown command 'oder'\n(Did you mean order?)"],
  [["order", "lsit"], "unknown command 'lsit'\n(Did you mean list?)"],
  [["order", "frobnicate"], "'frobnicate'\n(numbers order --help says what it takes)"],
  [["blacklist", "imprt", "dnc.csv"], "unknown command 'imprt'\n(Did you mean import?)"],
  [["order", "hepl"], "unknown command 'hepl'\n(Did you mean help?)"],
  [["blacklist", "help", "imprt"], "unknown command 'imprt'\n(Did you mean import?)"],
  [["stats", "--availabel"], "unknown option '--availabel'\n(Did you mean --available?)"],
  [["stats", "--hoem", "x"], "unknown option '--hoem'\n(Did you mean --home?)"],
  [["--vesion"], "unknown option '--vesion'\n(Did you mean --version?)"],
  [["order", "list", "--stat", "reserved"], "unknown option '--stat'\n(Did you mean --state?)"],
  [["order", "--prvider=telkomsel"], "(Did you mean --provider?)"],
  [["stats", "-x"], "unknown option '-x'\n(numbers stats --help says what it takes)"],
  [["ingest"], "missing required argument 'files'\n(numbers ingest --help says what it takes)"],
  [["stats", "x"], "(numbers stats --help says what it takes)"],
  [["order", "--provider", "telkomsl", "--count", "1"], 'Did you mean "telkomsel"? Known are '],
  [["ingest", "list.csv", "--provider", "iast"], 'Did you mean "isat"?'],
  [[...order, "--pick", "newset"], '--pick: "newset" is unknown. Did you mean "newest"? Write'],
  [[...order, "--format", "cvs"], 'Did you mean "csv"? Write csv, tsv, jsonl, parquet or txt'],
  [[...order, "--phone-format", "natonal"], 'Did you mean "national"?'],
  [["stats", "--format", "promethues"], 'Did you mean "prometheus"?'],
  [["order", "list", "--state", "delivred"], 'Did you mean "delivered"?'],
  [["order", "return", ...some, "--reason", "unreachble"], 'Did you mean "unreachable"?'],
  [["blacklist", "list", "--kind", "dcn"], 'Did you mean "dnc"? Write sold, dnc, invalid or'],
  [["blacklist", "import", "x", "--kind", "dnc", "--hash", "sha265"], 'Did you mean "sha256"?'],
  [
    ["blacklist", "import", "x", "--kind", "dnc", "--hash", "md5", "--hash-of", "e146"],
    'Did you mean "e164"?',
  ],
  [["customer", "set", "Acme", "--status", "suspend"], 'Did you mean "suspended"?'],
  [["customer", "set", "Acme", "--never-twice", "of"], 'Did you mean "on"? Write on or off'],
  [["ingest", "list.csv", "--encoding", "utf-9"], 'Did you mean "utf-8"?'],
  [["stats", "--time-zone", "Asia/Jakrta"], 'Did you mean "Asia/Jakarta"?'],
];

test.each(slips)("%j", async (args, words) => {
  const { code, stdout, stderr } = await createWorkdir().run(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(words);
  expect(stderr).toMatch(/^numbers: /);
  // A message is shown as one line: of a line break in it, \x0a would be left.
  expect(stderr).not.toContain("\\x0a");
});

test.each([
  ["argument", new Command("numbers").addArgument(new Argument("<shell>").choices(shells))],
  ["option", new Command("numbers").addOption(new Option("--shell <name>").choices(shells))],
])("one of the choices of an %s", (kind, command) => {
  let message = "";
  command.exitOverride().configureOutput({
    outputError: (text) => {
      message = explain(text, command);
    },
  });
  const words = kind === "option" ? ["--shell", "zhs"] : ["zhs"];
  expect(() => command.parse(words, { from: "user" })).toThrow("Allowed choices are bash, zsh");
  expect(message).toMatch(/^numbers: .*'zhs' is invalid.*\n\(Did you mean zsh\?\)\n$/);
});

test("a key of config.toml gets the nearest, and all of them", async () => {
  const dir = createWorkdir();
  await dir.ok(["stats"]);
  dir.write("home/config.toml", 'cooldwon = "30d"\n');
  const { code, stderr } = await dir.run(["stats"]);
  expect(code).toBe(2);
  expect(stderr).toContain('cooldwon: unknown key. Did you mean "cooldown"? Known are time_zone, ');
});

describe("names in the home", () => {
  let dir: Workdir;
  let orderId: string;

  beforeAll(async () => {
    dir = createWorkdir((remove) => afterAll(remove));
    dir.write("list.csv", list("812", 30));
    await dir.ok(["ingest", "list.csv"]);
    await dir.ok(["customer", "add", "Acme"]);
    await dir.ok(["source", "add", "Sumber"]);
    orderId = (await dir.json([...order, "--customer", "Acme", "-o", "out.csv"])).order_id;
  });

  test.each([
    [["customer", "show", "Amce"], '"Amce"', 'Did you mean "Acme"?'],
    [["customer", "statement", "Acm"], '"Acm"', 'Did you mean "Acme"?'],
    [["source", "show", "Sumbr"], '"Sumbr"', 'Did you mean "Sumber"?'],
    [[...order, "--customer", "Acm"], "Acm", 'Did you mean "Acme"?'],
    [[...order, "--category", "retial"], "retial", "None is known yet"],
  ])("%j", async (args, value, words) => {
    const { code, stderr } = await dir.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(value);
    expect(stderr).toContain(words);
  });

  test("an order's id", async () => {
    const { code, stderr } = await dir.run(["order", "show", orderId.slice(0, -1)]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Did you mean "${orderId}"?`);
  });

  test("a customer that never ordered, in the list of orders", async () => {
    expect((await dir.ok(["order", "list", "--customer", "acem"])).stderr).toBe(
      'no such orders: "acem" has none. Did you mean "Acme"?\n',
    );
    const filtered = await dir.ok(["order", "list", "--customer", "acme", "--state", "cancelled"]);
    expect(filtered.stderr).toBe("no such orders\n");
  });
});
