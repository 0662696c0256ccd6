// @ts-check
/**
 * The demonstration: the real program in a fresh home, from two lists to two orders that share no number. What it shows it
 * also checks, from the files; exit 1 when anything is not as promised.
 */
import { copyFileSync, createReadStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { parseArgs } from "node:util";
import chalk from "chalk";
import { parse } from "csv-parse";
import { binary, count, isBuilt, run, withTemporaryFolder } from "./measure.js";

const usage = `Usage: node bench/demo.js [--rows N]

  --rows N   rows of the two lists together, at least 3000 (default 300000)
`;

/** @type {string[]} */
const broken = [];

process.exitCode = await main();

async function main() {
  const rows = readRows();
  if (rows === undefined || !isBuilt()) {
    process.stderr.write(rows === undefined ? usage : "not built yet: npm run build\n");
    return 2;
  }
  const started = performance.now();
  await withTemporaryFolder("numbers-demo", (folder) => show(folder, rows));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  print("");
  if (broken.length > 0) {
    print(chalk.red.bold(`NOT as promised: ${broken.join("; ")}`));
    return 1;
  }
  const sold = count(2 * inOrder(rows));
  print(
    chalk.green.bold(`As promised: ${sold} numbers sold in two orders, none twice (${seconds} s).`),
  );
  return 0;
}

/** @param {number} rows */
function inOrder(rows) {
  return Math.floor(rows / 15);
}

function readRows() {
  try {
    const { values } = parseArgs({ options: { rows: { type: "string", default: "300000" } } });
    const rows = Number(values.rows);
    return Number.isInteger(rows) && rows >= 3_000 ? rows : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder
 * @param {number} rows
 */
async function show(folder, rows) {
  const home = join(folder, "home");
  const large = Math.floor((rows * 2) / 3);
  const ordered = inOrder(rows);
  const numbers = (/** @type {string} */ line) => runShown(line, folder, home);

  print("Everything below happens in a temporary folder, removed at the end.");

  title("Two lists of made-up people, dirty as bought lists are");
  await numbers(`generate --rows ${large} --seed 1 -o first.csv`);
  await numbers(`generate --rows ${rows - large} --seed 2 -o second.csv`);

  title("Both into the pool; what is no mobile number is put aside with a reason");
  await numbers("ingest first.csv second.csv");

  title("The same list once more adds nothing, whatever it is called");
  print(chalk.cyan("$ cp first.csv renamed.csv"));
  copyFileSync(join(folder, "first.csv"), join(folder, "renamed.csv"));
  await numbers("ingest renamed.csv");

  title("Two customers order Telkomsel numbers");
  const order = `order --provider tsel --count ${ordered} --synthetic`;
  await numbers(`${order} --customer alfa -o alfa.csv`);
  await numbers(`${order} --customer beta -o beta.csv`);

  title("Do the two files share a number?");
  const alfa = await readPhones(join(folder, "alfa.csv"));
  const beta = await readPhones(join(folder, "beta.csv"));
  for (const [file, { rows: found, phones }] of Object.entries({
    "alfa.csv": alfa,
    "beta.csv": beta,
  })) {
    print(`${file}: ${count(found)} rows, ${count(phones.size)} different phones`);
    promise(found === ordered, `${file} has ${count(found)} rows instead of ${count(ordered)}`);
    promise(phones.size === found, `${file} holds a phone twice`);
  }
  const shared = [...alfa.phones].filter((phone) => beta.phones.has(phone)).length;
  print(`in both: ${count(shared)}`);
  promise(shared === 0, `the orders share ${count(shared)} phones`);

  title("What would a third order find? A dry run sells nothing");
  await numbers(`${order} --dry-run`);

  title("The books");
  await numbers("stats");
  await checkBooks(home, rows, 2 * ordered);

  title("And does every promise hold?");
  await numbers("doctor");
}

/**
 * What the program itself says in the end agrees with what was asked of it.
 * @param {string} home
 * @param {number} rows
 * @param {number} sold
 */
async function checkBooks(home, rows, sold) {
  const { stdout } = await run([process.execPath, binary, "stats", "--json"], { home });
  const { pool, ledger, orders } = JSON.parse(stdout || "{}");
  promise(ledger?.numbers === sold, `the ledger has ${ledger?.numbers} sales instead of ${sold}`);
  promise(orders?.delivered === 2, `${orders?.delivered} orders were delivered instead of 2`);
  const inPool = (pool ?? []).reduce(
    (/** @type {number} */ sum, /** @type {{ numbers: number }} */ entry) => sum + entry.numbers,
    0,
  );
  // 2 % of the cells are odd: some are rejected, some hold two phones.
  const isPlausible = inPool > rows * 0.97 && inPool < rows * 1.03;
  promise(isPlausible, `the pool has ${count(inPool)} numbers from ${count(rows)} rows`);
}

/**
 * Prints a command, runs it, prints what it said, and notes it when it failed.
 * @param {string} line
 * @param {string} folder
 * @param {string} home
 */
async function runShown(line, folder, home) {
  print(chalk.cyan(`$ numbers ${line}`));
  const command = /** @type {[string, ...string[]]} */ ([
    process.execPath,
    binary,
    ...line.split(" "),
  ]);
  const { code, stdout, stderr } = await run(command, { cwd: folder, home });
  // Where the temporary folder lies is of no interest.
  print(`${stdout}${stderr}`.trimEnd().replaceAll(`${folder}/`, ""));
  promise(code === 0, `numbers ${line} exited ${code}`);
}

/**
 * The phone column of a delivered file, read with a CSV parser of its own.
 * @param {string} path
 * @returns {Promise<{ rows: number, phones: Set<string> }>}
 */
async function readPhones(path) {
  const phones = new Set();
  let rows = 0;
  try {
    const reader = parse({ columns: true });
    // An error of the file ends the reader with the same error.
    pipeline(createReadStream(path), reader, () => {});
    for await (const { phone } of reader) {
      promise(/^628\d{8,11}$/.test(phone), `${path} holds a cell that is no phone`);
      phones.add(phone);
      rows += 1;
    }
  } catch (error) {
    promise(false, error instanceof Error ? error.message : String(error));
  }
  return { rows, phones };
}

/**
 * @param {boolean} isKept
 * @param {string} otherwise
 */
function promise(isKept, otherwise) {
  if (!isKept && !broken.includes(otherwise)) broken.push(otherwise);
}

/** @param {string} words */
function title(words) {
  print(`\n${chalk.bold(words)}`);
}

/** @param {string} line */
function print(line) {
  process.stdout.write(`${line}\n`);
}
