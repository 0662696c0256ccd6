/** What tells whether a file still holds what was written. */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

/** A stream's 64 KB at a time cost twice as long: 0.3 s instead of 0.15 for the 170 MB that an ingest of 1.1 GB stores. */
const blockBytes = 1 << 20;

/** SHA-256 of a file, as hexadecimal text; stops with the signal's reason. */
export async function sumOfFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const block = Buffer.allocUnsafe(blockBytes);
  const file = await open(path);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(block, 0, blockBytes);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(block.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
