/** Dropping what is too old: what goes, what stays and why, and what is still true of what went. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { createWorkdir, filesBelow, list, morning, phonesOf, type Workdir } from "../workdir.ts";

/** Nine in the morning in Jakarta, so many days before the usual morning. */
function ago(days: number): { now: string } {
  const instant = new Date(Date.parse(morning) - days * 86_400_000);
  return { now: instant.toISOString() };
}

/** A home with a list of ten tsel numbers ten days old, and one of ten xl numbers of today. */
async function oldAndNew(dir: Workdir): Promise<void> {
  await dir.ok(["ingest", dir.write("old.csv", list("812", 10))], ago(10));
  await dir.ok(["ingest", dir.write("new.csv", list("817", 10))]);
}

const order = (count: number, provider = "tsel") => [
  ...["order", "--provider", provider, "--count", String(count), "--within", "30d"],
];

async function sold(dir: Workdir, days: number, args: readonly string[]): Promise<string> {
  const { order_id } = await dir.json([...args, "-o", dir.path("out-{id}.csv")], ago(days));
  return order_id;
}

const poolFiles = (dir: Workdir) => filesBelow(join(dir.home, "pool"));
const ledgerFiles = (dir: Workdir) => filesBelow(join(dir.home, "ledger"));

describe("usage", () => {
  test.each([
    [["prune"], "nothing to prune"],
    [["prune", "--dry-run"], "nothing to prune"],
    [["prune", "--pool", "7"], '"7" is no duration'],
    [["prune", "--ledger", "never"], '"never" is no duration'],
    [["prune", "--ledger", "400d", "--drop-exports"], "--pool"],
    [["prune", "all", "--pool", "7d"], "too many arguments"],
  ])("%j is refused", async (args, words) => {
    const dir = createWorkdir();
    const { code, stderr } = await dir.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test("an empty home has nothing to drop, and logs nothing", async () => {
    const dir = createWorkdir();
    const document = await dir.json(["prune", "--pool", "7d", "--ledger", "400d"]);
    expect(document).toMatchObject({
      dry_run: false,
      pool: { since: "2026-11-13", partitions: [], numbers: 0, files: 0, bytes: 0, kept: [] },
      ledger: { since: "2025-10-16T00:00:00.000Z", sales: 0, orders: 0, days: [], files: 0 },
      unexportable_orders: [],
    });
    expect((await dir.json(["audit", "show"])).entries).toEqual([]);
  });
});

describe("the pool", () => {
  test("days before the window go with their files and folders, the rest stays", async () => {
    const dir = createWorkdir();
    await oldAndNew(dir);
    // The day in which the window begins, from its first second on.
    const edge = dir.write("edge.csv", list("813", 5));
    await dir.ok(["ingest", edge], { now: "2026-11-13T00:00:00+07:00" });
    const before = poolFiles(dir);
    const planned = await dir.json(["prune", "--pool", "7d", "--dry-run"]);
    expect(poolFiles(dir)).toEqual(before);
    await dir.checkPromises();

    const [gone = ""] = before.filter((path) => path.includes("2026-11-10"));
    const bytes = statSync(gone).size;
    const { database, ...done } = await dir.json(["prune", "--pool", "7d"]);
    expect(done).toMatchObject({
      pool: {
        since: "2026-11-13",
        partitions: [{ date: "2026-11-10", provider: "tsel", numbers: 10 }],
        numbers: 10,
        files: 1,
        bytes,
      },
      ledger: null,
    });
    expect(planned).toEqual({ ...done, dry_run: true, database: null });
    expect(database.renewed).toBe(false);
    expect(poolFiles(dir)).toEqual(before.filter((path) => path !== gone));
    expect(readdirSync(join(dir.home, "pool")).sort()).toEqual([
      "date=2026-11-13",
      "date=2026-11-20",
    ]);
    await dir.checkPromises();

    const { pool } = await dir.json(["stats"]);
    expect(pool.map(({ date }: { date: string }) => date).sort()).toEqual([
      "2026-11-13",
      "2026-11-20",
    ]);
    expect(await dir.query("select numbers, pruned from imports order by sequence")).toEqual([
      { numbers: "10", pruned: "10" },
      { numbers: "10", pruned: "0" },
      { numbers: "5", pruned: "0" },
    ]);
    const { entries } = await dir.json(["audit", "show", "--action", "prune"]);
    expect(entries).toMatchObject([
      { subject: "pool", details: { partitions: ["2026-11-10/tsel"], numbers: 10 } },
    ]);
    await dir.ok(["audit", "verify"]);

    // Once more changes nothing and is not logged.
    const again = await dir.json(["prune", "--pool", "7d"]);
    expect(again.pool).toMatchObject({ partitions: [], files: 0 });
    expect((await dir.json(["audit", "show", "--action", "prune"])).entries).toHaveLength(1);
  });

  test("of a list that lies in two partitions one can go", async () => {
    const dir = createWorkdir();
    const mixed = `${list("812", 6)}${list("817", 4).split("\n").slice(1).join("\n")}`;
    await dir.ok(["ingest", dir.write("mixed.csv", mixed), "--category", "loans"], ago(10));
    await sold(dir, 9, order(3, "xl"));
    const { pool } = await dir.json(["prune", "--pool", "7d"]);
    expect(pool.partitions).toEqual([{ date: "2026-11-10", provider: "tsel", numbers: 6 }]);
    expect(pool.kept).toEqual([
      { date: "2026-11-10", provider: "xl", numbers: 4, reserved_orders: 0, delivered_orders: 1 },
    ]);
    await dir.checkPromises();
    expect((await dir.json(["stats"])).categories).toMatchObject([
      { category: "loans", numbers: 4 },
    ]);
    await dir.ok(["prune", "--pool", "7d", "--drop-exports"]);
    await dir.checkPromises();
    expect((await dir.json(["stats"])).categories).toEqual([]);
    // A category that was is no mistake of spelling: there is too little of it.
    const { code } = await dir.run([...order(1), "--category", "Loans"]);
    expect(code).toBe(4);
  });

  test("rejects of lists that came in before the window go too", async () => {
    const dir = createWorkdir();
    const broken = (prefix: string) => `${list(prefix, 3)}12,nobody,nowhere\n`;
    await dir.ok(["ingest", dir.write("old.csv", broken("812"))], ago(10));
    await dir.ok(["ingest", dir.write("new.csv", broken("817"))]);
    const { pool } = await dir.json(["prune", "--pool", "7d"]);
    expect(pool.rejects.files).toBe(1);
    const left = readdirSync(join(dir.home, "rejects"));
    expect(left).toHaveLength(1);
    expect(left[0]).toMatch(/^20261120-/);
    await dir.checkPromises();
  });

  test("a delivered order keeps the days that it is exported from, unless told otherwise", async () => {
    const dir = createWorkdir();
    await oldAndNew(dir);
    const id = await sold(dir, 9, order(4));
    const bytes = readFileSync(dir.path(`out-${id}.csv`));
    const { stderr } = await dir.ok(["prune", "--pool", "7d"]);
    expect(stderr).toContain("1 partition older than --pool stay");
    expect(stderr).toContain("--drop-exports");
    expect(poolFiles(dir)).toHaveLength(2);
    await dir.ok(["order", "export", id, "-o", "again.csv"]);
    expect(readFileSync(dir.path("again.csv")).equals(bytes)).toBe(true);

    const { pool, unexportable_orders } = await dir.json([
      "prune",
      "--pool",
      "7d",
      "--drop-exports",
    ]);
    expect(pool).toMatchObject({ numbers: 10, kept: [] });
    expect(unexportable_orders).toEqual([id]);
    expect(poolFiles(dir)).toHaveLength(1);
    await dir.checkPromises();

    for (const output of ["-", "gone.csv"]) {
      const { code, stderr: said, stdout } = await dir.run(["order", "export", id, "-o", output]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(said).toContain(
        `4 numbers of order ${id} came from days of the pool that were pruned on 2026-11-20`,
      );
    }
    expect(existsSync(dir.path("gone.csv"))).toBe(false);
    // What was bought is still known, and still nobody gets it again.
    expect(await dir.json(["order", "show", id])).toMatchObject({ state: "delivered", numbers: 4 });
    expect((await dir.json(["stats"])).ledger.numbers).toBe(4);
    await dir.ok(["ingest", dir.path("old.csv"), "--force"]);
    expect((await dir.json([...order(1), "--dry-run"])).available).toBe(6);
    await dir.checkPromises();
  });

  test("a repeated key says so too", async () => {
    const dir = createWorkdir();
    await oldAndNew(dir);
    await sold(dir, 9, [...order(4), "--key", "first"]);
    await dir.ok(["prune", "--pool", "7d", "--drop-exports"]);
    const { code, stderr } = await dir.run([...order(4), "--key", "first", "-o", "-"]);
    expect(code).toBe(2);
    expect(stderr).toContain("pruned on 2026-11-20");
  });

  test("a reserved order keeps its days whatever is told, a cancelled one none", async () => {
    const dir = createWorkdir();
    await oldAndNew(dir);
    // A folder cannot be written: the order stays reserved.
    const failed = await dir.run([...order(4), "-o", dir.path("no/such/folder.csv")], ago(9));
    expect(failed.code).not.toBe(0);
    const reserved = await dir.run([...order(4), "-o", "/dev/full"], ago(9));
    expect(reserved.code).toBe(7);
    const { orders } = await dir.json(["order", "list", "--state", "reserved"]);
    const id = orders[0].order_id;
    const { pool, unexportable_orders } = await dir.json([
      "prune",
      "--pool",
      "7d",
      "--drop-exports",
    ]);
    expect(pool.partitions).toEqual([]);
    expect(pool.kept).toMatchObject([{ date: "2026-11-10", reserved_orders: orders.length }]);
    expect(unexportable_orders).toEqual([]);
    const { stdout } = await dir.ok(["order", "export", id, "-o", "-"]);
    expect(phonesOf(stdout)).toHaveLength(4);
    await dir.checkPromises();
    for (const { order_id } of orders) {
      await dir.ok(["order", "cancel", order_id, "--disclosed"]);
    }
    expect((await dir.json(["prune", "--pool", "7d"])).pool.numbers).toBe(10);
    await dir.checkPromises();
  });

  test("what is known of a pruned list stays known: nothing of it enters twice", async () => {
    const dir = createWorkdir();
    await oldAndNew(dir);
    const id = await sold(dir, 9, order(2));
    await dir.ok(["prune", "--pool", "7d", "--drop-exports"]);
    const { files } = await dir.json(["ingest", dir.path("old.csv")]);
    expect(files[0].status).toBe("skipped");
    expect(await dir.json(["search", "old.csv"])).toMatchObject({
      imports: [{ date: "2026-11-10", numbers: 10 }],
    });
    expect(await dir.json(["search", "081200000001"])).toMatchObject({ numbers_total: 0 });
    expect(await dir.json(["lookup", "081200000001"])).toMatchObject({
      reason: "not_in_pool",
      sales: [],
    });
    const [last] = phonesOf(readFileSync(dir.path(`out-${id}.csv`), "utf8"));
    const known = await dir.json(["lookup", `+${last}`]);
    expect(known).toMatchObject({ reason: "not_in_pool", sales: [{ order_id: id }] });
    expect(known.occurrences).toMatchObject([{ date: "2026-11-10" }]);
    // Who was sold, and whose row of the pool is gone, can be forgotten like anybody else.
    const erased = await dir.json(["erase", `+${last}`, "--reason", "asked by mail"]);
    expect(erased.erasures).toMatchObject([{ pool_rows: 0, ledger_rows: 1 }]);
    await dir.checkPromises();
  });
});

describe("the ledger", () => {
  const columns = "order_id, state, numbers::integer as numbers, pruned_at is not null as pruned";

  test("orders older than the window lose their sales, not their counts; what is still needed stays", async () => {
    const dir = createWorkdir();
    await dir.ok(["ingest", dir.write("ancient.csv", list("812", 40))], ago(501));
    for (const terms of [
      ["Acme", "--price", "1000.00"],
      ["Once", "--never-twice", "on"],
    ]) {
      await dir.ok(["customer", "add", ...terms], ago(501));
    }
    const acme = await sold(dir, 500, [...order(10), "--customer", "Acme"]);
    const once = await sold(dir, 500, [...order(5), "--customer", "Once"]);
    const bad = dir.write(
      "bad.txt",
      phonesOf(readFileSync(dir.path(`out-${acme}.csv`), "utf8"))[0] ?? "",
    );
    await dir.ok(["order", "return", acme, bad, "--reason", "unreachable"], ago(499));
    // One that was never delivered, one that was cancelled before that, one that was delivered last week.
    for (const count of [3, 4, 6]) {
      const filled = await dir.run(
        [...order(count), "--customer", "Acme", "-o", "/dev/full"],
        ago(498),
      );
      expect(filled.code).toBe(7);
    }
    const ids = await dir.query(
      "select order_id, numbers::integer as n from orders where state = 'reserved'",
    );
    const idOf = (count: number) => String(ids.find(({ n }) => n === count)?.order_id);
    await dir.ok(["order", "cancel", idOf(4)], ago(498));
    await dir.ok(["order", "export", idOf(6), "-o", "late.csv"], ago(7));
    await dir.ok(["ingest", dir.write("new.csv", list("812", 40, { name: "Sari" }))], ago(2));
    const young = await sold(dir, 1, order(2));

    const statement = ["customer", "statement", "Acme", "--month", "2025-07"];
    const { stdout: billed } = await dir.ok(statement);
    expect(billed).toContain(acme);
    const filesBefore = ledgerFiles(dir);
    const args = ["prune", "--ledger", "400d"];
    const planned = await dir.json([...args, "--dry-run"]);
    expect(ledgerFiles(dir)).toEqual(filesBefore);
    const { database: _, ...done } = await dir.json(args);
    expect(planned).toEqual({ ...done, dry_run: true, database: null });
    expect(done).toMatchObject({
      pool: null,
      ledger: {
        since: "2025-10-16T00:00:00.000Z",
        sales: 10,
        orders: 2, // Acme's first, and the cancelled one
        days: [{ date: "2025-07-08", sales: 10 }],
        files: 2,
        kept: { reserved: 3, max_sales: 0, cooldown: 0, returnable: 6, never_twice: 5 },
      },
      unexportable_orders: [acme],
    });
    expect(
      await dir.query(`select ${columns} from orders where pruned_at is not null order by state`),
    ).toEqual([
      { order_id: idOf(4), state: "cancelled", numbers: 4, pruned: true },
      { order_id: acme, state: "delivered", numbers: 10, pruned: true },
    ]);
    const left = await dir.query(
      "select order_id, count(*)::integer as n from ledger group by 1 order by n",
    );
    expect(left.map(({ order_id }) => order_id)).toEqual([young, idOf(3), once, idOf(6)]);
    expect(await dir.query("select * from returned")).toEqual([]);
    expect(ledgerFiles(dir)).toHaveLength(filesBefore.length - 2);
    await dir.checkPromises();

    await rebuild(dir);
    const again = await dir.query(
      "select order_id, count(*)::integer as n from ledger group by 1 order by n",
    );
    expect(again).toEqual(left);
    await dir.checkPromises();

    // What was bought, billed and credited is still known; what it was cannot be had again.
    expect((await dir.ok(statement)).stdout).toBe(billed);
    expect(await dir.json(["order", "show", acme])).toMatchObject({
      ...{ state: "delivered", numbers: 10, returned: 1, pruned_at: "2026-11-20T02:00:00.000Z" },
    });
    const exported = await dir.run(["order", "export", acme, "-o", "-"]);
    expect(exported).toMatchObject({ code: 2, stdout: "" });
    expect(exported.stderr).toContain(`the sales of order ${acme} were pruned on 2026-11-20`);
    const returned = await dir.run([
      "order",
      "return",
      acme,
      bad,
      "--reason",
      "other",
      "--return-window",
      "900d",
    ]);
    expect(returned.code).toBe(8);
    expect(returned.stderr).toContain("were pruned");
    // A returned number stays invalid, and a customer's rule holds after 500 days.
    const { excluded } = await dir.json([...order(1), "--dry-run", "--customer", "Once"]);
    expect(excluded).toMatchObject({ had_before: 5, by_kind: { invalid: 1 } });
    // A longer cooldown than the ledger knows would sell what was sold inside it.
    const long = await dir.run([...order(1), "--cooldown", "600d"]);
    expect(long.code).toBe(2);
    expect(long.stderr).toContain("sales before 2025-07-09T00:00:00.000Z were pruned");
    expect(
      (await dir.json([...order(1), "--cooldown", "480d", "--dry-run"])).available,
    ).toBeGreaterThan(0);
  });

  test("a window shorter than a cooldown keeps what is inside the cooldown", async () => {
    const dir = createWorkdir();
    await dir.ok(["ingest", dir.write("old.csv", list("812", 30))], ago(62));
    for (const [days, cooldown] of [
      [61, "30d"],
      [50, "45d"],
      [40, "55d"],
    ] as const) {
      await sold(dir, days, [...order(5), "--cooldown", cooldown]);
    }
    // 55 days of the youngest order still run: only the sales of 61 days ago are outside.
    const { stderr } = await dir.ok(["prune", "--ledger", "7d", "--pool", "7d", "--drop-exports"]);
    expect(stderr).toContain(
      "10 sales older than --ledger stay: they are inside a cooldown of 55d",
    );
    expect(await dir.query("select count(*)::integer as n from ledger")).toEqual([{ n: 10 }]);
    await dir.checkPromises();
    // When it has run out, the home's own cooldown is what counts.
    const later = { now: "2026-12-10T09:00:00+07:00" };
    const { ledger } = await dir.json(["prune", "--ledger", "7d"], later);
    expect(ledger).toMatchObject({ cooldown_days: 30, sales: 10, kept: { cooldown: 0 } });
    expect(await dir.query("select value from meta where key = 'ledger_kept_since'")).toEqual([
      { value: "2026-10-12T00:00:00.000Z" },
    ]);
    await dir.checkPromises();
  });

  test("sales from elsewhere go by their own day, their file with the last of them", async () => {
    const dir = createWorkdir();
    await dir.ok(["ingest", dir.write("new.csv", list("812", 9))]);
    dir.write(
      "sold.csv",
      "phone,date\n081200000001,2025-01-05\n081200000002,2025-10-15\n081200000003,2026-11-01\n",
    );
    const { import_id } = await dir.json(["blacklist", "import", "sold.csv", "--kind", "sold"]);
    const { ledger } = await dir.json(["prune", "--ledger", "400d"]);
    expect(ledger).toMatchObject({ sales: 2, orders: 0, files: 0 });
    expect(ledgerFiles(dir)).toHaveLength(1);
    const kept = "select key, value from meta where key like '%kept_since%' order by key";
    expect(await dir.query(kept)).toEqual([
      { key: `history_kept_since ${import_id}`, value: "2025-10-16T00:00:00.000Z" },
      { key: "ledger_kept_since", value: "2025-10-15T00:00:00.000Z" },
    ]);
    expect((await dir.json([...order(1), "--dry-run"])).excluded.sold).toBe(1);
    await dir.checkPromises();
    // Its file still holds the older ones: they do not come back.
    await rebuild(dir);
    expect(await dir.query("select phone from ledger")).toEqual([{ phone: "6281200000003" }]);
    await dir.checkPromises();
    const later = await dir.json(["prune", "--ledger", "400d"], {
      now: "2028-02-01T09:00:00+07:00",
    });
    expect(later.ledger).toMatchObject({ sales: 1, files: 1 });
    expect(readdirSync(join(dir.home, "ledger"))).toEqual([]);
    expect((await dir.query(kept))[0]).toMatchObject({ value: "infinity" });
    await dir.checkPromises();
  });

  test("a limit of sales in a number's life keeps them all while it is in use", async () => {
    const dir = createWorkdir();
    await dir.ok(["ingest", dir.write("old.csv", list("812", 9))], ago(501));
    await sold(dir, 500, order(9));
    await dir.ok(["ingest", dir.path("old.csv"), "--force"]);
    const limited = [...order(2), "--max-sales", "2", "-o", "-"];
    await dir.ok(limited);
    const kept = await dir.run(["prune", "--ledger", "400d"]);
    expect(kept.stderr).toContain(
      "9 sales older than --ledger stay: 1 order inside the window used --max-sales",
    );
    expect(await dir.query("select count(*)::integer as n from ledger")).toEqual([{ n: 11 }]);
    const { order_id } = (await dir.json(["order", "list", "--limit", "1"])).orders[0];
    await dir.ok(["order", "cancel", order_id, "--disclosed"]);
    const wider = await dir.json(["prune", "--ledger", "400d"], {
      now: "2028-02-01T09:00:00+07:00",
    });
    expect(wider.ledger.sales).toBe(11);
    const { stderr } = await dir.run(limited, { now: "2028-02-01T09:00:00+07:00" });
    expect(stderr).toContain("--max-sales counts sales since");
    await dir.checkPromises();
  });
});

describe("the disk", () => {
  test("what a crash left of a pruned day goes with the next writer, folders too", async () => {
    const dir = createWorkdir();
    await dir.ok(["stats"]);
    const name = "pool/date=2026-11-01/provider=tsel/20261101-bcdfghjk-1.parquet";
    // One that is there still, and one whose folders are gone already.
    dir.write(`home/${name}`, "");
    await tamper(
      dir,
      `insert into doomed_files values ('${name}'), ('${name.replace("01", "02")}')`,
    );
    await dir.ok(["ingest", dir.write("new.csv", list("817", 3))]);
    expect(readdirSync(join(dir.home, "pool"))).toEqual(["date=2026-11-20"]);
    expect(await dir.query("select * from doomed_files")).toEqual([]);
    await dir.checkPromises();
  });

  test("a database that deleted rows have made hollow gets smaller", async () => {
    const dir = createWorkdir();
    await dir.ok(["ingest", dir.write("new.csv", list("812", 9))]);
    await sold(dir, 0, order(2));
    await tamper(
      dir,
      `insert into ledger
       select 6281200000000 + hash(i) % 100000000, 'tsel', null, timestamptz '2025-01-01' + to_days((i % 200)::integer)
       from range(2000000) t(i)`,
    );
    const file = join(dir.home, "numbers.duckdb");
    const before = statSync(file).size;
    const { ledger, database } = await dir.json(["prune", "--ledger", "400d"]);
    expect(ledger.sales).toBe(2_000_000);
    expect(database.renewed).toBe(true);
    expect(database.bytes_after).toBeLessThan(database.bytes_before / 2);
    expect(statSync(file).size).toBeLessThan(before / 2);
    expect(await dir.query("select count(*)::integer as n from ledger")).toEqual([{ n: 2 }]);
    await dir.checkPromises();
  });
});

/** Loses the database and has it made anew. */
async function rebuild(dir: Workdir): Promise<void> {
  rmSync(join(dir.home, "numbers.duckdb"));
  rmSync(join(dir.home, "numbers.duckdb.wal"), { force: true });
  await dir.ok(["doctor", "--rebuild"]);
}

/** Runs a statement on the database, as nobody but a test may. */
async function tamper(dir: Workdir, statement: string): Promise<void> {
  const instance = await DuckDBInstance.create(join(dir.home, "numbers.duckdb"));
  const connection = await instance.connect();
  await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}
