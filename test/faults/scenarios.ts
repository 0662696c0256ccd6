/**
 * What is interrupted: a command, in a home that something has happened to. Which failpoints (`src/failpoints.ts`) a
 * command passes is found out by running it once. A new failpoint that none of them passes fails the test: then add a
 * scenario at the end of the list, and a home if it needs one.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { filesBelow, list, type Outcome, type Workdir } from "../workdir.ts";

/** What a scenario has to know of the home that it starts from. */
export type Facts = Readonly<Record<string, string>>;

export type Preparation = {
  /** Another home, of which this one is a copy at first. */
  readonly from?: string;
  readonly make: (dir: Workdir, facts: Facts) => Promise<Facts>;
};

type Run = (args: readonly string[]) => Promise<Outcome>;

export type Scenario = {
  readonly name: string;
  /** One of `homes`. */
  readonly home: string;
  readonly args: (facts: Facts) => readonly string[];
  /** Files that it writes, and `-` for what it delivers on stdout: the same bytes in the end. */
  readonly writes?: readonly string[];
  /** It may be half there; whoever is stopped then is told this, so that it can be brought to its end. */
  readonly begins?: RegExp;
  /** Brings it to its end, if it is not there; without this the command is repeated whatever is there. */
  readonly finish?: (
    dir: Workdir,
    args: readonly string[],
    run: Run,
  ) => Promise<Outcome | undefined>;
  /** It checks the promises: what cannot be read counts as broken, and exits 5. */
  readonly examines?: boolean;
  /** The home cannot be looked into before this program has opened it. */
  readonly isOld?: boolean;
};

const rejects = "x,nobody,Bandung\n0812 0000,short,Bandung\n";
/** Of the list that is in each home; in a delivered order, a reserved one, or none. */
const [person, inWaiting] = ["081200000395", "081200000355"];

/** In each home but the empty one: two lists, an order that was delivered and one that was not. */
async function stock(dir: Workdir): Promise<Facts> {
  dir.write("a.csv", `${list("812", 400)}x,${person},Bandung\n${rejects}`);
  dir.write("b.csv", list("814", 100));
  await dir.ok(["source", "add", "Mitra", "--basis", "contract"]);
  await dir.ok(["ingest", "a.csv", "b.csv", "--category", "loans", "--source", "Mitra"]);
  await dir.ok(order("first", "40", "first.csv"));
  await stopped(dir, order("waiting", "30", "waiting.csv"), "copy.folder-synced=term");
  const orders = await dir.query("select key, order_id from orders order by key");
  dir.write("c.csv", `${list("813", 150)}${rejects}`);
  dir.write("d.csv", list("855", 20));
  dir.write("bad.csv", list("812", 3, { from: 398 }));
  dir.write("dnc.csv", list("812", 25, { from: 1 }));
  dir.write("sold.csv", `phone,sold_at\n${rowsOf(30, (phone) => `0${phone},2026-11-19`)}`);
  const md5 = (phone: string) => createHash("md5").update(`62${phone}`).digest("hex");
  dir.write("digests.csv", `digest\n${rowsOf(10, md5)}`);
  return Object.fromEntries(orders.map(({ key, order_id }) => [String(key), String(order_id)]));
}

function rowsOf(count: number, write: (phone: string) => string): string {
  return Array.from(
    { length: count },
    (_, n) => `${write(`8120000${String(n + 40).padStart(4, "0")}`)}\n`,
  ).join("");
}

function order(key: string, count: string, output: string, ...more: string[]): string[] {
  return ["order", "--provider", "tsel", "--count", count, "--key", key, "-o", output, ...more];
}

/** Leaves a home as a program leaves it that was stopped there. */
async function stopped(dir: Workdir, args: readonly string[], at: string): Promise<void> {
  const { code, stderr } = await dir.run(args, { env: { NUMBERS_FAILPOINT: at } });
  if (!stderr.includes("failpoint") || code === 0) throw new Error(`${at} was not hit: ${stderr}`);
}

const because = ["--reason", "asked by mail"];

