/** Values on their way into a statement and out of a result. Pure. */
import type { Parameter, Parameters, Row } from "../session.ts";

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
