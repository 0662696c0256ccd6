/**
 * Lists of digests: reading them, keeping them, and finding out what they mean. Read as lists of phones are, through the
 * same gate, so that every line is accounted for.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Addition, Hashing, Listing, Matches, ReadList } from "../blacklist.ts";
import { scopeOf } from "../catalog/blacklist.ts";
import type { StagedFile } from "../engine.ts";
import type { Parameters, Row } from "../session.ts";
import { fragment } from "../statements.ts";
import type { Access } from "./access.ts";
import type { Conversion, ConversionPlan, Converter, Rejection } from "./converter.ts";
import { holdFiles } from "./held.ts";
import {
  countFresh,
  logImport,
  pathsOf,
  type Select,
  type Slice,
  sliceNumbers,
  withScratch,
} from "./lists.ts";
import { openSession, type Resources, type Session } from "./session.ts";
import { identifier, statement } from "./statements.ts";

/** Hexadecimal digits of a digest. */
const digitsOf: Readonly<Record<Hashing["algorithm"], number>> = { md5: 32, sha256: 64 };

/** Rows of the pool that are hashed to see whether a list means any: some seconds' work. */
export const lookMost = 5_000_000;

/** Reads lists of digests; the plan's `phone` is the column of digests. */
export function createDigestConverter(
  algorithm: Hashing["algorithm"],
  resources: Resources,
): Converter {
  let session: Session | undefined;
  return {
    open: async (plan, folder) => {
      session?.close();
      session = await openSession(":memory:", "write", resources);
      await session.run("set_unordered");
      await session.run("set_partition_flush");
      return digestsIn(session, plan, digitsOf[algorithm], folder);
    },
    close: () => session?.close(),
  };
}

function digestsIn(
  session: Session,
  plan: ConversionPlan,
  digits: number,
  folder: string,
): Conversion {
  const files: StagedFile[] = [];
  const rejections = new Map<string, Rejection>();
  // By its place, as in the conversion of phones: keys that look like numbers would change theirs.
  const columns = Object.fromEntries(plan.names.map((_, place) => [`c${place}`, "VARCHAR"]));
  const cell = fragment`s.${identifier(`c${plan.names.indexOf(plan.phone)}`)}`;
  return {
    files,
    rejections,
    readRows: async (path, hasHeader) => {
      const rows = await session.rows(
        "stage_digests",
        {
          path,
          columns,
          delimiter: plan.delimiter,
          header: hasHeader,
          digits,
          folder: join(folder, "rows"),
        },
        { cell },
      );
      const rejected = new Map<string, Row[]>();
      for (const row of rows) {
        const [partition] = row.partition_keys as { key: string; value: string }[];
        const lane = partition?.value ?? "";
        if (lane === "digest") files.push(stagedFile(row));
        else rejected.set(lane, [...(rejected.get(lane) ?? []), row]);
      }
      for (const [reason, some] of rejected) {
        const paths = some.map((row) => String(row.filename));
        const [found] = await session.rows("find_example", { paths });
        const lines = some.reduce((sum, row) => sum + Number(row.count), 0);
        rejections.set(reason, { lines, example: String(found?.example) });
      }
      return rows.reduce((sum, row) => sum + Number(row.count), 0);
    },
    acceptedRows: () => files.reduce((sum, file) => sum + file.numbers, 0),
    settleOdd: async () => undefined,
    countMismatched: async () => 0,
    measureCategories: async () => ({ longest: 0, about: 0 }),
    countCategories: async () => [],
    writeRejects: async () => 0,
    share: () => session.share(),
    stop: () => session.interrupt(),
  };
}

function stagedFile(row: Row): StagedFile {
  return {
    path: String(row.filename),
    provider: "digest",
    synthetic: false,
    numbers: Number(row.count),
    bytes: Number(row.file_size_bytes),
  };
}

export async function importDigests(
  access: Access,
  list: ReadList,
  listing: Listing,
  hashing: Hashing,
  reason: string | undefined,
): Promise<Addition> {
  return withScratch(access, async (folder) => {
    const slices = await collectDigests(access, list, folder);
    const listed = slices.reduce((sum, slice) => sum + slice.listed, 0);
    const which = { ...scopeOf(listing), ...hashing };
    const fresh = slices.map((slice) => freshDigests(slice, which));
    if (list.dryRun) {
      const added = await access.read((session) => countFresh(session, fresh));
      return { added, known: listed - added };
    }
    return access.write((session) =>
      session.transaction(async () => {
        await correctForm(session, slices, which);
        let added = 0;
        for (const { sql, parameters } of fresh) {
          added += await session.run(
            "insert_digests",
            { ...parameters, reason: reason ?? null, at: list.at.toISOString() },
            { fresh: sql },
          );
        }
        const addition = { added, known: listed - added };
        await logImport(session, access, list, addition, which);
        return addition;
      }),
    );
  });
}

