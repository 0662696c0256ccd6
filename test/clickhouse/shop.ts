/** A home whose numbers are on a server, the real binary run in it, and the promises looked at by SQL of the test's own. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import {
  createWorkdir,
  type Outcome,
  phonesOf,
  type RunOptions,
  type Workdir,
} from "../workdir.ts";

export type Shop = {
  readonly dir: Workdir;
  readonly url: string;
  run(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  ok(args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** With --json; expects exit 0. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of a document
  json(args: readonly string[], options?: RunOptions): Promise<any>;
  sql(query: string): Promise<Record<string, unknown>[]>;
  /** Every promise that a database shows, after something that finishes what a crash cut off. */
  checkPromises(): Promise<void>;
  /** The phones of a delivered file in its folder. */
  phones(file: string): string[];
};

/** Each has a home of its own; several may be of one database. */
export function createShop(
  url: string,
  database: string,
  removes?: (remove: () => void) => void,
): Shop {
  const dir = createWorkdir(removes);
  const env = { NUMBERS_ENGINE: "clickhouse", NUMBERS_CLICKHOUSE_URL: `${url}/${database}` };
  const given = (options: RunOptions = {}) => ({ ...options, env: { ...env, ...options.env } });
  const sql = (query: string) => ask(url, database, query);
  const ok = (args: readonly string[], options?: RunOptions) => dir.ok(args, given(options));
  return {
    dir,
    url: env.NUMBERS_CLICKHOUSE_URL,
    run: (args, options) => dir.run(args, given(options)),
    ok,
    json: (args, options) => dir.json(args, given(options)),
    sql,
    checkPromises: async () => {
      await ok(["audit", "verify"]);
      await checkPromises(sql);
    },
    phones: (file) => phonesOf(readFileSync(dir.path(file), "utf8")),
  };
}

/** Not by the client that the program has: what it says may be what is wrong. */
async function ask(
  url: string,
  database: string,
  query: string,
): Promise<Record<string, unknown>[]> {
  const settings = new URLSearchParams({
    database,
    default_format: "JSONEachRow",
    output_format_json_quote_64bit_integers: "0",
    wait_end_of_query: "1",
  });
  const { origin, username, password } = new URL(url);
  const headers = { Authorization: `Basic ${btoa(`${username || "default"}:${password}`)}` };
  const answer = await fetch(`${origin}/?${settings}`, { method: "POST", body: query, headers });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${query}: ${text}`);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function checkPromises(sql: Shop["sql"]): Promise<void> {
  const live = "select order_id, numbers, reserved_at from orders final where state <> 'cancelled'";
  // 1: no phone in two live orders inside the cooldown, which is 30 days in all of these tests.
  expect(
    await sql(`
      select l.phone, groupArray(l.order_id) as orders
      from ledger l join (${live}) o on o.order_id = l.order_id
      group by l.phone
      having count() > 1 and max(l.sold_at) - min(l.sold_at) <= 30 * 86400
      limit 3`),
  ).toEqual([]);
  // 3: an order's numbers are its rows in the ledger are its picks, all distinct and the same.
  expect(
    await sql(`
      select o.order_id, o.numbers as numbers, l.rows, l.phones, p.rows, p.phones, p.ranks
      from (${live}) o
      left join (
        select order_id, count() as rows, uniqExact(phone) as phones, sum(cityHash64(phone)) as sum
        from ledger group by order_id) l on l.order_id = o.order_id
      left join (
        select order_id, count() as rows, uniqExact(phone) as phones, uniqExact(rank) as ranks,
          sum(cityHash64(phone)) as sum
        from picks group by order_id) p on p.order_id = o.order_id
      where numbers <> l.rows or numbers <> l.phones or numbers <> p.rows or numbers <> p.phones
        or numbers <> p.ranks or l.sum <> p.sum`),
  ).toEqual([]);
  // No sale without its order.
  expect(
    await sql(`
      select order_id, count() from ledger
      where order_id not in (select order_id from orders final) group by order_id`),
  ).toEqual([]);
  // 4: lines add up, and the pool holds exactly the accepted numbers.
  expect(
    await sql(`
      select i.import_id from imports i final
      left join (
        select f.import_id as import_id, sum(f.numbers) as told, sum(p.rows) as rows
        from pool_files f final
        left join (select path, count() as rows from pool group by path) p on p.path = f.path
        group by f.import_id) f on f.import_id = i.import_id
      where i.lines <> i.accepted + i.rejected or i.numbers <> f.told or i.numbers <> f.rows`),
  ).toEqual([]);
  // 6: the same content is there once.
  expect(await sql("select content_hash from imports final group by 1 having count() > 1")).toEqual(
    [],
  );
  // Nothing is left to be done.
  expect(await sql("select sequence from changes final where state = 'logged'")).toEqual([]);
}
