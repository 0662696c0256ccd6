// @ts-check
/** The list into PostgreSQL, as its manual loads much: COPY into a table without a log, then into partitions. */
import { expectSame } from "./answers.js";
import { providerOf } from "./clickhouse.js";
import { name, text } from "./peers/peer.js";
import { startPostgres } from "./postgres.js";

/**
 * @param {import("./lab.js").Lab} lab
 * @param {{ source: string, rows: number, columns: readonly string[] }} list the phone is its first column
 * @returns {Promise<Record<string, import("./lab.js").Contestant>>} none where PostgreSQL is not installed
 */
export async function ingestByPostgres(lab, { source, rows, columns }) {
  const server = await startPostgres(lab);
  if (!server) return {};
  const cells = columns.map((column) => `${name(column)} text`).join(", ");
  const digits = `regexp_replace(${name(String(columns[0]))}, '[^0-9]', '', 'g')`;
  const providers = ["tsel", "isat", "tri", "xl", "axis", "sf", "other"];
  const sql = `
    create unlogged table staged (${cells});
    create table pool (phone bigint, provider text, day date, ${cells}) partition by list (day);
    create table pool_today partition of pool for values in (current_date) partition by list (provider);
    ${providers.map((one) => `create table pool_today_${one} partition of pool_today for values in (${text(one)});`).join("\n")}
    copy staged from ${text(source)} (format csv, header true);
    insert into pool
    select phone, ${providerOf("substr(phone::text, 3, 3)")}, current_date, ${columns.map(name).join(", ")}
    from (
      select nullif(left('62' || regexp_replace(${digits}, '^(0|62)', ''), 18), '')::bigint as phone, staged.*
      from staged
    ) normalised;
    drop table staged;`;
  return {
    postgres: async () => {
      await server.ask("drop table if exists pool");
      await server.ask("checkpoint");
      const taken = await server.measure(sql);
      expectSame(await server.ask("select count(*) from pool"), rows, "rows in PostgreSQL");
      const storedBytes = Number(
        await server.ask(
          "select sum(pg_total_relation_size(relid)) from pg_partition_tree('pool') where isleaf",
        ),
      );
      await server.ask("drop table pool");
      return { ...taken, storedBytes };
    },
  };
}
