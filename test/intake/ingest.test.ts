/** Ingesting through the real binary: every case of `fixtures/intake`, and what takes more than one file or one run. */
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { binary, cleanEnvironment, createWorkdir, untilWorking, type Workdir } from "../workdir.ts";
import { type Case, ingestCases, type Result, readCases, readPool, sortedRows } from "./cases.ts";

const phoneOf = (n: number) => `0812${String(n).padStart(8, "0")}`;
/** `count` rows from number `first` on. */
const list = (first: number, count: number) =>
  `name,phone\n${Array.from({ length: count }, (_, n) => `n${n},${phoneOf(first + n)}\n`).join("")}`;

describe("cases of fixtures/intake", () => {
  const cases = readCases();
  let all: Promise<Map<string, Result>> | undefined;
  const resultOf = async ({ name }: Case) => {
    all ??= ingestCases(cases);
    return (await all).get(name) as Result;
  };

  test.each(cases.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    const { exit, message, phones, rows, status, lines, accepted, rejected, numbers, reasons } =
      one.expected;
    const result = await resultOf(one);
    expect(result.report, result.stderr).toBeDefined();
    expect(result.report).toMatchObject({ status, lines, accepted, rejected, numbers });
    expect(result.report?.reasons).toEqual(reasons);
    expect(result.exit).toBeGreaterThanOrEqual(exit); // others in the same command may have failed
    if (message) expect(result.report?.message).toContain(message);
    const expectedRows = (phones ?? []).map((phone, n) => [phone, rows?.[n] ?? {}] as const);
    expect(sortedRows(result.rows)).toEqual(sortedRows(expectedRows));
    if (status !== "ingested" || rejected === 0) expect(result.rejects).toBeUndefined();
    else expect(sortedLines(result.rejects)).toEqual(sortedLines(one.rejects));
    expect(result.left).toEqual([]);
    expect(result.doctor.stderr).toContain("all promises hold");
  });
});

/** The header in its place, the lines in an order of their own. */
function sortedLines(text = ""): string[] {
  const [header = "", ...lines] = text.split("\n");
  return [header, ...lines.sort()];
}

test("every dirty cell gives the phones or the reason that fixtures/phone says", async () => {
  const file = resolve(import.meta.dirname, "../../fixtures/phone/dirty_cases.json");
  type Dirty = { raw: string; outcome: string; phones: string[]; reason: string | null };
  const cells = JSON.parse(readFileSync(file, "utf8")) as Dirty[];
  const quoted = cells.map(({ raw }, id) => `${id},"${raw.replaceAll('"', '""')}"`);
  const work = createWorkdir();
  for (const [name, newline] of [
    ["lf", "\n"],
    ["crlf", "\r\n"],
  ] as const) {
    const path = work.write(`${name}.csv`, ["id,phone", ...quoted, ""].join(newline));
    const args = ["ingest", path, "--max-reject-rate", "1"];
    const { files } = await work.json(args);
    const rejects = parse(readFileSync(files[0].rejects_path), { columns: true }) as {
      id: string;
      reason: string;
      phone: string;
    }[];
    const rows = (await readPool(work.home)).get(files[0].import_id) ?? [];
    const outcomes = cells.map((_, id) => ({
      phones: rows
        .filter(([, row]) => row.id === String(id))
        .map(([phone]) => `+${phone}`)
        .sort(),
      raw: rows.find(([, row]) => row.id === String(id))?.[1].phone,
      rejects: rejects
        .filter((one) => one.id === String(id))
        .map(({ reason, phone }) => [reason, phone]),
    }));
    expect(outcomes).toEqual(
      cells.map(({ raw, outcome, phones, reason }) =>
        outcome === "accept"
          ? { phones: [...new Set(phones)].sort(), raw, rejects: [] }
          : { phones: [], raw: undefined, rejects: [[reason, raw]] },
      ),
    );
  }
  await work.checkPromises();
});

