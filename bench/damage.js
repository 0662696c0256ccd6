// @ts-check
/**
 * Breaks lines of a generated source file: what the engine's reader and a careless writer make of a list. It streams, and
 * the same file and share give the same bytes. Only records of one line with a clean phone cell are broken, so that each
 * breaks for one reason and takes exactly one number with it, and the counts say what an ingest must find.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/**
 * In turn; each is what it is for every reader: a quote with text behind it, one inside a quoted cell, one that reaches
 * into the next line, a cell too many, a NUL byte.
 * @type {readonly { reason: string, breakLine: (line: string) => string }[]}
 */
const damages = [
  { reason: "bad_quote", breakLine: (line) => line.replace('",', '" kos,') },
  { reason: "bad_quote", breakLine: (line) => line.replace('"Jl. ', '"Jl. "Baru" ') },
  { reason: "bad_quote", breakLine: (line) => line.replace(/,yes$/, ',"yes') },
  { reason: "too_many_cells", breakLine: (line) => `${line},lagi` },
  { reason: "nul_byte", breakLine: (line) => line.replace(",", ",\0") },
];

const cleanPhone = /^(?:\+?62 ?|0)?8[\d -]{8,15},/;

/**
 * Copies `source` to `target` and breaks that share of its records; resolves to how many by reason.
 * @param {string} source
 * @param {string} target
 * @param {number} share
 */
export async function damage(source, target, share) {
  /** @type {Record<string, number>} */
  const broken = {};
  const perMillion = Math.round(share * 1e6);
  let record = 0;
  let due = 0;
  let done = 0;
  let isInside = false;

  const damaged = (/** @type {string} */ line) => {
    const isOdd = line.split('"').length % 2 === 0;
    const isFirst = !isInside;
    if (isOdd) isInside = !isInside;
    if (!isFirst) return line;
    record += 1;
    // As in generate.sql: spread as by the golden ratio. What cannot be broken leaves its turn to the next that can.
    if ((record * 618_033) % 1_000_000 < perMillion) due += 1;
    const one = damages[done % damages.length];
    if (due === 0 || isInside || one === undefined || !cleanPhone.test(line)) return line;
    const text = one.breakLine(line);
    if (text === line) throw new Error(`not broken: ${line}`);
    due -= 1;
    done += 1;
    broken[one.reason] = (broken[one.reason] ?? 0) + 1;
    return text;
  };

  // As latin-1 each byte is a letter, and comes out as it went in.
  await pipeline(
    createReadStream(source, { encoding: "latin1", highWaterMark: 1 << 20 }),
    async function* (chunks) {
      let rest = "";
      for await (const chunk of chunks) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        yield Buffer.from(lines.map((line) => `${damaged(line)}\n`).join(""), "latin1");
      }
      yield Buffer.from(rest, "latin1");
    },
    createWriteStream(target),
  );
  return broken;
}
