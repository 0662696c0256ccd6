/** What `stats` says to programs. What it says to people is in the tests of what it counts. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkdir, morning, type Workdir } from "../workdir.ts";

const list = (prefix: string, numbers: number) =>
  `phone,name\n${Array.from({ length: numbers }, (_, n) => `0${prefix}${10_000_001 + n},Budi\n`).join("")}`;

/** Five of tsel, two of them sold and one suppressed; three of xl; four synthetic ones. */
let dir: Workdir;

beforeAll(async () => {
  dir = createWorkdir(afterAll);
  dir.write("a.csv", list("812", 5));
  dir.write("b.csv", list("817", 3));
  await dir.ok(["ingest", "a.csv", "b.csv"], { now: "2026-11-20T08:00:00+07:00" });
  await dir.ok([
    "generate",
    "--rows",
    "4",
    "--provider",
    "tsel",
    "--dirty",
    "0",
    "--duplicates",
    "0",
    "-o",
    "s.csv",
  ]);
  await dir.ok(["ingest", "s.csv"], { now: "2026-11-20T08:30:00+07:00" });
  await dir.ok(["order", "--provider", "tsel", "--count", "2", "-o", "o.csv"]);
  await dir.ok(["blacklist", "add", "081210000001", "--kind", "dnc", "--reason", "asked"]);
  await dir.checkPromises();
});

test("csv is a line for each provider", async () => {
  const { stdout, stderr } = await dir.ok(["stats", "--format", "csv"]);
  expect(stdout).toBe(
    "provider,synthetic,pool,sold,suppressed,left,sold_per_day,days_left\n" +
      "tsel,false,5,2,1,3,2,1.5\n" +
      "xl,false,3,0,0,3,0,\n" +
      "tsel,true,4,0,0,4,0,\n",
  );
  expect(stderr).toBe("");
  const exact = await dir.ok(["stats", "--format", "CSV", "--available"]);
  expect(exact.stdout.split("\n").slice(0, 2)).toEqual([
    "provider,synthetic,pool,sold,suppressed,left,sold_per_day,days_left,available",
    "tsel,false,5,2,1,3,2,1.5,2",
  ]);
});

