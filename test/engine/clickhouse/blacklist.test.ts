/** The lists on ClickHouse: what the DuckDB engine answers to the same lists, and the same files. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type {
  BlacklistKind,
  BlacklistQuery,
  BlacklistVerbs,
  Hashing,
  Listing,
  ReadList,
} from "../../../src/engine/blacklist.ts";
import { blacklistVerbs } from "../../../src/engine/clickhouse/blacklist.ts";
import type { StagedFile } from "../../../src/engine/engine.ts";
import { cutAccess } from "./cut.ts";
import { importOf, minutesLater, now } from "./shop.ts";
import { openTwins, type Twins } from "./twins.ts";

const dnc: Listing = { kind: "dnc", customer: undefined };
const acme: Listing = { kind: "customer", customer: "Acmé" };
const query: BlacklistQuery = {
  kind: undefined,
  customer: undefined,
  at: minutesLater(600),
  cooldownMs: 30 * 86_400_000,
};

let twins: Twins;

beforeEach(async () => {
  twins = await openTwins();
});

afterEach(() => twins.close());

function listOf(
  importId: string,
  files: readonly StagedFile[],
  dryRun = false,
  at = now,
): ReadList {
  const lines = files.reduce((sum, { numbers }) => sum + numbers, 0);
  return { importId, at, files, lines, accepted: lines, rejected: 0, dryRun };
}

/** A read list with phones `first` to `last`, some of them twice. */
function phones(name: string, first: number, last: number): Promise<StagedFile> {
  const select = `select ${first} + range % (${last} + 1 - ${first}) as phone, {'phone': 'x'} as raw_data from range(${(last - first + 1) * 2})`;
  return twins.parquet(`${name}.parquet`, select, last - first + 1);
}

/** A read list with the digests of phones. */
function digests(name: string, texts: readonly string[], algorithm: "md5" | "sha256") {
  const hexes = texts.map((text) => `'${createHash(algorithm).update(text).digest("hex")}'`);
  const select = `select md5_number_lower(hex) as high, md5_number_upper(hex) as low, null as cell from (select unnest([${hexes.join(", ")}]) as hex)`;
  return twins.parquet(`${name}.parquet`, select, texts.length, "digest");
}

/** A read history: phones and the cells of their dates. */
function history(name: string, rows: string, numbers: number): Promise<StagedFile> {
  const lane = join("lane=real-tsel");
  mkdirSync(join(twins.home.temporary, lane), { recursive: true });
  const select = `select phone, {'phone': '0' || phone, 'sold': sold} as raw_data from (${rows})`;
  return twins.parquet(join(lane, `${name}.parquet`), select, numbers);
}

const dating = {
  column: "sold",
  fallback: undefined,
  timeZone: "Asia/Jakarta",
  now: minutesLater(60),
};

/** What both have on their lists. */
async function expectLists(kinds: readonly (BlacklistKind | undefined)[] = [undefined]) {
  await twins.both((engine) => engine.countBlacklist(query));
  for (const kind of kinds) {
    await twins.both(async (engine) => {
      const entries = await engine.readBlacklist({ ...query, kind }, 10_000);
      // One phone may have come on two lists at one moment.
      const keys = entries.map((entry) => JSON.stringify(entry));
      return kind === undefined ? keys.sort() : keys;
    });
  }
}

/** The same, kind by kind, and in their files. */
async function expectAlike(): Promise<void> {
  await expectLists(["dnc", "customer", "sold"]);
  for (const kind of ["dnc", "customer", "sold"] as const) await exported(kind);
}

async function exported(
  kind: BlacklistKind,
  customer?: string,
  compression: "none" | "gzip" | "zstd" = "none",
): Promise<{ text: string; rows: number }> {
  return twins.both(async (engine, name) => {
    const path = join(twins.folder, `${name}.csv`);
    const rows = await engine.exportBlacklist({ ...query, kind, customer }, path, compression);
    return { text: readFileSync(path, "latin1"), rows };
  });
}

