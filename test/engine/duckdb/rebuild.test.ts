/**
 * A database that is lost, damaged or too old: it is never sold from, and made anew from the files beside it. What every
 * table holds is compared in the end, and what is sold next.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  filesBelow,
  list,
  type Workdir,
} from "../../workdir.ts";

const day = (n: number, time = "09:00:00") => `2026-11-${String(n).padStart(2, "0")}T${time}+07:00`;

const oddName = "b\u2028\"'.csv";

const order = ["order", "--provider", "tsel", "--count"];

/** Something of everything that a home can hold. */
async function fullHome(dir: Workdir): Promise<void> {
  dir.write("a.csv", list("812", 400));
  // A line for node:readline and many others, none for JSON.
  dir.write(oddName, `${list("813", 300)}no phone,x,y\n`);
  dir.write("c.csv", list("815", 100));
  await dir.ok(["source", "add", "Warung A", "--basis", "consent", "--expires", "2027-01-01"]);
  await dir.ok(["source", "set", "warung a", "--contact", "a@example.com"]);
  await dir.ok(["ingest", "a.csv", "--source", "Warung A", "--category", "silver"]);
  await dir.ok(["ingest", oddName, "c.csv", "--category-column", "city"]);
  await dir.ok(["customer", "add", "PT Contoh", "--price", "12.50", "--daily-cap", "1000"]);
  await dir.ok(["customer", "set", "PT Contoh", "--never-twice"]);
  await dir.ok([...order, "50", "--key", "one", "--customer", "PT Contoh", "-o", "o1.csv"]);
  await dir.ok([...order, "30", "--columns", "phone,city:town", "--split", "20", "-o", "o2.csv"]);
  expect((await dir.run([...order, "20", "--key", "two", "-o", "/dev/full"])).code).toBe(7);
  const cancelled = (await dir.json([...order, "10", "-o", "o4.csv"])).order_id;
  await dir.ok(["order", "cancel", cancelled, "--disclosed"]);
  const failed = await dir.run([...order, "10", "-o", "/dev/full", "--json"]);
  await dir.ok(["order", "cancel", /[0-9]{8}-[a-z0-9]+/.exec(failed.stderr)?.[0] ?? ""]);
  await dir.ok([
    "blacklist",
    "add",
    "081200000001",
    "081200000002",
    "--kind",
    "dnc",
    "--reason",
    "a",
  ]);
  await dir.ok(["blacklist", "add", "081200000003", "--kind", "invalid", "--reason", "b"]);
  await dir.ok(["blacklist", "remove", "081200000002", "--kind", "dnc"]);
  dir.write("dnc.csv", list("812", 1, { from: 5 }));
  await dir.ok(["blacklist", "import", "dnc.csv", "--kind", "dnc"]);
  const digest = createHash("md5").update("6281200000006").digest("hex");
  dir.write("md5.csv", `hash\n${digest}\n`);
  await dir.ok([
    "blacklist",
    "import",
    "md5.csv",
    "--kind",
    "dnc",
    "--hash",
    "md5",
    "--hash-of",
    "digits",
  ]);
  dir.write("old.csv", list("812", 1, { from: 7 }));
  await dir.ok(["blacklist", "import", "old.csv", "--kind", "sold", "--at", day(1)]);
  const [bad] = readFileSync(dir.path("o1.csv"), "utf8").split("\n").slice(1);
  dir.write("bad.csv", `phone\n${bad?.split(",")[0]}\n`);
  const { orders } = await dir.json(["order", "list", "--customer", "PT Contoh"]);
  await dir.ok(["order", "return", orders[0].order_id, "bad.csv", "--reason", "disconnected"]);
  await dir.ok(["erase", "081200000009", "--reason", "asked by mail"]);
  dir.write("d.csv", list("811", 40));
  await dir.ok(["ingest", "d.csv"], { now: day(20, "10:00:00") });
  await dir.ok([...order, "5", "-o", "o6.csv"], { now: day(20, "11:00:00") });
  await dir.checkPromises();
}

