/**
 * The package as `npm pack` makes it: what is in it, and that it runs where nothing but Node is, installed from the
 * registry into an empty folder and started from elsewhere. Without the registry the installations are skipped, aloud.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, type TestContext, test } from "vitest";
import { cleanEnvironment, filesBelow, type Outcome, phonesOf } from "./workdir.ts";

const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "numbers-package-"));
const installed = join(folder, "installed");
const elsewhere = join(folder, "elsewhere");
/** A registry that does not answer is waited for a moment: npm by itself waits more than a minute for each package. */
const quick = [
  ...["--prefer-offline", "--no-audit", "--no-fund"],
  ...["--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=2000"],
];
let tarball = "";
let packed: readonly string[] = [];

beforeAll(async () => {
  mkdirSync(installed);
  mkdirSync(elsewhere);
  // Without scripts: `prepare` would build dist anew under the tests that run beside this one.
  const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const [made] = JSON.parse((await ok("npm", pack, root)).stdout);
  tarball = join(folder, made.filename);
  packed = made.files.map(({ path }: { path: string }) => path);
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  process.stderr.write(
    `package: ${megabytes(made.size)}, ${megabytes(made.unpackedSize)} unpacked, ${packed.length} files\n`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("has what the program runs and reads, and nothing else", () => {
  const wanted =
    /^(package\.json|README(\.id)?\.md|LICENSE|CHANGELOG\.md|bin\/numbers\.js|dist\/bundle\/[^/]+\.js(\.map)?|dist\/report\/.+|dist\/intake\/clean-run\.wasm|docs\/numbers\.1|sql\/.+\.sql|src\/numbering\/\w+\.csv|src\/shells\/.+)$/;
  expect(packed.filter((path) => !wanted.test(path))).toEqual([]);
  const read = ["bin", "sql", "dist/bundle", "src/numbering", "src/shells"]
    .flatMap((name) => filesBelow(join(root, name)))
    .map((path) => path.slice(root.length + 1));
  expect(read.filter((path) => !packed.includes(path))).toEqual([]);
  expect(packed).toEqual(expect.arrayContaining(["dist/intake/clean-run.wasm", "docs/numbers.1"]));
});

test("installed in an empty folder it runs from any other, without what only tests need", async (context) => {
  const install = ["install", ...quick, "--prefix", installed, tarball];
  await needRegistry(context);
  await ok("npm", install, elsewhere);

  const lock = JSON.parse(readFileSync(join(installed, "node_modules/.package-lock.json"), "utf8"));
  const names = Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, ""));
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  expect(names).toEqual(expect.arrayContaining(["numbers", ...Object.keys(dependencies)]));
  expect(names.filter((name) => name in devDependencies)).toEqual([]);
  expect(names.filter((name) => /chdb|postgres/.test(name))).toEqual([]);

  const numbers = (...args: string[]) =>
    ok("npx", ["--prefix", installed, "--no-install", "numbers", ...args], elsewhere);
  expect((await numbers("--version")).stdout).toContain(version());
  await numbers("generate", "--rows", "3000", "--seed", "1", "-o", "list.csv");
  const ingested = JSON.parse((await numbers("ingest", "list.csv", "--json")).stdout);
  expect(ingested).toMatchObject({ lines: 3000 });
  await numbers(
    "order",
    "--provider",
    "tsel",
    "--count",
    "50",
    "--synthetic",
    "--columns",
    "phone",
    "-o",
    "sold.csv",
  );
  expect(new Set(phonesOf(readFileSync(join(elsewhere, "sold.csv"), "utf8"))).size).toBe(50);
  const stats = JSON.parse((await numbers("stats", "--json")).stdout);
  expect(stats.ledger.numbers).toBe(50);
  await numbers("stats", "--html", "report.html");
  expect((await numbers("completion", "bash")).stdout).toContain("complete ");
  await numbers("doctor");
});

test("installed for everybody it is a command with its manual page", async (context) => {
  await needRegistry(context);
  const everybody = join(folder, "everybody");
  await ok("npm", ["install", "-g", ...quick, "--prefix", everybody, tarball], elsewhere);
  const command = join(everybody, "bin/numbers");
  expect((await ok(command, ["--version"], elsewhere)).stdout).toContain(version());
  expect(existsSync(join(everybody, "share/man/man1/numbers.1"))).toBe(true);
});

test("npx runs it straight from the file", async (context) => {
  await needRegistry(context);
  // A cache of its own, so that npx keeps nothing of it; what the registry gave before is shared.
  const cache = join(folder, "cache");
  const { stdout } = await ok("npm", ["config", "get", "cache"], elsewhere);
  mkdirSync(cache);
  const contents = join(stdout.trim(), "_cacache");
  if (existsSync(contents)) symlinkSync(contents, join(cache, "_cacache"));
  const npx = ["--cache", cache, ...quick, "--yes", `--package=${tarball}`, "numbers", "--version"];
  expect((await ok("npx", npx, elsewhere)).stdout).toContain(version());
});

function version(): string {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
}

async function needRegistry({ skip }: TestContext): Promise<void> {
  const { code, stderr } = await run("npm", ["ping", "--fetch-retries=0"], elsewhere);
  if (code === 0) return;
  process.stderr.write(`skipped: the registry cannot be reached: ${stderr}\n`);
  skip("the registry cannot be reached");
}

async function ok(command: string, args: readonly string[], cwd: string): Promise<Outcome> {
  const outcome = await run(command, args, cwd);
  expect(outcome.code, `${command} ${args.join(" ")}: ${outcome.stderr}`).toBe(0);
  return outcome;
}

function run(command: string, args: readonly string[], cwd: string): Promise<Outcome> {
  // Of the npm that runs these tests nothing is to be inherited: neither its folder nor its options.
  const env = Object.fromEntries(
    Object.entries(cleanEnvironment(join(folder, "home"))).filter(
      ([key]) => !key.toLowerCase().startsWith("npm_"),
    ),
  );
  // `.ci/run` took them from everybody else. With a prefix of its own npm does not read the machine's own settings.
  const { REGISTRY_CA_CERTS: certificates } = process.env;
  if (certificates !== undefined) env.NODE_EXTRA_CA_CERTS = certificates;
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) =>
      done({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}
