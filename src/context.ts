/** What a command works with: settings, clock, home, engine, terminal. Made once by `main`, passed as an argument. */
import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { embeddedOnly } from "./engine/backup.ts";
import type { Hashing } from "./engine/blacklist.ts";
import type { Converter, Filing } from "./engine/duckdb/converter.ts";
import type { GeneratePlan } from "./engine/duckdb/generator.ts";
import type { Engine } from "./engine/engine.ts";
import type { Cancelled } from "./engine/move/cancel.ts";
import type { Moved } from "./engine/move/move.ts";
import type { EngineName } from "./engine/names.ts";
import { findAside, readPlace, requirePlace } from "./engine/place.ts";
import { type UserError, usageError } from "./errors.ts";
import { closeHome, type Home, openHome } from "./home.ts";
import { createLog, type Log } from "./log.ts";
import { generatorBytes, shareOf, thisMachine } from "./machine.ts";
import { createProfile, inertProfile, type Profile } from "./profile.ts";
import type { Progress } from "./progress.ts";
import {
  type ClickhouseSettings,
  type GlobalFlags,
  readSettings,
  type Settings,
  shown,
} from "./settings.ts";
import { type Fit, fitOf, table } from "./table.ts";
import { createTerminal, type Terminal } from "./terminal.ts";
import { isPlain } from "./text.ts";
import { parseInstant } from "./time.ts";

export type Flags = GlobalFlags & {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly debug?: boolean;
  readonly profile?: boolean;
};

export type Context = {
  readonly settings: Settings;
  /** The instant that windows are measured from: now, or `NUMBERS_NOW`. */
  readonly now: Date;
  readonly terminal: Terminal;
  /** How what is said on stderr is written. */
  readonly log: Log;
  readonly profile: Profile;
  readonly isJson: boolean;
  readonly stdout: NodeJS.WriteStream;
  /** The terminal that stdout is, if it is one. */
  readonly fit: Fit | undefined;
  /** The locale has no other letters than ASCII's. */
  readonly isAscii: boolean;
  /** A table for stdout, as wide as that is. */
  table(head: readonly string[], rows: readonly (readonly string[])[], spare?: string): string;
  /** Prints a JSON document to stdout, or to stderr when stdout carries the delivered data. */
  print(document: unknown, toStderr?: boolean): void;
  readonly signal: AbortSignal;
  /** The mode of files outside the home: what the user's umask says. */
  readonly fileMode: number;
  /** Opens the home on first use. */
  home(): Home;
  engine(): Promise<Engine>;
  /** For moving the numbers of the home from one engine to the other. */
  mover(): Promise<{ move(to: EngineName): Promise<Moved>; cancel(): Promise<Cancelled> }>;
  /** Throws a usage error unless the numbers are in the home itself; `what` is what wants to read or write its files. */
  requireEmbedded(what: "backup" | "restore"): void;
  /** Opens another home than the one of the settings, to be closed by the caller. */
  openOther(folder: string): Promise<{ engine: Engine; close(): void }>;
  /** Locks a file outside the home until the function is called or the process ends; undefined when it is locked. */
  lockFile(path: string, mode: "alone" | "shared"): Promise<(() => void) | undefined>;
  /** For reading sources; touches no catalog. */
  openConverter(filing: Filing): Promise<Converter>;
  /** For reading lists of digests. */
  openDigestConverter(algorithm: Hashing["algorithm"]): Promise<Converter>;
  /**
   * Writes a synthetic source to `path`; `plan.rows` may be a size in bytes to be met. `written` tells how many bytes of
   * it are there, for the progress.
   */
  generate(
    plan: Omit<GeneratePlan, "rows">,
    rows: { rows: number } | { bytes: number },
    path: string,
    progress: Progress,
    written: () => number,
  ): Promise<number>;
  close(): void;
};

