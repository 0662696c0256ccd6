/** Moving a home to the other engine and back: all is there again, wherever it was killed, and nobody sells meanwhile. */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Failpoint } from "../../src/failpoints.ts";
import {
  createWorkdir,
  filesBelow,
  list,
  type Outcome,
  phonesOf,
  type Workdir,
} from "../workdir.ts";

const early = { now: "2026-11-01T09:00:00+07:00" };
const rows = (count: number, write: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => `${write(n)}\n`).join("");

/** A home in which everything has happened once. */
async function live(dir: Workdir): Promise<void> {
  const sell = (count: number, ...more: string[]) => [
    ...["order", "--customer", "Acme", "--count", String(count), ...more],
  ];
  dir.write("old.csv", list("812", 50, { from: 5000 }));
  await dir.ok(["ingest", "old.csv"], early);
  await dir.ok(["order", "--provider", "tsel", "--count", "5", "-o", "early.csv"], early);
  dir.write("a.csv", list("812", 400));
  dir.write("b.csv", list("814", 100));
  dir.write("c.csv", list("813", 150));
  // Cells that are empty, quoted, or not there; two phones in one cell; a column that tells the category.
  dir.write(
    "odd.csv",
    'nomor,"ca ""ta"", tan",kat\n081200009001 / 081200009002,"x, ""y""",retail\n081200009003,,loans\n' +
      "081200009004,  sp ,\n081200009005,ü–é,retail\n",
  );
  await dir.ok(["source", "add", "Sumber", "--basis", "consent", "--expires", "2027-06-30"]);
  await dir.ok(["customer", "add", "Acme", "--price", "150000.50", "--never-twice"]);
  await dir.ok(["ingest", "a.csv", "b.csv", "--source", "Sumber", "--category", "retail"]);
  await dir.ok(["ingest", "c.csv"]);
  await dir.ok(["ingest", "odd.csv", "--category-column", "kat"]);
  const sold = rows(30, (n) => `0812000001${10 + n},2026-11-${10 + (n % 9)}`);
  dir.write("sold.csv", `phone,sold_at\n${sold}`);
  const md5 = (n: number) => createHash("md5").update(`628120000020${n}`).digest("hex");
  dir.write("digests.csv", `digest\n${rows(10, md5)}`);
  dir.write("dnc.csv", `phone\n${rows(10, (n) => `0812000003${10 + n}`)}`);
  const into = ["blacklist", "import"];
  await dir.ok([...into, "sold.csv", "--kind", "sold"]);
  await dir.ok([...into, "digests.csv", "--kind", "dnc", "--hash", "md5", "--hash-of", "digits"]);
  await dir.ok([...into, "dnc.csv", "--kind", "dnc"]);
  const ofAcme = ["--kind", "customer", "--customer", "Acme", "--reason", "theirs"];
  await dir.ok(["blacklist", "add", "081200000351", ...ofAcme]);
  await dir.ok(sell(40, "--provider", "tsel", "--key", "delivered", "-o", "delivered.csv"));
  await dir.ok(sell(30, "--provider", "tsel", "--key", "split", "--split", "10", "-o", "s.csv"));
  const mixed = ["--provider", "tsel,isat", "--pick", "oldest", "--safe-cells"];
  await dir.ok(sell(20, ...mixed, "--key", "mixed", "-o", "mixed.csv"));
  for (const [key, provider] of [
    ["reserved", "tsel"],
    ["waiting", "tsel"],
    ["cancelled", "isat"],
  ] as const) {
    const env = { NUMBERS_FAILPOINT: "copy.folder-synced=term" };
    await dir.run(sell(7, "--provider", provider, "--key", key, "-o", "x.csv"), { env });
  }
  const ids = await idsOf(dir);
  await dir.ok(["order", "cancel", ids.cancelled ?? ""]);
  const delivered = phonesOf(readFileSync(dir.path("delivered.csv"), "utf8"));
  dir.write("bad.csv", `phone\n${delivered.slice(10, 13).join("\n")}\n`);
  await dir.ok(["order", "return", ids.delivered ?? "", "bad.csv", "--reason", "disconnected"]);
  await dir.ok(["erase", delivered[20] ?? "", "--reason", "asked"]);
  // The other phone of its cell stays, without its cells.
  await dir.ok(["erase", "081200009001", "--reason", "asked"]);
  await dir.ok(["compact"]);
  await dir.ok(["prune", "--pool", "15d", "--drop-exports"]);
  await dir.checkPromises();
}

