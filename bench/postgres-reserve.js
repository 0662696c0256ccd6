// @ts-check
/** A reservation in PostgreSQL. */
import { expectSame } from "./answers.js";
import { text } from "./peers/peer.js";
import { startPostgres } from "./postgres.js";

/** @param {import("./lab.js").Lab} lab @param {import("./tables.js").Tables} needed @returns {Promise<Record<string, import("./lab.js").Contestant>>} */
export async function reserveByPostgres(
  lab,
  { rows, candidates, sales, candidatesFile, salesFile },
) {
  const server = await startPostgres(lab);
  if (!server) return {};
  // Without an index: for a set as large as this the planner reads all of it anyway, and the insert would pay for it.
  // Filled in the transaction that makes them, tables need no log.
  await server.ask(`
    create table candidate (phone bigint);
    create table ledger (phone bigint not null, sold_at timestamptz not null);
    copy candidate from ${text(candidatesFile)} (format csv);
    copy ledger from ${text(salesFile)} (format csv);`);
  await server.ask("vacuum analyze");
  expectSame(
    await server.ask("select count(*) from candidate"),
    candidates,
    "candidates in PostgreSQL",
  );
  return {
    postgres: async () => {
      await server.ask("checkpoint");
      const taken = await server.measure(`
        insert into ledger
        select distinct c.phone, timestamptz 'infinity'
        from candidate c
        where not exists (
          select from ledger l where l.phone = c.phone and l.sold_at > now() - interval '30 days'
        )
        limit ${rows};`);
      const found = await server.ask(`
        select
          count(*) || ',' || count(distinct phone) || ','
            || (select count(*) from ledger where sold_at < 'infinity' and phone in (select phone from ledger where sold_at = 'infinity'))
        from ledger where sold_at = 'infinity'`);
      expectSame(
        found,
        `${rows},${rows},0`,
        "numbers, different ones, and sold before, in PostgreSQL",
      );
      await server.ask("delete from ledger where sold_at = 'infinity'");
      await server.ask("vacuum ledger");
      expectSame(await server.ask("select count(*) from ledger"), sales, "sales in PostgreSQL");
      return { ...taken, stepSeconds: taken.seconds };
    },
  };
}
