/** The register of sources: what it takes, what it refuses, and what it keeps out of the pool and out of orders. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createWorkdir, filesBelow, list, type Workdir } from "../workdir.ts";

/** Everything in the home, by name and content. */
function snapshot(home: string): string {
  const hash = createHash("sha256");
  for (const path of filesBelow(home).sort()) hash.update(path).update(readFileSync(path));
  return hash.digest("hex");
}

function configure(dir: Workdir, text: string): void {
  mkdirSync(dir.home, { recursive: true, mode: 0o700 });
  writeFileSync(`${dir.home}/config.toml`, text);
}

const add = ["source", "add", "PT Maju"];
const dryRun = ["order", "--provider", "tsel", "--dry-run"];
const lastMoment = { now: "2026-11-20T23:59:59.999+07:00" };
const midnight = { now: "2026-11-21T00:00:00+07:00" };

describe("the register", () => {
  test("add, show, list and set, with what came in from each", async () => {
    const dir = createWorkdir();
    expect(await dir.json(["source", "list"])).toEqual({ sources: [] });
    const terms = ["--basis", "consent of 2026", "--contact", "Budi", "--expires", "2026-12-31"];
    const added = {
      name: "PT Maju",
      basis: "consent of 2026",
      contact: "Budi",
      expires: "2026-12-31",
      status: "active",
      imports: 0,
      numbers: 0,
      added_at: "2026-11-20T02:00:00.000Z",
    };
    expect(await dir.json([...add, ...terms])).toEqual(added);
    await dir.checkPromises();
    dir.write("a.csv", list("812", 5));
    dir.write("b.csv", list("812", 3, { from: 100 }));
    await dir.ok(["ingest", "a.csv", "--source", "pt maju"]);
    await dir.ok(["ingest", "b.csv", "--source", "PT MAJU"]);
    const supplied = { ...added, imports: 2, numbers: 8 };
    expect(await dir.json(["source", "show", "Pt Maju"])).toEqual(supplied);
    expect(await dir.json(["source", "set", "pt maju", "--basis", "contract 7"])).toEqual({
      ...supplied,
      basis: "contract 7",
    });
    await dir.ok(["source", "add", "Acme"]);
    expect(await dir.json(["source", "list"])).toEqual({
      sources: [
        { ...added, name: "Acme", basis: null, contact: null, expires: null },
        { ...supplied, basis: "contract 7" },
      ],
    });
    const { stdout } = await dir.ok(["source", "list"]);
    expect(stdout).toMatch(/PT Maju +active +2026-12-31 +2 +8 +contract 7 +Budi/);
    expect((await dir.ok(["source", "show", "acme"])).stdout).toMatch(/active, without an end/);
    await dir.checkPromises();
  });

  test("an end can be moved, and taken away by its name only", async () => {
    const dir = createWorkdir();
    await dir.ok([...add, "--expires", "2026-11-19"]);
    const set = (day: string) => dir.json(["source", "set", "PT Maju", "--expires", day]);
    expect(await dir.json(["source", "show", "PT Maju"])).toMatchObject({ status: "expired" });
    expect(await set("2026-11-20")).toMatchObject({ status: "active" });
    expect(await dir.run(["source", "set", "PT Maju", "--expires", ""])).toMatchObject({ code: 2 });
    expect(await set("none")).toMatchObject({ status: "active", expires: null });
    await dir.checkPromises();
  });

  test("is audited without the contact, which may be somebody's phone", async () => {
    const dir = createWorkdir();
    await dir.ok([...add, "--contact", "081200000001", "--expires", "2026-12-31"]);
    await dir.ok(["source", "set", "pt maju", "--expires", "none"]);
    const audit = await dir.query("select action, subject, details from audit order by sequence");
    expect(audit).toEqual([
      {
        action: "source.add",
        subject: "PT Maju",
        details: '{"named":["basis","contact"],"expires":"2026-12-31"}',
      },
      { action: "source.set", subject: "PT Maju", details: '{"named":[],"expires":null}' },
    ]);
  });

  test("two at once: one is added, the other is told", async () => {
    const dir = createWorkdir();
    await dir.ok(["stats"]);
    const both = await Promise.all([dir.run(add), dir.run(["source", "add", "pt maju"])]);
    expect(both.map(({ code }) => code).sort()).toEqual([0, 2]);
    expect(await dir.query("select count(*)::integer as n from sources")).toEqual([{ n: 1 }]);
    await dir.checkPromises();
  });

  test("what is wrong is refused, and nothing changes", async () => {
    const dir = createWorkdir();
    await dir.ok(add);
    await dir.ok(["source", "add", "Acme"]);
    const before = snapshot(dir.home);
    const refusals: [string[], RegExp][] = [
      [add, /"PT Maju" is registered already/],
      [["source", "add", "pt MAJU"], /"PT Maju" is registered already/],
      [["source", "show", "PT Mju"], /no source "PT Mju".*Did you mean "PT Maju"\?/],
      [["source", "set", "Acne", "--basis", "x"], /no source "Acne".*Did you mean "Acme"\?/],
      [["source", "show", "Quite another"], /Known are Acme, PT Maju\./],
      [["source", "set", "Acme"], /nothing to change.*--basis/],
      [["source", "add", "B", "--expires", "31.12.2026"], /"31\.12\.2026".*YYYY-MM-DD/],
      [["source", "add", "B", "--expires", "2026-02-30"], /"2026-02-30".*YYYY-MM-DD/],
      [["source", "add", "B", "--expires", "2026-13-01"], /"2026-13-01".*YYYY-MM-DD/],
      [["source", "set", "Acme", "--expires", "tomorrow"], /"tomorrow".*YYYY-MM-DD/],
      [["source", "add", ""], /1 to 100 characters/],
      [["source", "add", " B"], /" B".*1 to 100 characters/],
      [["source", "add", "x".repeat(101)], /1 to 100 characters/],
      [["source", "add", "a\nb"], /1 to 100 characters/],
      [["source", "add", "B", "--basis", " "], /--basis.*1 to 1,000/],
      [["source", "add"], /name/],
      [["source", "ad"], /ad/],
    ];
    for (const [args, message] of refusals) {
      const outcome = await dir.run(args);
      expect(outcome.stderr).toMatch(message);
      expect(outcome).toMatchObject({ code: 2, stdout: "" });
    }
    expect(snapshot(dir.home)).toBe(before);
    // A hundred characters are a hundred, whatever they take in memory.
    await dir.ok(["source", "add", "😀".repeat(100)]);
  });
});

