import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GeneratePlan, generate, rowsForSize } from "../../../src/engine/duckdb/generator.ts";
import { openSession, type Session } from "../../../src/engine/duckdb/session.ts";

const header =
  "msisdn,name,gender,birth_date,address,city,province,postal_code,email,device,last_seen,plan,attributes,note,synthetic";
/** A written form that needs no mending, around the national number. */
const clean = /^(?:0|62|\+62 ?)?(8\d\d)[ -]?(\d{4})[ -]?(\d{3,5})$/;

const usual: GeneratePlan = {
  rows: 20_000,
  seed: 7,
  prefixes: ["812", "813", "822", "857", "859", "879", "881", "895", "85155"],
  dirty: 0.02,
  duplicates: 0.05,
};

let folder: string;
let one: Session;
let two: Session;

async function open(threads: number): Promise<Session> {
  const resources = {
    temporary: join(folder, "tmp"),
    threads,
    memory: undefined,
    signal: undefined,
  };
  return openSession(":memory:", "write", resources);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "numbers-generator-"));
  one = await open(1);
  two = await open(2);
});

afterAll(() => {
  one.close();
  two.close();
  rmSync(folder, { recursive: true, force: true });
});

async function file(plan: Partial<GeneratePlan>, session = two): Promise<string> {
  const path = join(folder, "out.csv");
  const rows = await generate(session, { ...usual, ...plan }, path);
  expect(rows).toBe(plan.rows ?? usual.rows);
  return path;
}

async function text(plan: Partial<GeneratePlan>, session = two): Promise<string> {
  return readFileSync(await file(plan, session), "utf8");
}

type Line = Record<string, string>;

async function lines(plan: Partial<GeneratePlan>): Promise<Line[]> {
  return parse(await text(plan), { columns: true, record_delimiter: "\n" });
}

/** The digits after the country code and the trunk zero, or nothing for a cell that is not clean. */
function national(cell: string | undefined): string | undefined {
  const found = clean
    .exec(cell ?? "")
    ?.slice(1)
    .join("");
  return found?.endsWith("000000") ? undefined : found;
}

describe("the same bytes", () => {
  test("for the same plan on one thread and on two, over a million rows", async () => {
    const digest = async (session: Session) => {
      const hash = createHash("sha256");
      hash.update(readFileSync(await file({ rows: 1_100_000 }, session)));
      return hash.digest("hex");
    };
    const first = await digest(two);
    expect(await digest(one)).toBe(first);
  });

  test("a shorter file is the beginning of a longer one", async () => {
    const long = await text({ rows: 300 });
    expect(long.startsWith(await text({ rows: 100 }))).toBe(true);
  });

  test("another seed gives other phones and other people", async () => {
    const [first, second] = [await lines({ seed: 1 }), await lines({ seed: 2 })];
    const phones = new Set(first.map((line) => national(line.msisdn)));
    phones.delete(undefined);
    const shared = second.filter((line) => phones.has(national(line.msisdn))).length;
    expect(shared).toBeLessThan(second.length / 20);
    expect(second[0]?.name).not.toBe(first[0]?.name);
  });
});

describe("the shape", () => {
  test("well-formed CSV, every row synthetic, in a realistic width", async () => {
    const content = await text({});
    const records: string[][] = parse(content, { record_delimiter: "\n" });
    expect(records[0]?.join(",")).toBe(header);
    expect(records).toHaveLength(usual.rows + 1);
    expect(records.slice(1).every((record) => record.length === 15 && record[14] === "yes")).toBe(
      true,
    );
    const mean = Buffer.byteLength(content) / usual.rows;
    expect(mean).toBeGreaterThan(500);
    expect(mean).toBeLessThan(800);
    expect(content).not.toContain("\r");
  });

  test("cells hold what makes such files hard: JSON, quotes, commas, line breaks", async () => {
    const all = await lines({});
    for (const line of all) expect(JSON.parse(line.attributes ?? "")).toHaveProperty("segment");
    const notes = all.map((line) => line.note ?? "");
    const broken = notes.filter((note) => note.includes("\n")).length;
    expect(broken / all.length).toBeCloseTo(1 / 12, 1);
    expect(notes.filter((note) => note.includes('"')).length).toBeGreaterThan(all.length * 0.8);
    expect(all.every((line) => line.address?.includes(", RT "))).toBe(true);
    expect(all.some((line) => line.birth_date === "")).toBe(true);
  });

  test("numbers have a length that is usual for their prefix and a subscriber part that starts with 0", async () => {
    const lengths = new Map<string, Set<number>>();
    for (const line of await lines({ dirty: 0 })) {
      const number = national(line.msisdn) ?? "";
      const prefix = number.startsWith("85155") ? "85155" : number.slice(0, 3);
      expect(usual.prefixes).toContain(prefix);
      expect(number[prefix.length]).toBe("0");
      lengths.set(prefix, (lengths.get(prefix) ?? new Set()).add(number.length));
    }
    const found = Object.fromEntries([...lengths].map(([key, set]) => [key, [...set].sort()]));
    expect(found).toEqual({
      812: [10, 11],
      813: [10, 11],
      822: [11],
      857: [10, 11, 12],
      859: [11, 12],
      879: [11],
      881: [10, 11, 12],
      895: [10, 11, 12],
      85155: [11],
    });
  });

  test("entries come out even, repeated ones accordingly", async () => {
    const all = await lines({
      prefixes: ["812", "812", "812", "895"],
      dirty: 0,
    });
    const share =
      all.filter((line) => national(line.msisdn)?.startsWith("812")).length / all.length;
    expect(share).toBeCloseTo(0.75, 1);
  });
});

