/**
 * The doctor: every promise that the numbers make, proved from the tables. Shares of the large ones are looked at one after the
 * other, so that the server needs room for one. What cannot be checked counts as broken, and the checks after it are made all
 * the same.
 */
import { readErasureKey } from "../../erasure-key.ts";
import { exitCode, messageOf, UserError } from "../../errors.ts";
import { filesIn } from "../../home.ts";
import { findInRejects } from "../../intake/rejects-file.ts";
import { numbered, type Progress } from "../../progress.ts";
import { wordsOfBreach } from "../audit.ts";
import { verifyAudit } from "../catalog/audit.ts";
import { countErasures, findErased } from "../catalog/erasures.ts";
import type { Examination, Violation } from "../recovery.ts";
import type { Access } from "./access.ts";
import { hasNoRoom } from "./failures.ts";
import type { Session } from "./session.ts";
import { identifier } from "./statements.ts";

type Ward = { readonly access: Access; readonly session: Session; readonly sizes: Sizes };

/** Rows by table, and of the pool by day. */
type Sizes = {
  readonly ledger: number;
  readonly picks: number;
  readonly pool: ReadonlyMap<string, number>;
};

type Check = {
  readonly promise: number;
  readonly check: string;
  /** What is wrong, in words; empty when nothing is. */
  readonly run: (ward: Ward) => Promise<readonly string[]>;
};

/** Rows that are looked at at once: their distinct values take some 200 MB. */
const shareRows = 5_000_000;

/** A statement that gives a row for every breach. */
function byCatalog(promise: number, check: string): Check {
  return {
    promise,
    check,
    run: async ({ session }) => (await session.rows(check)).map(({ found }) => String(found)),
  };
}

const checks: readonly Check[] = [
  { promise: 5, check: "database", run: brokenTables },
  byCatalog(5, "check_changes"),
  { promise: 1, check: "check_sold_twice", run: soldTwice },
  byCatalog(2, "check_erasures"),
  { promise: 2, check: "erased", run: keptErased },
  { promise: 3, check: "check_order_counts", run: brokenOrders },
  byCatalog(3, "check_unknown_orders"),
  byCatalog(4, "check_import_counts"),
  { promise: 4, check: "pool_file", run: brokenFiles },
  byCatalog(6, "check_content_twice"),
  byCatalog(6, "check_key_twice"),
  { promise: 8, check: "links", run: foreignFiles },
  { promise: 9, check: "audit_chain", run: brokenChain },
];

/** Under the lock: what is being changed holds no promise. */
export async function checkPromises(
  access: Access,
  session: Session,
  progress: Progress,
): Promise<Examination> {
  const violations: Violation[] = [];
  const unproved: string[] = [];
  const ward = { access, session, sizes: await sizesOf(session) };
  for (const [index, { promise, check, run }] of checks.entries()) {
    numbered(progress, index + 1, checks.length).begin(`checking promise ${promise}`);
    const found = await run(ward).catch((error) => {
      access.signal?.throwIfAborted();
      if (error instanceof UserError && error.exitCode === exitCode.busy) throw error;
      if (hasNoRoom(error)) {
        unproved.push(`promise ${promise} was not proved (${check}): ${messageOf(error)}`);
        return [];
      }
      return [`it could not be checked (${check}): ${messageOf(error)}`];
    });
    for (const one of found) violations.push({ promise, check, found: one });
  }
  return { violations, leftovers: [...unproved, ...(await leftovers(session))] };
}

async function sizesOf(session: Session): Promise<Sizes> {
  const rows = await session.rows("count_rows_to_check");
  const of = (table: string) => rows.filter((row) => row.table === table);
  return {
    ledger: Number(of("ledger")[0]?.numbers),
    picks: Number(of("picks")[0]?.numbers),
    pool: new Map(of("pool").map((row) => [String(row.date), Number(row.numbers)])),
  };
}

/** The shares in which so many rows are looked at. */
function sharesOf(rows: number): { slices: number; slice: number }[] {
  const slices = Math.max(1, Math.ceil(rows / shareRows));
  return Array.from({ length: slices }, (_, slice) => ({ slices, slice }));
}

/** Every column has checksums, which are looked at when it is read: so all are read. */
async function brokenTables({ session }: Ward): Promise<string[]> {
  const found: string[] = [];
  for (const { table } of await session.rows("select_own_tables")) {
    const name = String(table);
    const parts = await session.rows("check_table", {}, { table: identifier(name) });
    for (const { part_path, is_passed, message } of parts) {
      if (Number(is_passed) === 1) continue;
      found.push(
        `part ${part_path} of the table ${name} is damaged: ${message}; restore it from a replica or a backup of the server`,
      );
    }
  }
  return found;
}

async function soldTwice({ session, sizes }: Ward): Promise<string[]> {
  const numbers = new Map<string, number>();
  for (const share of sharesOf(sizes.ledger)) {
    for (const row of await session.rows("count_sold_twice", share)) {
      const orders = `orders ${row.first} and ${row.second}`;
      numbers.set(orders, (numbers.get(orders) ?? 0) + Number(row.numbers));
    }
  }
  return [...numbers]
    .map(([orders, shared]) => `${orders} share ${shared} numbers inside the cooldown`)
    .sort();
}

