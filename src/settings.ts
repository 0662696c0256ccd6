/**
 * What a run is told: flag, then environment (`NUMBERS_*`), then `config.toml` in the home, then the default. Pure but
 * for reading that one file.
 */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type Numbering, readConfiguration, type Told } from "./configuration.ts";
import { type EngineName, engineNames } from "./engine/names.ts";
import { usageError } from "./errors.ts";
import { type UnpackLimits, unpackLimits } from "./intake/unpacking.ts";
import { type LogFormat, logFormats } from "./log.ts";
import { parsePrice } from "./orders/terms.ts";
import { checkTimeZone, parseDuration } from "./time.ts";

/** The options that every command has, as the command line gives them. */
export type GlobalFlags = {
  readonly home?: string;
  readonly lockTimeout?: string;
  readonly threads?: string;
  readonly memory?: string;
  readonly timeZone?: string;
  readonly logFormat?: string;
  readonly engine?: string;
  readonly clickhouseUrl?: string;
  readonly clickhouseCluster?: string;
};

export type Settings = {
  readonly home: string;
  readonly timeZone: string;
  readonly within: string;
  readonly cooldown: string;
  readonly returnWindow: string;
  readonly maxReturnRate: number;
  /** Of a thousand numbers, for a customer that is registered without a price of its own. */
  readonly price: string | undefined;
  readonly lockTimeoutMs: number;
  readonly logFormat: LogFormat;
  readonly engine: EngineName;
  /** How ClickHouse is reached; undefined on the embedded engine. */
  readonly clickhouse: ClickhouseSettings | undefined;
  /** The same, if an address was told, whichever engine is used: for a move. */
  readonly clickhouseIfTold: ClickhouseSettings | undefined;
  readonly threads: number | undefined;
  readonly memory: string | undefined;
  /** `ingest` takes files of registered sources only. */
  readonly requireSource: boolean;
  /** What a packed source may become. */
  readonly unpacking: UnpackLimits;
  /** Prefixes and synonyms of the home's own, as they are written. */
  readonly numbering: Numbering;
  /** The home, and what else was told and where: by a flag, a variable, or a key in the file. The rest are defaults. */
  readonly told: ReadonlyMap<Key | "home", Told>;
};

export type ClickhouseSettings = {
  /** As it was told: it may hold a password, and is not to be shown. */
  readonly url: Told;
  /** Given apart from the address. */
  readonly password: string | undefined;
  /** Files in PEM: who signed the server's certificate, and this client's own certificate and key. */
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** A cluster that the server is of, as its own configuration names it. */
  readonly cluster: string | undefined;
};

export const defaults = {
  time_zone: "Asia/Jakarta",
  within: "3d",
  cooldown: "30d",
  return_window: "30d",
  max_return_rate: "0.5",
  lock_timeout: "60s",
  log_format: "text",
  engine: "duckdb",
} as const;

/** Below it the engine cannot even close a database of its own. */
const memoryLeast = 16e6;

export const keys = [
  "time_zone",
  "within",
  "cooldown",
  "return_window",
  "max_return_rate",
  "price",
  "lock_timeout",
  "log_format",
  "engine",
  "clickhouse_url",
  "clickhouse_ca",
  "clickhouse_cert",
  "clickhouse_key",
  "clickhouse_cluster",
  "threads",
  "memory",
  "require_source",
  "max_unpacked",
  "max_unpacked_ratio",
] as const;
export type Key = (typeof keys)[number];

/** `--home`, else `NUMBERS_HOME`, else the place that the XDG base directory specification gives. */
function findHome(flag: string | undefined, environment: NodeJS.ProcessEnv): Told {
  if (flag === "") throw usageError("--home: it is empty; name a folder");
  if (flag !== undefined) return { value: resolve(flag), where: "--home" };
  const { NUMBERS_HOME: named, XDG_DATA_HOME: data } = environment;
  if (named) return { value: resolve(named), where: "NUMBERS_HOME" };
  if (data) return { value: join(data, "numbers"), where: "XDG_DATA_HOME" };
  return { value: join(homedir(), ".local", "share", "numbers"), where: "default" };
}