describe("the same content", () => {
  test("enters once, renamed and packed anew, from stdin and twice in one command", async () => {
    const work = createWorkdir();
    const text = list(1, 5);
    const plain = work.write("a.csv", text);
    const copies = [
      plain,
      work.write("b.txt", text),
      work.write("c.csv.gz", gzipSync(text)),
      work.write("d.csv.gz", gzipSync(text, { level: 1 })),
    ];
    const first = await work.json(["ingest", plain, ...copies]);
    expect(first.files.map(({ status }: { status: string }) => status)).toEqual([
      "ingested",
      "skipped",
      "skipped",
      "skipped",
    ]);
    const again = await work.json(["ingest", "-", ...copies], { input: text });
    expect(again).toMatchObject({ lines: 0, accepted: 0, rejected: 0, numbers: 0 });
    expect(again.files).toHaveLength(5);
    for (const { status, message } of again.files) {
      expect(status).toBe("skipped");
      expect(message).toContain(first.files[0].import_id);
    }
    await work.checkPromises();
    const forced = await work.json(["ingest", plain, "--force"]);
    expect(forced).toMatchObject({ numbers: 5, files: [{ status: "ingested" }] });
    expect(await work.query("select count(*)::int as n from raw_numbers")).toEqual([{ n: 10 }]);
    await work.checkPromises();
  });

  test("a dry run keeps nothing and says what would be", async () => {
    const work = createWorkdir();
    const path = work.write("a.csv", `${list(1, 5)}x,abc\n`);
    const dry = await work.json(["ingest", path, "--dry-run", "--move-to", work.path("done")]);
    expect(dry).toMatchObject({ lines: 6, accepted: 5, rejected: 1, numbers: 5 });
    expect(dry.files[0]).toMatchObject({ status: "ingested", import_id: null, rejects_path: null });
    expect(existsSync(path)).toBe(true);
    expect(readdirSync(join(work.home, "rejects"))).toEqual([]);
    expect(await work.query("select count(*)::int as n from raw_numbers")).toEqual([{ n: 0 }]);
    expect((await work.json(["ingest", path])).files[0].status).toBe("ingested");
    await work.checkPromises();
  });
});

describe("rejects", () => {
  const sources: Record<string, [source: string, corrected: (rejects: string) => string]> = {
    "of a plain file": [
      `name,phone\nA,${phoneOf(1)}\nB,0812****\nC,${phoneOf(2)}\n`,
      (text) => text.replace("0812****", phoneOf(3)),
    ],
    "of a mended file with a header of its own kind": [
      `"na\nme";phone;name\nA;${phoneOf(11)};x\n"B" S;${phoneOf(12)};y\nC;${phoneOf(13)}\n`,
      (text) => text.replace('"""B"" S"', "B S"),
    ],
    "of a list without a header": [
      `A;${phoneOf(21)}\nB;0812****\nC;${phoneOf(22)}\n`,
      (text) => text.replace("0812****", phoneOf(23)),
    ],
    "of a list that has a reason of its own": [
      `reason,phone\nlate,${phoneOf(31)}\nrude,0812****\nlate,${phoneOf(32)}\n`,
      (text) => text.replace("0812****", phoneOf(33)),
    ],
  };

  test("can be corrected and ingested as they are", async () => {
    const work = createWorkdir();
    for (const [name, [source, corrected]] of Object.entries(sources)) {
      const first = await work.json(["ingest", work.write(`${name}.csv`, source)]);
      expect(first, name).toMatchObject({ lines: 3, accepted: 2, rejected: 1 });
      const rejects = readFileSync(first.files[0].rejects_path, "utf8");
      expect(rejects, name).toMatch(/^reason,/);
      const second = await work.json(["ingest", work.write(`${name} 2.csv`, corrected(rejects))]);
      expect(second, name).toMatchObject({ lines: 1, accepted: 1, rejected: 0 });
      const pool = await readPool(work.home);
      const before = pool.get(first.files[0].import_id)?.[0]?.[1] ?? {};
      const after = pool.get(second.files[0].import_id)?.[0]?.[1] ?? {};
      expect(Object.keys(after).sort(), name).toEqual(Object.keys(before).sort());
    }
    await work.checkPromises();
  });

  test("above the ceiling nothing enters; at it everything does", async () => {
    const work = createWorkdir();
    const path = work.write("a.csv", `${list(1, 2)}x,abc\ny,112\n`);
    const strict = await work.run(["ingest", path, "--max-reject-rate", "0.49", "--json"]);
    expect(strict.code).toBe(3);
    expect(JSON.parse(strict.stdout).files[0]).toMatchObject({
      status: "quarantined",
      lines: 4,
      accepted: 2,
      rejected: 2,
      numbers: 0,
      import_id: null,
      rejects_path: null,
    });
    expect(await work.query("select count(*)::int as n from imports")).toEqual([{ n: 0 }]);
    expect(await work.json(["ingest", path])).toMatchObject({ accepted: 2, rejected: 2 });
    await work.checkPromises();
  });
});

