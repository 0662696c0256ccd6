// ClickHouse's HTTP interface in front of chdb, the same engine in this process: what the tests put
// in the place of a server. Every request has its own chdb session, so that settings, parameters and
// the remains of a failed query end with it; sessions on one folder share data and run in parallel.
//
//   node test/clickhouse/front.js --data FOLDER [--port 0] [--user default] [--password ""]
//                                 [--config FILE] [--until-stdin-ends]
//
// The port comes as a line of JSON on stdout.

import { randomBytes, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, rmSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createBrotliCompress, createGzip } from "node:zlib";
import { Session } from "chdb";
import { exceptionOf, ServerError, statusOf, tailOf, textOf } from "./front-errors.js";
import { addFaults, faultFor, faults } from "./front-faults.js";
import { authenticate, queryOf, whole } from "./front-request.js";
import { analyse, fromFile, intoFile, knownById, quoted } from "./statement.js";

const { values: options } = parseArgs({
  options: {
    data: { type: "string" },
    port: { type: "string", default: "0" },
    user: { type: "string", default: "default" },
    password: { type: "string", default: "" },
    config: { type: "string" },
    "until-stdin-ends": { type: "boolean", default: false },
  },
});
if (!options.data) throw new Error("--data FOLDER is missing");
mkdirSync(options.data, { recursive: true });

// chdb is loaded with its first session, which holds the folder until the end.
const first = new Session(
  options.data,
  options.config ? { connectionArgs: [`--config-file=${options.config}`] } : {},
);
const engine = first.query("select version()", "TabSeparatedRaw").trim();
const require = createRequire(import.meta.url);
const native = require(join(dirname(require.resolve("chdb")), "dist/loader.js")).loadNative();
// Within the data, so that a crash leaves nothing elsewhere.
const temporary = join(options.data, "front");
rmSync(temporary, { recursive: true, force: true });
mkdirSync(temporary);

/** What a test may change while the front runs. */
const state = { version: undefined, exceptionTag: true, log: [], running: new Map() };
const version = () => state.version ?? engine;

// Part of the protocol and not settings of the engine.
const reserved = new Set(
  "query database default_format query_id session_id session_timeout session_check role user password quota_key stacktrace wait_end_of_query buffer_size compress decompress client_protocol_version".split(
    " ",
  ),
);

/** The statements that give a fresh session what the request asks for. */
function preparations({ request, url, form, id }) {
  const entries = [...url.searchParams, ...Object.entries(form)];
  const pairs = entries.flatMap(([name, value]) => {
    if (reserved.has(name)) return [];
    // SET takes the text of a parameter as HTTP has it, escapes included.
    if (!/^\w+$/.test(name))
      throw new ServerError(115, "UNKNOWN_SETTING", `Unknown setting '${name}'`);
    return [`${name} = ${quoted(value)}`];
  });
  const database = url.searchParams.get("database");
  // Unless told so the engine maps files into memory, and the front would seem to hold them.
  const own = ["storage_file_read_method = 'pread'", ...pairs, `log_comment = ${quoted(id)}`];
  if (request.method === "GET") own.push("readonly = 2");
  return [
    ...(database ? [`use \`${database.replace(/[\\`]/g, "\\$&")}\``] : []),
    `set ${own.join(", ")}`,
  ];
}

// A query of the engine that is known by the id of the one to come, and can be killed in its place.
const sleep = (ms) =>
  `select sleepEachRow(0.05) from numbers(${Math.ceil(ms / 50)}) settings max_block_size = 1, function_sleep_max_microseconds_per_block = 0 format Null`;

// chdb never comes back from a sync kill: until there is nothing more to kill is the same.
async function killAll(session, text, format) {
  let told;
  for (let left = 200; left > 0; left--) {
    const result = await session.queryAsync(text, { format });
    told ??= result;
    if (result.bytes().length === 0) break;
    await wait(50);
  }
  return told;
}

async function run(work, file) {
  const { statement, rows, format } = work;
  let sql = statement.sql;
  if (statement.kind === "read") sql = intoFile({ ...statement, sql }, file);
  if (statement.kind === "insert" && rows && !statement.inline) {
    await pipeline(rows, createWriteStream(file));
    // A server takes the empty body of an insert from a select for no rows.
    if (!statement.select || (await stat(file)).size > 0) sql = fromFile(statement, file);
  } else if (rows) for await (const _ of rows);
  const session = new Session(options.data);
  try {
    for (const one of preparations(work)) await session.queryAsync(one);
    if (work.slow) await session.queryAsync(sleep(work.slow));
    const text = knownById(sql, state.version);
    if (/^\s*kill\b.*\bsync\b/is.test(sql)) return await killAll(session, text, format);
    if (statement.kind !== "insert") return await session.queryAsync(text, { format });
    // Only this way chdb counts the rows that an insert wrote; what it takes for data is an empty line.
    return await native.InsertRawAsyncConnection(
      session.connection,
      text,
      Buffer.from("\n"),
      false,
    );
  } finally {
    // Also what a failed query leaves in its connection ends here.
    session.close();
  }
}

