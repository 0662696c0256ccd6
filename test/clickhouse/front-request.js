// What a request says: who asks, the query, its parameters, its rows.
import { createBrotliDecompress, createGunzip } from "node:zlib";
import { ServerError } from "./front-errors.js";
import { analyse } from "./statement.js";

/** The user, if the password is right. */
export function authenticate(request, url, options) {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const [name, ...rest] = basic ? Buffer.from(basic, "base64").toString().split(":") : [];
  const user =
    request.headers["x-clickhouse-user"] ?? name ?? url.searchParams.get("user") ?? "default";
  const password =
    request.headers["x-clickhouse-key"] ??
    (basic ? rest.join(":") : (url.searchParams.get("password") ?? ""));
  if (user === options.user && password === options.password) return user;
  throw new ServerError(
    516,
    "AUTHENTICATION_FAILED",
    `${user}: Authentication failed: password is incorrect, or there is no user with such name.`,
  );
}

export async function whole(stream) {
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
export async function queryOf(request, url) {
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
