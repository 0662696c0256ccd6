/** A person who asked to be forgotten: gone from every file, never in again, and nobody else the poorer. */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { filesWith } from "../traces.ts";
import {
  binary,
  cleanEnvironment,
  createWorkdir,
  filesBelow,
  list,
  phonesOf,
  type Workdir,
} from "../workdir.ts";

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 10));
}

const because = ["--reason", "asked by mail"];
const erase = (dir: Workdir, ...phones: string[]) => dir.json(["erase", ...phones, ...because]);
const order = (count: number, ...more: string[]) => [
  ...["order", "--provider", "tsel", "--count", String(count)],
  ...more,
];

/** Nobody by that number is anywhere in the home. */
async function expectGone(dir: Workdir, ...nationals: string[]): Promise<void> {
  for (const national of nationals) expect(await filesWith(dir, national)).toEqual([]);
}

/** Everything is sold, and this number was not among it. */
async function expectUnsold(dir: Workdir, ...nationals: string[]): Promise<void> {
  const { available, excluded } = await dir.json(order(1, "--dry-run"));
  expect(excluded.by_kind?.erased ?? 0).toBe(0); // it is not even there
  const { stdout } = await dir.ok(order(available, "-o", "-"));
  const phones = phonesOf(stdout);
  for (const national of nationals) expect(phones).not.toContain(`62${national}`);
}

