/** What the user asks for, checked and made exact. Pure: options in, plan out. */
import type { Criteria, Filter, Layout, Selected } from "../engine/engine.ts";
import { usageError } from "../errors.ts";
import { checkName } from "../names.ts";
import { hintFor, unknownWord } from "../nearest.ts";
import { dayOf, parseDuration } from "../time.ts";

/** The options of `numbers order` as the command line gives them. */
export type OrderFlags = {
  readonly count?: string;
  readonly within?: string;
  readonly cooldown?: string;
  readonly customer?: string;
  readonly synthetic?: boolean;
  readonly allowPartial?: boolean;
  readonly format?: string;
  readonly phoneFormat?: string;
  readonly columns?: string;
  readonly key?: string;
  readonly output?: string;
  readonly category?: string;
  readonly prefix?: string;
  readonly filter?: readonly string[];
  readonly pick?: string;
  readonly seed?: string;
  readonly maxSales?: string;
  readonly split?: string;
  readonly safeCells?: boolean;
};

export type OrderPlan = {
  readonly count: number;
  readonly criteria: Criteria;
  readonly layout: Layout;
  readonly within: string;
  readonly cooldown: string;
};

const countMost = 1_000_000_000;
export const formats = ["csv", "tsv", "jsonl", "parquet", "txt"] as const;
export const picks = ["newest", "oldest", "random"] as const;
export const phoneFormats = ["digits", "e164", "national"] as const;

/** A whole number from 1 to 1,000,000,000, in digits. Throws a usage error that names the option. */
export function parseCount(text: string, option: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 1 && value <= countMost)) {
    throw usageError(`${option}: "${text}" is no count; write a whole number from 1 to 1000000000`);
  }
  return value;
}

/** No wish beyond the windows: the newest of all. */
export const anyNumber: Selected = {
  maxSales: undefined,
  prefixes: [],
  category: undefined,
  filters: [],
  pick: "newest",
  seed: undefined,
};

/** Draws are of so many bits: what a JavaScript number holds exactly. */
const seedMost = Number.MAX_SAFE_INTEGER;

/**
 * Windows are instants: a number is a candidate if it was imported at or after `now - within`, and blocked if it was
 * sold at or after `now - cooldown`.
 */
export function planOrder(
  providers: readonly string[],
  flags: OrderFlags,
  defaults: { readonly within: string; readonly cooldown: string; readonly timeZone: string },
  now: Date,
  randomSeed: () => number,
): OrderPlan {
  const within = flags.within ?? defaults.within;
  const cooldown = flags.cooldown ?? defaults.cooldown;
  const before = (duration: string, option: string) =>
    new Date(now.getTime() - parseDuration(duration, option));
  if (flags.customer !== undefined) checkName(flags.customer, "--customer");
  if (flags.key !== undefined && !/^.{1,200}$/.test(flags.key)) {
    throw usageError("--key: a key has 1 to 200 characters on one line");
  }
  return {
    count: parseCount(flags.count ?? "", "--count"),
    criteria: {
      providers,
      synthetic: flags.synthetic ?? false,
      importedSince: before(within, "--within"),
      soldSince: before(cooldown, "--cooldown"),
      customer: flags.customer,
      neverTwice: false,
      ...planSelection(flags, randomSeed),
      day: dayOf(now, defaults.timeZone),
    },
    layout: planLayout(flags),
    within,
    cooldown,
  };
}

/** Which of the numbers in the window are wanted. */
function planSelection(flags: OrderFlags, randomSeed: () => number): Selected {
  const pick = oneOf(picks, flags.pick ?? "newest", "--pick");
  if (flags.seed !== undefined && pick !== "random") {
    throw usageError(`--seed: "${flags.seed}" is for --pick random; leave it away with ${pick}`);
  }
  if (flags.category !== undefined) checkName(flags.category, "--category");
  return {
    maxSales: flags.maxSales === undefined ? undefined : parseCount(flags.maxSales, "--max-sales"),
    prefixes: flags.prefix === undefined ? [] : flags.prefix.split(",").map(parsePrefix),
    category: flags.category,
    filters: parseFilters(flags.filter ?? []),
    pick,
    seed: pick === "random" ? parseSeed(flags.seed, randomSeed) : undefined,
  };
}

function parseSeed(text: string | undefined, randomSeed: () => number): number {
  if (text === undefined) return randomSeed();
  const seed = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seed <= seedMost)) {
    throw usageError(`--seed: "${text}" is no seed; write a whole number from 0 to ${seedMost}`);
  }
  return seed;
}

/** `0812`, `62812`, `+62 812` or `812` as the beginning of a canonical phone: `62812`. */
function parsePrefix(text: string): string {
  const digits = text.replace(/[\s.+-]/g, "");
  const national = digits.replace(/^(?:0|62)/, "");
  if (!/^\d+$/.test(digits) || !/^8\d{0,11}$/.test(national)) {
    throw usageError(
      `--prefix: "${text}" is no beginning of a mobile number; write it as 0812, several with commas: 0812,0813`,
    );
  }
  return `62${national}`;
}