/** Each is made once, after the one that it is made from. */
export const homes: Readonly<Record<string, Preparation>> = {
  new: {
    make: async (dir) => {
      dir.write("c.csv", `${list("813", 150)}${rejects}`);
      return {};
    },
  },
  /** As version 2 left it. */
  old: {
    make: async (dir) => {
      const fixture = resolve(import.meta.dirname, "../../fixtures/homes/v2.tar.gz");
      execFileSync("mkdir", ["-m", "700", dir.home]);
      execFileSync("tar", ["-xzf", fixture, "-C", dir.home]);
      return {};
    },
  },
  stocked: { make: stock },
  /** Some of the reserved numbers must not leave any more. */
  suppressed: {
    from: "stocked",
    make: async (dir, { waiting }) => {
      const rows = await dir.query(
        `from ledger where order_id = '${waiting}' order by phone limit 4`,
      );
      const phones = rows.map(({ phone }) => String(phone));
      await dir.ok(["blacklist", "add", ...phones, "--kind", "dnc", ...because]);
      return { suppressed: phones.join(" ") };
    },
  },
  /** Killed on both sides of the commit of an order: a copy that is to be named, and one that is to go. */
  pending: {
    from: "stocked",
    make: async (dir) => {
      await stopped(dir, order("named", "20", "named.csv"), "transaction.committed=kill");
      const [copy = ""] = filesBelow(join(dir.home, "ledger")).filter((path) =>
        /pending$/.test(path),
      );
      renameSync(copy, dir.path("aside"));
      await stopped(dir, order("gone", "20", "gone.csv"), "order.copy-synced=kill");
      renameSync(dir.path("aside"), copy);
      return {};
    },
  },
  /** Killed before the commit of an import: its files lie in the pool without a name. */
  unnamed: {
    from: "stocked",
    make: async (dir) => {
      dir.write("again.csv", list("812", 30, { from: 380 }));
      await stopped(dir, ["ingest", "again.csv"], "import.folders-synced=kill");
      return {};
    },
  },
  /** Killed in an erasure. */
  erasing: {
    from: "stocked",
    make: async (dir) => {
      await stopped(dir, ["erase", person, inWaiting, ...because], "erasure.recorded=kill");
      return {};
    },
  },
  /** With a backup, and changed since. */
  backed: {
    from: "stocked",
    make: async (dir) => {
      await dir.ok(["backup", "bk"]);
      await dir.ok(["ingest", "d.csv"]);
      return {};
    },
  },
  /** With a day and sales that are older than they have to be kept. */
  aged: {
    from: "stocked",
    make: async (dir) => {
      const then = { now: "2026-08-01T09:00:00+07:00" };
      dir.write("old.csv", `${list("812", 60, { from: 900 })}${rejects}`);
      await dir.ok(["ingest", "old.csv", "--category", "loans"], then);
      await dir.ok(order("old", "20", "old-out.csv"), then);
      dir.write("past.csv", "phone,sold_at\n081200000399,2026-07-01\n081200000398,2026-11-19\n");
      await dir.ok(["blacklist", "import", "past.csv", "--kind", "sold"]);
      return {};
    },
  },
  /** Without its database, and with the copy of an order that the journal does not know. */
  lost: {
    from: "pending",
    make: async (dir) => {
      for (const name of readdirSync(dir.home)) {
        if (name.startsWith("numbers.duckdb")) rmSync(join(dir.home, name));
      }
      return {};
    },
  },
  /** A pool file of nobody's, and an order whose copy is gone. */
  damaged: {
    from: "unnamed",
    make: async (dir, { first = "" }) => {
      const copies = filesBelow(join(dir.home, "ledger"));
      for (const path of copies.filter((one) => one.includes(first))) rmSync(path);
      return {};
    },
  },
  erased: {
    from: "stocked",
    make: async (dir) => {
      await dir.ok(["erase", person, ...because]);
      dir.write("back.csv", `${list("812", 30, { from: 380 })}nobody,${person},x\n`);
      return {};
    },
  },
  /** A day of small files of one provider. */
  small: {
    from: "stocked",
    make: async (dir) => {
      await dir.ok(["ingest", "c.csv", "d.csv"]);
      return {};
    },
  },
};

/** Whatever was there before: what is there then is whole. */
async function backUpAgain(
  _dir: Workdir,
  args: readonly string[],
  run: Run,
): Promise<Outcome | undefined> {
  const again = await run(args);
  return again.code === 0 ? run(["backup", "--verify", "bk"]) : again;
}

/** No home, or a whole one. */
async function restoreAgain(
  dir: Workdir,
  args: readonly string[],
  run: Run,
): Promise<Outcome | undefined> {
  if (!existsSync(dir.path("other"))) {
    const again = await run(args);
    if (again.code !== 0) return again;
    if (readdirSync(dir.folder).some((name) => name.startsWith(".other"))) {
      throw new Error("something is left beside the restored home");
    }
  }
  return run(["doctor", "--home", "other"]);
}

/** Those of the files that are still to be moved. */
async function ingestRest(
  dir: Workdir,
  _args: readonly string[],
  run: Run,
): Promise<Outcome | undefined> {
  const left = ["c.csv", "d.csv"].filter((name) => existsSync(dir.path(name)));
  return left.length > 0 ? run(["ingest", ...left, "--move-to", "done"]) : undefined;
}

/** An order without a key is exported by its id; only one that never was is made again. */
async function exportOrAgain(
  dir: Workdir,
  args: readonly string[],
  run: Run,
): Promise<Outcome | undefined> {
  const { orders } = await dir.json(["order", "list"]);
  const mine = orders.find((one: { key: string | null }) => one.key === null);
  if (!mine) return run(args);
  if (mine.state === "delivered") return undefined;
  return run(["order", "export", mine.order_id, ...args.slice(args.indexOf("-o"))]);
}

function onlyIf(query: string) {
  return async (dir: Workdir, args: readonly string[], run: Run) =>
    (await dir.query(query)).length > 0 ? run(args) : undefined;
}

