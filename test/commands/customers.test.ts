/** Customers: who they are, what they may take and when, and what they owe for it. */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createWorkdir, list, type Workdir } from "../workdir.ts";

/** A home with 60 numbers of Telkomsel, imported at `now`. */
async function homeWithPool(now?: string): Promise<Workdir> {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 60));
  await dir.ok(["ingest", "a.csv"], now === undefined ? {} : { now });
  return dir;
}

const order = (customer: string, count: number, ...more: string[]) => [
  ...["order", "--provider", "tsel", "--count", String(count)],
  ...["--customer", customer, "-o", `${customer}.csv`, ...more],
];

describe("registering", () => {
  test("add, list, show and set", async () => {
    const dir = createWorkdir();
    expect(await dir.json(["customer", "list"])).toEqual({ customers: [] });
    const acme = await dir.json([
      ...["customer", "add", "Acme", "--daily-cap", "1000", "--monthly-cap", "20000"],
      ...["--price", "150000", "--never-twice"],
    ]);
    expect(acme).toEqual({
      name: "Acme",
      daily_cap: 1000,
      monthly_cap: 20000,
      price: "150000.00",
      never_twice: true,
      status: "active",
      added_at: "2026-11-20T02:00:00.000Z",
      taken_today: 0,
      taken_this_month: 0,
      orders: { reserved: 0, delivered: 0, cancelled: 0 },
    });
    const beta = await dir.json(["customer", "add", "beta", "--status", "suspended"]);
    expect(beta).toMatchObject({ daily_cap: null, price: null, status: "suspended" });
    const changed = await dir.json([
      ...["customer", "set", "ACME", "--daily-cap", "none", "--price", "12.5"],
      ...["--never-twice", "off", "--status", "suspended"],
    ]);
    expect(changed).toEqual({
      ...acme,
      daily_cap: null,
      price: "12.50",
      never_twice: false,
      status: "suspended",
    });
    expect(await dir.json(["customer", "show", "acme"])).toEqual(changed);
    expect((await dir.json(["customer", "list"])).customers).toEqual([changed, beta]);
    const { stdout } = await dir.ok(["customer", "show", "acme"]);
    expect(stdout).toMatch(/^customer +Acme\n/);
    expect(stdout).toMatch(/this month +0 of 20,000 taken, 20,000 left/);
    const { entries } = await dir.json(["audit", "show", "--action", "customer"]);
    expect(entries.map(({ action }: { action: string }) => action)).toEqual([
      "customer.set",
      "customer.add",
      "customer.add",
    ]);
    await dir.checkPromises();
  });

  test("two at once of one name: one is registered", async () => {
    const dir = createWorkdir();
    const outcomes = await Promise.all(
      ["Acme", "ACME"].map((name) => dir.run(["customer", "add", name])),
    );
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 2]);
    expect((await dir.json(["customer", "list"])).customers).toHaveLength(1);
  });

  test("what is no term is refused with the accepted form, and changes nothing", async () => {
    const dir = createWorkdir();
    await dir.ok(["customer", "add", "Acme", "--daily-cap", "5", "--price", "1.00"]);
    const before = await dir.json(["customer", "list"]);
    const set = ["customer", "set", "Acme"];
    const refusals: [string[], RegExp][] = [
      [["customer", "add", "aCME"], /"Acme" already.*customer set "Acme"/],
      [["customer", "add", " Beta"], /1 to 100 characters/],
      [["customer", "add", "x".repeat(101)], /1 to 100 characters/],
      [["customer", "add", ""], /1 to 100 characters/],
      [["customer", "show", "Acne"], /"Acne".*Did you mean "Acme".*customer add/],
      [["customer", "set", "Acne", "--price", "1"], /"Acne".*"Acme"/],
      [["customer", "statement", "Acne"], /"Acne".*"Acme"/],
      [set, /nothing to change/],
      [[...set, "--daily-cap", "-1"], /--daily-cap: "-1".*1 to 1000000000, or none/],
      [[...set, "--monthly-cap", "0"], /--monthly-cap: "0"/],
      [[...set, "--daily-cap", "1.5"], /--daily-cap: "1\.5"/],
      [[...set, "--price", "150,000"], /--price: "150,000".*150000 or 12\.50/],
      [[...set, "--price", "-1"], /--price: "-1"/],
      [[...set, "--price", "1.005"], /--price: "1\.005"/],
      [[...set, "--price", "1e3"], /--price: "1e3"/],
      [[...set, "--never-twice", "maybe"], /--never-twice: "maybe".*Write on or off/],
      [[...set, "--status", "gone"], /--status: "gone".*active or suspended/],
      [["customer", "statement", "Acme", "--month", "2026-13"], /--month: "2026-13".*YYYY-MM/],
      [["customer", "statement", "Acme", "-o", "."], /is a folder/],
      [["customer"], /Usage: numbers customer/],
    ];
    const outcomes = await Promise.all(refusals.map(([args]) => dir.run(args)));
    for (const [index, [args, message]] of refusals.entries()) {
      const { code, stderr } = outcomes[index] ?? { code: undefined, stderr: "" };
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toMatch(message);
    }
    expect(await dir.json(["customer", "list"])).toEqual(before);
  });
});

