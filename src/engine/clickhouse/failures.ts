/** What ClickHouse answers when it does not do what it was asked, in words for people. Pure. */
import { exitCode, messageOf, UserError, usageError } from "../../errors.ts";

/** Codes of the server (src/Common/ErrorCodes.cpp) that mean: the same again, later. */
const passing = new Set([
  "159", // TIMEOUT_EXCEEDED
  "202", // TOO_MANY_SIMULTANEOUS_QUERIES
  "209", // SOCKET_TIMEOUT
  "210", // NETWORK_ERROR
  "225", // NO_ZOOKEEPER
  "236", // ABORTED: the server is shutting down
  "216", // QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING
  "242", // TABLE_IS_READ_ONLY: a replica that lost its Keeper
  "252", // TOO_MANY_PARTS
  "279", // ALL_CONNECTION_TRIES_FAILED
  "285", // TOO_FEW_LIVE_REPLICAS
  "286", // UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE
  "289", // REPLICA_IS_NOT_IN_QUORUM
  "319", // UNKNOWN_STATUS_OF_INSERT
  "341", // UNFINISHED: a statement for a whole cluster
  "745", // SERVER_OVERLOADED
  "999", // KEEPER_EXCEPTION
]);

/**
 * The server's own number of an error; undefined where none came from a server. Not told by the class of the error: over HTTP
 * and inside the process it is that of two copies of one package.
 */
function numberOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" && /^\d+$/.test(code) ? code : undefined;
}

/** The statement is at work already: it was sent before, and its answer got lost. */
export function isStillRunning(error: unknown): boolean {
  return numberOf(error) === "216";
}

/** The server's code of the failure, however it was told on. */
export function codeOf(error: unknown): string | undefined {
  const own = numberOf(error);
  if (own !== undefined) return own;
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : undefined;
}

/** Keeper has a row of that key already. */
export function isNodeThere(error: unknown): boolean {
  return codeOf(error) === "999" && /Node exists/i.test(messageOf(error));
}

/** Whether the same statement may succeed if it is sent again. */
export function isPassing(error: unknown): boolean {
  if (error instanceof UserError) return error.cause !== undefined && isPassing(error.cause);
  const code = numberOf(error);
  return code === undefined ? isAway(error) : passing.has(code) && !isNodeThere(error);
}

/** The server was not reached, or stopped answering. */
function isAway(error: unknown): boolean {
  const { code, name } = error as NodeJS.ErrnoException;
  if (name === "CutOff") return true;
  if (/^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|AI_AGAIN)$/.test(code ?? "")) {
    return true;
  }
  return /socket hang up|Timeout error|503|502|504|aborted/i.test(messageOf(error));
}

/** The server has no room for it, in memory or on its disk: that tells nothing of what was asked. */
export function hasNoRoom(error: unknown): boolean {
  const cause = error instanceof UserError ? error.cause : error;
  return ["241", "243"].includes(codeOf(cause) ?? "");
}

/** The failure as it is told to a person; undefined where it is a defect of ours. */
export function refusalOf(error: unknown, where: string): UserError | undefined {
  if (error instanceof UserError) return error;
  const said = wordsIn(error);
  const number = numberOf(error);
  if (number === undefined) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTFOUND") {
      return usageError(`${where}: there is no such host; mend the address of the server`, error);
    }
    if (code === "EPROTO") {
      return usageError(
        `${where} does not speak TLS there: write http:// for this port, or the port that https has, 8443 by default`,
        error,
      );
    }
    if (/CERT|TLS|SSL|certificate/i.test(`${code} ${said}`)) {
      return usageError(
        `${where}: its certificate is not trusted: ${said}; name the one that signed it as clickhouse_ca`,
        error,
      );
    }
    if (!isAway(error)) return undefined;
    return new UserError(
      exitCode.busy,
      `${where} does not answer: ${said}; nothing is half done, try again when the server is back`,
      { cause: error },
    );
  }
  switch (number) {
    case "193": // WRONG_PASSWORD
    case "194": // REQUIRED_PASSWORD
    case "192": // UNKNOWN_USER
    case "516": // AUTHENTICATION_FAILED
      return usageError(
        `${where} does not admit this user: wrong name or password; mend NUMBERS_CLICKHOUSE_URL or ` +
          "NUMBERS_CLICKHOUSE_PASSWORD",
        error,
      );
    case "164": // READONLY
    case "497": // ACCESS_DENIED
      return usageError(`${where} does not allow it: ${said}; grant it to the user`, error);
    case "243": // NOT_ENOUGH_SPACE
      return new UserError(
        exitCode.unexpected,
        `the disk of ${where} is full: ${said}; make room there and try again`,
        { cause: error },
      );
    case "241": // MEMORY_LIMIT_EXCEEDED
      return new UserError(
        exitCode.unexpected,
        `${where} has not enough memory: ${said}; give it more, or try again when others are done`,
        { cause: error },
      );
    case "394": // QUERY_WAS_CANCELLED
      return new UserError(
        exitCode.busy,
        `${where} stopped the statement: somebody killed it, or the server ends; try again`,
        { cause: error },
      );
    default:
      if (!passing.has(number)) return undefined;
      return new UserError(
        exitCode.busy,
        `${where} is busy: ${said}; nothing is half done, try again later`,
        { cause: error },
      );
  }
}

/** One line, without what the server adds for its own log: parts of the statement may hold somebody's phone. */
function wordsIn(error: unknown): string {
  const [line = ""] = messageOf(error).split("\n");
  return line
    .replaceAll(/Code: \d+\. |DB::\w*Exception: /g, "")
    .replace(/ \(version .*$| In scope .*$|[:.] (?:While|while|In query) .*$/, "")
    .replace(/[.\s]+$/, "");
}