describe("what is in the pool", () => {
  test("goes, and tomorrow's file does not bring it back", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 5));
    await dir.ok(["ingest", "a.csv"]);
    expect(await filesWith(dir, "81200000003")).not.toEqual([]);
    const { erasures, finished } = await erase(dir, "0812-0000-0003");
    expect(finished).toBe(true);
    expect(erasures).toEqual([
      {
        erasure_id: expect.stringMatching(/^20261120-/),
        reason: "asked by mail",
        erased_at: "2026-11-20T02:00:00.000Z",
        repeated: false,
        pool_rows: 1,
        pool_files: 1,
        ledger_rows: 0,
        rejects_rows: 0,
        suppressions: 0,
      },
    ]);
    await dir.checkPromises();
    await expectGone(dir, "81200000003");
    expect((await dir.json(["stats"])).pool).toMatchObject([{ numbers: 4, imports: 1 }]);

    dir.write("b.csv", list("812", 6));
    const { files, ...totals } = await dir.json(["ingest", "b.csv"]);
    expect(totals).toMatchObject({ lines: 6, accepted: 5, rejected: 1, numbers: 5 });
    expect(files[0].reasons).toEqual({ erased: 1 });
    expect(readFileSync(files[0].rejects_path, "utf8")).toBe("reason,phone,name,city\nerased,,,\n");
    await dir.checkPromises();
    await expectGone(dir, "81200000003");
    await expectUnsold(dir, "81200000003");
  });

  test.each<[string, string, string, string, number, number]>([
    ["packed", "z.csv.gz", list("812", 3), "81200000002", 2, 1],
    [
      "an odd cell",
      "o.csv",
      'phone,name\n"HP: 0812.0000.0002",Budi\n081200000003,Ani\n',
      "81200000002",
      1,
      1,
    ],
    [
      "two phones in one cell",
      "t.csv",
      "phone,name\n081200000002 / 081300000009,Budi\n081200000003,Ani\n",
      "81200000002",
      1,
      1,
    ],
    [
      "a line that cannot be read",
      "q.csv",
      `${list("812", 1)}081200000002,"Budi\n`,
      "81200000002",
      1,
      1,
    ],
    [
      "a number with a tail",
      "n.csv",
      `${list("812", 1)}0812-0000-0002 0,Budi,\n`,
      "81200000002",
      1,
      1,
    ],
    ["nobody else", "s.csv", list("812", 1, { from: 2 }), "81200000002", 0, 1],
  ])("a file that has it in this way: %s", async (_, name, text, national, accepted, rejected) => {
    const dir = createWorkdir();
    await erase(dir, `0${national}`);
    dir.write(name, name.endsWith(".gz") ? gzipSync(text) : text);
    const report = await dir.json(["ingest", name, "--max-reject-rate", "1"]);
    expect(report).toMatchObject({ accepted, rejected, lines: accepted + rejected });
    const records = readFileSync(report.files[0].rejects_path, "utf8").trim().split("\n");
    expect(records).toHaveLength(1 + rejected);
    await dir.checkPromises();
    await expectGone(dir, national);
  });

  test("of a cell with two phones the other stays, without its cells, in whatever file it is", async () => {
    const dir = createWorkdir();
    const text =
      "phone,name\n081200000002 / 081500000009,Budi\n081500000010,Ani\n081500000011,Edi\n";
    dir.write("a.csv", text);
    await dir.ok(["ingest", "a.csv"]);
    await dir.ok(["order", "--provider", "isat", "--count", "3", "-o", "o.csv"]);
    const before = phonesOf(readFileSync(dir.path("o.csv"), "utf8"));
    await erase(dir, "081200000002");
    await expectGone(dir, "81200000002");
    await dir.checkPromises();
    const { orders } = await dir.json(["order", "list"]);
    expect(orders[0]).toMatchObject({ numbers: 3, erased: 0, withdrawn: 0 });
    const again = await dir.ok(["order", "export", orders[0].order_id, "-o", "o2.csv"]);
    expect(again.stderr).toContain("not byte for byte");
    const after = readFileSync(dir.path("o2.csv"), "utf8");
    expect(phonesOf(after)).toEqual(before);
    expect(after).toContain("6281500000009,\n");
    expect(after).toContain("6281500000010,Ani\n");
  });

  test("in many files and twice in one, all at once, and every other row where it was", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 70_000) + list("812", 1, { from: 7 }).split("\n")[1]);
    dir.write("b.csv", list("812", 20, { from: 5 }));
    await dir.ok(["ingest", "a.csv"]);
    await dir.ok(["ingest", "b.csv"]);
    await dir.ok(order(40_000, "-o", "o.csv"));
    const before = phonesOf(readFileSync(dir.path("o.csv"), "utf8"));
    const input = "0812-0000-0007\n\n+62 812 0000 0008\r\n62812000000069999\n";
    const wrong = await dir.run(["erase", "-", ...because], { input });
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toMatch(/number 3 .*too_long.*nobody was erased/);
    expect(wrong.stderr).not.toContain("62812000000069999");
    const { erasures } = await dir.json(["erase", "-", "081200000030", ...because], {
      input: "0812-0000-0007\n+62 812 0000 0008\n0812 0000 0008\n",
    });
    expect(erasures).toHaveLength(3);
    expect(erasures[0]).toMatchObject({ pool_rows: 3, pool_files: 2 });
    expect(erasures[1]).toMatchObject({ pool_rows: 2, pool_files: 2 });
    expect(erasures[2]).toMatchObject({ pool_rows: 1, pool_files: 1 });
    await dir.checkPromises();
    await expectGone(dir, "81200000007", "81200000008", "81200000030");
    const { orders } = await dir.json(["order", "list"]);
    await dir.ok(["order", "export", orders[0].order_id, "-o", "o2.csv"]);
    const gone = ["6281200000007", "6281200000008", "6281200000030"];
    expect(phonesOf(readFileSync(dir.path("o2.csv"), "utf8"))).toEqual(
      before.filter((phone) => !gone.includes(phone)),
    );
  });
});

