/** Restoring: the home that was lost, number for number; or nothing at all. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { filesWith } from "../traces.ts";
import { createWorkdir, filesBelow, list, phonesOf, type Workdir } from "../workdir.ts";

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const order = (count: number, ...more: string[]) => [
  ...["order", "--provider", "tsel", "--count", String(count)],
  ...more,
];

/** Something of everything that a home can hold. */
async function fullHome(): Promise<{ dir: Workdir; delivered: string; reserved: string }> {
  const dir = createWorkdir();
  mkdirSync(join(dir.home, "numbering"), { recursive: true, mode: 0o700 });
  writeFileSync(join(dir.home, "config.toml"), 'within = "5d"\n');
  writeFileSync(join(dir.home, "numbering/synonyms.csv"), "synonym,code\nredone,tsel\n");
  dir.write("a.csv", `${list("812", 300)}nonsense,Budi,Bandung\n`);
  dir.write("b.csv", list("813", 60));
  dir.write("c.csv", list("815", 40));
  await dir.ok(["source", "add", "PT Maju", "--expires", "2026-12-31"]);
  await dir.ok(["ingest", "a.csv", "--source", "PT Maju", "--category", "city"]);
  await dir.ok(["ingest", "b.csv", "c.csv"], { now: "2026-11-19T09:00:00+07:00" });
  // Files that are joined, and a day that is dropped.
  dir.write("d.csv", list("811", 30));
  await dir.ok(["ingest", "d.csv"]);
  await dir.ok(["compact"]);
  dir.write("old.csv", list("817", 10));
  await dir.ok(["ingest", "old.csv"], { now: "2026-10-01T09:00:00+07:00" });
  await dir.ok(["prune", "--pool", "7d"]);
  await dir.ok([
    ...["customer", "add", "Acme", "--daily-cap", "60", "--price", "1000", "--never-twice", "on"],
  ]);
  await dir.ok(["customer", "add", "Beta"]);
  const bought = await dir.json(order(30, "--customer", "Acme", "-o", "acme.csv"));
  const phones = phonesOf(readFileSync(dir.path("acme.csv"), "utf8"));
  dir.write("bad.csv", `phone\n${phones[0]}\n${phones[1]}\n`);
  await dir.ok(["order", "return", bought.order_id, "bad.csv", "--reason", "disconnected"]);
  const failed = await dir.run(order(20, "--customer", "Beta", "-o", "/dev/full"));
  const reserved = /order (\S+) was not/.exec(failed.stderr)?.[1] as string;
  const cancelled = await dir.run(order(10, "--customer", "Beta", "-o", "/dev/full"));
  const gone = /order (\S+) was not/.exec(cancelled.stderr)?.[1] as string;
  await dir.ok(["order", "cancel", gone, "--disclosed"]);
  // Freed: sold to nobody. And one that nobody can have seen.
  const env = { NUMBERS_FAILPOINT: "copy.folder-synced=term" };
  for (const key of ["freed", "unseen"]) {
    await dir.run(order(5, "--customer", "Beta", "--key", key, "-o", "o.csv"), { env });
  }
  const { orders } = await dir.json(["order", "list", "--state", "reserved"]);
  const freed = orders.find((one: { key: string | null }) => one.key === "freed");
  await dir.ok(["order", "cancel", freed.order_id]);
  await dir.ok(["blacklist", "add", "081200000100", "--kind", "dnc", "--reason", "asked"]);
  dir.write("md5.txt", `${md5("6281200000101")}\n${md5("6281200000102")}\n`);
  await dir.ok([
    ...["blacklist", "import", "md5.txt", "--kind", "dnc", "--hash", "md5"],
    ...["--hash-of", "digits"],
  ]);
  dir.write("own.csv", "phone\n081200000103\n");
  await dir.ok(["blacklist", "import", "own.csv", "--kind", "customer", "--customer", "Acme"]);
  dir.write("sold.csv", "phone,sold_at\n081200000104,2026-11-01\n081200000105,2026-10-01\n");
  await dir.ok(["blacklist", "import", "sold.csv", "--kind", "sold"]);
  await dir.ok(["erase", "081200000106", "--reason", "asked"]);
  await dir.ok(["blacklist", "remove", "081200000103", "--kind", "customer", "--customer", "Acme"]);
  return { dir, delivered: bought.order_id, reserved };
}

