/** What the imports of lists have in common, whatever is in them. */
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Addition, ReadList } from "../blacklist.ts";
import type { StagedFile } from "../engine.ts";
import type { Parameters, Session as Shared } from "../session.ts";
import type { Fragment } from "../statements.ts";
import type { Access } from "./access.ts";
import type { Session } from "./session.ts";

/** A select that stands inside another statement, and what it binds. */
export type Select = { readonly sql: Fragment; readonly parameters: Parameters };

/** What an import leaves in the audit log: counts, and no number. */
export async function logImport(
  session: Shared,
  { log }: Pick<Access, "log">,
  list: ReadList,
  addition: Addition,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { importId, at, lines, accepted, rejected } = list;
  const { added, known } = addition;
  const { kind } = details;
  await log(
    session,
    {
      at,
      action: "blacklist.import",
      subject: importId,
      details: { ...details, lines, accepted, rejected, added, known },
    },
    kind === "sold" ? {} : "everything",
  );
}

/** How many rows of slices would be new. */
export async function countFresh(session: Session, fresh: readonly Select[]): Promise<number> {
  let numbers = 0;
  for (const { sql, parameters } of fresh) {
    const [row] = await session.rows("count_fresh", parameters, { fresh: sql });
    numbers += Number(row?.numbers);
  }
  return numbers;
}

/** Part of a list, with all of its numbers that lie in a range: a file, and how many distinct rows it has. */
export type Slice = Span & { readonly path: string; readonly listed: number };

/** Both ends are in it. */
export type Span = { readonly first: bigint; readonly last: bigint };

/** Numbers that are brought into order at a time, so that memory does not grow with a list. */
export const sliceNumbers = 5_000_000;

/** Longer than any phone. */
export const everyPhone: Span = { first: 0n, last: 10n ** 17n };

/** Ranges that hold about as many of a list's phones each. */
export async function spansOf(
  session: Session,
  files: readonly StagedFile[],
): Promise<readonly Span[]> {
  const numbers = files.reduce((sum, file) => sum + file.numbers, 0);
  const slices = Math.ceil(numbers / sliceNumbers);
  if (slices <= 1) return [everyPhone];
  const rows = await session.rows("sample_phones", { paths: pathsOf(files) });
  const sample = rows.map((row) => row.phone as bigint).sort((a, b) => (a < b ? -1 : 1));
  const cuts = Array.from(
    { length: slices - 1 },
    (_, index) => sample[Math.floor(((index + 1) * sample.length) / slices)] as bigint,
  );
  const firsts = [...new Set([everyPhone.first, ...cuts])];
  return firsts.map((first, index) => ({
    first,
    last: (firsts[index + 1] ?? everyPhone.last + 1n) - 1n,
  }));
}

export function pathsOf(files: readonly { readonly path: string }[]): string[] {
  return files.map((file) => file.path);
}

/** A folder of this process for the time of `work`. */
export async function withScratch<T>(
  { home }: Pick<Access, "home">,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = join(home.temporary, `list-${randomBytes(4).toString("hex")}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
