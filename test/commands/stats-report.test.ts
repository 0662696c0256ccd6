/** `stats --html`: what a page is made of, and where it goes. How it looks is for a browser: test/stats/browser.test.ts. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDuckdbEngine } from "../../src/engine/duckdb/engine.ts";
import { closeHome, openHome } from "../../src/home.ts";
import { accessTo } from "../engine/access.ts";
import { createWorkdir, filesBelow, list, phonesOf, type Workdir } from "../workdir.ts";

/** Three days of lists from two sources, orders of two customers, sales from elsewhere, synthetic numbers. */
let dir: Workdir;

beforeAll(async () => {
  dir = createWorkdir(afterAll);
  const at = (day: string) => ({ now: `2026-11-${day}T09:00:00+07:00` });
  dir.write("a.csv", `${list("812", 40, { from: 73519204 })}0812 x,Budi,Bandung\n`);
  dir.write("b.csv", `${list("817", 20, { from: 73519204 })},Budi,Bandung\n0812 x,Budi,Bandung\n`);
  dir.write("c.csv", list("812", 10, { from: 28460731 }));
  dir.write("sold.csv", list("813", 1, { from: 28460731 }));
  await dir.ok(["ingest", "a.csv", "--source", "Acme"], at("18"));
  await dir.ok(["ingest", "b.csv", "--source", "<b>Beta</b>"], at("19"));
  const order = ["order", "--provider", "tsel", "--within", "9d", "--count"];
  await dir.ok([...order, "12", "--customer", "Toko Maju", "-o", "1.csv"], at("19"));
  // Half an hour after midnight in Jakarta; in UTC it is still the 19th.
  await dir.ok([...order, "8", "--customer", "toko maju", "-o", "2.csv"], {
    now: "2026-11-20T00:30:00+07:00",
  });
  await dir.ok(["ingest", "c.csv", "--source", "acme"], at("20"));
  await dir.ok([...order, "5", "-o", "3.csv"], at("20"));
  // Somebody may have seen its numbers: it is no order any more, and they stay sold.
  const undelivered = await dir.run([...order, "2", "--customer", "Batal", "-o", "/dev/full"]);
  expect(undelivered.code).toBe(7);
  const [, cancelled = ""] = /order (\S+) was not delivered/.exec(undelivered.stderr) ?? [];
  await dir.ok(["order", "cancel", cancelled, "--disclosed"]);
  await dir.ok(
    ["blacklist", "import", "sold.csv", "--kind", "sold", "--at", "2026-11-17T23:30:00+07:00"],
    at("20"),
  );
  const made = ["generate", "--rows", "30", "--provider", "tri", "--dirty", "0"];
  await dir.ok([...made, "--duplicates", "0", "-o", "s.csv"]);
  await dir.ok(["ingest", "s.csv"], at("20"));
  await dir.checkPromises();
});

/** The tables of a page by the titles above them, in their order; the first row is the head. */
function tablesOf(html: string): { title: string; rows: string[][] }[] {
  return [...html.matchAll(/<h3>(.*?)<\/h3>(.*?)<\/section>/gs)].map(
    ([, title = "", body = ""]) => ({
      title,
      rows: [...body.matchAll(/<tr>(.*)/g)].map(([, row = ""]) =>
        [...row.matchAll(/<t[hd][^>]*>([^<]*)/g)].map(([, cell = ""]) => cell),
      ),
    }),
  );
}

async function pageOf(args: readonly string[] = []): Promise<string> {
  await dir.ok(["stats", "--html", "page.html", ...args]);
  return readFileSync(dir.path("page.html"), "utf8");
}

