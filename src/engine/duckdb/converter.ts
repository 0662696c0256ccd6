/**
 * Reading a source with DuckDB: rows in, Parquet files by provider out, and the odd phone cells handed to whoever can
 * settle them. In memory and in a session of its own; the catalog is not touched. Serves every engine.
 */
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CategoryNumbers } from "../categories.ts";
import type { StagedFile } from "../engine.ts";
import type { Erased } from "../erasures.ts";
import type { Row } from "../session.ts";
import { type Fragment, fragment, joined } from "../statements.ts";
import { nestColumns } from "./nested-columns.ts";
import { openSession, type Resources, type Session } from "./session.ts";
import { identifier } from "./statements.ts";

export type ConversionPlan = {
  /** The source's columns, unique whatever their case. */
  readonly names: readonly string[];
  readonly phone: string;
  readonly synthetic: string | undefined;
  /** A column that is read but not kept: the reasons in a corrected rejects file. */
  readonly dropped: string | undefined;
  readonly delimiter: string;
};

/** How rows are filed: the same for every source of a run. */
export type Filing = {
  /** Files every row under this provider instead of its prefix's. */
  readonly provider: string | undefined;
  readonly prefixes: ReadonlyMap<string, string>;
};

/** Rows without a phone, and one of the cells that were there instead. */
export type Rejection = { readonly lines: number; readonly example: string };

export type Settled = { readonly phones: readonly string[] } | { readonly reason: string };

export type Conversion = {
  /** Reads `path`, a file or a named pipe, to its end; resolves to the number of rows in it. */
  readRows(path: string, hasHeader: boolean): Promise<number>;
  /**
   * Settles every odd cell, each distinct one once, and takes out the rows of erased persons. A cell is `""` where the
   * source has nothing. Called again when more persons were erased meanwhile: cells are not settled twice.
   */
  settleOdd(settle: (cell: string) => Settled, erased: Erased | undefined): Promise<void>;
  /** Rows with at least one phone: an own count, to be compared with what the gate and the reasons say. */
  acceptedRows(): number;
  /** By reason. */
  readonly rejections: ReadonlyMap<string, Rejection>;
  /** The files by provider, and what they hold. */
  readonly files: readonly StagedFile[];
  /** Numbers whose prefix belongs to another provider than the one they are filed under. */
  countMismatched(): Promise<number>;
  /** How long the values of a column are at most, and about how many different ones there are (give or take a tenth). */
  measureCategories(column: string): Promise<{ readonly longest: number; readonly about: number }>;
  /** Numbers by the category in a column, `otherwise` where it has nothing, each category once whatever its case. */
  countCategories(column: string, otherwise: string | undefined): Promise<CategoryNumbers[]>;
  /** Writes the rows without a phone as CSV without a header: the reason, then the source's columns. */
  writeRejects(target: string): Promise<number>;
  /** How much of the file that is read has been taken in, 0 to 1; undefined where it is not known. */
  share(): number | undefined;
  /** Makes a reading that is under way fail soon. */
  stop(): void;
};

/** Cells handed over at a time: some megabytes, whatever the file's size. */
const batchCells = 20_000;

/** Reads sources one after another in one session: to set it up costs more than to read a small file. */
export type Converter = {
  /** `folder` is on the home's own file system: what is staged in it is published by renaming. One at a time. */
  open(plan: ConversionPlan, folder: string): Promise<Conversion>;
  close(): void;
};

export function createConverter(filing: Filing, resources: Resources): Converter {
  let session: Session | undefined;
  return {
    open: async (plan, folder) => {
      if (session?.hasFailed()) {
        session.close();
        session = undefined;
      }
      session ??= await openFiling(filing, resources);
      await session.run("create_settled");
      return conversionIn(session, plan, filing, folder);
    },
    close: () => session?.close(),
  };
}

