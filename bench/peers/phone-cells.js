// @ts-check
/**
 * What a phone costs, in one process: the engine's fast path while it scans a file, beside the scan alone; and what reads
 * the cells that are left over, beside bare libphonenumber on the same cells. By turns, after one turn that does not count.
 * Task: `{ source, odd, columns, threads, rounds, atLeast }`: the file to scan, and the one whose odd cells are read, the phone in
 * the first column of both. Prints the times of both pairs and how many different cells were left over.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { parsePhoneNumberFromString } from "libphonenumber-js/mobile";
import { readPhoneCell } from "../../dist/intake/phone.js";
import { name, readTask, text } from "./peer.js";

const { source, odd, columns, threads, rounds, atLeast } = readTask();
const types = columns.map((/** @type {string} */ column) => `${name(column)}: 'VARCHAR'`);
const scanOf = (/** @type {string} */ path) => `read_csv(
  ${text(path)},
  columns = {${types.join(", ")}},
  delim = ',', quote = '"', escape = '"', new_line = '\\n', header = true, auto_detect = false
)`;
const cell = name(columns[0]);

const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
const connection = await instance.connect();
await connection.run(
  readFileSync(resolve(import.meta.dirname, "../../sql/duckdb/phone_of.sql"), "utf8"),
);
const reader = await connection.runAndReadAll(
  `select distinct ${cell} as cell from ${scanOf(odd)}
  where phone_of(${cell}) is null and ${cell} is not null
  order by all`,
);
const cells = reader.getRowObjectsJS().map(({ cell }) => String(cell));
// 42,000 cells take a fifth of a second: too little to time. `atLeast` says how many times it takes.
const repeats = Math.ceil(atLeast / cells.length);

/** @param {(cell: string) => unknown} read */
const readAll = async (read) => {
  for (let turn = 0; turn < repeats; turn += 1) for (const cell of cells) read(cell);
};

/**
 * @param {() => Promise<unknown>} work
 * @returns {Promise<{ seconds: number, cpuSeconds: number }>}
 */
async function timed(work) {
  const before = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

/** @param {() => Promise<unknown>} ours @param {() => Promise<unknown>} peer */
async function byTurns(ours, peer) {
  await ours();
  await peer();
  const pairs = [];
  for (let round = 1; round <= rounds; round += 1) {
    pairs.push({ ours: await timed(ours), peer: await timed(peer) });
  }
  return pairs;
}

const scan = scanOf(source);
const fastPath = await byTurns(
  () => connection.run(`select count(phone_of(${cell})) from ${scan}`),
  () => connection.run(`select count(${cell}) from ${scan}`),
);
connection.closeSync();
instance.closeSync();
const leftOver = await byTurns(
  () => readAll(readPhoneCell),
  () => readAll((cell) => parsePhoneNumberFromString(cell, "ID")),
);
process.stdout.write(`${JSON.stringify({ fastPath, leftOver, cells: cells.length })}\n`);