const reserved = /numbers order export \S+/;
export const unfinished = /numbers erase --resume/;

export const scenarios: readonly Scenario[] = [
  { name: "first ingest", home: "new", args: () => ["ingest", "c.csv"] },
  { name: "open an old home", home: "old", args: () => ["stats"], isOld: true },
  {
    name: "ingest",
    home: "stocked",
    args: () => ["ingest", "c.csv", "--source", "Mitra", "--category", "Loans"],
  },
  {
    name: "ingest two files and move them",
    home: "stocked",
    args: () => ["ingest", "c.csv", "d.csv", "--move-to", "done"],
    writes: ["done/c.csv", "done/d.csv"],
    begins: /./,
    finish: ingestRest,
  },
  { name: "ingest what was erased", home: "erased", args: () => ["ingest", "back.csv"] },
  {
    name: "order with a key",
    home: "stocked",
    args: () => order("k", "60", "out.csv", "--manifest"),
    writes: ["out.csv"],
    begins: reserved,
  },
  {
    name: "order in parts",
    home: "stocked",
    args: () => "order --provider tsel,isat --count 50 --split 20 -o part-{n}.csv.gz".split(" "),
    writes: ["part-001.csv.gz", "part-002.csv.gz", "part-003.csv.gz"],
    begins: reserved,
    finish: exportOrAgain,
  },
  {
    name: "order to a pipe",
    home: "stocked",
    args: () => order("p", "25", "-"),
    writes: ["-"],
    begins: reserved,
  },
  {
    name: "order after a crash",
    home: "pending",
    args: () => order("k", "60", "out.csv.zst"),
    writes: ["out.csv.zst"],
    begins: reserved,
  },
  { name: "doctor after a crash", home: "pending", args: () => ["doctor"], examines: true },
  {
    name: "export",
    home: "suppressed",
    args: ({ waiting = "" }) => ["order", "export", waiting, "-o", "waiting.csv"],
    writes: ["waiting.csv"],
    begins: reserved,
  },
  {
    name: "cancel",
    home: "stocked",
    args: ({ waiting = "" }) => ["order", "cancel", waiting],
    finish: onlyIf("from orders where key = 'waiting' and state = 'reserved'"),
  },
  {
    name: "return",
    home: "stocked",
    args: ({ first = "" }) => ["order", "return", first, "bad.csv", "--reason", "disconnected"],
  },
  {
    name: "block a list",
    home: "stocked",
    args: () => ["blacklist", "import", "dnc.csv", "--kind", "dnc"],
  },
  {
    name: "block digests",
    home: "stocked",
    args: () => "blacklist import digests.csv --kind dnc --hash md5 --hash-of digits".split(" "),
  },
  {
    name: "import a history",
    home: "stocked",
    args: () => ["blacklist", "import", "sold.csv", "--kind", "sold"],
  },
  {
    name: "block",
    home: "stocked",
    args: () => ["blacklist", "add", person, "--kind", "dnc", ...because],
  },
  {
    name: "unblock",
    home: "suppressed",
    args: ({ suppressed = "" }) => [
      "blacklist",
      "remove",
      ...suppressed.split(" "),
      "--kind",
      "dnc",
    ],
    finish: onlyIf("from suppression"),
  },
  {
    name: "add a customer",
    home: "stocked",
    args: () => ["customer", "add", "Toko", "--daily-cap", "50"],
    finish: onlyIf("select 1 where not exists (from customers)"),
  },
  {
    name: "change a source",
    home: "stocked",
    args: () => ["source", "set", "Mitra", "--expires", "2027-01-31"],
  },
  {
    name: "erase",
    home: "stocked",
    args: () => ["erase", person, inWaiting, ...because],
    begins: unfinished,
  },
  {
    name: "erase after a crash",
    home: "unnamed",
    args: () => ["erase", person, ...because],
    begins: unfinished,
  },
  {
    name: "finish an erasure",
    home: "erasing",
    args: () => ["erase", "--resume"],
    begins: unfinished,
  },
  {
    name: "prune",
    home: "aged",
    args: () => "prune --pool 7d --ledger 60d --drop-exports".split(" "),
    // Files that the catalog does not name any more are removed by whoever writes next.
    begins: /what was too old is dropped/,
  },
  {
    name: "make the database anew",
    home: "lost",
    args: () => ["doctor", "--rebuild"],
    isOld: true,
  },
  { name: "repair", home: "damaged", args: () => ["doctor", "--repair"], isOld: true },
  { name: "join small files", home: "small", args: () => ["compact"] },
  { name: "backup", home: "stocked", args: () => ["backup", "bk"], finish: backUpAgain },
  { name: "backup again", home: "backed", args: () => ["backup", "bk"], finish: backUpAgain },
  {
    name: "restore",
    home: "backed",
    args: () => ["restore", "bk", "--home", "other"],
    finish: restoreAgain,
    examines: true,
  },
];
