/** What a report counts: aggregates of the catalog, and of what the ledger has from elsewhere; no pool file is opened. */
import type { Report, ReportQuery } from "../report.ts";
import type { Row, Session } from "../session.ts";

export async function readReport(session: Session, query: ReportQuery): Promise<Report> {
  const { timeZone, since, recentSince, most } = query;
  const sales = await session.rows("count_sales_by_day", {
    since: since.toISOString(),
    time_zone: timeZone,
  });
  const customers = await session.rows("count_orders_by_customer", {
    recent_since: recentSince.toISOString(),
    most,
  });
  const sources = await session.rows("count_lines_by_source", { most });
  const rejects = await session.rows("count_rejects", { most });
  return {
    sales: sales.map((row) => ({
      day: textOf(row.day),
      provider: String(row.provider),
      synthetic: row.synthetic === true,
      numbers: Number(row.numbers),
      elsewhere: Number(row.elsewhere),
    })),
    customers: customers.map((row) => ({
      ...rankOf(row, row.name),
      synthetic: row.synthetic === true,
      orders: Number(row.orders),
      numbers: Number(row.numbers),
      recentNumbers: Number(row.recent_numbers),
    })),
    sources: sources.map((row) => ({
      ...rankOf(row, row.name),
      imports: Number(row.imports),
      lines: Number(row.lines),
      rejected: Number(row.rejected),
    })),
    reasons: reasonsOf(rejects),
    rejects: rejects.map((row) => ({
      source: Number(row.source_place) - 1,
      reason: Number(row.reason_place) - 1,
      lines: Number(row.lines),
    })),
  };
}

/** Of a list of cells, ordered by reason: each reason with its sum. */
function reasonsOf(rejects: readonly Row[]): Report["reasons"] {
  const reasons: (Report["reasons"][number] & { lines: number })[] = [];
  for (const row of rejects) {
    const place = Number(row.reason_place) - 1;
    const lines = (reasons[place]?.lines ?? 0) + Number(row.lines);
    reasons[place] = { ...rankOf(row, row.reason), lines };
  }
  return reasons;
}

function rankOf(row: Row, name: unknown): { name: string | undefined; others: number } {
  return { name: textOf(name), others: Number(row.others) };
}

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
