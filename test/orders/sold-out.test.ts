/** Large files of which everything was sold are not looked at again, on either engine; and only those. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createWorkdir, list, phonesOf } from "../workdir.ts";

const many = 500_000;
const at = (minute: number) => `2026-11-20T09:${String(minute).padStart(2, "0")}:00+07:00`;

test.each(["duckdb", "clickhouse"])("%s", async (engine) => {
  const dir = createWorkdir();
  const home = { NUMBERS_ENGINE: engine, NUMBERS_CLICKHOUSE_URL: `chdb:${dir.path("server")}` };
  const env = (minute: number) => ({
    env: engine === "duckdb" ? { NUMBERS_NOW: at(minute) } : { ...home, NUMBERS_NOW: at(minute) },
  });
  const order = (count: number, file: string, ...more: string[]) => [
    ...["order", "--provider", "tsel", "--count", String(count), "-o", file],
    ...more,
  ];
  const phones = (file: string) => new Set(phonesOf(readFileSync(dir.path(file), "utf8")));
  dir.write("older.csv", list("812", 1000, { from: 90_000_001 }));
  dir.write("newer.csv", list("812", many, { from: 50_000_001 }));
  await dir.ok(["ingest", "older.csv"], env(0));
  const { numbers } = await dir.json(["ingest", "newer.csv"], env(1));
  expect(numbers).toBe(many);

  // The same numbers twice within the cooldown of the next orders: as many sales as numbers, and half of them unsold.
  await dir.ok(order(many / 2, "a.csv"), env(2));
  await dir.ok(order(many / 2, "b.csv", "--cooldown", "1s"), env(3));
  const twice = phones("a.csv");
  expect(phones("b.csv")).toEqual(twice);
  const rest = await dir.json(order(many / 2, "c.csv"), env(4));
  expect(rest.excluded.sold).toBe(many / 2);
  expect([...phones("c.csv")].filter((phone) => twice.has(phone))).toEqual([]);

  // Sold out, but an order of two seconds' cooldown may have it all.
  const next = await dir.json(order(10, "d.csv", "--cooldown", "2s"), env(5));
  expect(next.excluded.sold).toBe(0);
  expect([...phones("d.csv")].every((phone) => phone.startsWith("628125"))).toBe(true);

  const wanted = await dir.json(order(400, "e.csv", "--pick", "random", "--seed", "1"), env(6));
  expect(wanted.excluded).toMatchObject({ sold: many, duplicate: 0 });
  expect([...phones("e.csv")].every((phone) => phone.startsWith("628129"))).toBe(true);
  const filtered = await dir.json(order(100, "f.csv", "--filter", "city=Bandung"), env(7));
  expect(filtered.numbers).toBe(100);
  const short = await dir.run(order(501, "g.csv"), env(8));
  expect(short.code).toBe(4);
  expect(short.stderr).toContain("there are 500 ");
  expect(short.stderr).toContain(`left out: ${(many + 500).toLocaleString("en")} sold`);
  await dir.ok(["doctor"], env(9));
});
