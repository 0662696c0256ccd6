/** How long what is left lasts at the present rate of sale. Pure. */

const dayMs = 86_400_000;

/** The present rate is that of a week: every weekday is in it once. */
export const rateDays = 7;

/**
 * Who has less than this runs short: lists come in once a day, so that one that does not come leaves the next day's
 * orders without numbers.
 */
export const shortDays = 2;

export type Lasting = {
  /** Numbers sold a day. */
  readonly soldPerDay: number;
  /** What is left, in days of that; undefined while nothing is sold. */
  readonly daysLeft: number | undefined;
  readonly runsShort: boolean;
};

/** The instant from which sales make up the present rate. */
export function rateSince(now: Date): Date {
  return new Date(now.getTime() - rateDays * dayMs);
}

/**
 * `sold`: since `rateSince(now)`. Who has sold for less than a week is measured over the time since the first sale, a day at
 * least: what was sold an hour ago is no rate of 24 times as much a day.
 */
export function lasting(
  left: number,
  sold: number,
  firstSale: Date | undefined,
  now: Date,
): Lasting {
  const age = firstSale === undefined ? 0 : (now.getTime() - firstSale.getTime()) / dayMs;
  const soldPerDay = sold / Math.min(Math.max(age, 1), rateDays);
  const daysLeft = soldPerDay > 0 ? left / soldPerDay : undefined;
  return { soldPerDay, daysLeft, runsShort: daysLeft !== undefined && daysLeft < shortDays };
}

/** When real numbers, or synthetic ones, were first sold, of any provider: since then there are customers. */
export function firstSale(
  sold: readonly { readonly synthetic: boolean; readonly first: Date }[],
  synthetic: boolean,
): Date | undefined {
  const times = sold
    .filter((one) => one.synthetic === synthetic)
    .map(({ first }) => first.getTime());
  return times.length > 0 ? new Date(Math.min(...times)) : undefined;
}