describe("what was sold", () => {
  test("leaves a delivered order: counts, ledger, copy; an export says that it is another one", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 5));
    await dir.ok(["ingest", "a.csv"]);
    const { order_id } = await dir.json(order(4, "-o", "o.csv"));
    const sold = phonesOf(readFileSync(dir.path("o.csv"), "utf8"));
    const national = (sold[1] ?? "").slice(2);
    const { erasures } = await erase(dir, `0${national}`);
    expect(erasures[0]).toMatchObject({ ledger_rows: 1, pool_rows: 1 });
    await dir.checkPromises();
    await expectGone(dir, national);
    const shown = await dir.json(["order", "show", order_id]);
    expect(shown).toMatchObject({ state: "delivered", numbers: 3, erased: 1, withdrawn: 0 });
    const again = await dir.ok(["order", "export", order_id, "-o", "o2.csv"]);
    expect(again.stderr).toMatch(/not byte for byte.*without 1 number erased since/);
    expect(again.stderr).not.toContain("fewer than");
    expect(phonesOf(readFileSync(dir.path("o2.csv"), "utf8"))).toEqual(
      sold.filter((phone) => phone !== sold[1]),
    );
    await expectUnsold(dir, national);
  });

  test("leaves an order that is reserved, before anybody has it", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 5));
    await dir.ok(["ingest", "a.csv"]);
    const refused = await dir.run(order(5, "-o", "/dev/full"));
    expect(refused.code).toBe(7);
    const { orders } = await dir.json(["order", "list", "--state", "reserved"]);
    const [{ order_id }] = orders;
    await erase(dir, "081200000003");
    await dir.checkPromises();
    await expectGone(dir, "81200000003");
    const left = await dir.json(["order", "show", order_id]);
    expect(left.numbers).toBe(4);
    expect(left.withdrawn + left.erased).toBe(1);
    await dir.ok(["order", "export", order_id, "-o", "o.csv"]);
    expect(phonesOf(readFileSync(dir.path("o.csv"), "utf8"))).not.toContain("6281200000003");
    await dir.checkPromises();
  });

  test("leaves the copy of a cancelled order", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 2));
    await dir.ok(["ingest", "a.csv"]);
    const refused = await dir.run(order(2, "-o", "/dev/full"));
    expect(refused.code).toBe(7);
    const { orders } = await dir.json(["order", "list"]);
    await dir.ok(["order", "cancel", orders[0].order_id]);
    expect((await filesWith(dir, "81200000002")).join()).toContain("ledger/");
    await erase(dir, "081200000002");
    await dir.checkPromises();
    await expectGone(dir, "81200000002");
    expect((await dir.json(["stats"])).pool).toMatchObject([{ numbers: 1 }]);
  });
});

