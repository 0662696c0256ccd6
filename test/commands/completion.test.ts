/** Completion in the shells themselves, and what it must never do: write, wait, complain, or need a home. */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  filesBelow,
  list,
  type Workdir,
} from "../workdir.ts";

/** Names that a shell could misread, worst last. */
const awkward = [
  "Acme: Blue",
  'Bob "Q" $HOME',
  "Carl's `id`!",
  "Dee (x); rm -rf & | > *",
  "Ünïcode 数",
  "back\\slash",
];

let dir: Workdir;
let shellPath = "";
const orders: string[] = [];
const removes: (() => void)[] = [];

beforeAll(async () => {
  dir = createWorkdir((remove) => removes.push(remove));
  dir.write("a.csv", list("812", 30));
  dir.write("box/inside.csv", list("813", 1));
  await dir.ok(["ingest", "a.csv", "--source", "Data Corp", "--category", "fintech"]);
  for (const [count, now] of [
    ["2", "2026-11-20T09:00:00+07:00"],
    ["1", "2026-11-20T10:00:00+07:00"],
  ] as const) {
    const order = ["order", "--provider", "tsel", "--count", count, "-o", "out.csv"];
    orders.unshift((await dir.json(order, { now })).order_id);
  }
  for (const name of awkward) await dir.ok(["customer", "add", name]);
  await dir.ok(["customer", "set", "back\\slash", "--status", "suspended"]);
  mkdirSync(dir.path("programs"));
  symlinkSync(binary, dir.path("programs/numbers"));
  shellPath = `${dir.path("programs")}:${process.env.PATH}`;
  for (const shell of ["bash", "zsh", "fish"]) {
    dir.write(`n.${shell}`, (await dir.ok(["completion", shell])).stdout);
  }
});

afterAll(() => {
  for (const remove of removes) remove();
});

/** What the script of a shell asks for. */
async function asked(shell: string, words: readonly string[], env = {}) {
  const outcome = await dir.run(["__complete", shell, "--", ...words], { env });
  expect({ ...outcome, stdout: "" }).toEqual({ code: 0, stdout: "", stderr: "" });
  return outcome.stdout.split("\n").slice(0, -1);
}

function snapshot(home: string): string {
  const hash = createHash("sha256");
  for (const path of filesBelow(home).sort()) hash.update(path).update(readFileSync(path));
  return hash.digest("hex");
}

describe("the answers", () => {
  test("orders newest first, with what they are; a home stays as it is", async () => {
    const before = snapshot(dir.home);
    expect(await asked("zsh", ["order", "show", ""])).toEqual([
      "words",
      `${orders[0]}\tdelivered, 1 tsel`,
      `${orders[1]}\tdelivered, 2 tsel`,
    ]);
    expect(await asked("fish", ["order", "export", orders[1]?.slice(0, -1) ?? ""])).toEqual([
      "words",
      `${orders[1]}\tdelivered, 2 tsel`,
    ]);
    expect(await asked("fish", ["ingest", "--source", "d"])).toEqual(["words", "Data Corp\t"]);
    expect(await asked("fish", ["order", "--category="])).toEqual([
      "words",
      "--category=fintech\t30 numbers",
    ]);
    expect(await asked("fish", ["customer", "show", "b"])).toEqual([
      "words",
      "back\\slash\tsuspended",
      'Bob "Q" $HOME\t',
    ]);
    expect(snapshot(dir.home)).toBe(before);
  });

  test("providers: the codes, and words for them once one is begun; those of the home too", async () => {
    const other = createWorkdir();
    mkdirSync(join(other.home, "numbering"), { recursive: true });
    writeFileSync(join(other.home, "numbering/synonyms.csv"), "synonym,code\nteman,tri\n");
    writeFileSync(join(other.home, "config.toml"), '[synonyms]\n"teman baik" = "tri"\n');
    const env = { NUMBERS_HOME: other.home };
    const codes = await asked("fish", ["order", "--provider", ""], env);
    expect(codes).toEqual(
      ["words", "tsel", "isat", "xl", "net1", "axis", "psn", "sf", "tri", "byu", "other"].map(
        (word, index) => (index === 0 ? word : `${word}\t`),
      ),
    );
    expect(await asked("fish", ["order", "--provider", "isat,te"], env)).toEqual([
      "words",
      "isat,telkomsel\ttsel",
      "isat,telkomsel halo\ttsel",
      "isat,telkomsel prabayar\ttsel",
      "isat,teman\ttri",
      "isat,teman baik\ttri",
    ]);
    expect(filesBelow(other.home)).toHaveLength(2);
  });

  test("--home on the line, with its tilde, is the home that is asked", async () => {
    const env = { NUMBERS_HOME: "/nowhere", HOME: dir.folder };
    for (const home of [dir.home, "~/home"]) {
      expect(await asked("zsh", ["--home", home, "order", "show", ""], env)).toHaveLength(3);
      expect(await asked("zsh", ["order", "show", `--home=${home}`, ""], env)).toHaveLength(3);
    }
  });

  test("control characters and line breaks never reach the terminal", async () => {
    const other = createWorkdir();
    await other.ok(["customer", "list"]);
    const instance = await DuckDBInstance.create(join(other.home, "numbers.duckdb"));
    const connection = await instance.connect();
    await connection.run(
      "insert into customers (name, never_twice, suspended, added_at) values " +
        "('good', false, false, now()), ('a' || chr(27) || '[2J', false, false, now()), " +
        "('b' || chr(10) || 'c', false, false, now()), ('d' || chr(8238), false, false, now())",
    );
    connection.closeSync();
    instance.closeSync();
    const found = await asked("zsh", ["customer", "show", ""], { NUMBERS_HOME: other.home });
    expect(found).toEqual(["words", "good\t"]);
  });

  test("only what is in the catalog loads the engine", async () => {
    const preload = pathToFileURL(join(import.meta.dirname, "../loaded.js"));
    const env = { NODE_OPTIONS: `--import=${preload}` };
    const loaded = async (...words: string[]) =>
      (await dir.run(["__complete", "zsh", "--", ...words], { env })).stderr;
    for (const words of [[""], ["order", "--"], ["order", "--provider", "t"], ["ingest", ""]]) {
      expect(await loaded(...words)).toBe("");
    }
    expect(await loaded("order", "show", "")).toBe("loaded duckdb.node\n");
  });
});

