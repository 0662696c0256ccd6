/** At a real terminal: progress while something takes long, and nothing left of it afterwards. */
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, createWriteStream, openSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, onTestFinished, test } from "vitest";
import { noTerminal, openScreen, openTerminal, screenOf } from "./screen.ts";
import { binary, cleanEnvironment, createWorkdir, list, type Workdir } from "./workdir.ts";

/** A named pipe that gives what it is told to, as slowly as it is told to. */
function slowly(dir: Workdir, name: string) {
  const path = dir.path(name);
  execFileSync("mkfifo", [path]);
  const stream = createWriteStream(path);
  stream.on("error", () => undefined);
  onTestFinished(() => void stream.destroy());
  return { name, give: (text: string) => stream.write(text), end: () => stream.end() };
}

/** More than the first megabyte, which is looked at before anything is read. */
const manyRows = list("812", 60_000);

const bar = /[█░#]{8}/;

describe.skipIf(noTerminal)("progress", () => {
  test("of stdin: bytes, rows and a rate, no bar and no share; gone when it is done", async () => {
    const dir = createWorkdir();
    const source = slowly(dir, "in");
    const screen = await openScreen(["ingest", "-"], { dir, redirect: "< in" });
    await screen.until(([line = ""]) => /^waiting for stdin… \d+ s$/.test(line));
    source.give(manyRows);
    const [line = ""] = await screen.until(([line = ""]) => /^reading stdin \d/.test(line));
    expect(line).toMatch(/^reading stdin \d+(\.\d+)? MB, [\d,]+ rows/);
    const [rate = ""] = await screen.until(([line = ""]) => /B\/s/.test(line));
    expect(rate).not.toMatch(/%|left/);
    expect(rate).not.toMatch(bar);
    source.end();
    const { lines, code, bytes } = await screen.ended;
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/^-: 60,000 numbers from 60,000 lines/);
    expect(bytes).not.toContain("\x1b[?25l");
  });

  test("of a delivery: rows of those that were ordered, however slow its reader is", async () => {
    const dir = createWorkdir();
    dir.write("list.csv", manyRows);
    await dir.ok(["ingest", "list.csv"]);
    execFileSync("mkfifo", [dir.path("out")]);
    const args = ["order", "--provider", "tsel", "--count", "60000", "-o", "out"];
    const screen = await openScreen(args, { dir, columns: 120 });
    const reader = openSync(dir.path("out"), "r");
    const [line = ""] = await screen.until(([line = ""]) => bar.test(line));
    expect(line).toMatch(/^delivering to out [█░]{24} \d+ %, .* of 60,000 rows/);
    while (readSync(reader, Buffer.alloc(1 << 20)) > 0) await sleep(1);
    closeSync(reader);
    const { lines, code } = await screen.ended;
    expect(code).toBe(0);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^order \S+: 60,000 tsel numbers, .* to .*\/out in /);
  });

  test("a warning goes above it, whole", async () => {
    const dir = createWorkdir();
    dir.write("bad.csv", "name,city\nBudi,Bandung\n");
    const source = slowly(dir, "slow.csv");
    const screen = await openScreen(["ingest", "-", "bad.csv"], { dir, redirect: "< slow.csv" });
    await screen.until(([line = ""]) => line.startsWith("waiting for stdin (1 of 2)…"));
    source.give(list("812", 3));
    source.end();
    const { lines, code } = await screen.ended;
    expect(code).toBe(3);
    expect(lines[0]).toMatch(/^-: 3 numbers from 3 lines/);
    expect(lines[1]).toMatch(/^bad\.csv: failed: no column holds phones/);
    expect(lines.join("\n")).not.toMatch(/waiting|reading|publishing/);
  });

  test("a message of somebody's wait for the lock goes above it", async () => {
    const dir = createWorkdir();
    await dir.ok(["stats"]);
    const instance = await DuckDBInstance.create(join(dir.home, "numbers.duckdb"));
    const screen = await openScreen(["stats"], { dir });
    const lines = await screen.until(([, line = ""]) => /^counting… \d+ s$/.test(line));
    expect(lines[0]).toMatch(/waiting/);
    instance.closeSync();
    const { lines: after, code } = await screen.ended;
    expect(code).toBe(0);
    expect(after[0]).toBe(lines[0]);
    expect(after[1]).toMatch(/is empty/);
  });

  test("when it fails it is gone before the message", async () => {
    const dir = createWorkdir();
    const source = slowly(dir, "in");
    const args = ["blacklist", "import", "-", "--kind", "dnc"];
    const screen = await openScreen(args, { dir, redirect: "< in" });
    await screen.until(([line = ""]) => line.startsWith("waiting for stdin…"));
    source.give("name,city\nBudi,Bandung\n");
    source.end();
    const { lines, code } = await screen.ended;
    expect(code).toBe(3);
    expect(lines[0]).toMatch(/^numbers: -: no column holds phones/);
  });

  test("Ctrl-C leaves one message, the cursor, and the terminal as it was", async () => {
    const dir = createWorkdir();
    slowly(dir, "in").give("phone\n");
    const command = `stty -a > before; "${process.execPath}" "${binary}" ingest - < in; code=$?; stty -a > after; exit $code`;
    const screen = await openTerminal(["/bin/sh", "-c", `trap : INT; ${command}`], { dir });
    await screen.until(([line = ""]) => line.startsWith("waiting for stdin…"));
    screen.type("\x03");
    const { lines, code, bytes } = await screen.ended;
    expect(code).toBe(130);
    expect(lines).toEqual(["numbers: interrupted: nothing half done was kept"]);
    // No mode of the terminal was changed, not even the cursor's.
    expect(bytes).not.toContain("\x1b[?");
    expect(readFileSync(dir.path("after"), "utf8")).toBe(readFileSync(dir.path("before"), "utf8"));
    await dir.checkPromises();
  });

  test("stdout may go elsewhere; what is read from the terminal itself has it alone", async () => {
    const dir = createWorkdir();
    dir.write("list.csv", list("812", 20));
    await dir.ok(["ingest", "list.csv"]);
    execFileSync("mkfifo", [dir.path("out")]);
    const order = ["order", "--provider", "tsel", "--count", "5", "--columns", "phone", "-o", "-"];
    const elsewhere = await openScreen(order, { dir, redirect: "> out" });
    // The shell waits for its reader before the program begins.
    const reader = openSync(dir.path("out"), "r");
    const { lines } = await elsewhere.ended;
    closeSync(reader);
    expect(lines).toHaveLength(1);
    // Held up until its bar is there.
    const instance = await DuckDBInstance.create(join(dir.home, "numbers.duckdb"));
    const here = await openScreen(order, { dir });
    await here.until(([, line = ""]) => /^looking at the pool… \d+ s$/.test(line));
    instance.closeSync();
    const seen = await here.ended;
    expect(seen.code).toBe(0);
    const [waited, ...data] = seen.lines;
    expect(waited).toMatch(/^waiting for/);
    expect(data.slice(0, 6).join()).toMatch(/^phone(,62812\d{8}){5}$/);
    expect(data[6]).toMatch(/^order \S+: 5 tsel numbers/);
    expect(data).toHaveLength(7);
    expect(seen.bytes).not.toContain("delivering");
  });

  test("--quiet has none, TERM=dumb none and no codes, a locale of ASCII one of letters", async () => {
    const dir = createWorkdir();
    const seenWith = async (args: readonly string[], env: Readonly<Record<string, string>>) => {
      const source = slowly(dir, `in${Math.random()}`);
      const screen = await openScreen(["ingest", "-", "--dry-run", ...args], {
        dir,
        env,
        redirect: `< ${source.name}`,
      });
      await sleep(2_500);
      const meanwhile = await screen.look();
      source.give(list("812", 3));
      source.end();
      return { meanwhile, ...(await screen.ended) };
    };
    const quiet = await seenWith(["--quiet"], {});
    expect([quiet.code, quiet.bytes]).toEqual([0, ""]);
    const dumb = await seenWith([], { TERM: "dumb" });
    expect(dumb.meanwhile).toEqual([]);
    expect(dumb.bytes).not.toContain("\x1b");
    expect(dumb.lines[0]).toMatch(/^-: 3 numbers from 3 lines/);
    const ascii = await seenWith([], { LANG: "C" });
    expect(ascii.meanwhile[0]).toMatch(/^waiting for stdin\.\.\. \d+ s$/);
  });
});