describe("at the same time", () => {
  test("an ingest that had begun before does not bring the person in", async () => {
    const dir = createWorkdir();
    await dir.ok(["stats"]);
    const text = `${list("812", 60_000)}"0812.0000.0003 / 0813.0000.0009",x,y\n`;
    const child = spawn(process.execPath, [binary, "ingest", "-", "--json"], {
      env: cleanEnvironment(dir.home),
      stdio: ["pipe", "pipe", "inherit"],
    });
    const ended = new Promise((done) => child.on("close", done));
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stdin.write(text.slice(0, 1_500_000));
    // Its folder is there from its first block on: it has seen then who was erased.
    await until(() => filesBelow(`${dir.home}/tmp`).some((path) => path.endsWith("source.fifo")));
    const { erasures } = await erase(dir, "081200000003");
    expect(erasures[0]).toMatchObject({ pool_rows: 0 });
    child.stdin.end(text.slice(1_500_000));
    expect(await ended).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ lines: 60_001, accepted: 59_999, rejected: 2 });
    await dir.checkPromises();
    await expectGone(dir, "81200000003");
  });

  test("a slow reader gets the whole delivery that had begun before", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 60_000));
    dir.write("b.csv", list("813", 60_000));
    await dir.ok(["ingest", "a.csv"]);
    await dir.ok(["ingest", "b.csv"]);
    const child = spawn(process.execPath, [binary, ...order(120_000, "-o", "-")], {
      env: cleanEnvironment(dir.home),
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise((done) => child.on("close", done));
    const chunks: Buffer[] = [];
    await new Promise((done) => child.stdout.once("readable", done));
    const { erasures } = await erase(dir, "081200000003", "081300000003");
    expect(erasures).toMatchObject([{ ledger_rows: 1 }, { ledger_rows: 1 }]);
    for await (const chunk of child.stdout) chunks.push(chunk);
    expect(await ended).toBe(0);
    expect(phonesOf(Buffer.concat(chunks).toString())).toHaveLength(120_000);
    const { orders } = await dir.json(["order", "list"]);
    expect(orders[0]).toMatchObject({ state: "delivered", numbers: 119_998, erased: 2 });
    await dir.checkPromises();
    await expectGone(dir, "81200000003", "81300000003");
  });

  test("three erasures, an order and an ingest", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 30_000));
    dir.write("b.csv", list("812", 30_000, { from: 15_000 }));
    await dir.ok(["ingest", "a.csv"]);
    const gone = ["81200000001", "81200015001", "81200029999"];
    const outcomes = await Promise.all([
      ...gone.map((national) => dir.run(["erase", `0${national}`, ...because])),
      dir.run(order(20_000, "-o", "o.csv")),
      dir.run(["ingest", "b.csv"]),
    ]);
    for (const [index, { code, stderr }] of outcomes.entries()) {
      // The order may lose a number while it is written, and says so.
      if (index === 3 && code === 7) expect(stderr).toContain("erased or withdrawn");
      else expect({ code, stderr }).toEqual({ code: 0, stderr: expect.anything() });
    }
    await dir.checkPromises();
    await expectGone(dir, ...gone);
    await expectUnsold(dir, ...gone);
    await dir.checkPromises();
  });

  test("what a crash left in the pool without a name is cleaned as well", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    await dir.ok(["ingest", "a.csv"]);
    const [path = ""] = filesBelow(`${dir.home}/pool`);
    copyFileSync(path, path.replace(/[^/]+-1\.parquet$/, "20260101-zzzzzzzz-1.parquet"));
    await erase(dir, "081200000002");
    expect(filesBelow(`${dir.home}/pool`)).toHaveLength(2);
    await dir.checkPromises();
    await expectGone(dir, "81200000002");
  });
});