async function idsOf(dir: Workdir): Promise<Record<string, string>> {
  const { orders } = await dir.json(["order", "list"]);
  return Object.fromEntries(
    orders.map((one: { key: string; order_id: string }) => [one.key ?? "early", one.order_id]),
  );
}

/** All that a user can ask the home for; what is in no order by itself, in one. */
async function answersOf(dir: Workdir): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  const ids = await idsOf(dir);
  for (const key of ["delivered", "split", "mixed", "reserved", "early", "cancelled"]) {
    const folder = dir.path(`out-${readdirSync(dir.folder).length}`);
    mkdirSync(folder);
    const { code } = await dir.run([
      "order",
      "export",
      ids[key] ?? "",
      "-o",
      join(folder, "o.csv"),
    ]);
    const files = filesBelow(folder).map((path) => readFileSync(path, "utf8"));
    answers[`export ${key}`] = [code, ...files];
  }
  const phones = ["081200000110", "081200000005", "081200009001", "081200009002", "081200000351"];
  for (const args of [
    ["stats", "--available"],
    ["lookup", ...phones],
    ["order", "list"],
    ["customer", "list"],
    ["source", "list"],
    ["search", "retail"],
  ]) {
    answers[args.join(" ")] = await dir.json(args);
  }
  for (const kind of ["sold", "dnc", "invalid"]) {
    const { stdout } = await dir.ok(["blacklist", "export", "--kind", kind, "-o", "-"]);
    answers[`${kind}`] = stdout.split("\n").sort();
  }
  const document = JSON.stringify(answers);
  // How large its files are is no answer that a file written anew could give again; nor where it delivered to just now.
  return JSON.parse(
    document.replaceAll(/"(stored_)?bytes":\d+/g, '"bytes":0').replaceAll(/out-\d+/g, "out"),
  );
}

let world: Workdir;
let before: Record<string, unknown>;
const removals: (() => void)[] = [];

beforeAll(async () => {
  world = createWorkdir((remove) => removals.push(remove));
  await live(world);
  before = await answersOf(world);
});
afterAll(() => {
  for (const remove of removals) remove();
});

/** A copy of that home, and a server of its own: ClickHouse in a folder. */
function copied(): Workdir & { url: string; move(...args: string[]): string[] } {
  const dir = createWorkdir();
  cpSync(world.home, dir.home, { recursive: true });
  const url = `chdb:${dir.path("server")}`;
  return { ...dir, url, move: (...args) => ["move", ...args, "--clickhouse-url", url] };
}

/** The same home, by the engine that has its numbers now. */
function onServer(dir: Workdir, url: string): Workdir {
  const env = { NUMBERS_ENGINE: "clickhouse", NUMBERS_CLICKHOUSE_URL: url };
  const run: Workdir["run"] = (args, options) => dir.run(args, { ...options, env });
  const ok: Workdir["ok"] = async (args, options) => {
    const outcome = await run(args, options);
    expect(`${outcome.code} ${outcome.stderr}`).toMatch(/^0 /);
    return outcome;
  };
  const json: Workdir["json"] = async (args, options) =>
    JSON.parse((await ok([...args, "--json"], options)).stdout);
  return { ...dir, run, ok, json };
}

const order = ["order", "--customer", "Acme", "--provider", "tsel", "--count", "1", "-o", "-"];
const refusal = ({ code, stderr, stdout }: Outcome) => [code, stdout, stderr.split("\n").length];

