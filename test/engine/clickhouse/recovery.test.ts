import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inertProgress } from "../../../src/progress.ts";
import {
  type Clickhouse,
  createClickhouse,
  deliver,
  lines,
  now,
  phone,
  publish,
  reserve,
  share,
} from "./homes.ts";

const sold = "'2026-11-20 02:00:00'";

/** Two lists, two orders, a cancelled one, and a person who was erased. */
async function fill(): Promise<Clickhouse> {
  const one = createClickhouse();
  await publish(one, "20261120-aa", { tsel: lines(1, 20), isat: lines(100, 104) });
  await publish(one, "20261120-bb", { tsel: lines(30, 39) }, { erasedPersons: 0 });
  await reserve(one, "a", 5, now, {}, { key: "k" });
  await deliver(one, "b", 5);
  await reserve(one, "c", 5);
  await one.engine.cancelOrder("c", false, now);
  return one;
}

async function found(one: Clickhouse): Promise<string[]> {
  const { violations, leftovers } = await one.engine.checkPromises(inertProgress);
  expect(leftovers).toEqual([]);
  return violations.map(({ promise, check, found }) => `${promise} ${check}: ${found}`);
}

const path = "pool/date=2026-11-20/provider=tsel/20261120-aa-1.parquet";

/** What somebody does to the tables by hand, and what the doctor says then. */
const damages: readonly (readonly [
  name: string,
  sql: readonly string[],
  said: readonly RegExp[],
])[] = [
  [
    "a number that was sold twice",
    [
      `insert into ledger (phone, provider, order_id, sold_at) select phone, provider, 'b', toDateTime64(${sold}, 3, 'UTC') from ledger where order_id = 'a' limit 2`,
    ],
    [
      /^1 check_sold_twice: orders a and b share 2 numbers inside the cooldown$/,
      /^3 check_order_counts: order b should have 5 numbers in the ledger; it has 7 of 7 phones, and 5 by file$/,
    ],
  ],
  [
    "a sale that is there twice",
    ["insert into ledger select * from ledger where order_id = 'a' limit 1"],
    [/^3 check_order_counts: order a should have 5 .* it has 6 of 5 phones, and 5 by file$/],
  ],
  [
    "a sale that is gone",
    [
      "alter table ledger delete where order_id = 'a' and phone = (select min(phone) from ledger where order_id = 'a')",
    ],
    [/^3 check_order_counts: order a should have 5 .* it has 4 of 4 phones, and 5 by file$/],
  ],
  [
    "an order whose picks are other numbers",
    ["alter table picks update phone = phone + 1000 where order_id = 'a' and rank = 0"],
    [
      /^3 check_order_counts: order a has 5 numbers; its picks are 5 in 5 places, and not the phones of the ledger$/,
    ],
  ],
  [
    "picks that lost a row",
    ["alter table picks delete where order_id = 'b' and rank = 0"],
    [/^3 check_order_counts: order b has 5 numbers; its picks are 4 in 4 places$/],
  ],
  [
    "sales of an order that is not there",
    [
      `insert into ledger (phone, provider, order_id, sold_at) values (${phone(999)}, 'tsel', 'nobody', ${sold})`,
    ],
    [/^3 check_unknown_orders: the ledger has 1 numbers of an unknown order nobody$/],
  ],
  [
    "an import whose lines do not add up",
    [
      "insert into imports select * replace (i.lines + 1 as lines, row_version + 1 as row_version) from imports i where i.import_id = '20261120-aa'",
    ],
    [
      /^4 check_import_counts: import 20261120-aa: 26 lines, 25 accepted, 0 rejected, 25 numbers, 25 in its files, 0 pruned$/,
    ],
  ],
  [
    "rows of the pool that are gone",
    [`alter table pool delete where path = '${path}' and row < 3`],
    [/^4 pool_file: .*aa-1\.parquet has 17 rows in 17 places, the catalog says 20: restore/],
  ],
  [
    "a row of the pool that is there twice",
    [`insert into pool select * from pool where path = '${path}' and row = 3`],
    [/^4 pool_file: .*aa-1\.parquet has 21 rows in 20 places, the catalog says 20: restore/],
  ],
  [
    "all rows of a pool file gone",
    ["alter table pool delete where provider = 'isat'"],
    [/^4 pool_file: .*aa-2\.parquet has 0 rows in 0 places, the catalog says 5: restore/],
  ],
  [
    "rows that lie under another day",
    [
      `insert into pool select * replace (toDate('2026-11-19') as date) from pool where path = '${path}'`,
      `alter table pool delete where path = '${path}' and date = '2026-11-20'`,
    ],
    [
      /^4 pool_file: .*aa-1\.parquet has its rows under 2026-11-19\/tsel, the catalog says 2026-11-20\/tsel$/,
    ],
  ],
  [
    "the same content twice",
    [
      "insert into imports select * replace ('hash of 20261120-aa' as content_hash, row_version + 1 as row_version) from imports i where i.import_id = '20261120-bb'",
    ],
    [/^6 check_content_twice: the same content entered 2 times: 20261120-aa, 20261120-bb$/],
  ],
  [
    "a key of two orders",
    [
      "insert into orders select * replace ('k' as key, row_version + 1 as row_version) from orders o where o.order_id = 'b'",
    ],
    [/^6 check_key_twice: the key of orders a, b is the same$/],
  ],
  [
    "two changes of one number",
    [
      "insert into changes (sequence, change_id, host, steps, state, row_version) values (1, 'other', '', '', 'made', 3)",
    ],
    [/^5 check_changes: two changes have the number 1: the lock let two processes in at once$/],
  ],
  [
    "an entry of the audit log that was written over",
    [
      "insert into audit select * replace ('{}' as details, row_version + 1 as row_version) from audit u where u.sequence = 2",
    ],
    [/^9 audit_chain: entry 2 of the audit log is not as it was written$/],
  ],
];

