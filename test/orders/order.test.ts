import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { createWorkdir, list, phonesOf } from "../workdir.ts";

const at = (text: string) => ({ now: text });

describe("which numbers", () => {
  test("newest first, each phone once however written, with the newest row's data", async () => {
    const dir = createWorkdir();
    dir.write(
      "old.csv",
      "phone,name\n0812-0000-0001,old one\n0812-0000-0002,old two\n0812-0000-0004,four\n",
    );
    dir.write(
      "new.csv",
      "phone,name\n+62 812 0000 0001,new one\n0812 0000 0003,three\n812-0000-0001,newest one\n",
    );
    await dir.ok(["ingest", "old.csv"], at("2026-11-19T09:00:00+07:00"));
    await dir.ok(["ingest", "new.csv"], at("2026-11-20T08:00:00+07:00"));
    const two = await dir.ok(["order", "--provider", "tsel", "--count", "2"]);
    expect(phonesOf(two.stdout).sort()).toEqual(["6281200000001", "6281200000003"]);
    expect(two.stdout).toContain("6281200000001,newest one");
    const rest = await dir.ok(["order", "--provider", "tsel", "--count", "2"]);
    expect(phonesOf(rest.stdout).sort()).toEqual(["6281200000002", "6281200000004"]);
    await dir.checkPromises();
  });

  test("windows are instants: imported at or after now - within, sold at or after now - cooldown", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    await dir.ok(["ingest", "a.csv"], at("2026-11-01T09:00:00+07:00"));
    const available = async (now: string, ...more: string[]) =>
      (await dir.json(["order", "--provider", "tsel", "--dry-run", ...more], at(now))).available;
    expect(await available("2026-11-04T09:00:00+07:00")).toBe(3);
    expect(await available("2026-11-04T09:00:01+07:00")).toBe(0);
    expect(await available("2026-11-04T09:00:01+07:00", "--within", "4d")).toBe(3);
    await dir.ok(["order", "--provider", "tsel", "--count", "2"], at("2026-11-02T00:00:00+07:00"));
    for (const [now, free] of [
      ["2026-12-01T00:00:00+07:00", 1], // day 29
      ["2026-12-02T00:00:00+07:00", 1], // day 30 to the second
      ["2026-12-02T00:00:01+07:00", 3],
      ["2026-12-03T00:00:00+07:00", 3], // day 31
    ] as const) {
      expect(await available(now, "--within", "60d")).toBe(free);
    }
    expect(await available("2026-11-03T00:00:00+07:00", "--cooldown", "1h")).toBe(3);
    await dir.checkPromises();
  });

  test("a backfill counts from the day that is named, in the home's time zone", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 3));
    await dir.ok(["ingest", "a.csv", "--date", "2026-11-18"]);
    expect((await dir.json(["stats"])).pool).toMatchObject([{ date: "2026-11-18", numbers: 3 }]);
    const [row] = await dir.query("select imported_at::varchar as at from imports");
    expect(row?.at).toContain("2026-11-17 17:00:00");
    const future = await dir.run(["ingest", "a.csv", "--date", "2026-11-21"]);
    expect(future).toMatchObject({ code: 2 });
    await dir.checkPromises();
  });

  test("a phone filed under two providers is sold once", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 5));
    dir.write("b.csv", list("812", 5, { name: "Ani" }));
    await dir.ok(["ingest", "a.csv"]);
    const { files } = await dir.json(["ingest", "b.csv", "--provider", "xl"]);
    expect(files[0]).toMatchObject({ mismatched: 5, providers: { xl: 5 } });
    await dir.ok(["order", "--provider", "xl", "--count", "5"]);
    const none = await dir.run(["order", "--provider", "tsel", "--count", "1"]);
    expect(none.code).toBe(4);
    await dir.checkPromises();
  });

  test("what is suppressed is not sold, and counted as such", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 5));
    await dir.ok(["ingest", "a.csv"]);
    const instance = await DuckDBInstance.create(`${dir.home}/numbers.duckdb`);
    const connection = await instance.connect();
    // For ever; expired; another customer's own list.
    await connection.run(
      `insert into suppression values
         (6281200000001, 'dnc', null, 'asked', '2020-01-01T00:00:00Z', null),
         (6281200000002, 'dnc', null, 'asked', '2020-01-01T00:00:00Z', '2026-11-20T01:59:59Z'),
         (6281200000003, 'customer', 'PT Lain', null, '2020-01-01T00:00:00Z', null)`,
    );
    connection.closeSync();
    instance.closeSync();
    // Behind its back: the journal beside the database has to be told.
    await dir.ok(["doctor", "--repair"]);
    const dry = await dir.json(["order", "--provider", "tsel", "--dry-run"]);
    expect(dry).toMatchObject({ available: 4, excluded: { sold: 0, suppressed: 1, duplicate: 0 } });
    expect((await dir.run(["order", "--provider", "tsel", "--count", "5"])).code).toBe(4);
    const lain = ["order", "--provider", "tsel", "--count", "4", "--customer", "PT Lain"];
    expect((await dir.run(lain)).code).toBe(4);
    const { stdout } = await dir.ok(["order", "--provider", "tsel", "--count", "4"]);
    expect(phonesOf(stdout)).not.toContain("6281200000001");
    expect((await dir.json(["stats"])).providers).toMatchObject([{ suppressed: 3, sold: 4 }]);
    await dir.checkPromises();
  });

  test("several providers in one order, by synonyms", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("814", 3));
    dir.write("b.csv", list("895", 3));
    await dir.ok(["ingest", "a.csv", "b.csv"]);
    const order = await dir.json(["order", "--provider", "IOH", "--count", "6", "-o", "o.csv"]);
    expect(order).toMatchObject({ provider: "isat,tri", numbers: 6, state: "delivered" });
    expect((await dir.json(["stats"])).providers).toMatchObject([
      { provider: "isat", pool: 3, sold: 3 },
      { provider: "tri", pool: 3, sold: 3 },
    ]);
    await dir.checkPromises();
  });

  test("empty cells, a literal NULL and the name of a missing partition neither block nor lose a row", async () => {
    const dir = createWorkdir();
    dir.write(
      "a.csv",
      "phone,name,provider\n,no phone,tsel\nNULL,NULL,NULL\n__HIVE_DEFAULT_PARTITION__,x,__HIVE_DEFAULT_PARTITION__\n" +
        "081200000001,NULL,__HIVE_DEFAULT_PARTITION__\n081200000002,,\n",
    );
    const { files } = await dir.json(["ingest", "a.csv", "--max-reject-rate", "1"]);
    expect(files[0]).toMatchObject({ lines: 5, accepted: 2, rejected: 3, providers: { tsel: 2 } });
    await dir.ok(["order", "--provider", "tsel", "--count", "1"]);
    const last = await dir.ok(["order", "--provider", "tsel", "--count", "1"]);
    expect(last.stdout.split("\n")[0]).toBe("phone,name,provider");
    await dir.checkPromises();
  });

  test("synthetic numbers are sold only as such, and never mixed with real ones", async () => {
    const dir = createWorkdir();
    await dir.ok([
      "generate",
      "--rows",
      "2000",
      "--provider",
      "tsel",
      "--dirty",
      "0",
      "-o",
      "s.csv",
    ]);
    await dir.ok(["ingest", "s.csv"]);
    const refused = await dir.run(["order", "--provider", "tsel", "--count", "1"]);
    expect(refused.code).toBe(8);
    expect(refused.stderr).toContain("--synthetic");
    dir.write("real.csv", list("812", 5));
    await dir.ok(["ingest", "real.csv"]);
    expect((await dir.run(["order", "--provider", "tsel", "--count", "6"])).code).toBe(4);
    const real = await dir.ok(["order", "--provider", "tsel", "--count", "5"]);
    expect(real.stdout).not.toContain("synthetic");
    const test = await dir.ok(["order", "--provider", "tsel", "--count", "1000", "--synthetic"]);
    expect(phonesOf(test.stdout)).not.toContain("6281200000001");
    await dir.checkPromises();
  });

  test("a row that says synthetic=yes in an otherwise real list is kept apart", async () => {
    const dir = createWorkdir();
    dir.write(
      "a.csv",
      "phone,synthetic\n081200000001,yes\n081200000002,no\n081200000003,\n0812-0000-0004 (WA),YES\n",
    );
    await dir.ok(["ingest", "a.csv"]);
    const real = await dir.ok(["order", "--provider", "tsel", "--count", "2"]);
    expect(phonesOf(real.stdout).sort()).toEqual(["6281200000002", "6281200000003"]);
    await dir.checkPromises();
  });
});

