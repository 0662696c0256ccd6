// ClickHouse's HTTP interface in front of chdb, the same engine in this process: what the tests put
// in the place of a server. Every request has its own chdb session, so that settings, parameters and
// the remains of a failed query end with it; sessions on one folder share data and run in parallel.
//
//   node test/clickhouse/front.js --data FOLDER [--port 0] [--user default] [--password ""]
//                                 [--config FILE] [--until-stdin-ends]
//
// The port comes as a line of JSON on stdout.

import { randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createBrotliCompress, createBrotliDecompress, createGunzip, createGzip } from "node:zlib";
import { Session } from "chdb";
import { exceptionOf, ServerError, statusOf, tailOf, textOf } from "./front-errors.js";
import { addFaults, faultFor, faults } from "./front-faults.js";
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
const temporary = mkdtempSync(join(tmpdir(), "numbers-front-"));

/** What a test may change while the front runs. */
const state = { version: undefined, exceptionTag: true, log: [], running: new Map() };
const version = () => state.version ?? engine;

// Part of the protocol and not settings of the engine.
const reserved = new Set(
  "query database default_format query_id session_id session_timeout session_check role user password quota_key stacktrace wait_end_of_query buffer_size compress decompress client_protocol_version".split(
    " ",
  ),
);

function authenticate(request, url) {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const [name, ...rest] = basic ? Buffer.from(basic, "base64").toString().split(":") : [];
  const user =
    request.headers["x-clickhouse-user"] ?? name ?? url.searchParams.get("user") ?? "default";
  const password =
    request.headers["x-clickhouse-key"] ??
    (basic ? rest.join(":") : (url.searchParams.get("password") ?? ""));
  const [given, right] = [Buffer.from(password), Buffer.from(options.password)];
  if (user === options.user && given.length === right.length && timingSafeEqual(given, right))
    return user;
  throw new ServerError(
    516,
    "AUTHENTICATION_FAILED",
    `${user}: Authentication failed: password is incorrect, or there is no user with such name.`,
  );
}

async function whole(stream) {
  const parts = [];
  let size = 0;
  for await (const part of stream) {
    size += part.length;
    if (size > 64 << 20)
      throw new ServerError(307, "TOO_MANY_BYTES", "Body without query in the URL is too long");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function bodyOf(request) {
  const coding = request.headers["content-encoding"];
  if (coding === "gzip") return request.compose(createGunzip());
  if (coding === "br") return request.compose(createBrotliDecompress());
  if (coding && coding !== "identity")
    throw new ServerError(48, "NOT_IMPLEMENTED", `Front without content encoding ${coding}`);
  return request;
}

// The client sends long parameters as the parts of a form.
function partsOf(body, boundary) {
  const parts = {};
  for (const part of body.toString().split(`--${boundary}`).slice(1, -1)) {
    const name = /name="([^"]*)"/.exec(part)?.[1];
    if (name) parts[name] = part.slice(part.indexOf("\r\n\r\n") + 4, -2);
  }
  return parts;
}

/** Text of the query, its parameters, and the stream of rows if the rows are the body. */
async function queryOf(request, url) {
  const given = url.searchParams.get("query");
  if (request.method === "GET") return { query: given ?? "", form: {} };
  const body = bodyOf(request);
  const boundary = /boundary=([^;]+)/.exec(request.headers["content-type"] ?? "")?.[1];
  if (boundary) {
    const { query = given ?? "", ...form } = partsOf(await whole(body), boundary);
    return { query, form };
  }
  if (given === null) return { query: (await whole(body)).toString(), form: {} };
  if (analyse(given).kind === "insert") return { query: given, form: {}, rows: body };
  return { query: given + (await whole(body)).toString(), form: {} };
}

/** The statements that give a fresh session what the request asks for. */
function preparations(url, form, id) {
  const entries = [...url.searchParams, ...Object.entries(form)];
  const pairs = entries.flatMap(([name, value]) => {
    if (reserved.has(name)) return [];
    // SET takes the text of a parameter as HTTP has it, escapes included.
    if (!/^\w+$/.test(name))
      throw new ServerError(115, "UNKNOWN_SETTING", `Unknown setting '${name}'`);
    return [`${name} = ${quoted(value)}`];
  });
  const database = url.searchParams.get("database");
  return [
    ...(database ? [`use \`${database.replace(/[\\`]/g, "\\$&")}\``] : []),
    `set ${[...pairs, `log_comment = ${quoted(id)}`].join(", ")}`,
  ];
}

async function run(work, file) {
  const { statement, rows, url, form, id, format } = work;
  let sql = statement.sql;
  if (statement.kind === "read") sql = intoFile({ ...statement, sql }, file);
  if (statement.kind === "insert" && rows && !statement.inline) {
    await pipeline(rows, createWriteStream(file));
    // A server takes the empty body of an insert from a select for no rows.
    if (!statement.select || (await stat(file)).size > 0) sql = fromFile(statement, file);
  } else if (rows) for await (const _ of rows);
  const session = new Session(options.data);
  try {
    for (const one of preparations(url, form, id)) await session.queryAsync(one);
    return await session.queryAsync(knownById(sql, state.version), { format });
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
  const { code, status = statusOf(code) } = error;
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

async function send(response, work, { file, bytes, size, end = size, tail, breaks, result }) {
  const compressor = compressorFor(work);
  const number = (value) => String(value ?? 0);
  response.writeHead(200, {
    ...headersOf(work, work.format),
    "X-ClickHouse-Summary": JSON.stringify({
      read_rows: number(result?.rowsRead),
      read_bytes: number(result?.bytesRead),
      written_rows: number(work.statement.kind === "insert" ? result?.rowsRead : 0),
      written_bytes: number(work.statement.kind === "insert" ? result?.bytesRead : 0),
    }),
    ...(compressor ? { "Content-Encoding": compressor.coding } : {}),
  });
  work.entry.status = 200;
  const source = Readable.from(output(file, bytes, end, tail), { objectMode: false });
  const body = compressor ? source.compose(compressor.stream) : source;
  if (!breaks) return pipeline(body, response);
  for await (const part of body) if (!response.write(part)) await once(response, "drain");
  // What was written is to arrive; the end of the answer is not.
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
    entry.user = authenticate(request, url);
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
    for (const [name, value] of [...url.searchParams, ...Object.entries(form)])
      if (name.startsWith("param_")) entry.params[name.slice(6)] = value;
      else if (!reserved.has(name)) entry.settings[name] = value;
    state.log.push(entry);
    fault = faultFor(query);
    if (fault) entry.fault = fault.kind;
    if (fault?.kind === "refuse") return request.socket.destroy();
    if (fault?.kind === "fail")
      throw Object.assign(new ServerError(fault.code, fault.type, fault.message), {
        status: fault.status,
      });
    if (query.trim() === "") throw new ServerError(62, "SYNTAX_ERROR", "Syntax error: Empty query");
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
  const bytes = read ? undefined : Buffer.from(result?.bytes() ?? []);
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
  await send(response, work, { ...about, end, tail, breaks: fault?.breaks ?? false });
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

const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
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
});
server.requestTimeout = 0;

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  server.close();
  server.closeAllConnections();
  // Closing waits for the queries that run; whoever started the front kills it if that takes long.
  first.close();
  rmSync(temporary, { recursive: true, force: true });
  process.exit(0);
}
process.on("SIGTERM", end).on("SIGINT", end);
if (options["until-stdin-ends"]) process.stdin.on("end", end).on("error", end).resume();

server.listen(Number(options.port), "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port, version: engine })}\n`);
});
