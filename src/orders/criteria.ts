/** What the user asks for, checked and made exact. Pure: options in, plan out. */
import type { Criteria, Layout } from "../engine/engine.ts";
import { usageError } from "../errors.ts";
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
export const phoneFormats = ["digits", "e164", "national"] as const;

/** A whole number from 1 to 1,000,000,000, in digits. Throws a usage error that names the option. */
export function parseCount(text: string, option: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 1 && value <= countMost)) {
    throw usageError(`${option}: "${text}" is no count; write a whole number from 1 to 1000000000`);
  }
  return value;
}

/**
 * Windows are instants: a number is a candidate if it was imported at or after `now - within`, and blocked if it was
 * sold at or after `now - cooldown`.
 */
export function planOrder(
  providers: readonly string[],
  flags: OrderFlags,
  defaults: { readonly within: string; readonly cooldown: string; readonly timeZone: string },
  now: Date,
): OrderPlan {
  const within = flags.within ?? defaults.within;
  const cooldown = flags.cooldown ?? defaults.cooldown;
  const before = (duration: string, option: string) =>
    new Date(now.getTime() - parseDuration(duration, option));
  if (flags.customer !== undefined && !/^\S(.{0,98}\S)?$/.test(flags.customer)) {
    throw usageError("--customer: a name has 1 to 100 characters and no blank at its ends");
  }
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
      day: dayOf(now, defaults.timeZone),
    },
    layout: planLayout(flags),
    within,
    cooldown,
  };
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
  return { format, phoneFormat, columns };
}

/** By the name of the output file, whatever it is compressed with; CSV when the name says nothing. */
function formatOf(output: string | undefined): string {
  const ending = /\.(\w+)(\.(gz|zst))?$/.exec(output ?? "")?.[1]?.toLowerCase() ?? "";
  return (formats as readonly string[]).includes(ending) ? ending : "csv";
}

function oneOf<T extends string>(known: readonly T[], text: string, option: string): T {
  const found = known.find((one) => one === text.toLowerCase());
  if (!found) throw usageError(`${option}: "${text}" is unknown; write ${known.join(", ")}`);
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
