/**
 * Rejects files that hold numbers of erased persons: finding them in whatever form they were written, and emptying their
 * records. Works on bytes (as Latin-1), so that what stays is what it was.
 */

import { once } from "node:events";
import { createReadStream, createWriteStream, renameSync } from "node:fs";
import { csvLine, exactCells } from "./cells.ts";

/** A record that never ends is cut at its first line break: somebody has been at the file. */
const recordBytesMost = 4_000_000;

/** The national numbers (`81234567890`) that the digits of a cell may be read as, from any of them on. */
export function nationalNumbersIn(cell: string): string[] {
  const digits = cell.replace(/\D/g, "");
  const found: string[] = [];
  for (let at = digits.indexOf("8"); at >= 0; at = digits.indexOf("8", at + 1)) {
    for (let length = 9; length <= 12 && at + length <= digits.length; length += 1) {
      found.push(digits.slice(at, at + length));
    }
  }
  return found;
}

/**
 * How many records hold which of the numbers that `choose` picks, a batch of candidates at a time. The header is no record.
 */
export async function findInRejects(
  path: string,
  choose: (nationals: readonly string[]) => Promise<readonly string[]>,
  signal: AbortSignal | undefined,
): Promise<Map<string, number>> {
  const records = new Map<string, number>();
  for await (const batch of recordsOf(path, signal)) {
    const candidates = batch.map(candidatesOf);
    const chosen = new Set(await choose([...new Set(candidates.flatMap((some) => [...some]))]));
    if (chosen.size === 0) continue;
    for (const some of candidates) {
      for (const national of some) {
        if (chosen.has(national)) records.set(national, (records.get(national) ?? 0) + 1);
      }
    }
  }
  return records;
}

/** Copies a rejects file with the records emptied that hold one of the numbers; `reason` takes the place of theirs. */
export async function emptyRejects(
  path: string,
  target: string,
  nationals: ReadonlySet<string>,
  reason: string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const out = createWriteStream(target, { mode: 0o600, encoding: "latin1" });
  const finished = once(out, "finish");
  for await (const batch of recordsOf(path, signal, true)) {
    let text = "";
    for (const record of batch) {
      const isGone = [...candidatesOf(record)].some((national) => nationals.has(national));
      text += isGone ? emptied(record, reason) : record;
    }
    if (!out.write(text)) await once(out, "drain");
  }
  out.end();
  await finished;
}

/** A line that could not be read may hold an erased person's number too: its reason stays, its cells go. */
export async function leaveOutErased(
  path: string,
  findErased: (phones: readonly bigint[]) => Promise<readonly bigint[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const choose = async (nationals: readonly string[]) => {
    const phones = nationals.map((national) => BigInt(`62${national}`));
    if (phones.length === 0) return [];
    return (await findErased(phones)).map((phone) => String(phone).slice(2));
  };
  const found = await findInRejects(path, choose, signal);
  if (found.size === 0) return;
  const emptied = `${path}.emptied`;
  await emptyRejects(path, emptied, new Set(found.keys()), undefined, signal);
  renameSync(emptied, path);
}

function candidatesOf(record: string): Set<string> {
  const found = new Set<string>();
  // Most records have fewer digits than a number: no need to take those apart.
  if (nationalNumbersIn(record).length === 0) return found;
  for (const cell of exactCells(record.trimEnd(), ",")) {
    for (const national of nationalNumbersIn(cell)) found.add(national);
  }
  return found;
}

function emptied(record: string, reason: string | undefined): string {
  const [first = "", ...cells] = exactCells(record.trimEnd(), ",");
  return `${csvLine([reason ?? first, ...cells.map(() => "")], ",")}\n`;
}

/** Records with their line ends, some at a time; without `withHeader` the first one is left out. */
async function* recordsOf(
  path: string,
  signal: AbortSignal | undefined,
  withHeader = false,
): AsyncGenerator<string[]> {
  let rest = "";
  let isFirst = !withHeader;
  const chunks = createReadStream(path, { encoding: "latin1", highWaterMark: 1 << 18, signal });
  for await (const chunk of chunks) {
    const text = rest + chunk;
    const records: string[] = [];
    let begin = 0;
    let isQuoted = false;
    for (let from = 0; ; ) {
      const end = text.indexOf("\n", from);
      if (end < 0) break;
      for (let at = text.indexOf('"', from); at >= 0 && at < end; at = text.indexOf('"', at + 1)) {
        isQuoted = !isQuoted;
      }
      from = end + 1;
      if (isQuoted && end - begin < recordBytesMost) continue;
      records.push(text.slice(begin, from));
      begin = from;
      isQuoted = false;
    }
    rest = text.slice(begin);
    if (isFirst && records.length > 0) {
      records.shift();
      isFirst = false;
    }
    if (records.length > 0) yield records;
  }
  if (rest !== "" && !isFirst) yield [rest];
}