describe("phones", () => {
  test("come on a list once, whatever stood there before", async () => {
    const first = await phones("first", 6281200000001, 6281200000100);
    const second = await phones("second", 6281200000051, 6281200000150);
    const none = { added: 100, known: 0 };
    const put = (list: ReadList, listing: Listing, reason?: string) =>
      twins.both((engine) => engine.importSuppressed(list, listing, reason));
    expect(await put(listOf("a", [first], true), dnc)).toEqual(none);
    expect(await twins.both((engine) => engine.countBlacklist(query))).toEqual([]);
    expect(await put(listOf("a", [first]), dnc, 'asked, "to"')).toEqual(none);
    const later = minutesLater(1);
    expect(await put(listOf("b", [second], true, later), dnc)).toEqual({ added: 50, known: 50 });
    expect(await put(listOf("b", [first, second], false, later), dnc)).toEqual({
      added: 50,
      known: 100,
    });
    expect(await put(listOf("c", [second], false, minutesLater(2)), acme)).toEqual(none);
    const other = { ...acme, customer: "ACMÉ" };
    expect(await put(listOf("d", [second], false, minutesLater(3)), other)).toMatchObject({
      added: 0,
    });
    expect(await put(listOf("e", [], false, minutesLater(4)), dnc)).toEqual({ added: 0, known: 0 });
    await expectAlike();
    expect((await exported("customer", "acmé")).rows).toBe(100);
    expect((await exported("dnc")).text).toContain('"asked, ""to""",2026-11-20T02:00:00.123Z,');
    for (const compression of ["gzip", "zstd"] as const)
      await exported("dnc", undefined, compression);
    await twins.both((engine) => engine.readAudit(10, "blacklist.import"));
    await twins.both((engine) => engine.verifyAudit());
  });

  test("are put on and taken off, and put on again", async () => {
    const some = ["6281200000003", "6281200000001", "6281200000003", "6281200000002"];
    const add = (numbers: readonly string[], listing: Listing, at: Date) =>
      twins.both((engine) => engine.addSuppressed(numbers, listing, "asked", at));
    const remove = (numbers: readonly string[], listing: Listing, at: Date) =>
      twins.both((engine) => engine.removeSuppressed(numbers, listing, at));
    expect(await add(some, dnc, now)).toEqual({ added: 3, known: 0 });
    expect(await add([...some, "6281200000009"], dnc, minutesLater(1))).toEqual({
      added: 1,
      known: 3,
    });
    await add(some, acme, now);
    expect(await remove(["6281200000001", "6281200000077"], dnc, now)).toEqual({
      removed: 1,
      unknown: ["6281200000077"],
    });
    expect(await remove(["6281200000077"], dnc, now)).toMatchObject({ removed: 0 });
    expect(await remove(["6281200000002"], { ...acme, customer: "acmÉ" }, now)).toMatchObject({
      removed: 1,
    });
    await expectAlike();
    for (const round of [2, 3]) {
      expect(await add(["6281200000001"], dnc, minutesLater(round))).toMatchObject({ added: 1 });
      await expectLists();
      expect(await remove(["6281200000001"], dnc, minutesLater(round))).toMatchObject({
        removed: 1,
      });
      await expectLists();
    }
    await twins.both((engine) => engine.readAudit(20, undefined));
  });
});

describe("digests", () => {
  const written = {
    digits: (phone: string) => phone,
    e164: (phone: string) => `+${phone}`,
    national: (phone: string) => `0${phone.slice(2)}`,
  };
  const some = ["6281200000001", "6281200000002", "6281200000003"];
  const forms = ["digits", "e164", "national"] as const;
  const hashings = (["md5", "sha256"] as const).flatMap((algorithm) =>
    forms.map((form): Hashing => ({ algorithm, form })),
  );

  for (const { algorithm, form } of hashings) {
    test(`${algorithm} of ${form} is the number that DuckDB makes of it`, async () => {
      const list = await digests("list", some.map(written[form]), algorithm);
      const put = () =>
        twins.both((engine) =>
          engine.importDigests(listOf("a", [list]), dnc, { algorithm, form }, undefined),
        );
      expect(await put()).toEqual({ added: 3, known: 0 });
      expect(await put()).toEqual({ added: 0, known: 3 });
      // It is taken off by its phone, so it is the digest of it.
      expect(
        await twins.both((engine) =>
          engine.removeSuppressed(["6281200000001", "6281200000007"], dnc, now),
        ),
      ).toEqual({ removed: 1, unknown: ["6281200000007"] });
      await expectLists();
      expect(await put()).toEqual({ added: 1, known: 2 });
      await expectLists();
    });
  }

  test("told to be of another form are corrected", async () => {
    const list = await digests("list", some, "md5");
    const put = (form: Hashing["form"], dryRun = false) =>
      twins.both((engine) =>
        engine.importDigests(
          listOf("a", [list], dryRun),
          acme,
          { algorithm: "md5", form },
          undefined,
        ),
      );
    await put("e164");
    expect(await put("digits", true)).toEqual({ added: 3, known: 0 });
    expect(await put("digits")).toEqual({ added: 3, known: 0 });
    expect(await twins.both((engine) => engine.countBlacklist(query))).toMatchObject([
      { digests: 3 },
    ]);
    expect(await put("e164")).toEqual({ added: 3, known: 0 });
    await expectLists();
  });

  test("mean numbers of the pool", async () => {
    const { duckdb, mirror, both } = twins;
    const pool = async (id: string, first: number, importedAt: Date) => {
      const select = `select ${first} + range as phone, {'phone': 'x'} as raw_data from range(100)`;
      await duckdb.publishImport(importOf(id, { importedAt, columns: ["phone"] }), [
        await twins.parquet(`${id}.parquet`, select, 100),
      ]);
    };
    await pool("old", 6281200000001, minutesLater(-600));
    await pool("new", 6281200000002, minutesLater(-60));
    await pool("other", 6281200000901, minutesLater(-30));
    await mirror();
    const list = await digests("list", [...some, "6281200000999"].map(written.e164), "sha256");
    const match = (form: Hashing["form"], since: Date, files: readonly StagedFile[] = [list]) =>
      both((engine) => engine.matchDigests(files, { algorithm: "sha256", form }, since));
    expect(await match("e164", minutesLater(-6000))).toEqual({
      matched: 4,
      looked: 300,
      other: undefined,
    });
    expect(await match("e164", minutesLater(-60))).toMatchObject({ matched: 3, looked: 200 });
    expect(await match("digits", minutesLater(-60))).toMatchObject({
      matched: 0,
      other: { form: "e164", matched: 3 },
    });
    expect(await match("digits", minutesLater(1))).toMatchObject({ matched: 0, looked: 0 });
    expect(await match("digits", minutesLater(-60), [])).toMatchObject({ matched: 0, looked: 200 });
  });
});