export function createContext(
  command: string,
  flags: Flags,
  fileMode: number,
  signal: AbortSignal,
): Context {
  if (flags.quiet && flags.verbose) throw usageError("--quiet and --verbose: say one of them");
  const settings = readSettings(flags, process.env);
  const pinned = process.env.NUMBERS_NOW;
  const log = createLog(settings.logFormat, command, () => new Date(), process.pid);
  const terminal = createTerminal(
    process.stderr,
    { isQuiet: flags.quiet ?? false, isVerbose: flags.verbose ?? false },
    process.env,
    log,
  );
  const url = settings.told.get("clickhouse_url");
  if (url?.where === "--clickhouse-url" && shown("clickhouse_url", url.value) !== url.value) {
    terminal.warn(
      "--clickhouse-url: the list of processes shows the password in it to everybody on this machine; set " +
        "NUMBERS_CLICKHOUSE_URL or NUMBERS_CLICKHOUSE_PASSWORD instead",
    );
  }
  const fit = fitOf(process.stdout, process.env);
  // Whoever pressed Ctrl-C sees at once that it was heard.
  signal.addEventListener("abort", terminal.progress.stop, { once: true });
  const profile = flags.profile ? createProfile(flags.debug ?? false) : inertProfile;
  let home: Home | undefined;
  const openedHome = () => {
    home ??= openHome(settings.home, command, terminal.warn);
    return home;
  };
  const resourcesIn = (temporary: string, usualBytes?: number) => ({
    temporary,
    ...shareOf(thisMachine(), settings, usualBytes),
    isMemoryTold: settings.memory !== undefined,
    signal,
    profile,
    isWatched: terminal.progress.isWatched,
  });
  const resources = () => resourcesIn(openedHome().temporary);
  // The engine's package takes a tenth of a second to load: only for those who need it.
  const engineIn = async (opened: Home): Promise<Engine> => {
    requirePlace(opened, settings.engine, command);
    // A home that is used for the first time would begin beside the server, and sell what was sold there.
    if (url && !settings.told.has("engine") && !existsSync(opened.database)) {
      throw usageError(
        `${url.where} names a server, and nothing says that it is meant: write --engine clickhouse, or set NUMBERS_ENGINE; ` +
          "--engine duckdb keeps the numbers in the home",
      );
    }
    if (command === "erase") warnOfAside(opened, terminal);
    if (settings.clickhouse) return clickhouseIn(opened, settings.clickhouse);
    const { createDuckdbEngine } = await profile.phase(
      "load the engine",
      () => import("./engine/duckdb/engine.ts"),
    );
    return createDuckdbEngine(optionsFor(opened));
  };
  const optionsFor = (opened: Home) => ({
    home: opened,
    resources: resourcesIn(opened.temporary),
    actor: currentUser(),
    timeZone: settings.timeZone,
    lockTimeoutMs: settings.lockTimeoutMs,
    onWait: terminal.say,
    warn: terminal.warn,
  });
  const serverOptionsFor = async (
    opened: Home,
    { url, password, ca, cert, key, cluster }: ClickhouseSettings,
  ) => {
    const { parseAddress } = await import("./engine/clickhouse/address.ts");
    const { lockFile } = await import("./engine/duckdb/folder-lock.ts");
    const options = optionsFor(opened);
    return {
      ...options,
      address: parseAddress(url.value, url.where, password),
      tls: { ca, cert, key },
      cluster,
      threads: settings.threads,
      lockFile: (path: string) => lockFile(path, "alone", options.resources),
    };
  };
  const clickhouseIn = async (opened: Home, server: ClickhouseSettings) => {
    const { createClickhouseEngine } = await profile.phase(
      "load the engine",
      () => import("./engine/clickhouse/engine.ts"),
    );
    if (readPlace(opened)?.engine !== "clickhouse") {
      const { wordsOfEmbedded } = await import("./engine/duckdb/embedded.ts");
      const held = await wordsOfEmbedded(optionsFor(opened));
      if (held !== undefined) throw unmoved(opened, held);
    }
    return createClickhouseEngine(await serverOptionsFor(opened, server));
  };
  const moverIn = async (opened: Home) => {
    const server = settings.clickhouseIfTold;
    if (server === undefined) {
      throw usageError(
        "where is the server? Write --clickhouse-url http://host:8123/database, or set NUMBERS_CLICKHOUSE_URL",
      );
    }
    const { move } = await import("./engine/move/move.ts");
    const { cancelMove } = await import("./engine/move/cancel.ts");
    const options = {
      home: opened,
      embedded: { ...optionsFor(opened), isMover: true },
      server: { ...(await serverOptionsFor(opened, server)), isMover: true },
      at: pinned ? parseInstant(pinned, "NUMBERS_NOW") : new Date(),
      progress: terminal.progress,
    };
    return { move: (to: EngineName) => move(options, to), cancel: () => cancelMove(options) };
  };
  return {
    settings,
    now: pinned ? parseInstant(pinned, "NUMBERS_NOW") : new Date(),
    terminal,
    profile,
    isJson: flags.json ?? false,
    stdout: process.stdout,
    log,
    fit,
    isAscii: isPlain(process.env),
    table: (head, rows, spare) => table(head, rows, fit, spare),
    print: (document, toStderr = false) => {
      const stream = toStderr ? process.stderr : process.stdout;
      stream.write(`${JSON.stringify(document)}\n`);
    },
    signal,
    fileMode,
    home: openedHome,
    engine: () => engineIn(openedHome()),
    requireEmbedded: (what) => {
      if (settings.engine !== "duckdb") throw usageError(embeddedOnly[what]);
    },
    mover: () => moverIn(openedHome()),
    openOther: async (folder) => {
      const other = openHome(folder, command);
      return { engine: await engineIn(other), close: () => closeHome(other) };
    },
    lockFile: async (path, mode) => {
      const { lockFile } = await import("./engine/duckdb/folder-lock.ts");
      return lockFile(path, mode, resourcesIn(dirname(path)));
    },
    openConverter: async (filing) => {
      const { createConverter } = await import("./engine/duckdb/converter.ts");
      return createConverter(filing, resources());
    },
    openDigestConverter: async (algorithm) => {
      const { createDigestConverter } = await import("./engine/duckdb/digests.ts");
      return createDigestConverter(algorithm, resources());
    },
    generate: async (plan, amount, path, progress, written) => {
      const { openSession } = await import("./engine/duckdb/session.ts");
      const { generate, rowsForSize } = await import("./engine/duckdb/generator.ts");
      const { temporary } = openedHome();
      const session = await openSession(
        ":memory:",
        "write",
        resourcesIn(temporary, generatorBytes),
      );
      try {
        const rows =
          "rows" in amount
            ? amount.rows
            : await rowsForSize(session, plan, amount.bytes, temporary);
        progress.begin("generating", { rows, ...("bytes" in amount ? amount : {}) });
        progress.watch(() => ({
          rows: Math.round((session.share() ?? 0) * rows),
          bytes: written(),
        }));
        return await profile.phase("generate", () => generate(session, { ...plan, rows }, path));
      } finally {
        session.close();
      }
    },
    close: () => {
      terminal.progress.stop();
      if (home) closeHome(home);
    },
  };
}

function warnOfAside(home: Home, terminal: Terminal): void {
  const aside = findAside(home);
  if (aside.length === 0) return;
  terminal.warn(
    `${aside.join(", ")} in ${home.folder} has what the home had before its numbers were moved, and this erasure does not ` +
      "reach it: delete it",
  );
}

/** The other engine knows nothing of what was sold from here. */
function unmoved({ folder }: Home, held: string): UserError {
  return usageError(
    `the home ${folder} has numbers of its own (${held}), of which the server knows nothing: numbers move --to clickhouse ` +
      "takes them there first; for a database of its own name another --home",
  );
}

function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without an entry in the system's list of users, as in some containers.
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
