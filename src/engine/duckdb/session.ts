/**
 * One DuckDB instance with one connection: the only place that talks to the package.
 * A session is closed by whoever opened it; an interrupt stops the statement that runs.
 */
import {
  BIGINT,
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  structValue,
  VARCHAR,
} from "@duckdb/node-api";
import { messageOf, Undecided } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { bytesOf } from "../../machine.ts";
import { isOutOfMemory, wordsOfMemory } from "../../memory.ts";
import { inertProfile, type Profile } from "../../profile.ts";
import type { Parameters, Session as Shared } from "../session.ts";
import { fragment } from "../statements.ts";
import { explaining as explainingStatement, outline } from "./plan.ts";
import { statement } from "./statements.ts";

export type Session = Omit<Shared, "transaction"> & {
  /**
   * Runs `work` between BEGIN and COMMIT; any error rolls back and is thrown on. Nothing inside may swallow an
   * error: after one, DuckDB's COMMIT reports success and keeps nothing. `undo` removes what `work` put beside the
   * database; it is called when nothing was committed for certain. Throws `Undecided` when the COMMIT itself fails.
   */
  transaction<T>(work: () => Promise<T>, undo?: () => void): Promise<T>;
  /**
   * Gives back what the engine keeps of the database, where that is much: it keeps all blocks that it reads until its limit is
   * reached, 2 bytes for each sale that an order looks at. `keptBytes`: no more than these is not much.
   */
  forgetBlocks(keptBytes: number): Promise<void>;
  /** The engine holds no more than this for each of its threads from now on, unless somebody said how much it may. */
  limitMemory(threadBytes: number): Promise<void>;
  /** A statement has failed, other than by an interrupt: what it left behind is not known. */
  hasFailed(): boolean;
  /**
   * How much of its sources the statement that runs has read, 0 to 1; undefined where nobody wants to know. What a
   * statement sorts is read long before it is written: only of one that writes as it reads this is how far it is.
   */
  share(): number | undefined;
  /** Makes the statement that runs, if any, fail soon. */
  interrupt(): void;
  close(): void;
};

export type Resources = {
  /** This process's own folder: two processes that spill into one folder corrupt each other. */
  readonly temporary: string;
  readonly threads: number | undefined;
  /** Such as `2GB`; undefined leaves it to the engine, as `threads`. */
  readonly memory: string | undefined;
  /** Somebody said how much: it is not made less. */
  readonly isMemoryTold?: boolean;
  readonly signal: AbortSignal | undefined;
  /** Undefined: nobody asked where the time goes. */
  readonly profile?: Profile | undefined;
  /** Somebody watches: `share` is asked for. */
  readonly isWatched?: boolean;
};

/** A failure inside the engine: which statement, and the engine's own words as the cause. */
export class EngineError extends Error {
  constructor(name: string, cause: unknown, { memory }: Pick<Resources, "memory">) {
    super(isOutOfMemory(cause) ? wordsOfMemory(memory) : `${name}: ${messageOf(cause)}`, { cause });
    this.name = "EngineError";
  }
}

/**
 * Opens a database file, or `:memory:`. Throws the engine's plain error when the file cannot be opened or locked.
 * The instance must be the only one of this process on that file: a second one loses writes silently.
 */
