/** Torn, changed and missing files: the doctor names them, nothing wrong is answered, and nothing disappears. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomFrom } from "../random.ts";
import { createWorkdir, filesBelow, list, phonesOf, type Workdir } from "../workdir.ts";

const seed = Number(process.env.DAMAGE_TEST_SEED ?? 20261120);

/** A home with all kinds of files, made once and copied for each test. */
let whole: Workdir;
const removals: (() => void)[] = [];
let sold: string[];
beforeAll(async () => {
  whole = createWorkdir((remove) => removals.push(remove));
  whole.write("a.csv", list("812", 6000));
  whole.write("b.csv", list("815", 3000));
  await whole.ok(["ingest", "a.csv", "b.csv"]);
  const take = ["order", "--provider", "tsel", "--count", "1000", "-o"];
  await whole.ok([...take, "o1.csv"]);
  await whole.ok([...take, "o2.csv"]);
  await whole.ok(["blacklist", "add", "081200000001", "--kind", "dnc", "--reason", "asked"]);
  await whole.ok(["erase", "081200000002", "--reason", "asked"]);
  sold = ["o1.csv", "o2.csv"].flatMap((name) => phonesOf(readFileSync(whole.path(name), "utf8")));
});
afterAll(() => {
  for (const remove of removals) remove();
});

function copyOfWhole(): Workdir {
  const dir = createWorkdir();
  cpSync(whole.home, dir.home, { recursive: true });
  return dir;
}

function only(dir: Workdir, folder: string, name: RegExp): string {
  const [path] = filesBelow(join(dir.home, folder)).filter((one) => name.test(one));
  if (path === undefined) throw new Error(`nothing in ${folder} is called like ${name}`);
  return path;
}

function flip(path: string, at: number, bits = 1): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] as number) ^ bits;
  writeFileSync(path, bytes);
}

function cut(path: string, share: number): void {
  truncateSync(path, Math.floor(statSync(path).size * share));
}

/** The doctor exits 5 and names what is wrong, in words and as a document; no file that was there is gone after it. */
async function expectNamed(dir: Workdir, found: RegExp): Promise<void> {
  // Folders of the dead are swept, as ever.
  const before = filesBelow(dir.home).filter((path) => !path.startsWith(join(dir.home, "tmp")));
  const asDocument = await dir.run(["doctor", "--json"]);
  expect(asDocument.code).toBe(5);
  const { ok, violations } = JSON.parse(asDocument.stdout);
  expect(ok).toBe(false);
  expect(violations.map((one: { found: string }) => one.found).join("\n")).toMatch(found);
  const inWords = await dir.run(["doctor"]);
  expect(inWords.code).toBe(5);
  expect(inWords.stderr).toMatch(found);
  expect(inWords.stderr).not.toContain("not expected");
  expect(before.filter((path) => !existsSync(path))).toEqual([]);
}

const take = ["order", "--provider", "tsel", "--count", "500", "-o", "next.csv"];

/** Nothing is sold, and the answer is no crash of the program but words for the operator. */
async function expectRefused(dir: Workdir, args: readonly string[], words: RegExp): Promise<void> {
  const refused = await dir.run(args);
  expect(refused.stderr).toMatch(words);
  expect(refused.stderr).not.toContain("not expected");
  expect(refused.code).toBe(5);
  expect(existsSync(dir.path("next.csv"))).toBe(false);
}

/** What is sold now was neither sold before nor suppressed nor erased. */
async function expectSellsRightly(dir: Workdir): Promise<void> {
  await dir.ok(take);
  const phones = phonesOf(readFileSync(dir.path("next.csv"), "utf8"));
  expect(new Set(phones).size).toBe(500);
  const forbidden = new Set([...sold, "6281200000001", "6281200000002"]);
  expect(phones.filter((phone) => forbidden.has(phone))).toEqual([]);
  await dir.checkPromises();
}

const doctorsWord = /numbers doctor --rebuild/;

