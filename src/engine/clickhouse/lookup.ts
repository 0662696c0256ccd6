/** Where a number came from and who got it; searching. */

import { dayOf } from "../../time.ts";
import { selectErasures } from "../catalog/erasures.ts";
import {
  blocksEverybody,
  findingOf,
  importOf,
  type Knowledge,
  suppressionOf,
  type Trace,
  text,
  traceOf,
} from "../catalog/findings.ts";
import { readPage, searchImports } from "../catalog/search.ts";
import type { Finding, LookupQuery, LookupVerbs } from "../lookup.ts";
import type { Found, FoundNumber, Search, SearchVerbs } from "../search.ts";
import type { Row } from "../session.ts";
import type { Access } from "./access.ts";
import { dayOfOrder } from "./orders.ts";
import type { Session } from "./session.ts";
import { statement } from "./statements.ts";

export function lookupVerbs(access: Access): LookupVerbs & SearchVerbs {
  return {
    lookUp: (query) => access.read((session) => lookUp(session, access, query)),
    search: (search) => access.read((session) => searchPool(session, search)),
  };
}

async function lookUp(session: Session, access: Access, query: LookupQuery): Promise<Finding[]> {
  const { phones } = query;
  const hits = await session.rows("find_wanted", { phones });
  const pool: Trace[] = hits.map((row) => ({
    ...traceOf(row, String(row.path), Number(row.rows)),
    category: text(row.category),
  }));
  const sales = await session.rows("select_sales", { phones });
  const copies = await readPicks(session, phones, sales);
  const known = await readKnowledge(session, access, query, sales, [
    ...pool,
    ...[...copies.values()].flat(),
  ]);
  return phones.map((phone) => findingOf(phone, query, known, { pool, copies }));
}

/** Where the orders of some sales took the numbers from. */
async function readPicks(
  session: Session,
  phones: readonly bigint[],
  sales: readonly Row[],
): Promise<Map<string, Trace[]>> {
  const orders = new Map(
    sales
      .filter((row) => row.order_id !== null && row.reserved_at !== null)
      .map((row) => [String(row.order_id), row.reserved_at as Date]),
  );
  const copies = new Map<string, Trace[]>([...orders.keys()].map((orderId) => [orderId, []]));
  if (orders.size === 0) return copies;
  const days = [...new Set([...orders.values()].map(dayOfOrder))];
  const picks = { phones, order_ids: [...orders.keys()], days };
  for (const row of await session.rows("find_wanted_in_picks", picks)) {
    copies.get(String(row.order_id))?.push(traceOf(row, String(row.path), 0));
  }
  return copies;
}

async function readKnowledge(
  session: Session,
  { home, timeZone }: Access,
  { phones, importedSince, at }: LookupQuery,
  sales: readonly Row[],
  traces: readonly Trace[],
): Promise<Knowledge> {
  const paths = [...new Set(traces.map(({ path }) => path))];
  const files = await session.rows("select_found_files", {
    paths,
    imported_since: importedSince.toISOString(),
    day: dayOf(at, timeZone),
  });
  const lists = await session.rows("select_found_lists", {
    import_ids: [...new Set(paths.map(importOf))],
  });
  const suppressions = await readSuppressions(session, phones);
  const erased = await selectErasures(session, home, phones);
  return {
    pool: files,
    lists: new Map(lists.map((row) => [String(row.import_id), row])),
    candidates: new Set(
      files.filter((row) => row.is_candidate === true).map((row) => String(row.path)),
    ),
    sales,
    suppressions,
    blocked: new Set(
      suppressions.filter((one) => blocksEverybody(one, at)).map(({ phone }) => phone),
    ),
    erased: new Map(
      erased.map((row) => [
        row.phone as bigint,
        { since: row.erased_at as Date, isFinished: row.finished_at !== null },
      ]),
    ),
  };
}

async function readSuppressions(
  session: Session,
  phones: readonly bigint[],
): Promise<Knowledge["suppressions"][number][]> {
  const rows = await session.rows("select_suppressions", { phones });
  const digest = { sql: statement("phone_digest") };
  const digests = await session.rows("select_suppressed_digests", { phones }, { digest });
  return [
    ...rows.map((row) => suppressionOf(row)),
    ...digests.map((row) => suppressionOf(row, `${row.algorithm} of ${row.form}`)),
  ];
}

async function searchPool(session: Session, search: Search): Promise<Found> {
  const imports = await searchImports(session, search);
  if (!search.phone) return { ...imports, numbers: [], numbersTotal: 0 };
  const { digits, isBeginning } = search.phone;
  const pattern = { digits, is_beginning: isBeginning };
  const counts = await session.rows("count_matches", pattern);
  const groups = counts.map((row) => ({
    import_id: String(row.import_id),
    matches: Number(row.numbers),
  }));
  const numbers = await readPage(groups, search, async ({ import_id }, part) =>
    foundNumbers(session, await session.rows("select_matches", { import_id, ...pattern, ...part })),
  );
  return { ...imports, ...numbers };
}

/** Cells are read for these rows alone: they are the wide part of the pool. */
async function foundNumbers(session: Session, rows: readonly Row[]): Promise<FoundNumber[]> {
  const placeOf = (row: Row) => `${row.path}:${row.row}`;
  const some = rows.filter((row) => row.has_column === true);
  const cells = new Map<string, string>();
  if (some.length > 0) {
    const phones = some.map((row) => row.phone as bigint);
    const places = some.map(placeOf);
    for (const row of await session.rows("read_match_cells", { phones, places })) {
      if (row.cell !== null) cells.set(String(row.place), String(row.cell));
    }
  }
  return rows.map((row) => ({
    phone: row.phone as bigint,
    provider: String(row.provider),
    date: String(row.date),
    importId: String(row.import_id),
    category: cells.get(placeOf(row)) ?? text(row.category),
    source: text(row.source),
  }));
}