export async function openSession(
  path: string,
  access: "read" | "write",
  resources: Resources,
): Promise<Session> {
  const { profile = inertProfile } = resources;
  const phase = path === ":memory:" ? "open a session in memory" : "open the database";
  const { instance, connection } = await profile.phase(phase, () =>
    connect(path, access, resources),
  );
  const { signal, isWatched = false } = resources;
  if (isWatched) {
    await connection.run(statement("hide_progress"));
    await connection.run(statement("measure_progress"));
  }
  let isCommitting = false;
  // A commit takes a moment, and one that is cut off would be neither done nor undone.
  const interrupt = () => {
    if (!isCommitting) connection.interrupt();
  };
  signal?.addEventListener("abort", interrupt);
  let hasFailed = false;
  const explained = new Set<string>();
  /** Tables that an insert of this transaction had no rows for; undefined outside of one. */
  let emptied: Set<string> | undefined;

  async function execute<T>(name: string, action: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      hasFailed ||= !/INTERRUPT/.test(messageOf(error));
      signal?.throwIfAborted();
      throw new EngineError(name, error, resources);
    }
  }

  /**
   * Once for each statement. What cannot be planned fails as the statement itself: inside a transaction no error may be
   * lost. Only that there is no plan is no failure (a transaction goes on after such an error).
   */
  async function explain(name: string, sql: string, parameters: Parameters): Promise<void> {
    if (!profile.wantsPlans || explained.has(name)) return;
    explained.add(name);
    const explaining = explainingStatement(sql, parameters);
    if (explaining === undefined) return;
    const { values, types } = bound(parameters);
    const reader = await connection
      .runAndReadAll(explaining, values, types)
      .catch((error: unknown) => {
        if (!messageOf(error).startsWith("Binder Error")) throw error;
      });
    if (reader) profile.plan(name, outline(String(reader.getRowObjectsJS()[0]?.explain_value)));
  }

  /** By one thread, and then by as many as before. A transaction that failed takes no settings: its session ends. */
  async function alone<T>(work: () => Promise<T>): Promise<T> {
    const { threads } =
      (await connection.runAndReadAll(statement("read_limits"))).getRowObjectsJS()[0] ?? {};
    await connection.run(statement("set_threads", { threads: fragment`1` }));
    const result = await work();
    await connection.run(statement("set_threads", { threads: fragment`${Number(threads)}` }));
    return result;
  }

  /**
   * DuckDB (1.4 to 1.5.6) loses rows: where an insert of several threads had none for a table, the next one of a row group or
   * more into it is gone by the end of the transaction, counted as it was. By one thread it stays. Rare, and then up to twice as
   * slow: the table has to be filled piece by piece, and the piece before must have been empty.
   */
  async function insertSafely<T extends { readonly rowsChanged: number }>(
    sql: string,
    work: () => Promise<T>,
  ): Promise<T> {
    const made = /^\s*create or replace temp table (\w+)/.exec(sql)?.[1];
    if (made !== undefined) emptied?.delete(made);
    const table = /^\s*insert into ([^\s(]+)/.exec(sql)?.[1];
    if (!emptied || table === undefined) return work();
    const result = emptied.has(table) ? await alone(work) : await work();
    if (result.rowsChanged === 0) emptied.add(table);
    else emptied.delete(table);
    return result;
  }

  const session: Session = {
    run: (name, parameters = {}, fragments = {}) =>
      execute(name, async () => {
        const sql = statement(name, fragments);
        const { values, types } = bound(parameters);
        await explain(name, sql, parameters);
        const started = performance.now();
        const { rowsChanged } = await insertSafely(sql, () => connection.run(sql, values, types));
        profile.statement(name, performance.now() - started, rowsChanged);
        return rowsChanged;
      }),
    rows: (name, parameters = {}, fragments = {}) =>
      execute(name, async () => {
        const sql = statement(name, fragments);
        const { values, types } = bound(parameters);
        await explain(name, sql, parameters);
        const started = performance.now();
        const reader = await connection.runAndReadAll(sql, values, types);
        profile.statement(name, performance.now() - started, reader.currentRowCount);
        return reader.getRowObjectsJS();
      }),
    transaction: async (work, undo) => {
      await execute("begin", () => connection.run("begin"));
      emptied = new Set();
      let result: Awaited<ReturnType<typeof work>>;
      try {
        await failpoint("transaction.begun");
        result = await work();
        await failpoint("transaction.written");
        signal?.throwIfAborted();
      } catch (error) {
        emptied = undefined;
        // Closing the session rolls back too; the first error is the one to report.
        await connection.run("rollback").catch(() => undefined);
        undo?.();
        throw error;
      }
      emptied = undefined;
      isCommitting = true;
      try {
        await profile.phase("commit", () => connection.run("commit"));
        await failpoint("transaction.committed");
      } catch (error) {
        hasFailed = true;
        throw new Undecided(error);
      } finally {
        isCommitting = false;
      }
      return result;
    },
    forgetBlocks: async (keptBytes) => {
      const { memory } = resources;
      if (memory === undefined) return;
      const [now] = await session.rows("read_memory");
      const blocks = Number(now?.blocks);
      if (blocks < keptBytes) return;
      // Blocks go before anything that would have to be written to the disk.
      const limit = `${Number(now?.held) - blocks + keptBytes / 2}B`;
      await session.run("set_memory", { limit });
      await session.run("set_memory", { limit: memory });
    },
    limitMemory: async (threadBytes) => {
      const { memory, isMemoryTold = false } = resources;
      if (memory === undefined || isMemoryTold) return;
      const [now] = await session.rows("read_limits");
      const bytes = Number(now?.threads) * threadBytes;
      if (bytes < bytesOf(memory)) await session.run("set_memory", { limit: `${bytes}B` });
    },
    hasFailed: () => hasFailed,
    share: () => {
      // Below 0: nothing runs, or nothing that can be told.
      const { percentage } = connection.progress;
      return isWatched && percentage >= 0 ? percentage / 100 : undefined;
    },
    interrupt,
    close: () => {
      signal?.removeEventListener("abort", interrupt);
      connection.closeSync();
      instance.closeSync();
    },
  };
  return session;
}

async function connect(
  path: string,
  access: "read" | "write",
  resources: Resources,
): Promise<{ instance: DuckDBInstance; connection: DuckDBConnection }> {
  const instance = await DuckDBInstance.create(path, {
    ...(access === "read" ? { access_mode: "READ_ONLY" } : {}),
    ...(path === ":memory:"
      ? { temp_directory: resources.temporary }
      : { force_compression: "dictionary" }),
    ...(resources.threads ? { threads: String(resources.threads) } : {}),
    ...(resources.memory ? { memory_limit: resources.memory } : {}),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  try {
    return { instance, connection: await instance.connect() };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** Lists and structs need the package's own wrappers, and lists their type, which an empty one does not show. */
function bound(parameters: Parameters): {
  values: Record<string, DuckDBValue>;
  types: Record<string, DuckDBType | undefined>;
} {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType | undefined> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (Array.isArray(value)) {
      values[name] = listValue(value as DuckDBValue[]);
      types[name] = LIST(typeof value[0] === "bigint" ? BIGINT : VARCHAR);
    } else if (value !== null && typeof value === "object") {
      values[name] = structValue(value as Record<string, DuckDBValue>);
    } else {
      values[name] = value as DuckDBValue;
      if (typeof value === "bigint") types[name] = BIGINT;
    }
  }
  return { values, types };
}
