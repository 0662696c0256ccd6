/** A text that is made as a whole, such as a statement or a report, on its way to a file, a pipe or stdout. */
import { writeFileSync } from "node:fs";
import type { Writable } from "node:stream";
import { exitCode, UserError } from "../errors.ts";
import { isOutOfSpace, wordsOfFullDisk } from "../space.ts";
import { writeWhole } from "../whole-file.ts";
import { openSink } from "./delivery.ts";
import type { Target } from "./output.ts";

export type TextEffects = {
  readonly stdout: Writable;
  readonly signal: AbortSignal;
  readonly fileMode: number;
};

/** Writes a text where `findPlace` found that it goes; a file appears under its name when it is whole. */
export async function writeText(text: string, target: Target, effects: TextEffects): Promise<void> {
  if (target.kind === "file") {
    const { path } = target;
    const { fileMode } = effects;
    await writeWhole([path], fileMode, (part) => writeFileSync(part, text, { mode: 0o600 }));
    return;
  }
  try {
    await writeInPlace(text, target, effects);
  } catch (error) {
    const isFull = isOutOfSpace(error);
    if ((error as NodeJS.ErrnoException).code !== "EPIPE" && !isFull) throw error;
    const why = isFull ? wordsOfFullDisk(error) : "the reader closed the pipe";
    throw new UserError(
      exitCode.undelivered,
      `not all of it was written: ${why}; nothing else was changed, write it again`,
      { cause: error },
    );
  }
}

async function writeInPlace(text: string, target: Target, effects: TextEffects): Promise<void> {
  const sink = await openSink(target, effects);
  await new Promise<void>((resolve, reject) => {
    const written = (error?: Error | null) => (error ? reject(error) : resolve());
    sink.once("error", reject);
    // An interrupt does not wait for a reader that may never read again.
    const stop = () => {
      if (target.kind !== "stdout") sink.destroy();
      reject(effects.signal.reason);
    };
    effects.signal.addEventListener("abort", stop, { once: true });
    if (target.kind === "stdout") sink.write(text, written);
    else sink.end(text, written);
  });
}
