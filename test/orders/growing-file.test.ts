/** What is shown of a file that grows is what it holds at the end, whoever is faster. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { appendFile, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { followFile } from "../../src/orders/growing-file.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "numbers-growing-"));
  path = join(folder, "delivery.csv");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What was shown, joined: a block is good only until the next. */
function collector(): { shown: () => Buffer; onBlock: (block: Buffer) => void } {
  const blocks: Buffer[] = [];
  return {
    shown: () => Buffer.concat(blocks),
    onBlock: (block) => {
      blocks.push(Buffer.from(block));
    },
  };
}

test.each([
  ["nothing", 0, 1, 0],
  ["one byte", 1, 1, 0],
  ["a writer that is slower than the reader", 50_000, 20, 7],
  ["more than a block at once", 2_500_000, 3, 0],
  ["more than what is sent on to the disk at a time", 30 << 20, 5, 1],
])("%s", async (_what, pieceBytes, pieces, pauseMs) => {
  const { shown, onBlock } = collector();
  const bytes = await followFile(
    path,
    async (target) => {
      for (let number = 0; number < pieces; number += 1) {
        await appendFile(target, Buffer.alloc(pieceBytes, number + 1));
        if (pauseMs > 0) await sleep(pauseMs);
      }
    },
    onBlock,
  );
  expect(bytes).toBe(pieceBytes * pieces);
  expect(shown().equals(readFileSync(path))).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a writer that empties the file first, as the engine does", async () => {
  const { shown, onBlock } = collector();
  await followFile(
    path,
    async (target) => {
      const file = await open(target, "w");
      await file.writeFile("phone\n6281200000001\n");
      await file.close();
    },
    onBlock,
  );
  expect(shown().toString()).toBe("phone\n6281200000001\n");
});

test("a writer that fails is told, once it writes no more", async () => {
  let isDone = false;
  const following = followFile(
    path,
    async (target) => {
      await appendFile(target, "6281200000001\n");
      await sleep(20);
      isDone = true;
      throw new Error("no space left on device");
    },
    () => undefined,
  );
  await expect(following).rejects.toThrow("no space left on device");
  expect(isDone).toBe(true);
});

test("a file that is there already is not touched", async () => {
  await appendFile(path, "somebody's");
  await expect(
    followFile(
      path,
      async (target) => appendFile(target, "ours"),
      () => undefined,
    ),
  ).rejects.toThrow("EEXIST");
  expect(readFileSync(path, "utf8")).toBe("somebody's");
});
