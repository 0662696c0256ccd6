/** Every kind of list keeps its numbers out of orders, and the dry run says which kind how many. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { createWorkdir, list, phonesOf } from "../workdir.ts";

const digits = (n: number) => `62812${String(n).padStart(8, "0")}`;
const hashed = (algorithm: string, texts: readonly string[]) =>
  `${texts.map((text) => createHash(algorithm).update(text).digest("hex")).join("\n")}\n`;

test("plain and hashed lists, a customer's own, an erased person, a history: each leaves out its own", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 30));
  await dir.ok(["ingest", "a.csv"]);
  dir.write("dnc.csv", "phone\n0812 0000 0001\n+62 812-0000-0002\n");
  await dir.ok(["blacklist", "import", "dnc.csv", "--kind", "dnc"]);
  await dir.ok([
    "blacklist",
    "add",
    "081200000003",
    "--kind",
    "invalid",
    "--reason",
    "no such number",
  ]);
  dir.write("md5.txt", hashed("md5", [digits(4), digits(5), digits(99)]));
  await dir.ok([
    "blacklist",
    "import",
    "md5.txt",
    "--kind",
    "dnc",
    "--hash",
    "md5",
    "--hash-of",
    "digits",
  ]);
  dir.write("sha.txt", hashed("sha256", [`+${digits(6)}`]).toUpperCase());
  await dir.ok([
    "blacklist",
    "import",
    "sha.txt",
    "--kind",
    "invalid",
    "--hash",
    "sha256",
    "--hash-of",
    "e164",
  ]);
  dir.write("own.csv", "phone\n081200000007\n081200000008\n");
  await dir.ok(["blacklist", "import", "own.csv", "--kind", "customer", "--customer", "Acme"]);
  dir.write("sold.csv", "phone,sold_at\n081200000009,2026-11-01\n081200000010,2026-10-01\n");
  await dir.ok(["blacklist", "import", "sold.csv", "--kind", "sold"]);
  await dir.ok(["erase", "081200000011", "--reason", "asked for it"]);
  await dir.checkPromises();

  const dry = async (...args: string[]) =>
    dir.json(["order", "--provider", "tsel", "--count", "1", "--dry-run", ...args]);
  expect(await dry()).toEqual({
    provider: "tsel",
    requested: 1,
    available: 22,
    excluded: { sold: 1, suppressed: 6, duplicate: 0, by_kind: { dnc: 4, invalid: 2 } },
  });
  expect(await dry("--customer", "acme")).toMatchObject({
    available: 20,
    excluded: { by_kind: { customer: 2, dnc: 4, invalid: 2 } },
  });
  const { stdout } = await dir.ok([
    "order",
    "--provider",
    "tsel",
    "--count",
    "20",
    "--customer",
    "Acme",
    "-o",
    "-",
  ]);
  const expected = [10, ...Array.from({ length: 19 }, (_, n) => n + 12)].map(digits);
  expect(phonesOf(stdout).sort()).toEqual(expected.sort());
  expect(
    (await dir.run(["order", "--provider", "tsel", "--count", "1", "--customer", "Acme"])).code,
  ).toBe(4);
  await dir.checkPromises();
});

test("an opt-out between reservation and export is not delivered, and survives the list that brings it again", async () => {
  const dir = createWorkdir();
  dir.write("a.csv", list("812", 5));
  await dir.ok(["ingest", "a.csv"]);
  const failed = await dir.run(["order", "--provider", "tsel", "--count", "5", "-o", "/dev/full"]);
  const id = /order (\S+) was not/.exec(failed.stderr)?.[1] as string;
  await dir.ok(["blacklist", "add", "081200000002", "--kind", "dnc", "--reason", "asked"]);
  const { stdout } = await dir.ok(["order", "export", id, "-o", "-"]);
  expect(phonesOf(stdout)).toEqual([1, 3, 4, 5].map(digits));
  await dir.checkPromises();
  const later = { now: "2027-03-01T09:00:00+07:00" };
  await dir.ok(["ingest", "a.csv", "--force"], later);
  const again = await dir.ok(["order", "--provider", "tsel", "--count", "4", "-o", "-"], later);
  expect(phonesOf(again.stdout).sort()).toEqual([1, 3, 4, 5].map(digits));
  expect((await dir.run(["order", "--provider", "tsel", "--count", "1"], later)).code).toBe(4);
  await dir.checkPromises();
});

test("no list brings the number of an erased person back", async () => {
  const dir = createWorkdir();
  await dir.ok(["erase", "081200000001", "--reason", "asked"]);
  dir.write("dnc.csv", "phone\n081200000001\n081200000002\n");
  expect(await dir.json(["blacklist", "import", "dnc.csv", "--kind", "dnc"])).toMatchObject({
    accepted: 2,
    added: 1,
  });
  dir.write("sold.csv", "phone,sold_at\n081200000001,2026-11-01\n081200000002,2026-11-01\n");
  expect(await dir.json(["blacklist", "import", "sold.csv", "--kind", "sold"])).toMatchObject({
    added: 1,
  });
  const add = ["blacklist", "add", "081200000001", "--kind", "invalid", "--reason", "x"];
  expect(await dir.json(add)).toMatchObject({ added: 0 });
  const phones = await dir.query("select distinct phone::varchar as phone from blacklist");
  expect(phones).toEqual([{ phone: digits(2) }]);
  await dir.checkPromises();
});
