/** The options that every command has: how each is written, and what it is for. Pure data. */

export const globalOptionWords: readonly (readonly [flags: string, description: string])[] = [
  ["--home <folder>", "where all state lives (default: NUMBERS_HOME, else the user's data folder)"],
  ["--json", "one JSON document instead of words"],
  ["--quiet", "no talk; warnings and errors only"],
  ["--verbose", "say every few seconds how far it is where there is no terminal for a bar"],
  ["--log-format <format>", "of the talk on stderr: text, or json for machines (default text)"],
  ["--lock-timeout <duration>", "how long to wait while another process writes (default 60s)"],
  ["--time-zone <zone>", "whose calendar days count (default Asia/Jakarta)"],
  ["--engine <name>", "where numbers are kept: duckdb in the home, or clickhouse (default duckdb)"],
  [
    "--clickhouse-url <url>",
    "its server: https://user@host:8443/name, or chdb:FOLDER for ClickHouse in this process",
  ],
  ["--clickhouse-cluster <text>", "the cluster that the server is of; never tried on one"],
  [
    "--threads <n>",
    "how many threads the engine may use (default: one for each processor, and at least 128MB of memory)",
  ],
  [
    "--memory <size>",
    "how much memory the engine may use (default: a third of the machine's, at most 2GB, or 128MB a processor)",
  ],
  ["--profile", "print where the time went, on stderr; with --debug the engine's plans too"],
  ["--debug", "print the stack of an unexpected failure"],
];
