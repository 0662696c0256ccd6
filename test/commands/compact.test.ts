/** Small files of a day become one; nobody who orders, looks up or searches can tell, but for the time it takes. */
import { spawn } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { type Access, createAccess } from "../../src/engine/duckdb/access.ts";
import { compactVerbs } from "../../src/engine/duckdb/compact.ts";
import { closeHome, openHome } from "../../src/home.ts";
import { accessTo } from "../engine/access.ts";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  filesBelow,
  list,
  morning,
  phonesOf,
  type Workdir,
} from "../workdir.ts";

const because = ["--reason", "asked by letter"];
const poolFiles = (dir: Workdir) => filesBelow(join(dir.home, "pool"));

/** A list whose rows differ in city and kind, some of them without a kind. */
function mixed(prefix: string, count: number, from: number): string {
  const kinds = ["loan", "card", ""];
  return list(prefix, count, { from })
    .split("\n")
    .map((line, n) => {
      if (n === 0) return `${line},kind`;
      if (line === "") return line;
      return `${line.replace(/Bandung$/, n % 2 ? "Bandung" : "Medan")},${kinds[n % 3]}`;
    })
    .join("\n");
}

/** Lists of two providers, morning after morning, that share many of their numbers. */
async function ingestMany(dir: Workdir): Promise<void> {
  const early: string[] = [];
  const late: string[] = [];
  for (let n = 0; n < 6; n += 1) {
    const half = mixed("812", 120, 1 + n * 60);
    const other = mixed("856", 80, 1 + n * 40).replace(/^.*\n/, "");
    (n < 3 ? early : late).push(`list-${n}.csv`);
    dir.write(`list-${n}.csv`, half + other);
  }
  const category = ["--category-column", "kind", "--category", "other"];
  await dir.ok(["ingest", ...late, ...category]);
  // Counted from an earlier hour, though it came later.
  await dir.ok(["ingest", ...early, ...category], { now: "2026-11-20T07:00:00+07:00" });
}

const orders = [
  ["--provider", "tsel", "--count", "130"],
  ["--provider", "tsel,isat", "--count", "60"],
  ["--provider", "isat,tsel", "--count", "40", "--pick", "oldest"],
  ["--provider", "isat", "--count", "50", "--pick", "oldest", "--filter", "city=Medan"],
  ["--provider", "tsel", "--count", "20", "--category", "card"],
  ["--provider", "tsel", "--count", "20", "--prefix", "0812000001"],
  ["--provider", "tsel,isat", "--count", "40", "--pick", "random", "--seed", "7"],
];

test("orders take and deliver the same as without it, old ones byte for byte", async () => {
  const dir = createWorkdir();
  await ingestMany(dir);
  const older = [
    ["--provider", "tsel", "--count", "30"],
    ["--provider", "isat,tsel", "--count", "30", "--pick", "oldest"],
    ["--provider", "tsel", "--count", "30", "--pick", "random", "--seed", "3"],
  ];
  const known: string[] = [];
  for (const [n, args] of older.entries()) {
    known.push((await dir.json(["order", ...args, "-o", `old-${n}.csv`])).order_id);
  }
  await dir.ok(["erase", "081200000100", "081200000210", "085600000150", ...because]);
  const sold = [readFileSync(dir.path("old-0.csv"), "utf8"), ""].map((csv) => phonesOf(csv)[3]);
  await dir.ok(["erase", String(sold[0]), ...because]);

  const plain = dir.path("plain");
  cpSync(dir.home, plain, { recursive: true });
  const result = await dir.json(["compact"]);
  expect(result).toMatchObject({ files: 12, joined: 2, overtaken: 0 });
  expect(poolFiles(dir)).toHaveLength(2);
  await dir.checkPromises();

  for (const [n, id] of known.entries()) {
    await dir.ok(["order", "export", id, "-o", `now-${n}.csv`]);
    await dir.ok(["order", "export", id, "-o", `plain-${n}.csv`, "--home", plain]);
    expect(readFileSync(dir.path(`now-${n}.csv`))).toEqual(
      readFileSync(dir.path(`plain-${n}.csv`)),
    );
    // Without the erased person it is another one than it was.
    const isOther = n === 0;
    expect(
      readFileSync(dir.path(`now-${n}.csv`), "utf8") ===
        readFileSync(dir.path(`old-${n}.csv`), "utf8"),
    ).toBe(!isOther);
  }
  for (const [n, args] of orders.entries()) {
    const joined = await dir.json(["order", ...args, "-o", `joined-${n}.csv`]);
    const apart = await dir.json(["order", ...args, "-o", `apart-${n}.csv`, "--home", plain]);
    expect(readFileSync(dir.path(`joined-${n}.csv`), "utf8")).toBe(
      readFileSync(dir.path(`apart-${n}.csv`), "utf8"),
    );
    expect({ args, ...joined.excluded }).toEqual({ args, ...apart.excluded });
    expect(joined.numbers).toBeGreaterThan(0);
  }
  await dir.checkPromises();
});

