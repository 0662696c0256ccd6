import { onTestFinished } from "vitest";
import { connect } from "../../../src/engine/clickhouse/connection.ts";
import { createClickhouseEngine } from "../../../src/engine/clickhouse/engine.ts";
import { describeEngine } from "../contract.ts";
import { clickhouseAccessTo, connectionTo, freshDatabase } from "./access.ts";

/** Two engines of one home are two on the same numbers. */
const databases = new Map<string, string>();

describeEngine("on ClickHouse", (home) => {
  const known = databases.get(home.folder);
  const database = known ?? freshDatabase();
  databases.set(home.folder, database);
  // Each opening of the folder opens all that is in it.
  if (known === undefined) onTestFinished(() => drop(database));
  return createClickhouseEngine(clickhouseAccessTo(home, database));
});

async function drop(database: string): Promise<void> {
  const connection = await connect(connectionTo(database));
  await connection.run({ sql: `drop database if exists ${database} sync`, parameters: {} });
  await connection.close();
}
