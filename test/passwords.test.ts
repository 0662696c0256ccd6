/** The password of a server goes to the server, and nowhere else: not to a screen, a log or a file, whatever goes wrong. */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createWorkdir, filesBelow, type Outcome, type Workdir } from "./workdir.ts";

const password = "hunter2/@:secret";
const encoded = encodeURIComponent(password);
/** All the ways in which it could be written somewhere. */
const traces = new RegExp(
  ["hunter2", "secret", Buffer.from(`me:${password}`).toString("base64").slice(0, 16)].join("|"),
);
const inVariable = (url: string) => ({ env: { NUMBERS_CLICKHOUSE_URL: url } });

/** Expects that nothing the command said, and nothing in the home, holds it. */
function expectHidden(dir: Workdir, { stdout, stderr }: Outcome): void {
  expect(stdout).not.toMatch(traces);
  expect(stderr).not.toMatch(traces);
  const files = existsSync(dir.home) ? filesBelow(dir.home) : [];
  for (const path of files) expect(readFileSync(path, "latin1")).not.toMatch(traces);
}

/** A server that answers all the same; resolves to its address and what it was told as who is there. */
async function serve(answer: RequestListener): Promise<{ host: string; told: string[] }> {
  const told: string[] = [];
  const server = createServer((request, response) => {
    told.push(request.headers.authorization ?? "");
    request.resume().on("end", () => answer(request, response));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, told };
}

const denying: RequestListener = (_, response) => {
  response.writeHead(403, { "X-ClickHouse-Exception-Code": "516" });
  response.end(
    "Code: 516. DB::Exception: me: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)",
  );
};
const talking: RequestListener = (_, response) => response.end("what is this?\n");
const breaking: RequestListener = (_, response) => {
  response.writeHead(500).end("Code: 49. DB::Exception: Logical error. (LOGICAL_ERROR)");
};

describe("numbers config", () => {
  test.each([
    [`http://me:${encoded}@db.example:8123/x`, "http://me:***@db.example:8123/x"],
    [`http://me:${password}@db.example/x`, "http://me:***@db.example/x"],
    [`me:${password}@db.example`, "me:***@db.example"],
    [`http://:${encoded}@db.example`, "http://:***@db.example"],
    ["http://me@db.example:8123/x", "http://me@db.example:8123/x"],
    ["http://db.example:8123", "http://db.example:8123"],
    ["chdb:/data/a:b@c", "chdb:/data/a:b@c"],
  ])("shows %s as %s", async (url, shown) => {
    const dir = createWorkdir();
    const line = { key: "clickhouse_url", value: shown, from: "NUMBERS_CLICKHOUSE_URL" };
    const { config } = await dir.json(["config"], inVariable(url));
    expect(config).toContainEqual(line);
    const outcome = await dir.ok(["config", "--debug", "--profile"], inVariable(url));
    expect(outcome.stdout).toContain(shown);
    expectHidden(dir, outcome);
  });

  test("of config.toml, and of a variable of its own", async () => {
    const dir = createWorkdir();
    dir.write("home/config.toml", `engine = "clickhouse"\nclickhouse_url = "http://db.example"\n`);
    const env = { NUMBERS_CLICKHOUSE_PASSWORD: password };
    expectHidden(dir, await dir.ok(["config"], { env }));
  });
});

describe.each([
  [[]],
  [["--debug", "--profile"]],
  [["--log-format", "json", "--debug", "--profile"]],
])("with %j", (flags) => {
  const stats = ["stats", "--engine", "clickhouse", "--lock-timeout", "1s", ...flags];

  test.each([
    ["denies", denying, 2, "does not admit this user"],
    ["breaks", breaking, 1, "Logical error"],
    ["is none", talking, 1, ""],
  ] as const)("a server that %s gets it, and nobody else", async (_, answer, code, words) => {
    const dir = createWorkdir();
    const { host, told } = await serve(answer);
    const outcome = await dir.run(stats, inVariable(`http://me:${encoded}@${host}/x`));
    expect(outcome).toMatchObject({ code, stderr: expect.stringContaining(words) });
    expectHidden(dir, outcome);
    const apart = {
      NUMBERS_CLICKHOUSE_URL: `http://me@${host}`,
      NUMBERS_CLICKHOUSE_PASSWORD: password,
    };
    expectHidden(dir, await dir.run(stats, { env: apart }));
    const sent = `Basic ${Buffer.from(`me:${password}`).toString("base64")}`;
    expect(told.length).toBeGreaterThan(1);
    expect(new Set(told)).toEqual(new Set([sent]));
  });

  test.each([
    [`http://me:${encoded}@127.0.0.1:1/x`, 6],
    [`http://me:${password}@db.example/x`, 2],
    [`http://me:1/${password}@db.example/x`, 2],
    [`http://me:1?${password}@db.example/x`, 2],
    [`http://me:${encoded}%@db.example/x`, 2],
    [`http://me:${encoded}@db.example:99999/x`, 2],
    [`me:${password}@db.example`, 2],
  ])("no server at %s", async (url, code) => {
    const dir = createWorkdir();
    for (const args of [
      stats,
      ["ingest", "--engine", "clickhouse", ...stats.slice(3), "none.csv"],
    ]) {
      const outcome = await dir.run(args, inVariable(url));
      expect(outcome.code).toBeGreaterThan(0);
      if (args === stats) expect(outcome.code).toBe(code);
      expectHidden(dir, outcome);
    }
    const told = await dir.run([...stats, "--clickhouse-url", url]);
    expect(told.code).toBe(code);
    expectHidden(dir, told);
  });
});

describe("in the flag", () => {
  const warning = "the list of processes shows the password";

  test("it is warned of, because others see it", async () => {
    const dir = createWorkdir();
    const shown = await dir.ok(["config", "--clickhouse-url", `http://me:${encoded}@db.example`]);
    expect(shown.stderr).toContain(warning);
    expect(shown.stderr).toContain("NUMBERS_CLICKHOUSE_URL");
    expectHidden(dir, shown);
  });

  test("without one, or in a variable, nothing is said", async () => {
    const dir = createWorkdir();
    for (const url of ["http://me@db.example", "http://db.example:8123", "chdb:/a:b@c"]) {
      expect((await dir.ok(["config", "--clickhouse-url", url])).stderr).toBe("");
    }
    const url = `http://me:${encoded}@db.example`;
    expect((await dir.ok(["config"], inVariable(url))).stderr).toBe("");
  });

  test("a slip in the flag's own name does not show it", async () => {
    const dir = createWorkdir();
    const outcome = await dir.run(["stats", `--clickhouse-ulr=http://me:${password}'@db.example`]);
    expect(outcome).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--clickhouse-url?"),
    });
    expectHidden(dir, outcome);
  });
});
