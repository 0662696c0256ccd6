/** Returns: what comes back is judged number by number, credited once, and never sold again. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createWorkdir, list, phonesOf, type Workdir } from "../workdir.ts";

const bought = "2026-11-20T02:00:00Z";

type Sale = { readonly dir: Workdir; readonly id: string; readonly phones: string[] };

/** A home whose customer, at 1000.00 for a thousand, bought `count` of 40 numbers. */
async function sale(count = 20, price = "1000"): Promise<Sale> {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 40));
  await dir.ok(["ingest", "a.csv"]);
  if (price) await dir.ok(["customer", "add", "Acme", "--price", price]);
  const { order_id: id } = await dir.json([
    ...[
      "order",
      "--provider",
      "tsel",
      "--count",
      String(count),
      "--customer",
      "Acme",
      "-o",
      "o.csv",
    ],
  ]);
  return { dir, id, phones: phonesOf(readFileSync(dir.path("o.csv"), "utf8")) };
}

const giveBack = (id: string, file: string, ...more: string[]) => [
  ...["order", "return", id, file, "--reason", "disconnected", ...more],
];

/** What a refusal must leave as it was. */
async function stateOf(dir: Workdir) {
  return dir.query(`
    select
      (select count(*) from returns)::int as returns,
      (select count(*) from returned)::int as returned,
      (select count(*) from suppression)::int as suppressed,
      (select count(*) from audit)::int as entries`);
}

test("each number of a list under what it is; the list twice credits once", async () => {
  const { dir, id, phones } = await sale();
  const others = (await dir.query("select phone::varchar as phone from raw_numbers"))
    .map(({ phone }) => String(phone))
    .filter((phone) => !phones.includes(phone));
  const [first = "", second = "", third = ""] = phones;
  const lines = [
    `0${first.slice(2)}`,
    `+${second}`,
    first,
    third,
    others[0],
    "081399999999",
    "nonsense",
    "",
    "-",
  ];
  dir.write("bad.csv", `nomor,catatan\n${lines.map((line) => `${line},x`).join("\n")}\n`);
  const report = await dir.json(giveBack(id, "bad.csv"));
  expect(report).toEqual({
    order_id: id,
    return_id: expect.stringMatching(/^20261120-/),
    reason: "disconnected",
    lines: 9,
    returned: 3,
    foreign: 2,
    repeated: 1,
    rejected: 3,
    reasons: { no_digits: 1, empty: 2 },
    credit: "3.00",
  });
  const shown = { returned: 3, credit: "3.00" };
  expect(await dir.json(["order", "show", id])).toMatchObject({ state: "delivered", ...shown });
  const before = await stateOf(dir);

  // Again, packed and from standard input, and under another reason.
  writeFileSync(dir.path("bad.gz"), gzipSync(readFileSync(dir.path("bad.csv"))));
  const again = await dir.run(["order", "return", id, "-", "--reason", "other", "--json"], {
    input: readFileSync(dir.path("bad.gz")),
  });
  expect(again.code).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({
    return_id: null,
    returned: 0,
    foreign: 2,
    repeated: 4,
    rejected: 3,
    credit: "0.00",
  });
  expect(again.stderr).toContain("nothing credited");
  expect(await stateOf(dir)).toEqual(before);
  expect(await dir.json(["order", "show", id])).toMatchObject(shown);

  // Never sold again, however long ago it is and however often it comes in.
  expect(
    await dir.query("select kind, reason, until, count(*)::int as n from suppression group by all"),
  ).toEqual([{ kind: "invalid", reason: "disconnected", until: null, n: 3 }]);
  const later = { now: "2027-03-01T09:00:00+07:00" };
  dir.write("again.csv", `${list("812", 40, { name: "Ani" })}`);
  await dir.ok(["ingest", "again.csv"], later);
  expect(
    await dir.json(["order", "--provider", "tsel", "--count", "40", "--dry-run"], later),
  ).toMatchObject({ available: 37, excluded: { suppressed: 3 } });
  const [entry] = (await dir.json(["audit", "show", "--action", "order.return"])).entries;
  expect(entry).toMatchObject({
    subject: id,
    details: { returned: 3, foreign: 2, repeated: 1, suppressed: 3, credit: "3.00" },
  });
  await dir.checkPromises();
});