describe("several sources", () => {
  test("each stands alone: a bad one stops none", async () => {
    const work = createWorkdir();
    const long = "x".repeat(300);
    const loop = work.path("loop.csv");
    execFileSync("ln", ["-s", "loop.csv", loop]);
    mkdirSync(work.path("folder.csv"));
    execFileSync("ln", ["-s", "folder.csv", work.path("link.csv")]);
    const good = work.write("good.csv", list(1, 2));
    const bad = [
      work.write("empty.csv", ""),
      work.write("page.csv", "<html>\n<body>\n"),
      work.path("missing.csv"),
      work.path("none/*.csv"),
      join(good, "below"),
      work.path(long),
      loop,
      work.write("declared.csv", `sep=é\nname,phone\nA,${phoneOf(9)}\n`),
    ];
    const { code, stdout, stderr } = await work.run(["ingest", ...bad, good, "--json"]);
    expect(code, stderr).toBe(3);
    const { files } = JSON.parse(stdout);
    expect(files.map(({ status }: { status: string }) => status)).toEqual([
      ...bad.map((path) => (path.endsWith("page.csv") ? "quarantined" : "failed")),
      "ingested",
    ]);
    for (const { status, message } of files) {
      if (status !== "ingested") expect(message).toMatch(/^[^{}]{10,400}$/);
    }
    await work.checkPromises();
  });

  test("what would steer a terminal is shown, not sent: names of files and of columns", async () => {
    const work = createWorkdir();
    const bad = work.write("a\n\x1b[31m.csv", "colour\x1b[2J,size\nred,12\n");
    const good = work.write("b\rc.csv", list(1, 2));
    const { code, stderr } = await work.run(["ingest", bad, good]);
    expect(code).toBe(3);
    expect(stderr).not.toMatch(/[^\P{Cc}\n]/u);
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringContaining(
        'a\\x0a\\x1b[31m.csv: failed: no column holds phones; the columns are 1 "colour\\x1b[2J"',
      ),
      expect.stringContaining("b\\x0dc.csv: 2 numbers from 2 lines"),
      expect.stringContaining("2 files: 2 numbers"),
    ]);
    await work.checkPromises();
  });

  test("folders, globs and names that a copying program is not done with", async () => {
    const work = createWorkdir();
    const names = ["a.csv", "B.CSV", "c.tsv", "d.txt", "e [1].csv", "f*.csv"];
    for (const [n, name] of names.entries()) {
      const text = list(n * 10 + 1, 2);
      work.write(`in/${name}`, name.endsWith("tsv") ? text.replaceAll(",", "\t") : text);
    }
    work.write("in/g.csv.gz", gzipSync(list(60, 2)));
    work.write("in/h.json", "{}");
    work.write("in/i.csv.part", list(70, 2));
    work.write("in/.j.csv", list(80, 2));
    work.write("in/below/k.csv", list(90, 2));
    const folder = await work.json(["ingest", work.path("in")]);
    const found = (files: { path: string }[]) =>
      files.map(({ path }) => path.slice(work.folder.length + 4)).sort();
    expect(found(folder.files)).toEqual([...names, "g.csv.gz"].sort());
    expect(folder.numbers).toBe(14);
    const glob = await work.json(["ingest", work.path("in/*.csv"), work.path("in/a.csv")]);
    expect(found(glob.files)).toEqual(["a.csv", "e [1].csv", "f*.csv"]);
    expect(glob.numbers).toBe(0);
    const below = await work.json(["ingest", work.path("in/**/k.csv")]);
    expect(below.numbers).toBe(2);
    await work.checkPromises();
  });

  test("files that are in the pool move, others stay, and none is overwritten", async () => {
    const work = createWorkdir();
    const paths = [
      work.write("a.csv", list(1, 2)),
      work.write("b.csv", "colour\nred\n"),
      work.write("c.csv", `phone\nabc\nabd\n${phoneOf(9)}\n`),
      work.write("d.csv.gz", gzipSync(list(20, 2))),
    ];
    work.write("done/a.csv", "taken");
    work.write("done/d.csv.gz", "taken");
    const { code } = await work.run(["ingest", ...paths, "--move-to", work.path("done")]);
    expect(code).toBe(3);
    expect(paths.filter((path) => existsSync(path))).toEqual(paths.slice(1, 3));
    const done = readdirSync(work.path("done")).sort();
    expect(done).toHaveLength(4);
    expect(readFileSync(work.path("done/a.csv"), "utf8")).toBe("taken");
    expect(done.filter((name) => !/\.csv(\.gz)?$/.test(name))).toEqual([]);
    work.write("file", "");
    const other = work.write("e.csv", list(30, 2));
    const refused = await work.run(["ingest", other, "--move-to", work.path("file")]);
    expect(refused.code).toBe(2);
    expect(await work.query("select count(*)::int as n from imports")).toEqual([{ n: 2 }]);
    await work.checkPromises();
  });
});

