/** Counting with calendar days, YYYY-MM-DD, without a time zone. Pure; the report's page uses it in the browser too. */

const dayMs = 86_400_000;

/** The day so many days later; earlier when `days` is below 0. */
export function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The day in UTC on which an instant falls. */
export function utcDay(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

/** For sorting: earlier days first. */
export function compareDays(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** How many days `to` is later than `from`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}