/** Throws a usage error that names the flag, variable or key and what was found there. */
export function readSettings(flags: GlobalFlags, environment: NodeJS.ProcessEnv): Settings {
  const place = findHome(flags.home, environment);
  const home = place.value;
  const configured = readConfiguration(join(home, "config.toml"), keys);
  const flagOf: Readonly<Record<Key, string | undefined>> = {
    time_zone: flags.timeZone,
    within: undefined,
    cooldown: undefined,
    return_window: undefined,
    max_return_rate: undefined,
    price: undefined,
    lock_timeout: flags.lockTimeout,
    log_format: flags.logFormat,
    engine: flags.engine,
    clickhouse_url: flags.clickhouseUrl,
    clickhouse_ca: undefined,
    clickhouse_cert: undefined,
    clickhouse_key: undefined,
    clickhouse_cluster: flags.clickhouseCluster,
    threads: flags.threads,
    memory: flags.memory,
    require_source: undefined,
    max_unpacked: undefined,
    max_unpacked_ratio: undefined,
  };
  const search = (key: Key): Told | undefined => {
    const flag = flagOf[key];
    if (flag !== undefined) return { value: flag, where: `--${key.replaceAll("_", "-")}` };
    const variable = `NUMBERS_${key.toUpperCase()}`;
    const fromEnvironment = environment[variable];
    if (fromEnvironment) return { value: fromEnvironment, where: variable };
    return configured.values.get(key);
  };
  const told = new Map<Key | "home", Told>([["home", place]]);
  for (const key of keys) {
    const found = search(key);
    if (found) told.set(key, found);
  }
  const find = (key: Key) => told.get(key);
  const duration = (key: "within" | "cooldown" | "return_window" | "lock_timeout") => {
    const found = find(key);
    if (found) parseDuration(found.value, found.where);
    return found?.value ?? defaults[key];
  };
  const zone = find("time_zone");
  const rate = find("max_return_rate");
  const price = find("price");
  const threads = find("threads");
  if (threads && !/^[1-9]\d{0,2}$/.test(threads.value)) {
    throw usageError(
      `${threads.where}: "${threads.value}" is no number of threads; write 1 to 999`,
    );
  }
  const logFormat = find("log_format");
  const format = logFormats.find((known) => known === (logFormat?.value ?? defaults.log_format));
  if (format === undefined) {
    throw usageError(`${logFormat?.where}: "${logFormat?.value}" is none; write text or json`);
  }
  const engine = find("engine");
  const engineName = engineNames.find((known) => known === (engine?.value ?? defaults.engine));
  if (engineName === undefined) {
    throw usageError(`${engine?.where}: "${engine?.value}" is none; write duckdb or clickhouse`);
  }
  const memory = find("memory");
  if (memory && !/^\d+(\.\d+)?\s?[KMGT]i?B$/i.test(memory.value)) {
    throw usageError(`${memory.where}: "${memory.value}" is no size; write it as 2GB or 512MB`);
  }
  if (memory && parseSize(memory.value, memory.where) < memoryLeast) {
    throw usageError(
      `${memory.where}: "${memory.value}" is too little to open a home with; write 512MB or more`,
    );
  }
  const requireSource = find("require_source");
  if (requireSource && !/^(true|false)$/.test(requireSource.value)) {
    throw usageError(
      `${requireSource.where}: "${requireSource.value}" is neither; write true or false`,
    );
  }
  const unpacked = find("max_unpacked");
  const ratio = find("max_unpacked_ratio");
  if (ratio && !/^[1-9]\d{0,5}$/.test(ratio.value)) {
    throw usageError(
      `${ratio.where}: "${ratio.value}" is no ratio; write how many times its size, such as 200`,
    );
  }
  return {
    home,
    told,
    numbering: configured.numbering,
    unpacking: {
      ...unpackLimits,
      ...(unpacked ? { bytes: parseSize(unpacked.value, unpacked.where) } : {}),
      ...(ratio ? { ratio: Number(ratio.value) } : {}),
    },
    timeZone: zone ? checkTimeZone(zone.value, zone.where) : defaults.time_zone,
    within: duration("within"),
    cooldown: duration("cooldown"),
    returnWindow: duration("return_window"),
    maxReturnRate: parseShare(
      rate?.value ?? defaults.max_return_rate,
      rate?.where ?? "max_return_rate",
    ),
    price: price && parsePrice(price.value, price.where),
    lockTimeoutMs: parseDuration(duration("lock_timeout"), "lock timeout"),
    logFormat: format,
    engine: engineName,
    clickhouse: engineName === "clickhouse" ? clickhouseOf(find, environment) : undefined,
    clickhouseIfTold: find("clickhouse_url") ? clickhouseOf(find, environment) : undefined,
    threads: threads && Number(threads.value),
    memory: memory?.value,
    requireSource: requireSource?.value === "true",
  };
}

