/**
 * How far a piece of work is, and the line that says so. Only what was measured is in it: a share and a time left need a
 * size that is known, a rate needs something that was counted, and where nothing can be counted there are the seconds.
 */
import { clip, widthOf } from "./text.ts";
import { count, size } from "./words.ts";

/** Bytes of a packed source are those of the file as it lies there. */
export type Amount = { readonly bytes?: number | undefined; readonly rows?: number | undefined };

export type Progress = {
  /** The next phase of the work, such as `reading list.csv`, and its size as far as that is known. */
  begin(phase: string, total?: Amount): void;
  /** How far this phase is. It draws nothing, so it may be called as often as one likes. */
  at(done: Amount): void;
  /** The same, to be asked for whenever something is to be drawn. */
  watch(look: () => Amount): void;
  /** The work is done or given up: nothing of it is seen any more. */
  stop(): void;
  /** Somebody would see it: what costs something to count is counted for them only. */
  readonly isWatched: boolean;
};

export const inertProgress: Progress = {
  begin: () => {},
  at: () => {},
  watch: () => {},
  stop: () => {},
  isWatched: false,
};

/** What one reader has counted, for another that follows it and knows its bytes only. */
export type Trail = {
  add(seen: Amount): void;
  /** What was counted up to there. Asked for further on each time. */
  at(bytes: number): Amount;
};

/** So many steps are remembered, however long the way. */
const stepsMost = 256;

export function createTrail(first: Amount): Trail {
  let steps = [first];
  let last: Amount = first;
  let rows = 0;
  return {
    add: (seen) => {
      last = seen;
      steps.push(seen);
      if (steps.length > stepsMost) steps = steps.filter((_, index) => index % 2 === 0);
    },
    at: (bytes) => {
      const within = (step: Amount) => (step.bytes ?? 0) <= bytes;
      if (within(last)) return last;
      rows = Math.max(rows, steps.findLast(within)?.rows ?? 0);
      return { bytes, rows };
    },
  };
}

/** The progress of one of several pieces of work: `reading list.csv (2 of 5)`. */
export function numbered(progress: Progress, number: number, of: number): Progress {
  if (of === 1) return progress;
  return {
    ...progress,
    begin: (phase, total) => progress.begin(`${phase} (${count(number)} of ${count(of)})`, total),
  };
}

/** A phase as it was seen from its beginning on. */
export type Pace = {
  readonly phase: string;
  readonly total: Amount;
  readonly begunMs: number;
  /** What was done when, oldest first: of the last seconds, and what came before them. */
  readonly seen: readonly { readonly ms: number; readonly done: Amount }[];
};

/** A rate is that of the last ten seconds: a pipe that stands still is seen to. */
const windowMs = 10_000;
/** Of less than that no rate is told. */
const leastMs = 400;

export function beginPace(phase: string, total: Amount, nowMs: number): Pace {
  return { phase, total, begunMs: nowMs, seen: [{ ms: nowMs, done: {} }] };
}

/** The pace with one more look at it. What has become less was begun anew. */
export function seenAt(pace: Pace, done: Amount, nowMs: number): Pace {
  const last = pace.seen.at(-1);
  const isLess =
    (done.bytes ?? 0) < (last?.done.bytes ?? 0) || (done.rows ?? 0) < (last?.done.rows ?? 0);
  const before = isLess ? [] : pace.seen;
  const late = before.findLastIndex(({ ms }) => ms <= nowMs - windowMs);
  return { ...pace, seen: [...before.slice(Math.max(late, 0)), { ms: nowMs, done }] };
}

/** How the line is drawn: with blocks, or with letters where a locale has nothing else. */
export type Marks = { readonly full: string; readonly empty: string; readonly more: string };

/** Few sizes, so that the bar does not jump with every figure. */
const barWidths = [24, 16, 8];