/** Every table, sorted; the log only as far as the backup knows it. */
async function contentsOf(dir: Workdir, entries: number): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {};
  const tables = await dir.query(
    "select table_name as name from duckdb_tables() where table_name <> 'meta' order by 1",
  );
  for (const { name } of tables) {
    // A reserved order may have been shown to somebody: nobody knows any more, so it counts as shown.
    const columns = name === "orders" ? "* replace (state <> 'cancelled' as disclosed)" : "*";
    const where = name === "audit" ? `where sequence <= ${entries}` : "";
    contents[String(name)] = await dir.query(
      `select ${columns} from ${name} ${where} order by all`,
    );
  }
  return contents;
}

test("the restored home has, refuses and sells exactly what the original does", async () => {
  const { dir, delivered, reserved } = await fullHome();
  await dir.checkPromises();
  const joined = await dir.query("from pool_files qualify count(*) over (partition by file) > 1");
  expect(joined).not.toEqual([]);
  const backup = await dir.json(["backup", "bk"]);
  const copy = createWorkdir();
  const restored = await copy.json(["restore", dir.path("bk")]);
  expect(restored).toMatchObject({
    home: copy.home,
    folder: dir.path("bk"),
    made_at: "2026-11-20T02:00:00.000Z",
    head: backup.head,
    files: backup.files,
    bytes: backup.bytes,
    imports: backup.imports,
    numbers: backup.numbers,
    ...{ orders: 5, sales: 67 },
    last_sale: "2026-11-20T02:00:00.000Z",
    salvaged_files: 0,
    adopted_orders: [],
  });
  await copy.checkPromises();
  expect(readdirSync(copy.folder)).toEqual(["home"]);
  expect(statSync(copy.home).mode & 0o777).toBe(0o700);
  for (const path of filesBelow(copy.home)) expect(statSync(path).mode & 0o077, path).toBe(0);
  for (const name of ["config.toml", "numbering/synonyms.csv", "erasure.key"]) {
    expect(readFileSync(join(copy.home, name))).toEqual(readFileSync(join(dir.home, name)));
  }
  const entries = backup.head.sequence;
  expect(await contentsOf(copy, entries)).toEqual(await contentsOf(dir, entries));
  expect(await copy.json(["audit", "verify"])).toMatchObject({ ok: true, entries: entries + 2 });
  const view =
    "select phone::varchar, provider, source, category, raw_data from raw_numbers order by all";
  expect(await copy.query(view)).toEqual(await dir.query(view));

  const same = async (args: readonly string[]) => {
    const [one, other] = await Promise.all([dir.run(args), copy.run(args)]);
    expect(other.stdout, args.join(" ")).toBe(one.stdout);
    expect(other.code).toBe(one.code);
    return one;
  };
  await same(["stats", "--available", "--json"]);
  await same(["order", "--provider", "redone", "--count", "1", "--dry-run", "--json"]);
  await same(order(1, "--dry-run", "--json", "--customer", "Acme"));
  await same(["lookup", "081200000001", "081200000101", "081200000104", "081200000106", "--json"]);
  await same(["customer", "list", "--json"]);
  await same(["customer", "statement", "Acme", "--month", "2026-11"]);
  await same(["blacklist", "export", "--kind", "dnc", "-o", "-"]);
  await same(["order", "export", delivered, "-o", "-"]);
  expect((await same(["order", "export", reserved, "-o", "-"])).code).toBe(0);
  // Over the cap of a day, in both.
  expect((await same(order(31, "--customer", "Acme", "-o", "-"))).code).toBe(8);
  expect((await same(order(30, "--customer", "Acme", "-o", "-"))).code).toBe(0);
  const { available } = await dir.json(order(1, "--dry-run", "--customer", "Beta"));
  const all = await same(order(available, "--customer", "Beta", "-o", "-"));
  expect(phonesOf(all.stdout)).toHaveLength(available);
  // A list that comes again is known, and brings nobody back.
  await Promise.all(
    [dir, copy].map(async (one) => {
      expect((await one.json(["ingest", dir.path("b.csv")])).files[0].status).toBe("skipped");
      await one.ok(["ingest", dir.path("a.csv"), "--force"]);
      expect(await filesWith(one, "81200000106")).toEqual([]);
      await one.checkPromises();
    }),
  );
}, 600_000);