describe("what an order is held to", () => {
  test("while nobody is registered any name will do; then only those that are", async () => {
    const dir = await homeWithPool();
    await dir.ok(order("Ancient", 1));
    await dir.ok(["customer", "add", "Acme"]);
    for (const dry of [[], ["--dry-run"]]) {
      const refused = await dir.run(order("Acne", 1, ...dry));
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/"Acne".*Did you mean "Acme".*numbers customer add "Acne"/);
    }
    await dir.ok(["order", "--provider", "tsel", "--count", "1", "-o", "nobody.csv"]);
    // Under its registered spelling; and under one key in whatever spelling.
    const first = await dir.json(order("aCmE", 2, "--key", "k"));
    expect(first.customer).toBe("Acme");
    expect((await dir.json(order("ACME", 2, "--key", "k"))).order_id).toBe(first.order_id);
    // What was sold under the name before it was registered is the customer's too.
    await dir.ok(["customer", "add", "ancient"]);
    expect(await dir.json(["customer", "show", "ancient"])).toMatchObject({
      taken_today: 1,
      orders: { delivered: 1 },
    });
    await dir.checkPromises();
  });

  test("a suspended customer is refused, also in a dry run, until it is active again", async () => {
    const dir = await homeWithPool();
    await dir.ok(["customer", "add", "Acme", "--status", "suspended"]);
    for (const dry of [[], ["--dry-run"]]) {
      const refused = await dir.run(order("acme", 1, ...dry));
      expect(refused).toMatchObject({ code: 8, stdout: "" });
      expect(refused.stderr).toMatch(/Acme is suspended.*--status active.*Nothing was sold/);
    }
    expect((await dir.json(["order", "list"])).orders).toEqual([]);
    await dir.ok(["customer", "set", "acme", "--status", "active"]);
    await dir.ok(order("acme", 1));
    await dir.checkPromises();
  });

  test("the daily cap: refused in whole, midnight in Jakarta begins a new day", async () => {
    const dir = await homeWithPool("2026-11-20T10:00:00Z");
    await dir.ok(["customer", "add", "Acme", "--daily-cap", "10"]);
    const at = (now: string) => ({ now: `2026-11-${now}Z` });
    await dir.ok(order("Acme", 7), at("20T10:00:00"));
    const over = await dir.run(order("Acme", 4), at("20T16:59:59"));
    expect(over.code).toBe(8);
    expect(over.stderr).toMatch(
      /cap of 10 numbers a day: 7 were taken on 2026-11-20, 4 more were asked for, 3 are left.*again from 2026-11-21 00:00:00 \(Asia\/Jakarta\)/,
    );
    const dry = await dir.run(order("Acme", 4, "--dry-run"), at("20T16:59:59"));
    expect(dry).toMatchObject({ code: 8, stderr: over.stderr });
    // What there is of the pool does not matter: the cap is on what is asked for.
    expect((await dir.run(order("Acme", 4, "--allow-partial"), at("20T16:59:59"))).code).toBe(8);
    await dir.ok(order("Acme", 3), at("20T16:59:59"));
    expect((await dir.run(order("Acme", 1), at("20T16:59:59"))).code).toBe(8);
    await dir.ok(order("Acme", 10), at("20T17:00:00"));
    expect(await dir.json(["customer", "show", "acme"], at("20T17:00:00"))).toMatchObject({
      taken_today: 10,
      taken_this_month: 20,
      orders: { delivered: 3 },
    });
    const never = await dir.run(order("Acme", 11), at("21T17:00:00"));
    expect(never.stderr).toContain("never possible under this cap");
    // In another time zone it is still the day before.
    const utc = await dir.run([...order("Acme", 1), "--time-zone", "UTC"], at("20T23:59:59"));
    expect(utc.stderr).toMatch(
      /20 were taken on 2026-11-20, .* 0 are left.*2026-11-21 00:00:00 \(UTC\)/,
    );
    await dir.checkPromises();
  });

  test("the monthly cap: day 1, day 2, month's end", async () => {
    const dir = await homeWithPool("2026-11-29T03:00:00Z");
    await dir.ok(["customer", "add", "Acme", "--daily-cap", "5", "--monthly-cap", "8"]);
    await dir.ok(order("Acme", 5), { now: "2026-11-29T03:00:00Z" });
    await dir.ok(order("Acme", 3), { now: "2026-11-30T03:00:00Z" });
    const over = await dir.run(order("Acme", 1), { now: "2026-11-30T16:59:59Z" });
    expect(over.code).toBe(8);
    expect(over.stderr).toMatch(
      /cap of 8 numbers a month: 8 were taken in 2026-11, .*again from 2026-12-01 00:00:00/,
    );
    await dir.ok(order("Acme", 5), { now: "2026-11-30T17:00:00Z" });
    await dir.checkPromises();
  });

  test("two orders at once that are over the cap together: exactly one is filled", async () => {
    const dir = await homeWithPool();
    await dir.ok(["customer", "add", "Acme", "--daily-cap", "10"]);
    const outcomes = await Promise.all([dir.run(order("Acme", 6)), dir.run(order("acme", 6))]);
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 8]);
    expect(await dir.json(["customer", "show", "acme"])).toMatchObject({ taken_today: 6 });
    await dir.checkPromises();
  });

  test("what is cancelled frees the cap, unless its numbers were disclosed", async () => {
    const dir = await homeWithPool();
    await dir.ok(["customer", "add", "Acme", "--daily-cap", "10"]);
    const failed = await dir.run([
      "order",
      "--provider",
      "tsel",
      "--count",
      "10",
      "--customer",
      "Acme",
      "-o",
      "/dev/full",
    ]);
    expect(failed.code).toBe(7);
    expect((await dir.run(order("Acme", 1))).code).toBe(8);
    const [reserved] = (await dir.json(["order", "list"])).orders;
    await dir.ok(["order", "cancel", reserved.order_id]);
    const { order_id: id } = await dir.json(order("Acme", 10));
    await dir.ok(["order", "cancel", id, "--disclosed"]);
    expect((await dir.run(order("Acme", 1))).code).toBe(8);
    expect(await dir.json(["customer", "show", "acme"])).toMatchObject({
      taken_today: 10,
      orders: { reserved: 0, delivered: 0, cancelled: 2 },
    });
    await dir.checkPromises();
  });
});

