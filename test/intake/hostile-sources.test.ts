/** Sources that change while they are read, and packed ones that become more than they should. */
import { spawn } from "node:child_process";
import {
  appendFileSync,
  copyFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { unpackLimits, withinLimits } from "../../src/intake/unpacking.ts";
import { binary, cleanEnvironment, createWorkdir, list, type Workdir } from "../workdir.ts";

/** Runs an ingest while `change` is called again and again; resolves to its report. */
async function ingestWhile(dir: Workdir, change: () => void) {
  const child = spawn(process.execPath, [binary, "ingest", "a.csv", "--json"], {
    cwd: dir.folder,
    env: cleanEnvironment(dir.home),
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  let isOver = false;
  const ended = new Promise<number | null>((done) =>
    child.on("close", (code) => {
      isOver = true;
      done(code);
    }),
  );
  while (!isOver) {
    change();
    await sleep(5);
  }
  return { code: await ended, file: JSON.parse(stdout).files[0] };
}

describe("a source that changes while it is read", () => {
  const row = "081200099999,Budi,Bandung\n";

  test.each<[string, (dir: Workdir) => void, RegExp]>([
    ["grows", (dir) => appendFileSync(dir.path("a.csv"), row.slice(0, 13)), /still being written/],
    [
      "grows by whole lines",
      (dir) => appendFileSync(dir.path("a.csv"), row),
      /still being written/,
    ],
    [
      "is replaced",
      (dir) => {
        copyFileSync(dir.path("b.csv"), dir.path("c.csv"));
        renameSync(dir.path("c.csv"), dir.path("a.csv"));
      },
      // Its inode may have been that of the one before it: then it looks as if it had been written anew.
      /replaced by another file|changed while it was read/,
    ],
    [
      "is written anew in its place",
      (dir) => {
        truncateSync(dir.path("a.csv"), 40);
        appendFileSync(dir.path("a.csv"), list("813", 60_000));
      },
      /still being written|no column|cut/,
    ],
  ])(
    "%s: nothing of it is kept, and it enters when it is at rest",
    async (_name, change, message) => {
      const dir = createWorkdir();
      const content = list("812", 60_000);
      writeFileSync(dir.path("a.csv"), content);
      writeFileSync(dir.path("b.csv"), list("813", 60_000));
      const { code, file } = await ingestWhile(dir, () => change(dir));
      expect(file.status).toBe("failed");
      expect(file.message).toMatch(message);
      expect(code).toBe(3);
      expect((await dir.json(["stats"])).pool).toEqual([]);
      writeFileSync(dir.path("a.csv"), content);
      const report = await dir.json(["ingest", "a.csv"]);
      expect(report).toMatchObject({ lines: 60_000, numbers: 60_000 });
      await dir.checkPromises();
    },
  );

  test("is removed: said as it is", async () => {
    const dir = createWorkdir();
    writeFileSync(dir.path("a.csv"), list("812", 60_000));
    const { file } = await ingestWhile(dir, () => rmSync(dir.path("a.csv"), { force: true }));
    expect(file.status).toBe("failed");
    expect(file.message).toMatch(/was removed while it was read|there is no such file/);
    await dir.checkPromises();
  });
});

describe("a packed source that becomes too much", () => {
  async function* blocks(count: number, bytes: number): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < count; n += 1) yield new Uint8Array(bytes);
  }
  const drained = async (from: AsyncGenerator<Uint8Array>) => {
    let bytes = 0;
    for await (const block of from) bytes += block.length;
    return bytes;
  };

  test("is refused by its size, and by its ratio from a size on", async () => {
    const limits = { bytes: 5000, ratio: 10, ratioFrom: 2000 };
    await expect(drained(withinLimits(blocks(6, 1000), () => 1e6, limits))).rejects.toThrow(
      /more than 4.9 KiB.*max_unpacked/,
    );
    await expect(drained(withinLimits(blocks(3, 1000), () => 100, limits))).rejects.toThrow(
      /more than 10 times its size.*max_unpacked_ratio/,
    );
    expect(await drained(withinLimits(blocks(2, 1000), () => 1, limits))).toBe(2000);
    expect(await drained(withinLimits(blocks(5, 1000), () => 500, limits))).toBe(5000);
    expect(unpackLimits.ratioFrom).toBeGreaterThan(1e9);
  });

  test("by the settings: the file fails, the others enter", async () => {
    const dir = createWorkdir();
    writeFileSync(dir.path("bomb.csv.gz"), gzipSync(Buffer.alloc(8 << 20, "081200000001\n")));
    // Honest, and still packed a hundred times.
    const honest = list("812", 5000).replaceAll("Bandung", "Bandung".repeat(30));
    writeFileSync(dir.path("good.csv.gz"), gzipSync(honest, { level: 9 }));
    const env = { NUMBERS_MAX_UNPACKED: "2MiB" };
    const outcome = await dir.run(["ingest", "bomb.csv.gz", "good.csv.gz", "--json"], { env });
    expect(outcome.code).toBe(3);
    const { files } = JSON.parse(outcome.stdout);
    expect(files[0].status).toBe("failed");
    expect(files[0].message).toMatch(
      /unpacked it has more than 2 MiB, the most that is read of a packed file/,
    );
    expect(files[1]).toMatchObject({ status: "ingested", numbers: 5000 });
    for (const [name, value] of [
      ["NUMBERS_MAX_UNPACKED", "much"],
      ["NUMBERS_MAX_UNPACKED_RATIO", "0"],
    ] as const) {
      const refused = await dir.run(["ingest", "good.csv.gz"], { env: { [name]: value } });
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain(`${name}: "${value}" is no`);
    }
    await dir.checkPromises();
  });
});