async function openFiling(filing: Filing, resources: Resources): Promise<Session> {
  const { provider, prefixes } = filing;
  const session = await openSession(":memory:", "write", resources);
  try {
    await session.run("set_unordered");
    await session.run("set_partition_flush");
    await session.run("phone_of");
    const width = entryWidth(filing);
    await session.run("prefix5_of");
    await session.run("place_of", {}, { width: fragment`${width}` });
    await session.run("provider_of");
    await session.run("set_providers", {
      prefixes: [...prefixes.keys()],
      codes: [...prefixes.values()],
      width: BigInt(width),
    });
    await session.run("set_lanes", { codes: codesOf(filing), provider: provider ?? null });
    await session.run("lane_of");
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

/** The providers that rows may be filed under: a lane is twice the place among them, counted from 1. */
function codesOf({ provider, prefixes }: Filing): string[] {
  return provider === undefined ? [...new Set([...prefixes.values(), "other"])] : [provider];
}

/** How many five-digit prefixes share an entry of `providers`: as many as the longest known prefix leaves open. */
function entryWidth({ prefixes }: Filing): number {
  return 10 ** (5 - Math.max(3, ...[...prefixes.keys()].map((prefix) => prefix.length)));
}

function conversionIn(
  session: Session,
  plan: ConversionPlan,
  filing: Filing,
  folder: string,
): Conversion {
  const { provider } = filing;
  const codes = codesOf(filing);
  const kept = keptNames(plan);
  const fields = new Map(kept.map((name) => [placeOf(plan, name), name]));
  const cell = inSource(plan, plan.phone);
  /** Rows whose phone was clear at first sight, and those that were settled. */
  let clear: StagedFile[] = [];
  let settled: StagedFile[] = [];
  const rejections = new Map<string, Rejection>();
  const odd: string[] = [];
  let settledRows = 0;
  /** Clear rows of erased persons: no line of theirs is kept. */
  let erasedRows = 0;
  let isSettled = false;
  let rounds = 0;

  async function settleCells(settle: (cell: string) => Settled): Promise<void> {
    await session.run("create_odd_cells", { paths: odd }, { cell });
    for (let first = 1; ; first += batchCells) {
      const batch = await session.rows("read_odd_cells", {
        first,
        last: first + batchCells - 1,
      });
      if (batch.length === 0) break;
      const settled = batch.map(({ cell }) => settle(cell === null ? "" : String(cell)));
      const phones = settled.map((one) => ("phones" in one ? one.phones.join(",") : ""));
      const reasons = settled.map((one) => ("reason" in one ? one.reason : ""));
      await session.run("insert_settled", {
        first,
        phones: phones.join("\n"),
        reasons: reasons.join("\n"),
      });
    }
    isSettled = true;
  }

  async function stageSettled(): Promise<void> {
    settledRows = 0;
    for (const row of await session.rows("count_settled", { paths: odd }, { cell })) {
      if (row.reason === null) settledRows += Number(row.rows);
      else {
        // Of an erased person not even an example.
        const isShown = row.example !== null && row.reason !== "erased";
        const example = isShown ? String(row.example) : "";
        rejections.set(String(row.reason), { lines: Number(row.rows), example });
      }
    }
    for (const { path } of settled) rmSync(path);
    rounds += 1;
    const rows = await session.rows(
      "stage_settled",
      { paths: odd, folder: join(folder, `settled-${rounds}`) },
      { cell, synthetic: isSynthetic(plan), row: keptRow(plan) },
    );
    settled = rows.map((row) => stagedFile(row, codes));
  }

  /** Writes those of the clear files anew that hold erased persons. */
  async function leaveOut({ key }: Erased): Promise<void> {
    if (clear.length === 0) return;
    const paths = clear.map(({ path }) => path);
    const found = new Map(
      (await session.rows("count_staged_erased", { paths, key })).map((row) => [
        String(row.file),
        Number(row.numbers),
      ]),
    );
    const kept: StagedFile[] = [];
    for (const file of clear) {
      const numbers = found.get(file.path) ?? 0;
      if (numbers === 0) kept.push(file);
      else {
        erasedRows += numbers;
        const path = `${file.path}.kept`;
        await session.run("stage_unerased", { path: file.path, key, target: path });
        rmSync(file.path);
        const left = file.numbers - numbers;
        if (left > 0) kept.push({ ...file, path, numbers: left, bytes: statSync(path).size });
      }
    }
    clear = kept;
  }

  return {
    get files() {
      return [...clear, ...settled];
    },
    rejections,
    acceptedRows: () => clear.reduce((sum, file) => sum + file.numbers, 0) + settledRows,
    readRows: async (path, hasHeader) => {
      const rows = await session.rows(
        "stage_rows",
        {
          path,
          columns: Object.fromEntries(plan.names.map((name) => [placeOf(plan, name), "VARCHAR"])),
          delimiter: plan.delimiter,
          header: hasHeader,
          folder: join(folder, "rows"),
        },
        {
          cell,
          synthetic: isSynthetic(plan),
          columns: joined(
            kept.map((name) => inSource(plan, name)),
            ", ",
          ),
        },
      );
      for (const row of rows) {
        if (laneOf(row) === oddLane) odd.push(String(row.filename));
        else {
          const file = stagedFile(row, codes);
          clear.push({ ...file, bytes: nestColumns(file.path, "raw_data", fields) });
        }
      }
      return rows.reduce((sum, row) => sum + Number(row.count), 0);
    },
    settleOdd: async (settle, erased) => {
      if (odd.length > 0 && !isSettled) await settleCells(settle);
      if (erased) {
        await session.run("load_erased_digests", { path: erased.digests });
        await session.run("settle_erased", { key: erased.key });
        await leaveOut(erased);
      }
      rejections.clear();
      if (odd.length > 0) await stageSettled();
      if (erasedRows > 0) {
        const lines = erasedRows + (rejections.get("erased")?.lines ?? 0);
        rejections.set("erased", { lines, example: "" });
      }
    },
    countMismatched: async () => {
      const paths = [...clear, ...settled].map((file) => file.path);
      if (provider === undefined || paths.length === 0) return 0;
      const [row] = await session.rows("count_mismatched", {
        paths,
        provider,
      });
      return Number(row?.numbers);
    },
    measureCategories: async (column) => {
      const paths = [...clear, ...settled].map((file) => file.path);
      if (paths.length === 0) return { longest: 0, about: 0 };
      const [row] = await session.rows("measure_categories", { paths }, { cell: inPool(column) });
      return { longest: Number(row?.longest), about: Number(row?.about) };
    },
    countCategories: async (column, otherwise) => {
      const paths = [...clear, ...settled].map((file) => file.path);
      if (paths.length === 0) return [];
      const parameters = { paths, otherwise: otherwise ?? null };
      const rows = await session.rows("count_row_categories", parameters, { cell: inPool(column) });
      return rows.map((row) => ({ category: String(row.category), numbers: Number(row.numbers) }));
    },
    writeRejects: async (target) => {
      const blanks = kept.map(() => fragment`null`);
      const parameters = { erased: erasedRows, target };
      const blank = joined(blanks, ", ");
      if (odd.length === 0) {
        if (erasedRows === 0) return 0;
        return session.run("write_blank_rejects", parameters, { blank });
      }
      const columns = joined(
        kept.map((name) => inRejects(plan, name)),
        ", ",
      );
      return session.run("write_rejects", { ...parameters, paths: odd }, { cell, columns, blank });
    },
    share: () => session.share(),
    stop: () => session.interrupt(),
  };
}

/**
 * What a column is called until it is in the pool: by its place. By its own name it could change places on the way:
 * JavaScript puts keys that look like whole numbers (a column `2024`) before all others.
 */
function placeOf({ names }: ConversionPlan, name: string): string {
  return `c${names.indexOf(name)}`;
}

/** A cell of the source, and of the odd rows. */
function inSource(plan: ConversionPlan, name: string): Fragment {
  return fragment`s.${identifier(placeOf(plan, name))}`;
}

function inPool(name: string): Fragment {
  return fragment`s.raw_data.${identifier(name)}`;
}

/** A cell as the rejects have it: empty for who was erased. */
function inRejects(plan: ConversionPlan, name: string): Fragment {
  return fragment`case when settled.reason <> 'erased' then ${inSource(plan, name)} end`;
}

/** All of the source's columns but the dropped one. */
function keptNames({ names, dropped }: ConversionPlan): string[] {
  return names.filter((name) => name !== dropped);
}

/** The row as it is kept, its columns under their names. */
function keptRow(plan: ConversionPlan): Fragment {
  const fields = keptNames(plan).map(
    (name) => fragment`${identifier(name)} := ${inSource(plan, name)}`,
  );
  return fragment`struct_pack(${joined(fields, ", ")})`;
}

/** Whether a row says that it is synthetic: to compare first saves the two texts that are made of most cells. */
function isSynthetic(plan: ConversionPlan): Fragment {
  if (plan.synthetic === undefined) return fragment`false`;
  const cell = inSource(plan, plan.synthetic);
  return fragment`case when ${cell} = 'yes' then true else coalesce(lower(trim(${cell})) = 'yes', false) end`;
}

/** Of the rows whose phone cell is settled outside (`lane_of.sql`). */
const oddLane = 0;

/** The lane of a file that a COPY wrote: a map comes as its entries, and there is one. */
function laneOf(row: Row): number {
  const [partition] = row.partition_keys as { value: string }[];
  return Number(partition?.value);
}

/** What a COPY says of a file it wrote: a provider has two lanes, of which the second is for synthetic rows. */
function stagedFile(row: Row, codes: readonly string[]): StagedFile {
  const lane = laneOf(row);
  const provider = codes[Math.floor(lane / 2) - 1];
  if (provider === undefined) throw new Error(`rows went into lane ${lane}, which no provider has`);
  return {
    path: String(row.filename),
    provider,
    synthetic: lane % 2 === 1,
    numbers: Number(row.count),
    bytes: Number(row.file_size_bytes),
  };
}
