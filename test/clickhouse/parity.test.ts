/**
 * The same commands on both engines, with the real binary: what they print, what they deliver and what they refuse must be the
 * same. Only ids differ, which are drawn; each is told by the place where it came up first.
 */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createWorkdir, list, type Outcome, type Workdir } from "../workdir.ts";

type Step = {
  readonly args: readonly string[];
  readonly now?: string;
  readonly input?: string;
  /** Files that it leaves behind, compared byte for byte. */
  readonly files?: readonly string[];
  /** The id that its JSON document has is called so from now on. */
  readonly calls?: string;
  /** What of the answer is the engine's own, and not compared. */
  readonly own?: RegExp;
};

const cities = ["Bandung", "Jakarta Barat", 'Kota "Lama", Semarang', "", "Surabaya"];

function people(prefix: string, count: number, from: number): string {
  const rows = Array.from({ length: count }, (_, n) => {
    const city = cities[n % cities.length] ?? "";
    const cell = /[",]/.test(city) ? `"${city.replaceAll('"', '""')}"` : city;
    const kind = n % 3 === 0 ? "Retail" : n % 3 === 1 ? "retail" : "";
    return `Sdr. ${n},0${prefix}${String(from + n).padStart(8, "0")},${cell},${kind}`;
  });
  return `nama,No HP,kota,jenis\n${rows.join("\n")}\n`;
}

const dirty = [
  "phone,name,email",
  "0812 0000 0001 / 0812-0000-0002,Dua,dua@example.com",
  "+62 812 0000 0003,Tiga,",
  "628120000000004e3,Eksponen,e@example.com",
  "nonsense,Kosong,",
  ",Hampa,h@example.com",
  "0812****0009,Samar,",
  "081200000007,=SUM(1),",
  "081200000007,Kembar,k@example.com",
].join("\n");

function write(dir: Workdir): void {
  dir.write("a.csv", list("812", 60));
  dir.write("b.csv", people("812", 50, 41));
  dir.write("c.csv", people("857", 40, 1));
  dir.write("dirty.csv", dirty);
  dir.write("dnc.csv", list("812", 5, { from: 10 }));
  dir.write("sold.csv", "phone,when\n081200000020,2026-11-01\n081200000021,2026-11-19 10:00\n");
  dir.write("back.csv", "phone\n081200000055\n081200000054\n081299999999\n");
  dir.write("empty.csv", "");
  dir.write("header.csv", "phone,name\n");
}

const json = ["--json"];

/** Every verb that both engines have, and its refusals. */
const steps: readonly Step[] = [
  { args: ["stats"] },
  { args: ["order", "--provider", "tsel", "--count", "5", "-o", "-"] },
  { args: ["source", "add", "Pasar", "--basis", "consent", "--expires", "2027-01-01"] },
  { args: ["ingest", "a.csv", "--source", "pasar", "--category", "Umum", ...json] },
  { args: ["ingest", "b.csv", "--category-column", "jenis", "--category", "lain", ...json] },
  { args: ["ingest", "c.csv", "--date", "2026-11-19", ...json] },
  { args: ["ingest", "dirty.csv", ...json] },
  { args: ["ingest", "a.csv", ...json] },
  { args: ["ingest", "a.csv", "--force", "--date", "2026-11-01", ...json] },
  { args: ["ingest", "empty.csv", "header.csv", ...json] },
  { args: ["stats", ...json] },
  { args: ["stats", "--available", ...json] },
  { args: ["stats", "--format", "csv"] },
  { args: ["source", "list"] },
  { args: ["customer", "add", "Toko Adil", "--price", "1500.50", "--daily-cap", "40"] },
  { args: ["customer", "add", "Beta", "--never-twice"] },
  { args: ["customer", "list", ...json] },
  { args: ["blacklist", "import", "dnc.csv", "--kind", "dnc", ...json] },
  { args: ["blacklist", "import", "dnc.csv", "--kind", "dnc", ...json] },
  { args: ["blacklist", "import", "sold.csv", "--kind", "sold", ...json] },
  { args: ["blacklist", "import", "sold.csv", "--kind", "sold", ...json] },
  { args: ["blacklist", "add", "081200000030", "--kind", "invalid", "--reason", "dead"] },
  {
    args: [
      "blacklist",
      "add",
      "081200000031",
      "--kind",
      "customer",
      "--customer",
      "Beta",
      "--reason",
      "own",
    ],
  },
  { args: ["blacklist", "remove", "081200000010", "081200000099", "--kind", "dnc"] },
  { args: ["blacklist", "list"] },
  { args: ["blacklist", "list", "--kind", "dnc", ...json] },
  { args: ["blacklist", "export", "--kind", "dnc", "-o", "dnc-out.csv"], files: ["dnc-out.csv"] },
  { args: ["order", "--provider", "tsel", "--dry-run", ...json] },
  {
    args: [
      "order",
      "--provider",
      "tsel",
      "--count",
      "12",
      "-o",
      "first.csv",
      "--customer",
      "toko adil",
      "--key",
      "k1",
      ...json,
    ],
    files: ["first.csv"],
    calls: "first",
    own: /"(reserve|export|total)":[\d.]+/g,
  },
  {
    args: [
      "order",
      "--provider",
      "tsel",
      "--count",
      "12",
      "-o",
      "again.csv",
      "--customer",
      "Toko Adil",
      "--key",
      "k1",
    ],
    files: ["again.csv"],
  },
  {
    args: [
      "order",
      "--provider",
      "tsel",
      "--count",
      "40",
      "--customer",
      "Toko Adil",
      "-o",
      "no.csv",
    ],
  },
  { args: ["order", "--provider", "tsel", "--count", "5", "--customer", "Nobody", "-o", "no.csv"] },
  { args: ["order", "--provider", "tsel", "--count", "5000", "-o", "no.csv"] },
  {
    args: [
      "order",
      "--provider",
      "tsel",
      "--count",
      "9",
      "--customer",
      "Beta",
      "--format",
      "jsonl",
      "--phone-format",
      "e164",
      "-o",
      "-",
    ],
  },
  {
    args: [
      "order",
      "--provider",
      "ioh",
      "--count",
      "10",
      "--filter",
      "kota=Bandung",
      "--filter",
      "kota=",
      "--allow-partial",
      "-o",
      "filtered.tsv",
      ...json,
    ],
    files: ["filtered.tsv"],
    calls: "filtered",
    own: /"(reserve|export|total)":[\d.]+/g,
  },
  {
    args: [
      "order",
      "--provider",
      "tsel",
      "--count",
      "4",
      "--category",
      "RETAIL",
      "--columns",
      "phone,nama:name,kota",
      "-o",
      "cat.csv",
    ],
    files: ["cat.csv"],
  },
  {
    args: [
      "order",
      "--provider",
      "tsel",
      "--count",
      "3",
      "--prefix",
      "081200000",
      "--pick",
      "oldest",
      "--phone-format",
      "national",
      "--format",
      "txt",
      "-o",
      "-",
    ],
  },
  {
    args: [
      "order",
      "--provider",
      "tsel,isat",
      "--count",
      "10",
      "--split",
      "4",
      "-o",
      "parts.csv",
      "--safe-cells",
    ],
    files: ["parts-001.csv", "parts-002.csv", "parts-003.csv"],
  },
  {
    args: ["order", "--provider", "tsel", "--count", "2", "--max-sales", "1", "-o", "once.parquet"],
    files: ["once.parquet"],
  },
  { args: ["order", "list"] },
  // Files of one day come by their names, which are drawn.
  { args: ["order", "show", "{first}", ...json], own: /"files":\[.*?\]/g },
  { args: ["order", "export", "{first}", "-o", "export.csv.gz"], files: ["export.csv.gz"] },
  { args: ["order", "cancel", "{first}"] },
  { args: ["order", "return", "{first}", "back.csv", "--reason", "disconnected", ...json] },
  { args: ["order", "return", "{first}", "back.csv", "--reason", "disconnected", ...json] },
  { args: ["order", "cancel", "{filtered}", "--disclosed"] },
  { args: ["customer", "show", "toko adil", ...json] },
  { args: ["customer", "set", "Toko Adil", "--status", "suspended"] },
  {
    args: [
      "order",
      "--provider",
      "tsel",
      "--count",
      "1",
      "--customer",
      "Toko Adil",
      "-o",
      "no.csv",
    ],
  },
  { args: ["customer", "statement", "Toko Adil", "--month", "2026-11"] },
  {
    args: [
      "lookup",
      "081200000055",
      "081200000020",
      "081200000012",
      "081200000030",
      "085700000001",
      "0811",
      ...json,
    ],
  },
  { args: ["search", "pasar", ...json] },
  { args: ["search", "8120000005", ...json] },
  { args: ["erase", "081200000058", "--reason", "asked", ...json] },
  { args: ["erase", "085700000002", "--reason", "asked", ...json] },
  { args: ["lookup", "081200000058", ...json] },
  { args: ["order", "export", "{first}", "-o", "after.csv"], files: ["after.csv"] },
  { args: ["ingest", "a.csv", "--force", ...json] },
  { args: ["stats", "--available", ...json] },
  { args: ["prune", "--pool", "7d", "--dry-run", ...json] },
  { args: ["prune", "--pool", "7d", ...json], own: /"database":\{.*?\}/g },
  { args: ["audit", "show", ...json] },
  { args: ["audit", "verify"] },
  { args: ["doctor"] },
  {
    args: ["order", "--provider", "tsel", "--count", "20", "--allow-partial", "-o", "last.csv"],
    now: "2026-12-25T09:00:00+07:00",
    files: ["last.csv"],
  },
  { args: ["stats", ...json], now: "2026-12-25T09:00:00+07:00" },
];

/** What a step said and left, ids and the engine's own left out. */
type Shown = { readonly step: string; readonly code: number | null } & Readonly<
  Record<string, unknown>
>;

async function play(dir: Workdir, env: Readonly<Record<string, string>>): Promise<Shown[]> {
  const called = new Map<string, string>();
  const ids = new Map<string, string>();
  const neutral = (text: string, own: RegExp | undefined) =>
    text
      .replaceAll(dir.folder, "<folder>")
      .replaceAll(/\d{8}-[a-z0-9]{8}/g, (id) => {
        if (!ids.has(id)) ids.set(id, `<id ${ids.size + 1}>`);
        return ids.get(id) as string;
      })
      .replaceAll(/\b\d+(\.\d+)? s\b/g, "<time>")
      .replaceAll(/hash [0-9a-f]{64}/g, "hash <hash>")
      .replaceAll(/"(seconds|bytes|stored_bytes|hash|previous|sha256)":("[^"]*"|[\d.]+)/g, '"$1":0')
      .replaceAll(own ?? /(?!)/g, "<own>");
  const shown: Shown[] = [];
  for (const { args, now, input, files = [], calls, own } of steps) {
    const filled = args.map((arg) =>
      arg.replace(/^\{(\w+)\}$/, (_, name) => called.get(name) ?? name),
    );
    const outcome: Outcome = await dir.run(["--threads", "1", ...filled], {
      env,
      ...(now ? { now } : {}),
      ...(input ? { input } : {}),
    });
    if (calls) called.set(calls, String(JSON.parse(outcome.stdout || "{}").order_id));
    shown.push({
      step: args.join(" "),
      code: outcome.code,
      stdout: neutral(outcome.stdout, own),
      stderr: neutral(outcome.stderr, own),
      ...Object.fromEntries(files.map((name) => [name, contentOf(dir.path(name))])),
    });
  }
  return shown;
}

function contentOf(path: string): string {
  if (!existsSync(path)) return "not there";
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
}

test("the same commands do the same on both engines", async () => {
  const embedded = createWorkdir();
  const server = createWorkdir();
  for (const dir of [embedded, server]) write(dir);
  const expected = await play(embedded, {});
  const found = await play(server, {
    NUMBERS_ENGINE: "clickhouse",
    NUMBERS_CLICKHOUSE_URL: `chdb:${server.path("clickhouse")}`,
  });
  // One at a time: a failure shows the step, not two hundred lines.
  for (const [n, one] of expected.entries()) expect.soft(found[n]).toEqual(one);
});
