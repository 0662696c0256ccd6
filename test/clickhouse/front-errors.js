// Errors as a server tells them: text, HTTP status, and the tail of an answer that had begun.

export class ServerError extends Error {
  constructor(code, type, message) {
    super(message);
    this.code = code;
    this.type = type;
  }
}

/** chdb's error, or whatever else was thrown, as a server's. */
export function exceptionOf(error) {
  if (error instanceof ServerError) return error;
  const text = String(error?.message ?? error);
  const found = /Code: (\d+)\. DB::Exception: ([\s\S]*?)\s*\(([A-Z][A-Z0-9_]{2,})\)[^()]*$/.exec(
    text,
  );
  if (!found) return new ServerError(1002, "UNKNOWN_EXCEPTION", text);
  // Rows from a file have the error told twice, with a file that no server's client ever sees.
  const message = found[2]
    .replace(/^(?:Code: \d+\. DB::Exception: )+/, "")
    .replace(/\s*\([A-Z][A-Z0-9_]{2,}\) \(version [^)]*\)\.?$/, "")
    .replace(/ \(in file\/uri [^)]*\): /g, " ")
    .replace(
      /: While executing File: data for INSERT was parsed from file\.?/,
      ": data for INSERT was parsed from query",
    );
  return new ServerError(Number(found[1]), found[3], message);
}

export const textOf = ({ code, type, message }, version) =>
  `Code: ${code}. DB::Exception: ${message} (${type}) (version ${version} (official build))`;

// As src/Server/HTTP/exceptionCodeToHTTPStatus.cpp of ClickHouse has them; all others are 500.
const statuses = {
  400: [
    6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427,
    441, 675, 676,
  ],
  401: [194],
  403: [192, 193, 497, 512, 516],
  404: [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511],
  408: [159],
  411: [381],
  413: [229],
  415: [779],
  501: [48],
  503: [76, 209, 439],
};
const byCode = new Map(
  Object.entries(statuses).flatMap(([status, codes]) =>
    codes.map((code) => [code, Number(status)]),
  ),
);
export const statusOf = (code) => byCode.get(code) ?? 500;

/** Since 25.11 with the tag of the answer's header; before, the text behind the marker. */
export function tailOf(text, tag) {
  if (tag === undefined) return `__exception__\r\n${text}\n`;
  const length = Buffer.byteLength(text) + 1;
  return `\r\n__exception__\r\n${tag}\r\n${text}\n${length} ${tag}\r\n__exception__\r\n`;
}
