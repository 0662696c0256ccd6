import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import { armFailpoint } from "../../../src/failpoints.ts";
import { inertProgress } from "../../../src/progress.ts";
import {
  type Clickhouse,
  createClickhouse,
  createDuckdb,
  deliver,
  type Engined,
  exported,
  lines,
  now,
  phone,
  publish,
  reserve,
  share,
} from "./homes.ts";

/** What receipts say, but for their random ids. */
async function erase({ engine }: Engined, ...numbers: number[]) {
  const erasures = await engine.erase({ phones: numbers.map(phone), reason: "asked", at: now });
  return erasures.map(({ erasureId: _, ...rest }) => rest);
}

const shared = "0812 0000 0020 / 0812 0000 0021";

async function fill(engined: Engined): Promise<void> {
  const { home, engine } = engined;
  const rows = {
    // Two persons in one cell, in two files; and a cell that is written oddly and holds one.
    tsel: [
      ...lines(1, 9),
      { n: 20, cell: shared, city: "Solo" },
      { n: 22, cell: "+62 812-0000-0022", city: "Tegal" },
    ],
    isat: [{ n: 21, cell: shared, city: "Solo" }, ...lines(30, 33)],
  };
  await publish(engined, "20261120-aa", rows, {
    categoryColumn: "city",
    categories: [
      { category: "Bandung", numbers: 13 },
      { category: "Solo", numbers: 2 },
      { category: "Tegal", numbers: 1 },
    ],
  });
  await publish(engined, "20261120-bb", {
    tsel: [{ n: 20, city: "Kudus" }, ...lines(7, 8), { n: 50 }, { n: 51 }],
  });
  const both = { providers: ["tsel", "isat"] };
  await reserve(engined, "cancelled", 16, now, both);
  await engine.cancelOrder("cancelled", false, now);
  await deliver(engined, "delivered", 12, now, both);
  await reserve(engined, "reserved", 4, now, both);
  writeFileSync(
    join(home.rejects, "20261120-aa.csv"),
    "reason,phone,city\ntoo_short,0812,Bandung\nodd,0812 0000 0020 x,Solo\nodd,+62 812 0000 0099,Solo\n",
  );
}

/** Without the bytes: a file is written anew where the other engine takes rows out of a table. */
async function statsOf(engine: Engine) {
  const stats = await engine.readStats(new Date(0), new Date(0));
  return { ...stats, pool: stats.pool.map(({ bytes: _, ...rest }) => rest) };
}

async function contentOf(engined: Engined) {
  const { home, engine } = engined;
  const state = async (id: string) => {
    const order = await engine.findOrder(id);
    return { order, files: await engine.readOrderFiles(id) };
  };
  return {
    delivered: await state("delivered"),
    reserved: await state("reserved"),
    cancelled: await state("cancelled"),
    delivery: await exported(engined, "delivered"),
    reservation: await exported(engined, "reserved"),
    categories: await engine.readCategories(),
    stats: await statsOf(engine),
    rejects: readFileSync(join(home.rejects, "20261120-aa.csv"), "utf8"),
    found: await engine.findErased([20, 21, 30].map(phone)),
    promises: await engine.checkPromises(inertProgress),
  };
}

/** Every table and version of a row that has some text, as a person would look for it on the disk. */
async function tablesWith({ rows, database }: Clickhouse, text: string): Promise<string[]> {
  const tables = await rows(
    `select name from system.tables where database = '${database}' and engine <> 'View' order by name`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await rows(
      `select countIf(position(formatRow('TSV', *), '${text}') > 0) as n from ${name} settings final = 0, apply_deleted_mask = 0`,
    );
    if (Number(row?.n) > 0) found.push(String(name));
  }
  const mutations = await rows(
    `select command from system.mutations where database = '${database}' and position(command, '${text}') > 0`,
  );
  return mutations.length > 0 ? [...found, "system.mutations"] : found;
}

test("a person leaves both engines in the same way, and stays away", async () => {
  const engines = [createDuckdb(), createClickhouse()] as const;
  const told = [];
  for (const one of engines) {
    await fill(one);
    const before = await contentOf(one);
    const receipts = [await erase(one, 20, 3), await erase(one, 20, 99)];
    told.push({ before, receipts, after: await contentOf(one) });
  }
  const [duckdb, clickhouse] = told;
  expect(clickhouse).toEqual(duckdb);
  expect(clickhouse?.receipts[0]).toMatchObject([
    { poolRows: 2, poolFiles: 2, ledgerRows: 1, rejectsRows: 1, isRepeated: false },
    { poolRows: 1, poolFiles: 1, ledgerRows: 1, rejectsRows: 0, isRepeated: false },
  ]);
  // The other person of the cell is sold still, without what the row had.
  expect(clickhouse?.before.delivery).toContain("6281200000021,Solo\n");
  expect(clickhouse?.after.delivery).toContain("6281200000021,\n");
  expect(clickhouse?.after.promises).toEqual({ violations: [], leftovers: [] });
});