describe("the rest", () => {
  test("rejects lose the record, not its place; other records stay as they are", async () => {
    const dir = createWorkdir();
    const lines = [
      "0812-0000-0002 0,Budi",
      '081200000002,"Budi',
      "081200000003 0,Ani",
      '0812 0000 0002 0,"B ""x"", y"',
      "no phone,Edi",
    ];
    dir.write("a.csv", `phone,name\n081200000001,Ani\n${lines.join("\n")}\n`);
    const { files } = await dir.json(["ingest", "a.csv", "--max-reject-rate", "1"]);
    const { rejected, rejects_path: path } = files[0];
    const before = readFileSync(path, "utf8").split("\n");
    const { erasures } = await erase(dir, "081200000002");
    expect(erasures[0]).toMatchObject({ pool_rows: 0, rejects_rows: 3 });
    const after = readFileSync(path, "utf8").split("\n");
    expect(after).toHaveLength(before.length);
    expect(after).toEqual(
      before.map((line) => (/0002/.test(line.replace(/[ -]/g, "")) ? "erased,," : line)),
    );
    expect(rejected).toBe(5);
    await dir.checkPromises();
    await expectGone(dir, "81200000002");
  });

  test("who is nowhere is kept out all the same; twice is harmless and says since when", async () => {
    const dir = createWorkdir();
    await erase(dir, "081200000001");
    const later = { now: "2026-11-25T09:00:00+07:00" };
    const again = await dir.json(["erase", "081200000001", "--reason", "again"], later);
    expect(again.erasures).toMatchObject([
      { repeated: true, reason: "asked by mail", erased_at: "2026-11-20T02:00:00.000Z" },
    ]);
    const words = await dir.ok(["erase", "081200000001", ...because], later);
    expect(words.stdout).toContain("1 of them erased already");
    expect(words.stdout).toContain("since 2026-11-20 09:00:00");
    expect(words.stdout + words.stderr).not.toContain("81200000001");
    expect(await dir.query("select count(*) as n from erasures")).toEqual([{ n: "1" }]);
    await dir.checkPromises();
    await expectGone(dir, "81200000001");
  });

  test("sales from elsewhere leave their file in ledger/ as well", async () => {
    const dir = createWorkdir();
    dir.write("old.csv", list("812", 3));
    await dir.ok(["blacklist", "import", "old.csv", "--kind", "sold", "--at", "2026-11-01"]);
    dir.write("other.csv", list("813", 3));
    await dir.ok(["blacklist", "import", "other.csv", "--kind", "sold", "--at", "2026-11-02"]);
    const { erasures } = await erase(dir, "081200000001");
    expect(erasures[0]).toMatchObject({ ledger_rows: 1 });
    await expectGone(dir, "81200000001");
    await dir.checkPromises();
    await dir.ok(["doctor", "--rebuild"]);
    expect(await dir.query("select count(*) as n from ledger")).toEqual([{ n: "5" }]);
    await erase(dir, "081200000002", "081200000003");
    await expectGone(dir, "81200000003");
    await dir.checkPromises();
  });

  test("suppression gives way to the digest, lists of plain digests too", async () => {
    const dir = createWorkdir();
    await dir.ok(["stats"]);
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(`${dir.home}/numbers.duckdb`);
    const connection = await instance.connect();
    const md5 = createHash("md5").update("+6281200000001").digest("hex");
    for (const statement of [
      "insert into suppression values (6281200000001, 'dnc', null, null, now(), null)",
      "insert into suppression values (6281200000002, 'dnc', null, null, now(), null)",
      `insert into suppressed_digests values (md5_number('${md5}'), 'md5', 'e164', 'dnc', null, null, now(), null)`,
      "insert into ledger values (6281200000001, 'tsel', null, '2026-01-01')",
      "insert into returned values (6281200000001, 'o', 'r')",
    ]) {
      await connection.run(statement);
    }
    connection.closeSync();
    instance.closeSync();
    const { erasures } = await erase(dir, "081200000001");
    expect(erasures[0]).toMatchObject({ suppressions: 2, ledger_rows: 1 });
    expect(await dir.query("select phone from suppression")).toEqual([{ phone: "6281200000002" }]);
    expect(await dir.query("select * from suppressed_digests")).toEqual([]);
    expect(await dir.query("select * from returned")).toEqual([]);
    await expectGone(dir, "81200000001");
    await dir.checkPromises();
  });

  test("a missing pool file stops it half way: nobody gets the number, and it is finished later", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    dir.write("b.csv", list("812", 3, { from: 3 }));
    await dir.ok(["ingest", "a.csv", "b.csv"]);
    const { order_id } = await dir.json(order(2, "-o", "o.csv"));
    const [path = "", other = ""] = filesBelow(`${dir.home}/pool`).sort();
    renameSync(path, dir.path("away.parquet"));
    const outcome = await dir.run(["erase", "081200000003", ...because]);
    expect(outcome.code).toBe(5);
    expect(outcome.stderr).toMatch(/pool file .* is missing.*numbers erase --resume/);
    const doctor = await dir.run(["doctor"]);
    expect(doctor.code).toBe(5);
    expect(doctor.stderr).toMatch(/promise 2 is broken: erasure .* is not finished/);
    expect(existsSync(other)).toBe(true);
    renameSync(dir.path("away.parquet"), path);
    // Begun, and not finished: the rows are still there, and nobody gets them.
    expect((await dir.json(order(1, "--dry-run"))).excluded.by_kind).toEqual({ erased: 1 });
    const left = await dir.ok(order(3, "-o", "-", "--allow-partial"));
    expect(phonesOf(left.stdout)).not.toContain("6281200000003");
    expect(await dir.json(["lookup", "081200000003"])).toMatchObject({
      reason: "erased",
      erased: { finished: false },
    });
    const { erasures } = await dir.json(["erase", "--resume"]);
    expect(erasures).toMatchObject([{ repeated: false, pool_rows: 2, pool_files: 2 }]);
    await dir.checkPromises();
    await expectGone(dir, "81200000003");
    await dir.ok(["order", "export", order_id, "-o", "o2.csv"]);
  });

  test("a missing order copy: nothing is done, and it says which", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    await dir.ok(["ingest", "a.csv"]);
    const { order_id } = await dir.json(order(3, "-o", "o.csv"));
    const [copy = ""] = filesBelow(`${dir.home}/ledger`);
    renameSync(copy, dir.path("copy"));
    const outcome = await dir.run(["erase", "081200000003", ...because]);
    expect(outcome.code).toBe(5);
    expect(outcome.stderr).toContain(`order ${order_id}`);
    expect(await dir.query("select count(*) as n from erasures")).toEqual([{ n: "0" }]);
    renameSync(dir.path("copy"), copy);
    await erase(dir, "081200000003");
    await dir.checkPromises();
    await expectGone(dir, "81200000003");
  });

  test("all numbers of an order: nothing is left to deliver", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 2));
    await dir.ok(["ingest", "a.csv"]);
    const { order_id } = await dir.json(order(2, "-o", "o.csv"));
    await erase(dir, "081200000001", "081200000002");
    await dir.checkPromises();
    await expectGone(dir, "81200000001", "81200000002");
    expect(await dir.json(["order", "show", order_id])).toMatchObject({ numbers: 0, erased: 2 });
    expect(await dir.run(["order", "export", order_id, "-o", "o2.csv"])).toMatchObject({ code: 4 });
    expect((await dir.json(["lookup", "081200000001"])).sales).toEqual([]);
  });

  test("without its key nothing is sold, doctor says so, and no second key is made", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    await dir.ok(["ingest", "a.csv"]);
    await erase(dir, "081200000001");
    renameSync(`${dir.home}/erasure.key`, dir.path("key"));
    for (const args of [
      order(1, "-o", "o.csv"),
      ["erase", "081200000002", ...because],
      ["doctor"],
    ]) {
      const outcome = await dir.run(args);
      expect(outcome.code).toBe(5);
      expect(outcome.stderr).toContain("erasure.key is missing");
    }
    expect(existsSync(`${dir.home}/erasure.key`)).toBe(false);
    renameSync(dir.path("key"), `${dir.home}/erasure.key`);
    await dir.checkPromises();
  });

  test.each<[string, string[], RegExp]>([
    ["no reason", ["erase", "081200000001"], /--reason/],
    ["an empty reason", ["erase", "081200000001", "--reason", " "], /--reason/],
    [
      "a reason with the number",
      ["erase", "081200000001", "--reason", "0812 0000 0001"],
      /write it without/,
    ],
    ["no number", ["erase", ...because], /no number was given/],
    ["nothing on standard input", ["erase", "-", ...because], /no number was given/],
    ["- twice", ["erase", "-", "-", ...because], /twice/],
    ["two in one", ["erase", "081200000001/081300000001", ...because], /number 1 .*several/],
    ["--resume with a number", ["erase", "--resume", "081200000001"], /--resume takes no numbers/],
  ])("refused with exit 2, nothing done: %s", async (_, args, message) => {
    const dir = createWorkdir();
    await dir.ok(["stats"]);
    const outcome = await dir.run(args);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(message);
    expect(await dir.query("select count(*) as n from erasures")).toEqual([{ n: "0" }]);
    expect(readdirSync(dir.home)).not.toContain("erasure.key");
  });

  test("the audit has it, without the number", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    await dir.ok(["ingest", "a.csv"]);
    const { erasures } = await erase(dir, "081200000001");
    const entries = await dir.query("select action, subject, details from audit order by sequence");
    expect(entries.map(({ action }) => action)).toEqual([
      "import.publish",
      "person.erase",
      "person.erased",
    ]);
    expect(entries[1]).toMatchObject({ subject: erasures[0].erasure_id });
    expect(JSON.stringify(entries)).not.toContain("81200000001");
  });
});