test("prometheus is what a textfile collector reads", async () => {
  const { stdout, stderr } = await dir.ok(["stats", "--format", "prometheus", "--available"]);
  expect(stderr).toBe("");
  const { pool } = await dir.json(["stats"]);
  const bytes = (provider: string, synthetic: boolean) =>
    pool
      .filter(
        (one: { provider: string; synthetic: boolean }) =>
          one.provider === provider && one.synthetic === synthetic,
      )
      .reduce((sum: number, one: { bytes: number }) => sum + one.bytes, 0);
  const samples = stdout.split("\n").filter((line) => line && !line.startsWith("#"));
  expect(samples).toEqual([
    'numbers_pool{provider="tsel",synthetic="false"} 5',
    'numbers_pool{provider="xl",synthetic="false"} 3',
    'numbers_pool{provider="tsel",synthetic="true"} 4',
    `numbers_pool_bytes{provider="tsel",synthetic="false"} ${bytes("tsel", false)}`,
    `numbers_pool_bytes{provider="xl",synthetic="false"} ${bytes("xl", false)}`,
    `numbers_pool_bytes{provider="tsel",synthetic="true"} ${bytes("tsel", true)}`,
    'numbers_sold{provider="tsel",synthetic="false"} 2',
    'numbers_sold{provider="xl",synthetic="false"} 0',
    'numbers_sold{provider="tsel",synthetic="true"} 0',
    'numbers_suppressed{provider="tsel",synthetic="false"} 1',
    'numbers_suppressed{provider="xl",synthetic="false"} 0',
    'numbers_suppressed{provider="tsel",synthetic="true"} 0',
    'numbers_left{provider="tsel",synthetic="false"} 3',
    'numbers_left{provider="xl",synthetic="false"} 3',
    'numbers_left{provider="tsel",synthetic="true"} 4',
    'numbers_sold_per_day{provider="tsel",synthetic="false"} 2',
    'numbers_sold_per_day{provider="xl",synthetic="false"} 0',
    'numbers_sold_per_day{provider="tsel",synthetic="true"} 0',
    'numbers_available{provider="tsel",synthetic="false"} 2',
    'numbers_available{provider="xl",synthetic="false"} 3',
    'numbers_available{provider="tsel",synthetic="true"} 4',
    'numbers_orders{state="reserved"} 0',
    'numbers_orders{state="delivered"} 1',
    'numbers_orders{state="cancelled"} 0',
    `numbers_last_ingest_timestamp_seconds ${Date.parse("2026-11-20T08:30:00+07:00") / 1000}`,
    `numbers_last_sale_timestamp_seconds ${Date.parse(morning) / 1000}`,
  ]);
  // Each metric once, with its help and its type before it.
  const names = new Set(samples.map((sample) => sample.replace(/[{ ].*/, "")));
  const headed = [...stdout.matchAll(/^# HELP (\w+) .+\n# TYPE (\w+) gauge\n(\w+)/gm)];
  expect(headed.map(([, help]) => help)).toEqual([...names]);
  expect(headed.every(([, help, type, first]) => help === type && type === first)).toBe(true);
  expect(stdout.endsWith("\n")).toBe(true);
});

test("an empty home has a header, and metrics of what there is", async () => {
  const empty = createWorkdir();
  expect((await empty.ok(["stats", "--format", "csv"])).stdout).toBe(
    "provider,synthetic,pool,sold,suppressed,left,sold_per_day,days_left\n",
  );
  const { stdout } = await empty.ok(["stats", "--format", "prometheus"]);
  expect(stdout).toMatch(/^numbers_orders\{state="delivered"\} 0$/m);
  expect(stdout).not.toContain("numbers_last_ingest");
});

test("people see bars, for how long it lasts, and who runs short", async () => {
  const { stdout, stderr } = await dir.ok(["stats"]);
  expect(stdout).toMatch(/^2026-11-20 {2}tsel +5 +3 +1 +\S+ B {2}█+░+$/m);
  expect(stdout).toMatch(/^tsel +5 +2 +1 +3 +2 {2}1\.5 days {2}runs short$/m);
  expect(stdout).toMatch(/^xl +3 +0 +0 +3 +- +-$/m);
  expect(stderr).toBe(
    "tsel runs short: 3 left in 3d, 2 sold a day\n" +
      "left is at most that: duplicates are in it; --available counts exactly\n",
  );
  const { providers } = await dir.json(["stats"]);
  expect(providers[0]).toMatchObject({
    provider: "tsel",
    sold_per_day: 2,
    days_left: 1.5,
    runs_short: true,
  });
  expect(providers[1]).toMatchObject({ sold_per_day: 0, days_left: null, runs_short: false });
});

test("the rate of sale is that of the last seven days", async () => {
  const home = createWorkdir();
  home.write("a.csv", list("812", 90));
  const at = (day: number) => ({ now: `2026-11-${day}T08:00:00+07:00` });
  const take = (count: string, day: number) =>
    home.json(
      ["order", "--provider", "tsel", "--count", count, "--within", "30d", "-o", `${count}.csv`],
      at(day),
    );
  await home.ok(["ingest", "a.csv"], at(10));
  await take("10", 11);
  await take("14", 15);
  const { order_id } = await take("21", 16);
  await home.ok(["order", "cancel", order_id, "--disclosed"], at(16));
  await take("7", 19);
  const soldPerDay = async (day: number) =>
    (await home.json(["stats", "--within", "30d"], at(day))).providers[0].sold_per_day;
  expect(await soldPerDay(20)).toBe((14 + 21 + 7) / 7);
  expect(await soldPerDay(24)).toBe(1);
  expect(await soldPerDay(27)).toBe(0);
});

test("synthetic orders of last week do not make the rate of real ones smaller", async () => {
  const home = createWorkdir();
  const before = { now: "2026-11-13T09:00:00+07:00" };
  const order = ["order", "--provider", "tsel", "--count"];
  await home.ok(["generate", "--rows", "50", "--provider", "tsel", "--dirty", "0", "-o", "s.csv"]);
  await home.ok(["ingest", "s.csv"], before);
  await home.ok([...order, "7", "--synthetic", "-o", "s1.csv"], before);
  home.write("new.csv", list("813", 20));
  await home.ok(["ingest", "new.csv"]);
  await home.ok([...order, "12", "-o", "n.csv"]);
  const { providers } = await home.json(["stats"]);
  expect(providers).toMatchObject([
    { synthetic: false, sold_per_day: 12, runs_short: true },
    { synthetic: true, sold_per_day: 7 / 7 },
  ]);
});

test("a table is a format too, and others are named", async () => {
  const [told, untold] = [await dir.ok(["stats", "--format", "table"]), await dir.ok(["stats"])];
  expect(told).toEqual(untold);
  const unknown = await dir.run(["stats", "--format", "xml"]);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain(
    '--format: "xml" is unknown. Write table, csv or prometheus, or --json',
  );
  const both = await dir.run(["stats", "--format", "csv", "--json"]);
  expect(both.code).toBe(2);
  expect(both.stderr).toContain("--format");
});