const tables = [
  ...[
    "audit",
    "customers",
    "import_categories",
    "imports",
    "ledger",
    "meta",
    "order_files",
    "orders",
  ],
  ...[
    "pool_files",
    "returned",
    "returns",
    "sources",
    "suppressed_digests",
    "suppression",
    "erasures",
  ],
];

/** All that the tables hold but what a rebuild adds to the audit log. */
async function contentOf(dir: Workdir): Promise<Record<string, unknown[]>> {
  const content: Record<string, unknown[]> = {};
  for (const table of tables) {
    const where =
      table === "audit"
        ? "where action not like 'home.%'"
        : table === "meta"
          ? "where key <> 'audit_head'"
          : "";
    const columns = table === "orders" ? "* exclude (disclosed)" : "*";
    content[table] = await dir.query(`select ${columns} from ${table} ${where} order by all`);
  }
  return content;
}

function loseDatabase(dir: Workdir): void {
  for (const name of readdirSync(dir.home))
    if (name.startsWith("numbers.duckdb")) rmSync(join(dir.home, name));
}

function journalOf(dir: Workdir): string {
  const [generation] = readdirSync(join(dir.home, "journal"));
  return join(dir.home, "journal", generation ?? "");
}

/** Everything that answers from the database. */
const askers = [
  ["stats"],
  ["order", "--provider", "tsel", "--count", "1", "-o", "x.csv"],
  ["order", "--provider", "tsel", "--count", "1", "--dry-run"],
  ["lookup", "081200000001"],
  ["ingest", "a.csv"],
  ["blacklist", "add", "081200000010", "--kind", "dnc", "--reason", "x"],
  ["order", "list"],
];