describe("a history", () => {
  const sales =
    "select 6281200000001 + range % 40 as phone, ['2026-11-19', '01/10/2026 08:00', '', 'x', '2026-11-18T23:30:00.250Z', '2027-01-01'][range % 6 + 1] as sold from range(240)";

  test("becomes sales, each once", async () => {
    const list = await history("list", sales, 240);
    expect(await twins.both((engine) => engine.countUndated([list], dating))).toMatchObject({
      lines: expect.any(Number),
      example: "",
    });
    const put = (importId: string, files: readonly StagedFile[], dryRun: boolean, more = {}) =>
      twins.both((engine) =>
        engine.importHistory(listOf(importId, files, dryRun), { ...dating, ...more }),
      );
    const dry = await put("h", [list], true);
    expect(dry.added).toBeGreaterThan(40);
    expect(await put("h", [list], false)).toEqual(dry);
    expect(await put("h", [list], false)).toEqual({ added: 0, known: dry.added });
    const fallback = new Date("2026-11-01T00:00:00Z");
    const more = await put("later", [list], false, { fallback });
    expect(more.added).toBeGreaterThan(0);
    expect(more.known).toBe(dry.added);
    expect(await put("none", [], false)).toEqual({ added: 0, known: 0 });
    await expectAlike();
    expect((await exported("sold")).rows).toBeGreaterThan(more.added);
    await twins.both((engine) => engine.readAudit(10, undefined));
  });

  test("of many days is whole, although a block has so many", async () => {
    const days =
      "select 6281200000001 + range as phone, (date '2024-01-01' + (range % 700)::int)::varchar as sold from range(2100)";
    const list = await history("days", days, 2100);
    const put = () => twins.both((engine) => engine.importHistory(listOf("h", [list]), dating));
    expect(await put()).toEqual({ added: 2100, known: 0 });
    expect(await put()).toEqual({ added: 0, known: 2100 });
  });
});

test("nobody who was erased comes on a list or into a history", async () => {
  const { duckdb, both, mirror } = twins;
  await duckdb.erase({ phones: [6281200000007n, 6281200000008n], reason: "asked", at: now });
  await mirror();
  const list = await phones("first", 6281200000001, 6281200000010);
  expect(
    await both((engine) => engine.importSuppressed(listOf("a", [list]), dnc, undefined)),
  ).toEqual({ added: 8, known: 2 });
  expect(
    await both((engine) => engine.addSuppressed(["6281200000007"], dnc, "asked", now)),
  ).toEqual({ added: 0, known: 1 });
  const sold = await history(
    "list",
    "select 6281200000001 + range as phone, '2026-11-19' as sold from range(10)",
    10,
  );
  for (const dryRun of [true, false]) {
    expect(
      await both((engine) => engine.importHistory(listOf("h", [sold], dryRun), dating)),
    ).toEqual({ added: 8, known: 2 });
  }
  await expectAlike();
});

test("what is cut off anywhere is made whole, and no list is left behind", async () => {
  const cut = blacklistVerbs(cutAccess(twins.options));
  const both = <T>(call: (verbs: BlacklistVerbs) => Promise<T>) =>
    twins.both((engine, name) => call(name === "duckdb" ? engine : cut));
  const list = await phones("list", 6281200000001, 6281200000100);
  const digested = await digests("digests", ["6281200000101", "6281200000102"], "md5");
  const sold = await history(
    "sold",
    "select 6281200000001 + range as phone, (date '2026-01-01' + (range % 300)::int)::varchar as sold from range(900)",
    900,
  );
  const taken = ["6281200000004", "6281200000101"];
  for (const [index, form] of (["digits", "e164"] as const).entries()) {
    const at = minutesLater(index * 10);
    await both((verbs) => verbs.importSuppressed(listOf("a", [list], false, at), dnc, "asked"));
    const hashing = { algorithm: "md5", form } as const;
    const hashed = listOf("b", [digested], false, at);
    await both((verbs) => verbs.importDigests(hashed, dnc, hashing, undefined));
    await both((verbs) => verbs.importHistory(listOf("c", [sold], false, at), dating));
    await both((verbs) => verbs.removeSuppressed(taken, dnc, minutesLater(index * 10 + 1)));
    const one = ["6281200000004", "6281200000201"];
    await both((verbs) => verbs.addSuppressed(one, dnc, "again", minutesLater(index * 10 + 2)));
    await expectAlike();
  }
  await twins.both((engine) => engine.readAudit(50, undefined));
  expect(await twins.ask("select distinct list_id from listed")).toEqual([]);
});
