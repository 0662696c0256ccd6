/** Statements by their names on one connection, and changes that are made whole or not at all. */
import { UserError } from "../../errors.ts";
import { failpoint } from "../../failpoints.ts";
import { inertProfile, type Profile } from "../../profile.ts";
import type { Fragments, Parameters, Session as Shared } from "../session.ts";
import { type Connection, type ConnectionOptions, connect } from "./connection.ts";
import { statement } from "./statements.ts";
import { bound, rowsOf } from "./values.ts";

/** One statement of a change. */
export type Step = {
  readonly name: string;
  readonly parameters: Parameters;
  readonly fragments: Fragments;
};

export type Session = Shared & {
  /**
   * Sends a Parquet file as rows: `sql/clickhouse/<name>.sql` ends with the columns of an `insert into`, or selects from
   * `input(…)`. The same token a second time inserts nothing. Several may be sent at once.
   */
  send(
    name: string,
    path: string,
    token: string,
    parameters?: Parameters,
    fragments?: Fragments,
  ): Promise<void>;
  /** Writes the rows of a statement to a Parquet file. */
  fetch(name: string, path: string, parameters?: Parameters, fragments?: Fragments): Promise<void>;
  runStep: RunStep;
  close(): Promise<void>;
};

/**
 * Runs one step of a change; the token makes its inserts one, should it run twice at once. `sequence` is the change's: the
 * version of the rows that it writes, so that a statement that a server runs late, when its sender is long dead and the next
 * change was made, changes nothing any more.
 */
export type RunStep = (step: Step, token: string, sequence?: bigint) => Promise<void>;

/** Makes the steps of a change one: given by who holds the lock (`changes.ts`). */
export type Make = (session: Session, steps: readonly Step[]) => Promise<void>;

export async function openSession(options: ConnectionOptions, make: Make): Promise<Session> {
  const { profile = inertProfile, signal } = options;
  const connection = await profile.phase("connect", () => connect(options));
  return createSession(connection, make, profile, signal);
}

function createSession(
  connection: Connection,
  make: Make,
  profile: Profile,
  signal: AbortSignal | undefined,
): Session {
  let steps: Step[] | undefined;

  async function timed<T>(name: string, work: () => Promise<T>, rows?: (result: T) => number) {
    signal?.throwIfAborted();
    const started = performance.now();
    try {
      const result = await work();
      profile.statement(name, performance.now() - started, rows?.(result) ?? 0);
      return result;
    } catch (error) {
      // What a person is told names no statement.
      if (error instanceof Error && !(error instanceof UserError)) {
        error.message = `${name}: ${error.message}`;
      }
      throw error;
    }
  }

  function query(name: string, parameters: Parameters, fragments: Fragments) {
    const sql = statement(name, fragments).trim().replace(/;$/, "");
    return { sql, parameters: bound(name, sql, parameters) };
  }

  const session: Session = {
    run: async (name, parameters = {}, fragments = {}) => {
      if (steps) steps.push({ name, parameters, fragments });
      else await timed(name, () => connection.run(query(name, parameters, fragments)));
      return 0;
    },
    rows: (name, parameters = {}, fragments = {}) =>
      timed(
        name,
        async () => rowsOf(await connection.read(query(name, parameters, fragments))),
        (rows) => rows.length,
      ),
    send: (name, path, token, parameters = {}, fragments = {}) =>
      timed(name, () =>
        connection.send(
          {
            ...query(name, parameters, fragments),
            settings: { insert_deduplication_token: token },
          },
          path,
        ),
      ),
    fetch: (name, path, parameters = {}, fragments = {}) =>
      timed(name, () => connection.fetch(query(name, parameters, fragments), path)),
    runStep: ({ name, parameters, fragments }, token, sequence) => {
      const isVersioned = statement(name, fragments).includes("{row_version:");
      const version: Parameters =
        isVersioned && sequence !== undefined ? { row_version: sequence } : {};
      return timed(name, () =>
        connection.run({
          ...query(name, { ...parameters, ...version }, fragments),
          settings: { insert_deduplication_token: token },
        }),
      );
    },
    transaction: async (work) => {
      if (steps) throw new Error("a change inside a change");
      steps = [];
      let collected: Step[];
      let result: Awaited<ReturnType<typeof work>>;
      try {
        await failpoint("transaction.begun");
        result = await work();
        await failpoint("transaction.written");
        signal?.throwIfAborted();
      } finally {
        collected = steps;
        steps = undefined;
      }
      if (collected.length > 0) await make(session, collected);
      return result;
    },
    close: () => connection.close(),
  };
  return session;
}
