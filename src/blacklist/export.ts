/** Writing a list out: to a file that appears under its name only when it is whole, or into a pipe. */
import { statSync } from "node:fs";
import { basename } from "node:path";
import type { Writable } from "node:stream";
import { exitCode, UserError } from "../errors.ts";
import { pump } from "../fifo.ts";
import { openSink } from "../orders/delivery.ts";
import type { Target } from "../orders/output.ts";
import type { Progress } from "../progress.ts";
import { isOutOfSpace, wordsOfFullDisk } from "../space.ts";
import { writeWhole } from "../whole-file.ts";

export type ExportEffects = {
  /** Writes the list to a path; resolves to the number of its rows. */
  produce(path: string, compression: "none" | "gzip" | "zstd"): Promise<number>;
  readonly stdout: Writable;
  readonly temporary: string;
  readonly fileMode: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
};

/** Resolves to the number of rows; throws when not all of them arrived. */
export async function exportList(target: Target, effects: ExportEffects): Promise<number> {
  const place = target.kind === "stdout" ? "stdout" : basename(target.path);
  effects.progress.begin(`writing to ${place}`);
  try {
    if (target.kind === "file") return await writeFile(target.path, effects);
    const sink = await openSink(target, effects);
    const produce = (path: string) => effects.produce(path, "none");
    const { temporary, signal } = effects;
    return await pump(temporary, produce, sink, {
      keepsOpen: target.kind === "stdout",
      signal,
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isFull = isOutOfSpace(error);
    if (code !== "EPIPE" && !isFull) throw error;
    const why = isFull ? wordsOfFullDisk(error) : "the reader closed the pipe";
    throw new UserError(
      exitCode.undelivered,
      `the list did not arrive whole: ${why}; export it again`,
      {
        cause: error,
      },
    );
  }
}

async function writeFile(
  path: string,
  { produce, fileMode, progress }: ExportEffects,
): Promise<number> {
  const packing = path.endsWith(".gz") ? "gzip" : path.endsWith(".zst") ? "zstd" : "none";
  let rows = 0;
  await writeWhole([path], fileMode, async (part) => {
    progress.watch(() => ({ bytes: statSync(part, { throwIfNoEntry: false })?.size }));
    rows = await produce(part, packing);
  });
  return rows;
}
