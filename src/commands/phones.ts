/** Numbers that are given to a command: as arguments, or with `-` on standard input, where no process list shows them. */
import { createInterface } from "node:readline";
import { usageError } from "../errors.ts";
import type { PhoneReading } from "../intake/phone.ts";

/** What was typed, and the one number that it is; or why it is none. */
export type TypedPhone = { readonly typed: string } & (
  | { readonly phone: bigint }
  | { readonly reason: string }
);

/** Reads every argument, in the place of `-` every line of standard input that is not blank. */
export async function readPhones(
  args: readonly string[],
  stdin: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<TypedPhone[]> {
  if (args.filter((arg) => arg === "-").length > 1) {
    throw usageError("- is standard input and can be read once; it is there twice");
  }
  // The library behind it takes a while to load: only for those who typed a number.
  const { readPhoneCell } = await import("../intake/phone.ts");
  const readPhone = (typed: string): TypedPhone => phoneOf(typed, readPhoneCell(typed));
  const phones: TypedPhone[] = [];
  for (const arg of args) {
    if (arg !== "-") phones.push(readPhone(arg));
    else {
      for await (const line of createInterface({
        input: stdin,
        signal,
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        if (line.trim() !== "") phones.push(readPhone(line));
      }
    }
  }
  // An interrupt ends the reading as the end of the input does.
  signal.throwIfAborted();
  if (phones.length === 0) {
    throw usageError(
      "no number was given; name one, such as 081200000001, or write them to standard input and use -",
    );
  }
  return phones;
}

function phoneOf(typed: string, reading: PhoneReading): TypedPhone {
  if ("reason" in reading) return { typed, reason: reading.reason };
  const [phone = "", ...others] = reading.phones;
  return others.length > 0 ? { typed, reason: "several" } : { typed, phone: BigInt(phone) };
}
