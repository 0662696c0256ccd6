/** Where an order goes: stdout, a pipe, a file, or several files; and what they are called. */
import {
  accessSync,
  constants,
  existsSync,
  fstatSync,
  readFileSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Order } from "../engine/engine.ts";
import { messageOf, usageError } from "../errors.ts";
import { dayOf } from "../time.ts";

export type Target =
  | { readonly kind: "stdout" }
  | { readonly kind: "file" | "pipe" | "device"; readonly path: string };

const stdoutDescriptor = 1;

/** What stands for something in the name of an output. */
const holes = ["id", "provider", "date", "count", "customer", "n"] as const;

/** Where to deliver: a place as `findPlace` finds it. Names in braces, such as `{id}`, are filled by `pathOf`. */
export function findTarget(output: string): Target {
  for (const [, hole = ""] of resolve(output).matchAll(/\{(\w+)\}/g)) {
    if ((holes as readonly string[]).includes(hole)) continue;
    throw usageError(
      `--output: {${hole}} stands for nothing; there are ${holes.map((name) => `{${name}}`).join(" ")}`,
    );
  }
  return findPlace(output, "--output");
}

/**
 * Where to write: `-` is stdout, anything that is not a regular file is written in place. Throws a usage error that names
 * `option` for a place that cannot be written, before any work is done.
 */
export function findPlace(output: string, option: string): Target {
  if (output === "-") return { kind: "stdout" };
  const path = resolve(output);
  const stat = look(path, option);
  if (stat?.isDirectory()) throw usageError(`${option}: ${path} is a folder; name a file in it`);
  if (stat && !stat.isFile()) return { kind: stat.isFIFO() ? "pipe" : "device", path };
  const folder = look(dirname(path), option);
  if (!folder?.isDirectory()) {
    throw usageError(`${option}: there is no folder ${dirname(path)}; make it first`);
  }
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw usageError(`${option}: the folder ${dirname(path)} may not be written to`, error);
  }
  return { kind: "file", path };
}

function look(path: string, option: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // A name that is too long, or leads through a file or a folder that may not be entered.
    throw usageError(
      `${option}: ${messageOf(error).replace(/,.*$/s, "")}; name another file`,
      error,
    );
  }
}

/** Throws a usage error for wishes that only files can meet. */
export function requireFile(target: Target | undefined, option: string): void {
  if (target?.kind !== "file") {
    throw usageError(`${option}: it makes files; name them with --output, such as -o numbers.csv`);
  }
}

/**
 * Throws a usage error for numbers that nobody would get: where stdout is closed (`>&-`), Node opens /dev/null in its place,
 * and a delivery would succeed. It opens it for reading too, as no shell does: `> /dev/null` is somebody's wish.
 */
export function requireTaker(target: Target | undefined): void {
  const isStdout = target === undefined || target.kind === "stdout";
  if (!isStdout && !namesOfStdout.includes(target.path)) return;
  const stat = fstatSync(stdoutDescriptor);
  const isNothing = stat.isCharacterDevice() && stat.rdev === look("/dev/null", "--output")?.rdev;
  if (isNothing && isReadable(stdoutDescriptor)) {
    throw usageError(
      "--output: stdout is closed or /dev/null, nobody would get the numbers; name a file, such as -o numbers.csv",
    );
  }
}

const namesOfStdout = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/** By Linux, which has the flags of open(2) there in octal digits; elsewhere nobody says so. */
function isReadable(descriptor: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(
      readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8"),
    )?.[1];
    return (
      (Number.parseInt(flags ?? "0", 8) & (constants.O_WRONLY | constants.O_RDWR)) !==
      constants.O_WRONLY
    );
  } catch {
    return false;
  }
}

/** Where an order goes that names no output: stdout when it leads somewhere, else a new file here. */
export function defaultOutput(order: Order, isTerminal: boolean, folder: string): string {
  if (!isTerminal) return "-";
  const ending = order.layout.format;
  const path = join(
    folder,
    `order-${order.orderId}-${order.providers.join("+")}-${order.numbers}.${ending}`,
  );
  if (existsSync(path)) throw usageError(`${path} is there already; name another with --output`);
  return path;
}

/** The path of an order's file, its braces filled but for `{n}`, which tells the files of a split order apart. */
export function pathOf(path: string, order: Order, timeZone: string): string {
  const words: Readonly<Record<string, string>> = {
    id: order.orderId,
    provider: order.providers.join("+"),
    date: dayOf(order.reservedAt, timeZone),
    count: String(order.numbers),
    customer: order.customer ?? "",
  };
  // A name is one part of a path, whatever a customer is called.
  const filled = path.replaceAll(/\{(\w+)\}/g, (hole, name: string) =>
    name in words ? (words[name] ?? "").replace(/[^\p{L}\p{N}._+-]/gu, "_") : hole,
  );
  if (order.layout.split === undefined) return filled.replaceAll("{n}", "1");
  if (filled.includes("{n}")) return filled;
  return filled.replace(/((?:\.\w+){0,2})$/, "-{n}$1");
}

/** The paths of the files of a split order: `{n}` is 001, 002, …, as wide as the last one is. */
export function partPaths(path: string, parts: number): string[] {
  const width = Math.max(3, String(parts).length);
  return Array.from({ length: parts }, (_, index) =>
    path.replaceAll("{n}", String(index + 1).padStart(width, "0")),
  );
}
