// What the tests of this folder say to the client again and again.
import { type ClickHouseClient, ClickHouseLogLevel, type QueryParams } from "@clickhouse/client";

/** Errors that are expected belong into the assertion, not onto the screen. */
export const quiet = { level: ClickHouseLogLevel.OFF };

export async function rowsOf(
  client: ClickHouseClient,
  query: string,
  rest: Omit<QueryParams, "query" | "format"> = {},
): Promise<unknown[]> {
  const result = await client.query({ ...rest, query, format: "JSONEachRow" });
  return result.json();
}