/** Takes the listed digests away where they were told to be of another form. */
async function correctForm(
  session: Session,
  slices: readonly Slice[],
  which: Parameters,
): Promise<void> {
  const [misread] = await session.rows("find_misread_digests", which);
  if (!misread) return;
  for (const slice of slices) {
    await session.run(
      "delete_misread_digests",
      { lists: [slice.path], ...which },
      { listed: { sql: statement("listed_digests") } },
    );
  }
}

function freshDigests({ path, first, last }: Slice, which: Parameters): Select {
  const listed = { sql: statement("listed_digests") };
  return {
    sql: { sql: statement("fresh_digests", { listed }) },
    // As text: a half of a digest has 64 bits and no sign.
    parameters: { lists: [path], first: String(first), last: String(last), ...which },
  };
}

/** The distinct digests of a read list, a file for each slice. */
export async function collectDigests(
  access: Pick<Access, "aside">,
  { files }: ReadList,
  folder: string,
): Promise<readonly Slice[]> {
  if (files.length === 0) return [];
  const numbers = files.reduce((sum, file) => sum + file.numbers, 0);
  const count = BigInt(Math.ceil(numbers / sliceNumbers));
  return access.aside(async (session) => {
    const slices: Slice[] = [];
    // Digests are spread evenly.
    for (let n = 0n; n < count; n += 1n) {
      const first = (n << 64n) / count;
      const last = ((n + 1n) << 64n) / count - 1n;
      const path = join(folder, `digests-${n}.parquet`);
      const listed = await session.run("collect_digests", {
        paths: pathsOf(files),
        first: String(first),
        last: String(last),
        target: path,
      });
      slices.push({ first, last, path, listed });
    }
    return slices;
  });
}

/** Hashes the newest numbers of the pool, and in the other forms too when the list means none of them. */
export async function matchDigests(
  access: Access,
  files: readonly StagedFile[],
  { algorithm, form }: Hashing,
  since: Date,
): Promise<Matches> {
  const newest = await newestFiles(access, since);
  try {
    return await matchIn(access, newest, pathsOf(files), { algorithm, form });
  } finally {
    newest.release();
  }
}

/** What lists mean among the phones of some Parquet files. */
export async function matchIn(
  access: Pick<Access, "aside">,
  { paths, looked }: { readonly paths: readonly string[]; readonly looked: number },
  lists: readonly string[],
  { algorithm, form }: Hashing,
): Promise<Matches> {
  if (paths.length === 0 || lists.length === 0) return { matched: 0, looked, other: undefined };
  return access.aside(async (session) => {
    await session.run("written_as");
    await session.run("digest_of");
    const count = async (written: Hashing["form"]) => {
      const [row] = await session.rows(
        "count_listed_matches",
        { paths, lists, algorithm, form: written },
        { listed: { sql: statement("listed_digests") } },
      );
      return Number(row?.numbers);
    };
    const matched = await count(form);
    if (matched > 0) return { matched, looked, other: undefined };
    for (const other of (["digits", "e164", "national"] as const).filter((it) => it !== form)) {
      const found = await count(other);
      if (found > 0) return { matched, looked, other: { form: other, matched: found } };
    }
    return { matched, looked, other: undefined };
  });
}

/** Held until they are released: somebody may join or empty them meanwhile. */
async function newestFiles(
  { home, read }: Access,
  since: Date,
): Promise<{ paths: string[]; looked: number; release: () => void }> {
  return read(async (session) => {
    const newest: Row[] = [];
    let looked = 0;
    for (const row of await session.rows("select_recent_files", { since: since.toISOString() })) {
      if (looked >= lookMost) break;
      if (!existsSync(join(home.folder, String(row.file)))) continue;
      newest.push(row);
      looked += Number(row.numbers);
    }
    const { rows, release } = holdFiles(home, newest);
    return { paths: rows.map((row) => join(home.folder, String(row.file))), looked, release };
  });
}
