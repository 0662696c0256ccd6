/**
 * Flat columns of a Parquet file become the fields of a struct: its footer is written anew, and no row is touched.
 *
 * Why: `partition_by` makes a flat copy of a struct with all its texts before it copies them into its buffers. Four million
 * rows took 9.3 s to read and file with their columns packed into a struct, 8.6 s side by side (18.4 and 17.0 of processor).
 *
 * Why it may be done: pages say how deep a value is defined, not in what (Parquet format, "Nested encoding"). A group that is
 * required defines nothing, so an optional column has the same bytes inside of it as outside; what differs are its entry in
 * the schema and its path, both in the footer. That is Thrift's compact protocol, and all of it that is not changed here is
 * kept byte for byte.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { messageOf } from "../../errors.ts";

/** Behind the footer: its length as 4 bytes, and this. */
const magic = "PAR1";
const tailBytes = 8;

/** Types of Thrift's compact protocol, and fields of Parquet's structs (parquet.thrift), as far as they matter here. */
const thrift = {
  true: 1,
  false: 2,
  byte: 3,
  integer: 5,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const;
const fileFields = { schema: 2, rowGroups: 4 } as const;
const schemaFields = { repetition: 3, name: 4, children: 5 } as const;
const rowGroupFields = { columns: 1 } as const;
const chunkFields = { metadata: 3 } as const;
const metadataFields = { path: 3 } as const;
/** Values of a schema element's repetition. */
const required = 0;
const optional = 1;

/** Bytes of the footer, from `start` to `end`, that others take the place of. */
type Edit = { readonly start: number; readonly end: number; readonly bytes: Buffer };

/** Where the value of a field ends. */
type Visit = (id: number, type: number, start: number) => number;

/**
 * Makes the columns that `names` knows fields of the required struct `group`, under the names it has for them; the others
 * come before them, and stay. All of them are optional columns of plain types. In place, not synced. Returns the file's bytes.
 * Throws when the file is no Parquet file, or of another make.
 */
export function nestColumns(
  path: string,
  group: string,
  names: ReadonlyMap<string, string>,
): number {
  const file = openSync(path, "r+");
  try {
    const { size } = fstatSync(file);
    const tail = readAt(file, size - tailBytes, tailBytes);
    const start = size - tailBytes - tail.readUInt32LE(0);
    if (tail.toString("latin1", 4) !== magic || start < magic.length) {
      throw new Error("it does not end as a Parquet file does");
    }
    const footer = nested(readAt(file, start, size - tailBytes - start), group, names);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    const bytes = Buffer.concat([footer, length, Buffer.from(magic)]);
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(file, bytes, done, bytes.length - done, start + done);
    }
    return start + bytes.length;
  } catch (error) {
    throw new Error(`the footer of ${path} could not be written anew: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const read = readSync(file, bytes, done, length - done, start + done);
    if (read === 0) throw new Error("a file became shorter while it was read");
    done += read;
  }
  return bytes;
}

type Nesting = {
  readonly footer: Buffer;
  readonly group: string;
  readonly names: ReadonlyMap<string, string>;
  readonly edits: Edit[];
};

function nested(footer: Buffer, group: string, names: ReadonlyMap<string, string>): Buffer {
  const nesting = { footer, group, names, edits: [] };
  let rowGroups = 0;
  let chunks = 0;
  const nestRowGroup = (rowGroup: number) => {
    rowGroups += 1;
    return eachField(footer, rowGroup, (id, type, start) => {
      if (id !== rowGroupFields.columns) return skip(footer, type, start);
      return eachElement(footer, start, (chunk) => {
        const { end, isNested } = nestChunk(nesting, chunk);
        if (isNested) chunks += 1;
        return end;
      });
    });
  };
  eachField(footer, 0, (id, type, start) => {
    if (id === fileFields.schema) return nestSchema(nesting, start);
    if (id === fileFields.rowGroups) return eachElement(footer, start, nestRowGroup);
    return skip(footer, type, start);
  });
  if (chunks !== rowGroups * names.size) {
    throw new Error(`${chunks} chunks of ${names.size} columns are in ${rowGroups} row groups`);
  }
  return edited(footer, nesting.edits);
}

/** The root has fewer children, the group comes before the first of its fields, and those have other names. */
function nestSchema({ footer, group, names, edits }: Nesting, list: number): number {
  const { count, start: first } = listHeader(footer, list);
  let found = 0;
  let element = -1;
  const end = eachElement(footer, list, (start) => {
    element += 1;
    let repetition: number | undefined;
    return eachField(footer, start, (id, type, value) => {
      const after = skip(footer, type, value);
      if (id === schemaFields.repetition) repetition = varint(footer, value).value / 2;
      if (element === 0 && id === schemaFields.children) {
        edits.push({ start: value, end: after, bytes: zigzag(count - names.size) });
      }
      if (element === 0 || id !== schemaFields.name) return after;
      const name = names.get(stringAt(footer, value));
      if (name === undefined) {
        if (found > 0) throw new Error("a column that stays stands behind one that is nested");
        return after;
      }
      if (repetition !== optional) throw new Error(`the column ${name} is not optional`);
      if (found === 0) edits.push({ start, end: start, bytes: groupElement(group, names.size) });
      found += 1;
      edits.push({ start: value, end: after, bytes: binary(name) });
      return after;
    });
  });
  if (found !== names.size) throw new Error(`${found} of ${names.size} columns are in the file`);
  edits.push({ start: list, end: first, bytes: listStart(count + 1, thrift.struct) });
  return end;
}

/** The path of a column that is nested begins with the group. */
function nestChunk(
  { footer, group, names, edits }: Nesting,
  chunk: number,
): { end: number; isNested: boolean } {
  let isNested = false;
  const end = eachField(footer, chunk, (id, type, start) => {
    if (id !== chunkFields.metadata) return skip(footer, type, start);
    return eachField(footer, start, (id, type, start) => {
      const end = skip(footer, type, start);
      if (id !== metadataFields.path) return end;
      const name = names.get(stringAt(footer, listHeader(footer, start).start));
      if (name !== undefined) {
        const bytes = Buffer.concat([listStart(2, thrift.binary), binary(group), binary(name)]);
        edits.push({ start, end, bytes });
        isNested = true;
      }
      return end;
    });
  });
  return { end, isNested };
}

/** Edits do not overlap; of two at one place the one that replaces nothing comes first. */
function edited(footer: Buffer, edits: readonly Edit[]): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { start, end, bytes } of [...edits].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  )) {
    pieces.push(footer.subarray(at, start), bytes);
    at = end;
  }
  return Buffer.concat([...pieces, footer.subarray(at)]);
}

/** Visits the fields of a struct; returns where it ends. */
function eachField(bytes: Buffer, start: number, visit: Visit): number {
  let at = start;
  let id = 0;
  for (;;) {
    const header = bytes.readUInt8(at);
    at += 1;
    if (header === 0) return at;
    if (header >> 4) id += header >> 4;
    else {
      const { value, end } = varint(bytes, at);
      id = value / 2; // zigzag, and no field has a negative number
      at = end;
    }
    at = visit(id, header & 15, at);
  }
}

/** Visits the elements of a list; returns where it ends. */
function eachElement(bytes: Buffer, list: number, visit: (start: number) => number): number {
  const { count, start } = listHeader(bytes, list);
  let at = start;
  for (let element = 0; element < count; element += 1) at = visit(at);
  return at;
}

/** Returns where a value ends. A truth has no bytes in a field, and one in a list: `isElement`. */
function skip(bytes: Buffer, type: number, start: number, isElement = false): number {
  switch (type) {
    case thrift.true:
    case thrift.false:
      return isElement ? start + 1 : start;
    case thrift.byte:
      return start + 1;
    case thrift.double:
      return start + 8;
    case thrift.binary: {
      const { value, end } = varint(bytes, start);
      return end + value;
    }
    case thrift.list:
    case thrift.set: {
      const { type: each } = listHeader(bytes, start);
      return eachElement(bytes, start, (at) => skip(bytes, each, at, true));
    }
    case thrift.struct:
      return eachField(bytes, start, (_, each, at) => skip(bytes, each, at));
    case thrift.map:
      throw new Error("a Parquet footer has no maps");
    default:
      return varint(bytes, start).end;
  }
}

function listHeader(bytes: Buffer, at: number): { type: number; count: number; start: number } {
  const header = bytes.readUInt8(at);
  if (header >> 4 < 15) return { type: header & 15, count: header >> 4, start: at + 1 };
  const { value, end } = varint(bytes, at + 1);
  return { type: header & 15, count: value, start: end };
}

/** Whole up to 2^53; a longer one, such as a large negative number, is only ever passed over. */
function varint(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  let at = start;
  for (let weight = 1; ; weight *= 128) {
    const byte = bytes.readUInt8(at);
    at += 1;
    value += (byte & 127) * weight;
    if (byte < 128) return { value, end: at };
  }
}

function stringAt(bytes: Buffer, start: number): string {
  const { value, end } = varint(bytes, start);
  return bytes.toString("utf8", end, end + value);
}

function groupElement(name: string, children: number): Buffer {
  return Buffer.concat([
    field(0, schemaFields.repetition, thrift.integer),
    zigzag(required),
    field(schemaFields.repetition, schemaFields.name, thrift.binary),
    binary(name),
    field(schemaFields.name, schemaFields.children, thrift.integer),
    zigzag(children),
    Buffer.from([0]),
  ]);
}

function field(previous: number, id: number, type: number): Buffer {
  return Buffer.from([((id - previous) << 4) | type]);
}

function listStart(count: number, type: number): Buffer {
  if (count < 15) return Buffer.from([(count << 4) | type]);
  return Buffer.concat([Buffer.from([0xf0 | type]), unsigned(count)]);
}

function binary(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([unsigned(bytes.length), bytes]);
}

/** Of a number that is not negative. */
function zigzag(value: number): Buffer {
  return unsigned(value * 2);
}

function unsigned(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