describe("shares", () => {
  test("clean and distinct when nothing else is asked", async () => {
    const all = await lines({ dirty: 0, duplicates: 0, rows: 200_000 });
    const phones = new Set(all.map((line) => national(line.msisdn)));
    expect(phones.has(undefined)).toBe(false);
    expect(phones.size).toBe(200_000);
  });

  test("distinct up to the last place of a small space, then again from the first", async () => {
    // 85155 has 11 digits, five of them free: 99,999 numbers for ten classes are 9,999 seats each.
    const all = await lines({
      prefixes: ["85155"],
      dirty: 0,
      duplicates: 0,
      rows: 99_991,
    });
    const phones = all.map((line) => national(line.msisdn));
    expect(new Set(phones.slice(0, 99_990)).size).toBe(99_990);
    expect(phones[99_990]).toBe(phones[0]);
  });

  test("repeats are of earlier rows, in other words, and exactly as many as asked", async () => {
    const all = await lines({ dirty: 0, duplicates: 0.05, rows: 100_000 });
    const seen = new Map<string, Line>();
    let repeats = 0;
    let rewritten = 0;
    for (const line of all) {
      const number = national(line.msisdn) ?? "";
      const earlier = seen.get(number);
      if (earlier) {
        repeats++;
        if (earlier.msisdn !== line.msisdn) rewritten++;
        expect(line.note !== earlier.note || line.name !== earlier.name).toBe(true);
      } else seen.set(number, line);
    }
    expect(repeats).toBe(5_000);
    expect(rewritten).toBeGreaterThan(2_500);
  });

  test("dirty cells are as many as asked, of many kinds", async () => {
    const all = await lines({ dirty: 0.02, rows: 100_000 });
    const dirty = all.map((line) => line.msisdn ?? "").filter((cell) => !national(cell));
    // Exact per million rows; within a million, at most 8 off at this share (counted for 100 starting points).
    expect(Math.abs(dirty.length - 2_000)).toBeLessThanOrEqual(8);
    for (const kind of [
      /\.0$/,
      /\/0/,
      /\(WA\)/,
      /^'/,
      /^O/,
      /^\u00a0/,
      /\*{4}/,
      /^\(021\)/,
      /E\+1/,
      /^$/,
      /^-$/,
      /^\+1/,
    ])
      expect(
        dirty.some((cell) => kind.test(cell)),
        String(kind),
      ).toBe(true);
  });

  test("everything dirty", async () => {
    const all = await lines({ dirty: 1 });
    expect(all.filter((line) => national(line.msisdn))).toEqual([]);
  });

  test("everything repeated: the first row has nothing to repeat", async () => {
    const all = await lines({ dirty: 0, duplicates: 1, rows: 1_000 });
    expect(new Set(all.map((line) => national(line.msisdn))).size).toBe(1);
  });
});

describe("extremes", () => {
  test("no rows: the header alone", async () => {
    expect(await text({ rows: 0 })).toBe(`${header}\n`);
  });

  test("one row, one prefix", async () => {
    const [line, ...rest] = await lines({
      rows: 1,
      prefixes: ["8591"],
      dirty: 0,
      duplicates: 1,
    });
    expect(rest).toEqual([]);
    expect(national(line?.msisdn)).toMatch(/^85910/);
  });

  test("a plan that cannot be carried out is refused", async () => {
    const path = join(folder, "refused.csv");
    for (const wrong of [
      { prefixes: [] },
      { prefixes: ["0812"] },
      { prefixes: ["851", "8510"] },
      { rows: -1 },
      { rows: 1.5 },
      { seed: Number.NaN },
      { dirty: 1.1 },
      { duplicates: -0.1 },
    ])
      await expect(generate(two, { ...usual, ...wrong }, path)).rejects.toThrow(RangeError);
  });
});

describe("rows for a size", () => {
  test.each([20_000_000, 500_000])(
    "a file of %d bytes comes out within two hundredths",
    async (bytes) => {
      const rows = await rowsForSize(two, usual, bytes, folder);
      const size = statSync(await file({ rows })).size;
      expect(Math.abs(size / bytes - 1)).toBeLessThan(0.02);
    },
  );

  test("of nothing is nothing", async () => {
    expect(await rowsForSize(two, usual, 0, folder)).toBe(0);
  });
});
