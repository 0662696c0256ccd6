// @ts-check
/**
 * The benchmark: whole processes, each of ours beside a peer that does the same work on the same data in the same run,
 * turn by turn. A time counts once its answer was checked; a wrong answer ends the run with exit 1.
 */
import {
  closeSync,
  cpSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkDelivery, checkIngest, expectSame, poolOf, query, sha256 } from "./answers.js";
import { damage } from "./damage.js";
import { binary, count, isBuilt, measure, method, run, withTemporaryFolder } from "./measure.js";
import { text } from "./peer.js";

/**
 * @typedef {import("./measure.js").Measured} Measured
 * @typedef {{ seconds: number, cpuSeconds: number, peakBytes?: number }} Times
 * @typedef {{ title: string, ours: string, peer: string, goal: number | undefined }} Case
 */

const provider = "tsel";
const seed = 1;
const memoryCeiling = 2e9;
/** Two columns, and beginnings that a good half of the provider's numbers have; a quarter of them is left. */
const wish = [
  ...["--filter", "gender=P", "--filter", "synthetic=yes"],
  ...["--prefix", "0811,0812,0813,0821"],
];
/** Entries of dnc for each row of the source. */
const suppressedPerRow = 5;
/** What a dirty list is, of its rows. */
const dirt = { odd: 0.05, broken: 0.01 };

/** Each a pair of processes, but for the phone cells; `goal` is the ratio that ours may reach at most. */
const cases = /** @type {const} */ ({
  ingest: {
    title: "ingest",
    ours: "`numbers ingest` into a fresh home",
    peer: "bare DuckDB `COPY` of the file to Parquet, zstd at DuckDB's own level (3)",
    goal: 2,
  },
  ingestQuick: {
    title: "ingest, zstd level 1",
    ours: "the same (the pool is written at level 1)",
    peer: "the same `COPY` at level 1",
    goal: undefined,
  },
  order: {
    title: "order",
    ours: "`numbers order` of all columns to a CSV file",
    peer: "bare DuckDB `COPY` of as many pool rows to CSV",
    goal: 3,
  },
  textbook: {
    title: "order, by the book",
    ours: "the same",
    peer: "`LEFT JOIN … IS NULL`, distinct, `LIMIT`, insert, `COPY`",
    goal: undefined,
  },
  phones: {
    title: "order, phones only",
    ours: "`numbers order --columns phone` to a CSV file",
    peer: "the same textbook query without the other columns",
    goal: undefined,
  },
  chosen: {
    title: "order, chosen",
    ours: "`numbers order` with three filters and five dnc entries for each row of the source",
    peer: "`numbers order` of as many numbers without them",
    goal: 1.3,
  },
  generate: {
    title: "generate",
    ours: "`numbers generate` to a file",
    peer: "`numbers ingest` of the same rows",
    goal: 3,
  },
  dirty: {
    title: "dirty",
    ours: "`numbers ingest` of a list with 5 % odd phone cells and 1 % broken lines",
    peer: "`numbers ingest` of the same rows, all clean",
    goal: 1.5,
  },
  fastPath: {
    title: "phone cells, engine",
    ours: "DuckDB scans the file and `phone_of` reads its phones",
    peer: "DuckDB scans the file and counts its phones",
    goal: 1.33,
  },
  leftOver: {
    title: "phone cells, left over",
    ours: "`readPhoneCell` of the odd cells of the dirty list, each different one",
    peer: "bare libphonenumber-js on the same cells, which gets some of them wrong",
    goal: 1.25,
  },
});

const usage = `Usage: node bench/run.js [--rows N] [--runs N] [--smoke]

  --rows N   rows of the source file (default 1000000)
  --runs N   how often each pair is measured (default 3)
  --smoke    20,000 rows, one run: answers are checked, no file is written
`;

process.exitCode = await main();

async function main() {
  const options = readOptions();
  if (options === undefined || !isBuilt()) {
    process.stderr.write(options ? "not built yet: npm run build\n" : usage);
    return 2;
  }
  try {
    return await withTemporaryFolder("numbers-bench", (folder) => bench(folder, options));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

/** @returns {{ rows: number, runs: number, isSmoke: boolean } | undefined} */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        rows: { type: "string" },
        runs: { type: "string" },
        smoke: { type: "boolean", default: false },
      },
    });
    const rows = Number(values.rows ?? (values.smoke ? 20_000 : 1_000_000));
    const runs = Number(values.runs ?? (values.smoke ? 1 : 3));
    if (!Number.isInteger(rows) || rows < 1_000 || !Number.isInteger(runs) || runs < 1) {
      return undefined;
    }
    return { rows, runs, isSmoke: values.smoke };
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder
 * @param {{ rows: number, runs: number, isSmoke: boolean }} options
 */
