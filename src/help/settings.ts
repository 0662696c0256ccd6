/**
 * What each setting is for: a key of config.toml in the home, or `NUMBERS_WITHIN` and so on in the environment; and the
 * tables that config.toml may have below them. Pure data.
 */
import type { Key } from "../settings.ts";

export const settingWords: Readonly<Record<Key, string>> = {
  time_zone: "whose calendar days count (default Asia/Jakarta)",
  within: "orders take what was imported within this time (default 3d)",
  cooldown: "and was not sold within this time (default 30d)",
  return_window: "so long after its delivery an order's numbers can come back (default 30d)",
  max_return_rate: "so large a share of an order at most (default 0.5)",
  price: "of a thousand numbers, for a customer added without --price (default none)",
  lock_timeout: "how long to wait while another process writes (default 60s)",
  log_format: "text, or json: a document for each line on stderr (default text)",
  engine: "where numbers are kept: duckdb in the home, or clickhouse (default duckdb)",
  clickhouse_url: "its server: https://user@host:8443/name, or chdb:FOLDER (default none)",
  clickhouse_ca: "a PEM file: who signed the server's certificate (default the system's)",
  clickhouse_cert:
    "a PEM file: the certificate by which the server knows this client (default none)",
  clickhouse_key: "and its key (default none)",
  clickhouse_cluster: "the cluster that the server is of; never tried (default none)",
  threads: "how many threads the engine may use (default: one for each processor)",
  memory: "how much memory it may use (default: a third of the machine's)",
  require_source: "true: ingest takes files of registered sources only (default false)",
  max_unpacked: "what a packed file may unpack to (default 64GiB)",
  max_unpacked_ratio: "and to how many times its size, beyond the first GiB (default 200)",
};

/** What counts where nothing was told and there is no value to show. */
export const untold = {
  price: "none",
  clickhouse_url: "none",
  clickhouse_ca: "the system's",
  clickhouse_cert: "none",
  clickhouse_key: "none",
  clickhouse_cluster: "none",
} as const satisfies Partial<Record<Key, string>>;

export const tableWords = {
  "[prefixes]": 'config.toml alone: "0899" = "tri" files what begins so under that provider',
  "[synonyms]": 'config.toml alone: simpati = "tsel" is another word for it',
};