/** The line for a terminal, at most `width` columns; `marks` undefined is a line without a bar. */
export function lineOf(pace: Pace, nowMs: number, width: number, marks: Marks | undefined): string {
  const { share, words } = wordsOf(pace, nowMs);
  const more = marks?.more ?? "…";
  const isBare = words.every(({ text }) => text === "");
  const phase = isBare ? `${pace.phase}${more}` : pace.phase;
  const texts = [...words, { text: elapsed(share, nowMs - pace.begunMs), worth: 5 }].filter(
    ({ text }) => text !== "",
  );
  const joined = () => texts.map(({ text }) => text).join(", ");
  // What is worth least goes first; the phase is cut last of all.
  const roomFor = (phaseWidth: number) => width - phaseWidth - 1 - widthOf(joined());
  while (texts.length > 1 && roomFor(Math.min(widthOf(phase), phaseLeast)) < 0) {
    const least = Math.min(...texts.map(({ worth }) => worth));
    texts.splice(
      texts.findIndex(({ worth }) => worth === least),
      1,
    );
  }
  const shown = clip(phase, Math.max(width - 1 - widthOf(joined()), 0), more);
  const barWidth = barWidths.find((some) => some < roomFor(widthOf(shown)));
  if (share === undefined || marks === undefined || barWidth === undefined) {
    return clip(`${shown} ${joined()}`, width, more);
  }
  const full = Math.floor(share * barWidth);
  const bar = marks.full.repeat(full) + marks.empty.repeat(barWidth - full);
  return `${shown} ${bar} ${joined()}`;
}

const phaseLeast = 24;

/** What can be said of a phase, and how much each is worth where there is little room. */
function wordsOf({ total, seen }: Pace, nowMs: number) {
  const done = seen.at(-1)?.done ?? {};
  const share = shareOf(done, total);
  const bytes = rateOf(seen, nowMs, "bytes");
  const rows = rateOf(seen, nowMs, "rows");
  const measure = total.bytes === undefined ? "rows" : "bytes";
  const rate = measure === "bytes" ? bytes : rows;
  const left =
    share !== undefined && rate !== undefined && rate > 0
      ? ((total[measure] as number) - (done[measure] ?? 0)) / rate
      : undefined;
  const speed =
    bytes !== undefined
      ? `${size(bytes)}/s`
      : rows !== undefined
        ? `${count(Math.round(rows))} rows/s`
        : "";
  const words = [
    { text: share === undefined ? "" : `${Math.floor(share * 100)} %`, worth: 6 },
    { text: amount(done.bytes, share === undefined ? undefined : total.bytes, size), worth: 3 },
    { text: rowsOf(done.rows, total.rows), worth: 2 },
    { text: speed, worth: 1 },
    { text: left === undefined ? "" : `${duration(left)} left`, worth: 4 },
  ];
  return { share, words };
}

/** Undefined where the size is not known, or proved to be wrong: a file may grow while it is read. */
function shareOf(done: Amount, total: Amount): number | undefined {
  const of = (some: number | undefined, all: number | undefined) =>
    all !== undefined && all > 0 && some !== undefined && some <= all ? some / all : undefined;
  return total.bytes === undefined ? of(done.rows, total.rows) : of(done.bytes, total.bytes);
}

function amount(
  some: number | undefined,
  all: number | undefined,
  words: (value: number) => string,
): string {
  if (some === undefined) return "";
  return all === undefined ? words(some) : `${words(some)} of ${words(all)}`;
}

function rowsOf(some: number | undefined, all: number | undefined): string {
  if (some === undefined) return "";
  return `${amount(some, all !== undefined && some <= all ? all : undefined, count)} rows`;
}

/** In a second; undefined where it was not looked at twice. */
function rateOf(seen: Pace["seen"], nowMs: number, measure: "bytes" | "rows"): number | undefined {
  const first = seen[0];
  const last = seen.at(-1);
  const to = last?.done[measure];
  if (first === undefined || to === undefined || nowMs - first.ms < leastMs) return undefined;
  return ((to - (first.done[measure] ?? 0)) / (nowMs - first.ms)) * 1000;
}

/** Where no time left can be told, the time it has taken. */
function elapsed(share: number | undefined, ms: number): string {
  return share === undefined ? duration(ms / 1000) : "";
}

/** `12 s`, `3 min`, `2 h 5 min` */
function duration(seconds: number): string {
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
