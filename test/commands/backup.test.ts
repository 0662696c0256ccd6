/** Backups: whole or not there, made while others work, and never worse than the one before. */
import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeBackup } from "../../src/backup/backup.ts";
import { createDuckdbEngine } from "../../src/engine/duckdb/engine.ts";
import { lockFile } from "../../src/engine/duckdb/folder-lock.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { closeHome, openHome } from "../../src/home.ts";
import { inertProgress } from "../../src/progress.ts";
import { filesWith } from "../traces.ts";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  filesBelow,
  list,
  phonesOf,
  type Workdir,
} from "../workdir.ts";

const order = (count: number, ...more: string[]) => [
  ...["order", "--provider", "tsel", "--count", String(count)],
  ...more,
];

/** A home with 50 numbers, five of them sold. */
async function homeWithOrder(): Promise<Workdir> {
  const dir = createWorkdir();
  dir.write("a.csv", `${list("812", 50)}nonsense,Budi,Bandung\n`);
  await dir.ok(["ingest", "a.csv"]);
  await dir.ok(order(5, "-o", "first.csv"));
  return dir;
}

/** When `stats` says that the last backup was made. */
const lastBackup = async (dir: Workdir) => (await dir.json(["stats"])).last_backup;

/** The folder and its manifest, as any script would read it. */
const manifestOf = (dir: Workdir) => JSON.parse(readFileSync(dir.path("bk/manifest.json"), "utf8"));
const storedFiles = (dir: Workdir) =>
  filesBelow(dir.path("bk/files"))
    .map((path) => path.slice(dir.path("bk/").length))
    .sort();

/** Nothing but what the manifest names, each as sha256sum finds it; and the program is of the same opinion. */
async function expectWhole(dir: Workdir): Promise<void> {
  const { files } = manifestOf(dir);
  expect(storedFiles(dir)).toEqual(files.map((file: { stored: string }) => file.stored).sort());
  const lines = files.map(
    (file: { sha256: string; stored: string }) => `${file.sha256}  ${file.stored}`,
  );
  execFileSync("sha256sum", ["--check", "--quiet"], {
    cwd: dir.path("bk"),
    input: `${lines.join("\n")}\n`,
  });
  expect(await dir.json(["backup", "--verify", "bk"])).toMatchObject({
    ok: true,
    files: files.length,
    left_over: 0,
    problems: [],
  });
}

test("the first has all but the database, the second copies what is new, the third nothing", async () => {
  const dir = await homeWithOrder();
  writeFileSync(join(dir.home, "config.toml"), 'within = "5d"\n');
  const first = await dir.json(["backup", "bk"]);
  expect(first).toMatchObject({
    folder: dir.path("bk"),
    home: dir.home,
    made_at: "2026-11-20T02:00:00.000Z",
    head: { sequence: 3 },
    unchanged: { files: 0, bytes: 0 },
    removed: { files: 0, bytes: 0 },
    ...{ imports: 1, numbers: 50, orders: 1, sales: 5, suppressed: 0 },
    last_sale: "2026-11-20T02:00:00.000Z",
  });
  await expectWhole(dir);
  const paths = manifestOf(dir).files.map((file: { path: string }) => file.path);
  expect(paths).toContain("config.toml");
  expect(new Set(paths.map((path: string) => path.split("/")[0]))).toEqual(
    new Set(["config.toml", "journal", "ledger", "pool", "rejects"]),
  );
  for (const path of filesBelow(dir.path("bk"))) expect(statSync(path).mode & 0o777).toBe(0o600);
  for (const name of ["bk", "bk/files", "bk/files/pool"]) {
    expect(statSync(dir.path(name)).mode & 0o777).toBe(0o700);
  }

  dir.write("b.csv", list("813", 10));
  await dir.ok(["ingest", "b.csv"]);
  const second = await dir.json(["backup", "bk"]);
  const poolFiles = (files: { path: string }[]) =>
    files.filter(({ path }) => path.startsWith("pool/")).length;
  expect(poolFiles(manifestOf(dir).files)).toBe(2);
  // The list's pool file and the journal's log; the log as it was before is gone.
  expect(second).toMatchObject({
    files: first.files + 1,
    copied: { files: 2 },
    unchanged: { files: first.files - 1 },
    removed: { files: 1 },
  });
  await expectWhole(dir);

  const { stderr } = await dir.ok(["backup", "bk"]);
  expect(stderr).toMatch(/bk: 0 files copied \(0 B\), \d+ unchanged/);
  await expectWhole(dir);
  await dir.checkPromises();
});