async function bench(folder, { rows, runs, isSmoke }) {
  const at = (/** @type {string} */ file) => join(folder, file);
  const threads = availableParallelism();
  const load = loadavg()[0] ?? 0;
  if (load > threads / 4) say(`this machine is busy (load ${load.toFixed(1)}): times will vary`);
  const inOrder = Math.floor(rows / 10);
  const soldBefore = Math.floor(rows / 20);
  /** @type {{ [name in keyof typeof cases]: { ours: Times, peer: Times }[] }} */
  const pairs = {
    ...{
      ingest: [],
      ingestQuick: [],
      order: [],
      textbook: [],
      phones: [],
      chosen: [],
      generate: [],
    },
    ...{ dirty: [], fastPath: [], leftOver: [] },
  };
  const ours = (/** @type {readonly string[]} */ args, /** @type {string} */ home) =>
    measure([binary, ...args, "--threads", String(threads)], { folder, home });
  const peer = (/** @type {string} */ script, /** @type {object} */ task) =>
    measure([join(import.meta.dirname, script), JSON.stringify({ threads, ...task })], { folder });

  say(`making ${count(rows)} rows from seed ${seed}`);
  const source = at("source.csv");
  const generating = ["generate", "--rows", String(rows), "--seed", String(seed)];
  const generate = (/** @type {string} */ target) =>
    ours([...generating, "--provider", "mix", "-o", target], at("home"));
  await generate(source);
  const sourceHash = await sha256(source);
  const sourceColumns = columnsOf(source);
  const [phoneColumn] = sourceColumns;
  const columns = sourceColumns.filter((column) => column !== phoneColumn);

  const bareCopy = at("bare-copy.parquet");
  let storedBytes = 0;
  for (let round = 1; round <= runs; round += 1) {
    say(`round ${round} of ${runs}: ingest, bare copy, generate`);
    rmSync(at("home"), { recursive: true, force: true });
    const ingest = await ours(["ingest", source, "--json"], at("home"));
    rmSync(bareCopy, { force: true });
    const copying = { source, columns: sourceColumns, target: bareCopy };
    const copy = await peer("bare-copy.js", copying);
    expectSame(JSON.parse(copy.stdout).rows, rows, "rows of the bare copy");
    rmSync(bareCopy, { force: true });
    const quick = await peer("bare-copy.js", { ...copying, level: 1 });
    expectSame(JSON.parse(quick.stdout).rows, rows, "rows of the bare copy at level 1");
    const report = JSON.parse(ingest.stdout);
    await checkIngest(report, { rows, home: at("home"), bareCopy });
    storedBytes = report.files[0].stored_bytes;
    pairs.ingest.push({ ours: ingest, peer: copy });
    pairs.ingestQuick.push({ ours: ingest, peer: quick });

    const generated = await generate(at("again.csv"));
    expectSame(await sha256(at("again.csv")), sourceHash, "sha256 of the same seed");
    rmSync(at("again.csv"));
    pairs.generate.push({ ours: generated, peer: ingest });
  }

  say(`selling ${count(soldBefore)} numbers beforehand`);
  const order = ["order", "--provider", provider, "--synthetic", "--json"];
  const first = at("sold-before.csv");
  await ours([...order, "--count", String(soldBefore), "-o", first], at("home"));
  const base = at("base");
  cpSync(at("home"), base, { recursive: true });
  const database = at("textbook.duckdb");
  await query(
    `attach ${text(database)} as textbook;
    create table textbook.ledger as select phone, order_id, sold_at from home.ledger`,
    base,
  );
  const paths = (await query(`select distinct filename from ${poolOf(base, provider)}`)).map(
    ({ filename }) => String(filename),
  );

  /**
   * An order in a copy of the home, its answer checked against the file and the ledger.
   * @param {readonly string[]} wanted the columns besides the phone
   */
  const takeOrder = async (wanted) => {
    rmSync(at("home"), { recursive: true, force: true });
    cpSync(base, at("home"), { recursive: true });
    const output = at("order.csv");
    const layout = wanted.length > 0 ? [] : ["--columns", "phone"];
    const taken = await ours(
      [...order, "--count", String(inOrder), "-o", output, ...layout],
      at("home"),
    );
    const report = JSON.parse(taken.stdout);
    expectSame(report.numbers, inOrder, "numbers of the order");
    expectSame(report.bytes, statSync(output).size, "bytes of the order");
    expectSame(report.sha256, await sha256(output), "sha256 of the order");
    expectSame(columnsOf(output), ["phone", ...wanted], "columns of the order");
    await checkDelivery({ ...delivery, path: output, columns: wanted });
    const [sold] = await query(
      `select count(*) as sales, count(d.phone) as delivered
      from home.ledger l
      left join (select distinct phone::bigint as phone
        from read_csv(${text(output)}, header = true, all_varchar = true)) d on d.phone = l.phone
      where l.order_id = ${text(report.order_id)}`,
      at("home"),
    );
    expectSame(sold?.sales, inOrder, "sales of the order in the ledger");
    expectSame(sold?.delivered, inOrder, "sales of the order that were delivered");
    return taken;
  };
  /** @param {readonly string[]} wanted */
  const takeByTheBook = async (wanted) => {
    cpSync(database, at("book.duckdb"));
    const now = Date.now();
    const taken = await peer("textbook.js", {
      database: at("book.duckdb"),
      paths,
      columns: wanted,
      rows: inOrder,
      target: at("book.csv"),
      soldAt: new Date(now).toISOString(),
      soldSince: new Date(now - 30 * 86_400_000).toISOString(),
    });
    await checkDelivery({ ...delivery, path: at("book.csv"), columns: wanted });
    return taken;
  };
  const delivery = { rows: inOrder, home: base, provider, soldBefore: first };

  let orderBytes = 0;
  for (let round = 1; round <= runs; round += 1) {
    say(`round ${round} of ${runs}: order, bare export, textbook; phones only, textbook`);
    const taken = await takeOrder(columns);
    orderBytes = statSync(at("order.csv")).size;
    const target = at("bare-export.csv");
    const exported = await peer("bare-export.js", { paths, columns, rows: inOrder, target });
    expectSame(JSON.parse(exported.stdout).rows, inOrder, "rows of the bare export");
    expectSame(columnsOf(target), ["phone", ...columns], "columns of the bare export");
    pairs.order.push({ ours: taken, peer: exported });
    pairs.textbook.push({ ours: taken, peer: await takeByTheBook(columns) });
    pairs.phones.push({ ours: await takeOrder([]), peer: await takeByTheBook([]) });
  }
  const suppressed = rows * suppressedPerRow;
  say(`suppressing ${count(suppressed)} numbers`);
  const suppressedBase = at("suppressed-base");
  cpSync(base, suppressedBase, { recursive: true });
  // Nine in ten are nobody in the pool, as of a list that others made.
  await query(
    `insert into home.suppression
    select 6281000000000 + (range * 7919) % 9000000000, 'dnc', null, 'bench', now(), null
    from range(${suppressed})
    order by 1`,
    suppressedBase,
    "read_write",
  );
  const chosen = Math.floor(rows / 40);
  /** @param {string} from @param {readonly string[]} args */
  const takeSome = async (from, args) => {
    rmSync(at("home"), { recursive: true, force: true });
    cpSync(from, at("home"), { recursive: true });
    const taken = await ours(
      [...order, "--count", String(chosen), "-o", at("chosen.csv"), ...args],
      at("home"),
    );
    expectSame(JSON.parse(taken.stdout).numbers, chosen, "numbers of the order");
    return taken;
  };
  for (let round = 1; round <= runs; round += 1) {
    say(`round ${round} of ${runs}: chosen, plain`);
    const taken = await takeSome(suppressedBase, wish);
    const [wrong] = await query(
      `select
        count(*) filter (where gender <> 'P' or not regexp_matches(d.phone, '^62(811|812|813|821)')) as unwanted,
        count(s.phone) as suppressed,
        count(distinct d.phone) as phones
      from read_csv(${text(at("chosen.csv"))}, header = true, all_varchar = true) d
      left join (select distinct phone from home.suppression) s on s.phone = d.phone::bigint`,
      at("home"),
    );
    expectSame(wrong?.unwanted, 0, "rows that were not asked for");
    expectSame(wrong?.suppressed, 0, "suppressed numbers that were sold");
    expectSame(wrong?.phones, chosen, "different numbers of the chosen order");
    pairs.chosen.push({ ours: taken, peer: await takeSome(base, []) });
  }
  const doctor = await run([process.execPath, binary, "doctor"], { home: at("home") });
  expectSame(doctor.code, 0, `exit code of numbers doctor (${doctor.stderr.trim()})`);

  say(`making the same rows clean, with odd cells, and with broken lines`);
  const clean = at("clean.csv");
  const odd = at("odd.csv");
  const dirty = at("dirty.csv");
  for (const [target, share] of /** @type {const} */ ([
    [clean, 0],
    [odd, dirt.odd],
  ])) {
    const home = at("home");
    await ours([...generating, "--provider", "mix", "--dirty", String(share), "-o", target], home);
  }
  const broken = await damage(odd, dirty, dirt.broken);
  const brokenLines = Object.values(broken).reduce((sum, lines) => sum + lines, 0);
  expectSame(brokenLines, Math.round(rows * dirt.broken), "broken lines of the dirty list");
  // What an ingest says of the rows before any line was broken; each broken line takes one number with it.
  const whole = JSON.parse(
    (await ours(["ingest", odd, "--dry-run", "--json"], at("dirty-home"))).stdout,
  );
  const oddCopy = at("odd-copy.parquet");
  await peer("bare-copy.js", { source: odd, columns: sourceColumns, target: oddCopy });
  const ingestAlone = async (/** @type {string} */ path) => {
    rmSync(at("dirty-home"), { recursive: true, force: true });
    const measured = await ours(["ingest", path, "--json"], at("dirty-home"));
    return { measured, report: JSON.parse(measured.stdout) };
  };
  for (let round = 1; round <= runs; round += 1) {
    say(`round ${round} of ${runs}: clean, dirty`);
    const tidy = await ingestAlone(clean);
    expectSame(tidy.report.accepted, rows, "accepted rows of the clean list");
    const { measured, report } = await ingestAlone(dirty);
    await checkIngest(report, { rows, home: at("dirty-home"), bareCopy: oddCopy });
    expectSame(report.accepted, whole.accepted - brokenLines, "accepted rows of the dirty list");
    expectSame(report.numbers, whole.numbers - brokenLines, "numbers of the dirty list");
    expectSame(
      reasonsOf(report),
      reasonsOf({ files: [...whole.files, { reasons: broken }] }),
      "reasons of the dirty list",
    );
    pairs.dirty.push({ ours: measured, peer: tidy.measured });
  }
  say(`phone cells, ${runs} rounds`);
  const reading = { source, odd, columns: sourceColumns, rounds: runs };
  const cells = JSON.parse((await peer("phone-cells.js", reading)).stdout);
  pairs.fastPath.push(...cells.fastPath);
  pairs.leftOver.push(...cells.leftOver);

  const peak = Math.max(
    ...Object.values(pairs).flatMap((all) => all.map((pair) => pair.ours.peakBytes ?? 0)),
  );
  const isBelowCeiling = peak < memoryCeiling;
  const [engine] = await query("select version() as version");
  const sizes = {
    source: statSync(source).size,
    stored: storedBytes,
    bare: statSync(bareCopy).size,
    order: orderBytes,
  };
  const report = Object.entries(cases).map(([name, one]) => ({
    .../** @type {Case} */ (one),
    // On less data a process is mostly start-up.
    goal: rows < 1_000_000 ? undefined : one.goal,
    pairs: pairs[/** @type {keyof typeof cases} */ (name)],
  }));
  const summary = `Every answer was checked. Peak memory of ours: ${megabytes(peak)}, ${
    isBelowCeiling ? "below" : "NOT BELOW"
  } the ceiling of ${megabytes(memoryCeiling)}.`;
  process.stdout.write(`${table(report)}\n\n${summary}\n`);
  if (!isSmoke) {
    const page = resultsPage(report, summary, {
      rows,
      runs,
      threads,
      load,
      sizes,
      soldBefore,
      inOrder,
      brokenLines,
      oddCells: cells.cells,
      engine: String(engine?.version),
    });
    writeFileSync(resolve(import.meta.dirname, "RESULTS.md"), page);
    say("written to bench/RESULTS.md");
  }
  return isBelowCeiling ? 0 : 1;
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * The reasons of all files of a report, as text that can be compared.
 * @param {{ files: readonly { reasons: Record<string, number> }[] }} report
 */
function reasonsOf({ files }) {
  const all = files.flatMap(({ reasons }) => Object.entries(reasons));
  return all.map(([reason, lines]) => `${reason} ${lines}`).sort();
}

/**
 * The header of a CSV file whose header needs no quotes.
 * @param {string} path
 */
function columnsOf(path) {
  const block = Buffer.alloc(8192);
  const file = openSync(path, "r");
  const length = readSync(file, block);
  closeSync(file);
  const [header] = block.toString("utf8", 0, length).split("\n", 1);
  return (header ?? "").split(",");
}

/** @param {readonly number[]} values */
function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const of = (/** @type {number} */ index) => sorted[index] ?? Number.NaN;
  const median =
    sorted.length % 2 === 1 ? of(Math.floor(middle)) : (of(middle - 1) + of(middle)) / 2;
  return { median, least: of(0), most: of(sorted.length - 1) };
}

