/**
 * The gate between a source and the engine's CSV reader. It sees every byte once, finds where each record ends, lets
 * runs of well-formed records through as they are, mends what has one obvious reading, and takes out the rest, each
 * record accounted for. What comes out is CSV that no reader can misunderstand.
 *
 * The one rule for what is malformed: such a record ends at its first line break, and reading goes on after it. So one
 * bad quote costs one line, however far the quote would have reached.
 */
import { isUtf8 } from "node:buffer";
import { csvLine, exactCells, roughCells } from "./cells.ts";
import { createCleanRuns } from "./clean-run.ts";

export type Shape = {
  /** A single-byte character. */
  readonly delimiter: string;
  readonly columns: number;
  /** How lines usually end. What comes out ends in LF: the engine misreads CRLF around quoted line breaks. */
  readonly newline: "\n" | "\r\n";
  /** Lines end in a lone carriage return. */
  readonly loneReturns: boolean;
  /** Records at the top that are no data: a header, a `sep=` line. */
  readonly skip: number;
};

/** Why a record could not be read; part of the reject codes. */
export type BrokenReason = "bad_quote" | "too_many_cells" | "line_too_long" | "nul_byte";

export const brokenReasons: Readonly<Record<BrokenReason, string>> = {
  bad_quote: 'a quote that never closes, or with text behind it: 0812…,"Budi" S,x',
  too_many_cells: "more cells than the header has: 0812…,Budi,Bandung,x",
  line_too_long: "a line of more than 1 MB: 0812…,aaaaaaaaa…",
  nul_byte: "a line with a NUL byte: 0812…,Bu\\0di",
};

export type BrokenRecord = {
  readonly reason: BrokenReason;
  readonly cells: readonly string[];
};

export type Tally = {
  /** Records that went through, mended ones included. */
  passed: number;
  /** Of `passed`, those that are not byte for byte what the source has. */
  mended: number;
  /** Records taken out. */
  broken: number;
  /** Empty lines, which are no records. */
  empty: number;
};

export type Gate = {
  readonly tally: Readonly<Tally>;
  /** Takes the next bytes; returns what may go on. The pieces are valid until the next call. */
  push(block: Uint8Array): Buffer[];
  /** The source is at its end; returns what is left to go on. */
  end(): Buffer[];
};

/** DuckDB's own limit is 2 MB; a line that long is no row of a list. */
const lineBytesMost = 1_000_000;
/** What of an overlong line is kept for the rejects. */
const excerptBytes = 1_000;

const space = 0x20;
const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What a byte means outside quotes. */
const ordinary = 0;
const delimits = 1;
const feeds = 2;
const returns = 3;
const quotes = 4;

type Span = { readonly textEnd: number; readonly next: number };

