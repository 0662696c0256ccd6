/** The same home in ClickHouse: everything that the DuckDB engine knows, and its pool, copied row by row. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@clickhouse/client";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { createChdbConnection } from "chdb/connection";
import type { AccessOptions } from "../../../src/engine/clickhouse/access.ts";
import type { Home } from "../../../src/home.ts";

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
  customers: "",
  sources: "",
  returns: "",
  returned: "",
  erasures: "exclude (phone) replace (digest::varchar as digest)",
  audit: "",
  meta: "",
};

/** Copies into a database that has its tables already, and nothing in them. */
export async function mirror(home: Home, { address }: AccessOptions): Promise<void> {
  if (address.kind !== "folder") throw new Error("a mirror is in a folder");
  const instance = await DuckDBInstance.create(home.database);
  const connection = await instance.connect();
  await connection.run("set time zone 'UTC'");
  const client = createClient({
    connection: createChdbConnection({ path: address.path }) as never,
  });
  const run = (query: string) => client.command({ query });
  await run(`use ${address.database}`);
  const put = async (table: string, source: string) => {
    const path = join(home.temporary, `mirror-${table}.parquet`);
    const columns = await copyOut(connection, source, path);
    await run(
      `insert into ${table} (${columns}) select ${columns} from file('${path}', 'Parquet') settings max_partitions_per_insert_block = 0`,
    );
  };
  for (const [table, changes] of Object.entries(tables)) {
    const sequence = table === "orders" ? ", rowid as sequence" : "";
    const own = table === "meta" ? "where key <> 'version'" : "";
    await put(table, `select * ${changes} ${sequence} from ${table} ${own}`);
  }
  const files = (
    await connection.runAndReadAll(
      "select path, coalesce(file, path) as file, first_row, numbers + erased as rows, date::varchar as date, provider, columns from pool_files",
    )
  ).getRowObjectsJson();
  for (const file of files) {
    const cells = (file.columns as string[]).map(
      (name) => `raw_data."${name.replaceAll('"', '""')}"::varchar`,
    );
    const first = Number(file.first_row);
    await put(
      "pool",
      `select date '${file.date}' as date, '${file.provider}' as provider, phone, '${file.path}' as path,
         file_row_number - ${first} as row, [${cells.join(", ")}] as cells
       from read_parquet('${join(home.folder, String(file.file))}', file_row_number = true)
       where phone is not null and file_row_number between ${first} and ${first + Number(file.rows) - 1}`,
    );
  }
  const copies = readdirSync(home.ledger, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".parquet"));
  for (const copy of copies) {
    await put(
      "picks",
      `select sold_at::date as day, order_id, file_row_number as rank, phone, provider,
         regexp_extract(path, 'date=([^/]+)', 1)::date as date, path, row_number as row
       from read_parquet('${join(home.ledger, copy)}', file_row_number = true)
       where order_id is not null`,
    );
  }
  await client.close();
  connection.closeSync();
  instance.closeSync();
}

/** Asks the database itself. */
export async function ask({ address }: AccessOptions, query: string): Promise<unknown[]> {
  if (address.kind !== "folder") throw new Error("a mirror is in a folder");
  const client = createClient({
    connection: createChdbConnection({ path: address.path }) as never,
  });
  await client.command({ query: `use ${address.database}` });
  const result = await client.query({ query, format: "JSONCompactEachRow" });
  const rows = await result.json<unknown>();
  await client.close();
  return rows;
}

/** Resolves to the names of the columns. JSON is text there. */
async function copyOut(connection: DuckDBConnection, source: string, path: string) {
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
