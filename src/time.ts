/** Instants, durations and calendar days. Pure; every day belongs to a named time zone. */
import { usageError } from "./errors.ts";
import { didYouMean } from "./nearest.ts";

const unitMs: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of `30d`, `12h`, `90m`, `45s` or `2w`. Throws a usage error that names `what` otherwise. */
export function parseDuration(text: string, what: string): number {
  const match = /^(\d{1,9})([smhdw])$/.exec(text.trim());
  const unit = unitMs[match?.[2] ?? ""];
  if (!match || unit === undefined) {
    throw usageError(`${what}: "${text}" is no duration; write 45s, 90m, 12h, 3d or 2w`);
  }
  return Number(match[1]) * unit;
}

/** An ISO 8601 instant with its offset, such as `2026-11-20T09:00:00+07:00`. */
export function parseInstant(text: string, what: string): Date {
  const instant = new Date(text);
  if (!/T.*(Z|[+-]\d\d:?\d\d)$/.test(text) || Number.isNaN(instant.getTime())) {
    throw usageError(
      `${what}: "${text}" is no instant; write it with its offset, such as 2026-11-20T09:00:00+07:00`,
    );
  }
  return instant;
}

/** The calendar day, `YYYY-MM-DD`, on which an instant falls in a time zone. */
export function dayOf(instant: Date, timeZone: string): string {
  // The Swedish locale writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
  }).format(instant);
}

/** The instant at which a calendar day begins in a time zone. Throws a usage error for what is no day. */
export function startOfDay(day: string, timeZone: string, what: string): Date {
  const utc = new Date(`${day}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(utc.getTime());
  if (!isDay || utc.toISOString().slice(0, 10) !== day) {
    throw usageError(`${what}: "${day}" is no day; write it as YYYY-MM-DD, such as 2026-11-20`);
  }
  // The offset is looked up at the guess and once more at the result: enough for any zone with one change a day.
  const guess = new Date(utc.getTime() - offsetMs(utc, timeZone));
  return new Date(utc.getTime() - offsetMs(guess, timeZone));
}

/** Throws a usage error unless `name` is a time zone that this Node knows. */
export function checkTimeZone(name: string, what: string): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return name;
  } catch (error) {
    const hint = didYouMean(name, Intl.supportedValuesOf("timeZone"));
    throw usageError(
      `${what}: "${name}" is no time zone. ${hint}Write one such as Asia/Jakarta`,
      error,
    );
  }
}

/** An instant as people of the time zone write it: `2026-11-20 09:00:00`. */
export function localTime(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(instant);
}

function offsetMs(instant: Date, timeZone: string): number {
  const local = new Date(`${localTime(instant, timeZone).replace(" ", "T")}Z`);
  return local.getTime() - Math.trunc(instant.getTime() / 1000) * 1000;
}