describe("what fails is no candidates, without a word", () => {
  const names = ["order", "show", ""];

  test("no home: none is made", async () => {
    const env = { NUMBERS_HOME: dir.path("nowhere") };
    expect(await asked("zsh", names, env)).toEqual(["words"]);
    expect(await asked("zsh", ["order", "--provider", "xl"], env)).toContain("xl\t");
    expect(existsSync(dir.path("nowhere"))).toBe(false);
  });

  test("a broken database, a folder in its place, a broken config.toml, an empty or unknown --home", async () => {
    for (const name of ["broken", "folder", "config"]) mkdirSync(dir.path(name), { mode: 0o700 });
    dir.write("broken/numbers.duckdb", "no database");
    mkdirSync(dir.path("folder/numbers.duckdb"));
    dir.write("config/config.toml", "= what");
    for (const home of ["broken", "folder", "config"]) {
      const env = { NUMBERS_HOME: dir.path(home) };
      expect(await asked("zsh", names, env)).toEqual(["words"]);
      expect(await asked("zsh", ["order", "sh"], env)).toEqual(["words", "show\tShow one order"]);
    }
    expect(await asked("zsh", ["--home", "", ...names])).toEqual(["words"]);
    expect(await asked("zsh", ["--home=/dev/null", ...names])).toEqual(["words"]);
    expect(await asked("nonsense", [])).toEqual(expect.arrayContaining(["words"]));
    // A script is printed whatever the home is like: shells begin with it.
    await dir.ok(["completion", "bash"], { env: { NUMBERS_HOME: dir.path("config") } });
  });

  test("a home that somebody else holds is not waited for, and its holder not disturbed", async () => {
    const instance = await DuckDBInstance.create(join(dir.home, "numbers.duckdb"));
    try {
      expect(await asked("zsh", names)).toEqual(["words"]);
      expect(filesBelow(join(dir.home, "tmp"))).toEqual([]);
    } finally {
      instance.closeSync();
    }
    expect(await asked("zsh", names)).toHaveLength(3);
  });

  test("a shell that is not known is refused by its name", async () => {
    const { code, stderr } = await dir.run(["completion", "tcsh"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/'tcsh'.*bash, zsh, fish/);
  });
});

function has(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    process.stderr.write(`skipped: there is no ${program}\n`);
    return false;
  }
}

const hasTerminal = has("script");

/**
 * Types into an interactive shell on a terminal of its own, with Tab and Enter behind each of `lines`, and returns the words
 * that the shell made of it: there `numbers` is a function that prints them.
 */
