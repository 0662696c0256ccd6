/** How much of the machine the engine may use where nobody says: several processes must find room side by side. */
import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";

/** What this process may have of the machine: of a container, what that was given. */
export type Machine = { readonly bytes: number; readonly processors: number };

export type Share = { readonly threads: number | undefined; readonly memory: string };

/** A thread that reads a list and writes it by provider took 55 MB of 490-byte rows; it must not be the limit. */
const threadBytes = 128e6;
/** What the largest orders and lists that were measured run well with; more processors get more. */
const usualBytes = 2e9;

/**
 * What is generated waits in memory for the disk, as much as there is room for: with 2 GB 12 million rows took up to a quarter more
 * than 4 million, with this as much, in the same time; with 0.5 GB two thirds of it, and half as long again.
 */
export const generatorBytes = 1.5e9;

/**
 * A third of the memory, so that two at once and the system have room, and at most `usual` bytes or what all threads need. As
 * many threads as find room in it; undefined leaves them to the engine, which takes one for each processor.
 */
export function shareOf(
  { bytes, processors }: Machine,
  told: { readonly threads: number | undefined; readonly memory: string | undefined },
  usual = usualBytes,
): Share {
  const wanted = told.threads ?? processors;
  const most = Math.min(bytes / 3, Math.max(usual, wanted * threadBytes));
  const memory = told.memory ?? `${Math.floor(most / 1e6)}MB`;
  const room = Math.max(1, Math.floor(bytesOf(memory) / threadBytes));
  return { memory, threads: told.threads ?? (room < processors ? room : undefined) };
}

/** A size as settings let it through: `2GB`, `1.5 GiB`. */
export function bytesOf(size: string): number {
  const [, digits, unit = "", binary] = /^([\d.]+)\s?([KMGT])(i?)B$/i.exec(size) ?? [];
  const power = ["K", "M", "G", "T"].indexOf(unit.toUpperCase()) + 1;
  return Number(digits) * (binary ? 1024 : 1000) ** power;
}

export function thisMachine(): Machine {
  // 0, or more than there is, where nothing is set.
  const constrained = process.constrainedMemory?.() || totalmem();
  return {
    bytes: Math.min(constrained, totalmem()),
    processors: Math.min(availableParallelism(), processorsOfGroup()),
  };
}

/** What the control group may use, which Node 20 does not look at: `200000 100000` is two processors. */
function processorsOfGroup(): number {
  try {
    const [quota, period] = readFileSync("/sys/fs/cgroup/cpu.max", "utf8").trim().split(" ");
    const processors = Math.ceil(Number(quota) / Number(period));
    return processors >= 1 ? processors : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
