/** Opening a source: what it is packed in, which encoding it has, and its bytes as UTF-8. A workbook is its sheet as CSV. */
import { isUtf8 } from "node:buffer";
import {
  closeSync,
  constants,
  createReadStream,
  openSync,
  readSync,
  type Stats,
  statSync,
} from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGunzip } from "node:zlib";
import { exitCode, messageOf, UserError, usageError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import { natureOf } from "./nature.ts";
import { type UnpackLimits, unpackLimits, withinLimits } from "./unpacking.ts";
import { unzstd } from "./zstd.ts";

/**
 * Decompressed bytes as they come, for the content hash, and the same as UTF-8 without a byte order mark. Of a workbook
 * both are its CSV: saved twice it differs in its dates and its packing, and holds the same rows.
 */
export type Block = { readonly raw: Uint8Array; readonly text: Uint8Array };

export type Source = {
  /** What it is when it is surely no table, such as `a JPEG picture`. */
  readonly nature: string | undefined;
  /** The first megabyte as text. */
  readonly head: string;
  /** `head` is all there is. */
  readonly isWhole: boolean;
  /** A regular file, neither packed nor in another encoding: the engine may read it where it lies. */
  readonly isDirect: boolean;
  /** The delimiter where it is known and nothing needs to be guessed: that of a workbook's CSV. */
  readonly delimiter: string | undefined;
  /** From the first byte on, once. Throws `refused input` for a packed file that is cut short or damaged. */
  blocks(): AsyncGenerator<Block>;
  /** Bytes read so far, packed as they are: of the file once all is read. */
  bytesRead(): number;
  /** Throws `refused input` when the file is no longer what it was when it was opened. */
  checkUnchanged(): void;
  close(): void;
};

const blockBytes = 1 << 20;

/**
 * The blocks of a regular file, in a few buffers that are used again and again: a stream makes a new one each time,
 * which costs 5 % of an ingest in page faults and collection. A block is good until three more have been read.
 */
async function* fileBlocks(path: string): AsyncGenerator<Uint8Array> {
  const buffers = Array.from({ length: 4 }, () => Buffer.allocUnsafe(blockBytes));
  const handle = openSync(path, "r");
  try {
    for (let turn = 0; ; turn = (turn + 1) % buffers.length) {
      const buffer = buffers[turn] as Buffer;
      // Not the asynchronous read: its way through the thread pool costs more than a megabyte's copy.
      const bytesRead = readSync(handle, buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      // So that signals, progress and the engine's answers get their turn.
      await nextTurn();
    }
  } finally {
    closeSync(handle);
  }
}

/**
 * A named pipe is opened without waiting for its writer, and polled: a thread that waits in `open` or `read` keeps an
 * interrupted process from ending.
 */
function openStream(path: string, isFifo: boolean): Readable {
  if (!isFifo) return createReadStream(path, { highWaterMark: blockBytes });
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return new Socket({ fd, readable: true, writable: false });
}

/**
 * Opens a file, a named pipe or standard input (`-`). `encoding` is what `checkEncoding` returns; `sheet` names one of a
 * workbook, by name or number. Neither matters to a source of the other kind.
 */
export async function openSource(
  path: string,
  encoding: string,
  signal?: AbortSignal,
  sheet?: string,
  limits: UnpackLimits = unpackLimits,
): Promise<Source> {
  const stat = path === "-" ? undefined : statSync(path);
  const stream = stat?.isFile()
    ? undefined
    : path === "-"
      ? process.stdin
      : openStream(path, stat?.isFIFO() === true);
  let bytesRead = 0;
  // A source that gives nothing more must not keep an interrupted process waiting.
  const stop = () => void stream?.destroy(new Error("interrupted"));
  signal?.addEventListener("abort", stop, { once: true });

  async function* packedBlocks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream ?? fileBlocks(path)) {
      signal?.throwIfAborted();
      bytesRead += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  }

  const packed = packedBlocks();
  let sheetRows: AsyncGenerator<Uint8Array> | undefined;
  const close = () => {
    signal?.removeEventListener("abort", stop);
    stream?.destroy();
    void packed.return(undefined);
    void sheetRows?.return(undefined);
  };

  async function look() {
    const start = await takeUntil(packed, 4);
    const packing = packingOf(start.bytes);
    const all = unpacked(start.blocks, packing);
    const isPacked = packing !== "none";
    const within = isPacked ? withinLimits(all, () => bytesRead, limits) : all;
    const content = await takeUntil(within, blockBytes);
    const isFile = stat?.isFile() === true && packing === "none";
    if (!looksLikeWorkbook(content.bytes)) {
      const label =
        encoding === "auto" ? detectEncoding(content.bytes) : byMark(encoding, content.bytes);
      return { content, label, isDirect: isFile && label === "utf-8", delimiter: undefined };
    }
    sheetRows = sheetBlocks(isFile, content.blocks);
    const rows = await takeUntil(sheetRows, blockBytes);
    return { content: rows, label: "utf-8", isDirect: false, delimiter: "," };
  }

  /** A file is read where it lies; whatever else brings a workbook is held in memory. */
  async function* sheetBlocks(
    isFile: boolean,
    from: AsyncGenerator<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    // Its libraries take 30 ms to load: only for those who bring a workbook.
    const { loadWorkbook, readWorkbook } = await import("./xlsx/workbook.ts");
    if (isFile) bytesRead = 0;
    const onRead = (bytes: number) => {
      signal?.throwIfAborted();
      if (isFile) bytesRead += bytes;
    };
    yield* readWorkbook(isFile ? path : await loadWorkbook(from), { sheet, onRead });
    // What no cell needs, such as pictures, was not read.
    if (stat?.isFile()) bytesRead = stat.size;
  }

  const { content, label, isDirect, delimiter } = await look().catch((error: unknown) => {
    close();
    throw error;
  });

  async function* blocks(): AsyncGenerator<Block> {
    const decoder = label === "utf-8" ? undefined : new TextDecoder(label);
    let isFirst = true;
    for await (const raw of content.blocks) {
      const text = decoder ? Buffer.from(decoder.decode(raw, { stream: true })) : raw;
      // A decoder has taken the mark away: another one is the first cell's own.
      yield { raw, text: isFirst && !decoder && hasMark(text) ? text.subarray(3) : text };
      isFirst = false;
    }
    const rest = decoder?.decode();
    if (rest) yield { raw: new Uint8Array(), text: Buffer.from(rest) };
  }

  return {
    nature: natureOf(content.bytes, label.startsWith("utf-16")),
    // Always as a stream: without it Node 20 decodes windows-1252 as if it were latin-1.
    head: new TextDecoder(label).decode(content.bytes, { stream: true }),
    isWhole: content.isAll,
    isDirect,
    delimiter,
    blocks,
    bytesRead: () => bytesRead,
    checkUnchanged: () => {
      if (stat?.isFile()) checkSame(stat, statSync(path, { throwIfNoEntry: false }));
    },
    close,
  };
}

/**
 * Whether it is a ZIP archive, which an .xlsx is. Throws `refused input` for the container of the old .xls, which is also
 * that of a workbook with a password (MS-CFB 2.2).
 */
function looksLikeWorkbook(start: Buffer): boolean {
  if (start.subarray(0, 8).equals(compoundMagic)) {
    throw new UserError(
      exitCode.refusedInput,
      "it is an old .xls workbook or one with a password; save it as .xlsx without a password",
    );
  }
  // The second is the mark of an archive with nothing in it.
  return start.length >= 4 && [0x04034b50, 0x06054b50].includes(start.readUInt32LE(0));
}

const compoundMagic = Buffer.from("d0cf11e0a1b11ae1", "hex");

/** Looks ahead: the first bytes (`least` of them unless there are fewer), and all blocks, the seen ones included. */
async function takeUntil(
  from: AsyncGenerator<Uint8Array>,
  least: number,
): Promise<{
  bytes: Buffer;
  isAll: boolean;
  blocks: AsyncGenerator<Uint8Array>;
}> {
  const seen: Uint8Array[] = [];
  let length = 0;
  let isAll = false;
  while (length < least) {
    const { value, done } = await from.next();
    if (done) {
      isAll = true;
      break;
    }
    seen.push(value);
    length += value.length;
  }
  async function* blocks(): AsyncGenerator<Uint8Array> {
    yield* seen.splice(0);
    yield* from;
  }
  return { bytes: Buffer.concat(seen), isAll, blocks: blocks() };
}

type Packing = "none" | "gzip" | "zstd";

/** By the magic number, not by the name: lists arrive under any name (RFC 1952, RFC 8878). */
function packingOf(start: Buffer): Packing {
  if (start[0] === 0x1f && start[1] === 0x8b) return "gzip";
  if (start.length >= 4 && start.readUInt32LE(0) === 0xfd2fb528) return "zstd";
  return "none";
}

async function* unpacked(
  from: AsyncGenerator<Uint8Array>,
  packing: Packing,
): AsyncGenerator<Uint8Array> {
  try {
    if (packing === "gzip") yield* gunzipped(from);
    else if (packing === "zstd") yield* unzstd(from);
    else yield* from;
  } catch (error) {
    if (packing === "none") throw error;
    throw new UserError(
      exitCode.refusedInput,
      `its ${packing} data is cut short or damaged (${messageOf(error)}); nothing of it was kept`,
      { cause: error },
    );
  }
}

/** Members that follow each other are read to the last one. */
async function* gunzipped(from: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: blockBytes });
  const feeding = (async () => {
    try {
      for await (const block of from) {
        if (!gunzip.write(block)) await new Promise((resolve) => gunzip.once("drain", resolve));
      }
      gunzip.end();
    } catch (error) {
      gunzip.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  })();
  yield* gunzip as AsyncIterable<Buffer>;
  await feeding;
}