describe("refused, and nothing is made:", () => {
  test("a home that holds anything", async () => {
    const { dir } = await homeWithBackup();
    for (const name of ["config.toml", "tmp/4711-0000aaaa/owner.json", "numbers.duckdb"]) {
      const copy = createWorkdir();
      copy.write(`home/${name}`, "");
      const { code, stderr } = await copy.run(["restore", dir.path("bk")]);
      expect(code).toBe(2);
      expect(stderr).toContain(`is not empty: it has "${name.split("/")[0]}"`);
      expect(filesBelow(copy.folder)).toEqual([join(copy.home, name)]);
      expect(readdirSync(copy.folder)).toEqual(["home"]);
    }
  });

  test("an empty one and one behind a link are filled", async () => {
    const { dir } = await homeWithBackup();
    const copy = createWorkdir();
    mkdirSync(copy.path("home/tmp"), { recursive: true });
    await copy.ok(["restore", dir.path("bk")]);
    await copy.checkPromises();
    const linked = createWorkdir();
    mkdirSync(linked.path("elsewhere"));
    symlinkSync(linked.path("elsewhere"), linked.home);
    await linked.ok(["restore", dir.path("bk")]);
    expect(existsSync(linked.path("elsewhere/numbers.duckdb"))).toBe(true);
    await linked.checkPromises();
  });

  test.each([
    ["changed", (path: string) => writeFileSync(path, readFileSync(path).reverse()), "is damaged"],
    ["missing", (path: string) => rmSync(path), "is missing"],
  ])("a backup with a file that is %s", async (_, spoil, words) => {
    const { dir } = await homeWithBackup();
    for (const name of ["pool", "ledger", "journal"]) {
      const [path = ""] = filesBelow(dir.path(`bk/files/${name}`));
      const bytes = readFileSync(path);
      spoil(path);
      const copy = createWorkdir();
      const { code, stderr } = await copy.run(["restore", dir.path("bk")]);
      expect(code).toBe(5);
      expect(stderr).toContain(path.slice(dir.path("bk/").length));
      expect(stderr).toContain(words);
      expect(readdirSync(copy.folder)).toEqual([]);
      writeFileSync(path, bytes);
    }
  });

  test("a backup that does not come to the counts that it noted", async () => {
    const { dir } = await homeWithBackup();
    const path = dir.path("bk/manifest.json");
    const { checksum, ...manifest } = JSON.parse(readFileSync(path, "utf8"));
    manifest.files = manifest.files.filter((file: { path: string }) => !/history/.test(file.path));
    manifest.counts.sales += 1;
    const sum = createHash("sha256").update(JSON.stringify(manifest)).digest("hex");
    expect(checksum).not.toBe(sum);
    writeFileSync(path, JSON.stringify({ ...manifest, checksum: sum }));
    const copy = createWorkdir();
    const { code, stderr } = await copy.run(["restore", dir.path("bk")]);
    expect(code).toBe(5);
    expect(stderr).toContain("has 5 sales, the backed up one had 6");
    expect(readdirSync(copy.folder)).toEqual([]);
  });

  test("no backup; one inside the home", async () => {
    const { dir } = await homeWithBackup();
    const copy = createWorkdir();
    expect((await copy.run(["restore", dir.folder])).stderr).toContain("is no backup");
    renameSync(dir.path("bk"), copy.path("bk"));
    const inside = await copy.run(["restore", copy.path("bk"), "--home", copy.folder]);
    expect(inside.code).toBe(2);
    expect(inside.stderr).toContain("is inside the home");
  });
});

/** A home with 50 numbers, five of them sold, and a backup of it in `bk`. */
async function homeWithBackup(): Promise<{ dir: Workdir; first: string[] }> {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 50));
  await dir.ok(["ingest", "a.csv"]);
  await dir.ok(order(5, "-o", "first.csv"));
  await dir.ok(["backup", "bk"]);
  return { dir, first: phonesOf(readFileSync(dir.path("first.csv"), "utf8")) };
}

