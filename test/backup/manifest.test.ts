/** The manifest of a backup: what was written is read, and nothing else is. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import {
  type Manifest,
  partsOfStored,
  readManifest,
  storedName,
  writeManifest,
} from "../../src/backup/manifest.ts";

const sum = (text: string) => createHash("sha256").update(text).digest("hex");

function kept(path: string) {
  const sha256 = sum(path);
  const identity = { bytes: 12, inode: "18446744073709551615", modified: "1795192414650165251" };
  return { path, stored: storedName(path, sha256), sha256, ...identity };
}

const manifest: Manifest = {
  numbers: "0.1.0",
  madeAt: new Date("2026-11-20T02:00:00Z"),
  home: sum("first"),
  head: { sequence: 7, hash: sum("last") },
  counts: { imports: 1, numbers: 2, orders: 3, sales: 4, suppressed: 5 },
  lastSale: new Date("2026-11-19T02:00:00Z"),
  files: [
    kept("pool/date=2026-11-20/provider=tsel/a-1.parquet"),
    kept("journal/000000000007/changes.log"),
    kept("numbering/providers.csv"),
    kept("erasure.key"),
  ],
};

test("what was written is read again, also of a home in which nothing was done", () => {
  expect(readManifest(writeManifest(manifest), "m")).toEqual(manifest);
  const empty = { ...manifest, home: undefined, head: undefined, lastSale: undefined, files: [] };
  expect(readManifest(writeManifest(empty), "m")).toEqual(empty);
});

test("a name that was stored says where it belongs and how its checksum begins", () => {
  const { path, stored, sha256 } = kept("ledger/date=2026-11-20/a~b.parquet");
  expect(partsOfStored(stored)).toEqual({ path, sum: sha256.slice(0, 16) });
  expect(partsOfStored("files/a.parquet")).toBeUndefined();
  expect(partsOfStored(`elsewhere/a~${"0".repeat(16)}`)).toBeUndefined();
});

test("any other letter is seen", () => {
  const text = writeManifest(manifest);
  for (let at = 0; at < text.length - 1; at += 13) {
    // White space between two values says nothing.
    if (/\s/.test(text[at] as string)) continue;
    const other = text[at] === "7" ? "8" : "7";
    const changed = text.slice(0, at) + other + text.slice(at + 1);
    expect(() => readManifest(changed, "m"), `letter ${at}`).toThrow(/is damaged|has format/);
  }
  expect(() => readManifest(text.slice(0, 900), "m")).toThrow("is damaged");
  expect(() => readManifest("null", "m")).toThrow("is damaged");
});

test("one of a newer program is refused as such", () => {
  expect(() => readManifest('{"format":2}', "m")).toThrow("has format 2, this program knows 1");
});

test.each([
  "../outside.parquet",
  "pool/../../outside.parquet",
  "/etc/passwd",
  "pool/./a.parquet",
  "pool//a.parquet",
  "numbers.duckdb",
  "tmp/a",
  "numbering/a/b.csv",
  "pool/a\0.parquet",
])("%j is no place in a home", (path) => {
  const text = writeManifest({ ...manifest, files: [kept(path)] });
  expect(() => readManifest(text, "m")).toThrow("which no home has");
});

test("nor may a file be kept outside of the backup", () => {
  const file = { ...kept("erasure.key"), stored: "../home/erasure.key" };
  const text = writeManifest({ ...manifest, files: [file] });
  expect(() => readManifest(text, "m")).toThrow("which no home has");
});