describe("the database", () => {
  const database = (dir: Workdir) => join(dir.home, "numbers.duckdb");

  const damages: [string, (path: string) => void, RegExp][] = [
    ["empty", (path) => truncateSync(path, 0), /numbers\.duckdb is damaged/],
    ["cut in its header", (path) => truncateSync(path, 5000), /numbers\.duckdb is damaged/],
    ["cut in the middle", (path) => cut(path, 0.5), /numbers\.duckdb is damaged/],
    ["cut at its end", (path) => cut(path, 0.99), /numbers\.duckdb is damaged/],
    ["a text", (path) => writeFileSync(path, "hello\n".repeat(1000)), /numbers\.duckdb is damaged/],
    ["missing", (path) => rmSync(path), /numbers\.duckdb is missing/],
  ];
  test.each(damages)("%s: named, refused, made anew", async (_, damage, words) => {
    const dir = copyOfWhole();
    damage(database(dir));
    await expectNamed(dir, words);
    await expectRefused(dir, take, doctorsWord);
    await expectRefused(dir, ["stats"], doctorsWord);
    await expectRefused(dir, ["lookup", "081200000003"], doctorsWord);
    await dir.ok(["doctor", "--rebuild"]);
    await expectSellsRightly(dir);
  });

  test(`a bit changed at ten places: found, or in no block that is in use (seed ${seed})`, {
    timeout: 0,
  }, async () => {
    const random = randomFrom(seed);
    const dir = copyOfWhole();
    const bytes = readFileSync(database(dir));
    for (let round = 0; round < 10; round += 1) {
      const at = Math.floor(random() * bytes.length);
      writeFileSync(database(dir), bytes);
      flip(database(dir), at, 1 << Math.floor(random() * 8));
      const doctor = await dir.run(["doctor"]);
      const order = await dir.run(take);
      const said = `byte ${at}: ${doctor.stderr}${order.stderr}`;
      expect(said).not.toContain("not expected");
      // An order need not read the block; what it reads is right.
      expect([0, 5], said).toContain(order.code);
      if (order.code === 0) {
        const phones = phonesOf(readFileSync(dir.path("next.csv"), "utf8"));
        expect(phones.filter((phone) => sold.includes(phone))).toEqual([]);
        // What follows begins from the same home again.
        rmSync(dir.home, { recursive: true });
        cpSync(whole.home, dir.home, { recursive: true });
      }
      if (doctor.code !== 0) {
        expect(doctor.code, said).toBe(5);
        expect(doctor.stderr).toContain("numbers.duckdb is damaged");
      } else expect(order.code, said).toBe(0);
    }
  });
});

describe("the write-ahead log", () => {
  /** A home whose last three changes are in the log and the journal only. */
  function tornHome(): { dir: Workdir; log: string } {
    const dir = copyOfWhole();
    spawnSync(process.execPath, [join(import.meta.dirname, "torn.js"), dir.home]);
    const log = join(dir.home, "numbers.duckdb.wal");
    expect(statSync(log).size).toBeGreaterThan(0);
    return { dir, log };
  }

  async function expectRebuilt(dir: Workdir): Promise<void> {
    await dir.ok(["doctor", "--rebuild"]);
    const { sources } = await dir.json(["source", "list"]);
    expect(sources.map((source: { name: string }) => source.name).sort()).toEqual([
      "first",
      "second",
      "third",
    ]);
    await expectSellsRightly(dir);
  }

  test("whole: nothing is lost", async () => {
    const { dir } = tornHome();
    expect((await dir.json(["source", "list"])).sources).toHaveLength(3);
    await expectSellsRightly(dir);
  });

  test.each([0, 0.1, 0.4, 0.7, 0.99])(
    "cut at %d of its length: nothing is sold, and the journal has it all",
    async (share) => {
      const { dir, log } = tornHome();
      cut(log, share);
      await expectNamed(dir, /has lost changes|\.wal is damaged/);
      await expectRefused(dir, take, doctorsWord);
      await expectRebuilt(dir);
    },
  );

  test.each([0.05, 0.3, 0.6, 0.95])("a bit changed at %d of its length", async (share) => {
    const { dir, log } = tornHome();
    flip(log, Math.floor(statSync(log).size * share), 4);
    await expectNamed(dir, /has lost changes|\.wal is damaged/);
    await expectRefused(dir, take, doctorsWord);
    await expectRebuilt(dir);
  });
});

