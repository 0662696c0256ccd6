/** What was suppressed between the making of an order and its delivery stays here. */
import { describe, expect, test } from "vitest";
import { createWorkdir, list, phonesOf, type Workdir } from "../workdir.ts";

/** As another process would. */
async function suppress(dir: Workdir, phones: readonly number[], kind = "dnc"): Promise<void> {
  const written = phones.map((phone) => `0812${String(phone).padStart(8, "0")}`);
  await dir.ok(["blacklist", "add", ...written, "--kind", kind, "--reason", "test"]);
}

/** An order of 10 that nobody has received: its delivery failed. */
async function reserved(dir: Workdir): Promise<string> {
  dir.write("a.csv", list("812", 12));
  await dir.ok(["ingest", "a.csv"]);
  const { code, stderr } = await dir.run([
    "order",
    "--provider",
    "tsel",
    "--count",
    "10",
    "-o",
    "/dev/full",
  ]);
  expect(code).toBe(7);
  return /order (\S+) was not delivered/.exec(stderr)?.[1] ?? "";
}

describe("an order that is reserved", () => {
  test("is delivered without them, and says so", async () => {
    const dir = createWorkdir();
    const id = await reserved(dir);
    await suppress(dir, [5, 7]);
    await suppress(dir, [9], "invalid");
    const out = dir.path("o.csv");
    const exported = await dir.run(["order", "export", id, "-o", out, "--json"]);
    expect(exported.code, exported.stderr).toBe(0);
    expect(exported.stderr).toContain("3 numbers of order");
    expect(JSON.parse(exported.stdout)).toMatchObject({ numbers: 7, withdrawn: 3, requested: 10 });
    const { stdout } = await dir.ok(["order", "export", id, "-o", "-"]);
    const phones = phonesOf(stdout);
    expect(phones).toHaveLength(7);
    for (const n of [5, 7, 9]) expect(phones).not.toContain(`628120000000${n}`);
    expect(await dir.query("select count(*)::int as n from sales_history")).toEqual([{ n: 7 }]);
    await dir.checkPromises();
  });

  test("of which nothing is left is not delivered", async () => {
    const dir = createWorkdir();
    const id = await reserved(dir);
    await suppress(dir, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const { code, stderr } = await dir.run(["order", "export", id, "-o", dir.path("o.csv")]);
    expect(code).toBe(4);
    expect(stderr).toContain(`numbers order cancel ${id}`);
    await dir.ok(["order", "cancel", id]);
    await dir.checkPromises();
  });
});

test("a delivered order is exported byte for byte, with a warning", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 12));
  await dir.ok(["ingest", "a.csv"]);
  const order = await dir.json(["order", "--provider", "tsel", "--count", "10", "-o", "o.csv"]);
  await suppress(dir, [5]);
  const again = await dir.run([
    "order",
    "export",
    order.order_id,
    "-o",
    dir.path("p.csv"),
    "--json",
  ]);
  expect(again.stderr).toContain("suppressed since it was delivered");
  expect(JSON.parse(again.stdout).sha256).toBe(order.sha256);
  await dir.checkPromises();
});
