/** Values on their way into a statement and out of a result. Pure. */
import type { Parameter, Parameters, Row } from "../session.ts";
import { text } from "./statements.ts";

/**
 * What a statement's `{name:Type}` are bound to. Throws when it wants what is not given or is given what it does not want:
 * both are defects.
 */
export function bound(name: string, sql: string, parameters: Parameters): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const unused = new Set(Object.keys(parameters));
  for (const [, parameter = "", type = ""] of sql.matchAll(
    /\{(\w+):\s*((?:[^{}'"]|'[^']*')+)\}/g,
  )) {
    if (!Object.hasOwn(parameters, parameter)) {
      throw new Error(`${name}.sql wants {${parameter}}, which was not given`);
    }
    unused.delete(parameter);
    values[parameter] = valueFor(type, parameters[parameter] as Parameter);
  }
  for (const parameter of unused) throw new Error(`${name}.sql does not want {${parameter}}`);
  return values;
}

/** Instants come as ISO 8601 in UTC, which the server does not read as a parameter: it wants a blank in place of the T. */
function valueFor(type: string, value: Parameter): unknown {
  if (typeof value === "string" && type.includes("DateTime64")) {
    return new Date(value).toISOString().replace("T", " ").replace("Z", "");
  }
  return value;
}

/**
 * Parameters stand in the address of a request. A server takes 1 MiB there and 128 KiB of each (`http_max_uri_size`,
 * `http_max_field_value_size`), what is in between often less.
 */
const addressMost = 32 * 1024;

/**
 * A statement whose parameters a server takes: when they are too long together, the longest stand in the statement itself, as
 * literals. Such are the paths of thousands of files, and the steps of a large change. `most`: characters of all that stay.
 */
export function withoutLong(
  sql: string,
  parameters: Readonly<Record<string, unknown>>,
  most = addressMost,
): { sql: string; parameters: Record<string, unknown> } {
  const lengths = Object.entries(parameters)
    .map(([name, value]) => ({ name, length: encodeURIComponent(textOf(value)).length }))
    .sort((one, other) => one.length - other.length);
  let total = 0;
  const short = new Set<string>();
  for (const { name, length } of lengths) {
    total += length;
    if (total <= most) short.add(name);
  }
  const literal = sql.replaceAll(
    /\{(\w+):\s*((?:[^{}'"]|'[^']*')+)\}/g,
    (hole, name: string, type: string) => {
      if (short.has(name) || !Object.hasOwn(parameters, name)) return hole;
      return `cast(${text(textOf(parameters[name])).sql}, ${text(type.trim()).sql})`;
    },
  );
  const kept = Object.entries(parameters).filter(([name]) => short.has(name));
  return { sql: literal, parameters: Object.fromEntries(kept) };
}

/** A value as the server reads it from text; inside an array, text is in quotes. */
function textOf(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const elements = value.map((one) => (typeof one === "string" ? text(one).sql : String(one)));
  return `[${elements.join(",")}]`;
}

/** What the types of a result's columns need to become what the other engine's rows hold. */
type Decode = (value: unknown) => unknown;

/**
 * The rows of a result in `JSONCompactEachRowWithNamesAndTypes` (whole numbers of 64 bits in quotes): bigint, Date, boolean,
 * arrays, text and null. Days are text, `YYYY-MM-DD`.
 */
export function rowsOf(text: string): Row[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const [names = [], types = []] = lines.slice(0, 2).map((line) => JSON.parse(line) as string[]);
  const decoders = types.map(decoderOf);
  return lines.slice(2).map((line) => {
    const cells = JSON.parse(line) as unknown[];
    return Object.fromEntries(names.map((name, n) => [name, decoders[n]?.(cells[n])] as const));
  });
}

function decoderOf(type: string): Decode {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1];
  if (inner !== undefined) return decoderOf(inner);
  const element = /^Array\((.*)\)$/.exec(type)?.[1];
  if (element !== undefined) {
    const decode = decoderOf(element);
    return (value) => (value as unknown[]).map(decode);
  }
  if (/^U?Int(64|128|256)$/.test(type)) return orNull((value) => BigInt(value as string));
  if (/^DateTime/.test(type)) {
    return orNull((value) => new Date(`${String(value).replace(" ", "T")}Z`));
  }
  return (value) => value;
}

function orNull(decode: Decode): Decode {
  return (value) => (value === null ? null : decode(value));
}
