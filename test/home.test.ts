/** The home: whose it is, who may look into it, and that nothing is written or removed outside of it. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  filesBelow,
  list,
  type Workdir,
} from "./workdir.ts";

const isRoot = process.getuid?.() === 0;
const hasStrace = spawnSync("strace", ["-o", "/dev/null", "true"]).status === 0;

beforeAll(() => {
  if (!isRoot) process.stderr.write("skipped: only root can make files of another user\n");
  if (!hasStrace) process.stderr.write("skipped: there is no strace that works here\n");
});

async function filled(): Promise<Workdir> {
  const dir = createWorkdir();
  dir.write("a.csv", `${list("812", 50)}not a phone,x,y\n`);
  await dir.ok(["ingest", "a.csv"]);
  await dir.ok(["order", "--provider", "tsel", "--count", "5", "-o", "o.csv"]);
  return dir;
}

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe("permissions", () => {
  test("of its own folders and files are mended; of the home itself somebody is warned", async () => {
    const dir = await filled();
    for (const name of ["pool", "ledger", "rejects", "tmp"]) chmodSync(join(dir.home, name), 0o755);
    chmodSync(join(dir.home, "numbers.duckdb"), 0o644);
    chmodSync(dir.home, 0o755);
    const outcome = await dir.ok(["doctor"]);
    expect(outcome.stderr).toMatch(/home is open to others \(0755\): chmod 700/);
    expect(modeOf(dir.home)).toBe(0o755);
    for (const name of ["pool", "ledger", "rejects", "tmp"]) {
      expect(modeOf(join(dir.home, name))).toBe(0o700);
    }
    expect(modeOf(join(dir.home, "numbers.duckdb"))).toBe(0o600);
    await dir.checkPromises();
  });

  test("of an empty folder that is to become a home are mended without a word", async () => {
    const dir = createWorkdir();
    mkdirSync(dir.home, { mode: 0o755 });
    chmodSync(dir.home, 0o755);
    expect((await dir.ok(["stats"])).stderr).not.toMatch(/open to others/);
    expect(modeOf(dir.home)).toBe(0o700);
  });

  test("everything in it is this user's alone after a tour, whatever the umask", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", `${list("812", 60)}not a phone,x,y\n`);
    dir.write("l.csv", list("812", 9, { from: 30 }));
    dir.write("bad.csv", "phone,reason\n081200000001,bad\n");
    const run = (...args: string[]) => {
      const command = ["-c", 'umask 000; exec "$0" "$@"', process.execPath, binary, ...args];
      const env = cleanEnvironment(dir.home) as NodeJS.ProcessEnv;
      const { status, stdout, stderr } = spawnSync("sh", command, { cwd: dir.folder, env });
      expect(`${status} ${stderr}`).toMatch(/^0 /);
      return stdout.toString();
    };
    run("ingest", "a.csv");
    run("customer", "add", "PT Contoh", "--price", "10");
    run("blacklist", "import", "l.csv", "--kind", "sold");
    run("blacklist", "add", "081200000050", "--kind", "dnc", "--reason", "asked");
    const sold = run(
      "order",
      "--provider",
      "tsel",
      "--count",
      "5",
      "--customer",
      "PT Contoh",
      "-o",
      "o.csv",
      "--json",
    );
    const { order_id } = JSON.parse(sold);
    const [, row = ""] = readFileSync(dir.path("o.csv"), "utf8").split("\n");
    dir.write("bad.csv", `phone\n${row.split(",")[0]}\n`);
    run("order", "return", order_id, "bad.csv", "--reason", "disconnected");
    run("order", "export", order_id, "-o", "again.csv");
    run("erase", "081200000059", "--reason", "asked");
    run("lookup", "081200000001");
    run("doctor");
    const walk = (path: string): string[] =>
      lstatSync(path).isDirectory()
        ? [path, ...readdirSync(path).flatMap((name) => walk(join(path, name)))]
        : [path];
    const seen = walk(dir.home);
    expect(seen.some((path) => path.endsWith("erasure.key"))).toBe(true);
    for (const path of seen) {
      expect(`${path} ${modeOf(path).toString(8)}`).toBe(
        `${path} ${statSync(path).isDirectory() ? "700" : "600"}`,
      );
    }
    // What leaves the home is what the user's own mask says.
    expect(modeOf(dir.path("o.csv"))).toBe(0o666);
    await dir.checkPromises();
  });
});

describe.runIf(isRoot)("another user's home", () => {
  test("is refused, to root too, before anything in it is made", async () => {
    const dir = await filled();
    const before = filesBelow(dir.home).sort();
    for (const path of [
      dir.home,
      ...["pool", "tmp", "numbers.duckdb"].map((name) => join(dir.home, name)),
    ]) {
      chownSync(path, 1234, 1234);
    }
    const outcome = await dir.run(["stats"]);
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    expect(outcome.stderr).toMatch(/belongs to user 1234, this is user 0/);
    expect(filesBelow(dir.home).sort()).toEqual(before);
    expect(readdirSync(join(dir.home, "tmp"))).toEqual([]);
  });

  test("that may not be written to is one message, and so is a read-only one", async () => {
    const dir = await filled();
    chmodSync(dir.folder, 0o755);
    const stranger = (args: string[]) =>
      spawnSync(process.execPath, [binary, ...args], {
        cwd: "/",
        env: cleanEnvironment(dir.home) as NodeJS.ProcessEnv,
        uid: 1234,
        gid: 1234,
        encoding: "utf8",
      });
    const closed = stranger(["stats"]);
    expect(closed.stderr).toMatch(
      /home .* cannot be used: EACCES.*belongs to user 0, this is user 1234/,
    );
    expect(closed.stderr.trim().split("\n")).toHaveLength(1);
    expect(closed.status).toBe(2);
    if (spawnSync("mount", ["--bind", dir.home, dir.home]).status !== 0) return;
    onTestFinished(() => void spawnSync("umount", ["-l", dir.home]));
    execFileSync("mount", ["-o", "remount,bind,ro", dir.home]);
    const readOnly = await dir.run(["stats"]);
    expect(readOnly.code).toBe(2);
    expect(readOnly.stderr).toMatch(/home .* cannot be used: EROFS: read-only file system/);
    expect(readOnly.stderr.trim().split("\n")).toHaveLength(1);
  });
});

describe("a path with odd characters", () => {
  test.each([
    '-it\'s a "quoted" home\nof two lines',
    "date=2020-01-01; drop table orders; -- 100% $HOME `id` #1 日本 ñ",
  ])("%j works as any other", async (name) => {
    const dir = createWorkdir();
    dir.write("a.csv", `${list("812", 20)}not a phone,x,y\n`);
    const home = ["--home", dir.path(name)];
    await dir.ok(["ingest", "a.csv", ...home]);
    await dir.ok(["order", "--provider", "tsel", "--count", "5", "-o", "o.csv", ...home]);
    await dir.ok(["erase", "081200000001", "--reason", "asked", ...home]);
    expect((await dir.ok(["doctor", ...home])).stderr).toContain("all promises hold");
    expect(readdirSync(dir.folder).sort()).toEqual([name, "a.csv", "o.csv"].sort());
  });
});

describe("a symbolic link in the home", () => {
  /** Puts a link in the place of something, which lies outside then. */
  function moveOut(dir: Workdir, name: string): string {
    const outside = dir.path("outside");
    renameSync(join(dir.home, name), outside);
    symlinkSync(outside, join(dir.home, name));
    return outside;
  }

  const snapshot = (path: string) =>
    statSync(path).isDirectory()
      ? filesBelow(path)
          .sort()
          .map((file) => `${file} ${readFileSync(file).toString("hex")}`)
      : readFileSync(path).toString("hex");

  test("is refused and named; nothing is written or removed behind it", async () => {
    const dir = await filled();
    dir.write("b.csv", list("813", 20));
    const days = ["pool/date=2026-11-20", "ledger/date=2026-11-20"];
    for (const name of ["pool", "ledger", "rejects", "tmp", ...days, "numbers.duckdb"]) {
      const outside = moveOut(dir, name);
      if (name === "tmp") mkdirSync(join(outside, "999999999-dead"));
      if (name.startsWith("ledger/")) writeFileSync(join(outside, "x.parquet.pending"), "x");
      const before = snapshot(outside);
      for (const args of [["ingest", "b.csv"], ["doctor"]]) {
        const outcome = await dir.run(args);
        expect(outcome.code).toBe(2);
        expect(outcome.stderr).toContain(
          `${join(dir.home, name)} is a symbolic link to ${outside}`,
        );
      }
      expect(snapshot(outside)).toEqual(before);
      if (name === "tmp") expect(readdirSync(outside)).toEqual(["999999999-dead"]);
      if (name.startsWith("ledger/")) rmSync(join(outside, "x.parquet.pending"));
      unlinkSync(join(dir.home, name));
      renameSync(outside, join(dir.home, name));
    }
    await dir.ok(["ingest", "b.csv"]);
    await dir.checkPromises();
  });

  test("deeper down: erase refuses, the doctor names it", async () => {
    const dir = await filled();
    const outside = moveOut(dir, "pool/date=2026-11-20/provider=tsel");
    const before = snapshot(outside);
    dir.write("b.csv", list("812", 20, { from: 900 }));
    expect((await dir.run(["ingest", "b.csv"])).stderr).toMatch(/is a symbolic link to/);
    const erased = await dir.run(["erase", "081200000001", "--reason", "asked"]);
    expect(erased.stderr).toMatch(/is a symbolic link to .*--resume/s);
    expect(snapshot(outside)).toEqual(before);
    const doctor = await dir.run(["doctor"]);
    expect(doctor.code).toBe(5);
    expect(doctor.stderr + doctor.stdout).toMatch(/provider=tsel is a symbolic link to/);
    unlinkSync(join(dir.home, "pool/date=2026-11-20/provider=tsel"));
    cpSync(outside, join(dir.home, "pool/date=2026-11-20/provider=tsel"), { recursive: true });
    await dir.ok(["erase", "--resume"]);
    await dir.checkPromises();
  });

  test("what dead processes left is swept without following links", async () => {
    const dir = await filled();
    const kept = dir.write("kept/file.txt", "kept");
    mkdirSync(join(dir.home, "tmp/999999999-dead"));
    symlinkSync(dir.path("kept"), join(dir.home, "tmp/999999999-dead/link"));
    symlinkSync(dir.path("kept"), join(dir.home, "tmp/999999998-dead"));
    await dir.ok(["stats"]);
    expect(readdirSync(join(dir.home, "tmp"))).toEqual([]);
    expect(readFileSync(kept, "utf8")).toBe("kept");
  });

  test("a home that is itself reached by a link is a home", async () => {
    const dir = createWorkdir();
    mkdirSync(dir.path("real"), { mode: 0o700 });
    symlinkSync(dir.path("real"), dir.home);
    dir.write("a.csv", list("812", 20));
    await dir.ok(["ingest", "a.csv"]);
    await dir.ok(["order", "--provider", "tsel", "--count", "5", "-o", "o.csv"]);
    await dir.checkPromises();
    expect(existsSync(dir.path("real/numbers.duckdb"))).toBe(true);
  });
});