async function typed(command: string, setup: string, lines: readonly string[]): Promise<string[]> {
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: dir.folder,
    env: { ...cleanEnvironment(dir.home), PATH: shellPath, TERM: "dumb", LC_ALL: "C.UTF-8" },
  });
  let shown = "";
  let look = () => {};
  child.stdout.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    look();
  });
  const until = (text: RegExp) =>
    new Promise<string>((done) => {
      look = () => {
        const match = text.exec(shown);
        if (!match) return;
        shown = shown.slice(match.index + match[0].length);
        look = () => {};
        done(match[1] ?? "");
      };
      look();
    });
  child.stdin.write(`${setup}\n`);
  const found: string[] = [];
  for (const line of lines) {
    await until(/ready: /);
    child.stdin.write(`numbers ${line}\t\n`);
    found.push(await until(/<<(.*?)>>/s));
  }
  await until(/ready: /);
  child.stdin.end("exit\n");
  await new Promise((done) => child.on("close", done));
  return found;
}

/** [what is typed, the words after Tab] */
const lines: [string, string][] = [
  ["ord", "[order]"],
  ["order --cust", "[order][--customer]"],
  ["order --pick=ol", "[order][--pick=oldest]"],
  ["order --provider tsel,byu,ax", "[order][--provider][tsel,byu,axis]"],
  ["order --customer Acm", "[order][--customer][Acme: Blue]"],
  ["order --customer=Acm", "[order][--customer=Acme: Blue]"],
  ['order --customer "Acme: B', "[order][--customer][Acme: Blue]"],
  ["order --customer Acme:", "[order][--customer][Acme: Blue]"],
  ["order --customer Bo", '[order][--customer][Bob "Q" $HOME]'],
  ['order --customer "Bo', '[order][--customer][Bob "Q" $HOME]'],
  ["order --customer 'Bo", '[order][--customer][Bob "Q" $HOME]'],
  ["customer show Car", "[customer][show][Carl's `id`!]"],
  ["customer show 'Car", "[customer][show][Carl's `id`!]"],
  ["customer show De", "[customer][show][Dee (x); rm -rf & | > *]"],
  ["customer show Ün", "[customer][show][Ünïcode 数]"],
  ["customer show ba", "[customer][show][back\\slash]"],
  ["ingest --source Da", "[ingest][--source][Data Corp]"],
  ["ingest a.c", "[ingest][a.csv]"],
  ["ingest box/i", "[ingest][box/inside.csv]"],
  ["ingest --move-to bo", "[ingest][--move-to][box]"],
  ["lookup 081", "[lookup][081]"],
  ["stats '$(touch ran)' --js", "[stats][$(touch ran)][--json]"],
  // Nothing of it is run at Enter: what would be was run at Tab.
  ["x; true || numbers stats $(touch ran) `touch ran` --js", "[x]"],
];

// In two pieces, so that the echo of what is typed is not taken for the prompt.
const posix = `numbers() { printf '<%s' '<'; printf '[%s]' "$@"; echo '>>'; }; PS1="rea""dy: "`;
const fish =
  "function numbers; printf '<%s' '<'; printf '[%s]' $argv; echo '>>'; end; function fish_prompt; printf 'rea''dy: '; end";

describe.each([
  ["bash", "bash --norc -i", `source n.bash; ${posix}`],
  ["zsh", "zsh -f -i", `autoload -U compinit; compinit -u -D; source n.zsh; ${posix}`],
  ["fish", "fish --no-config -i", `source n.fish; ${fish}`],
] as const)("%s", (shell, command, setup) => {
  const canRun = has(shell) && hasTerminal;

  test.skipIf(!canRun)("what Tab makes of a line arrives as it was meant", async () => {
    const found = await typed(
      command,
      setup,
      lines.map(([line]) => line),
    );
    // zsh takes the slash off again at Enter.
    const pairs = found.map((words, index) => [lines[index]?.[0], words.replace("/]", "]")]);
    expect(pairs).toEqual(lines);
    expect(existsSync(dir.path("ran"))).toBe(false);
  });
});

const hasZsh = has("zsh") && hasTerminal;

test.skipIf(!hasZsh)("zsh finds the script in a folder of functions", async () => {
  dir.write("functions/_numbers", (await dir.ok(["completion", "zsh"])).stdout);
  const setup = `fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D; ${posix}`;
  expect(await typed("zsh -f -i", setup, ["ord", "stats --js"])).toEqual([
    "[order]",
    "[stats][--json]",
  ]);
});

test.skipIf(!has("fish"))("fish shows what each candidate is", () => {
  const stdout = execFileSync(
    "fish",
    ["--no-config", "-c", "source n.fish; complete -C 'numbers order show '"],
    { cwd: dir.folder, env: { ...cleanEnvironment(dir.home), PATH: shellPath } },
  );
  expect(stdout.toString()).toBe(
    `${orders[0]}\tdelivered, 1 tsel\n${orders[1]}\tdelivered, 2 tsel\n`,
  );
});