/** Whoever was erased is nowhere: told by the digests alone, since nothing else is known of them. */
async function keptErased({ access, session }: Ward): Promise<string[]> {
  if ((await countErasures(session)) === 0) return [];
  const key = readErasureKey(access.home);
  const found: string[] = [];
  for (const table of ["pool", "ledger", "picks", "suppression", "returned"]) {
    const [kept] = await session.rows("count_erased_in", { key }, { table: identifier(table) });
    if (Number(kept?.numbers) === 0) continue;
    found.push(
      `the table ${table} has ${kept?.numbers} rows of erased persons: erase these once more, numbers erase PHONE`,
    );
  }
  for (const { path, records } of await rejectsOfErased(access, session)) {
    found.push(`${path} has ${records} records of erased persons: numbers doctor --repair`);
  }
  return found;
}

/** Rejects files of this home that hold persons who were erased, in this home or in another one on the same database. */
export async function rejectsOfErased(
  { home, signal }: Access,
  session: Session,
): Promise<{ path: string; records: number }[]> {
  const choose = async (nationals: readonly string[]) => {
    const phones = nationals.map((national) => BigInt(`62${national}`));
    return (await findErased(session, home, phones)).map((phone) => String(phone).slice(2));
  };
  const found: { path: string; records: number }[] = [];
  const open = await session.rows("select_unfinished_erasures");
  // Their rejects are cleaned when the erasure is finished.
  const unfinished = new Set(open.map(({ phone }) => String(phone).slice(2)));
  for (const path of filesIn(home.rejects)) {
    const held = [...(await findInRejects(path, choose, signal))].filter(
      ([national]) => !unfinished.has(national),
    );
    const records = held.reduce((sum, [, some]) => sum + some, 0);
    if (records > 0) found.push({ path, records });
  }
  return found;
}

async function brokenOrders({ session, sizes }: Ward): Promise<string[]> {
  const found: string[] = [];
  for (const share of sharesOf(Math.max(sizes.ledger, sizes.picks))) {
    for (const row of await session.rows("compare_orders", share)) {
      if (!row.is_sold) {
        found.push(
          `order ${row.order_id} should have ${row.in_ledger} numbers in the ledger; it has ${row.sold} of ` +
            `${row.phones} phones, and ${row.by_file} by file`,
        );
      }
      if (!row.is_picked) {
        found.push(
          `order ${row.order_id} has ${row.numbers} numbers; its picks are ${row.picked} in ${row.places} places` +
            (row.picked === row.numbers && row.places === row.numbers
              ? ", and not the phones of the ledger"
              : ""),
        );
      }
    }
  }
  return found.sort();
}

async function brokenFiles({ session, sizes }: Ward): Promise<string[]> {
  const found: string[] = [];
  const held = new Map<
    string,
    { numbers: number; rows: number; provider: unknown; date: string }
  >();
  for (const [date, rows] of sizes.pool) {
    for (const share of sharesOf(rows)) {
      for (const row of await session.rows("count_file_rows", { date, ...share })) {
        const path = String(row.path);
        const own = held.get(path) ?? { numbers: 0, rows: 0, provider: row.provider, date };
        if (own.provider !== row.provider || own.date !== date) {
          found.push(`${path} has rows under more than one day or provider`);
        }
        own.numbers += Number(row.numbers);
        own.rows += Number(row.rows);
        held.set(path, own);
      }
    }
  }
  for (const { path, provider, date, numbers } of await session.rows("select_pool_files")) {
    const own = held.get(String(path)) ?? { numbers: 0, rows: 0, provider, date };
    if (own.numbers !== Number(numbers) || own.rows !== Number(numbers)) {
      found.push(
        `${path} has ${own.numbers} rows in ${own.rows} places, the catalog says ${numbers}: restore its day from a ` +
          "replica or a backup of the server",
      );
    }
    if (own.provider !== provider || own.date !== date) {
      found.push(
        `${path} has its rows under ${own.date}/${own.provider}, the catalog says ${date}/${provider}`,
      );
    }
  }
  return found;
}

/** A link in the home leads to what is not the home's. */
async function foreignFiles({ access }: Ward): Promise<string[]> {
  filesIn(access.home.rejects);
  return [];
}

async function brokenChain({ session }: Ward): Promise<string[]> {
  const { breach } = await verifyAudit(session);
  return breach ? [wordsOfBreach(breach)] : [];
}

/** What belongs to nobody, in words. */
export type Unnamed = Readonly<Record<"files" | "rows" | "orders" | "picks" | "persons", number>>;

export async function countUnnamed(session: Session): Promise<Unnamed> {
  const [row] = await session.rows("count_unnamed");
  const of = (name: keyof Unnamed) => Number(row?.[name] ?? 0);
  return {
    files: of("files"),
    rows: of("rows"),
    orders: of("orders"),
    picks: of("picks"),
    persons: of("persons"),
  };
}

async function leftovers(session: Session): Promise<string[]> {
  const { files, rows, orders, picks, persons } = await countUnnamed(session);
  const words: string[] = [];
  const removes =
    "a crash left them, or somebody sends them now; numbers doctor --repair removes them";
  if (files > 0) {
    words.push(`the pool has ${rows} rows of ${files} files that belong to no import: ${removes}`);
  }
  if (orders > 0) {
    words.push(`there are ${picks} picks of ${orders} orders that were not made: ${removes}`);
  }
  if (persons > 0) {
    words.push(
      `${persons} persons were named for an erasure that was not recorded: numbers doctor --repair forgets them`,
    );
  }
  return words;
}
