/** What a backup copies: decided from what the last one noted and what lies in its folder. */
import { expect, test } from "vitest";
import { type Kept, storedName } from "../../src/backup/manifest.ts";
import { isChanged, knownFiles, planOf, unnamed } from "../../src/backup/plan.ts";
import type { HeldFile } from "../../src/engine/backup.ts";

const sha256 = "ab".repeat(32);
const other = "cd".repeat(32);

function held(path: string, bytes: number, inode = "1", modified = "100"): HeldFile {
  return { path, bytes, inode, modified, from: `/held/${path}`, isHeld: true, sum: undefined };
}

function kept({ path, bytes, inode, modified }: HeldFile, sum = sha256): Kept {
  return { path, bytes, inode, modified, sha256: sum, stored: storedName(path, sum) };
}

const stored = ({ stored: name, bytes }: Kept) => ({ stored: name, bytes });

test("what is as it was noted, and still there, is not read", () => {
  const file = held("pool/a", 10);
  const before = kept(file);
  const known = knownFiles([before], [stored(before)]);
  expect(isChanged(known, file.path, file)).toBe(false);
  expect(planOf([file], known, [stored(before)])).toEqual({
    unchanged: [before],
    changed: [],
    bytes: 0,
    spaceMost: 0,
  });
});

test.each([
  ["another size", held("ledger/a", 11)],
  ["another inode", held("ledger/a", 10, "2")],
  ["written to since", held("ledger/a", 10, "1", "101")],
])("%s: it is read", (_, file) => {
  const before = kept(held("ledger/a", 10));
  const known = knownFiles([before], [stored(before)]);
  expect(isChanged(known, file.path, file)).toBe(true);
  const plan = planOf([file], known, [stored(before)]);
  expect(plan.changed.map((one) => one.file)).toEqual([file]);
  expect(plan.bytes).toBe(file.bytes);
});

test("what is of the same size may be the same content: no space is asked for it", () => {
  const file = held("ledger/a", 10, "2");
  const before = kept(held("ledger/a", 10));
  const leftOver = { stored: storedName("ledger/a", other), bytes: 10 };
  const elsewhere = { stored: storedName("ledger/b", other), bytes: 10 };
  const plan = planOf([file], new Map(), [stored(before), leftOver, elsewhere]);
  expect(plan.changed[0]?.candidates).toEqual(new Set([before.stored, leftOver.stored]));
  expect(plan.spaceMost).toBe(0);
});

test("what the backup lost, or has in part, is copied again", () => {
  const file = held("pool/a", 10);
  const before = kept(file);
  expect(knownFiles([before], [])).toEqual(new Map());
  const cut = [{ stored: before.stored, bytes: 9 }];
  const known = knownFiles([before], cut);
  expect(known).toEqual(new Map());
  const plan = planOf([file], known, cut);
  expect(plan.changed[0]?.candidates.size).toBe(0);
  expect(plan.spaceMost).toBe(10);
});

test("what the manifest does not name is left over", () => {
  const before = kept(held("pool/a", 10));
  const older = { stored: storedName("pool/a", other), bytes: 10 };
  expect(unnamed([stored(before), older], [before])).toEqual([older]);
});
