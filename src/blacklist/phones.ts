/** Numbers that were typed, or given on standard input so that they do not stand in the list of processes. */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { usageError } from "../errors.ts";
import { readPhoneCell, reasonCodes } from "../intake/phone.ts";
import { masked } from "../intake/rejections.ts";

/** More than these come in a file. */
const phonesMost = 100_000;

/** A number, and where it was found: `argument 2`, `line 7`. */
export type TypedPhone = { readonly phone: string; readonly where: string };

/** Reads the arguments, `-` as standard input. Throws a usage error for the first that is no number: then nothing is done. */
export async function readPhones(
  args: readonly string[],
  stdin: Readable,
  signal: AbortSignal,
): Promise<readonly TypedPhone[]> {
  const phones: TypedPhone[] = [];
  const take = (cell: string, where: string) => {
    const reading = readPhoneCell(cell);
    if ("reason" in reading) {
      const [meaning] = reasonCodes[reading.reason].split(": ");
      throw usageError(
        `${where}: "${masked(cell)}" is no mobile number (${reading.reason}: ${meaning}); nothing was done`,
      );
    }
    for (const phone of reading.phones) phones.push({ phone, where });
    if (phones.length > phonesMost) {
      throw usageError(
        `that is more than ${phonesMost} numbers; put them into a file: numbers blacklist import FILE`,
      );
    }
  };
  for (const [index, cell] of args.entries()) {
    if (cell !== "-") take(cell, `argument ${index + 1}`);
    else {
      let line = 0;
      for await (const text of createInterface({
        input: stdin,
        signal,
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        line += 1;
        if (text.trim() !== "") take(text, `line ${line}`);
      }
    }
  }
  // An interrupt ends the reading as the end of the input does.
  signal.throwIfAborted();
  if (phones.length === 0) throw usageError("standard input has no number; write one a line");
  return phones;
}

/** Where some of them were found, in words that show none of them: `argument 2, line 7 and 3 more`. */
export function placesOf(some: readonly string[], phones: readonly TypedPhone[]): string {
  const most = 10;
  const wanted = new Set(some);
  const places = phones.filter(({ phone }) => wanted.has(phone)).map(({ where }) => where);
  const rest = places.length - most;
  return places.slice(0, most).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