describe("a pool file", () => {
  const file = (dir: Workdir) => only(dir, "pool", /provider=tsel/);
  const damages: [string, (path: string) => void, RegExp][] = [
    ["missing", (path) => rmSync(path), /provider=tsel.* is missing/],
    ["cut short", (path) => cut(path, 0.9), /provider=tsel.* has \d+ bytes, the catalog says/],
    ["empty", (path) => truncateSync(path, 0), /provider=tsel.* has 0 bytes/],
    [
      "another one",
      (path) => writeFileSync(path, Buffer.alloc(statSync(path).size)),
      /provider=tsel.* cannot be read/,
    ],
  ];
  test.each(damages)("%s: named, and neither sold from nor delivered", async (_, damage, words) => {
    const dir = copyOfWhole();
    damage(file(dir));
    await expectNamed(dir, words);
    await expectRefused(dir, take, /numbers doctor/);
    const [order] = (await dir.json(["order", "list"])).orders;
    await expectRefused(
      dir,
      ["order", "export", order.order_id, "-o", "next.csv"],
      /numbers doctor/,
    );
    // What does not need it is sold.
    await dir.ok(["order", "--provider", "isat", "--count", "100", "-o", "isat.csv"]);
  });

  test("bits changed in its phones: named; what was sold is not delivered as something else", async () => {
    const dir = copyOfWhole();
    for (let at = 300; at < 5000; at += 100) flip(file(dir), at);
    await expectNamed(dir, /provider=tsel.* does not hold what was written/);
    const [order] = (await dir.json(["order", "list"])).orders;
    await expectRefused(
      dir,
      ["order", "export", order.order_id, "-o", "next.csv"],
      /numbers doctor/,
    );
  });

  test("bits changed in its cells: named by its checksum", async () => {
    const dir = copyOfWhole();
    flip(file(dir), Math.floor(statSync(file(dir)).size * 0.8));
    await expectNamed(dir, /provider=tsel.* does not hold what was written/);
  });
});

describe("beside the database", () => {
  const damages: [string, (path: string) => void, RegExp][] = [
    ["missing", (path) => rmSync(path), /its copy .* is missing/],
    ["cut short", (path) => cut(path, 0.7), /its copy .* cannot be read/],
    ["empty", (path) => truncateSync(path, 0), /its copy .* cannot be read/],
    [
      "bits changed in it",
      (path) => {
        for (let at = 100; at < 1000; at += 50) flip(path, at);
      },
      /its copy .* (has other sales|cannot be read)/,
    ],
  ];
  test.each(damages)(
    "an order's copy %s: named, not delivered again, its numbers stay sold",
    async (_, damage, words) => {
      const dir = copyOfWhole();
      const copy = only(dir, "ledger", /\.parquet$/);
      damage(copy);
      await expectNamed(dir, words);
      const orderId = /([^/]+)\.parquet$/.exec(copy)?.[1] as string;
      await expectRefused(
        dir,
        ["order", "export", orderId, "-o", "next.csv"],
        /copy|numbers doctor/,
      );
      await dir.ok(take);
      const phones = phonesOf(readFileSync(dir.path("next.csv"), "utf8"));
      expect(phones.filter((phone) => sold.includes(phone))).toEqual([]);
      await dir.ok(["doctor", "--repair"]);
      await dir.checkPromises();
    },
  );

  test("the key of the erased missing: named, and nothing is sold", async () => {
    const dir = copyOfWhole();
    rmSync(join(dir.home, "erasure.key"));
    await expectNamed(dir, /erasure\.key is missing/);
    await expectRefused(dir, take, /erasure\.key is missing/);
    expect(existsSync(join(dir.home, "erasure.key"))).toBe(false);
  });
});