test("every promise that does not hold is found", async () => {
  const one = await fill();
  expect(await found(one)).toEqual([]);
  for (const [name, sql, said] of damages) {
    const tables = ["pool", "ledger", "picks", "imports", "orders", "changes", "audit"];
    for (const table of tables) {
      await one.run(`create table kept_${table} as ${table}`);
      await one.run(`alter table kept_${table} attach partition all from ${table}`);
    }
    for (const statement of sql) await one.run(statement);
    const words = await found(one);
    expect(words, name).toEqual(said.map((pattern) => expect.stringMatching(pattern)));
    for (const table of tables) {
      await one.run(`exchange tables ${table} and kept_${table}`);
      await one.run(`drop table kept_${table}`);
    }
  }
  expect(await found(one)).toEqual([]);
});

test("who was erased and is there all the same is found, by the digests alone", async () => {
  const one = await fill();
  const other = createClickhouse(one.database);
  writeFileSync(
    join(other.home.rejects, "20261120-zz.csv"),
    "reason,phone,city\nodd,0812 0000 0003 x,Solo\nodd,0812 0000 0004 x,Solo\n",
  );
  await one.engine.erase({ phones: [phone(3)], reason: "asked", at: now });
  expect(await found(one)).toEqual([]);
  copyFileSync(join(one.home.folder, "erasure.key"), join(other.home.folder, "erasure.key"));
  share(one, other);
  // Another home on the same database: nobody could reach its rejects.
  expect(await found(other)).toEqual([
    expect.stringMatching(
      /^2 erased: .*zz\.csv has 1 records of erased persons: numbers doctor --repair$/,
    ),
  ]);
  expect(await other.engine.repair(now)).toEqual([
    expect.stringMatching(/^emptied 1 record of erased persons in .*zz\.csv$/),
  ]);
  expect(readFileSync(join(other.home.rejects, "20261120-zz.csv"), "utf8")).toBe(
    "reason,phone,city\nodd,,\nodd,0812 0000 0004 x,Solo\n",
  );
  expect(await found(other)).toEqual([]);
  await one.run(
    `insert into suppression (phone, kind, added_at) values (${phone(3)}, 'dnc', now())`,
  );
  expect(await found(one)).toEqual([
    "2 erased: the table suppression has 1 rows of erased persons: erase these once more, numbers erase PHONE",
  ]);
  await one.engine.erase({ phones: [phone(3)], reason: "again", at: now });
  expect(await found(one)).toEqual([]);
  writeFileSync(join(one.home.folder, "erasure.key"), `${"1".repeat(64)}\n`);
  const fresh = createClickhouse(one.database);
  share(one, fresh);
  expect(await found(fresh)).toEqual([
    expect.stringMatching(/^2 erasure_key: .* put the erasure\.key of the home/),
  ]);
});

test("what a crash left is no broken promise, and goes with a repair", async () => {
  const one = await fill();
  await one.run(
    "insert into pool values ('2026-11-20', 'tsel', 1, 'nobody', 0, []), ('2026-11-20', 'tsel', 2, 'nobody', 1, [])",
  );
  await one.run(
    "insert into picks values ('2026-11-20', 'nobody', 0, 1, 'tsel', '2026-11-20', 'nobody', 0)",
  );
  await one.run("insert into erasing (erasure_id, phone, digest) values ('nobody', 1, '1')");
  const { violations, leftovers } = await one.engine.checkPromises(inertProgress);
  expect(violations).toEqual([]);
  expect(leftovers).toEqual([
    expect.stringMatching(
      /^the pool has 2 rows of 1 files that belong to no import: .* --repair removes them$/,
    ),
    expect.stringMatching(/^there are 1 picks of 1 orders that were not made/),
    expect.stringMatching(/^1 persons were named for an erasure that was not recorded/),
  ]);
  expect(await one.engine.repair(now)).toEqual([
    "removed 2 rows of 1 pool file, which belonged to no import",
    "removed 1 pick of 1 order that was not made",
    "forgot 1 person of an erasure that was not recorded",
  ]);
  expect(await found(one)).toEqual([]);
  expect(await one.engine.repair(now)).toEqual([]);
  const [entry] = await one.engine.readAudit(1, undefined);
  expect(entry).toMatchObject({ action: "home.repair", subject: "home" });
});

test("an erasure that was cut off is said so, and finished by a repair", async () => {
  const one = await fill();
  await one.run(
    `insert into erasures (erasure_id, digest, reason, erased_at) values ('e', 7, 'asked', ${sold})`,
  );
  await one.run(`insert into erasing (erasure_id, phone, digest) values ('e', ${phone(3)}, '7')`);
  expect(await found(one)).toContain(
    "2 check_erasures: erasure e is not finished: numbers erase --resume",
  );
  writeFileSync(join(one.home.folder, "erasure.key"), `${"1".repeat(64)}\n`);
  expect(await one.engine.repair(now)).toEqual(["finished the erasure e"]);
  expect(await found(one)).toEqual([]);
});

test("a database is not made anew from files that are not there", async () => {
  await expect(createClickhouse().engine.rebuild(now)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/the server's own replicas or backups, or with numbers move/),
  });
});
