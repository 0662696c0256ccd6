/** Bad input: one message that names the value and the remedy, the right exit code, and a home that stays as it was. */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorkdir, filesBelow, list, type Workdir } from "../workdir.ts";

/** Everything in the home, by name and content. */
function snapshot(home: string): string {
  const hash = createHash("sha256");
  for (const path of filesBelow(home).sort()) hash.update(path).update(readFileSync(path));
  return hash.digest("hex");
}

const order = ["order", "--provider", "tsel"];

/** [what, arguments, exit code, what the message must contain] */
const refusals: [string, string[], number, RegExp][] = [
  ["no such file", ["ingest", "nowhere.csv"], 3, /nowhere\.csv: failed: there is no such file/],
  [
    "no column that holds phones",
    ["ingest", "plain.csv"],
    3,
    /no column holds phones.*1 "a", 2 "b".*--phone-column/s,
  ],
  [
    "an unknown column",
    ["ingest", "other.csv", "--phone-column", "nope"],
    3,
    /"nope".*1 "phone", 2 "name"/s,
  ],
  ["an empty file", ["ingest", "empty.csv"], 3, /empty/],
  [
    "an unknown provider",
    ["order", "--provider", "telkomsl", "--count", "1"],
    2,
    /telkomsl.*telkomsel.*isat/s,
  ],
  ["an unknown provider of a file", ["ingest", "good.csv", "--provider", "nope"], 2, /nope/],
  ["two providers for a file", ["ingest", "good.csv", "--provider", "ioh"], 2, /isat, tri/],
  ["count 0", [...order, "--count", "0"], 2, /--count: "0"/],
  ["count -5", [...order, "--count", "-5"], 2, /--count: "-5"/],
  ["count 1e9", [...order, "--count", "1e9"], 2, /--count: "1e9".*1 to 1000000000/],
  ["count 1.5", [...order, "--count", "1.5"], 2, /--count: "1\.5"/],
  ["a thousand million", [...order, "--count", "1000000000"], 4, /there are 0|there are 5/],
  ["no count", order, 2, /--count/],
  ["no provider", ["order", "--count", "1"], 2, /--provider/],
  ["a window without a unit", [...order, "--count", "1", "--within", "3"], 2, /--within: "3".*3d/],
  ["a negative cooldown", [...order, "--count", "1", "--cooldown", "-1d"], 2, /--cooldown: "-1d"/],
  [
    "an unknown format",
    [...order, "--count", "1", "--format", "xml"],
    2,
    /--format: "xml".*csv, tsv/,
  ],
  ["an unknown phone format", [...order, "--count", "1", "--phone-format", "e165"], 2, /e164/],
  [
    "an unknown column of a delivery",
    [...order, "--count", "1", "--columns", "phone,nme"],
    2,
    /"nme".*name/,
  ],
  ["a column twice", [...order, "--count", "1", "--columns", "phone,phone"], 2, /twice/],
  ["columns for txt", [...order, "--count", "1", "--format", "txt", "--columns", "name"], 2, /txt/],
  ["an output in no folder", [...order, "--count", "1", "-o", "no/where.csv"], 2, /no folder/],
  ["a folder as output", [...order, "--count", "1", "-o", "."], 2, /is a folder/],
  ["an unknown option", [...order, "--cuont", "1"], 2, /--cuont.*\n.*--count/],
  ["an unknown command", ["oder"], 2, /oder.*\n.*order/],
  ["an unknown order", ["order", "export", "nope"], 2, /"nope".*order list/],
  ["a lock timeout in words", ["stats", "--lock-timeout", "soon"], 2, /--lock-timeout: "soon"/],
  ["a reject rate over 1", ["ingest", "good.csv", "--max-reject-rate", "50"], 2, /"50".*0 to 1/],
  ["a day that is none", ["ingest", "good.csv", "--date", "2026-02-30"], 2, /2026-02-30/],
  ["an encoding that is none", ["ingest", "good.csv", "--encoding", "utf-9"], 2, /utf-9/],
  [
    "a delimiter of two letters",
    ["ingest", "good.csv", "--delimiter", "ab"],
    2,
    /--delimiter: "ab"/,
  ],
  [
    "a folder to move to that cannot be made",
    ["ingest", "good.csv", "--move-to", "/proc/nowhere"],
    2,
    /--move-to: \/proc\/nowhere/,
  ],
  ["a home that cannot be made", ["stats", "--home", "/proc/nowhere"], 2, /home \/proc\/nowhere/],
  ["rows and size at once", ["generate", "--rows", "1", "--size", "1MB"], 2, /either/],
  ["a size without a unit", ["generate", "--size", "6"], 2, /--size: "6".*6GB/],
];