describe("the statement", () => {
  test("has the month's orders at their own price, the returns, and the total", async () => {
    const dir = await homeWithPool("2026-11-29T03:00:00Z");
    await dir.ok(["customer", "add", "Acme", "--price", "1234.56"]);
    await dir.ok(["customer", "add", "Beta", "--price", "1"]);
    const empty =
      "date,kind,order_id,provider,numbers,price_per_thousand,amount\ntotal,,,,0,,0.00\n";
    expect((await dir.ok(["customer", "statement", "acme"])).stdout).toBe(empty);
    const first = await dir.json(order("Acme", 20), { now: "2026-11-29T17:00:00Z" });
    dir.write(
      "bad.csv",
      readFileSync(dir.path("Acme.csv"), "utf8").split("\n").slice(0, 6).join("\n"),
    );
    await dir.ok(order("Beta", 3), { now: "2026-11-30T03:00:00Z" });
    await dir.ok(["customer", "set", "acme", "--price", "0.05"]);
    const second = await dir.json(order("Acme", 10), { now: "2026-11-30T16:59:59Z" });
    const third = await dir.json(order("Acme", 1), { now: "2026-11-30T17:00:00Z" });
    // What was cancelled, or is not delivered, is not billed.
    const cancelled = await dir.json(order("Acme", 1), { now: "2026-11-30T03:00:00Z" });
    await dir.ok(["order", "cancel", cancelled.order_id, "--disclosed"]);
    await dir.run(
      ["order", "--provider", "tsel", "--count", "2", "--customer", "Acme", "-o", "/dev/full"],
      {
        now: "2026-11-30T04:00:00Z",
      },
    );
    await dir.ok(["order", "return", first.order_id, "bad.csv", "--reason", "disconnected"], {
      now: "2026-12-05T03:00:00Z",
    });

    const november = await dir.ok(["customer", "statement", "acme", "--month", "2026-11"]);
    expect(november.stdout).toBe(
      [
        "date,kind,order_id,provider,numbers,price_per_thousand,amount",
        `2026-11-30,order,${first.order_id},tsel,20,1234.56,24.69`,
        `2026-11-30,order,${second.order_id},tsel,10,0.05,0.00`,
        "total,,,,30,,24.69",
        "",
      ].join("\n"),
    );
    expect(november.stderr).toMatch(/1 order of 2026-11 not delivered yet/);
    const now = "2026-12-31T03:00:00Z";
    const december = await dir.json(["customer", "statement", "ACME"], { now });
    expect(december).toEqual({
      customer: "Acme",
      month: "2026-12",
      rows: [
        {
          date: "2026-12-01",
          kind: "order",
          order_id: third.order_id,
          provider: "tsel",
          numbers: 1,
          price_per_thousand: "0.05",
          amount: "0.00",
        },
        {
          date: "2026-12-05",
          kind: "return",
          order_id: first.order_id,
          provider: "tsel",
          numbers: -5,
          price_per_thousand: "1234.56",
          amount: "-6.17",
        },
      ],
      totals: { numbers: -4, amount: "-6.17" },
    });
    await dir.ok(["customer", "statement", "acme", "-o", "s.csv"], { now });
    expect(readFileSync(dir.path("s.csv"), "utf8")).toMatch(/\ntotal,,,,-4,,-6\.17\n$/);
    const both = await dir.ok(["customer", "statement", "acme", "-o", "-", "--json"], { now });
    expect(both.stdout).toMatch(/^date,kind.*\ntotal,,,,-4,,-6\.17\n$/s);
    expect(JSON.parse(both.stderr)).toEqual(december);
    await dir.checkPromises();
  });

  test("of orders without a price: the numbers, and nothing to pay", async () => {
    const dir = await homeWithPool();
    dir.write("b.csv", list("815", 10));
    await dir.ok(["ingest", "b.csv"]);
    await dir.ok(["customer", "add", "Acme"]);
    const { order_id: id } = await dir.json([
      ...["order", "--provider", "isat,tsel", "--count", "4", "--customer", "acme", "-o", "o.csv"],
    ]);
    const { stdout } = await dir.ok(["customer", "statement", "acme"]);
    expect(stdout).toContain(`\n2026-11-20,order,${id},"isat,tsel",4,,\ntotal,,,,4,,0.00\n`);
    // Half up: ten at 0.50 a thousand are half a cent.
    await dir.ok(["customer", "set", "acme", "--price", "0.50"]);
    await dir.ok(order("Acme", 10));
    expect((await dir.json(["customer", "statement", "acme"])).totals).toEqual({
      numbers: 14,
      amount: "0.01",
    });
    await dir.checkPromises();
  });
});

test("who is registered without a price gets that of config.toml, and keeps it", async () => {
  const dir = await homeWithPool();
  const file = dir.write("home/config.toml", 'price = "25.00"\n');
  expect(await dir.json(["customer", "add", "Acme"])).toMatchObject({ price: "25.00" });
  expect(await dir.json(["customer", "add", "Beta", "--price", "30"])).toMatchObject({
    price: "30.00",
  });
  expect(await dir.json(["customer", "add", "Gift", "--price", "none"])).toMatchObject({
    price: null,
  });
  const env = { NUMBERS_PRICE: "27.5" };
  expect(await dir.json(["customer", "add", "Delta"], { env })).toMatchObject({ price: "27.50" });
  writeFileSync(file, "price = 99\n");
  await dir.ok(order("Acme", 10));
  const { rows } = await dir.json(["customer", "statement", "Acme"]);
  expect(rows).toMatchObject([{ price_per_thousand: "25.00", amount: "0.25" }]);
  await dir.ok(["customer", "set", "Acme", "--daily-cap", "100"]);
  expect(await dir.json(["customer", "show", "Acme"])).toMatchObject({ price: "25.00" });
  await dir.checkPromises();
});