test("there and back: the same exports, answers and promises", async () => {
  const dir = copied();
  const there = await dir.json(dir.move("--to", "clickhouse"));
  expect(there).toMatchObject({
    ...{ to: "clickhouse", where: dir.url, resumed: false, already: false },
    verified: { pool_files: 5, numbers: 653, sales: 137, rows: { orders: 7, erasures: 2 } },
    kept: `moved-${there.move_id.slice(0, 8)}`,
  });
  // What it had is out of its way, whole.
  expect(readdirSync(join(dir.home, there.kept)).sort()).toEqual(
    ["journal", "ledger", "numbers.duckdb", "pool", "views"].sort(),
  );
  expect(filesBelow(join(dir.home, "pool"))).toEqual([]);
  for (const args of [order, ["stats"], ["doctor"], ["ingest", world.path("a.csv")]]) {
    const refused = await dir.run(args);
    expect(refused.stderr).toContain(`are in ClickHouse at ${dir.url}: use --engine clickhouse`);
    expect(refusal(refused)).toEqual([2, "", 2]);
  }
  // Twice is once.
  expect(await dir.json(dir.move("--to", "clickhouse"))).toMatchObject({
    ...{ already: true, verified: null, kept: there.kept },
  });

  const back = await dir.json(dir.move("--to", "duckdb"));
  expect(back).toMatchObject({ to: "duckdb", where: dir.home, kept: null });
  expect(back.verified).toEqual(there.verified);
  await dir.checkPromises();
  expect(await answersOf(dir)).toEqual(before);
  const verdict = await dir.json(["audit", "verify"]);
  expect(verdict.ok).toBe(true);
  const { entries } = await dir.json(["audit", "show", "--action", "home.move"]);
  expect(entries).toHaveLength(2);
  const erased = await dir.ok(["erase", "081200009999", "--reason", "test"]);
  expect(erased.stderr).toContain(`${there.kept} in ${dir.home} has what the home had before`);
  expect((await dir.json(dir.move("--to", "duckdb"))).already).toBe(true);
  // All that the database knows is in the files beside it too.
  await dir.ok(["doctor", "--rebuild"]);
  await dir.checkPromises();
  const { "order list": _, ...others } = await answersOf(dir);
  // (Of one instant, orders come in another order then.)
  expect(before).toMatchObject(others);
  // One that nobody has seen yet is delivered as it would have been.
  const { waiting = "" } = await idsOf(dir);
  const first = await copied().ok(["order", "export", waiting, "-o", "-"]);
  expect((await dir.ok(["order", "export", waiting, "-o", "-"])).stdout).toBe(first.stdout);
  // What is at the server is old now, and nobody uses it by mistake.
  const old = await dir.run(["stats", "--engine", "clickhouse", "--clickhouse-url", dir.url]);
  expect(old.stderr).toContain("has numbers of its own");
  expect(old.code).toBe(2);
  const again = await dir.run(dir.move("--to", "clickhouse"));
  expect(again.stderr).toContain("has what was moved to");
  expect(again.code).toBe(2);
});

test("what is done over there comes back too", async () => {
  const dir = copied();
  await dir.ok(dir.move("--to", "clickhouse"));
  const there = onServer(dir, dir.url);
  expect(await answersOf(there)).toEqual(before);
  await there.ok(["ingest", dir.write("d.csv", list("812", 60, { from: 9100 }))]);
  await there.ok([
    ...order.slice(0, -4),
    "--count",
    "45",
    "--key",
    "there",
    "-o",
    dir.path("there.csv"),
  ]);
  const sold = phonesOf(readFileSync(dir.path("there.csv"), "utf8"));
  const { there: id = "", delivered = "" } = await idsOf(there);
  await there.ok(["erase", sold[3] ?? "", "--reason", "asked"]);
  await there.ok(["blacklist", "add", sold[5] ?? "", "--kind", "dnc", "--reason", "asked"]);
  dir.write("bad.csv", `phone\n${sold.slice(10, 12).join("\n")}\n`);
  await there.ok(["order", "return", id, "bad.csv", "--reason", "other"]);
  const history = rows(5, (n) => `0812000001${50 + n},2026-11-15`);
  dir.write("more.csv", `phone,sold_at\n${history}`);
  await there.ok(["blacklist", "import", "more.csv", "--kind", "sold"]);
  await there.ok(["customer", "set", "Acme", "--daily-cap", "500000"]);
  expect((await there.run(["doctor"])).stderr).toContain("all promises hold");
  const answers = await answersOf(there);
  const exported = await there.ok(["order", "export", id, "-o", "-"]);

  const { stderr } = await dir.ok(dir.move("--to", "duckdb"));
  expect(stderr).toContain("holds the numbers still: no erasure reaches them any more");
  await dir.checkPromises();
  expect(await answersOf(dir)).toEqual(answers);
  expect((await dir.ok(["order", "export", id, "-o", "-"])).stdout).toBe(exported.stdout);
  await dir.ok(["doctor", "--rebuild"]);
  await dir.checkPromises();
  expect((await dir.ok(["order", "export", id, "-o", "-"])).stdout).toBe(exported.stdout);
  expect((await dir.run(["order", "export", delivered, "-o", "-"])).code).toBe(0);
});

