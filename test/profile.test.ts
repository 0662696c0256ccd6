/** `--profile`: where the time of a command went, on stderr, and nothing of anybody's numbers in it. */
import { expect, test } from "vitest";
import { createWorkdir, list, type Workdir } from "./workdir.ts";

type Spent = { readonly seconds: number; readonly times: number; readonly rows?: number };
type Profile = {
  readonly profile: readonly (Spent & { readonly phase: string })[];
  readonly statements: readonly (Spent & { readonly statement: string })[];
  readonly plans?: readonly { readonly statement: string; readonly plan: string }[];
  readonly seconds: number;
  readonly processor_seconds: number;
  readonly peak_bytes: number;
};

/** The line of stderr that is the profile. */
function profileIn(stderr: string): Profile {
  const line = stderr.split("\n").find((one) => one.startsWith('{"profile":'));
  return JSON.parse(line ?? "null");
}

async function stocked(): Promise<Workdir> {
  const dir = createWorkdir();
  dir.write("list.csv", list("812", 300));
  await dir.ok(["ingest", "list.csv"]);
  return dir;
}

const order = ["order", "--provider", "tsel", "--count", "100"];

test("an ingest and an order as tables for people", async () => {
  const dir = createWorkdir();
  dir.write("list.csv", `${list("812", 300)}08xx,nobody,nowhere\n`);
  const { stdout, stderr } = await dir.ok(["ingest", "list.csv", "--profile"]);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^phase +seconds +times +rows$/m);
  for (const phase of [
    ...["start", "load the engine", "wait for the lock", "open the database"],
    ...["look at the source", "settle odd cells", "account", "publish", "commit"],
    ...["write the journal", "close the database", "between them", "all"],
  ]) {
    expect(stderr).toMatch(new RegExp(`^${phase} +\\d+\\.\\d{3} `, "m"));
  }
  expect(stderr).toMatch(/^read and convert +\d+\.\d{3} +\d +301$/m);
  expect(stderr).toMatch(/^insert_pool_file +\d+\.\d{3} +1 +1$/m);
  expect(stderr).toMatch(/^\d+\.\d{3} s of processor time, at most \d+ MB of memory$/m);

  const { stderr: told } = await dir.ok([...order, "-o", "out.csv", "--profile"]);
  expect(told).toMatch(/^deliver +\d+\.\d{3} +1 +100$/m);
  expect(told).toMatch(/^insert_sales +\d+\.\d{3} +1 +100$/m);
  await dir.checkPromises();
});

test("with --json a line on stderr, whose phases add up; stdout is what it is without", async () => {
  const dir = await stocked();
  const { stdout: plain } = await dir.ok(["stats", "--json"]);
  const { stdout, stderr } = await dir.ok(["stats", "--json", "--profile"]);
  expect(stdout).toBe(plain);
  const { profile, statements, plans, ...whole } = profileIn(stderr);
  const sum = profile.reduce((total, { seconds }) => total + seconds, 0);
  expect(sum).toBeCloseTo(whole.seconds, 2);
  expect(Math.min(...profile.map(({ seconds }) => seconds))).toBeGreaterThanOrEqual(0);
  const inStatements = statements.reduce((total, { seconds }) => total + seconds, 0);
  expect(inStatements).toBeLessThan(whole.seconds);
  expect(statements.map(({ statement }) => statement)).toContain("count_pool");
  expect(plans).toBeUndefined();
  expect(whole.processor_seconds).toBeGreaterThan(0);
  expect(whole.peak_bytes).toBeGreaterThan(10_000_000);
});

test("a delivery on stdout stays what it is", async () => {
  const dir = await stocked();
  const { stdout, stderr } = await dir.ok([...order, "--profile", "--json"]);
  expect(stdout.trim().split("\n")).toHaveLength(101);
  expect(stdout).toMatch(/^phone,/);
  const phases = profileIn(stderr).profile.map(({ phase }) => phase);
  expect(phases).toContain("deliver");
});

test("a command that fails has one too, and its own exit code", async () => {
  const dir = await stocked();
  const { code, stderr } = await dir.run([...order, "--count", "1000", "--profile"]);
  expect(code).toBe(4);
  expect(stderr).toMatch(/^select_unsold /m);
  expect(stderr).toMatch(/^numbers: .*300/m);
});

test("plans come with --debug; no phone, key or name of anybody is in them", async () => {
  const dir = await stocked();
  const told: string[] = [];
  const plansOf = async (args: readonly string[], input = "") => {
    const { stderr } = await dir.ok([...args, "--profile", "--debug", "--json"], { input });
    const line = stderr.split("\n").find((one) => one.startsWith('{"profile":')) ?? "";
    told.push(line);
    return profileIn(stderr).plans ?? [];
  };
  const phone = "081200000007";
  dir.write("more.csv", list("813", 50, { name: "Siti" }));
  await plansOf(["ingest", "more.csv"]);
  await dir.ok(["ingest", "more.csv", "--dry-run", "--force", "--profile", "--debug"]);
  const plans = await plansOf([
    ...[...order, "--filter", "city=Bandung", "--filter", "name=Budi 9", "--count", "1"],
    ...["--key", "tender-77", "--prefix", "0812", "-o", "out.csv"],
  ]);
  expect(plans.some(({ plan }) => /READ_PARQUET, about \d+ rows/.test(plan))).toBe(true);
  await plansOf(["lookup", "-"], phone);
  await plansOf(["search", "81200000007"]);
  await plansOf(["blacklist", "add", "-", "--kind", "dnc", "--reason", "asked"], phone);
  await plansOf(["erase", "-", "--reason", "asked"], "081200000008");
  await plansOf(["blacklist", "list"]);
  await plansOf(["stats"]);
  for (const line of told) {
    expect(line).toMatch(/"plan":/);
    expect(line).not.toMatch(/Budi|Siti|Bandung|tender|asked/);
    expect(line).not.toMatch(/(?<![.\d])(62|0)?81[23]0000/);
    // A phone or a digest; figures have a point before so many digits.
    expect(line).not.toMatch(/(?<![.\d])\d{10,}/);
  }
  await dir.checkPromises();
});
