/** The same facts in a DuckDB home and in a ClickHouse database: made in the one, copied row by row to the other. */
import { join } from "node:path";
import { createClient } from "@clickhouse/client";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { createChdbConnection } from "chdb/connection";
import type { AccessOptions } from "../../../src/engine/clickhouse/access.ts";
import type { Home } from "../../../src/home.ts";

/**
 * Names that differ in case only, also beyond ASCII; instants on both sides of a midnight in Jakarta; orders of every state,
 * with and without customer, price, withdrawn and erased numbers; pool files that are gone; reasons with odd names.
 */
const facts = [
  `insert into imports
   select
     'import-' || n, n, 'hash ' || n, 100 + n, 90 + n, 'list ' || n || '.csv',
     [null, 'Alpha', 'ALPHA', 'beta', 'Über', 'ÜBER', 'gamma'][n % 7 + 1],
     [null, 'Cars', 'cars', 'Home'][n % 4 + 1],
     null,
     date '2026-11-01' + (n % 15)::int,
     timestamptz '2026-11-01 16:59:59.999+00' + to_hours(n * 7),
     timestamptz '2026-11-01 17:00:00+00' + to_hours(n * 7),
     50 + n * 3, 40 + n, 10 + n * 2, 40 + n, n % 3,
     case n % 5
       when 0 then '{}'
       when 1 then '{"too_short":' || n || '}'
       when 2 then '{"too_short":3,"not \\"mobile\\"":' || n || '}'
       when 3 then '{"ünknown":' || n * 2 || ',"too_short":1,"a.b":1}'
       else '{"duplicate":' || n || ',"too_long":2}'
     end,
     n % 9 = 0, 0, 0
   from range(1, 61) t(n)`,
  `insert into pool_files (path, import_id, provider, date, imported_at, sequence, synthetic, numbers, bytes, columns, phone_column)
   select
     'pool/date=' || date || '/provider=' || provider || '/' || import_id || '-1.parquet',
     import_id, provider, date, imported_at, sequence, sequence % 6 = 0, 20 + sequence, 1000 + sequence,
     ['phone', 'a note'], 'phone'
   from imports, unnest(['tsel', 'isat', 'xl']) p(provider)
   where sequence % 8 <> 7`,
  `insert into import_categories
   select import_id, spelling, case when sequence % 10 = 0 then 0 else sequence end
   from imports, unnest(['Cars', 'CARS', 'Élan', 'élan', 'Home']) c(spelling)
   where (sequence + length(spelling)) % 3 = 0`,
  `insert into orders
     (order_id, key, state, providers, customer, synthetic, requested, numbers, criteria, excluded, reserved_at, delivered_at,
      cancelled_at, disclosed, keeps_cooldown, output, bytes, sha256, withdrawn, erased, price, files, pruned_at)
   select
     'order-' || n,
     case when n % 4 = 0 then 'key-' || n end,
     ['reserved', 'delivered', 'delivered', 'cancelled', 'cancelled'][n % 5 + 1],
     case when n % 2 = 0 then ['tsel'] else ['isat', 'xl'] end,
     [null, 'Acme', 'ACME', 'Zorro', 'Ünlü', 'ünlü', 'nobody'][n % 7 + 1],
     n % 6 = 0,
     100 + n, 90 + n,
     '{"within":"3d","cooldown":"30d","layout":{"format":"csv","phoneFormat":"digits","columns":"all"}}',
     '{"sold":' || n || ',"by_kind":{"dnc":1}}',
     timestamptz '2026-11-05 16:30:00.123+00' + to_hours((n // 2) * 11),
     case when n % 5 in (1, 2) then timestamptz '2026-11-20 00:00:00+00' + to_hours(n) end,
     case when n % 5 in (3, 4) then timestamptz '2026-11-21 00:00:00+00' + to_hours(n) end,
     n % 5 <> 0,
     n % 5 = 4,
     case when n % 5 in (1, 2) then 'out ' || n || '.csv' end,
     case when n % 5 in (1, 2) then n * 1000 end,
     case when n % 5 in (1, 2) then 'abc' || n end,
     n % 4, n % 3,
     [null, 0, 1000.5, 33.33, 25, 12345.67][n % 6 + 1],
     case when n % 10 = 1 then '[{"path":"a.csv","numbers":1,"bytes":2,"sha256":"x"}]' end,
     case when n % 20 = 2 then timestamptz '2026-11-25 01:02:03+00' end
   from range(1, 81) t(n)`,
  `insert into order_files
   select o.order_id, f.path, f.provider, f.date, 3 + o.rowid % 5
   from orders o
   join pool_files f on list_contains(o.providers, f.provider) and (f.sequence + o.rowid) % 17 = 0
   union all
   select order_id, 'pool/date=2026-10-01/provider=tsel/gone-1.parquet', 'tsel', date '2026-10-01', 7
   from orders
   where rowid % 9 = 0`,
  `insert into ledger (phone, provider, order_id, sold_at)
   select 6281200000000 + o.rowid * 100 + n, f.provider, o.order_id, o.reserved_at
   from orders o
   join (select order_id, min(provider) as provider from order_files group by order_id) f on f.order_id = o.order_id,
     range(0, 3) t(n)
   where o.state <> 'cancelled' or o.keeps_cooldown`,
  `insert into ledger (phone, provider, order_id, sold_at)
   select 6281300000000 + n, ['tsel', 'isat'][n % 2 + 1], null, timestamptz '2026-10-30 16:50:00.001+00' + to_minutes(n * 37)
   from range(0, 300) t(n)`,
  `insert into suppression
   select
     628 * 10**10::bigint + (n % 50) * 123456789 + n,
     ['dnc', 'invalid', 'customer', 'erased'][n % 4 + 1],
     case when n % 4 = 2 then ['Acme', 'Élise'][n // 4 % 2 + 1] end,
     case when n % 3 = 0 then 'asked to' end,
     timestamptz '2026-11-10 00:00:00+00' + to_minutes(n // 3),
     case when n % 5 = 0 then timestamptz '2026-11-19 00:00:00+00' + to_hours(n) end
   from range(0, 200) t(n)`,
  `insert into suppressed_digests
   select
     md5_number('digest ' || n), 'sha256', 'digits',
     ['dnc', 'customer'][n % 2 + 1],
     case when n % 2 = 1 then 'Only Digests' end,
     null,
     timestamptz '2026-11-11 00:00:00.5+00' + to_minutes(n),
     case when n % 7 = 0 then timestamptz '2026-11-19 00:00:00+00' + to_hours(n * 2) end
   from range(0, 60) t(n)`,
  `insert into returns
   select
     'return-' || o.rowid, o.order_id, 'wrong', 5 + o.rowid % 3, o.price, (5 * o.price * 0.001)::decimal(18, 2),
     o.reserved_at + interval 3 days
   from orders o
   where o.rowid % 4 = 1`,
  `insert into meta values ('ledger_kept_since', '2026-11-02 17:00:00+00')`,
];

