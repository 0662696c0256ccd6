/** Calendar days and months of a time zone as spans of instants. Pure. */
import { usageError } from "./errors.ts";
import { dayOf, startOfDay } from "./time.ts";

export type Period = {
  /** `2026-11-20` or `2026-11`. */
  readonly name: string;
  readonly from: Date;
  /** The first instant after it. */
  readonly until: Date;
};

/** The calendar day on which an instant falls. */
export function dayAround(instant: Date, timeZone: string): Period {
  const day = dayOf(instant, timeZone);
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return period(day, day, next, timeZone);
}

/** The calendar month in which an instant falls. */
export function monthAround(instant: Date, timeZone: string): Period {
  return monthCalled(dayOf(instant, timeZone).slice(0, 7), timeZone);
}

/** The month `2026-11`. Throws a usage error that names the option for what is no month. */
export function parseMonth(text: string, timeZone: string, option: string): Period {
  if (!/^(?!0000)\d{4}-(0[1-9]|1[0-2])$/.test(text)) {
    throw usageError(`${option}: "${text}" is no month; write it as YYYY-MM, such as 2026-11`);
  }
  return monthCalled(text, timeZone);
}

function monthCalled(name: string, timeZone: string): Period {
  const next = new Date(`${name}-01T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return period(name, `${name}-01`, next, timeZone);
}

function period(name: string, first: string, next: Date, timeZone: string): Period {
  const start = (day: string) => startOfDay(day, timeZone, name);
  return { name, from: start(first), until: start(next.toISOString().slice(0, 10)) };
}
