/** Sections of the report by names: orders by customer, rejects by reason and source. Pure. */
import type { Report } from "../engine/report.ts";
import { count, counted } from "../words.ts";
import { coloursMost } from "./page-data.ts";
import { percent } from "./percent.ts";
import { type Part, recentDays, type Section, sum } from "./section.ts";
import { pivot } from "./tables.ts";

export function customersSection(customers: Report["customers"]): Section {
  const title = "Orders by customer";
  if (customers.length === 0) return { title, sentence: "No order was made yet." };
  const rows = customers.map((one) => ({ ...one, name: calledOr(one, "no customer named") }));
  return {
    title,
    sentence: `Numbers of delivered and reserved orders, for the customers who took most. ${unbarred(rows)}`,
    plot: {
      kind: "bars",
      series: [`last ${recentDays} days`, "before"],
      palette: "tone",
      unit: "numbers",
      rows: rows.map(({ name, others, orders, numbers, recentNumbers }) => ({
        name,
        text: `${count(numbers)} in ${counted(orders, "order")}`,
        parts:
          others > 0
            ? []
            : [
                [0, recentNumbers],
                [1, numbers - recentNumbers],
              ],
      })),
    },
    table: {
      head: ["customer", "orders", "numbers", `last ${recentDays} days`],
      rows: rows.map((one) => [
        one.name,
        count(one.orders),
        count(one.numbers),
        count(one.recentNumbers),
      ]),
    },
  };
}

/** Of all lists: whether a line was real or synthetic is not known of those that were rejected. */
export function listsPart({ sources, reasons, rejects }: Report, hasSynthetic: boolean): Part {
  const named = sources.map((one) => ({ ...one, name: calledOr(one, "no source named") }));
  const lines = sum(sources, "lines");
  const rejected = sum(sources, "rejected");
  const known = sources.filter(({ name }) => name !== undefined).length + sum(sources, "others");
  return {
    title: hasSynthetic ? "Lists that came in, real and synthetic" : "Lists that came in",
    headlines: [
      {
        title: "Lists",
        value: count(sum(sources, "imports")),
        note: `from ${counted(known, "source")}`,
      },
      { title: "Lines", value: count(lines), note: "headers not counted" },
      {
        title: "Rejected",
        value: count(rejected),
        note: `${percent(rejected, lines)} of all lines`,
      },
    ],
    sections: [
      reasonsSection(
        named.map(({ name }) => name),
        reasons,
        rejects,
      ),
      {
        title: "Rejected by source",
        sentence: "How much of each source's lines was rejected.",
        plot: {
          kind: "bars",
          series: [""],
          palette: "tone",
          unit: undefined,
          rows: (rejected > 0 ? named : []).map((one) => ({
            name: one.name,
            text: `${percent(one.rejected, one.lines)} of ${counted(one.lines, "line")}`,
            parts: [[0, one.lines === 0 ? 0 : one.rejected / one.lines]],
          })),
        },
        table: {
          head: ["source", "lists", "lines", "rejected", "share"],
          rows: named.map((one) => [
            one.name,
            count(one.imports),
            count(one.lines),
            count(one.rejected),
            percent(one.rejected, one.lines),
          ]),
        },
      },
    ],
  };
}

function reasonsSection(
  sources: readonly string[],
  reasons: Report["reasons"],
  rejects: Report["rejects"],
): Section {
  const title = "Rejected by reason and source";
  if (reasons.length === 0) return { title, sentence: "No line was rejected." };
  const names = reasons.map((one) => calledOr(one, "unknown"));
  // The table has a column for each source, the plot only as many as there are colours.
  const told = sources.length > coloursMost ? coloursMost - 1 : sources.length;
  const rest = sources.length - told;
  const isTold = rejects.some(({ source }) => source >= told);
  return {
    title,
    sentence:
      "Lines that held no number that can be sold, by reason; the colours are sources. " +
      `What a reason means is in docs/reject-codes.md. ${unbarred(reasons)}`,
    plot: {
      kind: "bars",
      palette: "series",
      series: [...sources.slice(0, told), ...(isTold ? [`${rest} more sources`] : [])],
      unit: "lines",
      rows: names.map((name, reason) => {
        const isOthers = (reasons[reason]?.others ?? 0) > 0;
        const ours = rejects.filter((one) => one.reason === reason);
        const others = sum(
          ours.filter(({ source }) => source >= told),
          "lines",
        );
        return {
          name,
          text: count(sum(ours, "lines")),
          parts: isOthers
            ? []
            : [
                ...ours
                  .filter(({ source }) => source < told)
                  .map(({ source, lines }) => [source, lines] as const),
                ...(others > 0 ? [[told, others] as const] : []),
              ],
        };
      }),
    },
    table: pivot({
      head: "reason",
      series: sources,
      cells: rejects.map(({ source, reason, lines }) => ({
        day: undefined,
        place: source,
        value: lines,
        row: names[reason] ?? "",
      })),
      show: ({ value }) => count(value),
      total: "all",
    }),
  };
}

/** A bar of all others would make the bars of those who have names look like nothing. */
function unbarred(rows: readonly { readonly others: number }[]): string {
  return rows.some(({ others }) => others > 0) ? "The others have their figure and no bar." : "";
}

/** Nine digits or more, however they are parted: somebody goes by a phone number. */
const phoneLike = /[+(]*\d(?:[^\p{L}\p{N}]{0,2}\d){8,}/gu;

/** What a customer, source or reason is called on a page that has no phone number in it. */
function calledOr({ name, others }: { name: string | undefined; others: number }, none: string) {
  return others > 0 ? counted(others, "other") : (name?.replaceAll(phoneLike, "…") ?? none);
}