describe("a home with something of everything", () => {
  let whole: Workdir;
  let content: Record<string, unknown[]>;
  beforeAll(async () => {
    whole = createWorkdir((remove) => afterAll(remove));
    await fullHome(whole);
    content = await contentOf(whole);
    for (const table of tables) expect(content[table], table).not.toEqual([]);
  });

  function copyOfHome(): Workdir {
    const dir = createWorkdir();
    cpSync(whole.folder, dir.folder, { recursive: true });
    return dir;
  }

  async function nextSale(dir: Workdir): Promise<string> {
    const args = ["order", "--provider", "tsel", "--count", "60", "-o", "-"];
    return (await dir.ok(args, { now: day(20, "12:00:00") })).stdout;
  }

  test("its lost database is asked for by nobody, and made anew as it was", async () => {
    const dir = copyOfHome();
    loseDatabase(dir);
    const before = filesBelow(dir.home).sort();
    for (const args of askers) {
      const { code, stderr } = await dir.run(args);
      expect([args, code]).toEqual([args, 5]);
      expect(stderr).toContain("numbers doctor --rebuild");
    }
    expect(filesBelow(dir.home).sort()).toEqual(before);
    const { rebuilt, ok } = await dir.json(["doctor", "--rebuild"]);
    expect(ok).toBe(true);
    expect(rebuilt).toMatchObject({ adopted_orders: [], replaced_database: null, imports: 4 });
    expect(await contentOf(dir)).toEqual(content);
    await dir.checkPromises();
    for (const { order_id, state, sha256 } of (await dir.json(["order", "list"])).orders) {
      if (state !== "delivered" || sha256 === null) continue;
      const again = await dir.json(["order", "export", order_id, "-o", `again-${order_id}.csv`]);
      expect(again.sha256).toBe(sha256);
    }
    expect(await nextSale(dir)).toBe(await nextSale(copyOfHome()));
    // A key that was used is known.
    const keyed = [...order, "50", "--key", "one", "--customer", "PT Contoh", "-o", "k.csv"];
    await dir.ok(keyed);
    expect(readFileSync(dir.path("k.csv"), "utf8")).toBe(
      readFileSync(whole.path("o1.csv"), "utf8"),
    );
  });

  test("one that is there is made anew too, and kept; a second time changes nothing", async () => {
    const dir = copyOfHome();
    const { rebuilt } = await dir.json(["doctor", "--rebuild"]);
    expect(existsSync(join(dir.home, rebuilt.replaced_database))).toBe(true);
    expect(await contentOf(dir)).toEqual(content);
    const { rebuilt: second } = await dir.json(["doctor", "--rebuild"]);
    expect(second.replaced_database).not.toBe(rebuilt.replaced_database);
    expect(await contentOf(dir)).toEqual(content);
    // Whoever is erased later is erased from what was kept, too.
    await dir.ok(["erase", "081200000011", "--reason", "asked"]);
    expect(readdirSync(dir.home).filter((name) => name.includes("replaced"))).toEqual([]);
    await dir.checkPromises();
  });

  test("an older database in its place is refused, not sold from", async () => {
    const dir = copyOfHome();
    const old = dir.path("old.duckdb");
    cpSync(join(dir.home, "numbers.duckdb"), old);
    const sold = await nextSale(dir);
    cpSync(old, join(dir.home, "numbers.duckdb"));
    rmSync(join(dir.home, "numbers.duckdb.wal"), { force: true });
    for (const args of askers) {
      const { code, stderr } = await dir.run(args);
      expect([args, code]).toEqual([args, 5]);
      expect(stderr).toContain("lost changes");
    }
    const doctor = await dir.run(["doctor", "--json"]);
    expect(doctor.code).toBe(5);
    const { violations } = JSON.parse(doctor.stdout);
    expect(violations[0]).toMatchObject({ promise: 8, check: "journal_behind" });
    expect((await dir.run(["doctor", "--repair"])).code).toBe(5);
    await dir.ok(["doctor", "--rebuild"]);
    await dir.checkPromises();
    const sales = new Set(sold.split("\n").slice(1, -1));
    for (const line of (await nextSale(dir)).split("\n").slice(1, -1))
      expect(sales).not.toContain(line);
  });

  test("a change that did not reach the journal is written again by the next one, or by the doctor", async () => {
    for (const heal of [["doctor"], ["customer", "add", "PT Lain"]]) {
      const dir = copyOfHome();
      const log = join(journalOf(dir), "changes.log");
      const lines = readFileSync(log, "utf8").split("\n");
      // All but the last line, and half of that.
      for (const torn of ["", lines.at(-2)?.slice(0, 100) ?? ""]) {
        writeFileSync(log, `${lines.slice(0, -2).join("\n")}\n${torn}`);
        const done = await dir.run(heal);
        expect(done.stderr).not.toContain("journal");
        loseDatabase(dir);
        await dir.ok(["doctor", "--rebuild"]);
        expect((await contentOf(dir)).orders).toEqual(content.orders);
        await dir.checkPromises();
        break;
      }
    }
  });

  test("orders that the journal does not know are taken in from their copies", async () => {
    const dir = copyOfHome();
    const log = join(journalOf(dir), "changes.log");
    const before = readFileSync(log);
    const sold = await nextSale(dir);
    const { order_id } = (await dir.json(["order", "list", "--limit", "1"])).orders[0];
    writeFileSync(log, before);
    loseDatabase(dir);
    // As if it had been killed before the copy had its name, too.
    const [copy = ""] = filesBelow(join(dir.home, "ledger")).filter((path) =>
      path.includes(order_id),
    );
    renameSync(copy, `${copy}.pending`);
    const { rebuilt } = await dir.json(["doctor", "--rebuild"]);
    expect(rebuilt.adopted_orders).toEqual([order_id]);
    await dir.checkPromises();
    const exported = await dir.ok(["order", "export", order_id, "-o", "-"]);
    expect(exported.stdout).toBe(sold);
    const sales = new Set(sold.split("\n").slice(1, -1));
    for (const line of (await nextSale(dir)).split("\n").slice(1, -1))
      expect(sales).not.toContain(line);
  });

  /** [what, how, what the doctor says, whether --repair mends it] */
  const damages: [string, (dir: Workdir) => void, RegExp, boolean][] = [
    [
      "a byte of a line of the journal",
      (dir) => flip(join(journalOf(dir), "changes.log"), 0.5),
      /line \d+ of .*changes\.log is not as it was written/,
      true,
    ],
    [
      "a byte of a table of the journal",
      (dir) => flip(join(journalOf(dir), "suppression.parquet"), 0.5),
      /suppression\.parquet is not as it was written/,
      true,
    ],
    [
      "a table of the journal gone",
      (dir) => rmSync(join(journalOf(dir), "imports.parquet")),
      /imports\.parquet/,
      true,
    ],
    [
      "lines added to the journal's log",
      (dir) => appendFileSync(join(journalOf(dir), "changes.log"), "0123456789abcdef {}\n"),
      /changes\.log|journal ends/,
      true,
    ],
    ["a copy of an order gone", (dir) => rmSync(copyOf(dir)), /its copy .* is missing/, true],
    [
      "a copy cut short",
      (dir) => truncateSync(copyOf(dir), 200),
      /its copy .* cannot be read/,
      true,
    ],
    ["a history gone", (dir) => rmSync(historyOf(dir)), /sales of imported histories/, false],
    [
      "a copy of nobody's",
      (dir) => cpSync(copyOf(dir), join(copyOf(dir), "..", "20261120-zzzzzzzz.parquet")),
      /an order that the database does not know/,
      false,
    ],
  ];

  test.each(damages)("%s is found", async (_what, damage, words, isMended) => {
    const dir = copyOfHome();
    damage(dir);
    const { code, stderr } = await dir.run(["doctor"]);
    expect(stderr).toMatch(words);
    expect(code).toBe(5);
    const repair = await dir.run(["doctor", "--repair"]);
    expect([repair.code, repair.stderr]).toEqual([isMended ? 0 : 5, expect.anything()]);
    if (!isMended) return;
    await dir.checkPromises();
    loseDatabase(dir);
    await dir.ok(["doctor", "--rebuild"]);
    const { orders, ledger, suppression } = await contentOf(dir);
    expect({ orders, ledger, suppression }).toEqual({
      orders: content.orders,
      ledger: content.ledger,
      suppression: content.suppression,
    });
  });

  /** The copy of the order of PT Contoh, which was delivered first. */
  function copyOf(dir: Workdir): string {
    const [order] = content.orders?.filter((row) => (row as { key: string }).key === "one") ?? [];
    const { order_id } = order as { order_id: string };
    return filesBelow(join(dir.home, "ledger")).find((path) => path.includes(order_id)) ?? "";
  }

  function historyOf(dir: Workdir): string {
    const ids = new Set(content.orders?.map((row) => (row as { order_id: string }).order_id));
    return (
      filesBelow(join(dir.home, "ledger")).find(
        (path) => ![...ids].some((id) => path.includes(id)),
      ) ?? ""
    );
  }

  test("an order whose copy was written anew is not delivered again, and says so", async () => {
    const dir = copyOfHome();
    const id = /([^/]+)\.parquet$/.exec(copyOf(dir))?.[1] ?? "";
    rmSync(copyOf(dir));
    expect((await dir.run(["order", "export", id, "-o", "k.csv"])).code).toBe(5);
    await dir.ok(["doctor", "--repair"]);
    const after = await dir.run(["order", "export", id, "-o", "k.csv"]);
    expect([after.code, after.stderr]).toEqual([
      5,
      expect.stringContaining("cannot be delivered again"),
    ]);
    expect(existsSync(dir.path("k.csv"))).toBe(false);
  });

  test("without the copy of an order there is no new database: nobody knows what it sold", async () => {
    const dir = copyOfHome();
    loseDatabase(dir);
    const copy = copyOf(dir);
    const kept = readFileSync(copy);
    for (const damage of [() => rmSync(copy), () => writeFileSync(copy, kept.subarray(0, 300))]) {
      damage();
      const { code, stderr } = await dir.run(["doctor", "--rebuild"]);
      expect(code).toBe(5);
      expect(stderr).toContain(copy);
      expect(existsSync(join(dir.home, "numbers.duckdb"))).toBe(false);
    }
    writeFileSync(copy, kept);
    await dir.ok(["doctor", "--rebuild"]);
    expect(await contentOf(dir)).toEqual(content);
  });

  test("files of the pool that no import names are said, and removed by a repair", async () => {
    const dir = copyOfHome();
    const [some = ""] = filesBelow(join(dir.home, "pool"));
    const lonely = join(dir.home, "pool", "date=2026-01-01", "provider=tsel");
    mkdirSync(lonely, { recursive: true });
    cpSync(some, join(some, "..", "20261120-zzzzzzzz-1.parquet"));
    cpSync(some, join(lonely, "20261120-zzzzzzzz-1.parquet"));
    const { ok, leftovers } = await dir.json(["doctor"]);
    expect(ok).toBe(true);
    expect(leftovers).toEqual([expect.stringContaining("2 files in pool/")]);
    const { repaired } = await dir.json(["doctor", "--repair"]);
    expect(repaired).toHaveLength(2);
    expect(existsSync(join(dir.home, "pool", "date=2026-01-01"))).toBe(false);
    expect((await dir.json(["doctor", "--repair"])).repaired).toEqual([]);
    await dir.checkPromises();
    loseDatabase(dir);
    await dir.ok(["doctor", "--rebuild"]);
    expect((await contentOf(dir)).imports).toEqual(content.imports);
  });

  test("while it is made anew nobody sells", async () => {
    const dir = copyOfHome();
    const env = cleanEnvironment(dir.home, { now: day(20, "12:00:00") }) as NodeJS.ProcessEnv;
    const shell = `node ${binary} doctor --rebuild & node ${binary} order --provider tsel --count 60 -o s.csv; wait`;
    execFileSync("sh", ["-c", shell], { cwd: dir.folder, env, stdio: "pipe" });
    await dir.checkPromises();
    const sales = await dir.query(
      "select count(*) as n from ledger where sold_at = '2026-11-20 12:00:00+07'",
    );
    expect(sales).toEqual([{ n: "60" }]);
  });
});