/** Tables that are copied, each with what is written otherwise there. */
const tables: Readonly<Record<string, string>> = {
  imports: "",
  pool_files: "exclude (file, first_row)",
  import_categories: "",
  orders: "",
  order_files: "",
  ledger: "",
  suppression: "replace (coalesce(customer, '') as customer)",
  suppressed_digests: "replace (coalesce(customer, '') as customer, digest::varchar as digest)",
  returns: "",
};

/** Puts the facts into a home whose catalog is there already, and the same into the database. */
export async function fillBoth(home: Home, { address }: AccessOptions): Promise<void> {
  if (address.kind !== "folder") throw new Error("facts go to a folder");
  const instance = await DuckDBInstance.create(home.database);
  const connection = await instance.connect();
  await connection.run("set time zone 'UTC'");
  for (const sql of facts) await connection.run(sql);
  const client = createClient({
    connection: createChdbConnection({ path: address.path }) as never,
  });
  const run = (query: string) => client.command({ query });
  await run(`use ${address.database}`);
  for (const [table, changes] of Object.entries(tables)) {
    const path = join(home.temporary, `${table}.parquet`);
    const columns = await copyOut(connection, table, changes, path);
    await run(
      `insert into ${table} (${columns}) select ${columns} from file('${path}', 'Parquet')`,
    );
  }
  // There the sales of a cancelled order stay, and are left out.
  await run(
    "insert into ledger (phone, provider, order_id, sold_at) " +
      "select 6281900000000 + number, 'tsel', order_id, reserved_at from orders o, numbers(4) n " +
      "where state = 'cancelled' and not keeps_cooldown",
  );
  await run(
    "insert into meta (key, value) values ('ledger_kept_since', '2026-11-02T17:00:00.000Z')",
  );
  await client.close();
  connection.closeSync();
  instance.closeSync();
}

/** Resolves to the names of the columns. JSON is text there; the place of an order in its table is its `sequence`. */
async function copyOut(connection: DuckDBConnection, table: string, changes: string, path: string) {
  const source = `select * ${changes} ${table === "orders" ? ", rowid as sequence" : ""} from ${table}`;
  const described = await connection.runAndReadAll(`describe ${source}`);
  const columns = described.getRowObjects().map((row) => ({
    name: String(row.column_name),
    isJson: row.column_type === "JSON",
  }));
  const texts = columns
    .filter(({ isJson }) => isJson)
    .map(({ name }) => `${name}::varchar as ${name}`);
  const selected = texts.length > 0 ? `* replace (${texts.join(", ")})` : "*";
  await connection.run(`copy (select ${selected} from (${source})) to '${path}' (format parquet)`);
  return columns.map(({ name }) => name).join(", ");
}
