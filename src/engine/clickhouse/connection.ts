/**
 * The way to ClickHouse: `@clickhouse/client` over HTTP to a server, or over `chdb` to ClickHouse inside this process. The
 * only place that talks to the packages. Every statement may be sent twice: a lost answer is asked for again under the same
 * query id, and statements are written so that a second time changes nothing.
 */
import { randomUUID } from "node:crypto";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
} from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
  parseError,
} from "@clickhouse/client";
import { messageOf, usageError } from "../../errors.ts";
import type { Profile } from "../../profile.ts";
import type { Address } from "./address.ts";
import { clusterSettings, onCluster } from "./cluster.ts";
import { codeOf, isPassing, isStillRunning, refusalOf } from "./failures.ts";
import { identifier, statement, text } from "./statements.ts";
import { withoutLong } from "./values.ts";

/** Files in PEM; undefined where the system's own are meant. */
export type Tls = {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
};

export type ConnectionOptions = {
  readonly address: Address;
  readonly tls: Tls;
  readonly threads: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** The cluster that the server is of, as its `remote_servers` name it. */
  readonly cluster?: string | undefined;
  /** How long a server that is away, or full, is asked again. */
  readonly patienceMs: number;
  /** How long one answer may take; undefined: as long as a statement may. */
  readonly limitMs?: number | undefined;
  /** Throws when statements may not be sent any more, before each of them. */
  readonly guard?: (() => void) | undefined;
  readonly profile?: Profile | undefined;
  /** Told once when it is waited for. */
  readonly onWait: (message: string) => void;
};

/** One statement as it goes to the server, its parameters bound. */
export type Query = {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly settings?: ClickHouseSettings;
};

export type Connection = {
  /** Resolves to the result in `JSONCompactEachRowWithNamesAndTypes`, whole. */
  read(query: Query): Promise<string>;
  run(query: Query): Promise<void>;
  /**
   * Sends a Parquet file as the rows that are inserted: the statement ends with their columns, or selects them from
   * `input(…)`.
   */
  send(query: Query, path: string): Promise<void>;
  /** Writes the result to `path` as Parquet, as fast as the disk takes it. */
  fetch(query: Query, path: string): Promise<void>;
  close(): Promise<void>;
};

/**
 * What every statement relies on, whatever the server's own defaults are. `final`: a table that replaces rows by newer ones
 * shows the newest only; none has rows of one key in two partitions. Names in a condition are those of the columns, as in SQL's standard, not of what is selected.
 */
const settings = {
  final: 1,
  do_not_merge_across_partitions_select_final: 1,
  // To look into the index for each of 8 million phones took 25 s, to read the whole ledger 6.
  use_index_for_in_with_subqueries_max_values: "100000",
  // Of statements with long values in them.
  max_query_size: "268435456",
  join_use_nulls: 1,
  prefer_column_name_to_alias: 1,
  async_insert: 0,
  insert_deduplicate: 1,
  mutations_sync: "2",
  lightweight_deletes_sync: "2",
  session_timezone: "UTC",
  date_time_input_format: "best_effort",
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_denormals: 1,
  output_format_parquet_compression_method: "zstd",
  output_format_parquet_string_as_string: 1,
  input_format_parquet_allow_missing_columns: 0,
} as const satisfies ClickHouseSettings;

/** A statement of a whole day's rows may take minutes; one that a dead server never answers must end some day. */
const answerMs = 15 * 60_000;
const firstPauseMs = 100;