describe("refusals leave the home as it was", () => {
  let dir: Workdir;
  let before: string;

  // One home for all of them: that none of them changes it is the point.
  beforeAll(async () => {
    dir = createWorkdir((remove) => afterAll(remove));
    dir.write("good.csv", list("812", 5));
    dir.write("other.csv", list("812", 7));
    dir.write("plain.csv", "a,b\nx,y\nz,w\n");
    dir.write("empty.csv", "");
    await dir.ok(["ingest", "good.csv"]);
    before = snapshot(dir.home);
  });

  test.each(refusals)("%s", async (_name, args, code, message) => {
    const outcome = await dir.run(args);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).not.toMatch(/\n\s+at /);
    expect(outcome.stdout).toBe("");
    expect(snapshot(dir.home)).toBe(before);
  });
});

describe("the home itself", () => {
  test("written by a newer version: refused before anything is touched", async () => {
    const dir = createWorkdir();
    await dir.ok(["stats"]);
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(`${dir.home}/numbers.duckdb`);
    const connection = await instance.connect();
    await connection.run("insert into meta values ('version', '99')");
    connection.closeSync();
    instance.closeSync();
    dir.write("a.csv", list("812", 5));
    for (const args of [
      ["stats"],
      ["ingest", "a.csv"],
      ["order", "--provider", "tsel", "--count", "1"],
    ]) {
      const outcome = await dir.run(args);
      expect(outcome).toMatchObject({ code: 2, stdout: "" });
      expect(outcome.stderr).toMatch(/version 99.*newer/);
    }
  });

  test("that is a file, or has a pattern in its path: refused", async () => {
    const dir = createWorkdir();
    const file = dir.write("file", "x");
    expect(await dir.run(["stats", "--home", file])).toMatchObject({ code: 2 });
    const pattern = await dir.run(["stats", "--home", dir.path("a[b]")]);
    expect(pattern).toMatchObject({ code: 2 });
  });

  test("whose database is no database: exit 5, and it is kept", async () => {
    const dir = createWorkdir();
    await dir.ok(["stats"]);
    writeFileSync(`${dir.home}/numbers.duckdb`, "not a database".repeat(1000));
    const outcome = await dir.run(["stats"]);
    expect(outcome.code).toBe(5);
    expect(readFileSync(`${dir.home}/numbers.duckdb`, "utf8")).toContain("not a database");
  });

  test("is this user's alone: folders 0700, files 0600", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", `${list("812", 5)}x,y,z\n`);
    await dir.ok(["ingest", "a.csv"]);
    await dir.ok(["order", "--provider", "tsel", "--count", "1", "-o", "o.csv"]);
    const { statSync } = await import("node:fs");
    for (const path of filesBelow(dir.home)) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dir.home).mode & 0o777).toBe(0o700);
    expect(statSync(`${dir.home}/pool`).mode & 0o777).toBe(0o700);
  });

  test("config.toml: a mistake names file, line and key; a flag wins over it, and the environment too", async () => {
    const dir = createWorkdir();
    mkdirSync(dir.home, { mode: 0o700 });
    const config = (text: string) => writeFileSync(`${dir.home}/config.toml`, text);
    config('within = "soon"\n');
    expect((await dir.run(["stats"])).stderr).toMatch(/config\.toml line 1: within: "soon"/);
    config("within_ = 1\n# a table is no setting\n[witin]\nx = 1\n");
    expect((await dir.run(["stats"])).stderr).toMatch(/line 1: within_: unknown key.*within/);
    config('# yes\n"within" = "1d"\n\n[witin]\nx = 1\n');
    expect((await dir.run(["stats"])).stderr).toMatch(/line 4: witin: unknown key.*within/);
    config("max_unpacked_ratio = 3\nmax_unpacked = true\n");
    expect((await dir.run(["stats"])).stderr).toMatch(/line 2: max_unpacked must be a text/);
    config("within = \n");
    const broken = await dir.run(["stats"]);
    expect(broken).toMatchObject({ code: 2 });
    expect(broken.stderr).toMatch(/config\.toml line 1/);
    config('within = "1d"\n');
    dir.write("a.csv", list("812", 5));
    await dir.ok(["ingest", "a.csv", "--date", "2026-11-18"]);
    const available = async (more: string[], env = {}) =>
      (await dir.json(["order", "--provider", "tsel", "--dry-run", ...more], { env })).available;
    expect(await available([])).toBe(0);
    expect(await available([], { NUMBERS_WITHIN: "3d" })).toBe(5);
    expect(await available(["--within", "1d"], { NUMBERS_WITHIN: "3d" })).toBe(0);
  });

  test.runIf(process.getuid?.() !== 0)(
    "a folder that may not be read is one clear message",
    async () => {
      const dir = createWorkdir();
      mkdirSync(dir.path("in"));
      chmodSync(dir.path("in"), 0);
      const outcome = await dir.run(["ingest", "in"]);
      expect(outcome.code).toBe(3);
      expect(outcome.stderr).toContain("may not be read");
    },
  );
});

beforeAll(() => {
  if (process.getuid?.() === 0) {
    process.stderr.write(
      "skipped: permissions do not bind root, so the unreadable folder is not tested\n",
    );
  }
});
