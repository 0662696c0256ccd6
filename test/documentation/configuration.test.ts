/** What the pages hand to a machine (units, timers, rotation of logs, settings), checked by the programs that read it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { createWorkdir } from "../workdir.ts";
import { type Block, blocksOf, readPage } from "./pages.ts";

const page = "docs/operations.md";
const text = readPage(page);
const blocks = blocksOf(page);
const folder = mkdtempSync(join(tmpdir(), "numbers-configuration-"));

/** Each unit by the last name of one in the line above it. */
const units = new Map(
  blocks
    .filter(({ lines }) => lines[0] === "[Unit]")
    .map((block) => [namedAbove(block), block.lines.join("\n")]),
);
/** When each errand runs: that of the timer on the page, and those that are told in a sentence below it. */
const calendars = new Map([
  ["ingest", /^OnCalendar=(.*)$/m.exec(units.get("numbers-ingest.timer") ?? "")?.[1] ?? ""],
  ...[...sentence("The same for the others").matchAll(/(\w+) `(?:OnCalendar=)?([^`]+)`/g)].map(
    ([, errand = "", calendar = ""]): [string, string] => [errand, calendar],
  ),
]);

beforeAll(() => {
  const timer = units.get("numbers-ingest.timer") ?? "";
  for (const [errand, calendar] of calendars) {
    const own = timer
      .replace(/^OnCalendar=.*$/m, `OnCalendar=${calendar}`)
      .replace("numbers@ingest", `numbers@${errand}`);
    writeFileSync(join(folder, `numbers-${errand}.timer`), own);
  }
  for (const [name, unit] of units) {
    // Node may be elsewhere on this machine: whether a program is there is asked as well.
    if (!name.endsWith(".timer")) {
      writeFileSync(join(folder, name), unit.replace("/usr/bin/node", process.execPath));
    }
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("systemd", () => {
  test("each errand has its line, its timer, and is switched on", () => {
    const told = [...text.matchAll(/^# \/etc\/numbers\/(\w+)\.conf\nCOMMAND=/gm)];
    const errands = told.map(([, errand]) => errand).sort();
    const enabled = [...text.matchAll(/^ +systemctl enable --now (.*)$/gm)]
      .flatMap(([, names = ""]) => names.split(" "))
      .sort();
    expect(errands.length).toBeGreaterThan(4);
    expect([...calendars.keys()].sort()).toEqual(errands);
    expect(enabled).toEqual(errands.map((errand) => `numbers-${errand}.timer`));
  });

  test("the units are as systemd wants them", (context) => {
    needs(context, "systemd-analyze");
    const names = [
      ...units.keys(),
      ...[...calendars.keys()].map((name) => `numbers-${name}.timer`),
    ];
    expect(names).toContain("numbers@.service");
    expect(complaints(names)).toEqual([]);
  });

  test("a slip in them would be noticed", (context) => {
    needs(context, "systemd-analyze");
    const slips = [
      ["numbers@.service", "ProtectSystem=strict", "ProtectSystm=strict"],
      ["numbers@.service", "Type=oneshot", "Type=often"],
      ["numbers-ingest.timer", "OnCalendar=*:0/10", "OnCalendar=every ten minutes"],
    ] as const;
    for (const [name, right, wrong] of slips) {
      const unit = readFileSync(join(folder, name), "utf8");
      expect(unit).toContain(right);
      writeFileSync(join(folder, name), unit.replace(right, wrong));
      expect(complaints([name]), wrong).not.toEqual([]);
      writeFileSync(join(folder, name), unit);
    }
  });
});

test("the config.toml of docs/architecture.md is taken, every line of it", async () => {
  const [block] = blocksOf("docs/architecture.md").filter(({ section }) => section === "Settings");
  const dir = createWorkdir();
  dir.write("home/config.toml", `${block?.lines.join("\n")}\n`);
  const { config } = await dir.json(["config"]);
  const taken = config.filter(({ from }: { from: string }) => from.includes("config.toml"));
  const keys = block?.lines.filter((line) => /^[\w"]+ = /.test(line)) ?? [];
  expect(keys.length).toBeGreaterThan(3);
  expect(taken).toHaveLength(keys.length);
});

describe("logrotate", () => {
  const rotation = blocks.find(({ lines }) => lines[0]?.startsWith("/var/log/"));

  test("takes the rotation of the logs", (context) => {
    needs(context, "logrotate");
    expect(rotated(here(rotation))).toContain("log/ingest.log");
    expect(rotated(here(rotation))).not.toMatch(/^error/m);
  });

  test("a slip in it would be noticed", (context) => {
    needs(context, "logrotate");
    expect(rotated(here(rotation).replace("rotate 8", "rotate eight"))).toMatch(/^error/m);
  });
});

function namedAbove({ intro }: Block): string {
  const names = [...intro.matchAll(/`(?:\/\S*\/)?(numbers[\w@-]*\.(?:service|timer))`/g)];
  const name = names.at(-1)?.[1];
  if (name === undefined) throw new Error(`which unit is it? ${intro}`);
  return name;
}

function sentence(beginning: string): string {
  return text.split("\n").find((line) => line.startsWith(beginning)) ?? "";
}

/** What systemd says of the page's units; of others that this machine has it may say what it likes. */
function complaints(names: readonly string[]): string[] {
  const { stderr } = spawnSync(
    "systemd-analyze",
    ["verify", "--man=no", ...names.map((name) => join(folder, name))],
    { encoding: "utf8", env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` } },
  );
  return stderr.split("\n").filter((line) => line.includes("numbers"));
}

/** The rotation for this test's own folder and user: logrotate refuses a user who does not exist. */
function here(block: Block | undefined): string {
  const group = execFileSync("id", ["-gn"], { encoding: "utf8" }).trim();
  return `${block?.lines.join("\n") ?? ""}\n`
    .replaceAll("numbers numbers", `${userInfo().username} ${group}`)
    .replace("/var/log/numbers", join(folder, "log"));
}

/** What logrotate says that it would do. */
function rotated(rotation: string): string {
  mkdirSync(join(folder, "log"), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "log/ingest.log"), "a line\n");
  const path = join(folder, "rotation");
  writeFileSync(path, rotation, { mode: 0o644 });
  const { stderr } = spawnSync("logrotate", ["-d", "-s", join(folder, "state"), path], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
  return stderr;
}

function isThere(program: string): boolean {
  const { status } = spawnSync("sh", ["-c", `PATH="$PATH:/usr/sbin:/sbin" command -v ${program}`]);
  return status === 0;
}

function needs({ skip }: TestContext, program: string): void {
  if (isThere(program)) return;
  process.stderr.write(`skipped: there is no ${program} on this machine\n`);
  skip(`there is no ${program} on this machine`);
}