describe("sources that are no files at rest", () => {
  test("--move-to moves files alone, each once, and none out of the folder it is in", async () => {
    const work = createWorkdir();
    work.write("a.csv", list(1, 2));
    work.write("done/b.csv", list(10, 2));
    work.write("c.csv", list(20, 2));
    const script = `"$NODE" "$BINARY" ingest a.csv ./a.csv done/b.csv <(cat c.csv) --move-to done --json`;
    const shell = execFileSync("bash", ["-c", script], {
      cwd: work.folder,
      env: { ...cleanEnvironment(work.home), NODE: process.execPath, BINARY: binary },
      encoding: "utf8",
    });
    const { files } = JSON.parse(shell);
    expect(files.map(({ status }: { status: string }) => status)).toEqual(
      Array(3).fill("ingested"),
    );
    expect(readdirSync(work.path("done")).sort()).toEqual(["a.csv", "b.csv"]);
    expect(existsSync(work.path("c.csv"))).toBe(true);
    await work.checkPromises();
  });

  test("stdin, a named pipe and a process substitution give what the file gives", async () => {
    const work = createWorkdir();
    const text = `${list(1, 50)}"x" y,${phoneOf(99)}\nz,abc\n`;
    const path = work.write("a.csv", text);
    const file = await work.json(["ingest", path]);
    const stdin = await work.json(["ingest", "-", "--force"], { input: text });
    const packed = await work.json(["ingest", "-", "--force"], { input: gzipSync(text) });
    const script = `mkfifo pipe; cat a.csv > pipe & "$NODE" "$BINARY" ingest pipe <(cat a.csv) --force --json`;
    const shell = execFileSync("bash", ["-c", script], {
      cwd: work.folder,
      env: { ...cleanEnvironment(work.home), NODE: process.execPath, BINARY: binary },
      encoding: "utf8",
    });
    const { files } = JSON.parse(shell);
    const pool = await readPool(work.home);
    const rowsOf = (id: string) => sortedRows(pool.get(id) ?? []);
    const [first] = file.files;
    expect(first).toMatchObject({ lines: 52, accepted: 50, rejected: 2 });
    const others = [stdin.files[0], packed.files[0], ...files];
    expect(others).toHaveLength(4);
    for (const other of others) {
      const { lines, accepted, rejected, numbers, reasons } = first;
      expect(other).toMatchObject({ lines, accepted, rejected, numbers, reasons });
      expect(rowsOf(other.import_id)).toEqual(rowsOf(first.import_id));
      expect(readFileSync(other.rejects_path)).toEqual(readFileSync(first.rejects_path));
    }
    const nothing = await work.run(["ingest", "-", "--json"], { input: "" });
    expect(nothing.code).toBe(3);
    await work.checkPromises();
  });

  test("a file that grows while it is read is refused, and taken once it is at rest", async () => {
    const work = createWorkdir();
    const path = work.write("a.csv", list(10_000_000, 300_000));
    const writing = setInterval(() => appendFileSync(path, `x,${phoneOf(1)}\n`), 10);
    const grown = await work.run(["ingest", path, "--json"]).finally(() => clearInterval(writing));
    expect(grown.code, grown.stdout).toBe(3);
    expect(JSON.parse(grown.stdout).files[0]).toMatchObject({ status: "failed", lines: 0 });
    expect(grown.stdout).toContain("still being written");
    await work.checkPromises();
    const young = await work.run(["ingest", path, "--min-age", "1h", "--json"]);
    expect(young.code).toBe(0);
    expect(JSON.parse(young.stdout).files).toEqual([]);
    expect(young.stderr).toContain("still being written");
    const whole = await work.json(["ingest", path]);
    expect(whole.files[0].status).toBe("ingested");
    expect(whole.lines).toBeGreaterThan(300_000);
    await work.checkPromises();
  });

  test("an interrupted ingest from a pipe keeps nothing", async () => {
    const work = createWorkdir();
    const child = spawn(process.execPath, [binary, "ingest", "-", "--json"], {
      env: cleanEnvironment(work.home),
      stdio: ["pipe", "ignore", "pipe"],
    });
    child.stdin.on("error", () => undefined);
    child.stdin.write(list(1, 200_000));
    const ended = new Promise((done) => child.on("close", done));
    await untilWorking(work.home);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    await work.ok(["stats"]);
    expect(await work.query("select count(*)::int as n from imports")).toEqual([{ n: 0 }]);
    await work.checkPromises();
  });
});

