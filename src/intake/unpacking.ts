/**
 * What a packed file may become. A few kilobytes can unpack to terabytes: every unpacked byte is counted, and what grows
 * beyond all measure is refused before it fills the disk with rejects.
 */
import { exitCode, UserError } from "../errors.ts";
import { sizeInWords } from "./xlsx/refusal.ts";

export type UnpackLimits = {
  /** Bytes that come out of it at most. */
  readonly bytes: number;
  /** Bytes that come out for each that goes in, at most; asked once there are more than `ratioFrom`. */
  readonly ratio: number;
  readonly ratioFrom: number;
};

/**
 * Lists are packed 5 to 15 times, those of one pattern 50 to 150 times. From a gigabyte on, 200 would leave less than three
 * bytes to a row of the usual length, where the phone alone needs more.
 */
export const unpackLimits: UnpackLimits = {
  bytes: 64 * 2 ** 30,
  ratio: 200,
  ratioFrom: 2 ** 30,
};

/** Passes blocks on; throws `refused input` when they become too many. `packedBytes` says how many went in so far. */
export async function* withinLimits(
  blocks: AsyncGenerator<Uint8Array>,
  packedBytes: () => number,
  { bytes, ratio, ratioFrom }: UnpackLimits,
): AsyncGenerator<Uint8Array> {
  let unpacked = 0;
  for await (const block of blocks) {
    unpacked += block.length;
    if (unpacked > bytes) {
      throw refused(
        `unpacked it has more than ${sizeInWords(bytes)}, the most that is read of a packed file`,
        "max_unpacked",
      );
    }
    if (unpacked > ratioFrom && unpacked > ratio * packedBytes()) {
      throw refused(
        `unpacked it has more than ${ratio} times its size, which no list has`,
        "max_unpacked_ratio",
      );
    }
    yield block;
  }
}

function refused(what: string, setting: string): UserError {
  return new UserError(
    exitCode.refusedInput,
    `${what}; unpack it and look what it is, or raise ${setting}; nothing of it was kept`,
  );
}
