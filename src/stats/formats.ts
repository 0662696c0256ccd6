/** What `stats` found, for programs: as CSV, and as metrics. Pure. */
import type { Stats } from "../engine/engine.ts";
import { csvLine } from "../intake/cells.ts";
import { type Lasting, rateDays } from "./lasting.ts";

export const formats = ["table", "csv", "prometheus"] as const;
export type Format = (typeof formats)[number];

/** One provider's numbers, real or synthetic. */
export type ProviderLine = Lasting & {
  readonly provider: string;
  readonly synthetic: boolean;
  readonly pool: number;
  readonly sold: number;
  readonly suppressed: number;
  /** In the window and not taken from there: what is left at most. */
  readonly left: number;
  /** What an order could take; undefined where nobody counted it. */
  readonly available: number | undefined;
};

/** A line for each provider under a header, named as in the JSON document; `available` where it was counted. */
export function statsCsv(lines: readonly ProviderLine[]): string {
  const isExact = lines.some(({ available }) => available !== undefined);
  const head = ["provider", "synthetic", "pool", "sold", "suppressed", "left"];
  const rows = lines.map((line) => [
    line.provider,
    line.synthetic,
    line.pool,
    line.sold,
    line.suppressed,
    line.left,
    rounded(line.soldPerDay),
    line.daysLeft === undefined ? "" : rounded(line.daysLeft),
    ...(isExact ? [line.available ?? ""] : []),
  ]);
  const names = [...head, "sold_per_day", "days_left", ...(isExact ? ["available"] : [])];
  return [names, ...rows].map((cells) => `${csvLine(cells.map(String), ",")}\n`).join("");
}

/** To a thousandth: a rate of sale is no more exact. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** When something was last done well; undefined: never. */
export type LastTimes = { readonly ingest: Date | undefined; readonly backup: Date | undefined };

type Labels = Readonly<Record<string, string>>;
type Metric = {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly (readonly [Labels, number])[];
};

/**
 * The text format of Prometheus, for the textfile collector of its node exporter: gauges only, because what is pruned makes
 * a number smaller; instants in seconds since 1970, so that an age is `time() - …`. A metric without a value is left out.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function statsMetrics(
  { pool, ledger, orders }: Stats,
  lines: readonly ProviderLine[],
  within: string,
  { ingest, backup }: LastTimes,
): string {
  const labels = ({ provider, synthetic }: { provider: string; synthetic: boolean }): Labels => ({
    provider,
    synthetic: String(synthetic),
  });
  const each = (pick: (line: ProviderLine) => number | undefined) =>
    lines.flatMap((line) => {
      const value = pick(line);
      return value === undefined ? [] : [[labels(line), value] as const];
    });
  const at = (instant: Date | undefined) =>
    instant === undefined ? [] : [[{}, instant.getTime() / 1000] as const];
  const bytes = (line: ProviderLine) =>
    pool
      .filter((one) => one.provider === line.provider && one.synthetic === line.synthetic)
      .reduce((sum, one) => sum + one.bytes, 0);
  const metrics: readonly Metric[] = [
    { name: "pool", help: "Numbers in the pool.", samples: each(({ pool }) => pool) },
    { name: "pool_bytes", help: "Size of the pool's files.", samples: each(bytes) },
    { name: "sold", help: "Sales in the ledger.", samples: each(({ sold }) => sold) },
    {
      name: "suppressed",
      help: "Numbers that may not be sold.",
      samples: each(({ suppressed }) => suppressed),
    },
    {
      name: "left",
      help: `Numbers imported within ${within} and not taken from there: what is left at most.`,
      samples: each(({ left }) => left),
    },
    {
      name: "sold_per_day",
      help: `Numbers sold a day, over the last ${rateDays} days.`,
      samples: each(({ soldPerDay }) => soldPerDay),
    },
    {
      name: "available",
      help: `Numbers that an order could take now, of those imported within ${within}.`,
      samples: each(({ available }) => available),
    },
    {
      name: "orders",
      help: "Orders by state.",
      samples: Object.entries(orders).map(([state, value]) => [{ state }, value]),
    },
    {
      name: "last_ingest_timestamp_seconds",
      help: "When the last list came into the pool.",
      samples: at(ingest),
    },
    {
      name: "last_backup_timestamp_seconds",
      help: "When the last backup was made.",
      samples: at(backup),
    },
    {
      name: "last_sale_timestamp_seconds",
      help: "When the last number was sold.",
      samples: at(ledger.newest),
    },
  ];
  return metrics.map(metricText).join("");
}

function metricText({ name, help, samples }: Metric): string {
  if (samples.length === 0) return "";
  const full = `numbers_${name}`;
  const rows = samples.map(([labels, value]) => `${full}${labelText(labels)} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${rows.join("")}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replaceAll(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
