import { DuckDBInstance, listValue } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { beginsWith } from "../../../src/engine/duckdb/beginnings.ts";
import { randomFrom } from "../../random.ts";

async function chosen(phones: readonly string[], prefixes: readonly string[]): Promise<string[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const result = await connection.runAndReadAll(
      `select phone from (select unnest($phones)::bigint as phone) where ${beginsWith(prefixes).sql}`,
      { phones: listValue([...phones]) },
    );
    return result.getRows().map(([phone]) => String(phone));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const seed = Number(process.env.PREFIX_TEST_SEED ?? 20_261_128);

test(`a range for each length is what the text begins with (seed ${seed})`, async () => {
  const dice = randomFrom(seed);
  const digits = (count: number) =>
    Array.from({ length: count }, () => Math.floor(dice() * 10)).join("");
  const phones = Array.from({ length: 5_000 }, () => `628${digits(8 + Math.floor(dice() * 4))}`);
  // The first and the last of each length.
  for (const length of [11, 12, 13, 14]) {
    phones.push("62812".padEnd(length, "0"), "62812".padEnd(length, "9"));
    phones.push("62811".padEnd(length, "9"), "62813".padEnd(length, "0"));
  }
  const some = phones.filter(() => dice() < 0.01);
  const lists = [
    ["628"],
    ["62812"],
    ["62811", "62813", "628121"],
    ["62899", "6289"],
    some.map((phone) => phone.slice(0, 3 + Math.floor(dice() * 12))),
    some.slice(0, 3),
    ["62812000000000"],
  ];
  for (const prefixes of lists) {
    const wanted = phones.filter((phone) => prefixes.some((prefix) => phone.startsWith(prefix)));
    expect(wanted.length).toBeGreaterThan(0);
    expect(await chosen(phones, prefixes), prefixes.join()).toEqual(wanted);
  }
});