export async function connect(options: ConnectionOptions): Promise<Connection> {
  const { address, signal } = options;
  const common = {
    clickhouse_settings: {
      ...settings,
      ...(options.cluster === undefined ? {} : clusterSettings),
      ...(options.threads ? { max_threads: options.threads } : {}),
    },
    log: { level: ClickHouseLogLevel.OFF },
  };
  if (address.kind === "folder") return inProcess(address, common, signal);
  const client = createClient({
    ...common,
    url: address.url,
    username: address.user,
    password: address.password,
    application: "numbers",
    request_timeout: options.limitMs ?? answerMs,
    max_open_connections: 4,
    keep_alive: { enabled: true },
    ...tlsOf(options.tls),
  });
  const database = address.database;
  const shape = (sql: string): readonly string[] =>
    options.cluster === undefined ? [sql] : onCluster(sql, { name: options.cluster, database });
  /** What only one statement can be: rows come out of it, or go into it. */
  const one = (query: Query): Query => ({ ...query, sql: shape(query.sql)[0] ?? query.sql });
  const attempt = <T>(work: (id: string) => Promise<T>) =>
    insist(options, (id) =>
      work(id).catch(async (error: unknown) => {
        if (codeOf(error) !== "81") throw error; // UNKNOWN_DATABASE
        const made = statement("create_database", { database: identifier(database) });
        const [query = made] = shape(made.trim());
        await insist(options, (own) => client.command({ query, query_id: own }));
        return work(id);
      }),
    );
  return {
    read: (query) =>
      attempt(async (id) => {
        const result = await client.query({
          ...given(one(query), id, signal),
          format: "JSONCompactEachRowWithNamesAndTypes",
          // Errors are known before the first byte.
          clickhouse_settings: { ...query.settings, database, wait_end_of_query: 1 },
        });
        return result.text();
      }),
    run: async (query) => {
      for (const sql of shape(query.sql)) {
        await attempt(async (id) => {
          await client.command({
            ...given({ ...query, sql }, id, signal),
            clickhouse_settings: { ...query.settings, database, wait_end_of_query: 1 },
          });
        });
      }
    },
    send: (query, path) =>
      attempt(async (id) => {
        const { stream } = await client.exec({
          ...given({ ...query, sql: `${one(query).sql} format Parquet` }, id, signal),
          values: createReadStream(path),
          clickhouse_settings: { ...query.settings, database, wait_end_of_query: 1 },
        });
        await drained(stream);
      }),
    fetch: (query, path) =>
      attempt(async (id) => {
        const { stream } = await client.exec({
          ...given({ ...query, sql: `${one(query).sql} format Parquet` }, id, signal),
          clickhouse_settings: { ...query.settings, database },
        });
        await pipeline(stream, createWriteStream(path, { mode: 0o600 }));
        requireWhole(path);
      }),
    close: () => client.close(),
  };
}

function given(query: Query, id: string, signal: AbortSignal | undefined) {
  const { sql, parameters } = withoutLong(query.sql, query.parameters);
  return {
    query: sql,
    query_params: parameters,
    query_id: id,
    ...(signal ? { abort_signal: signal } : {}),
  };
}

/**
 * The package is 540 MB and not among those that the program needs. Bodies cannot be streamed into it: Parquet goes through
 * its own reading and writing of files.
 */
