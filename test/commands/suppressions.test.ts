/** Single numbers on and off a list, what the lists show, and what they export. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createWorkdir, list } from "../workdir.ts";

const phone = (n: number) => `0812${String(n).padStart(8, "0")}`;
const digits = (n: number) => `62${phone(n).slice(1)}`;
const add = ["blacklist", "add"];
const dnc = ["--kind", "dnc"];
const because = ["--reason", "asked by mail"];

describe("add and remove", () => {
  test("any form, once, twice, from stdin; the audit has counts alone", async () => {
    const dir = createWorkdir();
    const first = await dir.json([
      ...add,
      phone(1),
      "+62 812-0000-0002",
      phone(1),
      ...dnc,
      ...because,
    ]);
    expect(first).toEqual({ kind: "dnc", customer: null, added: 2, known: 0 });
    const input = `${phone(2)}\n\n${phone(3)}\r\n`;
    expect(await dir.json([...add, "-", ...dnc, ...because], { input })).toMatchObject({
      ...{ added: 1, known: 1 },
    });
    const removed = await dir.ok(["blacklist", "remove", phone(1), phone(9), ...dnc, "--json"]);
    expect(JSON.parse(removed.stdout)).toEqual({
      ...{ kind: "dnc", customer: null, removed: 1, unknown: 1 },
    });
    expect(removed.stderr).toContain("not on that list: argument 2");
    expect(removed.stderr).not.toContain("0812");
    expect(await dir.query("select phone from suppression order by phone")).toEqual([
      { phone: digits(2) },
      { phone: digits(3) },
    ]);
    const audit = await dir.query("select action, subject, details from audit order by sequence");
    expect(audit.map(({ action }) => action)).toEqual([
      ...["blacklist.add", "blacklist.add", "blacklist.remove"],
    ]);
    expect(JSON.stringify(audit)).not.toMatch(/812\d{6}/);
    await dir.checkPromises();
  });

  test("one that is no number refuses all of them, and is not shown", async () => {
    const dir = createWorkdir();
    const outcome = await dir.run([...add, phone(1), "081200000x02", ...dnc, ...because]);
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    expect(outcome.stderr).toMatch(/argument 2: "081\*.*nothing was done/);
    expect(outcome.stderr).not.toContain("00000");
    const stdin = await dir.run([...add, "-", ...dnc, ...because], { input: `${phone(1)}\nx\n` });
    expect(stdin.stderr).toMatch(/line 2: /);
    expect((await dir.run([...add, "-", ...dnc, ...because])).stderr).toMatch(/has no number/);
    expect((await dir.json(["blacklist", "list"])).kinds).toEqual([]);
  });

  test("a customer's own list is apart from the others", async () => {
    const dir = createWorkdir();
    dir.write("a.csv", list("812", 5));
    await dir.ok(["ingest", "a.csv"]);
    const own = ["--kind", "customer", "--customer"];
    await dir.ok([...add, phone(1), ...dnc, ...because]);
    expect(await dir.json([...add, phone(1), ...own, "Acme", ...because])).toMatchObject({
      added: 1,
    });
    const remove = ["blacklist", "remove", phone(1), ...own];
    expect((await dir.run([...remove, "Acm"])).stderr).toMatch(/Did you mean "Acme"/);
    expect(await dir.json([...remove, "ACME"])).toMatchObject({ customer: "Acme", removed: 1 });
    const dry = await dir.json(["order", "--provider", "tsel", "--dry-run"]);
    expect(dry.excluded.suppressed).toBe(1);
    await dir.checkPromises();
  });

  test("a number that is known by its digest is taken off too", async () => {
    const dir = createWorkdir();
    const hash = (n: number) =>
      createHash("sha256")
        .update(`+${digits(n)}`)
        .digest("hex");
    dir.write("h.txt", `${hash(1)}\n${hash(2)}\n`);
    await dir.ok(["blacklist", "import", "h.txt", ...dnc, "--hash", "sha256", "--hash-of", "e164"]);
    expect(await dir.json(["blacklist", "remove", phone(1), phone(3), ...dnc])).toMatchObject({
      ...{ removed: 1, unknown: 1 },
    });
    expect((await dir.json(["blacklist", "list"])).kinds).toMatchObject([
      { numbers: 0, digests: 1 },
    ]);
    await dir.checkPromises();
  });

  test.each([
    ["sold", [...add, phone(1), "--kind", "sold", ...because], /blacklist import FILE --kind sold/],
    ["sold, to remove", ["blacklist", "remove", phone(1), "--kind", "sold"], /order cancel/],
    ["no reason", [...add, phone(1), ...dnc], /--reason: say why/],
    ["no kind", [...add, phone(1), ...because], /--kind: name one/],
    ["an unknown kind", [...add, phone(1), "--kind", "invalud", ...because], /"invalid"\?/],
    [
      "hashed sales",
      ["blacklist", "import", "x", "--kind", "sold", "--hash", "md5", "--hash-of", "digits"],
      /--hash: sales/,
    ],
    ["a time for dnc", ["blacklist", "import", "x", ...dnc, "--at", "2026-11-01"], /--at:/],
    [
      "a time to come",
      ["blacklist", "import", "x", "--kind", "sold", "--at", "2026-11-21"],
      /future/,
    ],
    [
      "a time in words",
      ["blacklist", "import", "x", "--kind", "sold", "--at", "monday"],
      /--at: "monday"/,
    ],
    ["a customer for dnc", ["blacklist", "import", "x", ...dnc, "--customer", "A"], /nobody's own/],
    ["no customer", ["blacklist", "import", "x", "--kind", "customer"], /say whose/],
    [
      "an unknown owner",
      ["blacklist", "export", "--kind", "customer", "--customer", "A"],
      /"A" has no list/,
    ],
    ["no kind to export", ["blacklist", "export"], /--kind: name one/],
    ["a limit of 0", ["blacklist", "list", "--limit", "0"], /--limit: "0"/],
  ])("%s: exit 2", async (_name, args, message) => {
    const dir = createWorkdir();
    const outcome = await dir.run(args);
    expect(outcome.stderr).toMatch(message);
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("list and export", () => {
  test("newest first, by kind and customer, for people and for scripts", async () => {
    const dir = createWorkdir();
    expect(await dir.json(["blacklist", "list"])).toEqual({ kinds: [], entries: [] });
    await dir.ok([...add, phone(1), ...dnc, ...because], { now: "2026-11-18T09:00:00+07:00" });
    const own = ["--kind", "customer", "--customer", "Acme"];
    await dir.ok([...add, phone(2), phone(3), ...own, "--reason", "theirs"]);
    const all = await dir.json(["blacklist", "list"]);
    expect(all.kinds).toEqual([
      { kind: "dnc", customer: null, numbers: 1, digests: 0, newest: "2026-11-18T02:00:00.000Z" },
      {
        kind: "customer",
        customer: "Acme",
        numbers: 2,
        digests: 0,
        newest: "2026-11-20T02:00:00.000Z",
      },
    ]);
    expect(all.entries[0]).toEqual({
      phone: digits(2),
      kind: "customer",
      customer: "Acme",
      reason: "theirs",
      added_at: "2026-11-20T02:00:00.000Z",
      until: null,
    });
    expect(all.entries).toHaveLength(3);
    const limited = await dir.json(["blacklist", "list", "--kind", "customer", "--limit", "1"]);
    expect(limited.kinds).toHaveLength(1);
    expect(limited.entries).toHaveLength(1);
    expect((await dir.json(["blacklist", "list", "--customer", "acme"])).entries).toHaveLength(2);
    const { stdout } = await dir.ok(["blacklist", "list"]);
    expect(stdout).toMatch(/kind +customer +numbers/);
    expect(stdout).toMatch(/6281200000001 +dnc +asked by mail +2026-11-18 09:00:00 +for ever/);
  });

  test("what is exported imports as the same; packed by its name; whole or not at all", async () => {
    const dir = createWorkdir();
    const sales = `phone,sold_at\n${phone(1)},2026-11-19 09:00:00\n${phone(2)},2026-09-01\n`;
    dir.write("sold.csv", sales);
    await dir.ok(["blacklist", "import", "sold.csv", "--kind", "sold"]);
    await dir.ok([...add, phone(5), phone(4), ...dnc, "--reason", 'said "no", twice']);
    const { stdout } = await dir.ok(["blacklist", "export", ...dnc]);
    const rows = [4, 5].map(
      (n) => `${digits(n)},dnc,,"said ""no"", twice",2026-11-20T02:00:00.000Z,`,
    );
    expect(stdout).toBe(`phone,kind,customer,reason,added_at,until\n${rows.join("\n")}\n`);
    const sold = ["blacklist", "export", "--kind", "sold", "-o", "out.csv.gz"];
    const document = JSON.parse((await dir.ok([...sold, "--json"])).stdout);
    expect(document).toEqual({ kind: "sold", customer: null, numbers: 1, output: "out.csv.gz" });
    expect(gunzipSync(readFileSync(dir.path("out.csv.gz"))).toString()).toBe(
      `phone,sold_at,until\n${digits(1)},2026-11-19T02:00:00.000Z,2026-12-19T02:00:00.000Z\n`,
    );
    const again = await dir.json(["blacklist", "import", "out.csv.gz", "--kind", "sold"]);
    expect(again).toMatchObject({ lines: 1, added: 0, known: 1 });
    dir.write("dnc.csv", stdout);
    expect(await dir.json(["blacklist", "import", "dnc.csv", ...dnc])).toMatchObject({ known: 2 });
    expect((await dir.run(["blacklist", "export", ...dnc, "-o", "no/where.csv"])).code).toBe(2);
    expect(existsSync(dir.path("no"))).toBe(false);
    expect(readdirSync(dir.folder).filter((name) => name.includes(".part-"))).toEqual([]);
    await dir.checkPromises();
  });

  test("of an empty list: the header alone", async () => {
    const dir = createWorkdir();
    const { stdout } = await dir.ok(["blacklist", "export", "--kind", "invalid"]);
    expect(stdout).toBe("phone,kind,customer,reason,added_at,until\n");
  });
});