describe("ingest", () => {
  test("takes any source while none is required, and spells a registered one as it is registered", async () => {
    const dir = createWorkdir();
    await dir.ok(add);
    for (const [n, source] of ["PT MAJU", "anybody", "Anybody"].entries()) {
      dir.write(`${n}.csv`, list("812", 1, { from: 10 * n + 1 }));
      await dir.ok(["ingest", `${n}.csv`, "--source", source]);
    }
    expect(await dir.query("select source from imports order by sequence")).toEqual([
      { source: "PT Maju" },
      { source: "anybody" },
      { source: "Anybody" },
    ]);
    await dir.checkPromises();
  });

  test("with require_source takes registered ones only, before anything is read", async () => {
    const dir = createWorkdir();
    configure(dir, "require_source = true\n");
    await dir.ok(add);
    await dir.ok(["source", "add", "Ended", "--expires", "2026-11-20"]);
    dir.write("a.csv", list("812", 5));
    const before = snapshot(dir.home);
    const refusals: [string[], RegExp, string?][] = [
      [[], /none is named.*--source|--source: none is named/],
      [["--source", "PT Maj"], /"PT Maj" is not registered.*Did you mean "PT Maju"\?/],
      [["--source", "Other"], /"Other" is not registered.*Known are Ended, PT Maju\./],
      [["--dry-run", "--source", "Other"], /"Other" is not registered/],
      [["--source", "ended"], /"Ended" ended with 2026-11-20/, midnight.now],
    ];
    for (const [args, message, now] of refusals) {
      // A file that is not there would be told of, were it looked for.
      for (const file of ["a.csv", "nowhere.csv"]) {
        const outcome = await dir.run(["ingest", file, ...args], now ? { now } : {});
        expect(outcome.stderr).toMatch(message);
        expect(outcome.stderr).not.toContain("nowhere");
        expect(outcome).toMatchObject({ code: 8, stdout: "" });
      }
    }
    const moved = await dir.run(["ingest", "a.csv", "--move-to", "done"]);
    expect(moved.code).toBe(8);
    expect(filesBelow(dir.folder).filter((path) => path.includes("done"))).toEqual([]);
    expect(snapshot(dir.home)).toBe(before);
    await dir.ok(["ingest", "a.csv", "--source", "ENDED"], lastMoment);
    expect(await dir.query("select source from imports")).toEqual([{ source: "Ended" }]);
    await dir.checkPromises();
  });

  test("require_source is a truth value, in the file as in the environment, which wins", async () => {
    const dir = createWorkdir();
    for (const text of ['"true"', '"yes"', "1", "[true]", "2026-11-20"]) {
      configure(dir, `require_source = ${text}\n`);
      const outcome = await dir.run(["stats"]);
      expect(outcome.stderr).toMatch(/config\.toml line 1: require_source: .*true or false/);
      expect(outcome.code).toBe(2);
    }
    configure(dir, "within = true\n");
    expect((await dir.run(["stats"])).stderr).toMatch(/within must be a text or a number/);
    configure(dir, "require_source = false\n");
    dir.write("a.csv", list("812", 5));
    const ingest = (value: string) =>
      dir.run(["ingest", "a.csv"], { env: { NUMBERS_REQUIRE_SOURCE: value } });
    expect((await ingest("1")).stderr).toMatch(/NUMBERS_REQUIRE_SOURCE: "1".*true or false/);
    expect(await ingest("true")).toMatchObject({ code: 8 });
    configure(dir, "require_source = true\n");
    expect(await ingest("")).toMatchObject({ code: 8 });
    expect(await ingest("false")).toMatchObject({ code: 0 });
    await dir.checkPromises();
  });
});