test("a first use that was killed before the database was made is no lost database", async () => {
  const dir = createWorkdir();
  for (const name of ["pool", "ledger", "rejects", "tmp"]) {
    mkdirSync(join(dir.home, name), { recursive: true });
  }
  dir.write("a.csv", list("812", 10));
  await dir.ok(["ingest", "a.csv"]);
  await dir.checkPromises();
});

test("many processes may be the first in a home, and none sees a database that is half made", async () => {
  for (let round = 0; round < 3; round += 1) {
    const dir = createWorkdir();
    const paths = Array.from({ length: 6 }, (_, n) => dir.write(`${n}.csv`, list(`81${n}`, 2)));
    const runs = [...paths.map((path) => ["ingest", path]), ["stats"], ["order", "list"]];
    const outcomes = await Promise.all(runs.map((args) => dir.run(args)));
    expect(outcomes.map(({ code, stderr }) => (code === 0 ? "" : stderr))).toEqual(
      runs.map(() => ""),
    );
    await dir.checkPromises();
  }
});

test("a journal grows no larger than a few days of changes, and erased persons are not in it", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 50));
  await dir.ok(["ingest", "a.csv"]);
  await dir.ok(["blacklist", "add", "081200000007", "--kind", "dnc", "--reason", "x"]);
  const log = () => readFileSync(join(journalOf(dir), "changes.log"), "utf8");
  expect(log()).toContain("6281200000007");
  await dir.ok(["erase", "081200000007", "--reason", "asked"]);
  expect(log()).not.toContain("81200000007");
  await dir.ok(["blacklist", "add", "081200000007", "--kind", "dnc", "--reason", "x"]);
  expect(log()).not.toContain("81200000007");
  expect(readdirSync(join(dir.home, "journal"))).toHaveLength(1);
  await dir.checkPromises();
});

function flip(path: string, where: number): void {
  const bytes = readFileSync(path);
  const at = Math.floor(bytes.length * where);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
