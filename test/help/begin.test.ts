/** Somebody who has nothing yet, or who only slipped, is told what to do next. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { createWorkdir, list } from "../workdir.ts";

const how = [
  "  numbers ingest list.csv   # to try: numbers generate --rows 10000 -o list.csv",
  "  numbers order --provider tsel --count 1000 -o out.csv   # all: numbers --help",
];
const order = ["order", "--provider", "tsel"];

test.each([[[]], [["--json"]], [["--quiet"]]])(
  "numbers %j alone says how to begin, in three lines of 80 columns; nothing was asked for, so it is exit 2",
  async (args) => {
    const { code, stdout, stderr } = await createWorkdir().run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const opening =
      "Keeps a pool of phone numbers and sells each at most once per cooldown. Begin:";
    expect(stderr).toBe(`${[opening, ...how].join("\n")}\n`);
    expect(Math.max(...stderr.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  },
);

test("a command that has commands shows its help instead", async () => {
  const dir = createWorkdir();
  const { code, stdout, stderr } = await dir.run(["blacklist"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toBe((await dir.ok(["blacklist", "--help"])).stdout);
});

test("help names a command, also below one that works by itself", async () => {
  const dir = createWorkdir();
  for (const [args, same] of [
    [
      ["help", "order"],
      ["order", "--help"],
    ],
    [
      ["order", "help", "return"],
      ["order", "return", "--help"],
    ],
    [["help"], ["--help"]],
  ] as const) {
    expect((await dir.ok(args)).stdout).toBe((await dir.ok(same)).stdout);
  }
});

test("an empty home says how to begin, until something is in it", async () => {
  const dir = createWorkdir();
  const lines = `${[`the home ${dir.home} is empty. Begin:`, ...how].join("\n")}\n`;
  expect((await dir.ok(["stats"])).stderr).toBe(lines);
  expect((await dir.ok(["search", "0812"])).stderr).toBe(lines);
  expect((await dir.ok([...order, "--dry-run"])).stderr).toContain(lines);
  expect((await dir.ok(["stats", "--quiet"])).stderr).toBe("");
  const short = await dir.run([...order, "--count", "5"]);
  expect(short.code).toBe(4);
  expect(short.stderr).toContain(`the home ${dir.home} is empty: begin with numbers ingest`);

  dir.write("list.csv", list("814", 3));
  await dir.ok(["ingest", "list.csv"]);
  for (const args of [["stats"], ["search", "999999"], [...order, "--dry-run"]]) {
    expect((await dir.ok(args)).stderr).not.toMatch(/empty|Begin/);
  }
  const other = await dir.run(["order", "--provider", "isat", "--count", "9"]);
  expect(other.code).toBe(4);
  expect(other.stderr).toContain("look further back with --within");
});

test("the two lines do what they say", async () => {
  const dir = createWorkdir();
  const [ingest = "", sell = ""] = how.map((line) => line.split("#")[0]?.trim());
  const generate = how[0]?.split("to try: ")[1] ?? "";
  for (const line of [generate, ingest, `${sell} --synthetic`]) {
    await dir.ok(line.split(/\s+/).slice(1));
  }
  await dir.checkPromises();
});

test("--version names the program, its engine and Node, a line each", async () => {
  const require = createRequire(import.meta.url);
  const engine = JSON.parse(
    readFileSync(require.resolve("@duckdb/node-bindings/package.json"), "utf8"),
  ).version.split("-")[0];
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  const { stdout, stderr } = await createWorkdir().ok(["--version"]);
  expect(stdout).toBe(`numbers ${version}\nduckdb ${engine}\nnode ${process.version}\n`);
  expect(stderr).toBe("");
  expect((await createWorkdir().ok(["-V"])).stdout).toBe(stdout);
});
