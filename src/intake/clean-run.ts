/**
 * The gate's fast path: passes over records that are beyond doubt, 64 bytes at a time, in WebAssembly. Its rules stand in
 * clean-run.wat, which the build makes into dist/intake/clean-run.wasm: there the sources, what is compiled of them and
 * the bundle find it alike.
 */
import { readFileSync } from "node:fs";
import { packaged } from "../root.ts";
import type { Shape } from "./records.ts";

export type CleanRuns = {
  /** The memory that it looks at, for at least so many bytes. What the last one held is in this one too. */
  room(bytes: number): Buffer;
  /** Where the run of clean records from `at` on ends, as far as it can tell. `isValid`: all of it is UTF-8. */
  pass(at: number, end: number, isValid: boolean): number;
  /** How many records the last run had. */
  passed(): number;
};

type Kernel = {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly passed: { readonly value: number };
  pass(...numbers: readonly number[]): number;
};

/** What is used of it: the types of Node 20 have none of it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const pageBytes = 65_536;
/** It reads its last block to the end, whatever lies there. */
const blockBytes = 64;
/** So many records at most go by untried when none of the last ones was clean: such a list pays for one try in 256. */
const patienceMost = 255;

/** For the first list, not for every command. */
let compiled: object | undefined;

/**
 * None where lines end in CRLF or CR (what goes on is not what came in) or cells are cut at blanks; and none where there
 * is no SIMD or no address space: V8 reserves 10 GB for a memory, which `ulimit -v` may forbid.
 */
export function createCleanRuns(shape: Shape, lineBytesMost: number): CleanRuns {
  const isSuited = shape.newline === "\n" && !shape.loneReturns && shape.delimiter !== " ";
  const kernel = isSuited ? createKernel() : undefined;
  if (!kernel) return noCleanRuns();
  const { columns } = shape;
  const delimiter = shape.delimiter.charCodeAt(0);
  let memory = Buffer.from(kernel.memory.buffer);
  /** Records to let go by before the next try, and how many they were before the last one. */
  let waiting = 0;
  let patience = 0;
  let passed = 0;
  return {
    room: (bytes) => {
      const missing = bytes + blockBytes - memory.length;
      if (missing > 0) {
        kernel.memory.grow(Math.ceil(Math.max(missing, memory.length) / pageBytes));
        memory = Buffer.from(kernel.memory.buffer);
      }
      return memory;
    },
    pass: (at, end, isValid) => {
      passed = 0;
      if (waiting > 0) {
        waiting -= 1;
        return at;
      }
      const beyond = isValid ? 0 : 0x80;
      const next = kernel.pass(at, end, delimiter, columns, lineBytesMost, beyond);
      passed = kernel.passed.value;
      patience = passed > 0 ? 0 : Math.min(patience * 2 + 1, patienceMost);
      waiting = patience;
      return next;
    },
    passed: () => passed,
  };
}

/** Every record is looked at byte by byte. */
export function noCleanRuns(): CleanRuns {
  let memory = Buffer.alloc(1 << 16);
  return {
    room: (bytes) => {
      if (memory.length < bytes) {
        const larger = Buffer.alloc(Math.max(bytes, memory.length * 2));
        memory.copy(larger);
        memory = larger;
      }
      return memory;
    },
    pass: (at) => at,
    passed: () => 0,
  };
}

function createKernel(): Kernel | undefined {
  const bytes = compiled ? undefined : readKernel();
  try {
    if (bytes) compiled = new WebAssembly.Module(bytes);
    return new WebAssembly.Instance(compiled as object).exports as Kernel;
  } catch {
    return undefined;
  }
}

function readKernel(): Buffer {
  const path = packaged("dist/intake/clean-run.wasm");
  try {
    return readFileSync(path);
  } catch (cause) {
    // Not a word about the list that was to be read.
    throw new Error(`${path} is a part of this program and cannot be read: install it again`, {
      cause,
    });
  }
}
