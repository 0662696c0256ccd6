/** Staged files are synced and summed in turn; one that is gone says nothing of the others. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStagedFiles } from "../../src/intake/staged-files.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "numbers-staged-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");

test("each file is summed, of no byte, of one, and of more than a block", async () => {
  const contents = [0, 1, 1 << 20, (1 << 20) + 1, 3_000_000].map((bytes) =>
    Buffer.from(Uint8Array.from({ length: bytes }, (_, place) => place % 251)),
  );
  const paths = contents.map((content, number) => write(`${number}.parquet`, content));
  const staged = createStagedFiles();
  staged.begin(paths);
  expect(await Promise.all(paths.map(staged.sum))).toEqual(contents.map(sha256));
  await staged.stop();
});

test("a file that was begun is not read again", async () => {
  const path = write("one.parquet", Buffer.from("first"));
  const staged = createStagedFiles();
  staged.begin([path]);
  const sum = await staged.sum(path);
  rmSync(path);
  staged.begin([path]);
  expect(await staged.sum(path)).toBe(sum);
  await staged.stop();
});

test("a file that was left out meanwhile fails for itself alone", async () => {
  const [gone, there] = [join(folder, "gone.parquet"), write("there.parquet", Buffer.from("x"))];
  const staged = createStagedFiles();
  staged.begin([gone, there]);
  expect(await staged.sum(there)).toBe(sha256(Buffer.from("x")));
  await expect(staged.sum(gone)).rejects.toThrow("ENOENT");
  await expect(staged.sum(join(folder, "never.parquet"))).rejects.toThrow("not begun");
  await staged.stop();
});

test("what is stopped gives no sum, and nothing is read after it", async () => {
  const path = write("large.parquet", Buffer.alloc(64 << 20));
  const staged = createStagedFiles();
  staged.begin([path]);
  await staged.stop();
  rmSync(path);
  await expect(staged.sum(path)).rejects.toThrow("aborted");
});