test("only foreign numbers: counted, nothing credited, nothing recorded", async () => {
  const { dir, id } = await sale();
  const before = await stateOf(dir);
  dir.write("bad.txt", "081300000001\n081300000002\n");
  const outcome = await dir.run(giveBack(id, "bad.txt"));
  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toMatch(/^return +none$/m);
  expect(outcome.stdout).toMatch(/^foreign +2 not of this order$/m);
  expect(outcome.stderr).toMatch(/nothing was taken back and nothing credited/);
  expect(await stateOf(dir)).toEqual(before);
  dir.write("none.csv", "phone\nx\ny\n");
  expect(await dir.json(giveBack(id, "none.csv"))).toMatchObject({ returned: 0, rejected: 2 });
  dir.write("header.csv", "phone\n");
  expect(await dir.json(giveBack(id, "header.csv"))).toMatchObject({ lines: 0, returned: 0 });
  expect(await stateOf(dir)).toEqual(before);
  await dir.checkPromises();
});

test("a number that is in two orders is credited by the one it is given back to", async () => {
  const { dir, phones } = await sale(40);
  const later = { now: "2026-12-21T09:00:00+07:00" };
  dir.write("b.csv", list("812", 40, { name: "Ani" }));
  await dir.ok(["ingest", "b.csv"], later);
  const second = await dir.json(
    ["order", "--provider", "tsel", "--count", "40", "--customer", "acme", "-o", "p.csv"],
    later,
  );
  dir.write("bad.txt", phones.slice(0, 5).join("\n"));
  const [{ order_id: first }] = (await dir.json(["order", "list"])).orders.slice(1);
  expect(await dir.json(giveBack(second.order_id, "bad.txt"), later)).toMatchObject({
    returned: 5,
  });
  expect(await dir.json(giveBack(first, "bad.txt", "--return-window", "60d"), later)).toMatchObject(
    { returned: 5, credit: "5.00" },
  );
  // Suppressed once.
  expect((await stateOf(dir))[0]).toMatchObject({ returns: 2, returned: 10, suppressed: 5 });
  await dir.checkPromises();
});

test("the same list twice at once credits once", async () => {
  const { dir, id, phones } = await sale();
  dir.write("bad.txt", phones.slice(0, 5).join("\n"));
  const outcomes = await Promise.all([1, 2].map(() => dir.json(giveBack(id, "bad.txt"))));
  expect(outcomes.map(({ returned }) => returned).sort()).toEqual([0, 5]);
  expect(outcomes.map(({ credit }) => credit).sort()).toEqual(["0.00", "5.00"]);
  expect((await stateOf(dir))[0]).toMatchObject({ returns: 1, returned: 5, suppressed: 5 });
  await dir.checkPromises();
});

test("many small returns come to what one large one does", async () => {
  const { dir, id, phones } = await sale(4, "5");
  const credits: string[] = [];
  for (const phone of phones) {
    dir.write("bad.txt", `${phone}\n`);
    credits.push((await dir.json(giveBack(id, "bad.txt", "--max-return-rate", "1"))).credit);
  }
  // Half a cent each; the order cost 0.02.
  expect(credits).toEqual(["0.01", "0.00", "0.01", "0.00"]);
  expect((await dir.json(["customer", "statement", "acme"])).totals).toEqual({
    numbers: 0,
    amount: "0.00",
  });
  await dir.checkPromises();
});

test("an order without a price: taken back, no credit", async () => {
  const { dir, id, phones } = await sale(20, "");
  dir.write("bad.txt", phones.slice(0, 2).join("\n"));
  expect(await dir.json(giveBack(id, "bad.txt"))).toMatchObject({ returned: 2, credit: null });
  expect(await dir.json(["order", "show", id])).toMatchObject({ returned: 2, credit: null });
  expect((await dir.ok(giveBack(id, "bad.txt"))).stdout).toMatch(
    /^credit +none: the order has no price$/m,
  );
  await dir.checkPromises();
});