test("looked up, searched, counted and seen from a shell as before; erased from one list alone", async () => {
  const dir = createWorkdir();
  await ingestMany(dir);
  // A cell with two phones; the other one is in a list of its own too.
  dir.write(
    "pair.csv",
    `phone,name,city,kind\n081300000001 / 081300000002,Budi,Bandung,loan\n${mixed("813", 4, 10).replace(/^.*\n/, "")}`,
  );
  dir.write("single.csv", "phone,name,city,kind\n081300000002,Sari,Medan,card\n");
  await dir.ok(["ingest", "pair.csv", "single.csv", "--category-column", "kind"]);
  const look = async () => [
    await dir.json(["lookup", "081200000065", "085600000070", "081300000002", "081299999999"]),
    await dir.json(["search", "08120000"]),
    await dir.json(["search", "0007", "--page", "2"]),
    await dir.query("select * from raw_numbers order by import_id, phone, raw_data"),
    await dir.query("select import_id, sum(numbers) from pool_files group by all order by all"),
  ];
  const before = await look();
  const stats = async () => {
    const { pool, ...rest } = await dir.json(["stats", "--available"]);
    return { ...rest, pool: pool.map((row: object) => ({ ...row, bytes: 0 })) };
  };
  const counted = await stats();
  await dir.ok(["compact"]);
  expect(poolFiles(dir)).toHaveLength(2);
  expect(await look()).toEqual(before);
  expect(await stats()).toEqual(counted);
  const { pool } = await dir.json(["stats"]);
  const bytes = poolFiles(dir).reduce((sum, path) => sum + readFileSync(path).length, 0);
  expect(pool.reduce((sum: number, row: { bytes: number }) => sum + row.bytes, 0)).toBe(bytes);

  await dir.ok(["erase", "081300000001", "081200000065", ...because]);
  expect(poolFiles(dir)).toHaveLength(2);
  const kept = await dir.query(
    "select raw_data->>'name' as name from raw_numbers where phone = 6281300000002 order by name",
  );
  // Of the pair the other stays, without its cells, which hold both.
  expect(kept).toEqual([{ name: "Sari" }, { name: null }]);
  const { numbers } = await dir.json(["lookup", "081200000065", "081200000066"]);
  expect(numbers).toMatchObject([
    { reason: "erased", occurrences: [] },
    { occurrences: before[0].numbers[0].occurrences.map(() => ({})) },
  ]);
  await dir.checkPromises();
});