/** `onBroken` is told of every record that is taken out, in order. `runs` is the fast path; the result never depends on it. */
export function createGate(
  shape: Shape,
  onBroken: (record: BrokenRecord) => void,
  runs = createCleanRuns(shape, lineBytesMost),
): Gate {
  const tally: Tally = { passed: 0, mended: 0, broken: 0, empty: 0 };
  const delimiter = shape.delimiter.charCodeAt(0);
  const newline = Buffer.from("\n");
  const usual = Buffer.from(shape.newline);
  const kinds = new Uint8Array(256);
  kinds[delimiter] = delimits;
  kinds[lineFeed] = feeds;
  kinds[carriageReturn] = returns;
  kinds[quote] = quotes;
  // Bytes above this are ordinary without a look at the table: 15 % of the whole scan with a comma or tab.
  const plainAbove = Math.max(delimiter, quote);

  // What `push` returns are views of it: what is left over stays where it is, from `from` on, until the next one.
  let bytes = runs.room(1);
  let from = 0;
  let end = 0;
  let toSkip = shape.skip;
  /** The beginning of an overlong line while the rest of it is thrown away. */
  let overlong: Buffer | undefined;

  // What `measure` found of the record it looked at.
  let fields = 0;
  let textEnd = 0;
  let next = 0;
  /** No reading makes it a record. */
  let flawed = false;
  /** Its text needs mending before another reader sees it. */
  let untidy = false;

  /**
   * Finds the end of the record at `at` and sets the variables above; false when it needs more bytes. Works on locals:
   * the same loops over the variables outside take twice as long.
   */
  function measure(at: number, final: boolean): boolean {
    const data = bytes;
    const limit = end;
    const table = kinds;
    const above = plainAbove;
    const { columns, loneReturns } = shape;
    let i = at;
    let cells = 1;
    untidy = false;
    flawed = false;
    for (;;) {
      // A cell begins.
      if (data[i] === space) {
        while (data[i] === space) i += 1;
        if (data[i] === quote) untidy = true;
      }
      if (data[i] === quote && i < limit) {
        let open = true;
        i += 1;
        for (;;) {
          while (data[i] !== quote) i += 1;
          if (i >= limit) break;
          i += 1;
          open = data[i] === quote && i < limit;
          if (!open) break;
          i += 1;
        }
        if (i >= limit) {
          flawed = open;
          return final && endsAt(cells, limit, limit);
        }
        if (data[i] === space) {
          untidy = true;
          while (data[i] === space) i += 1;
        }
        const behind = table[data[i] as number];
        if (i < limit && (behind === ordinary || behind === quotes)) {
          flawed = true;
          return endsAt(cells, i, i);
        }
      }
      let kind: number;
      for (;;) {
        while ((data[i] as number) > above) i += 1;
        kind = table[data[i] as number] as number;
        if (kind === ordinary) {
          i += 1;
          continue;
        }
        if (kind <= feeds || i >= limit) break;
        if (kind === quotes) {
          untidy = true; // a quote inside an unquoted cell: a letter to us, a riddle to a parallel reader
        } else {
          if (i + 1 >= limit || data[i + 1] === lineFeed) break;
          if (loneReturns || cells === columns) break;
          untidy = true; // a stray return inside a cell
        }
        i += 1;
      }
      if (i >= limit) return final && endsAt(cells, limit, limit);
      if (kind === delimits) {
        cells += 1;
        i += 1;
        continue;
      }
      if (kind === returns && i + 1 >= limit && !final) return false;
      const isPair = kind === returns && i + 1 < limit && data[i + 1] === lineFeed;
      return endsAt(cells, i, i + (isPair ? 2 : 1));
    }
  }

  function endsAt(cells: number, textTo: number, nextAt: number): true {
    fields = cells;
    textEnd = textTo;
    next = nextAt;
    return true;
  }

  function endsAsUsual(): boolean {
    return next - textEnd === usual.length && bytes[textEnd] === usual[0];
  }

  /** Where the first NUL byte from `at` on is; past everything when there is none. */
  function nulFrom(at: number): number {
    const found = bytes.subarray(0, end).indexOf(0, at);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }

  /** The first physical line of what begins at `at`. */
  function firstLine(at: number, final: boolean): Span | undefined {
    for (let i = at; i < end; i += 1) {
      if (bytes[i] === lineFeed) return { textEnd: i, next: i + 1 };
      if (bytes[i] !== carriageReturn) continue;
      const feedFollows = i + 1 < end && bytes[i + 1] === lineFeed;
      if (feedFollows || shape.loneReturns) {
        return { textEnd: i, next: i + (feedFollows ? 2 : 1) };
      }
    }
    return final ? { textEnd: end, next: end } : undefined;
  }

  function reject(reason: BrokenReason, text: Buffer): void {
    if (toSkip > 0) {
      toSkip -= 1;
      return;
    }
    tally.broken += 1;
    onBroken({ reason, cells: roughCells(decode(text), shape) });
  }

  /** Reads as many records as `bytes` holds. */
  function scan(final: boolean): Buffer[] {
    const pieces: Buffer[] = [];
    let at = from;
    // A run of records that go out in one piece. Where lines end in CRLF it is moved together as it grows.
    let runStart = at;
    let runEnd = at;
    const flush = () => {
      if (runEnd > runStart) pieces.push(bytes.subarray(runStart, runEnd));
    };
    // Stops the inner loops at the end of the data without a comparison on every byte.
    bytes[end] = quote;
    const lastFeed = end > 0 ? bytes.lastIndexOf(lineFeed, end - 1) : -1;
    const isValid = isUtf8(bytes.subarray(from, lastFeed >= 0 && !final ? lastFeed + 1 : end));
    // One bad line must not send the megabyte around it down the slow path, which takes ten times as long.
    let nul = -1;

    while (at < end) {
      const clean = toSkip === 0 ? runs.pass(at, end, isValid) : at;
      if (clean > at) {
        tally.passed += runs.passed();
        at = clean;
        runEnd = clean;
        if (at === end) break;
      }
      if (nul < at) nul = nulFrom(at);
      const measured = measure(at, final);
      if (measured && !flawed && textEnd === at) {
        flush();
        tally.empty += 1;
        at = next;
        runStart = at;
        runEnd = at;
        continue;
      }
      if (
        measured &&
        fields === shape.columns &&
        !flawed &&
        !untidy &&
        toSkip === 0 &&
        nul >= textEnd &&
        (isValid || isUtf8(bytes.subarray(at, textEnd))) &&
        endsAsUsual() &&
        textEnd - at <= lineBytesMost
      ) {
        tally.passed += 1;
        if (usual.length === 1) runEnd = next;
        else {
          bytes.copyWithin(runEnd, at, textEnd);
          runEnd += textEnd - at;
          bytes[runEnd] = lineFeed;
          runEnd += 1;
        }
        at = next;
        continue;
      }
      if (!measured && end - at <= lineBytesMost) break;
      // Everything from here on is rare: it may cost a string or two.
      flush();
      const after = settle(at, measured, final, pieces);
      runStart = after ?? at;
      runEnd = runStart;
      if (after === undefined) break;
      at = after;
    }
    flush();
    from = at;
    return pieces;
  }

  /** Deals with the record at `at` that cannot simply pass. Where the next one begins, or undefined for more bytes. */
  function settle(
    at: number,
    measured: boolean,
    final: boolean,
    pieces: Buffer[],
  ): number | undefined {
    const line = firstLine(at, final);
    const lineEnd = line?.textEnd ?? end;
    if (lineEnd - at > lineBytesMost) {
      if (line) {
        reject("line_too_long", bytes.subarray(at, at + excerptBytes));
        return line.next;
      }
      overlong = Buffer.from(bytes.subarray(at, at + excerptBytes));
      return end;
    }
    if (!line) return undefined;
    if (!measured || flawed || textEnd - at > lineBytesMost) {
      reject("bad_quote", bytes.subarray(at, line.textEnd));
      return line.next;
    }
    const text = bytes.subarray(at, textEnd);
    const isOneLine = line.next >= next;
    if (text.includes(0)) {
      reject("nul_byte", bytes.subarray(at, line.textEnd));
      return line.next;
    }
    if (toSkip > 0) {
      toSkip -= 1;
      return next;
    }
    const pass = (mended: Buffer, isMended: boolean): number => {
      tally.passed += 1;
      if (isMended) tally.mended += 1;
      pieces.push(mended, newline);
      return next;
    };
    if (fields === shape.columns && !untidy && isUtf8(text)) {
      // Only its end differs from the others'. The last line of a file may have none, which is no difference.
      return pass(text, next > textEnd && !endsAsUsual());
    }
    const cells = exactCells(decode(text), shape.delimiter);
    while (cells.length > shape.columns && cells.at(-1)?.trim() === "") cells.pop();
    if (cells.length === shape.columns || (cells.length < shape.columns && isOneLine)) {
      while (cells.length < shape.columns) cells.push("");
      return pass(Buffer.from(csvLine(cells, shape.delimiter)), true);
    }
    if (isOneLine) {
      reject("too_many_cells", text);
      return next;
    }
    // Several lines that do not make one record: a quote that never closed met the next one.
    reject("bad_quote", bytes.subarray(at, line.textEnd));
    return line.next;
  }

  /** Throws away the rest of an overlong line; returns what follows it. */
  function afterOverlong(block: Uint8Array): Uint8Array {
    const at = block.findIndex(
      (byte) => byte === lineFeed || (shape.loneReturns && byte === carriageReturn),
    );
    if (at < 0) return block.subarray(block.length);
    reject("line_too_long", overlong ?? Buffer.alloc(0));
    overlong = undefined;
    return block.subarray(at + 1);
  }

  return {
    tally,
    push(block) {
      const fresh = overlong ? afterOverlong(block) : block;
      bytes.copyWithin(0, from, end);
      end -= from;
      from = 0;
      bytes = runs.room(end + fresh.length + 1);
      bytes.set(fresh, end);
      end += fresh.length;
      return scan(false);
    },
    end() {
      if (overlong) {
        reject("line_too_long", overlong);
        overlong = undefined;
      }
      return scan(true);
    },
  };
}

/** A line that is not UTF-8 is read as what such lines nearly always are, so that no byte loses it. */
function decode(text: Buffer): string {
  if (isUtf8(text)) return text.toString("utf8");
  // As a stream: without it Node 20 decodes windows-1252 as if it were latin-1.
  return new TextDecoder("windows-1252").decode(text, { stream: true });
}
