/**
 * Descriptors that are closed or full. Node opens /dev/null in place of a closed one before the program begins, so that no
 * file of the home can take its number; what is left to see to is that nothing is sold into it.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { binary, cleanEnvironment, createWorkdir, list, type Workdir } from "./workdir.ts";

/** Runs the program in a shell that closes or redirects something. */
function shell(dir: Workdir, args: readonly string[], redirect: string) {
  const { status, stdout, stderr } = spawnSync(
    "/bin/sh",
    ["-c", `"$0" "$@" ${redirect}`, process.execPath, binary, ...args],
    { cwd: dir.folder, env: cleanEnvironment(dir.home), encoding: "utf8", input: "" },
  );
  return { code: status, stdout, stderr };
}

const order = ["order", "--provider", "tsel", "--count", "2"];
const hasFull = existsSync("/dev/full");
let dir: Workdir;

beforeEach(async () => {
  dir = createWorkdir();
  dir.write("list.csv", list("812", 5));
  await dir.ok(["ingest", "list.csv"]);
});

async function sold(): Promise<number> {
  return (await dir.query("select * from sales_history")).length;
}

describe("stdout", () => {
  test.each([
    [[], ">&-"],
    [["-o", "-"], ">&-"],
    [["-o", "/dev/stdout"], ">&-"],
    [["-o", "/dev/fd/1"], ">&-"],
  ])("an order %j %s is refused before anything is sold", async (output, redirect) => {
    const { code, stderr } = shell(dir, [...order, ...output], redirect);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^numbers: --output: stdout is closed or \/dev\/null, .* name a file/);
    expect(await sold()).toBe(0);
    await dir.checkPromises();
  });

  test("an export too, and the order stays as it was", async () => {
    const { order_id } = await dir.json([...order, "-o", "a.csv"]);
    const { code } = shell(dir, ["order", "export", order_id], ">&-");
    expect(code).toBe(2);
    expect((await dir.json(["order", "show", order_id])).output).toBe(dir.path("a.csv"));
  });

  test("/dev/null that is named is what somebody wants", async () => {
    expect(shell(dir, [...order, "-o", "/dev/null"], ">&-").code).toBe(0);
    expect(shell(dir, order, "> /dev/null").code).toBe(0);
    expect(await sold()).toBe(4);
  });

  test("closed: an order to a file is delivered, other commands do their work", async () => {
    expect(shell(dir, [...order, "-o", "a.csv"], ">&-").code).toBe(0);
    expect(existsSync(dir.path("a.csv"))).toBe(true);
    for (const args of [["stats"], ["stats", "--json"], ["--help"], ["doctor"]]) {
      expect(shell(dir, args, ">&-").code).toBe(0);
    }
    await dir.checkPromises();
  });

  test.skipIf(!hasFull)(
    "full: an order is reserved and named, what was only to be said is lost",
    async () => {
      const { code, stderr } = shell(dir, order, "> /dev/full");
      expect(code).toBe(7);
      expect(stderr).toMatch(/numbers order export \S+ -o FILE/);
      expect(await sold()).toBe(2);
      const stats = shell(dir, ["stats"], "> /dev/full");
      expect(stats.code).toBe(1);
      expect(stats.stderr).toContain("stdout could not be written");
      await dir.checkPromises();
    },
  );
});

describe("stderr", () => {
  test.each(["2>&-", ...(hasFull ? ["2> /dev/full"] : [])])(
    "%s: the work is done, the exit code says what happened, and no file gets the talk",
    async (redirect) => {
      expect(shell(dir, ["ingest", "list.csv"], redirect).code).toBe(0);
      expect(shell(dir, [...order, "-o", "a.csv"], redirect).code).toBe(0);
      expect(shell(dir, [...order.slice(0, -1), "90", "-o", "b.csv"], redirect).code).toBe(4);
      expect(shell(dir, ["nonsense"], redirect).code).toBe(2);
      expect(shell(dir, ["stats"], redirect)).toMatchObject({ code: 0, stderr: "" });
      expect(await sold()).toBe(2);
      await dir.checkPromises();
    },
  );

  test("all three closed", async () => {
    const { code } = shell(dir, [...order, "-o", "a.csv"], "<&- >&- 2>&-");
    expect(code).toBe(0);
    expect(await sold()).toBe(2);
    await dir.checkPromises();
  });
});

test("stdin closed: what reads it finds nothing in it", async () => {
  expect(shell(dir, ["ingest", "-"], "<&-")).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^-: failed: it holds no rows/),
  });
  expect(shell(dir, ["erase", "-", "--reason", "asked"], "<&-").code).toBe(2);
  await dir.checkPromises();
});