test("the tables have what the home has", async () => {
  const html = await pageOf(["--within", "2d"]);
  expect(html).toContain("As of 2026-11-20 09:00, Asia/Jakarta. Orders look back 2d.");
  const headings = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title);
  expect(headings).toEqual([
    "Real numbers",
    "Synthetic numbers",
    "Lists that came in, real and synthetic",
  ]);
  expect(tablesOf(html).slice(0, 5)).toEqual([
    {
      title: "Pool by day and provider",
      rows: [
        ["day", "tsel", "xl", "all"],
        ["2026-11-20", "10", "", "10"],
        ["2026-11-19", "", "20", "20"],
        ["2026-11-18", "40", "", "40"],
      ],
    },
    {
      title: "Sell-through by day and provider",
      rows: [
        ["day", "tsel", "xl"],
        ["2026-11-20", "7, 70 %", ""],
        ["2026-11-19", "", "0, 0 %"],
        ["2026-11-18", "20, 50 %", ""],
      ],
    },
    {
      title: "Age of what is left",
      rows: [
        ["age in days", "tsel", "xl", "all"],
        ["0", "3", "", "3"],
        ["1", "", "20", "20"],
        ["2", "20", "", "20"],
      ],
    },
    {
      title: "Sales by day and provider",
      rows: [
        ["day", "tsel"],
        ["2026-11-20", "15"],
        ["2026-11-19", "12"],
        ["2026-11-17", "1"],
      ],
    },
    {
      title: "Orders by customer",
      rows: [
        ["customer", "orders", "numbers", "last 30 days"],
        ["Toko Maju", "2", "20", "20"],
        ["no customer named", "1", "5", "5"],
      ],
    },
  ]);
  expect(tablesOf(html).slice(-2)).toEqual([
    {
      title: "Rejected by reason and source",
      rows: [
        ["reason", "&lt;b&gt;Beta&lt;/b&gt;", "Acme", "all"],
        ["masked", "1", "1", "2"],
        ["empty", "1", "", "1"],
      ],
    },
    {
      title: "Rejected by source",
      rows: [
        ["source", "lists", "lines", "rejected", "share"],
        ["&lt;b&gt;Beta&lt;/b&gt;", "1", "22", "2", "9.1 %"],
        ["Acme", "2", "51", "1", "2 %"],
        ["no source named", "1", "30", "0", "0 %"],
      ],
    },
  ]);
  expect(html).toContain("1 of them were sold by another system");
});

test("the largest are told apart, the others are one sum; so are the days before the first", async () => {
  const home = openHome(dir.home, "test");
  const since = new Date("2026-11-20T00:00:00+07:00");
  const query = { timeZone: "Asia/Jakarta", since, recentSince: since, most: 1 };
  const report = await createDuckdbEngine(accessTo(home)).readReport(query);
  closeHome(home);
  const real = { synthetic: false };
  expect(report).toEqual({
    sales: [
      { day: "2026-11-20", provider: "tsel", ...real, numbers: 15, elsewhere: 0 },
      { day: undefined, provider: "tsel", ...real, numbers: 13, elsewhere: 1 },
    ],
    customers: [
      { name: "Toko Maju", others: 0, ...real, orders: 2, numbers: 20, recentNumbers: 8 },
      { name: undefined, others: 1, ...real, orders: 1, numbers: 5, recentNumbers: 5 },
    ],
    sources: [
      { name: "<b>Beta</b>", others: 0, imports: 1, lines: 22, rejected: 2 },
      { name: undefined, others: 2, imports: 3, lines: 81, rejected: 1 },
    ],
    reasons: [
      { name: "masked", others: 0, lines: 2 },
      { name: undefined, others: 1, lines: 1 },
    ],
    rejects: [
      { reason: 0, source: 0, lines: 1 },
      { reason: 0, source: 1, lines: 1 },
      { reason: 1, source: 0, lines: 1 },
    ],
  });
});