/** `city=Bandung`; of a column that stands there twice either value will do. */
function parseFilters(texts: readonly string[]): Filter[] {
  const filters = new Map<string, { column: string; values: string[] }>();
  for (const text of texts) {
    const at = text.indexOf("=");
    const column = text.slice(0, Math.max(at, 0)).trim();
    if (column === "") {
      throw usageError(
        `--filter: "${text}" is no filter; write COLUMN=VALUE, such as city=Bandung`,
      );
    }
    const filter = filters.get(column.toLowerCase()) ?? { column, values: [] };
    filter.values.push(text.slice(at + 1));
    filters.set(column.toLowerCase(), filter);
  }
  return [...filters.values()];
}

function planLayout(flags: OrderFlags): Layout {
  const format = oneOf(formats, flags.format ?? formatOf(flags.output), "--format");
  const phoneFormat = oneOf(phoneFormats, flags.phoneFormat ?? "digits", "--phone-format");
  const columns = parseColumns(flags.columns ?? (format === "txt" ? "phone" : "all"));
  if (format === "txt" && (columns === "all" || columns.some(({ name }) => name !== "phone"))) {
    throw usageError(
      `--columns: the format txt has the phone alone, not "${flags.columns}"; use --format csv for more`,
    );
  }
  const split = flags.split === undefined ? undefined : parseCount(flags.split, "--split");
  if (flags.safeCells && format !== "csv" && format !== "tsv") {
    throw usageError(
      `--safe-cells: it is for spreadsheets, which read csv and tsv; leave it away with ${format}`,
    );
  }
  return {
    format,
    phoneFormat,
    columns,
    ...(split === undefined ? {} : { split }),
    ...(flags.safeCells ? { safeCells: true as const } : {}),
  };
}

/** By the name of the output file, whatever it is compressed with; CSV when the name says nothing. */
function formatOf(output: string | undefined): string {
  const ending = /\.(\w+)(\.(gz|zst))?$/.exec(output ?? "")?.[1]?.toLowerCase() ?? "";
  return (formats as readonly string[]).includes(ending) ? ending : "csv";
}

function oneOf<T extends string>(known: readonly T[], text: string, option: string): T {
  const found = known.find((one) => one === text.toLowerCase());
  if (!found) throw usageError(unknownWord(option, text, known));
  return found;
}

/** `all`, or names with new names behind a colon: `phone,name:nama`. A name with a comma or colon cannot be chosen. */
function parseColumns(text: string): Layout["columns"] {
  if (text.trim().toLowerCase() === "all") return "all";
  const columns = text.split(",").map((part) => {
    const [name = "", as, more] = part.split(":").map((word) => word.trim());
    if (name === "" || as === "" || more !== undefined) {
      throw usageError(
        `--columns: "${part}" is no column; write all, phone, or names such as phone,name,city:kota`,
      );
    }
    const isPhone = name.toLowerCase() === "phone";
    return {
      name: isPhone ? "phone" : name,
      as: as ?? (isPhone ? "phone" : name),
    };
  });
  const titles = columns.map(({ as }) => as.toLowerCase());
  const twice = titles.find((title, index) => titles.indexOf(title) !== index);
  if (twice !== undefined) throw usageError(`--columns: "${twice}" stands there twice`);
  return columns;
}

/** Throws a usage error for a category that no import has. */
export function checkCategory(wanted: string, known: readonly { category: string }[]): void {
  const names = known.map(({ category }) => category);
  if (names.some((name) => name.toLowerCase() === wanted.toLowerCase())) return;
  throw usageError(`--category: there is no category "${wanted}". ${hintFor(wanted, names)}`);
}

/** Throws a usage error when rows are to be chosen by a column that no candidate has. */
export function checkFilters({ filters }: Selected, known: readonly string[]): void {
  const names = new Set(known.map((name) => name.toLowerCase()));
  for (const { column } of filters) {
    // Where nothing is in the window the shortage says so.
    if (known.length === 0 || names.has(column.toLowerCase())) continue;
    throw usageError(
      `--filter: no list in the window has a column "${column}"; there are ${known.join(", ")}`,
    );
  }
}

/** Throws a usage error when a column was asked for that no candidate has. `known` comes from the engine. */
export function checkColumns(layout: Layout, known: readonly string[]): void {
  if (layout.columns === "all") return;
  const names = new Set(known.map((name) => name.toLowerCase()));
  for (const { name } of layout.columns) {
    if (name === "phone" || names.has(name.toLowerCase())) continue;
    throw usageError(
      `--columns: no list in the window has a column "${name}"; there are phone, ${known.join(", ")}`,
    );
  }
}
