/** Several files of one order, their names, and the manifest beside them. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createWorkdir, list, phonesOf, type Workdir } from "../workdir.ts";

async function home(numbers: number): Promise<Workdir> {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", numbers));
  await dir.ok(["ingest", "a.csv"]);
  return dir;
}
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("split", () => {
  test("files of so many numbers, the last of the rest, together the order", async () => {
    const dir = await home(30);
    const order = await dir.json([
      "order",
      "--provider",
      "tsel",
      "--count",
      "25",
      "--split",
      "10",
      "-o",
      "out.csv",
    ]);
    expect(order.files.map(({ numbers }: { numbers: number }) => numbers)).toEqual([10, 10, 5]);
    const names = ["out-001.csv", "out-002.csv", "out-003.csv"];
    const files = names.map((name) => readFileSync(dir.path(name)));
    const phones = files.flatMap((bytes) => phonesOf(bytes.toString()));
    expect(new Set(phones).size).toBe(25);
    for (const [n, bytes] of files.entries()) {
      expect(bytes.toString()).toMatch(/^phone,name,city\n/);
      expect(order.files[n].sha256).toBe(sha256(bytes));
    }
    expect(order.sha256).toBe(sha256(Buffer.concat(files)));
    expect(order.bytes).toBe(Buffer.concat(files).length);
    await dir.ok(["order", "export", order.order_id, "-o", "again.csv.gz"]);
    const again = names.map((name) =>
      gunzipSync(readFileSync(dir.path(`${name.replace("out", "again")}.gz`))),
    );
    expect(Buffer.concat(again).equals(Buffer.concat(files))).toBe(true);
    await dir.checkPromises();
  });

  test.each(["jsonl", "tsv", "parquet", "txt"])("in %s as well", async (format) => {
    const dir = await home(5);
    await dir.ok([
      "order",
      "--provider",
      "tsel",
      "--count",
      "5",
      "--split",
      "2",
      "-o",
      `x-{n}.${format}`,
    ]);
    expect(readdirSync(dir.folder).filter((name) => name.startsWith("x-"))).toHaveLength(3);
    await dir.checkPromises();
  });

  test("needs files, and a failure leaves none", async () => {
    const dir = await home(5);
    for (const output of [[], ["-o", "-"], ["-o", "/dev/null"]]) {
      const refused = await dir.run([
        "order",
        "--provider",
        "tsel",
        "--count",
        "5",
        "--split",
        "2",
        ...output,
      ]);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain("--split: it makes files");
    }
    await dir.checkPromises();
  });
});

describe("names", () => {
  test("are filled, and a customer's name is one part of a path", async () => {
    const dir = await home(5);
    const template = "{provider}-{date}-{customer}-{count}-{id}.csv";
    const order = await dir.json([
      "order",
      "--provider",
      "tsel",
      "--count",
      "2",
      "--customer",
      "../A/B co",
      "-o",
      template,
    ]);
    const path = dir.path(`tsel-2026-11-20-.._A_B_co-2-${order.order_id}.csv`);
    expect(order.output).toBe(path);
    expect(existsSync(path)).toBe(true);
    const unknown = await dir.run([
      "order",
      "--provider",
      "tsel",
      "--count",
      "2",
      "-o",
      "{city}.csv",
    ]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("{city} stands for nothing");
  });
});

test("the manifest says what the delivery is", async () => {
  const dir = await home(5);
  const order = await dir.json([
    "order",
    "--provider",
    "tsel",
    "--count",
    "2",
    "-o",
    "o.csv",
    "--manifest",
  ]);
  const manifest = JSON.parse(readFileSync(dir.path("o.csv.manifest.json"), "utf8"));
  expect(manifest).toMatchObject({
    order_id: order.order_id,
    state: "delivered",
    numbers: 2,
    sha256: order.sha256,
    criteria: { within: "3d", cooldown: "30d", pick: "newest" },
    files: [{ path: "o.csv", numbers: 2, sha256: sha256(readFileSync(dir.path("o.csv"))) }],
    suppression: { newest: null, age_seconds: null },
  });
  expect(
    (await dir.run(["order", "--provider", "tsel", "--count", "1", "-o", "-", "--manifest"])).code,
  ).toBe(2);
});

test("orders are listed by state, customer, provider and day", async () => {
  const dir = await home(20);
  const take = (now: string, ...args: string[]) =>
    dir.ok(["order", "--provider", "tsel", "--count", "1", "-o", "-", ...args], { now });
  await take("2026-11-20T09:00:00+07:00", "--customer", "Acme");
  await take("2026-11-21T00:30:00+07:00");
  const listed = async (...args: string[]) =>
    (await dir.json(["order", "list", ...args])).orders.length;
  expect(await listed()).toBe(2);
  expect(await listed("--customer", "acme")).toBe(1);
  expect(await listed("--since", "2026-11-21")).toBe(1);
  expect(await listed("--state", "reserved")).toBe(0);
  expect(await listed("--provider", "telkomsel", "--state", "delivered")).toBe(2);
  expect(await listed("--limit", "1")).toBe(1);
  expect((await dir.run(["order", "list", "--state", "lost"])).code).toBe(2);
});