describe("refused", () => {
  test("over the rate, all returns together; exactly at it is taken", async () => {
    const { dir, id, phones } = await sale();
    dir.write("eleven.txt", phones.slice(0, 11).join("\n"));
    dir.write("six.txt", phones.slice(0, 6).join("\n"));
    dir.write("ten.txt", phones.slice(0, 10).join("\n"));
    const before = await stateOf(dir);
    const over = await dir.run(giveBack(id, "eleven.txt"));
    expect(over).toMatchObject({ code: 8, stdout: "" });
    expect(over.stderr).toMatch(
      /11 of the 20 numbers.*share of 0\.5, 10 numbers.*--max-return-rate.*Nothing was done/,
    );
    expect(await stateOf(dir)).toEqual(before);
    await dir.ok(giveBack(id, "six.txt"));
    await dir.ok(giveBack(id, "ten.txt"));
    const more = await dir.run(giveBack(id, "eleven.txt"));
    expect(more.code).toBe(8);
    expect(more.stderr).toMatch(/1 of the 20 numbers.*after 10 that came back before/);
    const env = { NUMBERS_MAX_RETURN_RATE: "0.55" };
    expect(await dir.json(giveBack(id, "eleven.txt"), { env })).toMatchObject({ returned: 1 });
    await dir.checkPromises();
  });

  test("outside the window, which is counted from the delivery: day 30 and a second later", async () => {
    const { dir, id, phones } = await sale();
    const daysLater = (days: number, ms = 0) => ({
      now: new Date(Date.parse(bought) + days * 86_400_000 + ms).toISOString(),
    });
    const back = (n: number) => {
      dir.write("bad.txt", `${phones[n]}\n`);
      return giveBack(id, "bad.txt");
    };
    await dir.ok(back(0), daysLater(29));
    await dir.ok(back(1), daysLater(30));
    const late = await dir.run(back(2), daysLater(30, 1000));
    expect(late).toMatchObject({ code: 8, stdout: "" });
    expect(late.stderr).toMatch(/delivered at 2026-11-20T02:00:00\.000Z.*for 30d; --return-window/);
    await dir.ok([...back(2), "--return-window", "31d"], daysLater(30, 1000));
    writeFileSync(`${dir.home}/config.toml`, 'return_window = "10d"\nmax_return_rate = 0.9\n');
    expect((await dir.run(back(3), daysLater(11))).code).toBe(8);
    await dir.ok(back(3), { ...daysLater(11), env: { NUMBERS_RETURN_WINDOW: "12d" } });
    await dir.checkPromises();
  });

  test("what is not delivered, and what nobody knows", async () => {
    const { dir, id, phones } = await sale();
    dir.write("bad.txt", phones.slice(0, 2).join("\n"));
    dir.write("picture.csv", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
    dir.write("words.csv", "a,b\nx,y\nz,w\n");
    dir.write("empty.csv", "");
    mkdirSync(dir.path("folder"));
    await dir.run([
      "order",
      "--provider",
      "tsel",
      "--count",
      "2",
      "--customer",
      "acme",
      "-o",
      "/dev/full",
    ]);
    const { order_id: cancelled } = await dir.json([
      "order",
      "--provider",
      "tsel",
      "--count",
      "2",
      "--customer",
      "acme",
      "-o",
      "p.csv",
    ]);
    await dir.ok(["order", "cancel", cancelled, "--disclosed"]);
    const orders = (await dir.json(["order", "list"])).orders;
    const reserved = orders.find(({ state }: { state: string }) => state === "reserved").order_id;
    const before = await stateOf(dir);
    const typo = id.slice(0, -1);
    const refusals: [string[], number, RegExp][] = [
      [giveBack(reserved, "bad.txt"), 2, /is reserved.*order export.*order cancel/],
      [giveBack(cancelled, "bad.txt"), 2, /is cancelled.*--kind invalid/],
      [
        giveBack(typo, "bad.txt"),
        2,
        new RegExp(`no order "${typo}". Did you mean "${id}".*order list`),
      ],
      [
        ["order", "return", id, "bad.txt"],
        2,
        /--reason: say why; write disconnected, wrong_person/,
      ],
      [
        ["order", "return", id, "bad.txt", "--reason", "bored"],
        2,
        /--reason: "bored".*unreachable/,
      ],
      [["order", "return", id, "--reason", "other"], 2, /file/],
      [giveBack(id, "bad.txt", "--return-window", "30"), 2, /--return-window: "30".*3d/],
      [giveBack(id, "bad.txt", "--max-return-rate", "50%"), 2, /--max-return-rate: "50%".*0 to 1/],
      [giveBack(id, "nowhere.csv"), 3, /nowhere\.csv: there is no such file/],
      [giveBack(id, "folder"), 3, /folder: it is a folder; name a file/],
      [giveBack(id, "empty.csv"), 3, /empty\.csv: it holds no rows/],
      [giveBack(id, "picture.csv"), 3, /picture\.csv: it is a PNG/],
      [giveBack(id, "words.csv"), 3, /words\.csv: no column holds phones/],
    ];
    const outcomes = await Promise.all(refusals.map(([args]) => dir.run(args)));
    for (const [index, [args, code, message]] of refusals.entries()) {
      const outcome = outcomes[index];
      expect({ args, code: outcome?.code }).toEqual({ args, code });
      expect(outcome?.stderr).toMatch(message);
      expect(outcome?.stdout).toBe("");
    }
    expect(await stateOf(dir)).toEqual(before);
    await dir.checkPromises();
  });
});