describe.skipIf(noTerminal)("colour", () => {
  test("on a terminal the figure is strong and what went wrong is red; NO_COLOR has none", async () => {
    const dir = createWorkdir();
    dir.write("list.csv", list("812", 3));
    dir.write("bad.csv", "name\nBudi\n");
    const args = ["ingest", "list.csv", "bad.csv", "--force"];
    const { bytes } = await screenOf(args, { dir });
    expect(bytes).toContain("list.csv: \x1b[1m3 numbers\x1b[22m from 3 lines");
    expect(bytes).toContain("\x1b[31mbad.csv: failed");
    const without: Readonly<Record<string, string>>[] = [
      { NO_COLOR: "1" },
      { NO_COLOR: "1", FORCE_COLOR: "1" },
      { TERM: "dumb" },
    ];
    for (const env of without) {
      expect((await screenOf(args, { dir, env })).bytes).not.toContain("\x1b[");
    }
  });

  test("elsewhere there is none, unless FORCE_COLOR wants it", async () => {
    const dir = createWorkdir();
    dir.write("list.csv", list("812", 3));
    const args = ["ingest", "list.csv", "--force"];
    expect((await dir.ok(args)).stderr).not.toContain("\x1b[");
    expect((await dir.ok(args, { env: { FORCE_COLOR: "1" } })).stderr).toContain(
      "\x1b[1m3 numbers",
    );
    expect((await dir.run(["ingset"], { env: { FORCE_COLOR: "1" } })).code).toBe(2);
  });
});

