/** The tables: made when they are missing, one file of `sql/clickhouse/schema` after the other. */
import { readdirSync } from "node:fs";
import { usageError } from "../../errors.ts";
import { packaged } from "../../root.ts";
import type { Session } from "./session.ts";

/** Older servers lack what the statements use, and nobody has tried them. */
const leastServer = [26, 3] as const;

const files = readdirSync(packaged("sql/clickhouse/schema"))
  .filter((name) => name.endsWith(".sql"))
  .map((name) => name.replace(/\.sql$/, ""))
  .sort();

/** All tables and views, in the order in which they were added; the other files change one of them. */
export const tableNames = files
  .map((name) => name.replace(/^\d+_/, ""))
  .filter((name) => !name.startsWith("add_"));

/** Of a database that is up to date. */
export const schemaVersion = files.length;

/** Throws a usage error for a server that is too old. */
export async function requireServer(session: Session): Promise<void> {
  const [row] = await session.rows("read_server_version");
  const version = String(row?.version);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > leastServer[0] || (major === leastServer[0] && minor >= leastServer[1])) return;
  throw usageError(
    `the server is ClickHouse ${version}; numbers needs ${leastServer.join(".")} or newer: upgrade the server`,
  );
}

/** 0 for a database that has no tables yet. Throws a usage error for one of a newer numbers. */
export async function versionOf(session: Session): Promise<number> {
  const [found] = await session.rows("find_meta");
  if (!found) return 0;
  const [row] = await session.rows("read_version");
  const version = Number(row?.version ?? 0);
  if (version <= schemaVersion) return version;
  throw usageError(
    `the database has version ${version}, this program knows ${schemaVersion}: it was written by a newer numbers; upgrade this one`,
  );
}

/** Brings the tables up to date, under the lock. Each statement may be run again: a crash in between is gone over. */
export async function migrate(session: Session, from: number): Promise<void> {
  for (const name of files.slice(from)) await session.run(`schema/${name}`);
  await session.run("write_version", { version: String(schemaVersion) });
}