/** By the byte order mark, then by where the zero bytes of ASCII in UTF-16 lie, then by what is valid UTF-8. */
function detectEncoding(head: Buffer): string {
  const marked = utf16ByMark(head);
  if (marked) return marked;
  const sample = head.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries())
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const half = sample.length / 2;
  if ((zeros[1] ?? 0) > half * 0.5) return "utf-16le";
  if ((zeros[0] ?? 0) > half * 0.5) return "utf-16be";
  return isUtf8(head) || isMostlyUtf8(head) ? "utf-8" : "windows-1252";
}

/** The last character may be cut; and where some lines are UTF-8 the others are bad lines, each read by itself. */
function isMostlyUtf8(head: Buffer): boolean {
  let lines = 0;
  let bad = 0;
  for (let at = 0; at < head.length; ) {
    const feed = head.indexOf(0x0a, at);
    const end = feed < 0 ? head.length : feed;
    const line = head.subarray(at, end);
    if (line.some((byte) => byte > 0x7f)) {
      lines += 1;
      if (!isUtf8(line) && feed >= 0) bad += 1;
    }
    at = end + 1;
  }
  return bad === 0 || bad < lines;
}

/** The canonical label of an encoding, or `auto`. Throws a usage error for an unknown one (WHATWG Encoding Standard). */
export function checkEncoding(label: string): string {
  if (label === "auto") return label;
  try {
    return new TextDecoder(label === "latin-1" ? "latin1" : label).encoding;
  } catch (error) {
    const known = ["auto", "utf-8", "utf-16", "latin-1", "windows-1252"];
    throw usageError(
      `--encoding: "${label}" is no encoding. ${didYouMean(label, known)}Write ${known.join(", ")} or another that the web knows`,
      error,
    );
  }
}

/** A byte order mark knows better than the name which of the two UTF-16 it is. */
function byMark(label: string, head: Buffer): string {
  return label.startsWith("utf-16") ? (utf16ByMark(head) ?? label) : label;
}

function utf16ByMark(head: Buffer): "utf-16le" | "utf-16be" | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  return undefined;
}

function hasMark(text: Uint8Array): boolean {
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf;
}

function checkSame(before: Stats, after: Stats | undefined): void {
  if (after && isSame(before, after)) return;
  const what =
    after === undefined
      ? "it was removed while it was read"
      : after.ino !== before.ino
        ? "it was replaced by another file while it was read"
        : `it changed while it was read (${before.size} bytes, then ${after.size}): it is still being written`;
  throw new UserError(
    exitCode.refusedInput,
    `${what}; nothing of it was kept, the next run takes what is there then (--min-age 1m leaves alone what is younger)`,
  );
}

function isSame(before: Stats, after: Stats): boolean {
  return before.size === after.size && before.mtimeMs === after.mtimeMs && before.ino === after.ino;
}
