/** Reading a backup to its last byte, and comparing every checksum with its manifest. */
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import type { Progress } from "../progress.ts";
import { type Copying, followed, isPart, sumOf } from "./copying.ts";
import { type Lock, listStored, openBackup, strangers } from "./folder.ts";
import { type Manifest, partsOfStored } from "./manifest.ts";
import { unnamed } from "./plan.ts";

/** `extra`: nobody knows what it is. */
export type Problem = {
  /** Below the backup. */
  readonly stored: string;
  readonly problem: "missing" | "damaged" | "extra";
  readonly found: string;
};

export type Verdict = {
  readonly manifest: Manifest;
  readonly problems: readonly Problem[];
  /** Whole files that an interrupted backup copied, or did not come to remove. */
  readonly leftOver: number;
};

export type VerifyEffects = {
  readonly lock: Lock;
  readonly signal: AbortSignal;
  readonly progress: Progress;
};

export async function verifyBackup(
  folder: string,
  { lock, signal, progress }: VerifyEffects,
): Promise<Verdict> {
  const { manifest, release } = await openBackup(folder, lock);
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const copying = followed("reading", total, progress, signal);
  try {
    const problems: Problem[] = [];
    for (const { stored, sha256, bytes } of manifest.files) {
      const found = await faultOf(join(folder, stored), sha256, bytes, copying);
      if (found) problems.push({ stored, ...found });
    }
    let leftOver = 0;
    for (const { stored } of unnamed(listStored(folder), manifest.files)) {
      if (isPart(stored) || (await isWhole(folder, stored, copying))) leftOver += 1;
      else problems.push({ stored, problem: "extra", found: "is not in the manifest" });
    }
    for (const stored of strangers(folder)) {
      problems.push({ stored, problem: "extra", found: "is no part of a backup" });
    }
    return { manifest, problems, leftOver };
  } finally {
    release();
  }
}

async function faultOf(
  path: string,
  sha256: string,
  bytes: number,
  copying: Copying,
): Promise<Omit<Problem, "stored"> | undefined> {
  try {
    const sum = await sumOf(path, copying);
    if (sum.bytes !== bytes) {
      return { problem: "damaged", found: `has ${sum.bytes} bytes, the manifest says ${bytes}` };
    }
    if (sum.sha256 === sha256) return undefined;
    return { problem: "damaged", found: "has another checksum than the manifest says" };
  } catch (error) {
    copying.signal.throwIfAborted();
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return { problem: "missing", found: "is missing" };
    }
    return { problem: "damaged", found: `cannot be read: ${messageOf(error)}` };
  }
}

/** Whether a file is what its own name says. */
async function isWhole(folder: string, stored: string, copying: Copying): Promise<boolean> {
  const parts = partsOfStored(stored);
  if (!parts) return false;
  try {
    const { sha256 } = await sumOf(join(folder, stored), copying);
    return sha256.startsWith(parts.sum);
  } catch {
    copying.signal.throwIfAborted();
    return false;
  }
}
