/**
 * Synthetic source files, made and written inside the engine: a COPY over row numbers, because a loop in JavaScript
 * joins strings at 130 MB/s and the engine writes this file at twice that.
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { packaged } from "../../root.ts";
import type { Session } from "./session.ts";

export type GeneratePlan = {
  /** Lines below the header. */
  rows: number;
  /** The same seed gives the same bytes. */
  seed: number;
  /** National prefixes of 3 to 5 digits (`812`), drawn evenly per entry: repeat an entry for more weight. */
  prefixes: readonly string[];
  /** Share of lines, 0 to 1, whose phone cell needs mending or cannot be mended. */
  dirty: number;
  /** Share of lines, 0 to 1, whose phone stands on an earlier line already. */
  duplicates: number;
};

const providers = packaged("src/numbering/providers.csv");

/** The order in which they build on each other. */
const macros = [
  "generate_vocabulary",
  "generate_word",
  "generate_draw",
  "generate_class",
  "generate_offset",
  "generate_number",
] as const;

/**
 * Writes the file the plan describes to `path`, which may be a named pipe, and resolves to the rows written.
 * Distinct phones run out after about ten million rows for each different prefix of three digits (a hundred thousand
 * for one of five); from there on they repeat.
 * The session is in memory: rows, variables and macros of the generator are left in it as temporaries.
 */
export async function generate(
  session: Session,
  plan: GeneratePlan,
  path: string,
): Promise<number> {
  verify(plan);
  const { prefixes, seed, rows } = plan;
  await session.run("generate_space", { prefixes, seed, providers });
  for (const macro of macros) await session.run(macro);
  await session.run("generate_rows", { rows });
  return session.run("generate", {
    path,
    repeats: Math.round(plan.duplicates * perMillion),
    dirty: Math.round(plan.dirty * perMillion),
  });
}

/**
 * How many rows make a file of about that many bytes, from the mean row of a sample. Rows are 551 bytes long with a
 * standard deviation of 40, so the mean of 20,000 is good to 0.2 %. The sample is written below `temporary`.
 */
export async function rowsForSize(
  session: Session,
  plan: Omit<GeneratePlan, "rows">,
  bytes: number,
  temporary: string,
): Promise<number> {
  const folder = await mkdtemp(join(temporary, "sample-"));
  try {
    const measure = async (rows: number) => {
      const path = join(folder, `${rows}.csv`);
      await generate(session, { ...plan, rows }, path);
      return (await stat(path)).size;
    };
    const header = await measure(0);
    const mean = ((await measure(sampled)) - header) / sampled;
    return Math.max(0, Math.round((bytes - header) / mean));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const sampled = 20_000;
const perMillion = 1_000_000;

/** Throws when the plan cannot be carried out: the caller has checked what people typed. */
function verify({ rows, seed, prefixes, dirty, duplicates }: GeneratePlan): void {
  if (!Number.isSafeInteger(rows) || rows < 0) throw new RangeError(`rows: ${rows}`);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed: ${seed}`);
  if (!(dirty >= 0 && dirty <= 1)) throw new RangeError(`dirty: ${dirty}`);
  if (!(duplicates >= 0 && duplicates <= 1)) throw new RangeError(`duplicates: ${duplicates}`);
  if (prefixes.length === 0) throw new RangeError("prefixes: none");
  for (const prefix of prefixes) {
    if (!/^8\d{2,4}$/.test(prefix)) throw new RangeError(`prefixes: ${prefix}`);
    // Subscriber parts start with 0, so 851 and 8510 would share numbers; 851 and 85155 do not.
    const within = prefixes.find((other) => prefix.startsWith(`${other}0`));
    if (within) throw new RangeError(`prefixes: ${prefix} lies within ${within}`);
  }
}
