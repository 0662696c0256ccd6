/** Taking a list of bad numbers back: read like any source, judged against its order by the engine. */
import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Converter } from "../engine/duckdb/converter.ts";
import type { Engine, Order } from "../engine/engine.ts";
import { checkReturnable, type Returned, type ReturnRequest } from "../engine/returns.ts";
import { exitCode, UserError } from "../errors.ts";
import type { Home } from "../home.ts";
import { failureOf } from "../intake/failure.ts";
import { readPhoneCell } from "../intake/phone.ts";
import { countUp, read } from "../intake/reading.ts";
import type { Profile } from "../profile.ts";
import type { Progress } from "../progress.ts";

export type ReturnReport = Returned & {
  readonly lines: number;
  /** Lines without a phone, and why. */
  readonly rejected: number;
  readonly reasons: Readonly<Record<string, number>>;
};

export type ReturnEffects = {
  readonly home: Home;
  readonly engine: Engine;
  readonly converter: Converter;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly profile?: Profile;
};

/** Reads a list and gives it back to its order. Throws `refused input` for what cannot be read; then nothing was done. */
export async function takeBack(
  order: Order,
  path: string,
  phoneColumn: string | undefined,
  request: ReturnRequest,
  effects: ReturnEffects,
): Promise<ReturnReport> {
  // Once more under the lock; here so that nobody waits for a long list to be read in vain.
  checkReturnable(order, request);
  const folder = join(effects.home.temporary, request.returnId);
  mkdirSync(folder, { mode: 0o700 });
  try {
    const { files, lines, rejected, reasons } = await readList(path, folder, phoneColumn, effects);
    effects.progress.begin("taking back");
    const returned = await effects.engine.returnNumbers(request, files);
    return { ...returned, lines, rejected, reasons };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readList(
  path: string,
  folder: string,
  phoneColumn: string | undefined,
  { converter, progress, signal, profile }: ReturnEffects,
) {
  const options = {
    encoding: "auto",
    sheet: undefined,
    delimiter: undefined,
    phoneColumn,
    categoryColumn: undefined,
    hasHeader: undefined,
  };
  const reading = { openConversion: converter.open, progress, signal, profile };
  try {
    if (path !== "-" && statSync(path).isDirectory()) throw refused("it is a folder; name a file");
    const list = await read(path, folder, options, reading);
    if (list.nature) throw refused(`it is ${list.nature}, no table`);
    const { conversion } = list.converted;
    await conversion.settleOdd(readPhoneCell, undefined);
    const { lines, rejected, reasons } = await countUp(list);
    return { files: conversion.files.map((file) => file.path), lines, rejected, reasons };
  } catch (error) {
    const message = failureOf(error);
    if (message === undefined) throw error;
    throw new UserError(exitCode.refusedInput, `${path}: ${message}`, { cause: error });
  }
}

function refused(message: string): UserError {
  return new UserError(exitCode.refusedInput, message);
}