test("no phone number is in it, nor where anything lies", async () => {
  const html = await pageOf();
  const phones = [
    ...["a.csv", "b.csv", "c.csv", "sold.csv"].flatMap((name) =>
      phonesOf(readFileSync(dir.path(name), "utf8")),
    ),
    ...["1.csv", "2.csv", "3.csv"].flatMap((name) =>
      phonesOf(readFileSync(dir.path(name), "utf8")),
    ),
  ];
  expect(phones.length).toBeGreaterThan(90);
  // The last eight digits, because they are the same however a number is written.
  const toldIn = (text: string) => {
    const digits = text.replaceAll(/\D+/g, " ");
    const ends = phones.map((phone) => phone.replaceAll(/\D/g, "").slice(-8));
    return ends.filter((end) => end.length === 8 && digits.includes(end));
  };
  expect(toldIn(html)).toEqual([]);
  expect(toldIn(`${html}+62${phones[3]?.slice(1)}`)).not.toEqual([]);
  expect(html).not.toContain(dir.folder);
  // Names of namespaces are no addresses, and a licence may name where it is explained.
  const addresses = html.replace(/\/\*\n@observablehq.*?\*\//s, "").match(/https?:\/\/[^/]*\//g);
  expect(new Set(addresses)).toEqual(new Set(["http://www.w3.org/"]));
});

test("the page is beside the table, and beside what programs read", async () => {
  const plain = await dir.ok(["stats"]);
  const both = await dir.ok(["stats", "--html", "page.html"]);
  expect(both.stdout).toBe(plain.stdout);
  expect(both.stderr).toMatch(/report: \d+ kB to .*\/page\.html\n$/);
  const csv = await dir.ok(["stats", "--html", "page.html", "--format", "csv", "--quiet"]);
  expect(csv.stdout).toMatch(/^provider,/);
  expect(csv.stderr).toBe("");
  const document = await dir.json(["stats"]);
  expect(await dir.json(["stats", "--html", "page.html"])).toEqual(document);
});

test("- is stdout: the page takes the table's place, and JSON goes to stderr", async () => {
  const page = await pageOf();
  const piped = await dir.ok(["stats", "--html", "-"]);
  expect(piped.stdout).toBe(page);
  expect(piped.stderr).toMatch(/^report: \d+ kB to stdout\n$/);
  const json = await dir.ok(["stats", "--html", "-", "--json", "--quiet"]);
  expect(json.stdout).toBe(page);
  expect(JSON.parse(json.stderr)).toEqual(await dir.json(["stats"]));
  const both = await dir.run(["stats", "--html", "-", "--format", "csv"]);
  expect(both).toMatchObject({ code: 2, stdout: "" });
  expect(both.stderr).toBe(
    "numbers: --html: - and --format csv both fill stdout; name a file for the page\n",
  );
});

test("the file has the user's mode, and takes the place of the last one", async () => {
  dir.write("old.html", "the last one");
  await dir.ok(["stats", "--html", "old.html"]);
  expect(readFileSync(dir.path("old.html"), "utf8")).toMatch(/^<!doctype html>/);
  expect(statSync(dir.path("old.html")).mode & 0o777).toBe(0o666 & ~process.umask());
});

test("what cannot be written is said before any work is done, and nothing is left", async () => {
  mkdirSync(dir.path("folder"), { recursive: true });
  const before = filesBelow(dir.folder);
  const outcomes = await Promise.all(
    ["folder", "missing/page.html", "a.csv/page.html", `${"x".repeat(300)}.html`].map((path) =>
      dir.run(["stats", "--html", path, "--home", dir.path("untouched")]),
    ),
  );
  expect(outcomes.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
  expect(outcomes.map(({ stdout }) => stdout)).toEqual(["", "", "", ""]);
  const [folder, missing, inFile, long] = outcomes.map(({ stderr }) => stderr);
  expect(folder).toMatch(/^numbers: --html: .*\/folder is a folder; name a file in it\n$/);
  expect(missing).toMatch(/^numbers: --html: there is no folder .*\/missing; make it first\n$/);
  expect(inFile).toMatch(/^numbers: --html: .*ENOTDIR.*; name another file\n$/);
  expect(long).toMatch(/^numbers: --html: .*ENAMETOOLONG.*; name another file\n$/);
  expect(existsSync(dir.path("untouched"))).toBe(false);
  expect(filesBelow(dir.folder)).toEqual(before);
});

test("an empty home has a page too", async () => {
  const empty = createWorkdir();
  const { stderr } = await empty.ok(["stats", "--html", "page.html"]);
  expect(stderr).toMatch(/is empty.*numbers ingest/s);
  expect(readFileSync(empty.path("page.html"), "utf8")).toContain("There is nothing yet");
  expect(readdirSync(empty.folder).sort()).toEqual(["home", "page.html"]);
});