describe("named pipes", () => {
  test("a writer who comes late is waited for", async () => {
    const work = createWorkdir();
    const pipe = work.path("late.csv");
    execFileSync("mkfifo", [pipe]);
    const ingesting = work.json(["ingest", pipe]);
    const writing = new Promise((done) => {
      setTimeout(
        () =>
          spawn("sh", ["-c", 'printf "phone\\n081200000001\\n" > "$0"', pipe]).on("close", done),
        1_500,
      );
    });
    expect(await ingesting).toMatchObject({ lines: 1, accepted: 1, numbers: 1 });
    await writing;
    await work.checkPromises();
  });

  test("one that nobody writes to does not keep an interrupted ingest", async () => {
    const work = createWorkdir();
    const pipe = work.path("silent.csv");
    execFileSync("mkfifo", [pipe]);
    const child = spawn(process.execPath, [binary, "ingest", pipe], {
      env: cleanEnvironment(work.home),
      stdio: "ignore",
    });
    const ended = new Promise((done) => child.on("close", done));
    await untilWorking(work.home);
    child.kill("SIGTERM");
    expect(await ended).toBe(143);
    await work.checkPromises();
  });
});

describe("options", () => {
  test("--provider files every row under it and counts other prefixes", async () => {
    const work = createWorkdir();
    const path = work.write("a.csv", `${list(1, 3)}x,0857 0000 0001\n`);
    const { files } = await work.json(["ingest", path, "--provider", "Indosat"]);
    expect(files[0]).toMatchObject({ providers: { isat: 4 }, mismatched: 3, accepted: 4 });
    const auto = await work.json(["ingest", path, "--force"]);
    expect(auto.files[0]).toMatchObject({ providers: { tsel: 3, isat: 1 }, mismatched: 0 });
    await work.checkPromises();
  });

  test("--date, --category and --source stand in the view", async () => {
    const work = createWorkdir();
    const path = work.write("a.csv", list(1, 1));
    const named = ["--date", "2026-11-02", "--category", "vip", "--source", "PT X"];
    await work.ok(["ingest", path, ...named]);
    expect(
      await work.query("select date::varchar as date, category, source, provider from raw_numbers"),
    ).toEqual([{ date: "2026-11-02", category: "vip", source: "PT X", provider: "tsel" }]);
    await work.checkPromises();
  });

  test("--category-column gives each row its own", async () => {
    const work = createWorkdir();
    const path = work.write("a.csv", `kind,phone\ngold,${phoneOf(1)}\nred,${phoneOf(2)}\n`);
    await work.ok(["ingest", path, "--category-column", "kind", "--category", "none"]);
    expect(await work.query("select category from raw_numbers order by phone")).toEqual([
      { category: "gold" },
      { category: "red" },
    ]);
    await work.checkPromises();
  });

  const refused: [string, readonly string[], RegExp][] = [
    ["an unknown option", ["--nope"], /--nope/],
    ["an unknown provider", ["--provider", "nope"], /nope/],
    ["a company of several providers", ["--provider", "ioh"], /isat, tri/],
    ["a day that is none", ["--date", "2026-02-30"], /2026-02-30/],
    ["a day to come", ["--date", "2030-01-01"], /future/],
    ["a rate above 1", ["--max-reject-rate", "2"], /0 to 1/],
    ["an unknown encoding", ["--encoding", "klingon"], /klingon/],
    ["a delimiter of two characters", ["--delimiter", ",,"], /--delimiter/],
    ["a quote for a delimiter", ["--delimiter", '"'], /--delimiter/],
    ["a line feed for a delimiter", ["--delimiter", "\n"], /--delimiter/],
    ["a return for a delimiter", ["--delimiter", "\r"], /--delimiter/],
    ["an age that is none", ["--min-age", "soon"], /--min-age/],
  ];
  test.each(refused)("%s is a usage error", async (_, args, message) => {
    const work = createWorkdir();
    const outcome = await work.run(["ingest", work.write("a.csv", list(1, 2)), ...args]);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.code).toBe(2);
  });
});

