/**
 * Every command line of README and docs does what the page says: it is run as it stands, in bash, and has to end with exit
 * code 0 or the one that stands behind it. Where a page shows what a command prints, that is compared too.
 */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { list, phonesOf } from "../workdir.ts";
import { blocksOf, type Command, commandsOf, disagreement, pages } from "./pages.ts";
import { createWorld, type World } from "./world.ts";

/** What is not run here, and why. */
const exceptions: Readonly<Record<string, string>> = {
  "npm ci && npm run demo": "installs into the repository; test/bench.test.ts runs the demo",
  "npm ci && npm test": "these tests",
  "npm ci && npm pack && npm install -g ./numbers-0.1.0.tgz":
    "installs for everybody; test/package.test.ts installs the same file into a folder",
};

/** Blocks without commands, by how their first line begins. */
const others: Readonly<Record<string, string>> = {
  "source file ─": "a picture",
  "berkas sumber ─": "the same picture",
  "numbers.duckdb  ": "the files of a home",
  "manifest.json  ": "the files of a backup",
  "[Unit]": "a unit of systemd: test/documentation/configuration.test.ts",
  '{"at":"': "a line of --log-format json: test/log.test.ts",
  'time_zone = "': "settings: test/documentation/configuration.test.ts",
  "<clickhouse>": "a server's own settings",
  "select owner": "a query for the server: test/clickhouse/keeper-lock.test.ts",
  "NUMBERS_ENGINE=": "variables: test/passwords.test.ts",
  "/var/log/": "logrotate: test/documentation/configuration.test.ts",
};

const blocks = pages.flatMap(blocksOf);
const isOther = (first = "") =>
  Object.keys(others).some((beginning) => first.startsWith(beginning));
const commands = blocks.filter(({ lines }) => !isOther(lines[0])).flatMap(commandsOf);
const on = (page: string) =>
  commands.filter((one) => one.page === page && !(one.command in exceptions));

test("what is not run is named with its reason, and is still there", () => {
  const written = commands.map(({ command }) => command);
  expect(Object.keys(exceptions).filter((command) => !written.includes(command))).toEqual([]);
  const first = blocks.map(({ lines }) => lines[0] ?? "");
  const stale = Object.keys(others).filter(
    (start) => !first.some((text) => text.startsWith(start)),
  );
  expect(stale).toEqual([]);
});

test("README.md: the tour, with a million rows", async () => {
  const world = worldOfTest();
  await expectAll(world, on("README.md"));
  expect(phonesOf((await world.ok("cat ../customer/today.csv")).stdout).length).toBeGreaterThan(
    999,
  );
});

// Its commands and what they print are those of README.md, word for word: readmes.test.ts compares them.
const elsewhere = ["README.md", "README.id.md", "docs/cli.md"];

describe("pages about work in a home that has numbers", () => {
  test.each(pages.filter((page) => !elsewhere.includes(page) && on(page).length > 0))(
    "%s",
    async (page) => {
      const world = worldOfTest();
      world.write("srv/inbox/first.csv", list("812", 12_000));
      world.write("srv/inbox/second.csv", list("815", 500));
      world.write("work/list.csv", list("812", 2_000));
      world.write("work/request.txt", "0812-0000-0001\n");
      await expectAll(world, on(page));
    },
  );
});

describe("docs/cli.md: the examples of", () => {
  /** What has to be there before the examples of a command. */
  const before: Readonly<Record<string, readonly string[]>> = {
    "numbers blacklist import": ["numbers customer add Acme"],
    "numbers blacklist remove": [
      "numbers blacklist add 081200000001 --kind dnc --reason test",
      "numbers blacklist add 081200000002 --kind invalid --reason test",
    ],
    "numbers blacklist export": ["numbers customer add Acme"],
    "numbers customer show": ["numbers customer add Acme"],
    "numbers customer set": ["numbers customer add Acme"],
    "numbers customer statement": ["numbers customer add Acme"],
    "numbers source show": ["numbers source add Sumber --basis consent"],
    "numbers source set": ["numbers source add Sumber --basis consent"],
    "numbers restore": [
      "numbers backup /mnt/backup/numbers",
      "numbers order --provider tsel --count 20 -o late.csv",
      "mv /srv/numbers /mnt/lost",
    ],
  };
  const sections = [...new Set(on("docs/cli.md").map(({ section }) => section))];
  let world: World;

  beforeAll(async () => {
    world = createWorld();
    world.write("work/all.csv", list("812", 3_000) + list("815", 1_000).replace(/^.*\n/, ""));
    await world.ok("numbers ingest all.csv && cp -a ../srv/numbers ../prepared");
  });

  afterAll(() => world.remove());

  test.each(sections)("%s", async (section) => {
    for (const place of ["srv", "mnt", "work"]) rmSync(world.path(place), { recursive: true });
    cpSync(world.path("prepared"), world.path("srv/numbers"), { recursive: true });
    for (const place of ["list", "dnc"]) {
      world.write(`work/${place}.csv`, list("812", 500, { name: place }));
    }
    world.write("srv/inbox/list.csv", list("815", 500, { name: "inbox" }));
    mkdirSync(world.path("mnt/backup"), { recursive: true });
    for (const line of before[section] ?? []) await world.ok(line);
    await expectAll(
      world,
      on("docs/cli.md").filter((one) => one.section === section),
    );
  });
});

function worldOfTest(): World {
  const world = createWorld();
  onTestFinished(() => world.remove());
  return world;
}

async function expectAll(world: World, lines: readonly Command[]): Promise<void> {
  expect(lines).not.toEqual([]);
  for (const { page, line, command, code, output } of lines) {
    const ready = await withOrder(world, command);
    const outcome = await world.run(ready);
    const said = `${page}:${line}: ${ready}\n${outcome.stderr.slice(0, 2000)}`;
    expect(outcome.code, said).toBe(code);
    if (output.length === 0) continue;
    const printed = `${outcome.stdout}${outcome.stderr}`;
    expect(disagreement(output, printed), said).toBeUndefined();
  }
}

/** A line that names an order is given one of its own: reserved to be cancelled, otherwise delivered. */
async function withOrder(world: World, command: string): Promise<string> {
  const named = /\b20\d{6}-[a-z0-9]{8}\b/;
  if (!named.test(command)) return command;
  const isReserved = /order cancel/.test(command) && !command.includes("--disclosed");
  const output = isReserved ? "/dev/full" : "an-order.csv";
  const { stdout } = await world.run(
    `rm -f an-order.csv; numbers order --provider tsel --count 20 -o ${output}; numbers order list --json --limit 1`,
  );
  world.write("work/returned.csv", (await world.run("head -6 an-order.csv")).stdout);
  return command.replace(named, JSON.parse(stdout).orders[0].order_id);
}