describe("killed anywhere, the same command goes on", () => {
  /** Kills one move at one point after the other; whoever tries to sell in between is refused. */
  async function killed(
    dir: ReturnType<typeof copied>,
    to: string,
    points: readonly (readonly [Failpoint, number])[],
  ): Promise<void> {
    for (const [point, nth] of points) {
      const env = { NUMBERS_FAILPOINT: `${point}=kill@${nth}` };
      const { code, stderr } = await dir.run(dir.move("--to", to), { env });
      expect(`${stderr}${code}`).toBe(`numbers: failpoint ${point}: kill\nnull`);
      const isDone = point === "move.noted" || point === "move.put-aside";
      for (const engine of ["duckdb", "clickhouse"]) {
        // That is where they are by then: the rest is tidying up.
        if (isDone && engine === to) continue;
        const args = [...order, "--engine", engine, "--clickhouse-url", dir.url];
        const refused = await dir.run(args);
        expect(refused.stderr).toMatch(/being moved|are in ClickHouse|has numbers of its own/);
        expect(refusal(refused)).toEqual([2, "", 2]);
      }
    }
  }

  test("there and back", async () => {
    const dir = copied();
    await killed(dir, "clickhouse", [
      ["move.marked", 1],
      ["change.logged", 1],
      ["move.announced", 1],
      ["move.carried", 2],
      ["move.carried", 5],
      ["move.carried", 9],
      ["move.verified", 1],
      ["move.arrived", 1],
    ]);
    // What happened to the numbers can be looked at still.
    expect((await dir.json(["stats"])).orders).toEqual({ reserved: 1, delivered: 5, cancelled: 1 });
    await killed(dir, "clickhouse", [
      ["move.noted", 1],
      ["move.put-aside", 2],
    ]);
    const { kept } = await dir.json(dir.move("--to", "clickhouse"));
    expect(readdirSync(join(dir.home, kept))).toHaveLength(5);
    expect(existsSync(join(dir.home, "moving"))).toBe(false);

    await killed(dir, "duckdb", [
      ["move.marked", 1],
      ["change.step-made", 1],
      ["move.announced", 1],
      ["move.carried", 3],
      ["move.carried", 12],
      ["copy.renamed", 2],
      ["move.carried", 1],
      ["move.verified", 1],
      ["journal.generation-named", 1],
      ["move.placed", 1],
      ["change.logged", 2],
      ["move.noted", 1],
    ]);
    await dir.ok(dir.move("--to", "duckdb"));
    await dir.checkPromises();
    expect(await answersOf(dir)).toEqual(before);
    const { entries } = await dir.json(["audit", "show", "--action", "home.move"]);
    expect(entries).toHaveLength(2);
  });

  test("what was sent and not noted is sent again, and is there once", async () => {
    const dir = copied();
    await killed(dir, "clickhouse", [["move.verified", 1]]);
    const notes = join(dir.home, "moving", "carried");
    const [id] = readFileSync(notes, "utf8").split("\n");
    writeFileSync(notes, `${id}\n`);
    expect((await dir.json(dir.move("--to", "clickhouse"))).verified.numbers).toBe(653);
  });

  test("what did not arrive is found, by its name; given up, the home is as it was", async () => {
    const dir = copied();
    const env = { NUMBERS_FAILPOINT: "move.announced=kill" };
    await dir.run(dir.move("--to", "clickhouse"), { env });
    const { moving } = JSON.parse(readFileSync(join(dir.home, "engine.json"), "utf8"));
    const [lost = ""] = filesBelow(join(world.home, "pool")).filter((path) => /isat/.test(path));
    mkdirSync(join(dir.home, "moving"));
    appendFileSync(
      join(dir.home, "moving", "carried"),
      `${moving.id}\n${lost.slice(world.home.length + 1)}\n`,
    );
    const { code, stderr } = await dir.run(dir.move("--to", "clickhouse"));
    expect(stderr).toMatch(
      /provider=isat\/\S+ is not the same on both sides: numbers 100 in the home, 0/,
    );
    expect(code).toBe(5);
    const given = await dir.json(dir.move("--cancel"));
    expect(given).toEqual({ cancelled: true, where: dir.home, to: dir.url, left: null });
    await dir.checkPromises();
    expect(await answersOf(dir)).toEqual(before);
    expect((await dir.run(dir.move("--cancel"))).stderr).toContain("no move is under way");
    // And nothing of it is left there.
    expect((await dir.json(dir.move("--to", "clickhouse"))).verified.numbers).toBe(653);
  });

  test("given up on the way back", async () => {
    const dir = copied();
    await dir.ok(dir.move("--to", "clickhouse"));
    await killed(dir, "duckdb", [["move.carried", 16]]);
    expect((await dir.run(dir.move("--to", "clickhouse"))).stderr).toContain("is under way");
    const given = await dir.json(dir.move("--cancel"));
    expect(given).toMatchObject({ cancelled: true, where: dir.url });
    expect(filesBelow(join(dir.home, "pool"))).toEqual([]);
    expect((await dir.run(order)).stderr).toContain("are in ClickHouse at");
    await dir.ok(dir.move("--to", "duckdb"));
    expect(await answersOf(dir)).toEqual(before);
  });
});