async function inProcess(
  { path, database }: Extract<Address, { kind: "folder" }>,
  common: { readonly clickhouse_settings: ClickHouseSettings },
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const { createChdbConnection } = await import("chdb/connection").catch((error: unknown) => {
    throw usageError(
      `chdb:${path}: ClickHouse inside the process needs the package chdb, which is not there (${messageOf(error)}); ` +
        "install it beside numbers: npm install chdb@3.4.0",
      error,
    );
  });
  // Its types are those of another copy of the same declarations.
  const open = () =>
    createClient({ ...common, connection: createChdbConnection({ path }) as never });
  /** Each makes one statement at a time; those that are at none. */
  const idle: ClickHouseClient[] = [];
  const ready = async () => {
    const client = open();
    try {
      for (const name of ["create_database", "use_database"]) {
        await client.command({ query: statement(name, { database: identifier(database) }) });
      }
      return client;
    } catch (error) {
      await client.close();
      throw error;
    }
  };
  const attempt = async <T>(work: (client: ClickHouseClient) => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    try {
      const client = idle.pop() ?? (await ready());
      try {
        const result = await work(client);
        idle.push(client);
        return result;
      } catch (error) {
        // After a failure, the next result would begin with what was left of the failed one.
        await client.close();
        throw error;
      }
    } catch (error) {
      throw refusalOf(error, `chdb:${path}`) ?? error;
    }
  };
  const asked = ({ sql, parameters, settings: own }: Query) => ({
    query: sql,
    query_params: { ...parameters },
    ...(own ? { clickhouse_settings: { ...settings, ...common.clickhouse_settings, ...own } } : {}),
  });
  return {
    read: (query) =>
      attempt(async (one) => {
        const format = "JSONCompactEachRowWithNamesAndTypes";
        return (await one.query({ ...asked(query), format })).text();
      }),
    run: (query) => attempt(async (one) => void (await one.command(asked(query)))),
    send: (query, file) =>
      attempt(async (one) => {
        const from = `file(${text(file).sql}, 'Parquet'`;
        const columns = /\(([^)]*)\)\s*$/.exec(query.sql)?.[1] ?? "*";
        const sql = query.sql.includes("from input(")
          ? query.sql.replace("input(", () => `${from}, `)
          : `${query.sql} select ${columns} from ${from})`;
        // Statements with parameters wait for each other in that package; these are sent two at a time.
        await one.command(asked({ ...query, ...withoutLong(sql, query.parameters, 0) }));
      }),
    fetch: (query, file) =>
      attempt(async (one) => {
        const sql = `${query.sql} into outfile ${text(file).sql} truncate format Parquet`;
        await one.command(asked({ ...query, sql }));
        requireWhole(file);
      }),
    // Who closes has waited for all statements.
    close: async () => {
      for (const client of idle.splice(0)) await client.close();
    },
  };
}

/** Runs `work` until it succeeds, fails for good, or the patience is at an end; always under the same query id. */
async function insist<T>(
  { signal, guard, patienceMs, limitMs, onWait, address }: ConnectionOptions,
  work: (id: string) => Promise<T>,
): Promise<T> {
  const id = `numbers-${randomUUID()}`;
  const where = address.kind === "server" ? address.url : address.path;
  const started = performance.now();
  for (let tries = 0; ; tries += 1) {
    guard?.();
    try {
      return await work(id);
    } catch (error) {
      signal?.throwIfAborted();
      const waitedMs = performance.now() - started;
      // What runs still is waited for as long as a statement may take: it is doing what was asked for.
      const mostMs = isStillRunning(error) && limitMs === undefined ? answerMs : patienceMs;
      if (!isPassing(error) || waitedMs >= mostMs) throw refusalOf(error, where) ?? error;
      if (tries === 3) onWait(`waiting for ${where}: ${messageOf(error).split("\n")[0]}`);
      await sleep(Math.min(firstPauseMs * 2 ** tries, 5_000), undefined, signal ? { signal } : {});
    }
  }
}

async function drained(stream: Readable): Promise<void> {
  for await (const _ of stream);
}

/**
 * An error in the middle of a result comes as text behind it, after the server said that all is well: a Parquet file ends
 * with its own mark, or it is not whole.
 */
function requireWhole(path: string): void {
  const tail = endOf(path, 4096);
  if (tail.endsWith("PAR1")) return;
  const said = /(Code: \d+\. DB::Exception: [\s\S]*)/.exec(tail)?.[1];
  throw said ? parseError(said) : new CutOff("the server ended its answer in the middle");
}

/** The last bytes of a file as text. */
function endOf(path: string, most: number): string {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(most, size));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString("latin1");
  } finally {
    closeSync(file);
  }
}

/** The answer ended before its end. */
export class CutOff extends Error {
  override readonly name = "CutOff";
}

function tlsOf({ ca, cert, key }: Tls) {
  if (ca === undefined) return {};
  const ca_cert = pem(ca, "clickhouse_ca");
  if (cert === undefined || key === undefined) return { tls: { ca_cert } };
  return { tls: { ca_cert, cert: pem(cert, "clickhouse_cert"), key: pem(key, "clickhouse_key") } };
}

function pem(path: string, name: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw usageError(`${name}: ${path} cannot be read: ${messageOf(error)}`, error);
  }
}