function headersOf(work, format) {
  return {
    "X-ClickHouse-Query-Id": work.id,
    "X-ClickHouse-Server-Display-Name": "front",
    "X-ClickHouse-Timezone": "UTC",
    "X-ClickHouse-Format": format,
    "Content-Type": "text/plain; charset=UTF-8",
    ...(work.tag ? { "X-ClickHouse-Exception-Tag": work.tag } : {}),
  };
}

function refuse(response, work, error) {
  const { code } = error;
  // A server that has begun with headers of progress has no other status left to give.
  const { send_progress_in_http_headers, http_headers_progress_interval_ms = 100 } =
    work.entry.settings;
  const begun =
    send_progress_in_http_headers === "1" &&
    work.entry.ended - work.entry.started > http_headers_progress_interval_ms;
  const status = begun ? 200 : (error.status ?? statusOf(code));
  const text = textOf(error, version());
  work.entry.code = code;
  work.entry.status = status;
  if (response.destroyed || response.headersSent) return response.destroy();
  // The client may still be sending rows: it must not wait for someone to read them.
  work.request?.resume();
  response.writeHead(status, {
    ...headersOf(work, "TabSeparated"),
    "X-ClickHouse-Exception-Code": String(code),
    ...(status === 401 || status === 403
      ? { "WWW-Authenticate": 'Basic realm="ClickHouse server HTTP API"' }
      : {}),
  });
  response.end(`${text}\n`);
}

function compressorFor(work) {
  const accepted = work.request.headers["accept-encoding"] ?? "";
  const asked = /^(?:1|true)$/.test(work.url.searchParams.get("enable_http_compression") ?? "");
  if (asked && /\bgzip\b/.test(accepted)) return { coding: "gzip", stream: createGzip() };
  if (asked && /\bbr\b/.test(accepted)) return { coding: "br", stream: createBrotliCompress() };
  return undefined;
}

/** Bytes of a file or of memory, as far as `end`, then what is to stand behind them. */
async function* output(file, bytes, end, tail) {
  if (bytes) yield bytes.subarray(0, end);
  else if (end > 0) yield* createReadStream(file, { end: end - 1, highWaterMark: 256 << 10 });
  if (tail) yield Buffer.from(tail);
}

function drained(response) {
  return new Promise((resolve) => {
    const done = () => resolve(response.off("drain", done).off("close", done));
    response.on("drain", done).on("close", done);
  });
}

async function send(response, work, { file, bytes, size, end = size, tail, breaks, result }) {
  const compressor = compressorFor(work);
  const number = (value) => String(value ?? 0);
  response.writeHead(200, {
    ...headersOf(work, work.format),
    "X-ClickHouse-Summary": JSON.stringify({
      read_rows: number(result?.rowsRead),
      read_bytes: number(result?.bytesRead),
      written_rows: number(result?.rowsWritten),
      written_bytes: number(result?.bytesWritten),
    }),
    ...(compressor ? { "Content-Encoding": compressor.coding } : {}),
  });
  work.entry.status = 200;
  const source = Readable.from(output(file, bytes, end, tail), { objectMode: false });
  const body = compressor ? source.compose(compressor.stream) : source;
  if (!breaks) return pipeline(body, response);
  for await (const part of body) {
    if (response.destroyed) return undefined;
    if (!response.write(part)) await drained(response);
  }
  // As WriteBufferFromHTTPServerResponse::cancelWithException does: what was written is to arrive,
  // the last chunk never, so that no one takes the answer for whole.
  await wait(20);
  response.socket?.destroy();
}

