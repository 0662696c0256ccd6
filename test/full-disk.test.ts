/**
 * A disk that fills up: in a small file system mounted over the home, and by a limit on the size of files. Whatever is cut
 * off is absent or can be finished by its id, nothing is left behind, and one message says what to do.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  filesBelow,
  list,
  type Outcome,
  type Workdir,
} from "./workdir.ts";

const canMount = mountable();

function mountable(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "numbers-test-mount-"));
  const isMounted =
    spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).status === 0;
  if (isMounted) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true, force: true });
  return isMounted;
}

beforeAll(() => {
  if (!canMount) {
    process.stderr.write("skipped: no file system can be mounted here, so no disk is filled\n");
  }
});

/** A home on a disk of its own, with a list in it, an order, and a person to be erased. */
async function smallDisk(): Promise<Workdir> {
  const dir = createWorkdir();
  mkdirSync(dir.home, { mode: 0o700 });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=48m,mode=0700", "tmpfs", dir.home]);
  // Hooks run from the last to the first: unmounted before the folder is removed.
  onTestFinished(() => void spawnSync("umount", ["-l", dir.home]));
  dir.write("a.csv", list("812", 20_000));
  await dir.ok(["ingest", "a.csv"]);
  await dir.ok(["order", "--provider", "tsel", "--count", "100", "-o", "first.csv"]);
  dir.write("b.csv", `${list("813", 20_000)}${"not a phone,x,y\n".repeat(2000)}`);
  dir.write("l.csv", list("812", 5000, { from: 10_000 }));
  return dir;
}

/** Leaves so many bytes free on the home's disk. */
function fill(dir: Workdir, kilobytes: number): void {
  const { bavail, bsize } = statfsSync(dir.home);
  const bytes = bavail * bsize - kilobytes * 1024;
  if (bytes > 0) writeFileSync(join(dir.home, "filler"), Buffer.alloc(bytes), { mode: 0o600 });
}

function empty(dir: Workdir): void {
  rmSync(join(dir.home, "filler"), { force: true });
}

/** One message, without a stack, that says what is full; nothing begun is left. */
function expectFull(dir: Workdir, outcome: Outcome): void {
  expect([1, 7]).toContain(outcome.code);
  expect(outcome.stderr).toMatch(/disk is full|disk of .* has|may not become larger/);
  expect(outcome.stderr).not.toMatch(/\n\s+at |not expected|invalidated/);
  expect(readdirSync(join(dir.home, "tmp"))).toEqual([]);
  expect(filesBelow(dir.folder).filter((path) => /\.part-|\.pending$/.test(path))).toEqual([]);
}

/** Files of the pool that the catalog does not name. */
async function unnamed(dir: Workdir): Promise<string[]> {
  const named = (await dir.query("select coalesce(file, path) as file from pool_files")).map(
    ({ file }) => String(file),
  );
  return filesBelow(join(dir.home, "pool"))
    .map((path) => path.slice(dir.home.length + 1))
    .filter((path) => !named.includes(path));
}

const works: [string, string[]][] = [
  ["ingest", ["ingest", "b.csv"]],
  ["order", ["order", "--provider", "tsel", "--count", "3000", "-o", "o.csv"]],
  ["a list", ["blacklist", "import", "l.csv", "--kind", "dnc"]],
  ["a history", ["blacklist", "import", "l.csv", "--kind", "sold"]],
  ["erase", ["erase", "081200000007", "--reason", "asked"]],
];

