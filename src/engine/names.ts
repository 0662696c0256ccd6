/** The engines there are, as `--engine` names them. */

export const engineNames = ["duckdb", "clickhouse"] as const;
export type EngineName = (typeof engineNames)[number];
