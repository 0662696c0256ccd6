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
 * `sold`: since `rateSince(now)`. A home that has sold for less than a week is measured over the time since its first
 * order, a day at least: an order of an hour ago is no rate of 24 a day.
 */
export function lasting(
  left: number,
  sold: number,
  firstOrder: Date | undefined,
  now: Date,
): Lasting {
  const age = firstOrder === undefined ? 0 : (now.getTime() - firstOrder.getTime()) / dayMs;
  const soldPerDay = sold / Math.min(Math.max(age, 1), rateDays);
  const daysLeft = soldPerDay > 0 ? left / soldPerDay : undefined;
  return { soldPerDay, daysLeft, runsShort: daysLeft !== undefined && daysLeft < shortDays };
}