describe.runIf(canMount)("a disk that is full", () => {
  test.each(works)(
    "%s: nothing half done, and the same again when there is room",
    async (name, args) => {
      const dir = await smallDisk();
      let failures = 0;
      for (const kilobytes of [12, 150]) {
        fill(dir, kilobytes);
        const outcome = await dir.run(args);
        empty(dir);
        if (outcome.code === 0) break;
        failures += 1;
        expectFull(dir, outcome);
        expect(await unnamed(dir)).toEqual([]);
        const doctor = await dir.run(["doctor"]);
        if (name === "erase" && /--resume/.test(outcome.stderr)) {
          expect(doctor.stderr).toMatch(/is not finished/);
          await dir.ok(["erase", "--resume"]);
        } else expect(doctor.stderr).toContain("all promises hold");
      }
      expect(failures).toBeGreaterThan(0);
      await dir.run(args);
      await dir.checkPromises();
    },
  );

  test("too little room is said before anything is begun, with the figures", async () => {
    const dir = await smallDisk();
    await dir.ok(["generate", "--rows", "20000", "-o", "wide.csv"]);
    fill(dir, 700);
    const ingest = await dir.run(["ingest", "wide.csv", "b.csv", "a.csv", "--json"]);
    expect(ingest.code).toBe(1);
    expect(ingest.stderr).toMatch(
      /wide\.csv: failed: the pool needs at least [\d.]+ [kM]B, the disk of .*home has [67]\d\d kB free/,
    );
    // What has room enters, and what is there already needs none.
    const { files } = JSON.parse(ingest.stdout);
    expect(files[0]).toMatchObject({ status: "failed" });
    expect(files[2]).toMatchObject({ status: "skipped" });
    fill(dir, 100);
    const order = await dir.run(["order", "--provider", "tsel", "--count", "3000", "-o", "o.csv"]);
    expect(order.code).toBe(1);
    expect(order.stderr).toMatch(/the order needs at least .* nothing was begun/);
    empty(dir);
    expect((await dir.json(["order", "list"])).orders).toHaveLength(1);
    await dir.checkPromises();
  });

  test("a full disk is looked at: stats, lookup and doctor need no room", async () => {
    const dir = await smallDisk();
    fill(dir, 0);
    await dir.ok(["stats"]);
    await dir.ok(["lookup", "081200000001"]);
    await dir.ok(["doctor"]);
    empty(dir);
  });

  test("a delivery to a full disk is reserved, and exported when there is room", async () => {
    const dir = await smallDisk();
    mkdirSync(dir.path("full"));
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", dir.path("full")]);
    onTestFinished(() => void spawnSync("umount", ["-l", dir.path("full")]));
    for (const file of ["o.csv", "o.csv.gz", "o.csv.zst", "o.parquet"]) {
      // Beyond what is asked for before: the disk is filled by somebody else meanwhile.
      writeFileSync(dir.path("full/other"), Buffer.alloc(64 << 10));
      const { stdout } = await dir.ok([
        "order",
        "--provider",
        "tsel",
        "--count",
        "2000",
        "--json",
        "-o",
        file,
      ]);
      const { order_id } = JSON.parse(stdout);
      const outcome = await dir.run(["order", "export", order_id, "-o", `full/${file}`]);
      expect(outcome.code).toBe(7);
      expectFull(dir, outcome);
      expect(readdirSync(dir.path("full"))).toEqual(["other"]);
    }
    await dir.checkPromises();
  });
});

describe("a limit on the size of files", () => {
  /** `blocks` of 512 bytes, as POSIX has it for sh. */
  function limited(dir: Workdir, blocks: number, args: readonly string[]): Outcome {
    const command = [
      "-c",
      `ulimit -f ${blocks}; exec "$0" "$@"`,
      process.execPath,
      binary,
      ...args,
    ];
    const { status, stdout, stderr } = spawnSync("sh", command, {
      cwd: dir.folder,
      env: cleanEnvironment(dir.home) as NodeJS.ProcessEnv,
      encoding: "utf8",
    });
    return { code: status, stdout, stderr };
  }

  test("ingest, order and erase end with one message and leave nothing", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 20_000));
    await dir.ok(["ingest", "a.csv"]);
    dir.write("b.csv", list("813", 20_000));
    for (const args of [
      ["ingest", "b.csv"],
      ["order", "--provider", "tsel", "--count", "5000", "-o", "o.csv"],
      ["blacklist", "import", "b.csv", "--kind", "dnc"],
    ]) {
      const outcome = limited(dir, 40, args);
      expectFull(dir, outcome);
      expect(existsSync(dir.path("o.csv"))).toBe(false);
      await dir.checkPromises();
    }
    await dir.ok(["ingest", "b.csv"]);
    await dir.checkPromises();
  });
});

describe("a commit that says it failed", () => {
  const failing = (how: "late" | "early") => ({
    env: {
      NUMBERS_TEST_COMMIT: how,
      NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, "late-failure.js"))}`,
    },
  });

  test("and is there all the same: the import is in, the order is delivered", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 100));
    await dir.ok(["stats"]);
    await dir.ok(["ingest", "a.csv"], failing("late"));
    await dir.checkPromises();
    const order = ["order", "--provider", "tsel", "--count", "10", "-o", "o.csv"];
    await dir.ok(order, failing("late"));
    await dir.checkPromises();
    expect((await dir.json(["order", "list"])).orders).toMatchObject([{ state: "delivered" }]);
    // These say that they failed, but nothing that the catalog names is gone.
    dir.write("l.csv", list("812", 20, { from: 50 }));
    const history = ["blacklist", "import", "l.csv", "--kind", "sold"];
    expect(await dir.run(history, failing("late"))).toMatchObject({ code: 1 });
    await dir.checkPromises();
    const erased = await dir.run(["erase", "081200000001", "--reason", "x"], failing("late"));
    expect(erased.code).toBe(1);
    await dir.ok(["erase", "--resume"]);
    await dir.checkPromises();
  });

  test("and is not there: nothing is left of it", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 100));
    dir.write("b.csv", list("813", 100));
    await dir.ok(["ingest", "a.csv"]);
    for (const args of [
      ["ingest", "b.csv"],
      ["order", "--provider", "tsel", "--count", "10", "-o", "o.csv"],
      ["blacklist", "import", "b.csv", "--kind", "sold"],
      ["erase", "081200000001", "--reason", "x"],
    ]) {
      expectFull(dir, await dir.run(args, failing("early")));
      expect(await unnamed(dir)).toEqual([]);
      await dir.checkPromises();
    }
  });
});
