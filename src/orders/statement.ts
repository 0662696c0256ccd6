/** A customer's statement for a month: as CSV and as JSON. Pure. */
import type { Statement } from "../engine/customers.ts";
import { csvLine } from "../intake/cells.ts";
import { dayOf } from "../time.ts";

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