/** @param {readonly number[]} values */
function written(values) {
  const { median, least, most } = spread(values);
  if (values.length === 1) return median.toFixed(2);
  return `${median.toFixed(2)} (${least.toFixed(2)}–${most.toFixed(2)})`;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${count(Math.round(bytes / 1e6))} MB`;
}

/** @param {(Case & { pairs: { ours: Times, peer: Times }[] })[]} report */
function table(report) {
  const head = ["case", "ratio", "goal", "ours, s", "peer, s", "processor, s", "peak memory"];
  const rows = report.map(({ title, goal, pairs }) => {
    const cpu = (/** @type {"ours" | "peer"} */ who) =>
      spread(pairs.map((pair) => pair[who].cpuSeconds)).median.toFixed(2);
    const peak = (/** @type {"ours" | "peer"} */ who) =>
      megabytes(Math.max(...pairs.map((pair) => pair[who].peakBytes ?? 0)));
    const isOfProcesses = pairs.every((pair) => pair.ours.peakBytes !== undefined);
    return [
      title,
      written(pairs.map((pair) => pair.ours.seconds / pair.peer.seconds)),
      goal === undefined ? "" : `≤ ${goal}`,
      written(pairs.map((pair) => pair.ours.seconds)),
      written(pairs.map((pair) => pair.peer.seconds)),
      `${cpu("ours")} / ${cpu("peer")}`,
      isOfProcesses ? `${peak("ours")} / ${peak("peer")}` : "",
    ];
  });
  return aligned(head, rows);
}

/**
 * A Markdown table that reads well as it is, laid out as the formatter would.
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
function aligned(head, rows) {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const rule = widths.map((width) => "-".repeat(width));
  return [head, rule, ...rows]
    .map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)))
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/**
 * @param {Parameters<typeof table>[0]} report
 * @param {string} summary
 * @param {{ rows: number, runs: number, threads: number, load: number, soldBefore: number, inOrder: number, engine: string,
 *   brokenLines: number, oddCells: number,
 *   sizes: { source: number, stored: number, bare: number, order: number } }} about
 */
function resultsPage(report, summary, about) {
  const { rows, runs, threads, load, sizes, soldBefore, inOrder, engine } = about;
  const { brokenLines, oddCells } = about;
  const manifest = JSON.parse(
    readFileSync(resolve(import.meta.dirname, "../package.json"), "utf8"),
  );
  const processors = cpus();
  const perRow = (/** @type {number} */ bytes) => Math.round(bytes / rows);
  const command = `npm run bench -- --rows ${rows} --runs ${runs}`;
  return `# Benchmark results

Written by \`${command}\`; run it to have your own.

${table(report)}

Median of ${runs} (least–most). A ratio is ours over peer, of two processes that ran one after the other; below 1 ours is faster. The phone cells are
measured in one process by turns, after a turn that does not count.
Processor time is user + system, median, and peak memory the highest of all runs, both ours / peer.
${summary}

${aligned(
  ["case", "ours", "peer"],
  report.map(({ title, ours, peer }) => [title, ours, peer]),
)}

- Date: ${new Date().toISOString().slice(0, 10)}
- Machine: ${processors[0]?.model.trim() ?? "unknown processor"}, ${processors.length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}; load average before the start ${load.toFixed(2)}
- Versions: numbers ${manifest.version}, Node ${process.version}, DuckDB ${engine}
- Measured: ${method}; ${threads} threads each
- Source: ${count(rows)} rows from seed ${seed}, ${megabytes(sizes.source)}, ${perRow(sizes.source)} bytes a row, all providers, 2 % odd phone cells, 5 % duplicates
- Stored: ${megabytes(sizes.stored)} in the pool, ${megabytes(sizes.bare)} by the bare copy
- Order: ${count(inOrder)} numbers of ${provider}, ${megabytes(sizes.order)} with all columns, after ${count(soldBefore)} had been sold
- Chosen: ${count(Math.floor(rows / 40))} numbers of one sex and four of the provider's prefixes, ${count(rows * suppressedPerRow)} entries of dnc
- Dirty: the same rows with 5 % odd phone cells (${count(oddCells)} different ones, the ones of the phone cells) and ${count(brokenLines)} broken lines, spread evenly: text behind a quote, a quote inside a cell, a quote that never closes, a cell too many, a NUL byte
- Answers checked: the dirty list gives for each reason the lines that were made so, and one number less for each broken line; every row of the source is in the pool or rejected, cell by cell; an order has the rows asked for, all of different phones, none sold before, each a row of the pool, the file's sha256 as reported, and the same numbers in the ledger; the same seed writes the same bytes
`;
}
