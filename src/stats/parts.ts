/** What the report says, from what was counted. Pure. */
import { shiftDay } from "../days.ts";
import { count, counted } from "../words.ts";
import { agesSection, poolSection, salesSection, sharesSection } from "./day-sections.ts";
import { customersSection, listsPart } from "./name-sections.ts";
import { type Counted, type Part, recentDays, sum } from "./section.ts";
import { type Series, seriesOf } from "./tables.ts";

/** A part for each kind of numbers that there is, real before synthetic, and one for the lists that came in. */
export function partsOf(counted: Counted): Part[] {
  const { stats, report } = counted;
  const kinds = [false, true].filter((synthetic) =>
    [...stats.pool, ...report.sales, ...report.customers].some(
      (one) => one.synthetic === synthetic,
    ),
  );
  // One for both kinds: a provider has the same colour in both parts.
  const series = seriesOf([...stats.pool, ...report.sales]);
  return [
    ...kinds.map((synthetic) => numbersPart(counted, series, synthetic)),
    ...(report.sources.length > 0 ? [listsPart(report, kinds.includes(true))] : []),
  ];
}

function numbersPart(all: Counted, series: Series, synthetic: boolean): Part {
  const { stats, report, today, firstDay, within } = all;
  const isOurs = (one: { readonly synthetic: boolean }) => one.synthetic === synthetic;
  const pool = stats.pool.filter(isOurs).map((one) => ({
    ...one,
    day: one.date < firstDay ? undefined : one.date,
  }));
  const sales = report.sales.filter(isOurs);
  const customers = report.customers.filter(isOurs);
  const left = pool.reduce((sum, one) => sum + one.numbers - one.taken, 0);
  const recent = pool.reduce((sum, one) => sum + one.recent - one.recentTaken, 0);
  const soldSince = shiftDay(today, 1 - recentDays);
  const sold = sum(
    sales.filter(({ day }) => day !== undefined && day >= soldSince),
    "numbers",
  );
  return {
    title: synthetic ? "Synthetic numbers" : "Real numbers",
    headlines: [
      {
        title: "In the pool",
        value: count(sum(pool, "numbers")),
        note: counted(new Set(pool.map(({ date }) => date)).size, "day"),
      },
      {
        title: "Not sold yet",
        value: count(left),
        note: `${count(recent)} from the last ${within}`,
      },
      { title: `Sold in ${recentDays} days`, value: count(sold), note: `since ${soldSince}` },
      {
        title: "Orders",
        value: count(sum(customers, "orders")),
        note: "delivered or reserved",
      },
    ],
    sections: [
      poolSection(pool, series, all),
      sharesSection(pool, series, all),
      agesSection(pool, series, all),
      salesSection(sales, series, all),
      customersSection(customers),
    ],
  };
}
