/**
 * The parts of a ZIP archive, unpacked as they are read. What the archive says of its sizes is not believed: every
 * unpacked byte is counted against the limit, and each part is compared with its checksum.
 */
import type { Readable } from "node:stream";
import zlib from "node:zlib";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { damaged, refused, tooLarge } from "./refusal.ts";

export type Zip = {
  /** OPC tells part names apart by more than case (ECMA-376-2, 6.2.2.3). */
  has(name: string): boolean;
  /** Unpacked, as the archive has it; a part that turns out larger is refused. */
  bytesOf(name: string): number;
  read(name: string): AsyncGenerator<Uint8Array>;
  close(): void;
};

/** A workbook has some dozens of parts; one with thousands of pictures has thousands. */
const entriesMost = 20_000;

/**
 * Opens an archive by its path or by its bytes. At most `unpackedMost` bytes come out of it, all parts together;
 * `onRead` is told of every packed byte that was used. Throws `refused input` for what is no whole archive.
 */
export async function openZip(
  from: string | Buffer,
  unpackedMost: number,
  onRead: (packedBytes: number) => void = () => {},
): Promise<Zip> {
  const options = { lazyEntries: true, autoClose: false };
  const opening =
    typeof from === "string"
      ? yauzl.openPromise(from, options)
      : yauzl.fromBufferPromise(from, options);
  const zip = await opening.catch(fail);
  let entries: Map<string, Entry>;
  try {
    entries = await listEntries(zip);
  } catch (error) {
    zip.close();
    throw error;
  }
  let unpacked = 0;

  async function* read(name: string): AsyncGenerator<Uint8Array> {
    const entry = entries.get(name.toLowerCase());
    if (!entry) throw damaged(new Error(`${name} is missing`));
    if (entry.uncompressedSize > unpackedMost - unpacked)
      throw tooLarge(unpackedName, unpackedMost);
    const stream = await openEntry(zip, entry);
    let checksum = 0;
    let told = 0;
    let bytes = 0;
    try {
      for await (const chunk of chunksOf(stream)) {
        bytes += chunk.length;
        unpacked += chunk.length;
        if (unpacked > unpackedMost) throw tooLarge(unpackedName, unpackedMost);
        checksum = crcOf(chunk, checksum);
        const used = Math.floor(
          (entry.compressedSize * bytes) / Math.max(entry.uncompressedSize, 1),
        );
        onRead(used - told);
        told = used;
        yield chunk;
      }
    } finally {
      stream.destroy();
    }
    if (hasCrc && checksum !== entry.crc32) {
      throw damaged(new Error(`the checksum of ${entry.fileName} is wrong`));
    }
  }

  return {
    has: (name) => entries.has(name.toLowerCase()),
    bytesOf: (name) => entries.get(name.toLowerCase())?.uncompressedSize ?? 0,
    read,
    close: () => zip.close(),
  };
}

const unpackedName = "unpacked it has";

// Node learnt it with 20.15. Before that, what inflates to the stated length passes.
const hasCrc = typeof zlib.crc32 === "function";

function crcOf(chunk: Uint8Array, before: number): number {
  return hasCrc ? zlib.crc32(chunk, before) : 0;
}

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  if (zip.entryCount > entriesMost) {
    throw refused(`it is a ZIP archive of ${zip.entryCount} files, which no workbook is`);
  }
  try {
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase(), entry);
  } catch (error) {
    fail(error);
  }
  return entries;
}

async function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  if (entry.isEncrypted()) {
    throw refused("its parts are encrypted; save it as .xlsx without a password");
  }
  return zip.openReadStreamPromise(entry).catch(fail);
}

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const { value, done } = await chunks.next().catch(fail);
    if (done) return;
    yield value;
  }
}

/** What the disk says is the caller's business; the rest is the archive's fault. */
function fail(error: unknown): never {
  if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
  throw damaged(error);
}
