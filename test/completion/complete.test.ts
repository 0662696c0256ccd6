/** What can stand next on a command line, by the program itself: whatever is added to it is completed without further work. */
import { Command, Option } from "commander";
import { expect, test } from "vitest";
import { complete, type NameKind } from "../../src/completion/complete.ts";
import { buildProgram } from "../../src/main.ts";

const program = buildProgram(() => async () => {});

/** Words to the last one, which is typed; what would be asked of the home stands as `kind:typed@home`. */
async function completed(line: string, of: Command = program): Promise<string | string[]> {
  const words = line.split(" ");
  const findNames = async (kind: NameKind, typed: string, home: string | undefined) => [
    { value: `${typed}|${kind}@${home ?? ""}`, description: "" },
  ];
  const found = await complete(of, words.slice(0, -1), words.at(-1) ?? "", findNames);
  return found.kind === "words" ? found.candidates.map(({ value }) => value) : found.kind;
}

test.each([
  ["or", ["order"]],
  ["order ", ["list", "show", "export", "cancel", "return", "help"]],
  ["order s", ["show"]],
  ["blacklist im", ["import"]],
  ["help cust", ["customer"]],
  ["help order ", []],
  ["nonsense ", []],
  ["order --pick ", ["newest", "oldest", "random"]],
  ["order --pick=o", ["--pick=oldest"]],
  ["order --format p", ["parquet"]],
  ["stats --format p", ["prometheus"]],
  ["order --phone-format e", ["e164"]],
  ["blacklist import --hash s", ["sha256"]],
  ["blacklist import --kind s", ["sold"]],
  ["blacklist add --kind ", ["dnc", "invalid", "customer"]],
  ["customer set x --never-twice o", ["on", "off"]],
  ["customer set x --never-twice --st", ["--status"]],
  ["customer set x --status s", ["suspended"]],
  ["order return x y --reason w", ["wrong_person"]],
  ["completion ", ["bash", "zsh", "fish"]],
  ["stats --time-zone Asia/Jak", ["Asia/Jakarta"]],
  ["generate --provider m", ["mix", "m|provider@"]],
  ["ingest --dry", ["--dry-run"]],
  ["--jso", ["--json"]],
  ["ingest ", "files"],
  ["ingest a.csv ", "files"],
  ["ingest -- -a", "files"],
  ["order -o ", "files"],
  ["order --output=x", "files"],
  ["ingest --move-to ", "folders"],
  ["backup ", "folders"],
  ["order return 1 ", "files"],
  ["order show ", ["|order@"]],
  ["order cancel x", ["x|order@"]],
  ["customer show ", ["|customer@"]],
  ["customer statement A", ["A|customer@"]],
  ["customer add ", []],
  ["source set ", ["|source@"]],
  ["source add ", []],
  ["ingest --source=D", ["--source=D|source@"]],
  ["order --category ", ["|category@"]],
  ["order --provider tsel,i", ["tsel,i|provider@"]],
  ["order list --provider tsel,i", ["tsel,i|provider@"]],
  ["--home /x order --quiet show ", ["|order@/x"]],
  ["order --home=/x show ", ["|order@/x"]],
] as const)("%s", async (line, found) => {
  expect(await completed(line)).toEqual(found);
});

test.each(["lookup", "erase", "blacklist add", "blacklist remove", "search"])(
  "%s: nothing stands for a phone",
  async (command) => {
    expect(await completed(`${command} 08`)).toEqual([]);
    expect(await completed(`${command} `)).toEqual([]);
    expect(await completed("order --prefix ")).toEqual([]);
  },
);

test("where nothing but options can stand they are shown", async () => {
  expect(await completed("stats ")).toContain("--available");
  expect(await completed("order list ")).toContain("--state");
  expect(await completed("order return 1 x ")).toContain("--reason");
});

test("what is listed before a comma is not offered again", async () => {
  const codes = ["tsel", "isat", "tri"].map((value) => ({ value, description: "" }));
  const words = ["order", "--provider"];
  const found = await complete(program, words, "isat,t", async () => codes);
  expect(found).toMatchObject({ candidates: [{ value: "isat,tsel" }, { value: "isat,tri" }] });
  const again = await complete(program, words, "TSEL,t", async () => codes);
  expect(again).toMatchObject({ candidates: [{ value: "TSEL,tri" }] });
});

test("a new command, its options and their values need no further work", async () => {
  const other = new Command("numbers");
  other
    .command("mend")
    .argument("<file>")
    .addOption(new Option("--way <way>").choices(["fast", "slow"]))
    .option("--log [on|off]");
  expect(await completed("m", other)).toEqual(["mend"]);
  expect(await completed("mend --", other)).toEqual(["--way", "--log", "--help"]);
  expect(await completed("mend --way s", other)).toEqual(["slow"]);
  expect(await completed("mend --log of", other)).toEqual(["off"]);
  expect(await completed("mend ", other)).toEqual("files");
});

/** Values that are free, or that nobody can list. What is new and is not here must be given a meaning. */
const free = new Set([
  ...["n", "duration", "share", "size", "text", "day", "time", "month", "price", "char", "list"],
  ...["phones", "pattern", "column=value", "url"],
]);

test("every value is completed, or is known to be free", async () => {
  const unknown: string[] = [];
  for (const [path, command] of all(program)) {
    const places = [
      ...command.options.map((option) => ({
        line: `${path} ${option.long} `,
        place: /[<[](.+?)(?:\.\.\.)?[>\]]/.exec(option.flags)?.[1],
      })),
      ...command.registeredArguments.map((argument, index) => ({
        line: `${path} ${"x ".repeat(index)}`,
        place: argument.name(),
      })),
    ];
    for (const { line, place } of places) {
      if (place === undefined || free.has(place)) continue;
      if ((await completed(line.trimStart())).length === 0) unknown.push(line);
    }
  }
  expect(unknown).toEqual([
    // Names that are new, columns of files that nobody has opened, and the words of the audit log.
    "ingest --phone-column ",
    "ingest --sheet ",
    "ingest --category-column ",
    "order return --phone-column ",
    "blacklist import --column ",
    "source add ",
    "customer add ",
    "audit show --action ",
  ]);
});

function all(command: Command, path = ""): [string, Command][] {
  const below = command.commands.filter((it) => it.name() !== "__complete");
  return [[path, command], ...below.flatMap((it) => all(it, `${path} ${it.name()}`.trimStart()))];
}
