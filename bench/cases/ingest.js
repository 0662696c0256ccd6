// @ts-check
/** A list into a fresh home, beside engines that only store it. */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, statSync } from "node:fs";
import { checkIngest, expectSame } from "../answers.js";
import * as clickhouse from "../clickhouse.js";
import { megabytes } from "../lab.js";
import { sourceList } from "../lists.js";
import { count, measureProgram } from "../measure.js";
import { ingestByPostgres } from "../postgres-ingest.js";

const ours = "`numbers ingest` into a fresh home: hash, every line accounted for, rejects, synced";

/** @type {import("../lab.js").Case} */
export const ingest = {
  name: "ingest",
  lines: [
    {
      title: "ingest",
      ours,
      peer: "bare DuckDB `COPY` of the file to one Parquet file, zstd level 1 as the pool",
      of: "ours",
      against: "bare",
      goal: 1.3,
    },
    {
      title: "ingest, level 3",
      ours,
      peer: "the same `COPY` at DuckDB's own zstd level",
      of: "ours",
      against: "bare3",
    },
    {
      title: "ingest, memory kept",
      ours,
      peer: "the same `COPY` with the allocator set as the program sets it: memory kept for 10 s",
      of: "ours",
      against: "bareKept",
    },
    {
      title: "ingest, ClickHouse",
      ours,
      peer: "ClickHouse in a process: the phone normalised, partitioned by day and provider, ZSTD(1)",
      of: "ours",
      against: "clickhouse",
    },
    {
      title: "ingest, PostgreSQL",
      ours,
      peer: "`COPY` into an unlogged table, phone normalised, `INSERT SELECT` into partitions by day and provider",
      of: "ours",
      against: "postgres",
    },
    {
      title: "ingest, stored",
      ours: "the pool files of the list",
      peer: "`zstd -3` of the list itself",
      of: "ours",
      against: "zstd",
      figure: "storedBytes",
      goal: 1,
      isForAnySize: true,
    },
  ],
  checked:
    "every row of the list is in the pool or rejected, cell by cell; each peer has as many rows as the list, or as many phones as it could read",
  async prepare(lab) {
    const { path: source, rows, columns, bytes } = await sourceList(lab);
    const bareCopy = lab.at("bare-copy.parquet");
    /** @type {Record<string, number>} */
    const stored = {};

    const bare =
      (/** @type {number | undefined} */ level, keepsMemory = false) =>
      async () => {
        rmSync(bareCopy, { force: true });
        const task = { source, columns, target: bareCopy, level, keepsMemory };
        const taken = await lab.peer("bare-copy.js", task);
        expectSame(JSON.parse(taken.stdout).rows, rows, "rows of the bare copy");
        stored[`the bare copy at level ${level ?? 3}`] = statSync(bareCopy).size;
        return taken;
      };
    /** @type {Record<string, import("../lab.js").Contestant>} */
    const contestants = {
      ours: async () => {
        const home = lab.at("home");
        rmSync(home, { recursive: true, force: true });
        const taken = await lab.ours(["ingest", source, "--json"], home);
        if (!existsSync(bareCopy)) await bare(1)();
        const report = JSON.parse(taken.stdout);
        await checkIngest(report, { rows, home, bareCopy });
        const storedBytes = report.files[0].stored_bytes;
        stored["the pool"] = storedBytes;
        rmSync(home, { recursive: true });
        return { ...taken, storedBytes };
      },
      bare: bare(1),
      bare3: bare(undefined),
      bareKept: bare(1, true),
    };
    if (spawnSync("zstd", ["--version"]).status === 0) {
      contestants.zstd = async () => {
        const target = lab.at("list.zst");
        const taken = await measureProgram(["zstd", "-3", "-q", "-f", source, "-o", target], {
          folder: lab.folder,
        });
        return { ...taken, storedBytes: statSync(target).size };
      };
    } else lab.skip("zstd", "the command is not installed, so the stored size has no peer");
    const list = { source, rows, columns };
    const guests = {
      ...(clickhouse.isHere(lab) && { clickhouse: clickhouse.ingest(lab, list) }),
      ...(await ingestByPostgres(lab, list)),
    };
    for (const [name, guest] of Object.entries(guests)) {
      contestants[name] = async () => {
        const taken = await guest();
        stored[name === "postgres" ? "PostgreSQL" : "ClickHouse"] = taken.storedBytes ?? 0;
        return taken;
      };
    }
    return {
      contestants,
      facts: () => [
        `Source: ${count(rows)} rows, ${megabytes(bytes)}, ${Math.round(bytes / rows)} bytes a row in ${columns.length} columns, all providers, 2 % odd phone cells, 5 % duplicates`,
        `Stored: ${Object.entries(stored)
          .map(([what, size]) => `${megabytes(size)} by ${what}`)
          .join(", ")}`,
      ],
    };
  },
};