async function answer(request, response, url) {
  const id = url.searchParams.get("query_id") || randomUUID();
  const tag = state.exceptionTag ? randomBytes(8).toString("hex") : undefined;
  const entry = { query_id: id, query: "", params: {}, settings: {}, started: Date.now() };
  const work = { request, url, id, tag, entry, format: "TabSeparated" };
  const file = join(temporary, randomUUID());
  let fault;
  let mine = false;
  try {
    entry.user = authenticate(request, url, options);
    const { query, form, rows } = await queryOf(request, url);
    const statement = analyse(query);
    const format =
      statement.format ??
      url.searchParams.get("default_format") ??
      request.headers["x-clickhouse-format"] ??
      "TabSeparated";
    Object.assign(work, { statement, form, rows, format });
    entry.query = query;
    entry.database = url.searchParams.get("database") ?? "default";
    // As a server's own: http_max_uri_size, and http_max_field_value_size of what is in the address or in a form.
    const fields = [...url.searchParams, ...Object.entries(form)];
    if (request.url.length > 1 << 20 || fields.some(([, value]) => value.length > 131_072))
      throw new ServerError(36, "BAD_ARGUMENTS", "HTML Form Exception: Field value too long");
    for (const [name, value] of fields)
      if (name.startsWith("param_")) entry.params[name.slice(6)] = value;
      else if (!reserved.has(name)) entry.settings[name] = value;
    state.log.push(entry);
    fault = faultFor(query);
    if (fault) entry.fault = fault.kind;
    if (fault?.kind === "slow") work.slow = fault.ms;
    if (fault?.kind === "refuse") return request.socket.destroy();
    if (fault?.kind === "fail")
      throw Object.assign(new ServerError(fault.code, fault.type, fault.message), {
        status: fault.status,
      });
    if (query.trim() === "") throw new ServerError(62, "SYNTAX_ERROR", "Syntax error: Empty query");
    if (url.searchParams.get("session_id"))
      throw new ServerError(
        48,
        "NOT_IMPLEMENTED",
        "The front has no sessions over several queries",
      );
    if (statement.outfile)
      throw new ServerError(358, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed");
    if (state.running.has(id))
      throw new ServerError(
        216,
        "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING",
        `Query with id = ${id} is already running.`,
      );
    mine = true;
    state.running.set(id, entry);
    let result;
    let error;
    try {
      result = await run(work, file);
    } catch (caught) {
      error = exceptionOf(caught);
    } finally {
      state.running.delete(id);
      mine = false;
    }
    entry.ended = Date.now();
    await reply(response, work, { file, result, error, fault });
  } catch (error) {
    entry.ended ??= Date.now();
    refuse(response, work, exceptionOf(error));
  } finally {
    if (mine) state.running.delete(id);
    rmSync(file, { force: true });
  }
}

async function reply(response, work, { file, result, error, fault }) {
  if (fault?.kind === "stall") await wait(fault.ms);
  if (fault?.kind === "lose") return response.socket?.destroy();
  const read = work.statement.kind === "read";
  const bytes = read ? undefined : Buffer.from(result?.bytes?.() ?? []);
  const size = read
    ? await stat(file).then(
        (one) => one.size,
        () => 0,
      )
    : (bytes?.length ?? 0);
  const waits = work.url.searchParams.get("wait_end_of_query") === "1";
  // A server holds 1 MiB back: an error within it still has a status of its own.
  if (error && (waits || size <= 1 << 20)) throw error;
  const about = { file, bytes, size, result };
  const part = Math.min(size, fault?.bytes ?? Math.floor(size / 2));
  if (fault?.kind === "truncate")
    return send(response, work, { ...about, end: part, breaks: true });
  const late =
    fault?.kind === "cut" ? new ServerError(fault.code, fault.type, fault.message) : error;
  if (!late) return send(response, work, about);
  work.entry.code = late.code;
  if (fault?.tag === false) work.tag = undefined;
  const tail = tailOf(textOf(late, version()), work.tag);
  const end = fault?.kind === "cut" ? part : size;
  await send(response, work, { ...about, end, tail, breaks: fault?.breaks ?? true });
}

async function control(request, response) {
  if (request.method === "POST") {
    const asked = JSON.parse((await whole(request)).toString());
    if (asked.reset) {
      Object.assign(state, { version: undefined, exceptionTag: true, log: [] });
      faults.length = 0;
    }
    if (asked.faults) addFaults(asked.faults);
    if ("version" in asked) state.version = asked.version ?? undefined;
    if ("exceptionTag" in asked) state.exceptionTag = asked.exceptionTag;
  }
  const { log, running } = state;
  response.setHeader("Content-Type", "application/json");
  response.end(
    JSON.stringify({
      log,
      running: [...running.keys()],
      faults,
      memory: process.memoryUsage().rss,
    }),
  );
}

// As long a URL as a server takes.
const server = createServer(
  { keepAliveTimeout: 30_000, maxHeaderSize: 1 << 20 },
  (request, response) => {
    const url = new URL(request.url, "http://front");
    // A client that goes away in the middle is part of what is tested.
    request.on("error", () => {});
    response.on("error", () => {});
    const work =
      url.pathname === "/control"
        ? control(request, response)
        : url.pathname === "/ping" || (request.method === "GET" && !url.searchParams.has("query"))
          ? response.end("Ok.\n")
          : answer(request, response, url);
    Promise.resolve(work).catch(() => response.destroy());
  },
);
server.requestTimeout = 0;

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  server.close();
  server.closeAllConnections();
  rmSync(temporary, { recursive: true, force: true });
  // The engine cannot end before its queries do: who stops the front does not want to wait for them.
  if (state.running.size > 0) process.kill(process.pid, "SIGKILL");
  first.close();
  process.exit(0);
}
process.on("SIGTERM", end).on("SIGINT", end);
if (options["until-stdin-ends"]) process.stdin.on("end", end).on("error", end).resume();

server.listen(Number(options.port), "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port, version: engine })}\n`);
});
