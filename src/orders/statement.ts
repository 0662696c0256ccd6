/** A customer's statement for a month: as CSV, as JSON, and to where it was asked for. */
import { writeFileSync } from "node:fs";
import type { Writable } from "node:stream";
import type { Statement } from "../engine/customers.ts";
import { csvLine } from "../intake/cells.ts";
import { dayOf } from "../time.ts";
import { writeWhole } from "../whole-file.ts";
import { openSink } from "./delivery.ts";
import type { Target } from "./output.ts";

const columns = [
  "date",
  "kind",
  "order_id",
  "provider",
  "numbers",
  "price_per_thousand",
  "amount",
] as const;

/** As scripts see it; days are those of the time zone, money is decimal text. */
export function statementJson(
  { customer, rows, total }: Statement,
  month: string,
  timeZone: string,
) {
  return {
    customer,
    month,
    rows: rows.map((row) => ({
      date: dayOf(row.at, timeZone),
      kind: row.kind,
      order_id: row.orderId,
      provider: row.providers.join(","),
      numbers: row.numbers,
      price_per_thousand: row.pricePerThousand ?? null,
      amount: row.amount ?? null,
    })),
    totals: total,
  };
}

/** The same as CSV: a row for each order and return, the last row is `total`. */
export function statementCsv(document: ReturnType<typeof statementJson>): string {
  const rows = document.rows.map((row) => columns.map((column) => String(row[column] ?? "")));
  const { numbers, amount } = document.totals;
  const lines = [columns, ...rows, ["total", "", "", "", String(numbers), "", amount]];
  return lines.map((cells) => `${csvLine(cells, ",")}\n`).join("");
}

/** Writes a short text where `findTarget` found that it goes; a file appears under its name when it is whole. */
export async function writeText(
  text: string,
  target: Target,
  effects: {
    readonly stdout: Writable;
    readonly signal: AbortSignal;
    readonly fileMode: number;
  },
): Promise<void> {
  if (target.kind !== "file") {
    const sink = await openSink(target, effects);
    await new Promise<void>((resolve, reject) => {
      const written = (error?: Error | null) => (error ? reject(error) : resolve());
      if (target.kind === "stdout") sink.write(text, written);
      else sink.end(text, () => written());
      sink.once("error", reject);
    });
    return;
  }
  const { path } = target;
  await writeWhole([path], effects.fileMode, (part) => writeFileSync(part, text, { mode: 0o600 }));
}
