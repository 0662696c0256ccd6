/** The talk for machines: every line of it a document, whatever is said. */
import { describe, expect, test } from "vitest";
import { createLog, earlyFormat } from "../src/log.ts";
import { createWorkdir, list, type Outcome } from "./workdir.ts";

type Line = Record<string, unknown> & { level: string; message: string };

/** Fails for a line that is no document. */
function linesOf({ stderr }: Outcome): Line[] {
  return stderr
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

describe("a line", () => {
  const clock = () => new Date("2026-11-20T02:00:00.5Z");

  test("is itself, or a document", () => {
    expect(createLog("text", "ingest", clock, 7).line("info", "done", { rows: 1 })).toBe("done\n");
    expect(createLog("json", "ingest", clock, 7).line("info", 'a "b"\n', { rows: 1 })).toBe(
      '{"at":"2026-11-20T02:00:00.500Z","level":"info","pid":7,"command":"ingest",' +
        '"message":"a \\"b\\"\\n","rows":1}\n',
    );
  });

  test.each([
    [[], undefined, "text"],
    [[], "json", "json"],
    [["--log-format", "json"], undefined, "json"],
    [["ingest", "--log-format=json", "x"], "text", "json"],
    [["--log-format", "text"], "json", "text"],
    [["--log-format=json", "--log-format", "text"], undefined, "text"],
    [["--", "--log-format", "json"], undefined, "text"],
    [["--log-format"], "json", "text"],
    [["--log-format", "xml"], undefined, "text"],
  ])("%j with the variable %s is %s", (argv, variable, format) => {
    const environment = variable === undefined ? {} : { NUMBERS_LOG_FORMAT: variable };
    expect(earlyFormat(argv, environment)).toBe(format);
  });
});

test("an ingest, an order, a shortage: information, warnings and errors with their code", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 5));
  dir.write("b.csv", "");
  const ingested = await dir.run(["ingest", "a.csv", "b.csv", "--log-format", "json"]);
  expect(ingested.code).toBe(3);
  const lines = linesOf(ingested);
  expect(lines.map(({ level, message }) => [level, message.split(":")[0]])).toEqual([
    ["info", "a.csv"],
    ["warning", "b.csv"],
    ["info", "2 files"],
  ]);
  for (const line of lines) {
    expect(line).toMatchObject({ command: "ingest", pid: expect.any(Number) });
    expect(line.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  }

  const env = { NUMBERS_LOG_FORMAT: "json" };
  const order = ["order", "--provider", "tsel", "--count"];
  // The order itself is on stdout.
  const sold = await dir.run([...order, "2"], { env });
  expect(sold.stdout).toMatch(/^phone,name,city\n62812/);
  expect(linesOf(sold)).toMatchObject([
    { level: "info", message: expect.stringMatching(/^order /) },
  ]);
  const short = await dir.run([...order, "9"], { env });
  expect(short.code).toBe(4);
  expect(linesOf(short)).toMatchObject([
    {
      level: "error",
      exit_code: 4,
      command: "order",
      message: expect.stringMatching(/^asked for 9/),
    },
  ]);
  await dir.checkPromises();
});

test("what is wrong with the command line or the settings is a document too", async () => {
  const dir = createWorkdir();
  const json = ["--log-format", "json"];
  for (const [args, message] of [
    [["stats", "--formt", "csv", ...json], /unknown option '--formt'/],
    [["ordr", ...json], /unknown command 'ordr'/],
    [["ingest", ...json], /missing required argument 'files'/],
    [["stats", "--time-zone", "Asia/Nowhere", ...json], /"Asia\/Nowhere" is no time zone/],
  ] as const) {
    const outcome = await dir.run(args);
    expect(outcome.code).toBe(2);
    expect(linesOf(outcome)).toMatchObject([
      { level: "error", exit_code: 2, message: expect.stringMatching(message) },
    ]);
  }
  const unknown = await dir.run(["stats", "--log-format", "xml"]);
  expect(unknown).toMatchObject({
    code: 2,
    stderr: 'numbers: --log-format: "xml" is none; write text or json\n',
  });
});

test("config.toml has it too, and names of strangers are kept as they are", async () => {
  const dir = createWorkdir();
  await dir.ok(["stats"]);
  dir.write("home/config.toml", 'log_format = "json"\n');
  dir.write("a\u001b[31m.csv", list("812", 5));
  const [line] = linesOf(await dir.ok(["ingest", "a\u001b[31m.csv"]));
  expect(line?.message.startsWith("a\u001b[31m.csv: 5 numbers")).toBe(true);
  const { stderr } = await dir.ok(["ingest", "a\u001b[31m.csv", "--log-format", "text", "--force"]);
  expect(stderr).toMatch(/^a\\x1b\[31m\.csv: 5 numbers/);
});

test("--quiet leaves warnings; --profile is a document as well; --debug has the stack in one", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 5));
  const json = ["--log-format", "json"];
  expect((await dir.ok(["ingest", "a.csv", "--quiet", ...json])).stderr).toBe("");
  const lines = linesOf(await dir.ok(["stats", "--profile", ...json]));
  expect(lines.at(-1)).toHaveProperty("profile");
  const failed = await dir.run(["stats", "--debug", "--time-zone", "Asia/Nowhere", ...json]);
  expect(linesOf(failed)).toMatchObject([{ stack: expect.stringContaining("readSettings") }]);
});