describe("orders leave out what has expired", () => {
  /** Five numbers of a source whose last day is 2026-11-20, three that overlap and two of nobody. */
  async function pool(): Promise<Workdir> {
    const dir = createWorkdir();
    await dir.ok([...add, "--expires", "2026-11-20"]);
    dir.write("a.csv", list("812", 5));
    dir.write("b.csv", list("812", 5, { from: 4 }));
    await dir.ok(["ingest", "a.csv", "--source", "PT Maju"]);
    await dir.ok(["ingest", "b.csv"]);
    return dir;
  }

  test("through the last day, and not from its midnight in Jakarta on", async () => {
    const dir = await pool();
    expect(await dir.json(dryRun, lastMoment)).toMatchObject({
      available: 8,
      excluded: { sold: 0, suppressed: 0, duplicate: 2 },
    });
    expect(await dir.json(dryRun, midnight)).toMatchObject({
      available: 5,
      excluded: { sold: 0, suppressed: 0, duplicate: 0, expired: 5 },
    });
    expect((await dir.ok(dryRun, midnight)).stderr).toMatch(/5 of expired sources/);
    // The same instant is another day elsewhere.
    const inUtc = [...dryRun, "--time-zone", "UTC"];
    expect(await dir.json(inUtc, midnight)).toMatchObject({ available: 8 });
    const available = async (at: { now: string }) =>
      (await dir.json(["stats", "--available"], at)).providers[0].available;
    expect(await available(lastMoment)).toBe(8);
    expect(await available(midnight)).toBe(5);

    const order = ["order", "--provider", "tsel", "-o", "o.csv"];
    const short = await dir.run([...order, "--count", "6"], midnight);
    expect(short).toMatchObject({ code: 4 });
    expect(short.stderr).toMatch(/there are 5 .*5 of expired sources/);
    expect(await dir.json([...order, "--count", "5"], midnight)).toMatchObject({
      numbers: 5,
      excluded: { expired: 5 },
    });
    expect(readFileSync(dir.path("o.csv"), "utf8")).not.toContain("6281200000001");
    await dir.checkPromises();
  });

  test("whenever it was registered, however it was spelled, and until it is renewed", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 5));
    await dir.ok(["ingest", "a.csv", "--source", "pt maju"]);
    expect(await dir.json(dryRun)).toMatchObject({ available: 5 });
    await dir.ok([...add, "--expires", "2026-11-19"]);
    expect(await dir.json(dryRun)).toMatchObject({ available: 0, excluded: { expired: 5 } });
    await dir.ok(["source", "set", "PT Maju", "--expires", "none"]);
    expect(await dir.json(dryRun)).toMatchObject({ available: 5, excluded: { duplicate: 0 } });
    await dir.checkPromises();
  });

  test("what was reserved before is delivered", async () => {
    const dir = await pool();
    const order = ["order", "--provider", "tsel", "--count", "8", "-o", "o.csv"];
    const { order_id } = await dir.json(order, lastMoment);
    await dir.ok(["order", "export", order_id, "-o", "again.csv"], midnight);
    expect(readFileSync(dir.path("again.csv"))).toEqual(readFileSync(dir.path("o.csv")));
    await dir.checkPromises();
  });

  test("synthetic and real are counted apart", async () => {
    const dir = await pool();
    dir.write("s.csv", `phone,synthetic\n081200000099,yes\n`);
    await dir.ok(["ingest", "s.csv", "--source", "PT Maju"]);
    expect(await dir.json(dryRun, midnight)).toMatchObject({ excluded: { expired: 5 } });
    expect(await dir.json([...dryRun, "--synthetic"], midnight)).toMatchObject({
      available: 0,
      excluded: { expired: 1 },
    });
  });
});