describe("what was sold after the backup", () => {
  test("is said to be unknown", async () => {
    const { dir } = await homeWithBackup();
    const copy = createWorkdir();
    const { stderr } = await copy.ok(["restore", dir.path("bk"), "--quiet"]);
    expect(stderr).toMatch(
      /made 2026-11-20 09:00:00; the last sale it knows of is of 2026-11-20 09:00:00/,
    );
    expect(stderr).toContain("would be sold again");
    expect(stderr).toContain("restore with --ledger");
  });

  test("is taken from the ledger of the lost home: nothing is sold twice", async () => {
    const { dir, first } = await homeWithBackup();
    // After the backup: another list, an order of both, a history.
    dir.write("b.csv", list("813", 10));
    await dir.ok(["ingest", "b.csv"]);
    const { stdout } = await dir.ok(order(20, "-o", "-"));
    const sold = phonesOf(stdout);
    const [free = ""] = (
      await dir.query("select phone::varchar as phone from raw_numbers order by 1")
    )
      .map(({ phone }) => String(phone))
      .filter((phone) => ![...first, ...sold].includes(phone));
    dir.write("sold.csv", `phone,sold_at\n${free},2026-11-19\n`);
    await dir.ok(["blacklist", "import", "sold.csv", "--kind", "sold"]);

    const copy = createWorkdir();
    const { orders } = await dir.json(["order", "list"]);
    const restored = await copy.json([
      ...["restore", dir.path("bk"), "--ledger", join(dir.home, "ledger")],
    ]);
    expect(restored).toMatchObject({
      salvaged_files: 2,
      adopted_orders: [orders[0].order_id],
      orders: 2,
      sales: 26,
    });
    await copy.checkPromises();
    const later = phonesOf((await copy.ok(order(19, "--allow-partial", "-o", "-"))).stdout);
    for (const phone of [...first, ...sold, free]) expect(later).not.toContain(phone);
    const listed = (await copy.json(["order", "list", "--state", "reserved"])).orders;
    expect(listed).toMatchObject([{ order_id: orders[0].order_id, numbers: 20 }]);
    const lost = await copy.run(["order", "export", orders[0].order_id, "-o", "-"]);
    expect(lost.code).toBe(5);
    expect(lost.stderr).toMatch(/does not know pool\/.*its numbers stay sold/);
    await copy.checkPromises();
  });

  test("is not looked for in a folder that has no sales", async () => {
    const { dir } = await homeWithBackup();
    for (const ledger of [dir.home, dir.path("nowhere")]) {
      const copy = createWorkdir();
      const { code, stderr } = await copy.run(["restore", dir.path("bk"), "--ledger", ledger]);
      expect(code).toBe(2);
      expect(stderr).toContain("name the folder ledger of the lost home");
      expect(readdirSync(copy.folder)).toEqual([]);
    }
  });
});

test("a home in which nothing was done yet", async () => {
  const dir = createWorkdir();
  await dir.ok(["stats"]);
  expect(await dir.json(["backup", "bk"])).toMatchObject({ files: 0, head: null });
  const copy = createWorkdir();
  expect(await copy.json(["restore", dir.path("bk")])).toMatchObject({ imports: 0, sales: 0 });
  await copy.checkPromises();
});

const homes = resolve(import.meta.dirname, "../../fixtures/homes");

test.each(readdirSync(homes).filter((name) => name.endsWith(".gz")))(
  "a home of an earlier version: %s",
  async (name) => {
    const dir = createWorkdir();
    mkdirSync(dir.home, { recursive: true, mode: 0o700 });
    execFileSync("tar", ["-xzf", resolve(homes, name), "-C", dir.home]);
    await dir.ok(["backup", "bk"]);
    const copy = createWorkdir();
    await copy.ok(["restore", dir.path("bk")]);
    await copy.checkPromises();
    for (const args of [["order", "list", "--json"], order(4, "-o", "-")]) {
      expect((await copy.ok(args)).stdout).toBe((await dir.ok(args)).stdout);
    }
  },
);

test("killed at any step there is no home, or a whole one", async () => {
  const { dir } = await homeWithBackup();
  const copy = createWorkdir();
  for (const at of [
    "backup.file-renamed=kill@3",
    "restore.folders-synced=kill",
    "transaction.committed=kill",
    "restore.checked=kill",
  ]) {
    const env = { NUMBERS_FAILPOINT: at };
    expect((await copy.run(["restore", dir.path("bk")], { env })).code).toBeNull();
    expect(existsSync(copy.home)).toBe(false);
    // What the one before left is gone.
    expect(readdirSync(copy.folder)).toHaveLength(1);
  }
  const interrupted = await copy.run(["restore", dir.path("bk")], {
    env: { NUMBERS_FAILPOINT: "backup.file-renamed=int@3" },
  });
  expect(interrupted.code).toBe(130);
  expect(interrupted.stderr).toContain("is as empty as it was before");
  expect(readdirSync(copy.folder)).toEqual([]);
  const env = { NUMBERS_FAILPOINT: "restore.renamed=kill" };
  expect((await copy.run(["restore", dir.path("bk")], { env })).code).toBeNull();
  expect(readdirSync(copy.folder)).toEqual(["home"]);
  await copy.checkPromises();
});