test("nothing of a person is left in any table, nor in what was written down of the changes", async () => {
  const one = createClickhouse();
  await fill(one);
  const sought = String(phone(3));
  await one.run(
    `insert into suppression (phone, kind, added_at) values (${sought}, 'dnc', now()), (${sought}, 'invalid', now())`,
  );
  // A change that named the phone: it was made, and only its older version has it.
  await one.run(
    `insert into changes (sequence, change_id, host, steps, state, row_version) values (0, 'x', '', '${sought}', 'logged', 1)`,
  );
  await one.run(
    "insert into changes (sequence, change_id, host, steps, state, row_version) values (0, 'x', '', '', 'made', 3)",
  );
  for (const [algorithm, form, text] of [
    ["md5", "digits", sought],
    ["sha256", "e164", `+${sought}`],
    ["sha256", "national", `0${sought.slice(2)}`],
  ] as const) {
    const digest = createHash(algorithm).update(text).digest("hex");
    const number = BigInt(
      `0x${Buffer.from(createHash("md5").update(digest).digest()).reverse().toString("hex")}`,
    );
    await one.run(
      `insert into suppressed_digests (digest, algorithm, form, kind, added_at) values (${number}, '${algorithm}', '${form}', 'dnc', now())`,
    );
  }
  // Of a list that was never published, and hidden by a delete.
  await one.run(
    `insert into pool values ('2026-11-20', 'tsel', ${sought}, 'nobody', 0, ['0${sought.slice(2)}']), ('2026-11-20', 'tsel', ${sought}, 'hidden', 0, []), ('2026-11-20', 'tsel', 1, 'hidden', 1, [])`,
  );
  await one.run("delete from pool where path = 'hidden' and row = 0");
  expect(await tablesWith(one, sought)).toEqual([
    "changes",
    "ledger",
    "picks",
    "pool",
    "suppression",
  ]);
  const [receipt] = await erase(one, 3);
  expect(receipt).toMatchObject({ poolRows: 2, poolFiles: 2, suppressions: 5, ledgerRows: 1 });
  expect(await tablesWith(one, sought)).toEqual([]);
  expect(await one.rows("select count() as n from suppressed_digests")).toEqual([{ n: 0n }]);
  expect(await one.rows("select count() as n from erasing settings final = 0")).toEqual([
    { n: 0n },
  ]);
});

/** What the erasure leaves when nothing cuts it off. */
let whole: Promise<unknown> | undefined;
async function wholeErasure() {
  const one = createClickhouse();
  await fill(one);
  await erase(one, 20, 3);
  return { receipts: await erase(one, 20, 3), content: await contentOf(one) };
}

test.each([
  ["change.logged", 3],
  ["change.step-made", 4],
  ["change.step-made", 14],
  ["erasure.recorded", 1],
  ["erasure.rejects-written", 1],
  ["erasure.rejects-renamed", 1],
  ["change.step-made", 26],
  ["erasure.finished", 1],
])(
  "an erasure that is cut off at %s, time %d, is finished by the next one",
  async (name, times) => {
    whole ??= wholeErasure();
    const expected = await whole;
    const torn = createClickhouse();
    await fill(torn);
    armFailpoint(`${name}=EIO@${times}`);
    const error = await erase(torn, 20, 3).catch((reason: Error) => reason.message);
    expect(error).toMatch(/EIO/);
    await torn.engine.erase({ phones: [], reason: "", at: now });
    expect(await tablesWith(torn, String(phone(20)))).toEqual([]);
    const receipts = await erase(torn, 20, 3);
    expect({ receipts, content: await contentOf(torn) }).toEqual(expected);
  },
);

test("a home without the key of the persons is refused, and told where to get it", async () => {
  const one = createClickhouse();
  await publish(one, "20261120-aa", { tsel: lines(1, 5) });
  await erase(one, 3);
  const other = createClickhouse(one.database);
  await expect(other.engine.listOrders({} as never)).rejects.toThrow(
    /put the erasure.key of the home that erased them at .*erasure\.key/,
  );
  share(one, other);
  writeFileSync(join(other.home.folder, "erasure.key"), `${"0".repeat(64)}\n`);
  await expect(reserve(other, "a", 1)).rejects.toMatchObject({ exitCode: 5 });
  copyFileSync(join(one.home.folder, "erasure.key"), join(other.home.folder, "erasure.key"));
  expect(await other.engine.findErased([phone(3)])).toEqual([phone(3)]);
  await reserve(other, "a", 4);
  expect(await exported(other, "a")).not.toContain(String(phone(3)));
  expect(existsSync(join(one.home.folder, "erasure.key"))).toBe(true);
});

test("digests of erased persons are copied for those who read sources", async () => {
  const [duckdb, clickhouse] = [createDuckdb(), createClickhouse()];
  expect(await clickhouse.engine.copyErasures("unused")).toBeUndefined();
  const key = `${"ab".repeat(32)}\n`;
  const copies = [];
  for (const one of [duckdb, clickhouse]) {
    writeFileSync(join(one.home.folder, "erasure.key"), key);
    await erase(one, 3);
    const digests = join(one.home.temporary, "digests.parquet");
    expect(await one.engine.copyErasures(digests)).toEqual({
      persons: 1,
      digests,
      key: key.trim(),
    });
    const session = await (await import("../../../src/engine/duckdb/session.ts")).openSession(
      ":memory:",
      "write",
      { temporary: one.home.temporary, threads: 1, memory: undefined, signal: undefined },
    );
    await session.run("load_erased_digests", { path: digests });
    session.close();
    copies.push(await digestsIn(digests));
  }
  expect(copies[1]).toEqual(copies[0]);
});

async function digestsIn(path: string): Promise<unknown[]> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`select digest from read_parquet('${path}')`);
  const rows = reader.getRows();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