describe("what is joined", () => {
  test("nothing by a dry run, everything once, and what came since with what was joined", async () => {
    const dir = createWorkdir();
    for (const n of [0, 1, 2]) dir.write(`${n}.csv`, list("812", 5, { from: 1 + n * 5 }));
    await dir.ok(["ingest", "0.csv", "1.csv"]);
    const planned = await dir.json(["compact", "--dry-run"]);
    expect(planned).toMatchObject({
      dry_run: true,
      files: 2,
      joined: 1,
      bytes_after: null,
      days: [{ date: "2026-11-20", files: 2, joined: 1, rows: 10 }],
    });
    expect(poolFiles(dir)).toHaveLength(2);
    expect((await dir.ok(["compact"])).stderr).toContain("2 files became 1");
    expect(await dir.json(["compact"])).toMatchObject({ days: [], files: 0, joined: 0 });
    expect((await dir.ok(["compact"])).stderr).toContain("nothing to join");
    const [first] = poolFiles(dir);
    await dir.ok(["ingest", "2.csv"]);
    expect(await dir.json(["compact"])).toMatchObject({ files: 2, joined: 1 });
    expect(poolFiles(dir)).toHaveLength(1);
    expect(poolFiles(dir)).not.toEqual([first]);
    expect(await dir.query("select first_row from pool_files order by sequence")).toEqual([
      { first_row: "10" },
      { first_row: "5" },
      { first_row: "0" },
    ]);
    const { entries } = await dir.json(["audit", "show", "--action", "pool.compact"]);
    expect(entries).toMatchObject([
      { subject: "2026-11-20", details: { files: 2, joined: 1, rows: 15 } },
      { subject: "2026-11-20", details: { files: 2, joined: 1, rows: 10 } },
    ]);
    await dir.checkPromises();
  });

  test("not what a list with other columns, another provider or another day brought", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    dir.write("b.csv", list("813", 3).replaceAll(",Bandung", "").replace(",city", ""));
    dir.write("c.csv", list("856", 3));
    dir.write("d.csv", list("814", 3).replace("814", "821"));
    await dir.ok(["ingest", "a.csv", "b.csv", "c.csv"]);
    await dir.ok(["ingest", "d.csv", "--date", "2026-11-19"]);
    expect((await dir.ok(["compact"])).stderr).toContain("nothing to join");
    await dir.checkPromises();
  });

  test("a missing file is named, and all is left as it is", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    dir.write("b.csv", list("813", 3));
    await dir.ok(["ingest", "a.csv", "b.csv"]);
    const [path = ""] = poolFiles(dir);
    rmSync(path);
    const { code, stderr } = await dir.run(["compact"]);
    expect(code).toBe(5);
    expect(stderr).toContain(path.slice(dir.home.length + 1));
    expect(poolFiles(dir)).toHaveLength(1);
  });

  test("a file that was changed since it was written is named, and does not become part of another", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    dir.write("b.csv", list("813", 3));
    await dir.ok(["ingest", "a.csv", "b.csv"]);
    const [path = ""] = poolFiles(dir);
    const bytes = readFileSync(path);
    // Behind the magic number; whether it can still be read does not matter.
    bytes[5] = (bytes[5] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const { code, stderr } = await dir.run(["compact"]);
    expect(code).toBe(5);
    expect(stderr).toContain(path.slice(dir.home.length + 1));
    expect(poolFiles(dir)).toHaveLength(2);
  });

  test("the doctor sees a part that begins elsewhere", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    dir.write("b.csv", list("813", 3));
    await dir.ok(["ingest", "a.csv", "b.csv"]);
    await dir.ok(["compact"]);
    const instance = await DuckDBInstance.create(join(dir.home, "numbers.duckdb"));
    const connection = await instance.connect();
    await connection.run("update pool_files set first_row = 2 where first_row = 3");
    connection.closeSync();
    instance.closeSync();
    const { code, stderr } = await dir.run(["doctor"]);
    expect(code).toBe(5);
    expect(stderr).toContain("begin elsewhere");
  });
});