describe("no terminal", () => {
  test("under cron nothing is said of progress; --verbose has lines", async () => {
    const dir = createWorkdir();
    const run = async (args: readonly string[]) => {
      const source = slowly(dir, `in${Math.random()}`);
      const command = ["ingest", "-", "--force", ...args];
      const running = execFile(
        "/bin/sh",
        ["-c", `exec "$0" "$@" < ${source.name}`, process.execPath, binary, ...command],
        { cwd: dir.folder, env: cleanEnvironment(dir.home) },
      );
      let stderr = "";
      running.stderr?.on("data", (chunk) => {
        stderr += chunk;
      });
      if (args.includes("--verbose")) await once(running.stderr as Readable, "data");
      else await sleep(3_000);
      source.give(list("812", 3));
      source.end();
      await once(running, "close");
      return stderr;
    };
    expect(await run([])).toMatch(/^-: 3 numbers from 3 lines.*\n$/);
    expect(await run(["--quiet"])).toBe("");
    expect(await run(["--verbose"])).toMatch(
      /^waiting for stdin… \d+ s\n-: 3 numbers from 3 lines.*\n$/,
    );
  });

  test("a list that is written out and waits for its reader says so too", async () => {
    const dir = createWorkdir();
    await dir.ok(["blacklist", "add", "081200000001", "--kind", "dnc", "--reason", "asked"]);
    execFileSync("mkfifo", [dir.path("out")]);
    const command = ["blacklist", "export", "--kind", "dnc", "-o", "out", "--verbose"];
    const running = execFile(process.execPath, [binary, ...command], {
      cwd: dir.folder,
      env: cleanEnvironment(dir.home),
    });
    let stderr = "";
    running.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    await once(running.stderr as Readable, "data");
    expect(execFileSync("cat", [dir.path("out")], { encoding: "utf8" })).toContain("6281200000001");
    await once(running, "close");
    expect(stderr).toMatch(/^writing to out… \d+ s\n1 number to .*out\n$/);
  });

  test("--quiet and --verbose are two", async () => {
    const { code, stderr } = await createWorkdir().run(["stats", "--quiet", "--verbose"]);
    expect([code, stderr]).toEqual([2, "numbers: --quiet and --verbose: say one of them\n"]);
  });
});