function clickhouseOf(
  find: (key: Key) => Told | undefined,
  environment: NodeJS.ProcessEnv,
): ClickhouseSettings {
  const url = find("clickhouse_url");
  if (!url) {
    throw usageError(
      "--engine clickhouse: where is the server? Write --clickhouse-url http://host:8123/database, or set " +
        "NUMBERS_CLICKHOUSE_URL; chdb:FOLDER runs ClickHouse in this process",
    );
  }
  const cert = find("clickhouse_cert");
  const key = find("clickhouse_key");
  if ((cert === undefined) !== (key === undefined)) {
    const there = cert ?? key;
    throw usageError(`${there?.where}: a certificate needs its key, and a key its certificate`);
  }
  const cluster = find("clickhouse_cluster");
  if (cluster && url.value.startsWith("chdb:")) {
    throw usageError(
      `${cluster.where}: ClickHouse in this process is no server of a cluster; take the setting away, or name a server`,
    );
  }
  return {
    url,
    cluster: cluster?.value,
    // No setting: it would be shown among them.
    password: environment.NUMBERS_CLICKHOUSE_PASSWORD,
    ca: find("clickhouse_ca")?.value,
    cert: cert?.value,
    key: key?.value,
  };
}

/** The value of a setting as it may be shown to anybody. */
export function shown(key: Key | "home", value: string): string {
  return key === "clickhouse_url" ? withoutPassword(value) : value;
}

/** An address without what stands between the user's name and the last @, however badly it is written. */
function withoutPassword(value: string): string {
  const scheme = value.indexOf("://");
  const end = value.lastIndexOf("@");
  const colon = value.indexOf(":", scheme < 0 ? 0 : scheme + 3);
  if (value.startsWith("chdb:") || colon < 0 || colon > end) return value;
  return `${value.slice(0, colon)}:***${value.slice(end)}`;
}

/** A size such as `64GB` or `1 MiB` in bytes. Throws a usage error that says where it was found. */
function parseSize(text: string, where: string): number {
  const match = /^(\d+(?:\.\d+)?)\s?([kMGT]?)(i?)B$/i.exec(text);
  if (!match) throw usageError(`${where}: "${text}" is no size; write it as 64GB or 512MB`);
  const [, digits, unit = "", binary] = match;
  const power = ["", "k", "m", "g", "t"].indexOf(unit.toLowerCase());
  return Math.floor(Number(digits) * (binary ? 1024 : 1000) ** power);
}

/** A share such as `0.5`. Throws a usage error that says where it was found. */
export function parseShare(text: string, where: string): number {
  const share = /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (share >= 0 && share <= 1) return share;
  throw usageError(`${where}: "${text}" is no share; write 0 to 1, such as 0.5`);
}