describe("while others work", () => {
  /** Compacts in this process; `between` happens when the joined files are written and not yet in their place. */
  async function compactAround(
    dir: Workdir,
    between: () => Promise<unknown>,
    log?: Access["log"],
  ): Promise<Awaited<ReturnType<ReturnType<typeof compactVerbs>["compact"]>>> {
    const home = openHome(dir.home, "test");
    const access = createAccess(accessTo(home));
    let once = false;
    const aside: Access["aside"] = async (work) => {
      const result = await access.aside(work);
      if (!once) await between();
      once = true;
      return result;
    };
    const { compact } = compactVerbs({ ...access, aside, log: log ?? access.log });
    return compact({ at: new Date(morning), dryRun: false }).finally(() => closeHome(home));
  }

  async function threeLists(): Promise<Workdir> {
    const dir = createWorkdir();
    for (const n of [0, 1, 2]) dir.write(`${n}.csv`, list("812", 20, { from: 1 + n * 10 }));
    await dir.ok(["ingest", "0.csv", "1.csv", "2.csv"]);
    return dir;
  }

  test("who is erased meanwhile is in no file", async () => {
    const dir = await threeLists();
    const { days, overtaken } = await compactAround(dir, () =>
      dir.ok(["erase", "081200000015", ...because]),
    );
    expect(overtaken).toBe(1);
    expect(days).toMatchObject([{ files: 3, joined: 1 }]);
    expect(poolFiles(dir)).toHaveLength(1);
    expect(await dir.query("select * from raw_numbers where phone = 6281200000015")).toEqual([]);
    await dir.checkPromises();
  });

  test("of two at once one finds nothing to do", async () => {
    const dir = await threeLists();
    const { days, overtaken } = await compactAround(dir, () => dir.ok(["compact"]));
    expect({ days, overtaken }).toEqual({ days: [], overtaken: 1 });
    expect(poolFiles(dir)).toHaveLength(1);
    await dir.checkPromises();
    await Promise.all([dir.ok(["compact"]), dir.ok(["compact"])]);
    await dir.checkPromises();
  });

  test("an import that comes in meanwhile is joined the next time; orders are made", async () => {
    const dir = await threeLists();
    dir.write("3.csv", list("812", 20, { from: 100 }));
    const { days } = await compactAround(dir, async () => {
      await dir.ok(["ingest", "3.csv"]);
      await dir.ok(["order", "--provider", "tsel", "--count", "25", "-o", "o.csv"]);
    });
    expect(days).toMatchObject([{ files: 3, joined: 1 }]);
    expect(poolFiles(dir)).toHaveLength(2);
    const { orders } = await dir.json(["order", "list"]);
    await dir.ok(["order", "export", orders[0].order_id, "-o", "again.csv"]);
    expect(readFileSync(dir.path("again.csv"))).toEqual(readFileSync(dir.path("o.csv")));
    await dir.checkPromises();
  });

  test("what is cut off before its commit leaves the old files, and its own go", async () => {
    const dir = await threeLists();
    const cut = compactAround(
      dir,
      async () => undefined,
      async () => {
        throw new Error("cut off");
      },
    );
    await expect(cut).rejects.toThrow("cut off");
    expect(poolFiles(dir)).toHaveLength(3);
    await dir.checkPromises();
    expect(await dir.json(["compact"])).toMatchObject({ files: 3, joined: 1 });
    expect(poolFiles(dir)).toHaveLength(1);
    await dir.checkPromises();
  });

  test("a slow reader gets the whole delivery that had begun before", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 60_000));
    dir.write("b.csv", list("813", 60_000));
    await dir.ok(["ingest", "a.csv", "b.csv"]);
    const args = ["order", "--provider", "tsel", "--count", "120000", "-o", "-"];
    const child = spawn(process.execPath, [binary, ...args], {
      env: cleanEnvironment(dir.home),
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise((done) => child.on("close", done));
    await new Promise((done) => child.stdout.once("readable", done));
    await dir.ok(["compact"]);
    expect(poolFiles(dir)).toHaveLength(1);
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk);
    expect(await ended).toBe(0);
    const delivered = Buffer.concat(chunks);
    expect(phonesOf(delivered.toString())).toHaveLength(120_000);
    const { orders } = await dir.json(["order", "list"]);
    await dir.ok(["order", "export", orders[0].order_id, "-o", "again.csv"]);
    expect(readFileSync(dir.path("again.csv")).equals(delivered)).toBe(true);
    await dir.checkPromises();
  });
});