describe("how many", () => {
  test("not enough sells nothing and says what there is; --allow-partial takes it", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", `${list("812", 5)}0812 0000 0001,again,Bandung\n`);
    await dir.ok(["ingest", "a.csv"]);
    const short = await dir.run(["order", "--provider", "tsel", "--count", "6", "-o", "o.csv"]);
    expect(short.code).toBe(4);
    expect(short.stderr).toMatch(/asked for 6 .* there are 5 .* 1 duplicate/);
    expect((await dir.json(["stats"])).orders).toEqual({ reserved: 0, delivered: 0, cancelled: 0 });
    const partial = await dir.json([
      ...["order", "--provider", "tsel", "--count", "6", "--allow-partial", "-o", "o.csv"],
    ]);
    expect(partial).toMatchObject({ requested: 6, numbers: 5 });
    const nothing = await dir.run([
      "order",
      "--provider",
      "tsel",
      "--count",
      "6",
      "--allow-partial",
    ]);
    expect(nothing.code).toBe(4);
    await dir.checkPromises();
  });

  test("a dry run sells nothing and counts to the number what an order could take", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 20));
    dir.write("b.csv", list("812", 20, { from: 11 }));
    await dir.ok(["ingest", "a.csv", "b.csv"]);
    await dir.ok(["order", "--provider", "tsel", "--count", "7"]);
    const dry = await dir.json(["order", "--provider", "telkomsel", "--count", "50", "--dry-run"]);
    expect(dry).toEqual({
      provider: "tsel",
      requested: 50,
      available: 23,
      excluded: { sold: 7, suppressed: 0, duplicate: 10 },
    });
    const stats = await dir.json(["stats", "--available"]);
    expect(stats.providers).toMatchObject([{ provider: "tsel", pool: 40, sold: 7, available: 23 }]);
    expect((await dir.run(["order", "--provider", "tsel", "--count", "24"])).code).toBe(4);
    await dir.ok(["order", "--provider", "tsel", "--count", "23"]);
    await dir.checkPromises();
  });
});