test("a file that was only touched is read and not copied; one of the same size is", async () => {
  const dir = await homeWithOrder();
  const config = join(dir.home, "config.toml");
  writeFileSync(config, 'within = "5d"\n');
  await dir.ok(["backup", "bk"]);
  writeFileSync(config, 'within = "5d"\n');
  expect((await dir.json(["backup", "bk"])).copied.files).toBe(0);
  writeFileSync(config, 'within = "6d"\n');
  expect((await dir.json(["backup", "bk"])).copied.files).toBe(1);
  await expectWhole(dir);
});

describe("refused, and nothing is touched:", () => {
  test("a folder with something else in it", async () => {
    const dir = await homeWithOrder();
    dir.write("mine/files/letter.txt", "dear");
    const { code, stderr } = await dir.run(["backup", "mine"]);
    expect(code).toBe(2);
    expect(stderr).toContain('is not empty and no backup: it has "files"');
    expect(filesBelow(dir.path("mine"))).toEqual([dir.path("mine/files/letter.txt")]);
    expect((await dir.run(["backup", "a.csv"])).stderr).toContain("is no folder");
  });

  test("a folder in the home, the home in the folder, also by a link", async () => {
    const dir = await homeWithOrder();
    symlinkSync(dir.home, dir.path("link"));
    for (const inner of [dir.home, join(dir.home, "bk"), "link/bk"]) {
      const { code, stderr } = await dir.run(["backup", inner]);
      expect(code).toBe(2);
      expect(stderr).toContain("is inside the home");
    }
    const { code, stderr } = await dir.run(["backup", dir.folder]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/the home .* is inside/);
    expect(existsSync(join(dir.home, "bk"))).toBe(false);
  });

  test("a home that is none", async () => {
    const dir = createWorkdir();
    const { code, stderr } = await dir.run(["backup", "bk"]);
    expect(code).toBe(2);
    expect(stderr).toContain("there is nothing to back up");
    expect(existsSync(dir.home) || existsSync(dir.path("bk"))).toBe(false);
  });

  test("the backup of another home", async () => {
    const dir = await homeWithOrder();
    await dir.ok(["backup", "bk"]);
    const other = createWorkdir();
    other.write("b.csv", list("813", 10));
    await other.ok(["ingest", "b.csv"]);
    const { code, stderr } = await other.run(["backup", dir.path("bk")]);
    expect(code).toBe(2);
    expect(stderr).toContain("is the backup of another home");
    await expectWhole(dir);
  });

  test("a home that knows less than its backup", async () => {
    const dir = await homeWithOrder();
    await dir.ok(["backup", "older"]);
    await dir.ok(order(5, "-o", "second.csv"));
    await dir.ok(["backup", "bk"]);
    rmSync(dir.home, { recursive: true });
    await dir.ok(["restore", "older"]);
    const { code, stderr } = await dir.run(["backup", "bk"]);
    expect(code).toBe(5);
    expect(stderr).toMatch(/knows of change 5, which this home does not have.*another folder/);
    await expectWhole(dir);
    await dir.ok(["backup", "older"]);
  });

  test("a home without a file that it needs, while an earlier backup may have it", async () => {
    const dir = await homeWithOrder();
    await dir.ok(["backup", "bk"]);
    for (const name of ["pool", "ledger"]) {
      const [path = ""] = filesBelow(join(dir.home, name));
      const bytes = readFileSync(path);
      rmSync(path);
      const { code, stderr } = await dir.run(["backup", "bk"]);
      expect(code).toBe(5);
      expect(stderr).toContain(`${path.slice(dir.home.length + 1)} is missing`);
      writeFileSync(path, bytes);
    }
    const [pool = ""] = filesBelow(join(dir.home, "pool"));
    appendFileSync(pool, "x");
    const { code, stderr } = await dir.run(["backup", "bk"]);
    expect(code).toBe(5);
    expect(stderr).toMatch(/has \d+ bytes, the catalog says/);
    // As many bytes, one of them another.
    const bytes = readFileSync(pool).subarray(0, -1);
    bytes[100] = (bytes[100] as number) ^ 1;
    writeFileSync(pool, bytes);
    const damaged = await dir.run(["backup", "bk"]);
    expect(damaged.code).toBe(5);
    expect(damaged.stderr).toContain("does not hold what was written");
    await expectWhole(dir);
  });

  test("a folder that another backup works in; not one that somebody died in", async () => {
    const dir = await homeWithOrder();
    await dir.ok(["backup", "bk"]);
    const holder = spawn(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `import { DuckDBInstance } from "@duckdb/node-api";
         await (await DuckDBInstance.create(process.argv[1])).connect();
         console.log("held");
         setInterval(() => {}, 1000);`,
        dir.path("bk/backup.lock"),
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    onTestFinished(() => void holder.kill("SIGKILL"));
    for await (const line of createInterface({ input: holder.stdout })) if (line === "held") break;
    for (const args of [
      ["backup", "bk"],
      ["backup", "--verify", "bk"],
      ["restore", "bk", "--home", dir.path("other")],
    ]) {
      const { code, stderr } = await dir.run(args);
      expect(code).toBe(6);
      expect(stderr).toContain("is in use by another numbers backup or restore");
    }
    const ended = new Promise((done) => holder.on("close", done));
    holder.kill("SIGKILL");
    await ended;
    await dir.ok(["backup", "bk"]);
    await expectWhole(dir);
  });
});

test("a folder in which another backup is making its lock is no stranger's", async () => {
  const dir = await homeWithOrder();
  dir.write("bk/backup.lock-0123abcd", "");
  await dir.ok(["backup", "bk"]);
  dir.write("other/backup.lock-0123abcd", "");
  dir.write("other/letter.txt", "dear");
  const { code, stderr } = await dir.run(["backup", "other"]);
  expect(code).toBe(2);
  expect(stderr).toContain('it has "letter.txt"');
});

test("two at once into one new folder: one is refused, or comes after the other", async () => {
  const dir = await homeWithOrder();
  const outcomes = await Promise.all([1, 2, 3].map(() => dir.run(["backup", "bk"])));
  expect(outcomes.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
  expect(outcomes.filter(({ code }) => code !== 0 && code !== 6)).toEqual([]);
  await expectWhole(dir);
});

test("--verify names each file that is missing, damaged or too many", async () => {
  const dir = await homeWithOrder();
  await dir.ok(["backup", "bk"]);
  const of = (name: string) =>
    storedFiles(dir).find((path) => path.startsWith(`files/${name}`)) as string;
  const [pool, ledger, rejects] = [of("pool"), of("ledger"), of("rejects")];
  rmSync(dir.path(`bk/${pool}`));
  const bytes = readFileSync(dir.path(`bk/${ledger}`));
  bytes[100] = (bytes[100] as number) ^ 1;
  writeFileSync(dir.path(`bk/${ledger}`), bytes);
  truncateSync(dir.path(`bk/${rejects}`), 3);
  dir.write("bk/files/pool/stranger", "x");
  dir.write("bk/letter.txt", "dear");
  const { code, stdout, stderr } = await dir.run(["backup", "--verify", "bk", "--json"]);
  expect(code).toBe(5);
  const { ok, problems } = JSON.parse(stdout);
  expect(ok).toBe(false);
  expect(
    problems.map(({ path, problem }: { path: string; problem: string }) => [path, problem]).sort(),
  ).toEqual(
    [
      [pool, "missing"],
      [ledger, "damaged"],
      [rejects, "damaged"],
      ["files/pool/stranger", "extra"],
      ["letter.txt", "extra"],
    ].sort(),
  );
  for (const path of [pool, ledger, rejects]) expect(stderr).toContain(path);
  // As it says: what is damaged or too many is deleted, the rest comes back from the home.
  for (const path of [ledger, rejects, "files/pool/stranger", "letter.txt"]) {
    rmSync(dir.path(`bk/${path}`));
  }
  expect((await dir.json(["backup", "bk"])).copied.files).toBe(3);
  await expectWhole(dir);

  writeFileSync(
    dir.path("bk/manifest.json"),
    readFileSync(dir.path("bk/manifest.json"), "utf8").replace("5", "6"),
  );
  for (const args of [
    ["backup", "bk"],
    ["backup", "--verify", "bk"],
  ]) {
    const damaged = await dir.run(args);
    expect(damaged.code).toBe(5);
    expect(damaged.stderr).toMatch(/manifest\.json is damaged/);
  }
  expect((await dir.run(["backup", "--verify", "nowhere"])).code).toBe(2);
});

test("killed at each step: the one before holds, and the next one goes on", async () => {
  const dir = await homeWithOrder();
  let round = 0;
  for (const point of ["held", "file-synced", "file-renamed", "folders-synced", "removed"]) {
    round += 1;
    dir.write("next.csv", list("813", 10, { from: 100 * round }));
    await dir.ok(["ingest", "next.csv"]);
    const earlier = existsSync(dir.path("bk/manifest.json")) && manifestOf(dir);
    const env = { NUMBERS_FAILPOINT: `backup.${point}=kill` };
    expect((await dir.run(["backup", "bk"], { env })).code).toBeNull();
    if (point !== "removed" && earlier) expect(manifestOf(dir)).toEqual(earlier);
    if (earlier) {
      const verdict = await dir.json(["backup", "--verify", "bk"]);
      expect(verdict).toMatchObject({ ok: true, problems: [] });
    }
    // Every other time the next one is killed as well.
    if (round % 2 === 1) {
      await dir.ok(["backup", "bk"]);
      await expectWhole(dir);
    }
  }
  await dir.checkPromises();
});

test("interrupted between two files: the one before holds, and what was copied is not copied again", async () => {
  const dir = await homeWithOrder();
  await dir.ok(["backup", "bk"]);
  const before = readFileSync(dir.path("bk/manifest.json"), "utf8");
  // More than are copied at once.
  for (let n = 0; n < 60; n += 1) dir.write(`home/rejects/${n}.csv`, `reason,phone\nempty,${n}\n`);
  const env = { NUMBERS_FAILPOINT: "backup.file-renamed=int" };
  const { code, stderr } = await dir.run(["backup", "bk"], { env });
  expect(code).toBe(130);
  expect(stderr).toMatch(/is as it was before, and what was copied by now is not copied again/);
  expect(readFileSync(dir.path("bk/manifest.json"), "utf8")).toBe(before);
  const verdict = await dir.json(["backup", "--verify", "bk"]);
  expect(verdict).toMatchObject({ ok: true, problems: [] });
  expect(verdict.left_over).toBeGreaterThan(0);
  expect((await dir.json(["backup", "bk"])).copied.files).toBe(60 - verdict.left_over);
  await expectWhole(dir);
});

test("SIGINT and SIGTERM stop it soon", async () => {
  const dir = await homeWithOrder();
  await dir.ok(["backup", "bk"]);
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    // Held up by the home's lock, it is there to be stopped.
    const instance = await DuckDBInstance.create(join(dir.home, "numbers.duckdb"));
    const child = spawn(process.execPath, [binary, "backup", "bk"], {
      cwd: dir.folder,
      env: cleanEnvironment(dir.home),
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = new Promise((done) => child.on("close", done));
    for await (const line of createInterface({ input: child.stderr })) {
      if (line.startsWith("waiting for")) child.kill(signal);
    }
    expect(await ended).toBe(code);
    instance.closeSync();
  }
  await dir.ok(["backup", "bk"]);
  await expectWhole(dir);
});

/** Lets `work` use the engine as a command would. */
async function inProcess(dir: Workdir, work: (engine: Engine) => Promise<void>): Promise<void> {
  const home = openHome(dir.home, "test");
  const engine = createDuckdbEngine({
    home,
    actor: "tester",
    timeZone: "Asia/Jakarta",
    resources: { temporary: home.temporary, threads: 2, memory: undefined, signal: undefined },
    lockTimeoutMs: 10_000,
    onWait: () => undefined,
    warn: () => undefined,
  });
  try {
    await work(engine);
  } finally {
    closeHome(home);
  }
}

function effectsOf(
  dir: Workdir,
  engine: Parameters<typeof makeBackup>[1]["engine"],
  signal = new AbortController().signal,
): Parameters<typeof makeBackup>[1] {
  const resources = { temporary: dir.folder, threads: 1, memory: undefined, signal: undefined };
  return {
    engine,
    lock: (path, mode) => lockFile(path, mode, resources),
    home: dir.home,
    numbers: "test",
    now: new Date("2026-11-20T02:00:00Z"),
    signal,
    progress: inertProgress,
  };
}

describe("while others work", () => {
  test("neither a list that is read nor an order nor a slow reader waits for it, nor it for them", async () => {
    const dir = createWorkdir();
    dir.write("s.csv", list("813", 60_000));
    await dir.ok(["ingest", "s.csv"]);
    // A delivery whose reader has read nothing yet.
    const delivery = spawn(process.execPath, [binary, ...order(40_000, "-o", "-", "--quiet")], {
      cwd: dir.folder,
      env: cleanEnvironment(dir.home),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const delivered = new Promise((done) => delivery.on("close", done));
    await new Promise((done) => delivery.stdout.once("readable", done));
    dir.write("a.csv", list("812", 20_000));
    const [ingest, backup] = await Promise.all([
      dir.run(["ingest", "a.csv"]),
      dir.run(["backup", "bk"]),
      dir.run(order(10, "-o", "o.csv")),
    ]);
    expect([ingest.code, backup.code]).toEqual([0, 0]);
    expect(delivery.exitCode).toBeNull();
    await expectWhole(dir);
    const chunks: Buffer[] = [];
    for await (const chunk of delivery.stdout) chunks.push(chunk as Buffer);
    expect(await delivered).toBe(0);
    expect(phonesOf(Buffer.concat(chunks).toString("utf8"))).toHaveLength(40_000);
    // Whatever moment it caught: it is one that a home can be made of.
    const copy = createWorkdir();
    await copy.ok(["restore", dir.path("bk")]);
    await copy.checkPromises();
    await dir.checkPromises();
  });

  test.each([
    ["held by a second name", true],
    ["on a file system without second names", false],
  ])("a person who is erased while files are copied, %s", async (_, isHeld) => {
    const dir = await homeWithOrder();
    let rounds = 0;
    let numbers = 0;
    await inProcess(dir, async (engine) => {
      const holdEverything: Engine["holdEverything"] = async (...args) => {
        const held = await engine.holdEverything(...args);
        rounds += 1;
        if (rounds === 1) await dir.ok(["erase", "081200000007", "--reason", "asked"]);
        if (isHeld) return held;
        const files = held.files.map((file) => ({
          ...file,
          from: join(dir.home, file.path),
          isHeld,
        }));
        return { ...held, files };
      };
      const effects = effectsOf(dir, async () => ({ ...engine, holdEverything }));
      ({ numbers } = (await makeBackup(dir.path("bk"), effects)).manifest.counts);
    });
    expect(readdirSync(join(dir.home, "tmp"))).toEqual([]);
    await expectWhole(dir);
    const copy = createWorkdir();
    const knows = async () => {
      rmSync(copy.home, { recursive: true, force: true });
      await copy.ok(["restore", dir.path("bk")]);
      await copy.checkPromises();
      return (await filesWith(copy, "81200000007")).length > 0;
    };
    // Held, it is the moment before; else the files had changed, and it looked again.
    expect(rounds).toBe(isHeld ? 1 : 2);
    expect(await knows()).toBe(isHeld);
    expect(numbers).toBe(isHeld ? 50 : 49);
    // The next one lets go of whom the home has forgotten.
    await dir.ok(["backup", "bk"]);
    await expectWhole(dir);
    expect(await knows()).toBe(false);
    for (const path of filesBelow(dir.path("bk/files"))) {
      expect(readFileSync(path).includes("81200000007"), path).toBe(false);
    }
  });
});

test("a folder as it is made is a backup's only with its lock", async () => {
  const dir = await homeWithOrder();
  mkdirSync(dir.path("bk"));
  await dir.ok(["backup", "bk"]);
  rmSync(dir.path("bk/manifest.json"));
  // Begun and never finished.
  for (const args of [
    ["backup", "--verify", "bk"],
    ["restore", "bk", "--home", dir.path("x")],
  ]) {
    const { code, stderr } = await dir.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain("numbers backup goes on with it");
  }
  const again = await dir.json(["backup", "bk"]);
  expect(again.copied.files).toBe(0);
  await expectWhole(dir);
  // A copy of a backup, made by other means, is read without its lock, and not written to.
  rmSync(dir.path("bk/backup.lock"));
  await dir.ok(["backup", "--verify", "bk"]);
  expect((await dir.run(["backup", "bk"])).code).toBe(2);
});

test("a home knows when it was last backed up, and a backup that fails does not count", async () => {
  const dir = await homeWithOrder();
  expect(await lastBackup(dir)).toBe(null);
  await dir.ok(["backup", "bk"], { now: "2026-11-20T10:00:00+07:00" });
  expect(await lastBackup(dir)).toBe("2026-11-20T03:00:00.000Z");
  dir.write("taken/other.txt", "not a backup");
  expect((await dir.run(["backup", "taken"], { now: "2026-11-21T10:00:00+07:00" })).code).toBe(2);
  await dir.ok(["backup", "bk", "--verify"], { now: "2026-11-21T10:00:00+07:00" });
  expect(await lastBackup(dir)).toBe("2026-11-20T03:00:00.000Z");
  expect((await dir.ok(["stats"])).stdout).toContain(
    "last ingest: 2026-11-20 09:00:00, last backup: 2026-11-20 10:00:00\n",
  );
  expect((await dir.ok(["stats", "--format", "prometheus"])).stdout).toContain(
    `numbers_last_backup_timestamp_seconds ${Date.parse("2026-11-20T03:00:00Z") / 1000}\n`,
  );
  await dir.checkPromises();

  // What was restored is backed up where it came from.
  await dir.ok(["restore", "bk", "--home", dir.path("copy")], { now: "2026-11-22T10:00:00+07:00" });
  const { last_backup } = await dir.json(["stats", "--home", dir.path("copy")]);
  expect(last_backup).toBe("2026-11-20T03:00:00.000Z");

  dir.write("home/last-backup.json", "{");
  const { stdout, stderr } = await dir.ok(["stats"]);
  expect(stdout).toContain("last backup: never");
  expect(stderr).toContain("last-backup.json is damaged; the next numbers backup writes it anew");
});

test("a note of the backup that cannot be written is said; the backup is whole", async () => {
  const dir = await homeWithOrder();
  mkdirSync(join(dir.home, "last-backup.json"));
  const { stderr } = await dir.ok(["backup", "bk"]);
  expect(stderr).toContain("the backup is whole, but that it was made could not be noted");
  await expectWhole(dir);
});
