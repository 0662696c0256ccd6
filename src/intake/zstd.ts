/**
 * Zstandard, frame by frame (RFC 8878). Node learnt it after version 20; fzstd decompresses 170 MB a second but looks at
 * no checksum, so the frames are walked here and each content is compared with its own.
 */
import { Xxh64 } from "@node-rs/xxhash";
import { Decompress } from "fzstd";

const frameMagic = 0xfd2fb528;
/** 0x184D2A50 to 0x184D2A5F: frames with nothing for us in them. */
const skippableMagic = 0x184d2a50;
const stepBytes = 1 << 20;

/** Reads exactly so many bytes; throws at an early end. */
type Read = (bytes: number) => Promise<Buffer>;

/** Throws for data that is cut short, damaged or no Zstandard. */
export async function* unzstd(from: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { read, isAtEnd } = createReader(from);
  while (!(await isAtEnd())) {
    const magic = await read(4);
    const number = magic.readUInt32LE(0);
    if (number === frameMagic) yield* unpackFrame(magic, read);
    else if ((number & 0xfffffff0) >>> 0 === skippableMagic) {
      let left = (await read(4)).readUInt32LE(0);
      for (; left > 0; left -= Math.min(left, stepBytes)) await read(Math.min(left, stepBytes));
    } else throw new Error("what follows a frame is none");
  }
}

async function* unpackFrame(magic: Buffer, read: Read): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const hash = new Xxh64(0n);
  const decompressor = new Decompress((chunk) => {
    if (chunk.length === 0) return;
    hash.update(chunk);
    ready.push(chunk);
  });
  const [descriptor = 0] = await read(1);
  decompressor.push(
    Buffer.concat([magic, Buffer.of(descriptor), await read(headerBytes(descriptor))]),
  );
  for (let isLast = false; !isLast; ) {
    const header = await read(3);
    const word = header.readUIntLE(0, 3);
    isLast = (word & 1) === 1;
    // A run-length block holds one byte, whatever its size says.
    const content = await read(((word >> 1) & 3) === 1 ? 1 : word >> 3);
    decompressor.push(Buffer.concat([header, content]));
    yield* ready;
    ready = [];
  }
  const hasChecksum = (descriptor & 4) !== 0;
  const checksum = hasChecksum ? await read(4) : Buffer.alloc(0);
  decompressor.push(checksum, true);
  yield* ready;
  if (hasChecksum && checksum.readUInt32LE(0) !== Number(hash.digest() & 0xffffffffn)) {
    throw new Error("a frame's checksum is wrong");
  }
}

/** What follows the descriptor: window, dictionary and content size, each as long as the descriptor says. */
function headerBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const size = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return (isSingleSegment ? 0 : 1) + dictionary + size;
}

function createReader(from: AsyncGenerator<Uint8Array>): {
  read: Read;
  isAtEnd(): Promise<boolean>;
} {
  let rest = Buffer.alloc(0);
  async function more(): Promise<boolean> {
    const { value, done } = await from.next();
    if (!done) rest = Buffer.concat([rest, value]);
    return !done;
  }
  return {
    read: async (bytes) => {
      while (rest.length < bytes) if (!(await more())) throw new Error("unexpected end");
      const taken = rest.subarray(0, bytes);
      rest = rest.subarray(bytes);
      return taken;
    },
    isAtEnd: async () => {
      while (rest.length === 0) if (!(await more())) return true;
      return false;
    },
  };
}