describe("how it looks", () => {
  test("CSV has the phone, then the union of the sources' columns without their phone column", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", 'no_hp,Nama,catatan\n081200000001,"Budi, S","dia ""B"""\n');
    dir.write("b.csv", "name;msisdn;NAMA;phone 2\nx;081200000002;Ani;y\n");
    await dir.ok(["ingest", "a.csv"], at("2026-11-20T07:00:00+07:00"));
    await dir.ok(["ingest", "b.csv"], at("2026-11-20T08:00:00+07:00"));
    const { stdout } = await dir.ok(["order", "--provider", "tsel", "--count", "2"]);
    expect(stdout).toBe(
      'phone,name,NAMA,phone 2,catatan\n6281200000002,x,Ani,y,\n6281200000001,,"Budi, S",,"dia ""B"""\n',
    );
  });

  test("columns that look like numbers keep their places", async () => {
    const dir = createWorkdir();
    dir.write(
      "a.csv",
      "name,phone,2024,1\nBudi,081200000001,x,y\nAni,0812-0000-0002 (WA),z,w\n?,?,a,b\n",
    );
    const { files } = await dir.json(["ingest", "a.csv"]);
    expect(readFileSync(files[0].rejects_path, "utf8")).toBe(
      "reason,name,phone,2024,1\nempty,?,?,a,b\n",
    );
    const { stdout } = await dir.ok(["order", "--provider", "tsel", "--count", "2"]);
    expect(stdout).toContain("phone,name,2024,1\n6281200000001,Budi,x,y\n6281200000002,Ani,z,w\n");
    await dir.checkPromises();
  });

  test("a source's own column called phone gets another name", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", "msisdn,Phone,phone_2\n081200000001,home,x\n081200000002,home,x\n");
    await dir.ok(["ingest", "a.csv", "--phone-column", "msisdn"]);
    const { stdout } = await dir.ok(["order", "--provider", "tsel", "--count", "1"]);
    expect(stdout.split("\n")[0]).toBe("phone,phone_3,phone_2");
  });

  test("phone formats, chosen and renamed columns, and every format", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 40));
    await dir.ok(["ingest", "a.csv"]);
    const take = async (...more: string[]) =>
      (await dir.ok(["order", "--provider", "tsel", "--count", "1", ...more])).stdout;
    expect(await take("--columns", "phone", "--phone-format", "e164")).toMatch(
      /^phone\n\+62812000000\d\d\n$/,
    );
    expect(await take("--columns", "phone,city:kota,name", "--phone-format", "national")).toMatch(
      /^phone,kota,name\n0812000000\d\d,Bandung,Budi \d+\n$/,
    );
    expect(await take("--format", "tsv")).toMatch(
      /^phone\tname\tcity\n62812\d+\tBudi \d+\tBandung\n$/,
    );
    expect(await take("--format", "txt")).toMatch(/^62812\d+\n$/);
    expect(JSON.parse(await take("--format", "jsonl"))).toMatchObject({ city: "Bandung" });
    await take("-o", "o.parquet");
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll("select * from read_parquet($path)", {
      path: dir.path("o.parquet"),
    });
    expect(reader.getRowObjectsJson()).toMatchObject([{ city: "Bandung" }]);
    await dir.checkPromises();
  });

  test("a file named .gz or .zst is compressed; its sha256 is of the file", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 40));
    await dir.ok(["ingest", "a.csv"]);
    const order = await dir.json(["order", "--provider", "tsel", "--count", "9", "-o", "o.csv.gz"]);
    const packed = readFileSync(dir.path("o.csv.gz"));
    expect(order.sha256).toBe(createHash("sha256").update(packed).digest("hex"));
    expect(order.bytes).toBe(packed.length);
    expect(phonesOf(gunzipSync(packed).toString())).toHaveLength(9);
    await dir.ok(["order", "export", order.order_id, "-o", "o.csv.zst"]);
    expect(readFileSync(dir.path("o.csv.zst")).readUInt32LE(0)).toBe(0xfd2fb528);
    await dir.ok(["order", "export", order.order_id, "-o", "o.csv"]);
    expect(readFileSync(dir.path("o.csv"), "utf8")).toBe(gunzipSync(packed).toString());
  });
});

