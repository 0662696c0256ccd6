/**
 * What a backup says of itself: every file of the home, under which name it is kept, and its checksum. Written last, so
 * that a backup is what its manifest names and nothing else. Pure.
 */
import { createHash } from "node:crypto";
import type { AuditHead } from "../engine/audit.ts";
import { exitCode, messageOf, UserError, usageError } from "../errors.ts";

/** Goes up when an older program could not read what a newer one wrote. */
export const manifestFormat = 1;

/** What tells two states of a file apart without reading it. */
export type Identity = {
  readonly bytes: number;
  /** Inode and nanoseconds as text: neither fits into a number. */
  readonly inode: string;
  readonly modified: string;
};

/** A file of the home as the backup keeps it. */
export type Kept = Identity & {
  /** Below the home. */
  readonly path: string;
  /** Below the backup. */
  readonly stored: string;
  readonly sha256: string;
};

/** What a home held when it was backed up. */
export type Counts = {
  readonly imports: number;
  readonly numbers: number;
  readonly orders: number;
  readonly sales: number;
  readonly suppressed: number;
};

export type Manifest = {
  /** The version of the program. */
  readonly numbers: string;
  readonly madeAt: Date;
  /** The hash of the first entry of the audit log, by which a home is known; undefined of one without entries. */
  readonly home: string | undefined;
  /** The last entry. */
  readonly head: AuditHead | undefined;
  readonly counts: Counts;
  readonly lastSale: Date | undefined;
  readonly files: readonly Kept[];
};

/** Whether a file is as it was, as far as can be told without reading it. */
export function isSame(one: Identity, other: Identity): boolean {
  return one.bytes === other.bytes && one.inode === other.inode && one.modified === other.modified;
}

/** The folder of a backup in which the files lie. */
export const filesFolder = "files";

/** Where a file is kept: its place in the home, and as much of its checksum as keeps two contents apart. */
export function storedName(path: string, sha256: string): string {
  return `${filesFolder}/${path}~${sha256.slice(0, 16)}`;
}

/** The place in the home and the beginning of the checksum of a name that `storedName` made. */
export function partsOfStored(stored: string): { path: string; sum: string } | undefined {
  const match = /^files\/(.+)~([0-9a-f]{16})$/s.exec(stored);
  return match?.[1] && match[2] ? { path: match[1], sum: match[2] } : undefined;
}

/** The text of a manifest; it ends with the checksum of all the rest. */
export function writeManifest(manifest: Manifest): string {
  const { numbers, madeAt, home, head, counts, lastSale, files } = manifest;
  const document = {
    format: manifestFormat,
    numbers,
    made_at: madeAt.toISOString(),
    home: home ?? null,
    head: head ? { sequence: head.sequence, hash: head.hash } : null,
    counts,
    last_sale: lastSale?.toISOString() ?? null,
    files,
  };
  return `${JSON.stringify({ ...document, checksum: checksumOf(document) }, undefined, 1)}\n`;
}

type Document = Omit<Manifest, "madeAt" | "lastSale" | "home" | "head"> & {
  readonly format: number;
  readonly made_at: string;
  readonly home: string | null;
  readonly head: AuditHead | null;
  readonly last_sale: string | null;
  readonly checksum: string;
};

/** Throws `integrity` for a text that is not as it was written, a usage error for one of a newer program. */
export function readManifest(text: string, path: string): Manifest {
  let document: Document;
  try {
    document = JSON.parse(text) as Document;
  } catch (error) {
    throw damaged(path, messageOf(error));
  }
  if (typeof document !== "object" || document === null) throw damaged(path, "it is no document");
  if (document.format > manifestFormat) {
    throw usageError(
      `${path} has format ${document.format}, this program knows ${manifestFormat}: it was written by a newer ` +
        "numbers; upgrade this one",
    );
  }
  const { checksum, ...rest } = document;
  if (checksum !== checksumOf(rest)) throw damaged(path, "its checksum is another");
  for (const file of document.files) requirePlace(file, path);
  return {
    numbers: document.numbers,
    madeAt: new Date(document.made_at),
    home: document.home ?? undefined,
    head: document.head ?? undefined,
    counts: document.counts,
    lastSale: document.last_sale === null ? undefined : new Date(document.last_sale),
    files: document.files,
  };
}

/** What may lie in a home and is worth keeping. */
const places = [
  /^(pool|ledger|rejects|journal)(\/[^/]+)+$/,
  /^numbering\/[^/]+$/,
  /^(erasure\.key|config\.toml)$/,
];

/** The checksum of a manifest can be made anew by anybody: no path may lead out of the home, nor out of the backup. */
function requirePlace({ path, stored, sha256 }: Kept, manifest: string): void {
  const isPlace =
    places.some((place) => place.test(path)) &&
    !/[\0\\]/.test(path) &&
    path.split("/").every((part) => part !== "." && part !== "..") &&
    /^[0-9a-f]{64}$/.test(sha256) &&
    stored === storedName(path, sha256);
  if (!isPlace) throw damaged(manifest, `it names ${JSON.stringify(path)}, which no home has`);
}

function checksumOf(document: object): string {
  return createHash("sha256").update(JSON.stringify(document)).digest("hex");
}

function damaged(path: string, what: string): UserError {
  return new UserError(
    exitCode.integrity,
    `${path} is damaged: ${what}. Nothing was changed; use another backup, or make a new one in another folder`,
  );
}