test("several processes may be the first in a home", async () => {
  const work = createWorkdir();
  const paths = [1, 2, 3, 4].map((n) => work.write(`${n}.csv`, list(n * 10, 2)));
  const outcomes = await Promise.all(paths.map((path) => work.run(["ingest", path])));
  expect(outcomes.map(({ code, stderr }) => (code === 0 ? "" : stderr))).toEqual(["", "", "", ""]);
  expect(await work.query("select count(*)::int as n from raw_numbers")).toEqual([{ n: 8 }]);
  await work.checkPromises();
});

test("many files give no warning of Node's own", async () => {
  const work = createWorkdir();
  // Of one size, so that each is hashed because of the first.
  const paths = Array.from({ length: 12 }, (_, n) =>
    work.write(`${n}.csv`, `name,phone\nA,${phoneOf(n + 1)}\n`),
  );
  expect((await work.ok(["ingest", ...paths, "--json"])).stderr).toBe("");
  await work.checkPromises();
});

test("the view has every list's columns; names that differ only in case are one column", async () => {
  const work = createWorkdir();
  const a = work.write("a.csv", `phone,Name,KOTA\n${phoneOf(1)},A,X\n`);
  const b = work.write("b.csv", `name,no_hp\nB,${phoneOf(2)}\n`);
  await work.ok(["ingest", a, b]);
  const rows = await work.query(
    "select raw_data::varchar as cells from raw_numbers order by phone",
  );
  const lower = rows.map(({ cells }) =>
    Object.fromEntries(
      Object.entries(JSON.parse(String(cells))).map(([name, cell]) => [name.toLowerCase(), cell]),
    ),
  );
  expect(lower).toEqual([
    { phone: phoneOf(1), name: "A", kota: "X" },
    { name: "B", no_hp: phoneOf(2) },
  ]);
});

test("300,000 rows over many buffers: plain, packed and from stdin the same, to the line", async () => {
  const work = createWorkdir();
  await compareForms(work, bigList("\n"), 3_000);
});

test("300,000 rows that end in CRLF, all well-formed: the engine reads them where they lie", async () => {
  const work = createWorkdir();
  await compareForms(work, bigList("\r\n", false), 0);
});

/** A tenth with line breaks inside quotes; unless told otherwise a hundredth broken, in three ways. */
function bigList(newline: string, isBroken = true): string {
  const lines = ["id,name,phone,address"];
  for (let n = 0; n < 300_000; n += 1) {
    const phone = phoneOf(10_000_001 + n);
    const filler = "z".repeat((n * 7919) % 300);
    if (isBroken && n % 100 === 0) {
      const broken = [`${n},"a" b,${phone},c`, `${n},"open,${phone},c`, `${n},a,${phone},b,c,d`];
      lines.push(broken[(n / 100) % 3] as string);
    } else if (n % 10 === 5) {
      lines.push(`${n},Nama,${phone},"Jl. ${n}${newline}RT 1, ""X""${newline}${filler}"`);
    } else lines.push(`${n},Nama,${phone},Jl. ${n}`);
  }
  return `${lines.join(newline)}${newline}`;
}

async function compareForms(work: Workdir, text: string, broken: number): Promise<void> {
  const plain = work.write("a.csv", text);
  const packed = work.write("a.csv.gz", gzipSync(text, { level: 1 }));
  // The numbers of eight digits that end in six zeros are no phones.
  const rounded = text.match(/,0812\d\d000000,/g)?.length ?? 0;
  for (const [source, input] of [[plain], [packed], ["-", text]] as const) {
    const { files } = await work.json(["ingest", source, "--force"], { input: input ?? "" });
    expect(files[0]).toMatchObject({ lines: 300_000, rejected: broken + rounded });
  }
  const sums = await work.query(`
    select count(*)::int as n, count(distinct phone)::int as phones,
      sum(hash(phone, raw_data::varchar)::hugeint)::varchar as sum
    from raw_numbers group by import_id`);
  expect(sums).toHaveLength(3);
  const n = 300_000 - broken - rounded;
  for (const { n: rows, phones, sum } of sums) {
    expect({ rows, phones, sum }).toEqual({ rows: n, phones: n, sum: sums[0]?.sum });
  }
  await work.checkPromises();
}