describe("what is refused leaves all as it was", () => {
  async function expectUnmarked(dir: Workdir): Promise<void> {
    expect(existsSync(join(dir.home, "engine.json"))).toBe(false);
    await dir.ok(order);
  }

  test.each([
    [["move"], "where to?"],
    [["move", "--to", "oracle"], "Allowed choices"],
    [["move", "--to", "clickhouse"], "where is the server?"],
    [["move", "--to", "clickhouse", "--cancel"], "say one of them"],
    [["move", "--cancel", "--clickhouse-url", "chdb:x"], "no move is under way"],
    [["move", "--to", "clickhouse", "--clickhouse-url", "chdb:x"], "no numbers of its own"],
    [["move", "--to", "duckdb", "--clickhouse-url", "chdb:x"], "has no numbers"],
  ])("%j", async (args, words) => {
    const dir = createWorkdir();
    const { code, stderr } = await dir.run(args);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
  });

  test("a server that is not there", async () => {
    const dir = copied();
    const url = "http://127.0.0.1:1/numbers";
    const args = ["move", "--to", "clickhouse", "--clickhouse-url", url, "--lock-timeout", "1s"];
    const { code, stderr } = await dir.run(args);
    expect(stderr).toContain("http://127.0.0.1:1 does not answer");
    expect(code).toBe(6);
    await expectUnmarked(dir);
  });

  test("a server that does not admit the user", async () => {
    const server = createServer((_, response) => {
      response.writeHead(516, { "X-ClickHouse-Exception-Code": "516" });
      response.end(
        "Code: 516. DB::Exception: numbers: Authentication failed. (AUTHENTICATION_FAILED)",
      );
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    const dir = copied();
    const { port } = server.address() as AddressInfo;
    const url = `http://numbers:secret@127.0.0.1:${port}/numbers`;
    const { code, stderr } = await dir.run(["move", "--to", "clickhouse", "--clickhouse-url", url]);
    expect(stderr).toContain("wrong name or password");
    expect(stderr).not.toContain("secret");
    expect(code).toBe(2);
    await expectUnmarked(dir);
  });

  test("an order whose copy is lost", async () => {
    const dir = copied();
    const [copy = ""] = filesBelow(join(dir.home, "ledger")).filter((path) => /11-01/.test(path));
    renameSync(copy, dir.path("copy.parquet"));
    const { code, stderr } = await dir.run(dir.move("--to", "clickhouse"));
    expect(stderr).toContain("is missing");
    expect(code).toBe(5);
    await expectUnmarked(dir);
  });
});

describe("a move that is given up while the server is away", () => {
  test("leaves what nobody can use, and the next move into it begins anew", async () => {
    const dir = copied();
    const env = { NUMBERS_FAILPOINT: "move.carried=kill@4" };
    await dir.run(dir.move("--to", "clickhouse"), { env });
    const away = ["--clickhouse-url", "http://127.0.0.1:1/numbers", "--lock-timeout", "1s"];
    const { code, stderr } = await dir.run(["move", "--cancel", ...away]);
    expect(stderr).toContain("could not be removed there");
    expect(code).toBe(0);
    await dir.ok(order);
    const moved = await dir.json(dir.move("--to", "clickhouse"));
    expect(moved.verified).toMatchObject({ numbers: 653, sales: 138 });
  });
});

describe("into another home", () => {
  test("with the key of erasures, which the server does not have; the first home is told", async () => {
    const dir = copied();
    await dir.ok(dir.move("--to", "clickhouse"));
    const other = createWorkdir();
    const args = ["move", "--to", "duckdb", "--clickhouse-url", dir.url];
    const keyless = await other.run(args);
    expect(keyless.stderr).toContain("erasure.key is missing");
    expect(keyless.code).toBe(5);
    cpSync(join(dir.home, "erasure.key"), join(other.home, "erasure.key"));
    // Given up, it is as empty as it was, and the first one sells.
    await other.run(args, { env: { NUMBERS_FAILPOINT: "move.carried=kill@3" } });
    const stopped = await dir.run(["stats", "--engine", "clickhouse", "--clickhouse-url", dir.url]);
    expect(stopped.code).toBe(0);
    await other.ok(["move", "--cancel", "--clickhouse-url", dir.url]);
    expect((await other.json(["stats"])).pool).toEqual([]);
    await other.ok(args);
    await other.checkPromises();
    expect(await answersOf(other)).toEqual(before);
    const late = await dir.run(["stats", "--engine", "clickhouse", "--clickhouse-url", dir.url]);
    expect(late.stderr).toContain(`were moved to ${other.home}`);
    expect(refusal(late)).toEqual([2, "", 2]);
  });
});

describe("the guard", () => {
  test("a home with numbers of its own is not used with a server", async () => {
    const dir = copied();
    const { code, stderr } = await dir.run([
      ...order,
      "--engine",
      "clickhouse",
      "--clickhouse-url",
      dir.url,
    ]);
    expect(stderr).toMatch(
      /has numbers of its own \(5 imports, 7 orders, 137 sales.*numbers move --to clickhouse/,
    );
    expect(code).toBe(2);
  });

  test("an order that was begun before the move, and ends after it, sells nothing", async () => {
    const dir = copied();
    // It has looked where the numbers are, and waits for the lock that the move has.
    const env = { NUMBERS_FAILPOINT: "move.carried=term@3" };
    const moving = dir.run(dir.move("--to", "clickhouse"), { env });
    const orders = await Promise.all(Array.from({ length: 4 }, () => dir.run(order)));
    const stopped = await moving;
    expect(stopped.stderr).toContain("goes on with it");
    expect(stopped.code).toBe(143);
    // Sold and delivered; sold and not delivered, with its id; or nothing of it.
    for (const one of orders.filter(({ code }) => code !== 0)) {
      expect(one.stderr).toContain("being moved");
      if (one.code === 7)
        expect(one.stderr).toMatch(/order \S+ (was not delivered|is written out)/);
      else expect(one.code).toBe(2);
    }
    const sold = orders.filter(({ code }) => code !== 2).length;
    const { verified } = await dir.json(dir.move("--to", "clickhouse"));
    expect(verified.sales).toBe(137 + sold);
  });
});