describe.runIf(hasStrace)("before the database mentions a file", () => {
  /** System calls with the paths of their files, in their order. */
  function trace(dir: Workdir, args: readonly string[]): string[] {
    const out = dir.path("trace");
    const calls = "trace=fsync,fdatasync,rename,renameat,renameat2";
    const command = [
      "-f",
      "-y",
      "-s",
      "400",
      "-e",
      calls,
      "-o",
      out,
      process.execPath,
      binary,
      ...args,
    ];
    const env = cleanEnvironment(dir.home) as NodeJS.ProcessEnv;
    expect(spawnSync("strace", command, { cwd: dir.folder, env }).status).toBe(0);
    return readFileSync(out, "utf8").split("\n");
  }

  const isSync = (line: string, path: string) =>
    /f(data)?sync\(/.test(line) && line.includes(`<${path}>`);
  const isRename = (line: string, path: string) =>
    line.includes("rename") && line.includes(`"${path}"`);

  test("it is synced, and so are its name and the folders on the way", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 50));
    const commitIn = (lines: string[]) =>
      lines.findLastIndex((line) => isSync(line, join(dir.home, "numbers.duckdb.wal")));
    const first = trace(dir, ["ingest", "a.csv"]);
    // Its own folder has a name in the folder above.
    expect(first.some((line) => isSync(line, dir.folder))).toBe(true);
    const [poolFile = ""] = filesBelow(join(dir.home, "pool"));
    const named = first.findIndex((line) => isRename(line, poolFile));
    const staged = /rename\w*\((?:[^"]*)"([^"]+)"/.exec(first[named] ?? "")?.[1] ?? "";
    const commit = commitIn(first);
    expect(named).toBeGreaterThan(first.findIndex((line) => isSync(line, staged)));
    expect(first.findIndex((line) => isSync(line, staged))).toBeGreaterThan(-1);
    for (let folder = join(poolFile, ".."); folder !== dir.home; folder = join(folder, "..")) {
      const at = first.findIndex((line, index) => index > named && isSync(line, folder));
      expect(at).toBeGreaterThan(named);
      expect(at).toBeLessThan(commit);
    }

    const second = trace(dir, ["order", "--provider", "tsel", "--count", "5", "-o", "o.csv"]);
    const [copy = ""] = filesBelow(join(dir.home, "ledger"));
    const given = second.findIndex((line) => isRename(line, copy));
    // The commit of the sale is the last one before the copy gets its name.
    const sale = commitIn(second.slice(0, given));
    for (const path of [`${copy}.pending`, join(copy, ".."), join(dir.home, "ledger")]) {
      const at = second.findIndex((line) => isSync(line, path));
      expect(at).toBeGreaterThan(-1);
      expect(at).toBeLessThan(sale);
    }
    expect(
      second.findIndex((line, index) => index > given && isSync(line, join(copy, ".."))),
    ).toBeGreaterThan(given);
  });
});