describe("the life of an order", () => {
  test("list, show, export byte for byte, cancel", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 30));
    await dir.ok(["ingest", "a.csv"]);
    const order = await dir.json([
      ...["order", "--provider", "tsel", "--count", "10", "-o", "o.csv", "--customer", "PT Contoh"],
    ]);
    expect(order).toMatchObject({
      state: "delivered",
      customer: "PT Contoh",
      requested: 10,
      numbers: 10,
      output: dir.path("o.csv"),
      excluded: { sold: 0, suppressed: 0, duplicate: 0 },
    });
    expect(Object.keys(order.seconds)).toEqual(["reserve", "export", "total"]);
    const first = readFileSync(dir.path("o.csv"));
    expect(order.sha256).toBe(createHash("sha256").update(first).digest("hex"));

    await dir.ok(["order", "export", order.order_id, "-o", "again.csv"]);
    expect(readFileSync(dir.path("again.csv"))).toEqual(first);
    const piped = await dir.ok(["order", "export", order.order_id]);
    expect(Buffer.from(piped.stdout)).toEqual(first);

    const { orders } = await dir.json(["order", "list"]);
    expect(orders).toMatchObject([{ order_id: order.order_id, state: "delivered" }]);
    const shown = await dir.json(["order", "show", order.order_id]);
    expect(shown).toMatchObject({ numbers: 10, files: [{ provider: "tsel", numbers: 10 }] });
    expect((await dir.ok(["order", "show", order.order_id])).stdout).toContain("PT Contoh");

    const refused = await dir.run(["order", "cancel", order.order_id]);
    expect(refused.code).toBe(2);
    await dir.ok(["order", "cancel", order.order_id, "--disclosed"]);
    expect((await dir.json(["order", "--provider", "tsel", "--dry-run"])).available).toBe(20);
    expect((await dir.run(["order", "export", order.order_id])).code).toBe(2);
    expect((await dir.run(["order", "show", "nonsense"])).code).toBe(2);
    await dir.checkPromises();
  });

  test("the same key delivers the same order and sells nothing more", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 30));
    await dir.ok(["ingest", "a.csv"]);
    const take = (...more: string[]) =>
      dir.run(["order", "--provider", "tsel", "--count", "10", "--key", "monday", ...more]);
    const first = await take();
    const second = await take();
    expect(second.stdout).toBe(first.stdout);
    expect((await dir.json(["stats"])).ledger.numbers).toBe(10);
    expect((await take("--columns", "phone")).code).toBe(2);
    expect((await take("--count", "11")).code).toBe(2);
    expect((await take("--synthetic")).code).toBe(2);
    const { orders } = await dir.json(["order", "list"]);
    await dir.ok(["order", "cancel", orders[0].order_id, "--disclosed"]);
    expect((await take()).code).toBe(2);
    await dir.checkPromises();
  });

  test("a pool file that is gone is named, and nothing is sold", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 30));
    await dir.ok(["ingest", "a.csv"]);
    const [file] = await dir.query("select path from pool_files");
    rmSync(`${dir.home}/${file?.path}`);
    const order = await dir.run(["order", "--provider", "tsel", "--count", "1"]);
    expect(order.code).toBe(5);
    expect(order.stderr).toContain(String(file?.path));
    const doctor = await dir.run(["doctor"]);
    expect(doctor.code).toBe(5);
    expect(doctor.stderr).toContain("is missing");
  });
});
