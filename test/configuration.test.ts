/** config.toml: what is wrong with it is one message that names the file, the line and the key; what is harmless works. */
import { chmodSync, mkdirSync, symlinkSync, unlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkdir, list, type Workdir } from "./workdir.ts";

const isRoot = process.getuid?.() === 0;

function homeWith(config: string | Buffer): { dir: Workdir; file: string } {
  const dir = createWorkdir();
  mkdirSync(dir.home, { mode: 0o700 });
  return { dir, file: dir.write("home/config.toml", config) };
}

/** [what it says, what must be said of it behind the file's name] */
const mistakes: [string | Buffer, RegExp][] = [
  ['[prefixes]\n"0810" = "trii"\n', / line 2: prefixes\.0810: "trii".*Did you mean "tri"/],
  ['[prefixes]\n"0810" = "ioh"\n', / line 2: prefixes\.0810: "ioh" stands for isat, tri/],
  ['# ours\n\n[prefixes]\n"08" = "tri"\n', / line 4: prefixes\.08: it is no prefix; write 08 and/],
  ['[prefixes]\n"0810123" = "tri"\n', / line 2: prefixes\.0810123: it is no prefix/],
  ['[prefixes]\n"0899" = 3\n', / line 2: prefixes\.0899 must be a provider in quotes/],
  [
    '[prefixes]\n"0899" = "tri"\n62899 = "xl"\n',
    / line [23]: prefixes\.\w+: it is told twice, also in .* line [23]/,
  ],
  ['prefixes = { "0899" = "trii" }\n', / line 1: prefixes\.0899: "trii"/],
  ['prefixes."0899" = "tri"\nprefixes."0810" = "trii"\n', / line 2: prefixes\.0810: "trii"/],
  ["prefixes = 3\n", / line 1: prefixes must be a table: a line \[prefixes\]/],
  ['within = "3d"\n[synonyms]\nteman = "telkomsl"\n', / line 3: synonyms\.teman: "telkomsl".*"tel/],
  ['[synonyms]\n"--" = "tri"\n', / line 2: synonyms\.--: it has no letter or digit/],
  ['[synonyms]\ntsel = "tri"\n', / line 2: synonyms\.tsel: that is a provider's own code/],
  ['[synonyms]\nby.u = "tri"\n', / line 2: synonyms\.by must be .* needs quotes too/],
  ['[synonyms]\n"a b" = "tri"\nab = "xl"\n', / line 3: synonyms\.ab: it is told twice, also in/],
  ['[prefix]\n"0899" = "tri"\n', / line 1: prefix: unknown key\. Did you mean "prefixes"\?/],
  ['\nprise = "2"\n', / line 2: prise: unknown key\. Did you mean "price"\? Known are time_zone/],
  ['price = "cheap"\n', / line 1: price: "cheap" is no price.*150000 or 12\.50/],
  ["price = 1.005\n", / line 1: price: "1\.005" is no price/],
  ["price = -1\n", / line 1: price: "-1" is no price/],
  ["price = true\n", / line 1: price must be a text or a number/],
  ['within = "7d"\n# ours\nwithin = "8d"\n', / line 3: Invalid TOML/],
  ['within = "7d', / line 1: Invalid TOML/],
  [Buffer.from('within = "7d"\n# caf\xe9\n', "latin1"), / line 2: this is not UTF-8/],
  [Buffer.from('\ufeffwithin = "7d"\n', "utf16le"), / line 1: this is not UTF-8/],
];

test.each(mistakes)("%j", async (config, message) => {
  const { dir, file } = homeWith(config);
  const { code, stdout, stderr } = await dir.run(["config"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.startsWith(`numbers: ${file}`)).toBe(true);
  expect(stderr.slice(`numbers: ${file}`.length)).toMatch(message);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("who files or sells by the tables is told of a mistake in them", async () => {
  const { dir } = homeWith('[prefixes]\n"0810" = "trii"\n');
  dir.write("a.csv", list("810", 1));
  for (const command of [
    ["ingest", "a.csv"],
    ["order", "--provider", "tri", "--count", "1"],
  ]) {
    const { code, stderr } = await dir.run(command);
    expect(code).toBe(2);
    expect(stderr).toContain("config.toml line 2: prefixes.0810");
  }
});

test.each([
  ["a folder", (file: string) => mkdirSync(file), "is a folder; it has to be a text file"],
  [
    "a link that leads nowhere",
    (file: string) => symlinkSync("nowhere", file),
    "cannot be read: ENOENT",
  ],
  ["no regular file", (file: string) => symlinkSync("/dev/zero", file), "is no file"],
] as const)("%s", async (_, make, message) => {
  const { dir, file } = homeWith("");
  unlinkSync(file);
  make(file);
  await expectRefusal(dir, `${file} ${message}`);
});

if (isRoot) process.stderr.write("skipped: to root no file is unreadable\n");

test.skipIf(isRoot)("unreadable", async () => {
  const { dir, file } = homeWith("");
  chmodSync(file, 0);
  await expectRefusal(dir, `${file} cannot be read: EACCES`);
});

async function expectRefusal(dir: Workdir, message: string): Promise<void> {
  for (const command of ["config", "stats"]) {
    const { code, stdout, stderr } = await dir.run([command]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  }
}

test.each([
  ["nothing", "", "3d"],
  ["a comment", "# nothing\n", "3d"],
  ["a byte order mark and CRLF", '\ufeffwithin = "7d"\r\ncooldown = "40d"\r\n', "7d"],
])("a file with %s is read", async (_, config, within) => {
  const { dir } = homeWith(config);
  const { config: settings } = await dir.json(["config"]);
  expect(settings.find(({ key }: { key: string }) => key === "within").value).toBe(within);
});

/** The engine looks up as many digits as the longest prefix has (`set_providers.sql`). */
test.each([
  ["0812", { xl: 3 }],
  ["08121", { xl: 2, tsel: 1 }],
  ["081210", { xl: 1, tsel: 2 }],
])("the prefix %s files what begins with it, and nothing else", async (prefix, providers) => {
  const { dir } = homeWith(`[prefixes]\n"${prefix}" = "xl"\n`);
  dir.write("a.csv", "phone\n081210000001\n081219000001\n081290000001\n");
  const { files } = await dir.json(["ingest", "a.csv"]);
  expect(files[0].providers).toEqual(providers);
  await dir.checkPromises();
});

test("a prefix of the home's own files what comes in, and a word of its own orders it", async () => {
  const { dir } = homeWith(
    '[prefixes]\n"0810" = "tri"\n"08121" = "xl"\n[synonyms]\nteman = "tri"\n',
  );
  dir.write("a.csv", list("810", 3) + list("895", 2).split("\n").slice(1).join("\n"));
  dir.write("b.csv", list("812", 2, { from: 10_000_001 }) + list("811", 1).split("\n")[1]);
  const { files } = await dir.json(["ingest", "a.csv", "b.csv"]);
  expect(files.map(({ providers }: { providers: unknown }) => providers)).toEqual([
    { tri: 5 },
    { xl: 2, tsel: 1 },
  ]);
  expect(await dir.query("select distinct provider from raw_numbers order by 1")).toEqual([
    { provider: "tri" },
    { provider: "tsel" },
    { provider: "xl" },
  ]);
  await dir.ok(["order", "--provider", "Teman", "--count", "5", "-o", "out.csv"]);
  const phones = await dir.query("select phone::varchar as phone from sales_history order by 1");
  expect(phones.map(({ phone }) => phone)).toEqual([
    "6281000000001",
    "6281000000002",
    "6281000000003",
    "6289500000001",
    "6289500000002",
  ]);
  expect(await dir.json(["lookup", "0810 0000 0001"])).toMatchObject({ provider: "tri" });
  await dir.checkPromises();
});
