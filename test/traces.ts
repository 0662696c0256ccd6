/** Looking for a number in everything that a home keeps, in whatever form it may lie there. */
import { readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { filesBelow, type Workdir } from "./workdir.ts";

/**
 * The files of the home that hold a number (`81200000001`): as text, as the whole number that the engine stores, or in the
 * rows of a Parquet file.
 */
export async function filesWith(dir: Workdir, national: string): Promise<string[]> {
  const phone = Buffer.alloc(8);
  phone.writeBigInt64LE(BigInt(`62${national}`));
  const found: string[] = [];
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const path of filesBelow(dir.home)) {
    const bytes = readFileSync(path);
    let isThere = bytes.includes(national) || bytes.includes(phone);
    if (/\.parquet/.test(path)) {
      const reader = await connection.runAndReadAll(
        `select count(*) from read_parquet('${path}', hive_partitioning = false) t
         where contains(regexp_replace(t::varchar, '[ .()+-]', '', 'g'), '${national}')`,
      );
      isThere ||= Number(reader.getRows()[0]?.[0]) > 0;
    }
    if (/\.csv$/.test(path))
      isThere ||= bytes
        .toString("latin1")
        .replace(/[ .()+-]/g, "")
        .includes(national);
    if (isThere) found.push(path.slice(dir.home.length + 1));
  }
  connection.closeSync();
  instance.closeSync();
  return found;
}
